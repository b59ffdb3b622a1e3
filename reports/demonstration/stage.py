"""Plays scenes through the same services as the screens, each act at its own instant.

The clocks are swept and replied orders completed at every opening hour in between, so the city
of today is what the product itself would have made of these three months.
"""

from __future__ import annotations

import itertools
import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db.models import F

from courts import calendar
from courts.business_days import local_date
from courts.models import Court, Person
from escalation import policy
from escalation.models import Firing
from liaison import intake, rating
from liaison import services as requests
from liaison.models import Channel, Request
from notices.models import Notice
from reports.demonstration.briefings import play_briefing
from reports.demonstration.city import City, Staff
from reports.demonstration.days import Days
from reports.demonstration.follow_up import FollowUp
from reports.demonstration.history import history
from reports.demonstration.scenes import Act, Scene, staged
from reports.replay.sweeping import OpeningHours
from workorders import services as orders
from workorders.models import ContactRecord, WorkOrder

_SURNAMES = "赵钱孙李周吴王蒋韩杨朱秦许吕张孔曹严华金陶姜戚邹喻柏窦章云潘葛范"
_GIVEN = (
    "桂芳", "大勇", "丽娟", "俊杰", "小红", "德胜", "玉梅", "志强", "婷婷", "宏伟", "阿妹",
    "建军", "淑贞", "子涵", "金水", "晓燕", "福生", "美玲", "家豪", "翠花", "卫东", "雪",
    "国华", "倩", "天赐", "凤英", "磊",
)  # fmt: skip
_TYPES = {"civil": "民初", "criminal": "刑初", "admin": "行初", "enforcement": "执"}
_SECOND_INSTANCE = {"civil": "民终", "criminal": "刑终", "admin": "行终", "enforcement": "执复"}
_REGISTERED_BY_STAFF = (Channel.HALL, Channel.HOTLINE)
_REACHED = "已与当事人通话，了解诉求，说明正在核实，将按期答复。"
_NOT_REACHED = ("电话无人接听。", "电话占线，稍后再拨。", "电话关机，已发短信请其回电。")
_RETURNED = "经核对，所称车辆系执行局查封，异议应由执行局审查，请改派。"


def read_texts() -> Mapping[str, Mapping[str, Any]]:
    """What parties write and courts answer, by key."""
    return tomllib.loads(Path(__file__).with_name("texts.toml").read_text(encoding="utf-8"))


