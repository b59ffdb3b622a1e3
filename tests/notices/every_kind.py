"""A story in which every kind of notice is told once at least."""

from __future__ import annotations

from courts.models import Person
from escalation.sweep import sweep
from escalation.unannounced_year import warn_of_unannounced_year
from liaison import services as requests
from liaison.rating import rate
from notices import bounces
from notices.models import Delivery
from reports.assessment import services as assessment
from reports.briefing import services as briefing
from reports.indicators import Indicator
from reports.months import Month
from tests.city import City, local
from workorders import services
from workorders.models import ContactRecord, Instruction, Reply, WorkOrder

ANSWER = "合议庭已定于下周三开庭。"
REASON = "答复没有说明开庭时间。"
NOTE = "请协助查明送达情况。"
DISPUTE = "没有告诉我是哪一天。"
DISMISSED = "通话中已说明开庭日期。"
INSTRUCTION = "请在今天之内说明开庭安排。"
REMARK = "只说已经安排，没有说哪一天。"
OBJECTION = "该件系他人承办。"
UPHELD = "情况属实。"
CASE = "（2020）示01民初123号"


def tell_every_kind(town: City) -> WorkOrder:
    """Tell every kind; the order in which most of it happens. All in November 2026."""
    judge, division = town.judge(), town.division()
    leader = town.holder("department_leader", department=division)
    officer = town.holder("liaison_officer", department=division)
    other = town.division(index=1)
    order = town.order(at=local(2026, 11, 2), case_number=CASE)
    day = local(2026, 11, 3)
    for kind in Instruction.Kind.values:
        services.instruct(order_id=order.pk, kind=kind, text=INSTRUCTION, by=leader, at=day)
    assisting = services.assist(
        order_id=order.pk, department=other, handler=None, note=NOTE, by=judge, at=day
    )
    services.reply(
        order_id=assisting.pk,
        text="已送达。",
        by=town.holder("department_leader", department=other),
        at=local(2026, 11, 4),
    )
    services.reply(order_id=order.pk, text=ANSWER, by=judge, at=local(2026, 11, 5))
    requests.dispute(request_id=order.request_id, text=DISPUTE, at=local(2026, 11, 5, 14))
    services.reject_reply(order_id=order.pk, reason=REASON, by=officer, at=local(2026, 11, 6, 15))
    spoken = town.order(at=local(2026, 11, 9), title="第二件")
    services.record_contact(
        order_id=spoken.pk,
        means=ContactRecord.Means.CALL,
        outcome=ContactRecord.Outcome.REACHED,
        summary=ANSWER,
        is_answer=True,
        by=judge,
        at=local(2026, 11, 9, 15),
    )
    rate(
        request_id=spoken.request_id,
        grade="not_satisfied",
        remark=REMARK,
        at=local(2026, 11, 9, 15, 30),
    )
    requests.dispute(request_id=spoken.request_id, text=DISPUTE, at=local(2026, 11, 9, 16))
    requests.dismiss_dispute(
        request_id=spoken.request_id, reason=DISMISSED, by=officer, at=local(2026, 11, 9, 17)
    )
    withdrawn = town.order(at=local(2026, 11, 9), title="第三件")
    requests.withdraw(request_id=withdrawn.request_id, at=local(2026, 11, 9, 16))
    town.request(at=local(2026, 11, 2), title="没有人受理")
    Person.objects.create_superuser("root", "x", name="管理员")
    assert warn_of_unannounced_year(local(2026, 11, 10)) == 1
    sweep(local(2026, 11, 10, 12))
    _brief(town)
    _object(town, order)
    _bounce()
    assert Reply.objects.filter(rejected_at__isnull=False).exists()
    assert Delivery.objects.exists()
    return order


def _brief(town: City) -> None:
    """The briefing of October is drafted, sent to review and published."""
    at = local(2026, 11, 10, 12)
    draft = briefing.draft(
        jurisdiction_id=town.jurisdiction.pk, month=Month(2026, 10), by=None, at=at
    )
    writer = town.holder("filing_chamber", court=town.intermediate)
    briefing.submit(briefing_id=draft.pk, by=writer, at=at)
    chief = town.holder("president", court=town.intermediate)
    briefing.publish(briefing_id=draft.pk, by=chief, at=at)


def _object(town: City, order: WorkOrder) -> None:
    """The judge objects to what the rejected reply made late, and is answered."""
    made = assessment.object_to(
        request_id=order.request_id,
        indicator=Indicator.COMPLETION,
        month=Month(2026, 11),
        reason=OBJECTION,
        by=town.judge(),
        at=local(2026, 11, 10, 14),
    )
    assessment.answer_objection(
        objection_id=made.pk,
        upheld=True,
        answer=UPHELD,
        by=town.holder("filing_chamber", court=town.intermediate),
        at=local(2026, 11, 10, 15),
    )


def _bounce() -> None:
    """Mail to a party was sent, and is returned."""
    rows = Delivery.objects.filter(channel="email", notice__contact__email__gt="")
    mail = rows.order_by("pk")[0]
    at = local(2026, 11, 10, 13)
    Delivery.objects.filter(pk=mail.pk).update(state="sent", sent_at=at, next_attempt_at=None)
    returned = bounces.Bounce(mail.notice.public_id, "party@example.org", "5.1.1")
    assert bounces.record([returned], at) == 1
