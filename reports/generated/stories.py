"""Makes up what happens: who asks which court about what, and how it goes on; by chance alone.

The same seed makes the same stories. Shares and delays are those of ``reports.generated.assumed``.
"""

from __future__ import annotations

import random
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from reports.demonstration.stage import read_texts
from reports.generated import assumed
from reports.generated.clockwork import Clockwork
from reports.generated.course import Course
from reports.generated.ground import Desk, Unit
from reports.generated.rhythm import Hours, arrivals
from reports.generated.story import Act, Card, CaseFile, CaseParts, Party, Story

_SURNAMES = "赵钱孙李周吴王蒋韩杨朱秦许吕张孔曹严华金陶姜戚邹喻柏窦章云潘葛范柳史唐费薛雷贺倪汤"
_FIRST = "桂大丽俊小德玉志婷宏阿建淑子金晓福美家翠卫国天凤文春秋明永海立思雅新成永佳若伯长庆"
_LAST = ("芳", "勇", "娟", "杰", "红", "胜", "梅", "强", "婷", "伟", "妹", "军", "贞", "涵", "水",
         "燕", "生", "玲", "豪", "花", "东", "", "华", "倩", "赐", "英", "磊", "")  # fmt: skip
_TYPES = {"civil": "民初", "criminal": "刑初", "admin": "行初", "enforcement": "执", "any": "民初"}
_HIGHER = {"civil": "民终", "criminal": "刑终", "admin": "行终", "enforcement": "执复",
           "any": "民终"}  # fmt: skip
_ANSWERS = ("answer", "reply")
_CAUSES = {
    "civil": (("民事一审", "民间借贷纠纷"), ("民事一审", "买卖合同纠纷"), ("民事一审", "离婚纠纷"),
              ("民事一审", "劳动争议"), ("民事一审", "机动车交通事故责任纠纷")),
    "criminal": (("刑事一审", "诈骗"), ("刑事一审", "盗窃")),
    "admin": (("行政一审", "行政处罚"), ("行政一审", "工伤认定")),
    "enforcement": (("执行实施", "民间借贷纠纷"), ("执行实施", "追索劳动报酬纠纷")),
    "any": (("民事一审", "合同纠纷"),),
}  # fmt: skip


@cache
def _doors(for_opinions: bool, staffed: bool) -> tuple[list[str], list[int]]:
    """The channels that are open, with their shares."""
    shares = assumed.OPINION_CHANNELS if for_opinions else assumed.CHANNELS
    fitting = {
        channel: share
        for channel, share in shares.items()
        if staffed or channel not in assumed.OFFICE_CHANNELS
    }
    return list(fitting), list(fitting.values())