class Stage:
    """Plays the city's scenes up to ``now``; the same ``now`` gives the same city."""

    def __init__(self, city: City, now: datetime) -> None:
        self.city, self.now = city, now
        jurisdiction = city.jurisdiction
        assert jurisdiction.leading_court_id is not None
        rules = policy.present(jurisdiction.policy, local_date(now, jurisdiction.zone))
        days = calendar.present(jurisdiction.leading_court_id)
        self.hours = OpeningHours(days, rules.opening, jurisdiction.zone)
        self.days = Days(days, jurisdiction.zone, rules.opening, now)
        self.texts = read_texts()
        self._requests: dict[str, int] = {}
        self._parties = self._invented_parties()
        self._known: dict[str, intake.Party] = {}
        self._serials = itertools.count(317)
        self._turn: dict[str, Iterator[int]] = defaultdict(itertools.count)

    @staticmethod
    def _invented_parties() -> Iterator[intake.Party]:
        for number in itertools.count():
            name = _SURNAMES[number % len(_SURNAMES)] + _GIVEN[number % len(_GIVEN)]
            # No mobile number begins like this, so nobody can be called by it.
            yield intake.Party(name, phone=f"1000000{number + 1:04d}")

    def play(self, progress: Callable[[int, int], None] = lambda done, of: None) -> dict[str, int]:
        """Play everything that has happened by now; the requests' ids by the scenes' keys.

        ``progress`` is told after each act how many of how many are done.
        """
        scenes = [*history(self.days, self.texts, self.city.has), *staged(self.days)]
        acts = sorted(self._acts(scenes), key=lambda pair: pair[1].at)
        swept: datetime | None = None
        for done, (scene, act) in enumerate(acts, start=1):
            swept = self.hours.sweep_between(swept, act.at, also=orders.complete_due)
            getattr(self, f"_{act.verb}")(scene, act)
            progress(done, len(acts))
        FollowUp(self.city, self.days, self._requests).play()
        play_briefing(self.city, self.days)
        self.hours.sweep_between(swept, self.now, also=orders.complete_due)
        self._read_notices()
        return dict(self._requests)

    def _acts(self, scenes: Iterable[Scene]) -> Iterator[tuple[Scene, Act]]:
        for scene in scenes:
            for act in (Act(scene.opened_at, "register", {}), *scene.acts):
                if act.at <= self.now:
                    yield scene, act

    def _read_notices(self) -> None:
        """Staff have opened their notices up to the opening before the last."""
        old = Notice.objects.filter(person__isnull=False, created_at__lt=self.days.at(1, "00:00"))
        old.update(read_at=F("created_at") + timedelta(minutes=40))

    def _staff(self, scene: Scene) -> Staff:
        return self.city.staff(scene.slug, scene.branch, scene.division)

    def _judge(self, scene: Scene) -> Person:
        judges = self._staff(scene).judges
        return judges[scene.judge % len(judges)]

    def _clerk(self, scene: Scene) -> Person:
        clerks = self.city.clerks(scene.slug)
        return clerks[next(self._turn[scene.slug]) % len(clerks)]

    def _order(self, scene: Scene) -> WorkOrder:
        rows = WorkOrder.objects.select_related("handler", "department")
        return rows.get(request_id=self._requests[scene.key], is_lead=True)

    def _handler(self, scene: Scene) -> tuple[WorkOrder, Person]:
        order = self._order(scene)
        assert order.handler is not None
        return order, order.handler

    def _officer(self, order: WorkOrder) -> Person:
        return self.city.officer(order.department)

    def _filled(self, scene: Scene, kind: str) -> str:
        request = Request.objects.get(pk=self._requests[scene.key])
        judge = self._judge(scene).name
        return str(self.texts[scene.text][kind]).format(number=request.case_number, judge=judge)

    def _case_number(self, scene: Scene, court: Court) -> str:
        higher = court.level == Court.Level.INTERMEDIATE
        kind = (_SECOND_INSTANCE if higher else _TYPES)[scene.branch]
        # A case that is asked about was mostly filed some months before.
        year = (scene.opened_at - timedelta(days=90)).year
        return f"（{year}）{court.code}{kind}{next(self._serials) * 7 % 4999 + 100}号"

    def _register(self, scene: Scene, act: Act) -> None:
        text = self.texts[scene.text]
        court = self.city.courts[scene.slug]
        number = self._case_number(scene, court) if "{number}" in text["text"] else ""
        judge = self._judge(scene).name
        if scene.party:
            party = self._known.setdefault(scene.party, next(self._parties))
        else:
            party = next(self._parties)
        by: Person | None = None
        if scene.channel in _REGISTERED_BY_STAFF:
            hotline = scene.channel == Channel.HOTLINE
            by = self.city.agent(scene.slug) if hotline else self._clerk(scene)
        request = intake.register(
            court=court,
            party=party,
            channel=scene.channel,
            matter=text["matter"],
            title=text["title"],
            text=text["text"].format(number=number, judge=judge),
            case_number=number,
            judge_name=judge if "{judge}" in text["text"] else "",
            by=by,
            at=act.at,
        )
        self._requests[scene.key] = request.pk

    def _answer(self, scene: Scene, act: Act) -> None:
        requests.answer(
            request_id=self._requests[scene.key],
            text=self._filled(scene, "answer"),
            by=self._clerk(scene),
            at=act.at,
        )

    def _route(self, scene: Scene, act: Act) -> None:
        staff = self._staff(scene)
        judge = self._judge(scene)
        if "division" in act.given:
            staff = self.city.staff(scene.slug, *act.given["division"])
            judge = staff.judges[0]
        requests.route(
            request_id=self._requests[scene.key],
            department=staff.division,
            handler=judge,
            by=self._clerk(scene),
            at=act.at,
        )

    def _withdraw(self, scene: Scene, act: Act) -> None:
        requests.withdraw(request_id=self._requests[scene.key], at=act.at)

    def _dispute(self, scene: Scene, act: Act) -> None:
        requests.dispute(request_id=self._requests[scene.key], text=act.given["text"], at=act.at)

    def _rate(self, scene: Scene, act: Act) -> None:
        rating.rate(request_id=self._requests[scene.key], **act.given, at=act.at)

    def _dismiss_dispute(self, scene: Scene, act: Act) -> None:
        requests.dismiss_dispute(
            request_id=self._requests[scene.key],
            reason=act.given["text"],
            by=self._officer(self._order(scene)),
            at=act.at,
        )

    def _merge(self, scene: Scene, act: Act) -> None:
        requests.merge(
            request_id=self._requests[scene.key],
            into_id=self._requests[act.given["into"]],
            by=self._clerk(scene),
            at=act.at,
        )

    def _acknowledge(self, scene: Scene, act: Act) -> None:
        order, judge = self._handler(scene)
        orders.acknowledge(order_id=order.pk, by=judge, at=act.at)

    def _contact(self, scene: Scene, act: Act) -> None:
        order, judge = self._handler(scene)
        outcomes = ContactRecord.Outcome
        is_answer = bool(act.given.get("is_answer"))
        summary = _REACHED
        if is_answer:
            summary = self._filled(scene, "spoken")
        elif not act.given["reached"]:
            summary = _NOT_REACHED[next(self._turn["not reached"]) % len(_NOT_REACHED)]
        orders.record_contact(
            order_id=order.pk,
            means=ContactRecord.Means.CALL,
            outcome=outcomes.REACHED if act.given["reached"] else outcomes.NOT_REACHED,
            summary=summary,
            is_answer=is_answer,
            by=judge,
            at=act.at,
        )

    def _reply(self, scene: Scene, act: Act) -> None:
        order, judge = self._handler(scene)
        text = act.given.get("text") or self._filled(scene, "reply")
        orders.reply(order_id=order.pk, text=text, by=judge, at=act.at)

    def _return_to_desk(self, scene: Scene, act: Act) -> None:
        order, judge = self._handler(scene)
        orders.return_to_desk(order_id=order.pk, reason=_RETURNED, by=judge, at=act.at)

    def _reassign(self, scene: Scene, act: Act) -> None:
        order, judge = self._handler(scene)
        orders.reassign(
            order_id=order.pk,
            department=order.department,
            handler=self._staff(scene).judges[act.given["to_judge"]],
            reason=act.given["text"],
            by=judge,
            at=act.at,
        )

    def _assist(self, scene: Scene, act: Act) -> None:
        order, judge = self._handler(scene)
        branch = "civil" if scene.branch != "civil" else "enforcement"
        other = self.city.staff(scene.slug, *(act.given["to"] or (branch, 0)))
        orders.assist(
            order_id=order.pk,
            department=other.division,
            handler=other.judges[-1],
            note=act.given["text"],
            by=judge,
            at=act.at,
        )

    def _assist_reply(self, scene: Scene, act: Act) -> None:
        order = WorkOrder.objects.get(request_id=self._requests[scene.key], is_lead=False)
        assert order.handler is not None
        orders.reply(order_id=order.pk, text=act.given["text"], by=order.handler, at=act.at)

    def _complete(self, scene: Scene, act: Act) -> None:
        order, judge = self._handler(scene)
        orders.complete(order_id=order.pk, by=judge, at=act.at)

    def _reject_reply(self, scene: Scene, act: Act) -> None:
        order = self._order(scene)
        orders.reject_reply(
            order_id=order.pk, reason=act.given["text"], by=self._officer(order), at=act.at
        )

    def _instruct(self, scene: Scene, act: Act) -> None:
        order = self._order(scene)
        risen = Firing.objects.filter(clock__subject_id=order.request_id, level=4)
        if act.given["by"] == "superior" and not risen.exists():
            return  # by this policy nothing rises to the superior court, so it has no say
        supervisors: Mapping[str, Callable[[], Person]] = {
            "officer": lambda: self._officer(order),
            "president": lambda: self.city.president(scene.slug),
            "superior": lambda: self.city.president("shifan"),
        }
        orders.instruct(
            order_id=order.pk,
            kind=act.given["kind"],
            text=act.given["text"],
            by=supervisors[act.given["by"]](),
            at=act.at,
        )
