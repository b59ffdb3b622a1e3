"""What is timed, as its owner describes it: the engine itself knows only kind and id.

The app that owns a kind registers it once, when Django starts.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Subject:
    """A kind of thing that is timed.

    ``notice_kind`` names the notice that a firing of its clock sends (see ``notices.kinds``).
    ``words`` are the values that a limit of a policy may be for ("matters", "urgencies",
    "channels"), where the owner knows them all. ``limits`` are those with which the owner starts
    a clock. A kind that ``is_needed`` stands in every policy; of another a city may have none.
    """

    kind: str
    notice_kind: str
    words: Mapping[str, Collection[str]] = field(default_factory=dict, hash=False)
    limits: tuple[str, ...] = ()
    is_needed: bool = False


_subjects: dict[str, Subject] = {}


def register(subject: Subject) -> None:
    """Make a kind known; a kind has one owner."""
    if _subjects.setdefault(subject.kind, subject) != subject:
        raise ValueError(f"{subject.kind} is registered twice")


def of(kind: str) -> Subject:
    """The registered subject; raises ``KeyError`` for a kind that nobody owns."""
    return _subjects[kind]


def words(kind: str) -> Mapping[str, Collection[str]]:
    """The values that limits of a kind may be for; none are known of a kind that nobody owns."""
    return _subjects[kind].words if kind in _subjects else {}


def limits(kind: str) -> tuple[str, ...]:
    """The limits that a policy with this kind must have; none of a kind that nobody owns."""
    return _subjects[kind].limits if kind in _subjects else ()


def needed() -> list[str]:
    """The kinds that every policy must have."""
    return sorted(kind for kind, subject in _subjects.items() if subject.is_needed)
