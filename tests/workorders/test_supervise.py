"""What a supervisor does: urge, instruct, reject, let a reply stand, reassign."""

from __future__ import annotations

from datetime import timedelta

import pytest

from courts.models import AccessRecord, Post, Tenure
from escalation.models import Clock
from escalation.sweep import sweep
from liaison import services as requests
from liaison.kinds import REPLY
from liaison.lifecycle import RequestState
from liaison.timeline_texts import party_history
from notices.models import Notice
from tests.workorders.addresses import supervised
from workorders import services
from workorders.lifecycle import OrderState
from workorders.models import Instruction


def _clock(order) -> Clock:
    return Clock.objects.get(kind=REPLY, subject_id=order.request_id)


@pytest.fixture
def replied(order, judge):
    services.reply(order_id=order.pk, text="已收悉。", by=judge)
    order.refresh_from_db()
    return order


@pytest.fixture
def disputed(replied):
    requests.dispute(request_id=replied.request_id, text="没有回答所问。")
    replied.refresh_from_db()
    return replied


def test_a_leader_urges_without_a_word(order, judge, leader, signed_in) -> None:
    answer = signed_in(leader).post(supervised(order.request, "instruct"), {"kind": "urge"})
    assert answer.url == supervised(order.request)
    assert Instruction.objects.get().kind == Instruction.Kind.URGE
    assert Notice.objects.get(kind="order.urge").person == judge


def test_an_instruction_says_what_is_to_be_done(order, leader, judge, signed_in) -> None:
    browser = signed_in(leader)
    path = supervised(order.request, "instruct")
    answer = browser.post(path, {"kind": "instruct", "text": ""})
    assert answer.status_code == 400
    assert list(answer.context["forms"]["instruct"].errors) == ["text"]
    browser.post(path, {"kind": "instruct", "text": "今日内与当事人通话。"})
    assert Instruction.objects.get().text == "今日内与当事人通话。"
    page = signed_in(judge).get(f"/orders/{order.public_id}/").content.decode()
    assert "今日内与当事人通话。" in page
    told = party_history(order.request, with_ladder=True)
    assert "今日内与当事人通话。" not in [line.text for line in told]


def test_a_word_is_either_of_two_kinds(order, leader, signed_in) -> None:
    answer = signed_in(leader).post(supervised(order.request, "instruct"), {"kind": "verdict"})
    assert answer.status_code == 400
    assert list(answer.context["forms"]["instruct"].errors) == ["kind"]


def test_the_form_says_never_on_the_outcome(order, leader, signed_in) -> None:
    page = signed_in(leader).get(supervised(order.request)).content.decode()
    assert "On timeliness and manner only" in page
    assert "Never on the outcome of the case." in page


def test_nobody_is_urged_about_what_is_answered(replied, leader, signed_in) -> None:
    browser = signed_in(leader)
    assert "instruct" not in browser.get(supervised(replied.request)).context["forms"]
    answer = browser.post(supervised(replied.request, "instruct"), {"kind": "urge"})
    assert answer.status_code == 409


def test_the_president_of_the_superior_court_urges_what_rose_there(town, now, signed_in) -> None:
    order = town.order(at=now - timedelta(days=40))
    superior = town.holder(Post.Kind.PRESIDENT, court=town.intermediate)
    browser = signed_in(superior)
    path = supervised(order.request, "instruct")
    assert browser.post(path, {"kind": "urge"}).status_code == 404
    sweep(now)
    assert "instruct" in browser.get(supervised(order.request)).context["forms"]
    assert browser.post(path, {"kind": "urge"}).status_code == 302
    assert Instruction.objects.get().person == superior


def test_the_officer_rejects_a_reply_and_the_clock_runs_on(disputed, officer, signed_in) -> None:
    limit_at = _clock(disputed).limit_at
    answer = signed_in(officer).post(
        supervised(disputed.request, "reject"), {"reason": "答非所问。"}
    )
    assert answer.url == supervised(disputed.request)
    disputed.refresh_from_db()
    disputed.request.refresh_from_db()
    assert disputed.state == OrderState.ACKNOWLEDGED
    assert disputed.request.state == RequestState.ROUTED
    assert disputed.request.disputed_at is None
    assert _clock(disputed).stopped_at is None
    assert _clock(disputed).limit_at == limit_at
    assert disputed.replies.get().rejected_by == officer


