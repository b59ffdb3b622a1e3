"""Interviews, proposals for improvement and good practices: their verbs."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from courts.errors import Invalid, NotAllowed, WrongState
from escalation.models import Clock
from notices.models import Notice
from reports.improvements import services as improvements
from reports.improvements.lifecycle import ImprovementState
from reports.interviews import services
from reports.interviews.lifecycle import InterviewState
from reports.models import Interview, Practice, PracticeAcknowledgement
from reports.months import Month
from reports.practices import services as practices
from tests import city
from tests.city import City, local
from tests.reports import ranked_city
from tests.reports.follow_up_city import K, chamber, improvement

pytestmark = pytest.mark.django_db
AT = local(2020, 7, 2)


@pytest.fixture
def town() -> City:
    return city.build()


def _held(town: City, interview: Interview, **given: object) -> Interview:
    values: dict = {
        "interviewed": town.holder(K.PRESIDENT, court=town.west),
        "held_on": date(2020, 7, 2),
        "agreed": "两周内清理积压。",
        "agreed_until": date(2020, 7, 20),
        "by": town.holder(K.DEPUTY_PRESIDENT, court=town.intermediate),
        "at": AT,
    }
    return services.hold(interview_id=interview.pk, **(values | given))


def test_the_ranking_proposes_each_unit_once_a_month(town: City) -> None:
    ranked_city.tell(town)
    new = services.propose(town.jurisdiction, Month(2020, 6), at=AT)
    west = Interview.objects.get(court=town.west, department=None)
    assert (west.lagging, west.ranking_month, west.raised_by) == (3, date(2020, 6, 1), None)
    assert new == Interview.objects.count()
    assert services.propose(town.jurisdiction, Month(2020, 6), at=AT) == 0
    told = Notice.objects.filter(kind="follow_up.news", subject_kind="interview")
    assert set(told.values_list("person", flat=True)) == {chamber(town).pk}
    with pytest.raises(IntegrityError), transaction.atomic():
        Interview.objects.create(
            court=town.west, department=None, title="x", ranking_month=date(2020, 6, 1)
        )


def test_an_interview_is_held_confirmed_by_the_unit_and_followed_up(town: City) -> None:
    deputy = town.holder(K.DEPUTY_PRESIDENT, court=town.intermediate)
    given = {"court": town.west, "department": None, "title": "约谈", "text": "连续靠后。"}
    interview = services.propose_by_hand(**given, by=deputy, at=AT)
    president = town.holder(K.PRESIDENT, court=town.west)
    with pytest.raises(NotAllowed):
        services.propose_by_hand(**given, by=town.judge(), at=AT)
    for wrong, field in (
        ({"held_on": date(2020, 7, 3)}, "held_on"),
        ({"agreed_until": date(2020, 7, 1)}, "agreed_until"),
        ({"interviewed": deputy}, "interviewed"),
    ):
        with pytest.raises(Invalid) as refused:
            _held(town, interview, **wrong)
        assert refused.value.field == field
    _held(town, interview)
    with pytest.raises(WrongState):
        _held(town, interview)
    with pytest.raises(NotAllowed):
        services.confirm(interview_id=interview.pk, by=deputy, at=AT)
    with pytest.raises(NotAllowed):
        services.confirm(interview_id=interview.pk, by=town.holder(K.PRESIDENT), at=AT)
    services.confirm(interview_id=interview.pk, by=president, at=AT)
    with pytest.raises(NotAllowed):
        services.follow_up(interview_id=interview.pk, text="好", by=president, at=AT)
    done = services.follow_up(interview_id=interview.pk, text="积压清零。", by=deputy, at=AT)
    assert (done.state, done.confirmed_by) == (InterviewState.FOLLOWED_UP, president)
    east = town.holder(K.PRESIDENT)
    assert not Interview.objects.visible_to(east).exists()


def test_nobody_of_a_court_judges_the_interview_about_that_court(town: City) -> None:
    ranked_city.tell(town)
    services.propose(town.jurisdiction, Month(2020, 6), at=AT)
    interview = Interview.objects.get(court=town.west, department=None)
    president = town.holder(K.PRESIDENT, court=town.west)
    with pytest.raises(NotAllowed):
        services.dismiss(interview_id=interview.pk, text="已整改。", by=president, at=AT)
    with pytest.raises(NotAllowed):
        _held(town, interview, by=president, interviewed=town.judge(town.division(town.west)))
    given = {"title": "约谈", "text": "连续靠后。", "by": president, "at": AT}
    with pytest.raises(Invalid):
        services.propose_by_hand(court=town.west, department=None, **given)
    # A department of the court is the president's own affair.
    own = services.propose_by_hand(court=town.west, department=town.division(town.west), **given)
    assert services.dismiss(interview_id=own.pk, text="已整改。", by=president, at=AT)
    chief = town.holder(K.PRESIDENT, court=town.intermediate)
    assert services.dismiss(interview_id=interview.pk, text="已约谈。", by=chief, at=AT)


def test_anyone_proposes_and_the_chamber_answers_within_its_limit(town: City) -> None:
    one = improvement(town, AT)
    clock = Clock.objects.get(kind="improvement", subject_id=one.pk)
    assert clock.limit_at == local(2020, 7, 17, 0)
    with pytest.raises(NotAllowed):
        improvements.adopt(improvement_id=one.pk, text="行", by=town.holder(K.PRESIDENT), at=AT)
    improvements.adopt(improvement_id=one.pk, text="下月改版。", by=chamber(town), at=AT)
    clock.refresh_from_db()
    assert clock.stopped_at == AT
    with pytest.raises(WrongState):
        improvements.decline(improvement_id=one.pk, text="不行", by=chamber(town), at=AT)
    done = improvements.carry_out(improvement_id=one.pk, text="已上线。", by=chamber(town), at=AT)
    assert done.state == ImprovementState.IMPLEMENTED
    own = improvement(town, AT, by=chamber(town), court=town.intermediate, department=None)
    with pytest.raises(NotAllowed):
        improvements.adopt(improvement_id=own.pk, text="可", by=chamber(town), at=AT)
    told = Notice.objects.filter(kind="follow_up.news", person=town.judge())
    assert told.count() == 2


def test_a_practice_is_circulated_and_noted_once_by_each_court(town: City) -> None:
    leader = town.holder(K.DEPARTMENT_LEADER, department=town.division())
    one = practices.record_practice(
        court=town.east, department=town.division(), title="早办会", text="每日晨会过单。",
        by=leader, at=AT,
    )  # fmt: skip
    west = town.holder(K.PRESIDENT, court=town.west)
    assert not Practice.objects.visible_to(west).exists()
    with pytest.raises(WrongState):
        practices.acknowledge(practice_id=one.pk, court=town.west, by=west, at=AT)
    with pytest.raises(NotAllowed):
        practices.circulate(practice_id=one.pk, by=leader, at=AT)
    practices.circulate(practice_id=one.pk, by=chamber(town), at=AT)
    assert Practice.objects.visible_to(west).exists()
    for _time in range(2):
        practices.acknowledge(practice_id=one.pk, court=town.west, by=west, at=AT)
    assert PracticeAcknowledgement.objects.get().court == town.west
    with pytest.raises(NotAllowed):
        practices.acknowledge(practice_id=one.pk, court=town.east, by=west, at=AT)
