"""A limit that is a fixed date ("by 30 June"): it ends at 24:00 of that, business day or not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import translation

from courts.errors import Invalid, WrongState
from escalation import policy, services
from escalation.calculator import calculate
from escalation.calendar_changes import DayChange, change_calendar
from escalation.explain import explain
from escalation.models import Clock
from escalation.policy import PolicyError
from escalation.reading import readings
from tests import city
from tests.city import City, local
from tests.escalation.plain_town import PROMISE, with_promises
from tests.escalation.timed import Timed

OPENED = local(2020, 6, 5, 14)  # a Friday
SUNDAY = date(2020, 6, 14)
GUANGZHOU = (policy.FOLDER / "guangzhou.toml").read_text(encoding="utf-8")
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("promises")]


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def town() -> City:
    with_promises("guangzhou")
    return city.build()


def promised(
    town: City, fixed_on: date | None = SUNDAY, limit: str = "by_date", at: datetime = OPENED
) -> Timed:
    """A matter of the eastern court that a judge has promised."""
    timed = Timed(town, town.east, kind="promise")
    services.start(
        kind="promise",
        subject_id=timed.subject_id,
        court=town.east,
        department_id=town.division().pk,
        limit_name=limit,
        fixed_on=fixed_on,
        at=at,
    )
    return timed


def test_it_ends_at_midnight_and_the_ladder_counts_from_it(town: City) -> None:
    timed = promised(town)
    assert timed.clock.limit_at == local(2020, 6, 15, 0)
    timed.swept(local(2020, 6, 14, 23, 59), local(2020, 7, 1))
    assert [(step, row.due_at) for step, row in timed.fired.items()] == [
        ("remind", local(2020, 6, 10, 9)),
        ("remind-2", local(2020, 6, 11, 9)),
        ("remind-3", local(2020, 6, 12, 9)),
        ("late", local(2020, 6, 15, 9)),
        ("later", local(2020, 6, 17, 9)),
        ("later-2", local(2020, 6, 18, 9)),
    ]
    leader = town.holder("department_leader", department=town.division()).username
    assert timed.went_to("late") == {leader: "department_leader"}


def test_a_change_of_the_calendar_moves_the_ladder_and_not_the_date(town: City) -> None:
    timed = promised(town)
    change_calendar(
        [DayChange(date(2020, 6, 15), False, "台风")], reason="typhoon", by=None,
        at=local(2020, 6, 12, 12),
    )  # fmt: skip
    assert timed.clock.limit_at == local(2020, 6, 15, 0)
    assert timed.clock.next_due_at == local(2020, 6, 16, 9)


def test_the_day_of_the_start_is_the_earliest(town: City) -> None:
    assert promised(town, date(2020, 6, 5)).clock.limit_at == local(2020, 6, 6, 0)
    with pytest.raises(Invalid) as caught:
        promised(town, date(2020, 6, 4))
    assert caught.value.field == "fixed_on"


def test_the_limit_says_whether_there_is_a_date(town: City) -> None:
    with pytest.raises(ValueError, match="by_date with the fixed date None"):
        promised(town, None)
    with pytest.raises(ValueError, match="soon with the fixed date 2020-06-14"):
        promised(town, limit="soon")
    timed = promised(town)
    with pytest.raises(ValueError, match="soon with the fixed date"):
        services.assign(
            kind="promise", subject_id=timed.subject_id, court_id=town.east.pk,
            department_id=town.division().pk, handler_id=None, limit_name="soon", at=OPENED,
        )  # fmt: skip


def test_the_database_keeps_no_fixed_date_without_an_end(town: City) -> None:
    clocks = Clock.objects.filter(pk=promised(town).clock.pk)
    with pytest.raises(IntegrityError, match="clock_fixed_date_is_a_limit"), transaction.atomic():
        clocks.update(limit_at=None)


def test_where_the_limit_is_no_date_nothing_counts_from_one(town: City) -> None:
    timed = promised(town, None, limit="soon").swept(local(2020, 7, 1))
    assert timed.clock.limit_at == local(2020, 6, 11, 0)
    assert list(timed.fired) == ["remind", "remind-2", "remind-3"]


def test_merging_takes_the_earlier_date_and_refuses_one_without(town: City) -> None:
    later, earlier = promised(town), promised(town, date(2020, 6, 9))
    earlier.merge_into(later, local(2020, 6, 8))
    assert later.clock.limit_at == local(2020, 6, 10, 0)
    with pytest.raises(WrongState):
        promised(town, None, limit="soon").merge_into(later, local(2020, 6, 8))


def test_it_reads_as_business_days_from_the_start(town: City) -> None:
    clock = promised(town).clock
    reading = readings([clock], local(2020, 6, 9, 12))[clock.pk]
    assert (reading.day, reading.of, reading.limit_on) == (2, 5, SUNDAY)
    assert reading.state == "running"
    reading = readings([clock], local(2020, 6, 14, 12))[clock.pk]
    assert (reading.day, reading.state) == (5, "due_today")


def test_a_firing_says_which_date_it_counts_from(town: City) -> None:
    timed = promised(town).swept(local(2020, 6, 15, 9), local(2020, 6, 17, 9))
    assert explain(timed.fired["later"]).why[0] == (
        "Counted from Sun 14 Jun 2020, the fixed date by which it was to be done: day 0, which"
        " does not count."
    )


def test_the_calculator_counts_it_as_the_engine_does(town: City) -> None:
    found = calculate(court=town.east, limit="promise:by_date", start=OPENED, fixed_on=SUNDAY)
    timed = promised(town).swept(local(2020, 7, 1))
    assert found.laid.limit_at == timed.clock.limit_at
    due = [(item.step.key, item.occurrence, item.due_at) for item in found.laid.due]
    assert due == [(row.step, row.occurrence, row.due_at) for row in timed.fired.values()]
    assert [found.laid.number_of(item) for item in found.laid.due] == [3, 4, 5, 1, 3, 4]


@pytest.mark.parametrize(
    ("fixed_on", "words"), [(None, "Enter the day"), (date(2020, 6, 4), "before the start"),
                            (date(2041, 1, 1), "2007 to 2040"), (date.max, "2007 to 2040")],
)  # fmt: skip
def test_the_calculator_refuses(town: City, fixed_on: date | None, words: str) -> None:
    with translation.override("en"):
        with pytest.raises(Invalid) as caught:
            calculate(court=town.east, limit="promise:by_date", start=OPENED, fixed_on=fixed_on)
        assert (caught.value.field, words in str(caught.value.text)) == ("fixed_on", True)


def test_the_page_and_the_api_ask_for_the_date(town: City, client: Client) -> None:
    asked = {
        "court": "示0101",
        "limit": "promise:by_date",
        "start": "2020-06-05T14:00",
        "fixed_on": "2020-06-14",
    }
    page = client.get("/deadline/", asked, headers={"accept-language": "en"}).content.decode()
    assert "Until the end of Sun 14 Jun 2020" in page
    assert "whether or not it is a business day" in page
    assert "from the fixed date" in page
    answer = client.get("/api/v1/deadlines", asked).json()
    assert answer["limit"]["ends_on"] == "2020-06-14"
    assert answer["limit"]["counted_from"] == "fixed_date"
    refused = client.get("/api/v1/deadlines", asked | {"fixed_on": "2020-06-01"})
    assert (refused.status_code, "fixed_on" in refused.content.decode()) == (400, True)


def test_without_such_a_limit_the_page_asks_for_no_date(client: Client) -> None:
    city.build()
    assert "fixed_on" not in client.get("/deadline/").context["form"].fields


@pytest.mark.parametrize(
    ("old", "new", "key", "reason"),
    [
        ('anchor = "fixed_date"\n', 'anchor = "fixed_date"\nbusiness_days = 3\n',
         "limits.by_date.business_days", "fixed date"),
        ('anchor = "fixed_date"\n', 'anchor = "fixed_date"\nminutes = 3\n',
         "limits.by_date.minutes", "fixed date"),
        ('anchor = "fixed_date"\n',
         'anchor = "fixed_date"\ninstead_of = "soon"\nmatters = ["x"]\n',
         "limits.by_date.instead_of", "fixed date"),
        ("business_days = 3\n",
         'business_days = 3\ninstead_of = "by_date"\nmatters = ["x"]\n',
         "limits.soon.instead_of", "must be one of"),
        ('anchor = "fixed_date"\nafter = 0\n', 'anchor = "fixed_date"\nafter = 0\nunit="minutes"\n',
         "steps[1].unit", "only business days"),
        ('anchor = "fixed_date"\nafter = 0\n',
         'anchor = "fixed_date"\nafter = 0\nlimits = ["by_date", "soon"]\n',
         "steps[1].anchor", "no fixed date"),
        ('by_date]\nsource = "assumed"\nanchor = "fixed_date"\n',
         'by_date]\nsource = "assumed"\nanchor = "opened"\nminutes = 5\n',
         "steps[1].anchor", "no fixed date"),
    ],
)  # fmt: skip
def test_what_a_policy_says_wrongly_of_it_is_named(
    tmp_path: Path, old: str, new: str, key: str, reason: str
) -> None:
    assert old in PROMISE
    path = tmp_path / "city.toml"
    path.write_text(GUANGZHOU + PROMISE.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(PolicyError) as caught:
        policy.read_file(path)
    assert caught.value.key == f"clocks.promise.{key}"
    assert reason in caught.value.reason
