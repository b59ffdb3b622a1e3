"""What a party may expect, and when: the plain form of the ladder (G8)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from escalation.ladder import OPENED
from escalation.ladder_bar import Ladder
from escalation.models import Clock
from escalation.policy import Policy
from escalation.reading import ROLES, readings
from escalation.services import policy_of
from escalation.spans import span, waited
from liaison.kinds import ACCEPTANCE, REPLY, limit_of
from liaison.models import Request


@dataclass(frozen=True)
class Rise:
    """If no one answers within ``waited``, as the reader says it, ``who`` is told.

    It counts from the dispatch to a unit, or with ``from_registration`` from day 0.
    """

    waited: str
    who: str
    from_registration: bool


@dataclass(frozen=True)
class Expectation:
    """What the receipt and the tracking page say of time.

    ``taken_up_by`` is the last local day on which the litigation service takes the request up:
    answers it on the spot or dispatches it; ``is_taken_up_late`` says that this day has passed
    without either. ``reply_within`` is how long a judge or a department has for the reply once
    they have it, as the reader says it; ``rises`` is empty where the policy shows the party the
    limit only.
    """

    taken_up_by: date
    is_taken_up_late: bool
    reply_within: str
    rises: Sequence[Rise]
    ladder: Ladder
    shown: str
    provisional: bool

    @property
    def with_ladder(self) -> bool:
        """Whether the policy shows the party to whom a late reply rises."""
        return self.shown == "full"


def expectation(request: Request, now: datetime) -> Expectation:
    """How the clocks of ``request`` read to its party at ``now``."""
    clock = Clock.objects.of(REPLY, request.pk).get()
    acceptance = Clock.objects.of(ACCEPTANCE, request.pk).get()
    policy = policy_of(clock)
    read = readings([clock, acceptance], now)
    reading, taking_up = read[clock.pk], read[acceptance.pk]
    kind = policy.clocks[REPLY]
    limit = kind.limits[limit_of(request, kind, "ordinary")]
    warnings = {step.key for step in kind.steps if step.level == 0}
    rungs = [rung for rung in reading.rungs if rung.key.rsplit("-", 1)[0] not in warnings]
    return Expectation(
        taken_up_by=taking_up.limit_on,
        is_taken_up_late=taking_up.state == "late",
        reply_within=(
            span(limit.minutes, "minutes")
            if limit.minutes
            else span(limit.business_days, "business_days")
        ),
        rises=_rises(policy, request.court.level, limit.name),
        ladder=replace(reading.ladder, rungs=rungs),
        shown=policy.ladder_shown_to_party,
        provisional=bool(reading.ladder.provisional) or taking_up.limit_is_provisional,
    )


def _rises(policy: Policy, court_level: str, limit_name: str) -> list[Rise]:
    if policy.ladder_shown_to_party != "full":
        return []
    return [
        Rise(waited(step), str(ROLES[step.to[0]][2]), step.anchor == OPENED)
        for step in policy.clocks[REPLY].steps
        if step.level > 0
        and (not step.court_levels or court_level in step.court_levels)
        and (not step.limits or limit_name in step.limits)
    ]
