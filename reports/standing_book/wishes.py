"""What of the standing book is asked for, as values that can be kept and sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

# Limits of a reply by how they stand, and rungs by number; "any" of the four.
ANY_RUNG = "any"
RUNGS = ("1", "2", "3", "4")


@dataclass(frozen=True, slots=True)
class Wish:
    """Filters of the book; '' asks for nothing. Dates are local days, units are public ids.

    A party's name and free words are no filter: a filter stands in addresses and is kept.
    """

    registered_from: str = ""
    registered_until: str = ""
    limit_month: str = ""
    court: str = ""
    department: str = ""
    channel: str = ""
    matter: str = ""
    state: str = ""
    timeliness: str = ""
    rung: str = ""
    handler: str = ""
    case_number: str = ""
    number: str = ""

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> Wish:
        """The wish of cleaned or kept values; what is not known is left aside."""
        names = {one.name for one in fields(cls)}
        return cls(**{name: str(given[name]) for name in names & set(given) if given[name]})

    def kept(self) -> dict[str, str]:
        """The filters that ask for something, in the order of the form."""
        return {name: value for name, value in asdict(self).items() if value}
