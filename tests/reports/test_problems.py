"""The list of problems and agenda matters: cleared by one person, judged by another."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from courts.errors import Invalid, NotAllowed, WrongState
from escalation.models import Clock
from escalation.sweep import sweep
from notices import kinds
from notices.models import Notice
from reports.agenda import services as agenda
from reports.agenda.lifecycle import AgendaState
from reports.agenda.sample import draw
from reports.models import AgendaMatter, LookBack, Problem
from reports.problems import services
from reports.problems.lifecycle import ProblemState
from tests import city
from tests.city import City, local
from tests.reports.follow_up_city import K, agenda_matter, chamber, problem

AT = local(2020, 6, 5, 14)


@pytest.fixture
def town(db: None) -> City:
    return city.build()


def _clock(matter: Problem | AgendaMatter) -> Clock:
    return Clock.objects.get(kind=matter.KIND, subject_id=matter.pk)


def test_a_problem_is_struck_off_by_another_than_its_owner(town: City) -> None:
    one = problem(town, AT)
    owner = one.owner
    assert (_clock(one).limit_at, _clock(one).handler) == (local(2020, 7, 7, 0), owner)
    with pytest.raises(WrongState):
        services.strike(problem_id=one.pk, text="无", by=chamber(town), at=AT)
    with pytest.raises(NotAllowed):
        services.report(problem_id=one.pk, text="已整改", by=town.judge(), at=AT)
    done = AT + timedelta(days=3)
    services.report(problem_id=one.pk, text="已改为当日告知。", by=owner, at=done)
    assert _clock(one).stopped_at == done
    with pytest.raises(NotAllowed):
        services.strike(problem_id=one.pk, text="自查", by=owner, at=done)
    services.strike(problem_id=one.pk, text="抽查属实。", by=chamber(town), at=done)
    one.refresh_from_db()
    assert (one.state, one.struck_by) == (ProblemState.STRUCK, chamber(town))
    with pytest.raises(WrongState):
        services.strike(problem_id=one.pk, text="再销", by=chamber(town), at=done)
    with pytest.raises(IntegrityError), transaction.atomic():
        Problem.objects.filter(pk=one.pk).update(struck_by=owner)
    again = services.reopen(problem_id=one.pk, text="复发。", by=chamber(town), at=done)
    assert (again.state, again.reopened, again.struck_by) == (ProblemState.OPEN, 1, None)
    assert _clock(one).stopped_at is None
    with pytest.raises(Invalid):
        problem(town, AT, category="no_such_class")


def test_an_owner_who_is_president_of_the_court_rules_on_nothing_of_the_own(town: City) -> None:
    president = town.holder(K.PRESIDENT)
    one = problem(town, AT, owner=president, department=None)
    services.report(problem_id=one.pk, text="已整改。", by=president, at=AT)
    for verb in (services.strike, services.send_back):
        with pytest.raises(NotAllowed):
            verb(problem_id=one.pk, text="可", by=president, at=AT)
    services.send_back(problem_id=one.pk, text="未见台账。", by=chamber(town), at=AT)


def test_a_problem_left_alone_rises_and_is_seen_by_whom_it_rose_to(town: City) -> None:
    one = problem(town, AT)
    sweep(local(2020, 7, 20, 12))
    rows = list(Notice.objects.filter(kind="ladder.follow_up", subject_kind="problem"))
    deputy = town.holder(K.DEPUTY_PRESIDENT)
    assert {row.person_id for row in rows} == {one.owner_id, deputy.pk, chamber(town).pk}
    contexts = kinds.read(rows)
    assert all(contexts[row.pk] is not None for row in rows)
    words = {
        kinds.words(kinds.of(row.kind), context, level, language=language, url="https://u/")
        for row in rows
        if (context := contexts[row.pk])
        for level in kinds.Level
        for language in ("en", "zh-hans")
    }
    assert all(one.reference in subject and "https://u/" in body for subject, body in words)
    assert any("The limit ended" in body and one.title in body for _subject, body in words)


def test_an_agenda_matter_is_closed_by_another_and_a_joint_one_is_the_leading_courts(
    town: City,
) -> None:
    one = agenda_matter(town, AT)
    president = town.holder(K.PRESIDENT)
    agenda.record_result(matter_id=one.pk, text="接听率升至九成。", by=one.owner, at=AT)
    with pytest.raises(NotAllowed):
        agenda.close(matter_id=one.pk, text="可", by=one.owner, at=AT)
    agenda.send_back(matter_id=one.pk, text="请附数据。", by=president, at=AT)
    assert _clock(one).stopped_at is None
    agenda.record_result(matter_id=one.pk, text="附数据。", by=one.owner, at=AT)
    agenda.close(matter_id=one.pk, text="属实。", by=president, at=AT)
    with pytest.raises(Invalid) as refused:
        agenda_matter(town, AT, body=AgendaMatter.Body.JOINT_MEETING)
    assert refused.value.field == "body"
    chief = town.holder(K.PRESIDENT, court=town.intermediate)
    joint = agenda_matter(
        town, AT, body=AgendaMatter.Body.JOINT_MEETING, court=town.intermediate, department=None,
        owner=chief, by=chief,
    )  # fmt: skip
    west = town.holder(K.PRESIDENT, court=town.west)
    assert set(AgendaMatter.objects.visible_to(west)) == {joint}
    assert not AgendaMatter.objects.visible_to(town.judge()).exists()


def test_the_look_back_draws_once_a_sample_that_can_be_drawn_again(town: City) -> None:
    president = town.holder(K.PRESIDENT)
    closed = []
    for number in range(6):
        one = agenda_matter(town, local(2020, 6, 5, 9, number))
        agenda.record_result(matter_id=one.pk, text="已办。", by=one.owner, at=AT)
        day = local(2020, 6, 30, 23, 59) if number < 5 else local(2020, 7, 1, 0)
        agenda.close(matter_id=one.pk, text="可。", by=president, at=day)
        closed.append(one.pk)
    assert agenda.look_back_due(local(2020, 9, 28)) == 0  # 90 days after June: on 29 September
    found = agenda.look_back_due(local(2020, 9, 29))
    row = LookBack.objects.get()
    assert (found, row.among) == (1, closed[:5])  # a fifth of five
    assert row.drawn == draw(row.among, percent=20, seed=row.seed)
    assert agenda.look_back_due(local(2020, 9, 30)) == 0
    one = AgendaMatter.objects.get(state=AgendaState.CHECKING)
    assert [one.pk] == row.drawn
    with pytest.raises(NotAllowed):
        agenda.confirm(matter_id=one.pk, text="成立", by=one.owner)
    again = agenda.reopen(matter_id=one.pk, text="问题反弹。", by=president)
    assert (again.state, again.closed_by) == (AgendaState.OPEN, None)


def test_the_sample_is_a_share_at_least_one_and_hangs_on_the_seed_alone() -> None:
    ids = range(1, 101)
    assert draw([], percent=20, seed="a") == []
    assert len(draw([7], percent=1, seed="a")) == 1
    assert len(draw(ids, percent=15, seed="a")) == 15
    assert draw(ids, percent=15, seed="a") == draw(reversed(ids), percent=15, seed="a")
    assert draw(ids, percent=15, seed="a") != draw(ids, percent=15, seed="b")
    often = [one for seed in range(300) for one in draw(ids, percent=20, seed=str(seed))]
    counts = [often.count(one) for one in ids]
    assert 30 < min(counts) <= max(counts) < 95  # of 60 expected, nobody spared, nobody sought
