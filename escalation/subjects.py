"""What is timed, as its owner describes it: the engine itself knows only kind and id.

The app that owns a kind registers it once, when Django starts.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Subject:
    """A kind of thing that is timed.

    ``notice_kind`` names the notice that a firing of its clock sends (see ``notices.kinds``).
    """

    kind: str
    notice_kind: str


_subjects: dict[str, Subject] = {}


def register(subject: Subject) -> None:
    """Make a kind known; a kind has one owner."""
    if _subjects.setdefault(subject.kind, subject) != subject:
        raise ValueError(f"{subject.kind} is registered twice")


def of(kind: str) -> Subject:
    """The registered subject; raises ``KeyError`` for a kind that nobody owns."""
    return _subjects[kind]
