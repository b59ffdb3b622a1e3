"""Every firing says in words why it came when it did, and to whom."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from courts import calendar
from courts.models import Person, Post, Tenure
from escalation.calendar_changes import DayChange, change_calendar
from escalation.explain import explain, explanations
from escalation.explain_count import Told, count_of_days, count_of_time
from escalation.ladder import Step
from escalation.models import Firing
from tests.city import City, local
from tests.escalation.test_business_days import CALENDAR, SHANGHAI
from tests.escalation.timed import Timed, register_once

OPENED = local(2020, 6, 5, 14)
WARNING, RUNG1, RUNG2 = local(2020, 6, 10, 9), local(2020, 6, 11, 9), local(2020, 6, 15, 9)
LATE = local(2020, 8, 3, 9)


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


def why(timed: Timed, step: str) -> list[str]:
    return list(explain(timed.fired[step]).why)


def notes(timed: Timed, step: str) -> list[str]:
    return list(explain(timed.fired[step]).notes)


# --- The count ----------------------------------------------------------------------------------


def test_from_day_0_to_the_hour_at_which_it_was_due(town: City) -> None:
    timed = register_once(town, local(2020, 6, 24, 14)).swept(local(2020, 7, 1, 9, 1))
    assert why(timed, "rung1") == [
        "Counted from Wed 24 Jun 2020, when it was given to a unit: day 0, which does not count.",
        "Thu 25 June to Sat 27 June did not count: Dragon Boat Festival.",
        "Sun 28 June counted: a make-up working day.",
        "Business day 1 was Sun 28 June, and business day 4 was Wed 1 July.",
        "More than 3 business days had passed, so it was due at 09:00 of that day.",
        "It was recorded at once, at 09:01.",
    ]


def test_the_parties_own_days_count_from_the_registration(town: City) -> None:
    timed = Timed(town, town.east).start(OPENED).assign(OPENED + timedelta(days=4), handler=None)
    timed.swept(local(2020, 6, 18, 9))
    assert why(timed, "rung4")[0] == (
        "Counted from Fri 5 Jun 2020, when it was registered: day 0, which does not count."
    )
    assert why(timed, "warning")[0] == (
        "Counted from Tue 9 Jun 2020, when it was given to a unit: day 0, which does not count."
    )


def test_one_weekend_is_dated_and_several_are_counted(town: City) -> None:
    timed = register_once(town, OPENED).swept(LATE)
    assert "Sat 6 June to Sun 7 June did not count: weekend." in why(timed, "rung1")
    assert "2 weekends did not count." in why(timed, "rung2")


def test_a_closure_is_named_and_the_version_of_the_calendar_kept(town: City) -> None:
    def enter(is_business_day: bool | None) -> None:
        change = DayChange(date(2020, 6, 9), is_business_day, "台风", court=town.east)
        change_calendar([change], by=None, reason="台风", approval="示中法〔2020〕1号",
                        at=local(2020, 6, 8))  # fmt: skip

    enter(False)
    timed = register_once(town, OPENED).swept(local(2020, 6, 12, 9))
    enter(None)  # taken back since: the firing keeps what it was counted by
    assert "Tue 9 June did not count: closed: 台风." in why(timed, "rung1")
    assert "Business day 1 was Mon 8 June, and business day 4 was Fri 12 June." in why(
        timed, "rung1"
    )


def test_an_opened_weekend_counts(town: City) -> None:
    change = DayChange(date(2020, 6, 6), True, "加班", court=town.east)
    change_calendar([change], by=None, reason="加班", approval="示中法〔2020〕2号", at=OPENED)
    timed = register_once(town, OPENED).swept(RUNG1)
    assert "Sat 6 June counted: the court had opened it (加班)." in why(timed, "rung1")


def test_business_day_1_alone() -> None:
    step = Step("late", 1, "opened", 0, ("president",))
    told = Told(step, 1, local(2020, 6, 8, 9), SHANGHAI)
    sentences = count_of_days(told, date(2020, 6, 5), CALENDAR)
    assert sentences[-2:] == [
        "Business day 1 was Mon 8 June.",
        "So it was due at 09:00 of that day.",
    ]


def test_however_long_the_count_the_words_stay_few() -> None:
    step = Step("far", 1, "opened", 499, ("president",))
    day0 = date(2018, 1, 2)
    due_on = CALENDAR.nth_after(day0, 500)
    told = Told(step, 1, local(due_on.year, due_on.month, due_on.day, 9), SHANGHAI)
    sentences = count_of_days(told, day0, CALENDAR)
    assert len(sentences) < 16
    assert "more days off did not count." in " ".join(sentences)
    assert "more such days counted." in " ".join(sentences)
    assert sentences[-1].startswith("More than 499 business days had passed")


def test_what_recurs_says_which_time_it_is(town: City) -> None:
    town.jurisdiction.policy = "beijing"
    town.jurisdiction.save()
    town.east.refresh_from_db()
    timed = register_once(town, OPENED).swept(local(2020, 6, 12, 9))
    assert why(timed, "urge-3")[-3:] == [
        "More than 4 business days had passed, so it was due at 09:00 of that day.",
        "It recurs every business day, at most 20 times; this was number 3.",
        "It was recorded at once, at 09:00.",
    ]


def test_minutes_pass_day_and_night() -> None:
    step = Step("alarm", 1, "opened", 30, ("president",), unit="minutes", every=10, at_most=3)
    told = Told(step, 2, local(2020, 10, 4, 0, 25), SHANGHAI)
    assert count_of_time(told) == [
        "Counted day and night from Sat 3 Oct 23:45, when it was registered.",
        "40 minutes had passed at 00:25.",
        "It recurs every 10 minutes, at most 3 times; this was number 2.",
    ]


def test_what_waits_for_nothing_is_due_at_once() -> None:
    step = Step("at_once", 1, "opened", 0, ("filing_chamber",), unit="minutes")
    assert count_of_time(Told(step, 1, local(2020, 10, 3, 23, 45), SHANGHAI)) == [
        "Counted day and night from Sat 3 Oct 23:45, when it was registered.",
        "It was due at once.",
    ]


def test_an_old_firing_is_followed_by_the_anchors_of_its_clock(town: City) -> None:
    timed = register_once(town, OPENED).swept(RUNG1)
    kept = why(timed, "rung1")
    Firing.objects.update(day0=None, calendar_version=None)
    assert why(timed, "rung1") == kept
    Firing.objects.update(due_at=RUNG1 + timedelta(days=1))
    assert why(timed, "rung1")[0] == "The count that it was due by can no longer be followed."


# --- When it was recorded -----------------------------------------------------------------------


def test_recorded_late_because_nothing_swept(town: City) -> None:
    timed = register_once(town, OPENED).swept(RUNG1 + timedelta(days=2, hours=3))
    assert why(timed, "rung1")[-2:] == [
        "No sweep recorded it in between.",
        "It was recorded Sat 13 Jun 12:00, 2\xa0days after it was due.",
    ]


def test_recorded_with_the_answer(town: City) -> None:
    timed = register_once(town, OPENED).stop(RUNG1 + timedelta(hours=2))
    assert "Recorded when the answer came: the notice says so." in notes(timed, "rung1")
    assert why(timed, "rung1")[-1].startswith("More than 3 business days")


def test_held_back_behind_a_rejected_reply(town: City) -> None:
    timed = register_once(town, OPENED).stop(local(2020, 6, 9, 15))
    timed.resume(local(2020, 6, 15, 16), local(2020, 6, 9, 15)).swept(local(2020, 6, 16, 9))
    assert why(timed, "rung1")[-1] == (
        "A reply was given Tue 9 Jun 15:00 and rejected Mon 15 Jun 16:00."
        " What was missed meanwhile waited for the next opening hour, and was recorded Tue 16 Jun"
        " 09:00."
    )
    silent = "Not sent: a higher rung was recorded with it, and that one was sent."
    behind = "Missed while a reply stood that was rejected later."
    assert notes(timed, "rung1") == [silent, behind]
    deputy = town.holder("deputy_president", court=town.east)
    assert notes(timed, "rung2") == [f"Sent to {deputy} (deputy president).", behind]


def test_due_before_the_calendar_changed(town: City) -> None:
    timed = register_once(town, OPENED)
    opened = DayChange(date(2020, 6, 6), True, "加班", court=town.east)
    change_calendar([opened], by=None, reason="加班", approval="号", at=local(2020, 6, 10, 14))
    timed.swept(local(2020, 6, 10, 14, 1))
    # Rung 1 had been due Thursday; by the new count it was due on Wednesday morning.
    assert "The calendar changed Wed 10 Jun 14:00, and the count with it." in why(timed, "rung1")
    assert "No sweep recorded it in between." not in why(timed, "rung1")


def test_due_before_another_was_merged_into_it(town: City) -> None:
    earlier, later = register_once(town, OPENED), register_once(town, local(2020, 6, 10, 14))
    earlier.stop(local(2020, 6, 9))
    earlier.merge_into(later, local(2020, 6, 12, 10))
    later.swept(local(2020, 6, 12, 10, 1), local(2020, 6, 15, 9))
    assert "A matter that had begun earlier was merged into it Fri 12 Jun 10:00." in why(
        later, "rung1"
    )
    assert why(later, "rung2")[-1] == "It was recorded at once, at 09:00."


def test_what_a_merger_settled_is_not_due_to_the_merger(town: City) -> None:
    earlier, later = register_once(town, OPENED), register_once(town, local(2020, 6, 9, 14))
    earlier.merge_into(later, local(2020, 6, 12, 10))
    assert why(later, "warning")[0].startswith("Counted from Tue 9 Jun 2020")
    assert "No sweep recorded it in between." in why(later, "warning")


def test_a_copy_that_a_merger_took_over_is_counted_for_its_own_matter(town: City) -> None:
    earlier, later = register_once(town, OPENED), register_once(town, local(2020, 6, 9, 14))
    third = register_once(town, local(2020, 6, 10, 9))
    earlier.swept(RUNG1)
    earlier.merge_into(later, RUNG1 + timedelta(minutes=1))
    later.merge_into(third, RUNG1 + timedelta(minutes=2))
    assert why(third, "rung1")[0].startswith("Counted from Fri 5 Jun 2020")
    taken = "Taken over from the request that was merged into this one."
    assert taken in notes(third, "rung1")
    Firing.objects.update(day0=None, calendar_version=None)
    assert why(third, "rung1")[0].startswith("Counted from Fri 5 Jun 2020")


# --- To whom ------------------------------------------------------------------------------------


def _post(town: City, kind: str) -> Post:
    if kind in (Post.Kind.DEPARTMENT_LEADER, Post.Kind.LIAISON_OFFICER):
        return Post.objects.get(kind=kind, department=town.division())
    return Post.objects.get(kind=kind, court=town.east)


def _end(post: Post, at: object) -> None:
    Tenure.objects.filter(post=post, until_at=None).update(until_at=at)


def test_to_the_office_and_whoever_held_it(town: City) -> None:
    timed = register_once(town, OPENED).swept(WARNING)
    officer = town.holder("liaison_officer", department=town.division())
    [sent] = notes(timed, "warning")
    assert f"{town.judge()} (handler)" in sent
    assert f"{officer} (liaison officer)" in sent


def test_acting(town: City) -> None:
    acting = Person.objects.create_user("acting", name="代理")
    post = _post(town, "department_leader")
    Tenure.objects.create(post=post, person=acting, from_at=OPENED, is_acting=True)
    timed = register_once(town, OPENED).swept(WARNING, RUNG1, RUNG2)
    assert notes(timed, "rung1") == ["Sent to 代理 (department leader, acting)."]
    assert "acting" not in notes(timed, "rung2")[0]


def test_who_acts_elsewhere_holds_this_post_all_the_same(town: City) -> None:
    own, other = (
        _post(town, "deputy_president"),
        Post.objects.create(kind="deputy_president", court=town.east),
    )
    deputy = town.holder("deputy_president", court=town.east)
    Tenure.objects.create(post=other, person=deputy, from_at=OPENED, is_acting=True)
    timed = register_once(town, OPENED).swept(WARNING, RUNG1, RUNG2)
    assert notes(timed, "rung2") == [f"Sent to {deputy} (deputy president)."]
    Tenure.objects.filter(post=own).update(is_acting=True)
    assert notes(timed, "rung2") == [f"Sent to {deputy} (deputy president, acting)."]


def test_a_vacant_post(town: City) -> None:
    _end(_post(town, "department_leader"), OPENED)
    timed = register_once(town, OPENED).swept(RUNG1)
    deputy = town.holder("deputy_president", court=town.east)
    assert notes(timed, "rung1") == [
        f"Sent to {deputy} (deputy president).",
        "No one held the post of: department leader.",
        "So it went further up, to: deputy president.",
    ]


def test_the_holder_handles_it(town: City) -> None:
    leader = town.holder("department_leader", department=town.division())
    timed = register_once(town, OPENED, handler=leader).swept(RUNG1)
    assert "The handler holds the post of: department leader." in notes(timed, "rung1")
    assert "So it went further up, to: deputy president." in notes(timed, "rung1")


def test_a_successor(town: City) -> None:
    post = _post(town, "department_leader")
    _end(post, RUNG1 + timedelta(hours=1))
    follower = Person.objects.create_user("follower", name="继任")
    Tenure.objects.create(post=post, person=follower, from_at=RUNG1 + timedelta(hours=1))
    timed = register_once(town, OPENED).swept(RUNG1 + timedelta(hours=2))
    assert notes(timed, "rung1") == [
        "Sent to 继任 (department leader).",
        "The holder had left meanwhile, the successor was told: department leader.",
    ]


def test_nobody_left(town: City) -> None:
    Tenure.objects.update(until_at=OPENED)
    timed = register_once(town, OPENED).swept(RUNG1)
    assert "No one could be told: every post up to the top was vacant." in notes(timed, "rung1")


def test_attempted(town: City) -> None:
    timed = register_once(town, OPENED)
    for hour in (9, 10, 34):
        timed.attempt(local(2020, 6, 8, 0) + timedelta(hours=hour))
    timed.swept(WARNING)
    tried = "The handler had tried to reach the party (3 attempts on 2 days)."
    assert tried in notes(timed, "warning")


# --- Where it is shown --------------------------------------------------------------------------


def test_fifty_cost_as_many_statements_as_one(town: City) -> None:
    timed = [register_once(town, OPENED) for _n in range(10)]
    timed[0].swept(LATE)
    calendar.present(town.east.pk)

    def statements(firings: list[Firing]) -> int:
        explanations(Firing.objects.filter(pk__in=[row.pk for row in firings]))
        with CaptureQueriesContext(connection) as found:
            explanations(Firing.objects.filter(pk__in=[row.pk for row in firings]))
        return len(found)

    rows = list(Firing.objects.order_by("pk"))
    assert len(rows) == 50
    assert statements(rows) == statements(rows[:1])


def test_the_administrator_reads_it(town: City) -> None:
    register_once(town, OPENED).swept(RUNG1)
    client = Client(headers={"accept-language": "en"})
    client.force_login(Person.objects.create_superuser("root", "x", name="root", language="en"))
    firing = Firing.objects.get(step="rung1")
    page = client.get(f"/admin/escalation/firing/{firing.pk}/change/").content.decode()
    assert "More than 3 business days had passed, so it was due at 09:00 of that day." in page
