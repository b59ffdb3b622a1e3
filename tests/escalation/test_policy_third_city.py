"""A further city is one new file: a made-up one, through the whole life of its clocks.

The dates are counted by hand. Of June 2020 the 25th to the 27th were holidays (Dragon Boat
Festival) and Sunday the 28th was worked.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from django.utils import translation

from escalation import policy, services, subjects
from escalation.models import Clock
from liaison.kinds import REPLY
from liaison.portal.expectation import expectation
from tests import city
from tests.city import City, local
from tests.escalation.timed import Timed

FOLDER = Path(__file__).with_name("cities")
WARNING = "emergency.warning"
pytestmark = pytest.mark.django_db


@pytest.fixture
def third() -> City:
    policy.load_all(FOLDER)
    return city.build("third")


def _start(timed: Timed, limit_name: str, at: object) -> Timed:
    unit = timed.town.division(timed.court)
    services.start(
        kind=timed.kind,
        subject_id=timed.subject_id,
        court=timed.court,
        department_id=unit.pk,
        limit_name=limit_name,
        at=at,  # type: ignore[arg-type]
    )
    return timed


def _fired(timed: Timed) -> list[tuple[str, object]]:
    return [(step, firing.due_at) for step, firing in timed.fired.items()]


def _rules() -> policy.Policy:
    return policy.present("third", local(2020, 6, 24).date())


def test_the_whole_life_of_a_clock(third: City) -> None:
    judge = third.judge()
    timed = Timed(third, third.east).start(local(2020, 6, 24, 11))
    assert timed.clock.limit_at == local(2020, 6, 29, 0)  # one business day: Sunday the 28th
    timed.assign(local(2020, 6, 29, 15), handler=judge)
    assert timed.clock.limit_at == local(2020, 7, 2, 0)
    timed.swept(local(2020, 6, 30, 8, 29))
    assert _fired(timed) == []
    timed.swept(local(2020, 6, 30, 8, 30), local(2020, 7, 1, 12), local(2020, 7, 2, 23))
    timed.stop(local(2020, 7, 3, 12)).swept(local(2020, 7, 31))
    assert _fired(timed) == [
        ("president", local(2020, 6, 30, 8, 30)),
        ("remind", local(2020, 7, 1, 8, 30)),
        ("remind-2", local(2020, 7, 2, 8, 30)),
        ("leader", local(2020, 7, 2, 8, 30)),
        ("president-2", local(2020, 7, 2, 8, 30)),
    ]
    president = third.holder("president", court=third.east).username
    leader = third.holder("department_leader", department=third.division()).username
    assert timed.notices == [
        ("president", president),
        ("remind", judge.username),
        ("remind", judge.username),
        ("leader", leader),
        ("president", president),
    ]


def test_nobody_stops_it_and_it_ends_after_its_last_step(third: City) -> None:
    timed = Timed(third, third.east).start(local(2020, 6, 24, 11))
    timed.assign(local(2020, 6, 29, 15), handler=third.judge()).swept(local(2020, 7, 31))
    assert _fired(timed)[-1] == ("president-3", local(2020, 7, 6, 8, 30))
    assert timed.clock.next_due_at is None


def test_another_level_of_court_has_other_steps(third: City) -> None:
    court = third.intermediate
    timed = Timed(third, court).start(local(2020, 6, 5, 11)).swept(local(2020, 7, 31))
    assert _fired(timed) == [("superior", local(2020, 6, 11, 8, 30))]
    # There is no court above it in this city, so the Case Filing Chamber is told.
    chamber = third.holder("filing_chamber", court=court).username
    assert timed.went_to("superior") == {chamber: "filing_chamber"}


def test_what_is_urgent_has_a_limit_and_a_step_of_its_own(third: City) -> None:
    urgent = _rules().clocks[REPLY].limit_for("ordinary", urgency="urgent", channel="website")
    assert urgent == "urgent"
    timed = Timed(third, third.east).start(local(2020, 6, 5, 10))
    division = third.division()
    services.assign(
        kind=REPLY,
        subject_id=timed.subject_id,
        court_id=third.east.pk,
        department_id=division.pk,
        handler_id=third.judge().pk,
        limit_name=urgent,
        at=local(2020, 6, 5, 11),
    )
    assert timed.clock.limit_at == local(2020, 6, 9, 0)
    timed.swept(local(2020, 6, 10, 12))
    assert _fired(timed) == [
        ("hurry", local(2020, 6, 9, 8, 30)),
        ("president", local(2020, 6, 10, 8, 30)),
    ]
    officer = third.holder("liaison_officer", department=division).username
    leader = third.holder("department_leader", department=division).username
    assert set(timed.went_to("hurry")) == {officer, leader}


@pytest.mark.parametrize(
    ("matter", "channel", "name", "limit_at"),
    [
        ("contact_judge", "website", "ordinary", local(2020, 6, 10, 0)),
        ("case_inquiry", "website", "ordinary", local(2020, 6, 10, 0)),
        ("contact_judge", "hall", "counter", local(2020, 6, 11, 0)),
        ("case_inquiry", "service_machine", "counter", local(2020, 6, 11, 0)),
        ("case_inquiry", "hall", "at_counter", local(2020, 6, 9, 0)),
    ],
)
def test_a_request_gets_the_limit_of_its_matter_and_channel(
    third: City, matter: str, channel: str, name: str, limit_at: object
) -> None:
    request = third.request(at=local(2020, 6, 5, 10), matter=matter, channel=channel)
    assert Clock.objects.of(REPLY, request.pk).get().limit_name == "summary"
    days = _rules().clocks[REPLY].limits[name].business_days
    with translation.override("en"):
        within = expectation(request, local(2020, 6, 5, 11)).reply_within
    assert within == f"{days} business day{'s' if days > 1 else ''}"
    order = third.order(at=local(2020, 6, 5, 10), matter=matter, channel=channel)
    clock = Clock.objects.of(REPLY, order.request_id).get()
    assert (clock.limit_name, clock.limit_at) == (name, limit_at)


@pytest.fixture
def warnings(monkeypatch: pytest.MonkeyPatch) -> None:
    """An invented owner of the warnings' clocks: the engine needs no more than this of one."""
    owner = subjects.Subject(WARNING, notice_kind="ladder.reply")
    monkeypatch.setitem(subjects._subjects, WARNING, owner)


