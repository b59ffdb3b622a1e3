"""Changes of the calendar beside each other, and beside registrations."""

from __future__ import annotations

import threading
from datetime import date

import pytest

from courts import calendar
from courts.models import CalendarVersion
from escalation import calendar_changes
from escalation.calendar_changes import DayChange, change_calendar
from escalation.models import Clock
from tests.city import City, local
from tests.concurrency.conftest import at_once, behind

OPENED = local(2020, 6, 5, 14)


def _change(day: int, reason: str) -> CalendarVersion:
    closure = DayChange(date(2020, 6, day), False, "停电")
    return change_calendar([closure], reason=reason, by=None, at=OPENED)


class _Held:
    """Holds the first change open, between the making of its version and its commit."""

    def __init__(self) -> None:
        self.is_open, self.let_go = threading.Event(), threading.Event()
        self.is_over = threading.Event()
        self._enter = calendar_changes._enter

    def __call__(self, entry: DayChange, version: CalendarVersion) -> None:
        if not self.is_open.is_set():
            self.is_open.set()
            self.let_go.wait(20)
            self.is_over.set()
        self._enter(entry, version)


def _race(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Two changes, the second begun while the first is open; the reasons as they committed.

    The first goes on when the second has committed, or else after a while.
    """
    held = _Held()
    done: list[str] = []
    monkeypatch.setattr(calendar_changes, "_enter", held)
    monkeypatch.setattr(calendar_changes, "retime_stale", lambda at, batches=None: 0)

    def first() -> None:
        _change(9, "first")
        done.append("first")

    def second() -> None:
        held.is_open.wait(20)
        threading.Timer(2, held.let_go.set).start()
        _change(10, "second")
        done.append("second")
        held.let_go.set()

    assert at_once(first, second) == [None, None]
    return done


def test_versions_are_numbered_as_they_commit(town: City, monkeypatch: pytest.MonkeyPatch) -> None:
    calendar.current_version()
    assert _race(monkeypatch)[0] == "first"
    numbered = CalendarVersion.objects.order_by("-pk").values_list("reason", flat=True)[:2]
    assert list(numbered) == ["second", "first"]


def test_control_without_turns_the_later_number_commits_first(
    town: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    calendar.current_version()
    monkeypatch.setattr(calendar_changes, "_wait_for_turn", lambda: None)
    assert _race(monkeypatch)[0] == "second"


def test_a_change_holds_up_no_registration(town: City, monkeypatch: pytest.MonkeyPatch) -> None:
    calendar.current_version()
    held = _Held()
    monkeypatch.setattr(calendar_changes, "_enter", held)

    def register() -> bool:
        held.is_open.wait(20)
        request = town.request(at=OPENED)
        was_open = not held.is_over.is_set()
        held.let_go.set()
        return was_open and Clock.objects.filter(subject_id=request.pk).exists()

    changed, was_open = at_once(lambda: _change(9, "typhoon"), register)
    assert isinstance(changed, CalendarVersion)
    assert was_open is True


def test_a_change_that_waits_for_its_turn_is_entered_when_that_has_come(town: City) -> None:
    calendar.current_version()
    closure = DayChange(date(2030, 6, 3), False, "停电")
    let_go = behind(
        calendar_changes._wait_for_turn,
        lambda: change_calendar([closure], reason="停电", by=None),
    )
    # What came due while it waited was settled by the calendar that held then.
    assert CalendarVersion.objects.latest("pk").entered_at > let_go
