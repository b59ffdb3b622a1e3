"""A story: what happens to one request, as a list of acts; and who asks, of whom, about what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple


@dataclass(frozen=True, slots=True)
class Party:
    """Who asks; ``contact_id`` of one who came before, else None.

    ``phone`` begins as no telephone number does, so that nobody can be called by it.
    """

    name: str
    phone: str
    contact_id: int | None = None


class CaseParts(NamedTuple):
    """A case number and its parts, as ``cases.case_number`` reads it."""

    number: str
    year: int
    court_code: str
    type_code: str
    serial: str


@dataclass(frozen=True, slots=True)
class CaseFile:
    """What the mirror of the trial business system knows of a case."""

    procedure: str
    cause: str
    unit_id: int
    unit_name: str
    judge_id: int
    judge_name: str
    filed_on: date
    closed_on: date | None
    opponent: str


@dataclass(frozen=True, slots=True)
class Card:
    """What is written down when a request comes in; ``number`` is the request number.

    ``file`` is given where the case is first heard of.
    """

    at: datetime
    number: str
    court_id: int
    party: Party
    channel: str
    matter: str
    title: str
    text: str
    judge_name: str = ""
    case: CaseParts | None = None
    by: int | None = None
    file: CaseFile | None = None


class Act(NamedTuple):
    """A verb at an instant (UTC), with what it is given besides the request.

    The verbs are those of ``reports.generated.scribe``; ``again`` says that it is done to the
    second request of the story, which the same party sent about the same thing.
    """

    at: datetime
    verb: str
    given: Mapping[str, Any]
    again: bool = False


@dataclass(slots=True)
class Story:
    """A request with its acts in order, the first of which registers it."""

    acts: list[Act] = field(default_factory=list)

    @property
    def card(self) -> Card:
        """The first request of the story."""
        card: Card = self.acts[0].given["card"]
        return card
