"""The operator's page at its best and at its worst: nothing for axe to find on any screen."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from courts.models import CalendarVersion, Person
from escalation.models import Clock, SweepRun
from escalation.sweep import sweep
from tests.browser.conftest import Visitor, sign_in
from tests.browser.inspection import READINGS, inspect
from tests.city import City

pytestmark = pytest.mark.browser
PAGE = "/admin/escalation/sweeprun/state/"


def _trouble(town: City) -> None:
    """Something of everything that can be wrong."""
    at = timezone.now()
    for _ in range(4):
        town.order(at=at - timedelta(days=1))
    Clock.objects.running().update(next_due_at=at - timedelta(hours=3))
    for clock in Clock.objects.running().order_by("pk")[:2]:
        clock.set_aside = "KeyError: 'no.such.kind.of.a.thing.that.could.be.timed.by.anyone'"
        clock.save()
    CalendarVersion.objects.create(reason="台风")
    for minutes in (200, 1):
        SweepRun.objects.create(started_at=at - timedelta(minutes=minutes), clocks=5000)


@pytest.mark.parametrize(("language", "widths"), READINGS)
def test_the_state_of_the_clocks(
    town: City, visitor: Visitor, language: str, widths: tuple[int, ...]
) -> None:
    person = Person.objects.create_superuser("root", "x", name="管理员")
    person.language = "zh-hans" if language.startswith("zh") else "en"
    page = visitor(width=widths[-1], language=language)
    sign_in(page, person)
    sweep()
    wrong = inspect(page, "/admin/", widths=widths) + inspect(page, PAGE, widths=widths)
    _trouble(town)
    wrong += inspect(page, PAGE, widths=widths)
    assert not wrong, "\n".join(wrong)
    page.click(".clocks-state input[type=submit]")
    page.wait_for_url("**/clock/**")
    assert not Clock.objects.exclude(set_aside="").exists()
