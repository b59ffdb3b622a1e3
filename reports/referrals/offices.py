"""Which office is sent what: the words of the policy, read; pure.

A city's policy says of each office which classes it takes and which issues of these; what is a
matter of conduct is said there too (G12: to Discipline Inspection; B9: typical problems to the
Inspection Office, hot and difficult ones to the Trial Management Office).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

# As the policy names them, which are the kinds of departments too (``courts.Department.Kind``).
KINDS = ("trial_management", "discipline", "inspection")


@dataclass(frozen=True)
class Office:
    """An office by the kind of its department: the classes and issues that go to it, in order."""

    kind: str
    classes: tuple[str, ...]
    issues: tuple[str, ...]


@dataclass(frozen=True)
class Offices:
    """The offices of a policy; none in a version kept before it named any."""

    offices: tuple[Office, ...]
    conduct: frozenset[str]

    @classmethod
    def of(cls, words: Mapping[str, tuple[str, ...]]) -> Offices:
        """The offices by what a policy says (``Policy.referrals``)."""
        return cls(
            tuple(
                Office(kind, words[f"{kind}_classes"], words[f"{kind}_issues"])
                for kind in KINDS
                if f"{kind}_classes" in words
            ),
            frozenset(words.get("conduct_classes", ())),
        )

    @property
    def classes(self) -> tuple[str, ...]:
        """Every class, each once, in the order of the offices."""
        return tuple(dict.fromkeys(one for office in self.offices for one in office.classes))

    def office_for(self, category: str, issue: str) -> Office | None:
        """The office that takes this issue of this class; None if nobody does."""
        for office in self.offices:
            if category in office.classes and issue in office.issues:
                return office
        return None

    def is_conduct(self, category: str) -> bool:
        """Whether a class is a matter of conduct, which is sealed."""
        return category in self.conduct
