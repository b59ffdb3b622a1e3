"""Every screen that shows a date of a year whose schedule is not announced says so.

2027 stands for such a year until the installed schedule knows it: then take a later one.
"""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.db import connection
from django.template import Context, Template
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from courts import calendar
from courts.models import Tenure
from escalation.calendar_changes import DayChange, change_calendar
from escalation.models import Clock
from escalation.reading import readings
from liaison.access import access_code
from liaison.api.serializers import LimitOut
from liaison.kinds import REPLY
from liaison.models import Request
from liaison.portal.expectation import expectation
from notices import kinds
from tests import city
from tests.city import local
from workorders import services
from workorders.models import WorkOrder
from workorders.supervision.history import whole_history

OPENED = local(2026, 12, 31)
NOTE = "(schedule of 2027 not yet announced)"


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.fixture
def order(db: None) -> WorkOrder:
    assert 2027 in calendar.public_schedule()[1]
    return city.build().order(at=OPENED)


def _shown(source: str, order: WorkOrder) -> str:
    clock = Clock.objects.of(REPLY, order.request_id).get()
    reading = readings([clock], OPENED)[clock.pk]
    template = Template("{% load ladder limits ui %}" + source)
    words = template.render(Context({"reading": reading, "request": order.request}))
    return " ".join(re.sub(r"<[^>]+>", " ", words).split())


@pytest.mark.parametrize(
    "source",
    [
        "{% request_limit reading request %}",
        "{% ladder_bar reading.ladder 'row' %}",
        "{% ladder_sentence reading.ladder %}",
    ],
)
def test_chip_bar_and_sentence_say_so(order: WorkOrder, source: str) -> None:
    assert NOTE in _shown(source, order)
    change_calendar([], official_years={2027: "国办"}, reason="2027", by=None, at=OPENED)
    assert NOTE not in _shown(source, order)


def test_a_machine_reads_it_too(order: WorkOrder) -> None:
    clock = Clock.objects.of(REPLY, order.request_id).get()
    said = LimitOut(readings([clock], OPENED)[clock.pk]).data
    assert (said["ends_on"], said["is_provisional"]) == ("2027-01-06", True)


def test_chips_ask_no_more_of_the_database(order: WorkOrder) -> None:
    clock = Clock.objects.of(REPLY, order.request_id).get()
    reading = readings([clock], OPENED)[clock.pk]
    template = Template("{% load limits %}{% request_limit reading request %}")
    context = Context({"reading": reading, "request": order.request})
    with CaptureQueriesContext(connection) as captured:
        assert NOTE in template.render(context)
    assert len(captured) == 0


def test_notices_say_so(order: WorkOrder) -> None:
    for name in ("order.dispatched", "request.reopened"):
        context = kinds.NoticeContext(
            number="1", limit_at=local(2027, 1, 7, 0), zone=OPENED.tzinfo, opens=("x", {})
        )
        kind, level = kinds.of(name), kinds.Level.OUTSIDE
        _subject, body = kinds.words(kind, context, level, language="en")
        assert NOTE in body


def test_a_registration_by_e_mail_says_so(order: WorkOrder) -> None:
    context = kinds.NoticeContext(
        number="1", limit_at=local(2027, 1, 5, 0), zone=OPENED.tzinfo, opens=("x", {})
    )
    kind, level = kinds.of("request.registered"), kinds.Level.OUTSIDE
    assert NOTE in kinds.words(kind, context, level, language="en")[1]


@pytest.fixture
def waiting(db: None) -> Request:
    """A request that nobody has taken up at the turn of the year."""
    return city.build().request(at=OPENED)


@pytest.fixture
def _at_the_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: OPENED)


@pytest.mark.usefixtures("_at_the_turn")
def test_a_party_whose_request_waits_is_told_so(waiting: Request, client: Client) -> None:
    client.cookies["django_language"] = "en"
    given = {"number": waiting.number, "code": access_code(waiting)}
    page = client.post("/track/", given, follow=True).content.decode()
    beginning = page.index("The litigation service takes it up by")
    assert NOTE in page[beginning : beginning + 200]
    assert expectation(waiting, OPENED).provisional


@pytest.mark.usefixtures("_at_the_turn")
def test_the_desk_is_told_so_of_a_request_that_waits(waiting: Request, client: Client) -> None:
    staff = Tenure.objects.filter(post__kind="service_staff", post__court=waiting.court)[0].person
    client.force_login(staff)
    client.cookies["django_language"] = "en"
    page = client.get(f"/desk/{waiting.public_id}/").content.decode()
    beginning = page.index("to be told")
    assert NOTE in page[beginning : beginning + 200]


def test_the_history_says_so_of_dates_that_moved(order: WorkOrder) -> None:
    closure = DayChange(date(2027, 1, 4), False, "台风")
    change_calendar([closure], reason="台风", by=None, at=OPENED)
    [moved] = [told for told in whole_history(order.request) if "calendar" in told.title]
    assert moved.title.count(NOTE) == 1
    assert moved.text.count(NOTE) == 1


def test_the_day_of_completion_says_so(order: WorkOrder, client) -> None:
    services.reply(order_id=order.pk, text="已安排。", by=order.handler, at=OPENED)
    client.force_login(order.handler)
    client.cookies["django_language"] = "en"
    page = client.get(f"/orders/{order.public_id}/").content.decode()
    beginning = page.index("the order completes by itself after")
    assert NOTE in page[beginning : beginning + 200]


def test_an_announced_year_needs_no_note(order: WorkOrder) -> None:
    template = Template("{% load ui %}{{ on|unannounced }}")
    assert template.render(Context({"on": date(2026, 12, 31)})) == ""
    assert template.render(Context({"on": date(2027, 1, 4)})) == NOTE
    with translation.override("zh-hans"):
        assert template.render(Context({"on": date(2027, 1, 4)})) == "（2027年放假安排尚未公布）"