def test_of_a_dispute_hears_who_may_rule_on_it(disputed, judge, officer) -> None:
    told = Notice.objects.filter(kind="order.disputed")
    assert {notice.person for notice in told} == {judge, officer}


def test_an_officers_own_reply_is_ruled_on_by_the_filing_chamber(
    town, order, judge, division, signed_in
) -> None:
    """An officer who is the handler too may not rule on it: somebody else must hear of it."""
    Tenure.objects.filter(post__kind=Post.Kind.LIAISON_OFFICER, post__department=division).update(
        person=judge
    )
    services.reply(order_id=order.pk, text="已收悉。", by=judge)
    requests.dispute(request_id=order.request_id, text="没有回答所问。")
    chamber = town.holder("filing_chamber", court=town.intermediate)
    told = {notice.person for notice in Notice.objects.filter(kind="order.disputed")}
    assert told == {judge, chamber}
    signed_in(chamber).post(supervised(order.request, "reject"), {"reason": "答非所问。"})
    order.refresh_from_db()
    assert order.state == OrderState.ACKNOWLEDGED


def test_who_returned_an_order_is_not_urged_for_it(order, judge, leader, signed_in) -> None:
    """It lies at the desk, which reads the word on the request's page."""
    services.return_to_desk(order_id=order.pk, reason="不属本庭。", by=judge)
    page = signed_in(leader).post(
        supervised(order.request, "instruct"), {"kind": "urge"}, follow=True
    )
    assert "It stands on the request" in page.content.decode()
    assert not Notice.objects.filter(kind="order.urge").exists()
    assert order.request.timeline.filter(kind="urge").exists()


def test_the_officer_lets_a_disputed_reply_stand(disputed, officer, signed_in) -> None:
    browser = signed_in(officer)
    path = supervised(disputed.request, "dismiss")
    answer = browser.post(path, {"reason": ""})
    assert answer.status_code == 400
    assert list(answer.context["forms"]["dismiss"].errors) == ["reason"]
    browser.post(path, {"reason": "答复已说明开庭日期。"})
    disputed.request.refresh_from_db()
    assert disputed.request.disputed_at is None
    assert disputed.request.state == RequestState.ANSWERED
    told = [line.text for line in party_history(disputed.request, with_ladder=True)]
    assert "答复已说明开庭日期。" in told
    assert browser.post(path, {"reason": "再次。"}).status_code == 409


def test_a_rejection_needs_its_reason(replied, officer, signed_in) -> None:
    answer = signed_in(officer).post(supervised(replied.request, "reject"), {"reason": " "})
    assert answer.status_code == 400
    assert list(answer.context["forms"]["reject"].errors) == ["reason"]


def test_without_a_reply_there_is_nothing_to_reject(order, officer, signed_in) -> None:
    browser = signed_in(officer)
    assert "reject" not in browser.get(supervised(order.request)).context["forms"]
    answer = browser.post(supervised(order.request, "reject"), {"reason": "太慢"})
    assert answer.status_code == 409


def test_leaders_and_presidents_judge_no_reply(disputed, leader, president, signed_in) -> None:
    for person in (leader, president):
        browser = signed_in(person)
        shown = browser.get(supervised(disputed.request)).context["forms"]
        assert not {"reject", "dismiss"} & set(shown)
        for verb in ("reject", "dismiss"):
            answer = browser.post(supervised(disputed.request, verb), {"reason": "不妥"})
            assert answer.status_code == 403


@pytest.fixture
def both(town, order, judge, division, now):
    """The leader of the department is its liaison officer too, and has written the reply."""
    leader = town.holder(Post.Kind.DEPARTMENT_LEADER, department=division)
    seat = division.posts.get(kind=Post.Kind.LIAISON_OFFICER)
    seat.tenures.update(until_at=now - timedelta(minutes=50))
    seat.tenures.create(person=leader, from_at=now - timedelta(minutes=50))
    services.reply(order_id=order.pk, text="已收悉。", by=leader)
    requests.dispute(request_id=order.request_id, text="没有回答所问。")
    return leader


