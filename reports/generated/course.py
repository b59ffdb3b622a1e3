"""How a request goes on, by chance: answered at the desk, or dispatched, and what comes of that."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from reports.generated import assumed
from reports.generated.ground import Desk, Unit
from reports.generated.rhythm import Hours
from reports.generated.story import Act, Card

_DAYS = [days for days, _share in assumed.REPLY_DAYS]
_SHARES = [share for _days, share in assumed.REPLY_DAYS]


class Course:
    """Makes up acts. Each is possible where it stands: the services would not refuse it."""

    def __init__(
        self,
        hours: Hours,
        chance: random.Random,
        phrases: Mapping[str, Sequence[str]],
        *,
        leaves_some: bool,
    ) -> None:
        self.hours, self.chance, self.phrases = hours, chance, phrases
        self._leaves_some = leaves_some

    def _by(self, share: float) -> bool:
        return self.chance.random() < share

    def leaves(self, share: float) -> bool:
        """Whether it stays as it is for ever; the same chance is drawn where nothing does."""
        return self._by(share) and self._leaves_some

    def _say(self, kind: str) -> str:
        return self.chance.choice(self.phrases[kind])

    def _later(self, at: datetime, most_minutes: int) -> datetime:
        return at + timedelta(minutes=1 + self.chance.randrange(most_minutes))

    def of(
        self,
        card: Card,
        twin: Card | None,
        desk: Desk,
        unit: Unit,
        judge: int,
        says: Mapping[str, str],
    ) -> list[Act]:
        """The acts after the registration, in order; ``twin`` is the same sent a second time."""
        acts: list[Act] = []
        clerk = self.chance.choice(desk.clerks)
        at = card.at
        if twin is not None:
            acts.append(Act(twin.at, "register", {"card": twin}))
            at = self.hours.soon(twin.at, 5 + self.chance.randrange(50), self.chance)
            at = max(at, twin.at + timedelta(minutes=2))
            acts.append(Act(at, "merge", {"by": clerk}, again=True))
        if self.leaves(assumed.FORGOTTEN):
            return acts
        taken = self.hours.soon(at, 8 + self.chance.randrange(180), self.chance)
        if self._by(assumed.SLOW_DESK):
            taken = self.hours.on(taken, 1 + self.chance.randrange(3), self.chance)
        taken = max(taken, self._later(at, 3))
        if self._by(assumed.WITHDRAWN / 4):
            acts.append(Act(self._between(at, taken), "withdraw", {}))
            return acts
        if "answer" in says and ("reply" not in says or self._by(assumed.ON_THE_SPOT)):
            acts.append(Act(taken, "answer", {"by": clerk, "text": says["answer"]}))
            if not self._by(assumed.DESK_ANSWER_DISPUTED):
                return acts
            at = taken + timedelta(minutes=60 + self.chance.randrange(6000))
            acts.append(Act(at, "dispute", {"text": self._say("disputed")}))
            taken = max(self.hours.soon(at, 30, self.chance), self._later(at, 3))
        reply = says.get("reply") or says["answer"]
        _Dispatched(self, acts, desk, clerk, {**says, "reply": reply}).go(taken, unit, judge)
        return acts

    def _between(self, first: datetime, last: datetime) -> datetime:
        seconds = max(int((last - first).total_seconds()), 2)
        return first + timedelta(seconds=1 + self.chance.randrange(seconds - 1))


class _Dispatched:
    """What becomes of a request that is dispatched."""

    def __init__(
        self, course: Course, acts: list[Act], desk: Desk, clerk: int, says: Mapping[str, str]
    ) -> None:
        self.course, self.chance, self.hours = course, course.chance, course.hours
        self.acts, self.desk, self.clerk, self.says = acts, desk, clerk, says
        self.unit, self.judge = desk.units[0], 0

    def _do(self, at: datetime, verb: str, **given: Any) -> None:
        self.acts.append(Act(at, verb, given))

    def _to(self, at: datetime, unit: Unit, judge: int, *, first: bool, **given: Any) -> None:
        self.unit, self.judge = unit, judge
        place = {"unit": unit.pk, "handler": judge, "court": unit.court_id}
        self._do(at, "route" if first else "reassign", **given, **place)

    def _another(self, *, unit: bool) -> tuple[Unit, int] | None:
        """Another unit of the court, or another judge of the same; None where there is none."""
        if unit:
            others = [one for one in self.desk.units if one.pk != self.unit.pk]
            if others:
                chosen = self.chance.choice(others)
                return chosen, self.chance.choice(chosen.judges)
        judges = [one for one in self.unit.judges if one != self.judge]
        return (self.unit, self.chance.choice(judges)) if judges else None

    def go(self, at: datetime, unit: Unit, judge: int) -> None:
        """From the dispatch on."""
        course, hours, chance = self.course, self.hours, self.chance
        self._to(at, unit, judge, first=True, by=self.clerk)
        days = chance.choices(_DAYS, _SHARES)[0]
        reply_at = hours.on(at, days, chance)
        if course.leaves(assumed.NEVER_REPLIED):
            return
        if course._by(assumed.ACKNOWLEDGED):
            at = course._later(at, 90)
            self._do(at, "acknowledge", by=self.judge)
        at = self._passed_on(at)
        if course._by(assumed.WITHDRAWN):
            self._do(course._later(at, 2000), "withdraw")
            return
        at = self._called(at, reply_at)
        assisted = None
        if days >= 1 and course._by(assumed.ASSISTED):
            other = self._another(unit=True)
            if other is not None:
                at = course._later(at, 60)
                place = {"unit": other[0].pk, "handler": other[1], "court": other[0].court_id}
                self._do(at, "assist", by=self.judge, note=course._say("assist"), **place)
                assisted = hours.on(at, chance.randrange(3), chance)
        if reply_at <= at:
            reply_at = hours.soon(at, 15 + chance.randrange(120), chance)
        reply_at = max(reply_at, course._later(at, 5))
        if assisted is not None and assisted < reply_at:
            self._do(assisted, "assist_reply", text=course._say("assisted"))
            at = assisted
        if days > 4 and course._by(assumed.URGED):
            urged = hours.on(at, 4, chance)
            if at < urged < reply_at:
                text = course._say("urged")
                kind = "instruct" if text and course._by(0.3) else "urge"
                self._do(urged, "instruct", by=self.unit.officer, kind=kind, text=text)
        self._replied(reply_at)

    def _passed_on(self, at: datetime) -> datetime:
        """Returned to the desk, or reassigned; the instant of the last act."""
        course = self.course
        if course._by(assumed.RETURNED):
            at = course._later(at, 400)
            self._do(at, "return_to_desk", by=self.judge, reason=course._say("returned"))
            at = max(self.hours.soon(at, 30, self.chance), course._later(at, 5))
            other = self._another(unit=True)
            unit, judge = other or (self.unit, self.judge)
            self._to(at, unit, judge, first=True, by=self.clerk)
        elif course._by(assumed.REASSIGNED):
            other = self._another(unit=course._by(assumed.TO_ANOTHER_UNIT))
            if other is not None:
                at = self.hours.on(at, self.chance.randrange(3), self.chance)
                reason = course._say("reassigned")
                self._to(at, *other, first=False, by=self.judge, reason=reason)
        return at

    def _called(self, at: datetime, reply_at: datetime) -> datetime:
        """Calls and attempts before the reply."""
        course = self.course
        tries = 3 if course._by(0.02) else 1
        while course._by(assumed.CALLED) and tries:
            tries -= 1
            when = self.hours.on(at, self.chance.randrange(2), self.chance)
            if not at < when < reply_at:
                break
            at = when
            reached = not course._by(assumed.NOT_REACHED)
            outcome = "reached" if reached else "not_reached"
            means = "meeting" if reached and course._by(0.1) else "call"
            text = course._say(outcome)
            self._do(
                at, "record_contact", by=self.judge, means=means, outcome=outcome, summary=text
            )
            if reached:
                break
        return at

    def _replied(self, at: datetime) -> None:
        course, chance = self.course, self.chance
        if "spoken" in self.says and course._by(assumed.SPOKEN):
            self._do(
                at, "record_contact", by=self.judge, means="call", outcome="reached",
                summary=self.says["spoken"], is_answer=True,
            )  # fmt: skip
        else:
            self._do(at, "reply", by=self.judge, text=self.says["reply"])
        if course._by(assumed.DISPUTED):
            at = at + timedelta(minutes=60 + chance.randrange(5000))
            self._do(at, "dispute", text=course._say("disputed"))
            at = self.hours.on(at, 1 + chance.randrange(4), chance)
            if course._by(assumed.DISPUTE_UPHELD):
                self._again(at)
            else:
                reason = course._say("dismissed")
                self._do(at, "dismiss_dispute", by=self.unit.officer, reason=reason)
        elif course._by(assumed.REJECTED):
            self._again(self.hours.on(at, 1 + chance.randrange(8), chance))
        elif course._by(assumed.COMPLETED_BY_HAND):
            # Before it completes by itself.
            at = self.hours.on(at, 1 + chance.randrange(4), chance)
            self._do(at, "complete", by=self.judge)

    def _again(self, at: datetime) -> None:
        """The reply is rejected, and another given."""
        course, chance = self.course, self.chance
        self._do(at, "reject_reply", by=self.unit.officer, reason=course._say("rejected"))
        at = self.hours.on(at, 1 + chance.randrange(3), chance)
        text = course._say("again_reply") + self.says["reply"].removeprefix("您好。")
        self._do(at, "reply", by=self.judge, text=text)
