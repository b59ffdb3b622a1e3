"""What happens in a case, as the clerks enter it: a life that depends on seed and number alone.

A node occurs at one instant and is entered at another: at once, at the end of the day, or in one
go on the Friday after. Between two nodes there may be weeks of silence.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from deploy.trial_system.courts import Division
from deploy.trial_system.people import Somebody, a_company, a_lawyer, a_person, mobile

LOCAL = timedelta(hours=8)
_TYPES = {"civil": "民初", "criminal": "刑初", "admin": "行初", "enforcement": "执"}
_PROCEDURES = {
    "civil": (("0301", "民事一审普通程序"), ("0302", "民事一审简易程序"), ("0303", "小额诉讼程序")),
    "criminal": (("0201", "刑事一审普通程序"), ("0202", "刑事速裁程序")),
    "admin": (("0401", "行政一审普通程序"),),
    "enforcement": (("1001", "首次执行"), ("1002", "恢复执行")),
}
_CAUSES = {
    "civil": (
        ("民间借贷纠纷", "none"), ("买卖合同纠纷", "none"), ("机动车交通事故责任纠纷", "none"),
        ("物业服务合同纠纷", "none"), ("离婚纠纷", "divorce"), ("抚养费纠纷", "minors"),
        ("申请人身安全保护令", "domestic_violence"),
    ),
    "criminal": (("危险驾驶罪", "none"), ("盗窃罪", "none"), ("诈骗罪", "none")),
    "admin": (("行政处罚", "none"), ("政府信息公开", "none")),
    "enforcement": (("民间借贷纠纷", "none"), ("买卖合同纠纷", "none")),
}  # fmt: skip
_SIDES = {
    "civil": ("plaintiff", "defendant"),
    "criminal": ("victim", "accused"),
    "admin": ("plaintiff", "defendant"),
    "enforcement": ("enforcement_applicant", "enforcement_respondent"),
}
_MODES = ("判决", "调解", "撤诉")
# Steps with the days before each, and how often they come about.
_TRIAL = (
    ("filing", 0, 1.0), ("acceptance", 2, 1.0), ("panel", 6, 0.9), ("preservation", 3, 0.12),
    ("appraisal", 12, 0.08), ("time_deducted", 2, 0.08), ("suspension", 20, 0.03),
    ("hearing", 14, 0.95), ("trial_limit_extended", 30, 0.07), ("judgment_issued", 18, 0.85),
    ("appeal_transfer", 16, 0.1), ("judgment_in_force", 15, 0.75), ("archiving", 25, 0.7),
)  # fmt: skip
_ENFORCEMENT = (
    ("filing", 0, 1.0), ("enforcement_notice", 3, 1.0), ("property_inquiry", 5, 0.95),
    ("property_seized", 12, 0.5), ("auction", 40, 0.15), ("payment", 20, 0.4),
    ("enforcement_concluded", 30, 0.7), ("archiving", 20, 0.6),
)  # fmt: skip


@dataclass(frozen=True)
class Entry:
    """One record as a clerk enters it, and when."""

    at: datetime
    kind: str
    key: str
    record: Mapping[str, Any]


@dataclass
class Life:
    """One case from filing to archiving."""

    seed: int
    number: int
    divisions: Sequence[Division]
    begin: datetime
    days: int
    random: Random = field(init=False)

    def __post_init__(self) -> None:
        self.random = Random(f"{self.seed} case {self.number}")
        self.case_id = f"AJ{self.number:08d}"
        self.division = self.random.choice(list(self.divisions))
        self.filed = self.begin + timedelta(
            days=self.random.random() * self.days, hours=self.random.uniform(1, 9)
        )

    def entries(self) -> Iterator[Entry]:
        """What is entered, each step in its order; entries of one case may fall together."""
        yield from self._people()
        yield from self._steps()

    # --- The case itself ------------------------------------------------------------------------
    def _case(self, **changed: Any) -> dict[str, Any]:
        if not hasattr(self, "_said"):
            branch = self.division.branch
            cause, sensitivity = self.random.choice(_CAUSES[branch])
            code, procedure = self.random.choice(_PROCEDURES[branch])
            judge = self.random.choice(self.division.judges)
            local = self.filed + LOCAL
            self._said: dict[str, Any] = {
                "case_id": self.case_id,
                "case_number": f"（{local.year}）{self.division.court}{_TYPES[branch]}"
                f"{self.number}号",
                "court": self.division.court,
                "department": self.division.name,
                "judge": judge.code,
                "judge_name": judge.name,
                "procedure_code": code,
                "procedure": procedure,
                "cause": cause,
                "filed_on": f"{local:%Y-%m-%d}",
                "sensitivity": sensitivity,
            }
        self._said |= changed
        return dict(self._said)

    def _enter_case(self, at: datetime, **changed: Any) -> Entry:
        return Entry(at, "case", self.case_id, self._case(**changed))

    # --- Who takes part -------------------------------------------------------------------------
    def _people(self) -> Iterator[Entry]:
        random = self.random
        yield self._enter_case(self.filed)
        ours, theirs = _SIDES[self.division.branch]
        count = 0
        for side, known, reached in ((ours, 1.0, 0.97), (theirs, 0.8, 0.7)):
            for _ in range(2 if random.random() < 0.15 else 1):
                count += 1
                party = f"{self.case_id}-{count}"
                who = self._somebody()
                said = dict(
                    who.said(
                        identified=random.random() < known, reachable=random.random() < reached
                    )
                )
                yield self._enter_person(self.filed, party, side, "party", said)
                if random.random() < 0.4:
                    count += 1
                    yield self._enter_agent(f"{self.case_id}-{count}", side, party)
                if random.random() < 0.03:  # corrected, some days later
                    later = self.filed + timedelta(days=random.uniform(1, 20))
                    corrected = said | {"phone": mobile(random.randrange(10**8))}
                    yield self._enter_person(later, party, side, "party", corrected)

    def _somebody(self) -> Somebody:
        if self.random.random() < 0.25:
            return a_company(self.random.randrange(3000))
        return a_person(self.random)

    def _enter_agent(self, who: str, side: str, party: str) -> Entry:
        criminal = self.division.branch == "criminal"
        lawyer = a_lawyer(self.random.randrange(2000))
        capacity = "defender" if criminal and side == "accused" else "litigation_agent"
        if self.random.random() < 0.05:
            capacity = "statutory_agent"
        fields = dict(lawyer.said()) | {"represents": party}
        return self._enter_person(self.filed, who, side, capacity, fields)

    def _enter_person(
        self, at: datetime, who: str, side: str, capacity: str, said: Mapping[str, Any]
    ) -> Entry:
        record = {
            "case_id": self.case_id,
            "participant_id": who,
            "role": side,
            "capacity": capacity,
            **said,
        }
        return Entry(at, "participant", f"{self.case_id}/{who}", record)

    # --- What happens ---------------------------------------------------------------------------
    def _steps(self) -> Iterator[Entry]:
        random = self.random
        steps = _ENFORCEMENT if self.division.branch == "enforcement" else _TRIAL
        # Some cases are silent for long before each step.
        patience = random.choice((0.5, 1, 1, 1, 2, 4))
        at = self.filed
        for place, (kind, days, often) in enumerate(steps):
            if random.random() >= often:
                continue
            at += timedelta(days=days * patience * random.uniform(0.6, 1.6))
            yield from self._step(f"{self.case_id}-N{place:02d}", kind, at)
            if kind in ("judgment_issued", "enforcement_concluded"):
                closed = f"{at + LOCAL:%Y-%m-%d}"
                mode = random.choice(_MODES) if kind == "judgment_issued" else "终结本次执行程序"
                yield self._enter_case(self._entered(at), closed_on=closed, closing_mode=mode)
            elif random.random() < 0.01:
                other = random.choice(self.division.judges)
                yield self._enter_case(at, judge=other.code, judge_name=other.name)
        if random.random() < 0.002:
            yield self._enter_case(at + timedelta(days=1), withdrawn=True)

    def _step(self, node_id: str, kind: str, at: datetime) -> Iterator[Entry]:
        random = self.random
        record: dict[str, Any] = {
            "case_id": self.case_id,
            "node_id": node_id,
            "revision": 1,
            "kind": kind,
            "occurred_at": _written(at),
            "details": self._details(kind, at),
        }
        entered = self._entered(at)
        yield Entry(entered, "node", f"{node_id}/1", record)
        chance = 0.25 if kind == "hearing" else 0.02
        if random.random() < chance:
            entered += timedelta(days=random.uniform(0.1, 5))
            revised = record | {
                "revision": 2,
                "details": self._details(kind, at + timedelta(days=7)),
            }
            yield Entry(entered, "node", f"{node_id}/2", revised)
            record = revised
        if random.random() < 0.01:
            entered += timedelta(days=random.uniform(0.1, 3))
            key = f"{node_id}/{record['revision']}"
            yield Entry(entered, "node", key, record | {"withdrawn": True})

    def _details(self, kind: str, at: datetime) -> dict[str, Any]:
        random = self.random
        if kind == "hearing":
            day = (at + timedelta(days=random.randrange(5, 20)) + LOCAL).date()
            hour = random.choice((9, 10, 14, 15))
            return {
                "starts_at": f"{day}T{hour:02d}:30:00+08:00",
                "place": f"第{random.choice('一二三四五六七八九')}法庭",
            }
        if kind in ("trial_limit_extended", "time_deducted"):
            return {"days": random.choice((15, 30, 60, 90))}
        if kind == "appeal_transfer":
            return {"court": self.division.court[:3]}
        return {}

    def _entered(self, occurred: datetime) -> datetime:
        """When the clerk enters what occurred: at once, in the evening, or on the Friday after."""
        habit = self.random.random()
        if habit < 0.6:
            return occurred + timedelta(minutes=self.random.uniform(1, 90))
        local = occurred + LOCAL
        evening = local.replace(hour=17, minute=30, second=0, microsecond=0)
        if habit >= 0.85:
            evening += timedelta(days=(4 - local.weekday()) % 7)
        return max(occurred, evening - LOCAL)


def _written(at: datetime) -> str:
    return (at.astimezone(UTC).replace(tzinfo=None, microsecond=0) + LOCAL).isoformat() + "+08:00"
