"""The tables and bars of a briefing as text, for its page and its PDF; pure but for the language.

Cells are what a reader sees; ``numbers`` says which columns are numbers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from reports.briefing import naming
from reports.briefing.naming import INDICATORS, Names, ordered

Values = Mapping[str, Any]
LEVELS = (0, 1, 2, 3, 4)


@dataclass(frozen=True)
class Table:
    """A table: heads of its columns, its rows, and whether the last row is a sum.

    ``row_head`` is the column that names what a row is of.
    """

    title: str
    head: list[str]
    rows: list[list[str]]
    numbers: list[bool]
    has_total: bool = False
    row_head: int = 0

    @property
    def columns(self) -> list[tuple[str, bool]]:
        """Each head of a column, and whether numbers stand under it."""
        return list(zip(self.head, self.numbers, strict=True))

    @property
    def labelled(self) -> list[list[tuple[str, str, bool]]]:
        """Each cell with the head of its column and whether it is a number."""
        return [list(zip(row, self.head, self.numbers, strict=True)) for row in self.rows]


@dataclass(frozen=True)
class Bars:
    """Counts drawn as bars."""

    title: str
    bars: list[tuple[str, int]]


def rates(values: Values, names: Names) -> Table:
    """The rates and the rungs of every court, and of all together."""
    head = [_("Court"), *(naming.indicator(one) for one in (*INDICATORS, "satisfaction"))]
    head += [naming.level(level) for level in LEVELS]
    rows = [[names.courts[one["id"]], *_figures(one)] for one in values["courts"]]
    rows.append([_("All courts"), *_figures(values["all"])])
    return Table(
        _("Rates and supervision by court"), head, rows, [False] + [True] * (len(head) - 1), True
    )


def shares(one: Values) -> list[tuple[int, int]]:
    """What the rates of a row are made of: the in time of the due, and the satisfied of the
    rated."""
    figures = [one["rates"][name] for name in INDICATORS]
    rated = one["satisfaction"]
    found = [(each["done"], each["due"]) for each in figures]
    return [*found, (rated["satisfied"], rated["rated"])]


def _figures(one: Values) -> list[str]:
    rungs = [one["rungs"][str(level)] for level in LEVELS]
    return [*(_rate(done, due) for done, due in shares(one)), *map(_count, rungs)]


def _rate(done: int, due: int) -> str:
    return f"{naming.percent(done, due)} ({done}/{due})" if due else "–"


def _count(number: int) -> str:
    return str(number) if number else "–"


def ranking(values: Values, names: Names, of: str) -> Table:
    """The ranking of the month: ``of`` courts or departments; those with nothing due left out."""
    month = values["ranking"][of][-1]
    words = {"low_score": _("score"), "among_last": _("among the last")}
    name = names.courts.__getitem__ if of == "courts" else names.department
    rows = [
        [
            str(row["place"] or "–"),
            name(row["unit"]),
            naming.score(row["score"]),
            *(_rate(*row["rates"][one][:2]) for one in INDICATORS),
            _count(row["rungs"]),
            naming.listed([words[one] for one in row["lagging"]]) or "–",
        ]
        for row in month["rows"]
        if row["requests"]
    ]
    head = [
        _("Rank"),
        _("Court") if of == "courts" else _("Department"),
        _("Score"),
        *(naming.indicator(one) for one in INDICATORS),
        _("Rungs fired"),
        _("Lagging"),
    ]
    title = _("Ranking of courts") if of == "courts" else _("Ranking of departments")
    numbers = [False, False, True, True, True, True, True, False]
    return Table(title, head, rows, numbers, row_head=1)


def channels(values: Values) -> Bars:
    """What came in by channel."""
    counts = ordered(values["received"]["now"]["channels"])
    return Bars(_("Requests by channel"), [(naming.channel(code), n) for code, n in counts])


def matters(values: Values) -> Bars:
    """What came in by matter."""
    counts = ordered(values["received"]["now"]["matters"])
    return Bars(_("Requests by matter"), [(naming.matter(code), n[0]) for code, n in counts])


def funnel(values: Values) -> Bars:
    """How often each step of the ladder fired."""
    rungs = values["all"]["rungs"]
    return Bars(_("Supervision ladder"), [(naming.level(one), rungs[str(one)]) for one in LEVELS])


def speed(values: Values) -> Bars:
    """Business days from registration to the answer."""
    days = sorted((int(day), number) for day, number in values["speed"]["days"].items())
    late = sum(number for day, number in days if day > 9)
    bars = [(_("day %(day)s") % {"day": day}, number) for day, number in days if day <= 9]
    if late:
        bars.append((_("later"), late))
    return Bars(_("Business days to the answer"), bars)
