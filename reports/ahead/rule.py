"""Which open cases are watched: those likeliest to be asked about, few of each court; pure.

The likelihood is the share of cases with a request within ten business days after the same kind of
event, in the months before. Shares are exact fractions and are compared as such.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from reports.standing_book.case_figures import EVERY_CASE, Lift


@dataclass(frozen=True, slots=True)
class Candidate:
    """An open case, and the kinds of events that are behind it now."""

    case_id: int
    court_id: int
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Watched:
    """A case for the list, by the kind of event that speaks most for it."""

    case_id: int
    court_id: int
    why: Lift


def together(months: Iterable[Iterable[Lift]]) -> tuple[Lift, dict[str, Lift]]:
    """The lifts of several months as one: of every open case, and by kind of event.

    A case counts once for each month.
    """
    cases: dict[str, int] = defaultdict(int)
    asked: dict[str, int] = defaultdict(int)
    for month in months:
        for one in month:
            cases[one.kind] += one.cases
            asked[one.kind] += one.asked
    every = Lift(EVERY_CASE, cases.pop(EVERY_CASE, 0), asked.pop(EVERY_CASE, 0))
    by_kind = {kind: Lift(kind, cases[kind], asked[kind], every.share) for kind in sorted(cases)}
    return every, by_kind


def watched(
    candidates: Iterable[Candidate],
    lifts: Mapping[str, Lift],
    open_cases: Mapping[int, int],
    *,
    percent: int,
    least_cases: int,
) -> list[Watched]:
    """At most ``percent`` of the open cases of each court, rounded down, the likeliest first.

    Only events that raise the share (lift above 1), and were seen in ``least_cases`` cases or more.
    Equal shares: the one seen in more cases, then the older case.
    """
    telling = {
        kind: one
        for kind, one in lifts.items()
        if one.cases >= least_cases and one.lift is not None and one.lift > 1
    }
    found = []
    for one in candidates:
        reasons = [telling[kind] for kind in one.kinds if kind in telling]
        if reasons:
            found.append(Watched(one.case_id, one.court_id, min(reasons, key=_order)))
    found.sort(key=lambda one: (_order(one.why), one.case_id))
    left = {court_id: number * percent // 100 for court_id, number in open_cases.items()}
    chosen = []
    for entry in found:
        if left.get(entry.court_id, 0) > 0:
            left[entry.court_id] -= 1
            chosen.append(entry)
    return chosen


def _order(one: Lift) -> tuple[Fraction, int, str]:
    return (-(one.share or Fraction(0)), -one.cases, one.kind)
