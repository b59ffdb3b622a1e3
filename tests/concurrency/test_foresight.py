"""Issues and watch lists by two at the same moment: searched once, drawn once, judged once."""

from __future__ import annotations

from courts.errors import Refused, WrongState
from reports.ahead import services as ahead
from reports.briefing import services as briefings
from reports.issues import services as issues
from reports.models import Briefing, Issue, IssueSearch, WatchEntry, WatchList
from tests.city import City, local
from tests.concurrency.conftest import at_once
from tests.reports.briefed import JULY_1, JUNE
from tests.reports.follow_up_city import chamber
from tests.reports.test_ahead import APRIL_1
from tests.reports.test_ahead import lively as watched_city
from tests.reports.test_issues import lively


def _propose(town: City) -> int:
    return issues.propose(jurisdiction_id=town.jurisdiction.pk, month=JUNE, at=JULY_1)


def test_two_searches_at_once_propose_once(town: City) -> None:
    lively(town)
    assert sorted(at_once(*(lambda: _propose(town),) * 2)) == [0, 1]
    assert (IssueSearch.objects.count(), Issue.objects.count()) == (1, 1)


def test_an_issue_is_referred_or_dismissed(town: City) -> None:
    lively(town)
    _propose(town)
    one, by = Issue.objects.get(), chamber(town)
    results = at_once(
        lambda: issues.refer(
            issue_id=one.pk, category="case_process", text="请研究。", by=by, at=JULY_1
        ),
        lambda: issues.dismiss(issue_id=one.pk, text="已整治。", by=by, at=JULY_1),
    )
    assert [type(one) for one in results if isinstance(one, Exception)] == [WrongState]


def test_what_is_taken_in_stands_in_what_is_reviewed(town: City) -> None:
    lively(town)
    _propose(town)
    one, by = Issue.objects.get(), chamber(town)
    issues.rename(issue_id=one.pk, title="执行款发放慢", by=by, at=JULY_1)
    draft = briefings.draft(jurisdiction_id=town.jurisdiction.pk, month=JUNE, by=None, at=JULY_1)
    results = at_once(
        lambda: issues.take_in(issue_id=one.pk, by=by, at=JULY_1),
        lambda: briefings.submit(briefing_id=draft.pk, by=by, at=JULY_1),
    )
    one.refresh_from_db()
    shown = [line["name"] for line in Briefing.objects.get().values["issues"]]
    if one.state == "in_briefing":
        assert shown == [one.name]
    else:
        assert shown == []
        assert [type(one) for one in results if isinstance(one, Exception)] == [Refused]


def test_two_draws_at_once_draw_once_and_two_who_act_act_once(town: City) -> None:
    watched_city(town)

    def draw() -> bool:
        return ahead.draw(jurisdiction_id=town.jurisdiction.pk, at=APRIL_1)

    assert sorted(at_once(draw, draw)) == [False, True]
    assert (WatchList.objects.count(), WatchEntry.objects.count()) == (1, 4)
    one, by = WatchEntry.objects.order_by("place")[0], chamber(town)
    results = at_once(
        *(
            lambda done=done: ahead.act(
                entry_id=one.pk, done=done, text="已办。", by=by, at=local(2026, 4, 2)
            )
            for done in ("pushed", "called")
        )
    )
    assert [type(one) for one in results if isinstance(one, Exception)] == [WrongState]