class Inventor:
    """Makes up the stories of a city, in the order in which their first requests come."""

    def __init__(
        self,
        clockwork: Clockwork,
        *,
        requests: int,
        first: date,
        last: date,
        seed: int,
        leaves_some: bool = True,
    ) -> None:
        self.ground = clockwork.ground
        self.requests, self.first, self.last = requests, first, last
        self.chance = random.Random(f"{seed}:stories")  # noqa: S311 - variety, not secrecy
        # Apart, so that who rates changes nothing of what else happens.
        self._opinions = random.Random(f"{seed}:ratings")  # noqa: S311 - as above
        policy_id = self.ground.policy_id(first)
        leading = next(one for one in self.ground.desks.values() if one.is_leading)
        place = clockwork.place(leading.court_id, policy_id)
        self.hours = Hours(
            place.frame.calendar, self.ground.zone, place.policy.opening, place.policy.closing
        )
        phrases = Path(__file__).with_name("phrases.toml").read_text(encoding="utf-8")
        self.phrases: Mapping[str, Sequence[str]] = tomllib.loads(phrases)
        self.course = Course(self.hours, self.chance, self.phrases, leaves_some=leaves_some)
        self.by_day: dict[date, int] = {}
        self._desks = list(self.ground.desks.values())
        self._busy = [0.6 if one.is_leading else self.chance.uniform(0.5, 1.6)
                      for one in self._desks]  # fmt: skip
        self._texts: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
        for text in read_texts().values():
            self._texts[text["matter"]].append(text)
        self._matters = [matter for matter in assumed.MATTERS if self._texts[matter]]
        self._shares = [assumed.MATTERS[matter] for matter in self._matters]
        self._known: list[Party] = []
        self._parties = self._serials = 0
        self._today = (date.min, "")

    def stories(self) -> Iterator[Story]:
        """All of them; ``by_day`` counts the request numbers that were given."""
        for day, seconds in arrivals(self.requests, self.first, self.last, self.hours, self.chance):
            yield from self._day(day, seconds)

    def _day(self, day: date, seconds: Sequence[int]) -> Iterator[Story]:
        """Some requests of a day are sent twice: the second takes a number, and no new story."""
        chance = self.chance
        taken: set[int] = set()
        for index in range(len(seconds)):
            if index in taken:
                continue
            later = index + 1 + chance.randrange(4)
            second = None
            if chance.random() < assumed.MERGED and later < len(seconds) and later not in taken:
                taken.add(later)
                second = (self.hours.at(day, 0, seconds[later]), later + 1)
            yield self._story(day, self.hours.at(day, 0, seconds[index]), index + 1, second)
        if seconds:
            self.by_day[day] = len(seconds)

    def _story(
        self, day: date, at: datetime, number: int, second: tuple[datetime, int] | None
    ) -> Story:
        chance = self.chance
        desk = chance.choices(self._desks, self._busy)[0]
        matter = chance.choices(self._matters, self._shares)[0]
        text = chance.choice(self._texts[matter])
        unit = self._unit(desk, text["branch"])
        judge = chance.choice(unit.judges)
        channel = self._channel(matter, at, second is not None)
        case = file = None
        if "{number}" in text["text"]:
            case, file = self._case(day, desk, unit, judge)
        by = None
        if channel in assumed.BY_STAFF:
            by = desk.agent if channel == "hotline" else chance.choice(desk.clerks)
        names = {"number": case.number if case else "", "judge": self.ground.names[judge]}
        written = chance.choice(self.phrases["openings"]) + text["text"].format(**names)
        written += chance.choice(self.phrases["closings"])
        card = Card(
            at=at,
            number=self._number(day, number),
            court_id=desk.court_id,
            party=self._party(),
            channel=channel,
            matter=matter,
            title=text["title"],
            text=written,
            judge_name=self.ground.names[judge] if "{judge}" in text["text"] else "",
            case=case,
            by=by,
            file=file,
        )
        says = {
            kind: str(text[kind]).format(**names)
            for kind in ("answer", "reply", "spoken")
            if kind in text
        }
        acts = [Act(at, "register", {"card": card})]
        twin: Card | None = None
        if second is not None:
            again = chance.choice(self.phrases["again"])
            twin = Card(
                at=second[0],
                number=self._number(day, second[1]),
                court_id=card.court_id,
                party=card.party,
                channel=card.channel,
                matter=matter,
                title=card.title,
                text=again + written,
                judge_name=card.judge_name,
                case=case,
            )
        acts += self.course.of(card, twin, desk, unit, judge, says)
        acts += self._opinion(acts)
        return Story(acts)

    def _opinion(self, acts: Sequence[Act]) -> list[Act]:
        """What the party thinks of the reply that stands in the end, if they say so."""
        given = [act for act in acts if act.verb in _ANSWERS or act.given.get("is_answer")]
        if not given or self._opinions.random() >= assumed.RATED:
            return []
        reply = given[-1]
        after = {act.verb for act in acts[acts.index(reply) :]}
        if "dispute" in after and "dismiss_dispute" not in after:
            return []
        is_prompt = reply.at - acts[0].at <= timedelta(days=assumed.PROMPT_DAYS)
        shares = assumed.GRADES if is_prompt else assumed.GRADES_LATE
        grade = self._opinions.choices(list(shares), list(shares.values()))[0]
        minutes = 5 + self._opinions.randrange(assumed.RATED_WITHIN_MINUTES)
        remark = self._opinions.choice(self.phrases[grade])
        at = acts[-1].at + timedelta(minutes=minutes)
        return [Act(at, "rate", {"grade": grade, "remark": remark})]

    def _number(self, day: date, number: int) -> str:
        if day != self._today[0]:
            self._today = (day, f"{self.ground.prefix}{day:%Y%m%d}")
        return f"{self._today[1]}-{number:05d}"

    def _unit(self, desk: Desk, branch: str) -> Unit:
        fitting = [unit for unit in desk.units if unit.branch == branch]
        return self.chance.choice(fitting or desk.units)

    def _channel(self, matter: str, at: datetime, alone: bool) -> str:
        """By which door; ``alone``: without anybody's help."""
        day, minute = self.hours.split(at)
        is_open = self.hours.works(day) and self.hours.opening <= minute < self.hours.closing
        return self.chance.choices(*_doors(matter == "opinions", is_open and not alone))[0]

    def _case(self, day: date, desk: Desk, unit: Unit, judge: int) -> tuple[CaseParts, CaseFile]:
        # A case that is asked about was mostly filed some months before.
        filed_on = day - timedelta(days=self.chance.randrange(20, 200))
        procedure, cause = self.chance.choice(_CAUSES[unit.branch])
        kind = (_HIGHER if desk.is_leading else _TYPES)[unit.branch]
        self._serials += 1
        serial = str(self._serials + 100)
        year = filed_on.year
        number = f"（{year}）{desk.code}{kind}{serial}号"
        file = CaseFile(
            procedure=procedure,
            cause=cause,
            unit_id=unit.pk,
            unit_name=unit.name,
            judge_id=judge,
            judge_name=self.ground.names[judge],
            filed_on=filed_on,
            closed_on=None,
            opponent=self._name(),
        )
        return CaseParts(number, year, desk.code, kind, serial), file

    def _name(self) -> str:
        chance = self.chance
        return chance.choice(_SURNAMES) + chance.choice(_FIRST) + chance.choice(_LAST)

    def _party(self) -> Party:
        chance = self.chance
        if self._known and chance.random() >= assumed.NEW_PARTY:
            return self._known[chance.randrange(len(self._known))]
        self._parties += 1
        # No mobile number begins like this, so nobody can be called by it.
        return Party(self._name(), f"101{self._parties:08d}")

    def remember(self, party: Party, contact_id: int) -> None:
        """A party may come again, once their first request is written down."""
        if party.contact_id is not None:
            return
        known = Party(party.name, party.phone, contact_id)
        if len(self._known) < assumed.REMEMBERED_PARTIES:
            self._known.append(known)
        else:
            self._known[self.chance.randrange(len(self._known))] = known