@pytest.mark.usefixtures("warnings")
def test_a_major_emergency_counts_minutes_at_night_and_at_the_weekend(third: City) -> None:
    major = _rules().clocks[WARNING].limit_for("general", urgency="major")
    timed = Timed(third, third.east, kind=WARNING)
    _start(timed, major, local(2020, 6, 6, 23, 50))  # a Saturday
    assert timed.clock.limit_at == local(2020, 6, 7, 0, 35)
    timed.swept(local(2020, 6, 7, 0, 9), local(2020, 6, 7, 0, 30), local(2020, 6, 7, 0, 35))
    assert _fired(timed) == [
        ("ring", local(2020, 6, 7, 0, 0)),
        ("ring-2", local(2020, 6, 7, 0, 20)),
        ("president", local(2020, 6, 7, 0, 35)),
    ]
    assert timed.fired["president"].level == 4
    assert timed.clock.next_due_at is None


@pytest.mark.usefixtures("warnings")
def test_a_general_one_waits_for_the_next_business_day(third: City) -> None:
    general = _rules().clocks[WARNING].limit_for("general", urgency="slight")
    timed = Timed(third, third.east, kind=WARNING)
    _start(timed, general, local(2020, 6, 6, 23, 50)).swept(local(2020, 6, 30))
    assert timed.clock.limit_at == local(2020, 6, 9, 0)
    assert _fired(timed) == [("next_day", local(2020, 6, 9, 8, 30))]
    deputy = third.holder("deputy_president", court=third.east).username
    assert timed.went_to("next_day") == {deputy: "deputy_president"}
