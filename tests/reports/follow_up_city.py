"""People and matters of the follow-up in the invented city, for its tests."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from courts.models import Court, Department, Person, Post, Tenure
from reports.agenda import services as agenda
from reports.improvements import services as improvements
from reports.interviews import services as interviews
from reports.issues import services as issues
from reports.models import AgendaMatter, Improvement, Problem, ReferralItem, ReferralLot
from reports.models.follow_up import Matter
from reports.months import Month
from reports.practices import services as practices
from reports.problems import services as problems
from reports.referrals import services as referrals
from tests.city import SINCE, City

K = Post.Kind


def chamber(town: City) -> Person:
    """Who holds the Case Filing Chamber's post."""
    return town.holder(K.FILING_CHAMBER, court=town.intermediate)


def office(town: City, kind: str = "trial_management") -> Department:
    """An office of the leading court."""
    return Department.objects.get(court=town.intermediate, kind=kind)


def officer(town: City, kind: str = "trial_management") -> Person:
    """Who holds the post of an office."""
    return town.holder(kind, court=town.intermediate)


def seat(town: City, kind: str, name: str, *, court: Court | None = None, **post: Any) -> Person:
    """One more person in one more post of a kind."""
    person = Person.objects.create_user(name, name=name)
    seat = Post.objects.create(kind=kind, court=court or town.intermediate, **post)
    Tenure.objects.create(post=seat, person=person, from_at=SINCE)
    return person


def item(town: City, at: datetime, **given: Any) -> ReferralItem:
    """Something to be referred."""
    values: dict[str, Any] = {
        "jurisdiction": town.jurisdiction,
        "category": "case_process",
        "issue": "hot",
        "title": "送达迟延",
        "text": "三个庭的裁判文书送达平均超过二十日。",
        "by": chamber(town),
        "at": at,
    }
    return referrals.refer(**(values | given))


def sent_lot(town: City, at: datetime, *, kind: str = "trial_management", count: int = 2,
             **given: Any) -> ReferralLot:  # fmt: skip
    """A lot of the month of ``at``, with so many items, sent at that instant."""
    for _number in range(count):
        item(town, at, **given)
    by = given.get("by") or chamber(town)
    month = Month.of(at, town.jurisdiction.zone)
    lot = referrals.compile_lot(office=office(town, kind), month=month, by=by, at=at)
    return referrals.send(lot_id=lot.pk, by=by, at=at)


def problem(town: City, at: datetime, **given: Any) -> Problem:
    """A problem that the leader of the first division of the east owns."""
    division = town.division()
    values: dict[str, Any] = {
        "category": "case_process",
        "title": "保全后不告知",
        "text": "财产保全裁定作出后未告知当事人。",
        "court": town.east,
        "department": division,
        "owner": town.holder(K.DEPARTMENT_LEADER, department=division),
        "by": chamber(town),
        "at": at,
    }
    return problems.list_problem(**(values | given))


def agenda_matter(town: City, at: datetime, **given: Any) -> AgendaMatter:
    """A matter of the president's meeting of the east, owned by a division's leader."""
    division = town.division()
    values: dict[str, Any] = {
        "body": AgendaMatter.Body.PRESIDENTS_MEETING,
        "meeting_on": at.date(),
        "title": "专题听取联系法官工作汇报",
        "text": "研究电话接听率偏低的问题。",
        "court": town.east,
        "department": division,
        "owner": town.holder(K.DEPARTMENT_LEADER, department=division),
        "by": town.holder(K.PRESIDENT),
        "at": at,
    }
    return agenda.put_on_agenda(**(values | given))


def improvement(town: City, at: datetime, **given: Any) -> Improvement:
    """What a judge of the east proposes."""
    values: dict[str, Any] = {
        "court": town.east,
        "department": town.division(),
        "title": "短信模板太长",
        "text": "建议缩短催告短信。",
        "by": town.judge(),
        "at": at,
    }
    return improvements.propose(**(values | given))


def one_of_each(town: City, at: datetime) -> list[Matter]:
    """One matter of each kind, as the chamber meets them: to be sent, checked, answered."""
    by = chamber(town)
    item(town, at)
    lot = referrals.compile_lot(
        office=office(town), month=Month.of(at, town.jurisdiction.zone), by=by, at=at
    )
    away = sent_lot(town, at, kind="discipline", count=1, category="judicial_conduct")
    reported = problem(town, at)
    problems.report(problem_id=reported.pk, text="已整改。", by=reported.owner, at=at)
    resulted = agenda_matter(town, at)
    agenda.record_result(matter_id=resulted.pk, text="已办。", by=resulted.owner, at=at)
    interview = interviews.propose_by_hand(
        court=town.east, department=town.division(), title="约谈", text="连续靠后。", by=by, at=at
    )
    practice = practices.record_practice(
        court=town.east, department=None, title="晨会过单", text="每日九点。",
        by=town.holder(K.PRESIDENT), at=at,
    )  # fmt: skip
    practices.circulate(practice_id=practice.pk, by=by, at=at)
    issue = issues.mark_key(
        request=town.request(at=at), title="当事人扬言轻生", text="已启动联络，须连续跟进。", by=by,
        at=at,
    )  # fmt: skip
    return [issue, lot, away, reported, resulted, interview, improvement(town, at), practice]
