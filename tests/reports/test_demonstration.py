"""`manage.py seed_demonstration`: every state is there on any day, and nothing in it is real."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import F
from django.test import override_settings

from cases.case_number import default_table, parse
from cases.deployment import deployment_table
from courts import calendar
from courts.business_days import BusinessCalendar
from courts.models import Court, Jurisdiction, Person, Post, Tenure
from escalation.models import Clock, Firing, FiringRecipient
from liaison import access
from liaison.kinds import ACCEPTANCE, REPLY
from liaison.lifecycle import DESK_STATES, RequestState
from liaison.models import Channel, Matter, Request
from notices.delivery import deliver_due
from notices.models import Contact, Delivery, Notice
from reports import board, standings
from reports.briefing.lifecycle import BriefingState
from reports.demonstration import city, seed
from reports.demonstration.days import Days
from reports.demonstration.history import history
from reports.demonstration.scenes import Scene, staged
from reports.demonstration.stage import read_texts
from reports.indicators import Indicator, Month
from reports.models import Briefing, BriefingReading
from reports.scope import Scope
from tests.city import SHANGHAI, local
from workorders.lifecycle import OrderState
from workorders.models import ContactRecord, Reply, Transfer, WorkOrder

PASSWORD = "a-password-of-this-test"
HOLIDAY = local(2026, 10, 3, 15, 20)
MONDAY_MORNING = local(2026, 11, 16, 9, 2)
BEFORE_OPENING = local(2026, 3, 2, 3, 30)
# The ladder of each policy for the reply: step, business days, anchor.
GUANGZHOU = {"warning": 2, "rung1": 3, "rung2": 5, "rung3": 7, "rung4": 8}
BEIJING = {"urge": 2, "division_chief": 3}


@dataclass(frozen=True)
class Town:
    """A seeded city: the requests' ids by scene, and the instant it is seen at."""

    now: datetime
    policy: str
    ids: dict[str, int]

    def request(self, key: str) -> Request:
        return Request.objects.get(pk=self.ids[key])

    def order(self, key: str) -> WorkOrder:
        return WorkOrder.objects.get(request_id=self.ids[key], is_lead=True)

    def rungs(self, key: str, kind: str = REPLY) -> set[str]:
        rows = Firing.objects.filter(clock__kind=kind, clock__subject_id=self.ids[key])
        return set(rows.values_list("step", flat=True))


def holder(username: str) -> Person:
    return Person.objects.get(username=username)


@pytest.fixture(
    scope="module",
    params=[
        pytest.param((HOLIDAY, "guangzhou"), id="holiday"),
        pytest.param((MONDAY_MORNING, "guangzhou"), id="monday-morning"),
        pytest.param((BEFORE_OPENING, "beijing"), id="before-opening-beijing"),
    ],
)
def town(request, django_db_setup, django_db_blocker) -> Iterator[Town]:
    """Seeded once for all tests of a day, inside a transaction that is undone at their end."""
    now, policy = request.param
    with django_db_blocker.unblock(), override_settings(DEMONSTRATION=True), transaction.atomic():
        seeded = seed.seed(policy=policy, password=PASSWORD, now=now)
        assert seeded is not None
        yield Town(now, policy, seeded.requests)
        transaction.set_rollback(True)


@pytest.fixture
def public_calendar() -> BusinessCalendar:
    special, provisional = calendar.public_schedule()
    years = {"first_year": calendar.FIRST_YEAR, "last_year": calendar.LAST_YEAR}
    return BusinessCalendar(special, provisional_years=provisional, **years)


def scenes_of(days: Days) -> list[Scene]:
    def has(slug: str, branch: str) -> bool:
        marks = {"civil": "民事", "criminal": "刑事", "admin": "行政", "enforcement": "执行"}
        return any(marks[branch] in name for name, _name_en in city.SEATS[slug].divisions)

    return [*history(days, read_texts(), has), *staged(days)]


def test_on_any_day_the_scenes_lie_in_order_before_now(public_calendar: BusinessCalendar) -> None:
    opening = datetime.min.time().replace(hour=9)
    for offset in range(0, 800, 9):
        for hour, minute in ((0, 5), (9, 0), (23, 50)):
            now = local(2025, 12, 28, hour, minute) + timedelta(days=offset)
            days = Days(public_calendar, SHANGHAI, opening, now)
            found = scenes_of(days)
            for scene in found:
                instants = [scene.opened_at, *(act.at for act in scene.acts)]
                assert instants == sorted(instants), (now, scene.key)
                assert instants[-1] <= now, (now, scene.key)
                assert now - instants[0] < timedelta(days=110), (now, scene.key)
            assert found == scenes_of(days)


def test_texts_are_many_and_each_is_written_once() -> None:
    texts = read_texts()
    assert len({text["text"] for text in texts.values()}) == len(texts) >= 25
    assert {text["matter"] for text in texts.values()} == set(Matter.values)


