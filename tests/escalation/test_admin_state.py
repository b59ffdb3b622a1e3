"""The operator's page: what stands well, what does not, and what to do about it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from courts.models import CalendarVersion, Person
from escalation import state as figures
from escalation.models import Clock, SweepRun
from escalation.sweep import sweep
from tests.city import City
from tests.escalation.timed import register_once

pytestmark = pytest.mark.django_db
PAGE = "/admin/escalation/sweeprun/state/"
ENGLISH = {"accept-language": "en"}


@pytest.fixture
def root(client: Client) -> Client:
    client.force_login(Person.objects.create_superuser("root", "x", name="管理员"))
    return client


def _read(client: Client) -> str:
    answer = client.get(PAGE, headers=ENGLISH)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def _swept(**fields: object) -> SweepRun:
    at = timezone.now()
    return SweepRun.objects.create(started_at=at, ended_at=at, **fields)


def test_the_administration_leads_there(root: Client) -> None:
    assert f'<a href="{PAGE}">' in root.get("/admin/").content.decode()
    assert reverse("admin:clocks_state") == PAGE


def test_it_is_for_those_who_may_read_sweeps_and_clocks(client: Client) -> None:
    person = Person.objects.create_user("half", "x", name="半", is_staff=True)
    client.force_login(person)
    for codename, status in (("view_sweeprun", 403), ("view_clock", 200)):
        person.user_permissions.add(Permission.objects.get(codename=codename))
        assert client.get(PAGE).status_code == status
        assert (PAGE in client.get("/admin/").content.decode()) == (status == 200)


def test_all_is_well(root: Client, town: City) -> None:
    register_once(town, timezone.now())
    sweep()
    page = _read(root)
    assert "All clocks are up to date." in page
    assert "(just now)" in page
    assert "To be done" not in page
    assert "Every running clock is counted by the present calendar." in page
    assert "None: every clock could be judged." in page
    assert "<progress" not in page


def test_before_the_first_sweep_it_says_who_should_sweep(root: Client) -> None:
    page = _read(root)
    assert "To be done" in page
    assert "<dt>Last sweep · never</dt>" in page
    assert "Nobody sweeps." in page
    assert "There has been none." in page


def test_what_stays_due_is_told_with_its_age(root: Client, town: City) -> None:
    register_once(town, timezone.now())
    _swept()
    Clock.objects.update(next_due_at=timezone.now() - timedelta(hours=2, minutes=1))
    page = _read(root).replace("\xa0", " ")
    assert "(2 hours, 1 minute ago)" in page
    assert "does not get through" in page
    assert "Nobody sweeps." not in page


def test_those_set_aside_are_listed_and_can_be_taken_up_again(root: Client, town: City) -> None:
    bad, other = (register_once(town, timezone.now()) for _ in range(2))
    Clock.objects.filter(pk__in=[bad.clock.pk, other.clock.pk]).update(set_aside="KeyError: x")
    _swept()
    page = _read(root)
    assert "<dt>Set aside · 2</dt>" in page
    assert "KeyError: x" in page
    assert reverse("admin:escalation_clock_change", args=[bad.clock.pk]) in page
    action = f"{reverse('admin:escalation_clock_changelist')}?set_aside__isempty=0"
    assert f'action="{action}"' in page
    sent = {"action": "take_up_again", "_selected_action": [bad.clock.pk]}
    for name, value in (("action", "take_up_again"), ("_selected_action", bad.clock.pk)):
        assert f'name="{name}" value="{value}"' in page
    answer = root.post(action, sent, headers=ENGLISH, follow=True)
    assert "1 clock taken up." in answer.content.decode()
    assert list(Clock.objects.exclude(set_aside="")) == [other.clock]


def test_who_may_only_look_is_offered_nothing_else(client: Client, town: City) -> None:
    person = Person.objects.create_user("reader", "x", name="读", is_staff=True)
    allowed = ["view_sweeprun", "view_clock"]
    person.user_permissions.set(Permission.objects.filter(codename__in=allowed))
    client.force_login(person)
    register_once(town, timezone.now())
    Clock.objects.update(set_aside="KeyError: x")
    page = _read(client)
    assert "KeyError: x" in page
    assert "Take up again" not in page


def test_a_change_of_the_calendar_shows_how_far_it_has_come(
    root: Client, town: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    done, *_left = [register_once(town, timezone.now()) for _ in range(4)]
    version = CalendarVersion.objects.create(reason="台风")
    Clock.objects.filter(pk=done.clock.pk).update(calendar_version=version)
    page = _read(root)
    assert "Of 4 running clocks, 3 are still to be counted anew" in page
    assert 'max="4" value="1"' in page
    monkeypatch.setattr(figures, "CAP_OF_STALE", 2)
    page = _read(root)
    assert "Of 4 running clocks, more than 2 are still" in page
    assert '<progress aria-labelledby="anew"></progress>' in page


def test_sweeps_are_listed_with_their_speed_and_their_end(root: Client) -> None:
    at = timezone.now()
    for number in range(22):
        begun = at - timedelta(days=1, hours=number)
        SweepRun.objects.create(
            started_at=begun, ended_at=begun + timedelta(seconds=4), clocks=8000 + number
        )
    assert [row["run"].clocks for row in root.get(PAGE).context["sweeps"]] == [*range(8000, 8020)]
    SweepRun.objects.create(started_at=at - timedelta(hours=3), clocks=7)
    SweepRun.objects.create(started_at=at - timedelta(seconds=1), clocks=7)
    page = _read(root)
    assert "broken off" in page
    assert "under way" in page
    assert '<td class="number">2,000</td>' in page


def test_the_same_statements_for_one_clock_and_for_fifty(root: Client, town: City) -> None:
    counts = []
    _read(root)  # the process remembers the calendar
    for number in (1, 10, 50):
        for _ in range(number):
            register_once(town, timezone.now())
        Clock.objects.update(set_aside="KeyError: x")
        _swept(clocks=number)
        with CaptureQueriesContext(connection) as captured:
            page = _read(root)
        assert page.count("KeyError: x") == min(Clock.objects.count(), 50)
        counts.append(len(captured))
    assert "Not all of them are shown here" in page
    assert counts == [counts[0]] * 3
