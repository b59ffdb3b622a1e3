"""What stands in the city today: one scene for every state that a visitor should find."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from liaison.models import Channel
from reports.demonstration.days import Days


@dataclass(frozen=True)
class Act:
    """A verb of a service at its instant, with what it is given."""

    at: datetime
    verb: str
    given: dict[str, Any]


@dataclass
class Scene:
    """A request and what is done about it, in order.

    ``key`` is its name in this city, ``text`` one of ``texts.toml``; ``branch`` and ``division``
    say which division it is dispatched to, ``judge`` whom in it. ``party`` lets two scenes be of
    the same person.
    """

    key: str
    text: str
    slug: str
    branch: str
    opened_at: datetime
    channel: str = Channel.WEBSITE
    division: int = 0
    judge: int = 0
    party: str = ""
    acts: list[Act] = field(default_factory=list)

    def do(self, verb: str, at: datetime, **given: Any) -> Scene:
        """Add an act."""
        self.acts.append(Act(at, verb, given))
        return self


def staged(days: Days) -> Iterator[Scene]:
    """The scenes of today."""
    yield from _at_the_desk(days)
    yield from _in_hand(days)
    yield from _late(days)
    yield from _answered(days)
    yield from _ended(days)


def _at_the_desk(days: Days) -> Iterator[Scene]:
    ago, at = days.ago, days.at
    fresh = (
        ("fresh_1", "cannot_reach", "donghu", "civil", 24, Channel.WEBSITE),
        ("fresh_2", "effective_certificate", "donghu", "civil", 71, Channel.WECHAT),
        ("fresh_3", "limit_spending", "xiling", "enforcement", 118, Channel.MINI_PROGRAM),
        ("fresh_4", "filing_documents", "nanping", "civil", 163, Channel.TEXT_MESSAGE),
        ("fresh_5", "appeal_transfer", "shifan", "civil", 204, Channel.WEBSITE),
    )
    for key, text, slug, branch, minutes, channel in fresh:
        yield Scene(key, text, slug, branch, ago(minutes), channel)
    # Nobody has taken it up for more than a business day.
    yield Scene(
        "late_acceptance", "opinion_machine", "donghu", "civil", at(2, "16:20"), Channel.HALL
    )
    yield Scene("due_today", "fee_refund", "beiyuan", "civil", at(1, "17:35"), Channel.WECHAT)
    yield (
        Scene("returned", "third_party_objection", "donghu", "enforcement", at(2, "10:05"))
        .do("route", at(2, "11:10"), division=("civil", 1))
        .do("acknowledge", at(2, "14:30"))
        .do("return_to_desk", at(1, "10:40"))
    )
    yield (
        Scene(
            "answer_disputed", "address_change", "donghu", "civil", at(2, "09:40"), Channel.HOTLINE
        )
        .do("answer", at(2, "10:15"))
        .do("dispute", at(1, "19:30"), text="说是登记了，可今天传票又寄到旧地址，没有解决。")
    )


def _in_hand(days: Days) -> Iterator[Scene]:
    at = days.at
    yield (
        Scene("dispatched", "hearing_date", "donghu", "civil", at(1, "15:45")).do(
            "route", at(1, "16:30")
        )
    )
    yield (
        Scene("dispatched_any", "neighbour_water", "donghu", "civil", at(1, "09:50")).do(
            "route", at(1, "11:20")
        )
    )
    yield (
        Scene("acknowledged", "contract_seal", "donghu", "civil", at(2, "14:10"), Channel.WECHAT)
        .do("route", at(2, "15:00"))
        .do("acknowledge", at(1, "09:20"))
    )
    yield (
        Scene("not_reached", "judgment_typo", "nanping", "civil", at(2, "09:15"), Channel.HOTLINE)
        .do("route", at(2, "09:50"))
        .do("acknowledge", at(2, "10:30"))
        .do("contact", at(1, "15:10"), reached=False)
    )
    scene = Scene("attempted", "traffic_compensation", "xiling", "civil", at(3, "08:50"))
    scene.do("route", at(3, "09:40")).do("acknowledge", at(3, "11:00"))
    for number, hour in ((2, "10:10"), (2, "16:05"), (1, "11:25")):
        scene.do("contact", at(number, hour), reached=False)
    yield scene
    yield (
        Scene("reached", "appraisal_delay", "donghu", "civil", at(2, "10:20"), division=1)
        .do("route", at(2, "11:00"))
        .do("acknowledge", at(2, "15:40"))
        .do("contact", at(1, "10:05"), reached=True)
    )
    yield (
        Scene("assisted", "cooperative_assets", "donghu", "enforcement", at(2, "08:40"))
        .do("route", at(2, "09:30"))
        .do("acknowledge", at(2, "10:00"))
        .do(
            "assist",
            at(1, "11:15"),
            to=("civil", 1),
            text="请协助提供原审卷宗中租赁合同的复印件，并说明租户身份是否已经查明。",
        )
    )
    yield (
        Scene("reassigned", "property_fee", "donghu", "civil", at(3, "13:55"), Channel.HALL)
        .do("route", at(3, "14:40"))
        .do("acknowledge", at(3, "16:20"))
        .do("reassign", at(2, "09:45"), to_judge=1, text="该案已于上月改由本庭另一合议庭审理。")
    )


def _late(days: Days) -> Iterator[Scene]:
    """Late now; the number in the key is the highest rung that has fired."""
    at = days.at
    plain = (
        ("late_1a", "loan_interest", "donghu", "civil", 0, 4),
        ("late_1b", "final_instance", "shifan", "civil", 0, 5),
        ("late_2a", "case_status", "nanping", "civil", 0, 6),
        ("late_2b", "maintenance_arrears", "donghu", "enforcement", 0, 7),
        ("late_3a", "preservation_lift", "donghu", "civil", 0, 8),
        ("late_3b", "hearing_date", "xiling", "civil", 1, 8),
        ("late_4a", "judgment_not_received", "donghu", "civil", 0, 11),
        ("late_4b", "admin_deadline", "beiyuan", "admin", 0, 10),
    )
    for key, text, slug, branch, division, number in plain:
        scene = Scene(key, text, slug, branch, at(number, "09:25"), division=division)
        scene.do("route", at(number, "10:30"))
        if key in ("late_2b", "late_3a", "late_4a"):
            scene.do("acknowledge", at(number - 1, "09:30"))
        if key == "late_2a":
            scene.do("instruct", at(1, "14:20"), by="officer", kind="urge", text="")
        if key == "late_4a":
            scene.do("instruct", at(3, "15:30"), by="president", kind="urge", text="")
            scene.do(
                "instruct",
                at(1, "10:10"),
                by="superior",
                kind="instruct",
                text="请今日内与当事人取得联系，说明判决书送达情况，并由庭长报告逾期原因。",
            )
        yield scene
    scene = Scene(
        "late_attempted", "pay_out", "xiling", "enforcement", at(5, "14:30"), Channel.HOTLINE
    )
    scene.do("route", at(5, "15:10")).do("acknowledge", at(5, "16:00"))
    for number, hour in ((4, "10:00"), (3, "09:50"), (3, "16:40")):
        scene.do("contact", at(number, hour), reached=False)
    yield scene


def _answered(days: Days) -> Iterator[Scene]:
    at = days.at
    yield (
        Scene("replied", "enforcement_progress", "donghu", "enforcement", at(3, "09:20"))
        .do("route", at(3, "10:00"))
        .do("contact", at(2, "09:40"), reached=True)
        .do("reply", at(1, "10:50"))
    )
    yield (
        Scene("spoken", "materials_lost", "xiling", "civil", at(2, "13:40"), Channel.WECHAT)
        .do("route", at(2, "14:20"))
        .do("contact", at(1, "09:35"), reached=True, is_answer=True)
    )
    yield (
        Scene(
            "on_the_spot", "online_hearing", "donghu", "civil", at(1, "10:20"), Channel.HOTLINE
        ).do("answer", at(1, "10:32"))
    )
    yield (
        Scene("disputed", "cannot_reach", "donghu", "civil", at(6, "10:10"))
        .do("route", at(6, "11:00"))
        .do("acknowledge", at(6, "14:00"))
        .do("reply", at(4, "16:30"), text="您好，来件收悉，请耐心等待，有进展会另行通知。")
        .do(
            "dispute",
            at(1, "20:15"),
            text="回复等于没有回复。我问的是法官什么时候能给我回电话、调解还做不做，一个都没答。",
        )
    )
    yield (
        Scene("reopened", "complaint_attitude", "donghu", "civil", at(5, "09:30"), division=1)
        .do("route", at(5, "10:20"))
        .do("reply", at(4, "15:00"), text="您反映的问题已转相关人员阅处。")
        .do("dispute", at(3, "18:40"), text="转给谁了？什么结果？没有人联系过我。")
        .do(
            "reject_reply",
            at(2, "15:20"),
            text="未核实情况、未与当事人联系，属敷衍答复，请核听录音后重新答复。",
        )
    )
    yield (
        Scene("answered_again", "auction_question", "xiling", "enforcement", at(10, "09:10"))
        .do("route", at(10, "10:00"))
        .do("reply", at(9, "16:00"), text="以公告为准。")
        .do("rate", at(9, "19:30"), grade="not_satisfied", remark="清场由谁负责，没有回答。")
        .do(
            "reject_reply",
            at(8, "10:30"),
            text="当事人询问清场责任，答复未作说明，请按公告内容具体回答。",
        )
        .do("contact", at(8, "15:30"), reached=True)
        .do("reply", at(7, "11:00"))
        .do("rate", at(7, "19:10"), grade="satisfied", remark="这次说清楚了。")
    )
    yield (
        Scene("dismissed", "loan_interest", "beiyuan", "civil", at(13, "09:10"))
        .do("route", at(13, "10:00"))
        .do("contact", at(12, "10:30"), reached=True)
        .do("reply", at(11, "11:00"))
        .do("dispute", at(9, "21:10"), text="我认为利息应当从第二个日期算，不同意法官的说法。")
        .do(
            "dismiss_dispute",
            at(8, "10:00"),
            text="答复已针对所问作出说明；对裁判内容的不同意见可依法通过再审程序提出。",
        )
    )


def _ended(days: Days) -> Iterator[Scene]:
    at = days.at
    yield (
        Scene("withdrawn", "withdraw_divorce", "donghu", "civil", at(3, "20:30"))
        .do("route", at(2, "09:15"))
        .do("withdraw", at(1, "12:40"))
    )
    yield (
        Scene("goes_on", "wage_group", "nanping", "enforcement", at(2, "09:05"), party="同一人")
        .do("route", at(2, "10:15"))
        .do("acknowledge", at(2, "15:20"))
    )
    yield (
        Scene(
            "merged", "enforcement_progress", "nanping", "enforcement", at(1, "08:10"),
            Channel.HOTLINE, party="同一人",
        )
        .do("merge", at(1, "09:40"), into="goes_on")
    )  # fmt: skip
    yield (
        Scene("completed", "criminal_restitution", "donghu", "criminal", at(5, "09:00"))
        .do("route", at(5, "09:40"))
        .do("contact", at(4, "10:00"), reached=True)
        .do("reply", at(4, "11:30"))
        .do("rate", at(3, "12:20"), grade="very_satisfied", remark="法官当天就回了电话。")
        .do("complete", at(2, "16:10"))
    )