@pytest.mark.django_db
def test_without_the_setting_it_refuses(settings) -> None:
    settings.DEMONSTRATION = False
    with pytest.raises(CommandError, match="DEMONSTRATION"):
        call_command("seed_demonstration", stdout=StringIO())
    with pytest.raises(CommandError):
        call_command("demonstration_sign_ins", stdout=StringIO())
    assert not Court.objects.filter(jurisdiction__code=city.CODE).exists()


@pytest.mark.django_db
def test_an_unknown_policy_is_named(settings, monkeypatch) -> None:
    settings.DEMONSTRATION = True
    monkeypatch.setenv("POLICY", "atlantis")
    with pytest.raises(CommandError, match=r"atlantis.*beijing, guangzhou"):
        call_command("seed_demonstration", stdout=StringIO())


def test_a_court_of_the_national_table_is_refused(monkeypatch) -> None:
    real = city.Seat("示0105", "real", "广州市越秀区人民法院", "Yuexiu", ())
    assert default_table().by_name(real.name)
    monkeypatch.setitem(city.SEATS, "real", real)
    with pytest.raises(city.NationalName):
        city.check_invented()


@pytest.mark.django_db
class TestTown:
    """What a visitor finds."""

    def test_the_courts_are_invented_and_reach_nobody(self, town: Town) -> None:
        jurisdiction = Jurisdiction.objects.get(code="shifan")
        assert jurisdiction.is_demonstration
        assert jurisdiction.policy == town.policy
        courts = Court.objects.filter(jurisdiction=jurisdiction)
        leading, number = {"guangzhou": ("示01", 5), "beijing": ("示", 6)}[town.policy]
        assert courts.count() == number
        assert jurisdiction.leading_court.code == leading
        assert Court.objects.get(code="示0101").parent.code == "示01"
        for court in courts:
            assert default_table().by_name(court.name) is None
            assert court.name_en
        assert not Person.objects.exclude(email="").exists()
        assert not any(contact.email for contact in Contact.objects.all())
        assert not Delivery.objects.filter(channel=Delivery.Channel.EMAIL).exists()
        staff = set(Person.objects.values_list("name", flat=True))
        assert not staff & set(Contact.objects.values_list("name", flat=True))

    def test_by_beijing_the_high_court_ranks_and_a_contact_person_urges(self, town: Town) -> None:
        officers = Post.objects.filter(kind=Post.Kind.LIAISON_OFFICER)
        if town.policy != "beijing":
            assert not officers.filter(department=None).exists()
            return
        assert list(officers.values_list("department", flat=True)) == [None] * 6
        urged = FiringRecipient.objects.filter(firing__step="urge")
        assert urged.filter(person=holder("contact.donghu")).exists()
        assert set(urged.values_list("role", flat=True)) == {"liaison_officer"}
        chief = holder("service.gaoyuan")
        month = Month.of(town.now, SHANGHAI).plus(-1)
        ranked = standings.city(Jurisdiction.objects.get(), month, at=town.now)
        assert set(Scope.of(chief).courts) == set(ranked.courts)
        assert ranked.by_court.now.ranked

    def test_a_post_is_vacant_and_one_is_acted_for(self, town: Town) -> None:
        held = Tenure.objects.at(town.now)
        vacant = Post.objects.exclude(pk__in=held.values("post"))
        assert [post.kind for post in vacant] == [Post.Kind.DEPARTMENT_LEADER]
        assert held.filter(is_acting=True).count() == 1
        deputies = Post.objects.filter(kind=Post.Kind.DEPUTY_PRESIDENT)
        assert all(post.departments_in_charge.exists() for post in deputies)

    def test_all_channels_and_matters_occur_with_numbers_that_parse(self, town: Town) -> None:
        requests = Request.objects.all()
        assert set(requests.values_list("channel", flat=True)) == set(Channel.values)
        assert set(requests.values_list("matter", flat=True)) == set(Matter.values)
        assert len(town.ids) >= 90
        assert requests.count() == len(town.ids) + 280
        numbers = [request.case_number for request in requests if request.case_number]
        assert len(set(numbers)) == len(numbers) > 70
        for number in numbers:
            assert parse(number, deployment_table()).court_name.startswith("示范市")
        assert not requests.filter(text__contains="{").exists()
        assert not requests.filter(registered_at__gt=town.now).exists()
        assert requests.filter(registered_at__lt=town.now - timedelta(days=80)).exists()

    def test_the_year_before_is_generated_and_settled(self, town: Town) -> None:
        earlier = Request.objects.exclude(pk__in=town.ids.values())
        played = Request.objects.filter(pk__in=town.ids.values())
        assert earlier.latest("registered_at").registered_at < (
            played.earliest("registered_at").registered_at
        )
        clocks = Clock.objects.running().filter(kind__in=(ACCEPTANCE, REPLY))
        assert not clocks.filter(subject_id__in=earlier.values("pk")).exists()
        telephones: dict[str, set[str]] = defaultdict(set)
        for contact in Contact.objects.all():
            telephones[contact.phone].add(contact.name)
        assert all(len(names) == 1 for names in telephones.values())
        months = {Month.of(at, SHANGHAI) for at in earlier.values_list("registered_at", flat=True)}
        assert len(months) >= 10
        first = Month.of(town.now, SHANGHAI).plus(-12)
        year = [board.read(first.plus(n), Scope.everything(), at=town.now).total for n in range(12)]
        assert all(one.figures[Indicator.COMPLETION].due > 0 for one in year)

    def test_every_state_is_there(self, town: Town) -> None:
        states = set(Request.objects.values_list("state", flat=True))
        assert states == set(RequestState.values)
        assert set(WorkOrder.objects.values_list("state", flat=True)) == set(OrderState.values)
        assert town.request("fresh_1").state == RequestState.REGISTERED
        assert town.request("returned").state == RequestState.RETURNED
        assert town.request("answer_disputed").state == RequestState.RETURNED
        assert town.order("dispatched").state == OrderState.DISPATCHED
        assert town.order("acknowledged").state == OrderState.ACKNOWLEDGED
        assert town.order("completed").state == OrderState.COMPLETED
        assert town.request("withdrawn").state == RequestState.WITHDRAWN
        assert town.request("merged").merged_into_id == town.ids["goes_on"]
        assert WorkOrder.objects.filter(request_id=town.ids["assisted"], is_lead=False).exists()
        assert Reply.objects.filter(kind=Reply.Kind.SPOKEN).exists()
        moved = Transfer.objects.get(
            kind=Transfer.Kind.REASSIGN, order__request__in=town.ids.values()
        )
        assert moved.order == town.order("reassigned")
        assert moved.order.handler_id != moved.order.first_handler_id

        disputed = town.request("disputed")
        assert disputed.state == RequestState.ANSWERED
        assert disputed.disputed_at
        reopened = town.order("reopened")
        assert reopened.state == OrderState.ACKNOWLEDGED
        assert Reply.objects.get(order=reopened).rejected_at
        attempts = ContactRecord.objects.filter(
            order=town.order("attempted"), outcome=ContactRecord.Outcome.NOT_REACHED
        )
        assert attempts.count() == 3

    def test_lateness_stands_at_every_rung_now(self, town: Town) -> None:
        late = Clock.objects.filter(kind=REPLY, stopped_at=None, limit_at__lte=town.now)
        assert late.count() >= 11
        assert "late" in town.rungs("late_acceptance", ACCEPTANCE)
        assert not town.rungs("fresh_1", ACCEPTANCE)
        if town.policy == "beijing":
            assert town.rungs("late_1a") == {"urge", "division_chief"}
            return
        ladder = list(GUANGZHOU)
        for key in town.ids:
            if key.startswith("late_") and key[5].isdigit():
                assert town.rungs(key) == set(ladder[: int(key[5]) + 1]), key
                assert Clock.objects.of(REPLY, town.ids[key]).get().stopped_at is None
        assert town.rungs("late_attempted") == {"warning", "rung1"}
        assert Firing.objects.get(
            clock__subject_id=town.ids["late_attempted"], step="rung1"
        ).was_attempted
        assert town.rungs("reopened") == {"warning", "rung1"}

    def test_the_ladder_equals_a_plain_count(self, town: Town) -> None:
        steps = GUANGZHOU if town.policy == "guangzhou" else BEIJING
        shanghai = SHANGHAI
        levels = dict(Court.objects.values_list("pk", "level"))
        days = calendar.present(Court.objects.get(code="示01").pk)
        fired = defaultdict(set)
        for clock_id, step in Firing.objects.values_list("clock_id", "step"):
            fired[clock_id].add(step)
        for clock in Clock.objects.filter(kind=REPLY, subject_id__in=town.ids.values()):
            end = clock.stopped_at or town.now
            expected = set()
            for step, after in steps.items():
                anchor = clock.opened_at if step == "rung4" else clock.assigned_at
                if anchor is None or (step == "rung4" and levels[clock.court_id] != "primary"):
                    continue
                day, openings = anchor.astimezone(shanghai).date(), 0
                while (day := day + timedelta(days=1)) <= end.astimezone(shanghai).date():
                    opens_at = datetime(day.year, day.month, day.day, 9, tzinfo=shanghai)
                    openings += days.is_business_day(day) and opens_at <= end
                if openings > after:
                    expected.add(step)
            assert fired[clock.pk] == expected, Request.objects.get(pk=clock.subject_id)
        assert not Firing.objects.filter(fired_at__lt=F("due_at")).exists()
        assert not Firing.objects.filter(fired_at__gt=town.now).exists()
        assert not Firing.objects.filter(recipients=None).exists()

    def test_the_rates_of_last_month_are_worth_a_look(self, town: Town) -> None:
        month = Month.of(town.now, SHANGHAI).plus(-1)
        everything = board.read(month, Scope.everything(), at=town.now).total
        figures, satisfaction = everything.figures, everything.satisfaction
        for indicator in Indicator:
            rate = figures[indicator].rate
            assert rate is not None
            assert 0.7 <= rate <= 0.98, (indicator, figures[indicator].percent)
        assert satisfaction.due >= 8
        assert satisfaction.rate is not None
        assert 0.6 <= satisfaction.rate < 1

    def test_the_last_briefing_is_published_and_read_by_some(self, town: Town) -> None:
        briefing = Briefing.objects.get()
        month = {HOLIDAY: "2026-08", MONDAY_MORNING: "2026-10", BEFORE_OPENING: "2026-01"}[town.now]
        assert (f"{briefing.month:%Y-%m}", briefing.state) == (month, BriefingState.PUBLISHED)
        assert briefing.values["all"]["rates"]["completion"]["due"] > 0
        read = BriefingReading.objects.filter(read_at__isnull=False).count()
        assert 0 < read < BriefingReading.objects.count()

    def test_those_who_sign_in_have_something_to_do(self, town: Town) -> None:
        clerk, judge = holder("service.donghu"), holder("judge.donghu")
        at_desk = Request.objects.visible_to(clerk).filter(state__in=DESK_STATES)
        assert at_desk.count() >= 4
        waiting = WorkOrder.objects.handled_by(judge).waiting().with_limit()
        assert waiting.filter(limit_at__lte=town.now).count() >= 3
        assert waiting.filter(limit_at__gt=town.now).exists()
        officer = holder({"guangzhou": "officer", "beijing": "contact"}[town.policy] + ".donghu")
        assert WorkOrder.objects.visible_to(officer).filter(request_id=town.ids["disputed"])
        if town.policy == "guangzhou":
            for username, step in (
                ("leader.donghu", "rung1"),
                ("deputy.donghu", "rung2"),
                ("president.donghu", "rung3"),
                ("president.shifan", "rung4"),
            ):
                risen = FiringRecipient.objects.filter(
                    person__username=username, firing__step=step, firing__clock__stopped_at=None
                )
                assert risen.exists(), username
        assert judge.check_password(PASSWORD)
        signing = [person for person in Person.objects.all() if person.has_usable_password()]
        expected = {city.ADMINISTRATOR, *(seat.username for seat in city.sign_ins(town.policy))}
        assert {person.username for person in signing} == expected
        assert {person.password for person in signing} == {judge.password}

    def test_every_notice_can_be_worded_and_only_the_last_are_unread(self, town: Town) -> None:
        counts = deliver_due(town.now, gateways=[])
        assert counts["sent"] > 50
        assert not counts["failed"]
        # Whoever passed an order on may no longer read of it; all others get their notice.
        dropped = Delivery.objects.filter(state=Delivery.State.DROPPED)
        passed_on = town.order("reassigned").first_handler_id
        assert set(dropped.values_list("notice__person", flat=True)) <= {passed_on}
        unread = Notice.objects.filter(person__isnull=False, read_at=None)
        assert unread.exists()
        assert not unread.filter(created_at__lt=town.now - timedelta(days=14)).exists()

    def test_the_table_names_them_and_a_request_to_track(self, town: Town, monkeypatch) -> None:
        monkeypatch.setenv("DEMONSTRATION_PASSWORD", PASSWORD)
        out = StringIO()
        call_command("demonstration_sign_ins", stdout=out)
        said = out.getvalue()
        for seat in city.sign_ins(town.policy):
            assert f"  {seat.username} " in said
        assert f"Password: {PASSWORD}" in said
        number, code = said.rpartition("number ")[2].split(", access code ")
        found = access.find(number, code, address="192.0.2.1")
        assert found is not None
        assert found.pk in town.ids.values()

        monkeypatch.setenv("DEMONSTRATION_PASSWORD", "given-later-and-not-used")
        out = StringIO()
        call_command("demonstration_sign_ins", stdout=out)
        assert "given-later-and-not-used" not in out.getvalue()

    def test_a_second_run_changes_nothing(self, town: Town) -> None:
        before = counts_of_rows()
        assert before[Request] > len(town.ids)
        out = StringIO()
        call_command("seed_demonstration", stdout=out)
        assert "nothing was changed" in out.getvalue()
        assert counts_of_rows() == before


def counts_of_rows() -> dict:
    models = [model for model in apps.get_models() if not model._meta.proxy]
    return {model: model._default_manager.count() for model in models if model._meta.managed}