def test_no_one_rules_on_a_reply_of_ones_own(both, order, signed_in) -> None:
    browser = signed_in(both)
    page = browser.get(supervised(order.request))
    assert not {"reject", "dismiss"} & set(page.context["forms"])
    assert "somebody else has to judge it" in page.content.decode()
    for verb in ("reject", "dismiss"):
        answer = browser.post(supervised(order.request, verb), {"reason": "不妥"})
        assert answer.status_code == 403
    order.refresh_from_db()
    order.request.refresh_from_db()
    assert order.state == OrderState.REPLIED
    assert order.request.disputed_at is not None


def test_thirty_days_after_completion_a_reply_is_past_rejecting(
    town, judge, officer, now, signed_in
) -> None:
    order = town.order(at=now - timedelta(days=60))
    services.reply(order_id=order.pk, text="已收悉。", by=judge, at=now - timedelta(days=59))
    services.complete(order_id=order.pk, by=judge, at=now - timedelta(days=31))
    browser = signed_in(officer)
    assert "reject" not in browser.get(supervised(order.request)).context["forms"]
    answer = browser.post(supervised(order.request, "reject"), {"reason": "答非所问。"})
    assert answer.status_code == 409


@pytest.mark.parametrize("verb", ["reject", "dismiss"])
def test_a_reply_disputed_in_time_is_ruled_on_when_the_officer_comes_to_it(
    town, judge, officer, now, signed_in, verb
) -> None:
    order = town.order(at=now - timedelta(days=60))
    services.reply(order_id=order.pk, text="已收悉。", by=judge, at=now - timedelta(days=59))
    services.complete(order_id=order.pk, by=judge, at=now - timedelta(days=31))
    requests.dispute(request_id=order.request_id, text="没有回答所问。", at=now - timedelta(days=2))
    browser = signed_in(officer)
    assert verb in browser.get(supervised(order.request)).context["forms"]
    answer = browser.post(supervised(order.request, verb), {"reason": "见答复。"})
    assert answer.url == supervised(order.request)
    order.request.refresh_from_db()
    assert order.request.disputed_at is None
    assert order.request.is_open == (verb == "reject")


def test_the_officer_reassigns(town, order, officer, division, signed_in) -> None:
    assistant = town.holder(Post.Kind.JUDGE_ASSISTANT, department=division)
    given = {"department": f"{division.pk}:{assistant.pk}", "reason": "由助理先行联系"}
    assert signed_in(officer).post(supervised(order.request, "reassign"), given).status_code == 302
    order.refresh_from_db()
    assert order.handler == assistant


def test_an_order_that_leaves_the_reach_leads_back_to_the_queue(
    town, order, officer, signed_in
) -> None:
    given = {"department": str(town.division(town.west).pk), "reason": "他院案件"}
    answer = signed_in(officer).post(supervised(order.request, "reassign"), given)
    assert answer.url == "/supervision/"


def test_a_president_reassigns_nothing(town, order, president, signed_in) -> None:
    browser = signed_in(president)
    assert "reassign" not in browser.get(supervised(order.request)).context["forms"]
    given = {"department": str(town.division(index=1).pk), "reason": "改派"}
    assert browser.post(supervised(order.request, "reassign"), given).status_code == 403


@pytest.mark.parametrize("verb", ["instruct", "reject", "dismiss", "reassign"])
def test_what_is_out_of_reach_does_not_exist(town, replied, signed_in, verb) -> None:
    other = town.holder(Post.Kind.LIAISON_OFFICER, department=town.division(index=1))
    browser = signed_in(other)
    answer = browser.post(supervised(replied.request, verb), {"reason": "x", "kind": "urge"})
    assert answer.status_code == 404
    own = signed_in(town.holder(Post.Kind.LIAISON_OFFICER, department=town.division()))
    assert own.get(supervised(replied.request, verb)).url == supervised(replied.request)


def test_each_look_of_a_leader_is_recorded(order, leader, officer, president, signed_in) -> None:
    for person in (leader, president, officer):
        signed_in(person).get(supervised(order.request))
    looks = AccessRecord.objects.filter(action=AccessRecord.Action.LEADER_LOOK)
    assert set(looks.values_list("person_id", "subject_kind", "subject_id")) == {
        (person.pk, "request", order.request_id) for person in (leader, president)
    }
    # A submission that is refused shows as much.
    assert signed_in(president).post(supervised(order.request, "reject"), {}).status_code == 400
    assert looks.filter(person=president).count() == 2
