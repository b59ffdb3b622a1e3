"""Everything that a shipped policy times runs to its end in the engine, whoever owns it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from escalation import policy, services, subjects
from escalation.ladder import ASSIGNED, Step
from escalation.models import Clock
from notices.models import Notice
from tests import city
from tests.city import City, local
from tests.escalation.timed import Timed

OPENED = local(2020, 6, 5, 14)  # a Friday
SHIPPED = {
    path.stem: policy.parse(path.name, policy.read_file(path))
    for path in sorted(policy.FOLDER.glob("*.toml"))
}
KINDS = [
    (slug, kind, limit)
    for slug, rules in SHIPPED.items()
    for kind, timed in rules.clocks.items()
    for limit in timed.limits
]
EXPECTED_KINDS = {
    "request.reply",
    "request.acceptance",
    "complaint",
    "directory.report",
    "directory.publication",
    "referral",
    "agenda_matter",
    "problem",
    "improvement",
    "emergency.warning",
}
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def owned(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every kind has an owner, if only an invented one."""
    for kind in EXPECTED_KINDS:
        owner = subjects.Subject(kind, notice_kind="ladder.reply")
        monkeypatch.setitem(subjects._subjects, kind, owner)


def _run(town: City, kind: str, limit_name: str, at: datetime) -> Timed:
    """A clock opened at ``at``, and given to a judge at once if its limit counts from that."""
    timed = Timed(town, town.east, kind=kind)
    limit = policy.present(town.jurisdiction.policy, at.date()).clocks[kind].limits[limit_name]
    services.start(
        kind=kind,
        subject_id=timed.subject_id,
        court=town.east,
        department_id=town.division().pk,
        limit_name=limit_name,
        at=at,
    )
    if limit.anchor == ASSIGNED:
        services.assign(
            kind=kind,
            subject_id=timed.subject_id,
            court_id=town.east.pk,
            department_id=town.division().pk,
            handler_id=town.judge().pk,
            limit_name=limit_name,
            at=at,
        )
    return timed


def _occurrences(steps: tuple[Step, ...], limit_name: str, clock: Clock) -> Iterator[str]:
    for step in steps:
        holds = not step.limits or limit_name in step.limits
        counts = step.anchor != ASSIGNED or clock.assigned_at is not None
        if holds and counts:
            yield step.key
            yield from (f"{step.key}-{number}" for number in range(2, step.at_most + 1))


@pytest.mark.parametrize("slug", SHIPPED)
def test_a_shipped_policy_times_all_that_is_timed(slug: str) -> None:
    assert set(SHIPPED[slug].clocks) == EXPECTED_KINDS
    for kind, timed in SHIPPED[slug].clocks.items():
        assert timed.steps, kind
        if kind not in ("request.reply", "request.acceptance"):
            assert any(step.level == 0 for step in timed.steps), f"{kind} reminds nobody"


@pytest.mark.parametrize(("slug", "kind", "limit_name"), KINDS)
def test_it_is_swept_to_its_end(slug: str, kind: str, limit_name: str) -> None:
    timed = _run(city.build(slug), kind, limit_name, OPENED)
    timed.swept(OPENED + timedelta(days=90))
    clock = timed.clock
    steps = SHIPPED[slug].clocks[kind].steps
    assert clock.set_aside == ""
    assert clock.next_due_at is None
    assert set(timed.fired) == set(_occurrences(steps, limit_name, clock))
    assert clock.limit_at is not None
    assert all(firing.recipients.exists() for firing in timed.fired.values())
    services.stop(
        kind=kind, subject_id=timed.subject_id, reason="done", at=OPENED + timedelta(days=91)
    )
    assert timed.clock.stopped_at == OPENED + timedelta(days=91)


@pytest.mark.parametrize(
    ("kind", "limit_at", "fired"),
    [
        ("complaint", local(2020, 6, 11, 0), [
            ("remind", local(2020, 6, 9, 9)),
            ("remind-2", local(2020, 6, 10, 9)),
            ("late", local(2020, 6, 11, 9)),
            ("filing", local(2020, 6, 15, 9)),
        ]),
        ("directory.report", local(2020, 6, 13, 0), [
            ("remind", local(2020, 6, 11, 9)),
            ("remind-2", local(2020, 6, 12, 9)),
            ("late", local(2020, 6, 15, 9)),
            ("filing", local(2020, 6, 17, 9)),
        ]),
        ("directory.publication", local(2020, 6, 10, 0), [
            ("remind", local(2020, 6, 9, 9)),
            ("late", local(2020, 6, 10, 9)),
            ("deputy", local(2020, 6, 12, 9)),
        ]),
        # From the 25th to the 27th there was a holiday; Sunday the 28th, business day 14, was
        # worked.
        ("referral", local(2020, 6, 20, 0), [
            ("remind", local(2020, 6, 17, 9)),
            ("remind-2", local(2020, 6, 18, 9)),
            ("remind-3", local(2020, 6, 19, 9)),
            ("late", local(2020, 6, 22, 9)),
            ("deputy", local(2020, 6, 30, 9)),
        ]),
        ("agenda_matter", local(2020, 7, 7, 0), [
            ("remind", local(2020, 6, 30, 9)),
            ("remind-2", local(2020, 7, 2, 9)),
            ("remind-3", local(2020, 7, 6, 9)),
            ("late", local(2020, 7, 7, 9)),
            ("president", local(2020, 7, 14, 9)),
        ]),
    ],
)  # fmt: skip
def test_guangzhou_in_business_days(
    kind: str, limit_at: datetime, fired: list[tuple[str, datetime]]
) -> None:
    (limit_name,) = SHIPPED["guangzhou"].clocks[kind].limits
    timed = _run(city.build(), kind, limit_name, OPENED).swept(OPENED + timedelta(days=60))
    assert timed.clock.limit_at == limit_at
    assert [(step, row.due_at) for step, row in timed.fired.items()] == fired


def test_a_major_emergency_reaches_the_case_filing_chamber_at_once_at_night() -> None:
    town = city.build()
    at = local(2020, 6, 27, 2)  # a Saturday, and a holiday
    timed = _run(town, "emergency.warning", "major", at).swept(at)
    chamber = town.holder("filing_chamber", court=town.intermediate).username
    assert timed.went_to("at_once") == {chamber: "filing_chamber"}
    timed.swept(at + timedelta(hours=1))
    assert [(step, row.due_at - at) for step, row in timed.fired.items()] == [
        ("at_once", timedelta(0)),
        ("remind", timedelta(minutes=15)),
        ("remind-2", timedelta(minutes=30)),
        ("remind-3", timedelta(minutes=45)),
        ("late_major", timedelta(hours=1)),
    ]
    assert timed.clock.limit_at == at + timedelta(hours=1)
    # Nor do the words wait for the office to open.
    told = Notice.objects.get(subject_kind="emergency.warning", params__step="at_once")
    assert told.outside_at == at


def test_a_warning_found_to_be_major_later_is_reported_when_it_is_found_so() -> None:
    town = city.build()
    at = local(2020, 6, 27, 2)
    timed = _run(town, "emergency.warning", "general", at).swept(at + timedelta(minutes=10))
    assert timed.fired == {}
    services.assign(
        kind="emergency.warning",
        subject_id=timed.subject_id,
        court_id=town.east.pk,
        department_id=town.division().pk,
        handler_id=None,
        limit_name="major",
        at=at + timedelta(minutes=12),
    )
    timed.swept(at + timedelta(minutes=13))
    assert list(timed.fired) == ["at_once"]
