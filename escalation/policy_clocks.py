"""Reading and checking the clocks of a policy document: their limits and steps."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from escalation import subjects
from escalation.ladder import ASSIGNED, FIXED_DATE, OPENED, Limit, Step, TimedKind
from escalation.models import Clock, Firing
from escalation.policy_reader import MOST_DAYS, Reader
from escalation.recipients import CHAIN

BUSINESS_DAYS = "business_days"
# What counts minutes or seconds is over within a year.
MOST_MINUTES = 366 * 24 * 60
_MOST = {BUSINESS_DAYS: MOST_DAYS, "minutes": MOST_MINUTES, "seconds": 60 * MOST_MINUTES}
# The engine keeps one bit of a signed 64-bit number for each.
MOST_OCCURRENCES = 63
LEVELS = {"supreme", "high", "intermediate", "primary"}
RECIPIENTS = frozenset(CHAIN)
CONDITIONS = ("matters", "urgencies", "channels")
# Written by the loader, because the database does not keep the order of keys.
PLACE = "place"
LIMIT_KEYS = ("source", "instead_of", *CONDITIONS, "business_days", "minutes", "anchor")
STEP_KEYS = (
    "key", "source", "level", "after", "unit", "anchor", "every", "at_most", "to", "court_levels",
    "limits",
)  # fmt: skip
_KIND_LENGTH = Clock._meta.get_field("kind").max_length
_LIMIT_LENGTH = Clock._meta.get_field("limit_name").max_length
_STEP_LENGTH = Firing._meta.get_field("step").max_length


def timed(read: Reader, kind: str, row: Any) -> TimedKind:
    """What the policy says of one kind of clock."""
    path = f"clocks.{kind}."
    row = read.known(row, {"limits", "steps"}, path)
    read.name(kind, path.removesuffix("."), _KIND_LENGTH)
    bodies = read.table(row, "limits", path)
    found = [
        _limit(read, kind, name, body, f"{path}limits.{name}.") for name, body in bodies.items()
    ]
    found.sort(key=lambda limit: bodies[limit.name].get(PLACE, 0))
    limits = {limit.name: limit for limit in found}
    _check_instead(read, limits, path)
    rows = row.get("steps", [])
    if not isinstance(rows, list):
        raise read.fail(f"{path}steps", "a list of tables is needed")
    steps = tuple(
        _step(read, body, f"{path}steps[{index}].", limits) for index, body in enumerate(rows)
    )
    keys = [step.key for step in steps]
    if len(set(keys)) != len(keys):
        raise read.fail(f"{path}steps", "two steps have the same key")
    if sum(step.at_most for step in steps) > MOST_OCCURRENCES:
        raise read.fail(f"{path}steps", f"come due more than {MOST_OCCURRENCES} times in all")
    if read.strict:
        _check_asked_for(read, kind, limits, path)
    return TimedKind(limits, steps)


def _check_asked_for(read: Reader, kind: str, limits: Mapping[str, Limit], path: str) -> None:
    """Check that every limit is there by whose name the owner starts a clock."""
    if not limits:
        raise read.fail(f"{path}limits", "at least one limit is needed")
    for name in subjects.limits(kind):
        if name not in limits:
            raise read.fail(f"{path}limits.{name}", "is needed: clocks are started with it")


def _limit(read: Reader, kind: str, name: str, row: Any, path: str) -> Limit:
    row = read.known(row, LIMIT_KEYS, path)
    read.source(row, f"{path}source")
    read.name(name, path.removesuffix("."), _LIMIT_LENGTH)
    anchor = _anchor(read, row, path)
    if anchor == FIXED_DATE:
        for key in (BUSINESS_DAYS, "minutes", "instead_of"):
            if key in row:
                raise read.fail(f"{path}{key}", "does not go together with a fixed date")
    elif (BUSINESS_DAYS in row) == ("minutes" in row):
        raise read.fail(f"{path}{BUSINESS_DAYS}", "either business_days or minutes is needed")
    # What an owner calls things may change after a version was kept.
    words = subjects.words(kind) if read.strict else {}
    conditions = {
        key: frozenset(read.texts(row, key, path, words.get(key)))
        for key in CONDITIONS
        if key in row
    }
    if bool(conditions) != ("instead_of" in row):
        raise read.fail(
            f"{path}instead_of", f"goes together with {', '.join(CONDITIONS)} (any of them)"
        )
    return Limit(
        name=name,
        anchor=anchor,
        business_days=read.whole(row, BUSINESS_DAYS, path) if BUSINESS_DAYS in row else 0,
        minutes=read.whole(row, "minutes", path, most=MOST_MINUTES) if "minutes" in row else 0,
        instead_of=str(read.sourced(row, "instead_of", path)) if conditions else "",
        **conditions,
    )


def _check_instead(read: Reader, limits: Mapping[str, Limit], path: str) -> None:
    plain = {
        limit.name for limit in limits.values() if not limit.instead_of and not limit.is_fixed_date
    }
    for limit in limits.values():
        if limit.instead_of and limit.instead_of not in plain:
            raise read.fail(
                f"{path}limits.{limit.name}.instead_of",
                f"must be one of {', '.join(sorted(plain))}",
            )


def _anchor(read: Reader, row: Mapping[str, Any], path: str) -> str:
    return read.choice(row, "anchor", path, {OPENED, ASSIGNED, FIXED_DATE})


def _step(read: Reader, row: Any, path: str, limits: Mapping[str, Limit]) -> Step:
    row = read.known(row, STEP_KEYS, path)
    read.source(row, f"{path}source")
    key = read.name(read.text(row, "key", path), f"{path}key", _STEP_LENGTH)
    level = read.whole(row, "level", path, least=0)
    if level > 4:
        raise read.fail(f"{path}level", "must be 0 (a warning) to 4")
    at_most = read.whole(row, "at_most", path) if "at_most" in row else 1
    unit = read.choice(row, "unit", path, _MOST) if "unit" in row else BUSINESS_DAYS
    every = read.whole(row, "every", path, most=_MOST[unit]) if "every" in row else None
    if (every is None) != (at_most == 1):
        raise read.fail(f"{path}every", "every and at_most go together")
    after = read.whole(row, "after", path, least=0, most=_MOST[unit])
    if read.strict and after + (at_most - 1) * (every or 0) > _MOST[unit]:
        raise read.fail(f"{path}at_most", f"the last comes due after more than {_MOST[unit]}")
    holds_for = _some(read, row, "limits", path, limits)
    anchor = _anchor(read, row, path)
    if anchor == FIXED_DATE:
        dated = {limit.name for limit in limits.values() if limit.is_fixed_date}
        if not dated or not holds_for <= dated:
            raise read.fail(f"{path}anchor", "a limit that it holds for is no fixed date")
        if unit != BUSINESS_DAYS:
            raise read.fail(f"{path}unit", "from a fixed date only business days are counted")
    return Step(
        key=key,
        level=level,
        anchor=anchor,
        after=after,
        to=read.texts(row, "to", path, RECIPIENTS),
        unit=unit,
        every=every,
        at_most=at_most,
        court_levels=_some(read, row, "court_levels", path, LEVELS),
        limits=holds_for,
    )


def _some(
    read: Reader, row: Mapping[str, Any], key: str, path: str, among: Collection[str]
) -> frozenset[str]:
    return frozenset(read.texts(row, key, path, among)) if key in row else frozenset()
