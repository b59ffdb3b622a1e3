"""Invented lives of requests: verbs at their instants, applied once through every outage.

What was applied, and when, is noted, so that the same lives can be led again where nothing fails.
"""

from __future__ import annotations

import heapq
import random
import threading
import time
import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db import Error, connection, transaction
from django.utils import timezone

from escalation.models import Clock
from escalation.sweep import sweep
from liaison import services as requests
from liaison.kinds import REPLY
from liaison.lifecycle import RequestState
from liaison.models import Request
from tests.city import City
from tests.faults.own_servers import is_away
from workorders import services as orders
from workorders.models import WorkOrder

_COMMANDS = uuid.UUID("9f2c1d52-6a0e-4c0b-8f39-3f1d4ad0e5c7")


@dataclass(frozen=True)
class Applied:
    """A verb of a life, and the instant for which it was committed."""

    at: datetime
    life: str
    verb: str


class Verbs:
    """The verbs of a request's life; each says, by the rows, whether it was applied before."""

    def __init__(self, town: City) -> None:
        self._town = town
        self._divisions = town.division(), town.division(index=1)
        self._judges = [town.judge(division) for division in self._divisions]
        self._leader = town.holder("department_leader", department=self._divisions[0])
        self._staff = town.staff()

    def register(self, life: str, at: datetime) -> None:
        self._town.request(at=at, title=life, command_id=uuid.uuid5(_COMMANDS, life))

    def route(self, life: str, at: datetime) -> None:
        requests.route(
            request_id=_request(life).pk, department=self._divisions[0],
            handler=self._judges[0], by=self._staff, at=at,
        )  # fmt: skip

    def assist(self, life: str, at: datetime) -> None:
        """The handler of the present unit asks the other unit."""
        lead = _lead(life)
        other = 1 - self._divisions.index(lead.department)
        assert lead.handler is not None
        orders.assist(
            order_id=lead.pk, department=self._divisions[other], handler=self._judges[other],
            note="请协助。", by=lead.handler, at=at,
        )  # fmt: skip

    def reassign(self, life: str, at: datetime) -> None:
        orders.reassign(
            order_id=_lead(life).pk, department=self._divisions[1], handler=self._judges[1],
            reason="归执行局办理", by=self._leader, at=at,
        )  # fmt: skip

    def reply(self, life: str, at: datetime) -> None:
        lead = _lead(life)
        assert lead.handler is not None
        orders.reply(order_id=lead.pk, text="已答复。", by=lead.handler, at=at)

    def withdraw(self, life: str, at: datetime) -> None:
        requests.withdraw(request_id=_request(life).pk, at=at)

    def was_applied(self, verb: str, life: str) -> bool:
        request = Request.objects.filter(title=life).first()
        if request is None or verb == "register":
            return request is not None
        found = WorkOrder.objects.filter(request=request)
        return {
            "route": found.exists,
            "assist": found.filter(is_lead=False).exists,
            "reassign": found.filter(is_lead=True, department=self._divisions[1]).exists,
            "reply": lambda: request.state == RequestState.ANSWERED,
            "withdraw": lambda: request.state == RequestState.WITHDRAWN,
        }[verb]()

    def lead(self, applied: Applied) -> None:
        """Apply a verb at the instant for which it was committed elsewhere."""
        getattr(self, applied.verb)(applied.life, applied.at)


def _request(life: str) -> Request:
    return Request.objects.get(title=life)


def _lead(life: str) -> WorkOrder:
    found = WorkOrder.objects.select_related("handler", "department", "request")
    return found.get(request__title=life, is_lead=True)


def _plan(random_: random.Random) -> list[tuple[float, str]]:
    """The verbs of one life, in order, and how many seconds after its beginning each comes."""
    routed = random_.uniform(0.2, 2)
    plan = [(0.0, "register"), (routed, "route")]
    if random_.random() < 0.3:
        plan.append((routed + random_.uniform(0.5, 4), "assist"))
    if random_.random() < 0.4:
        plan.append((routed + random_.uniform(1, 10), "reassign"))
    if random_.random() < 0.4:  # the others climb to the top
        last = max(at for at, _verb in plan)
        stop = "reply" if random_.random() < 0.8 else "withdraw"
        plan.append((last + random_.uniform(0.5, 9), stop))
    return sorted(plan)


class Driver(threading.Thread):
    """Leads one life after the other until told to finish, and then the last ones to their end."""

    def __init__(self, name: str, town: City, random_: random.Random, a_second: float) -> None:
        super().__init__(name=name, daemon=True)
        self._verbs, self._random, self._gap = Verbs(town), random_, 1 / a_second
        self._finish = threading.Event()
        self.applied: list[Applied] = []
        self.repeated = 0
        self.error: BaseException | None = None

    def finish(self) -> list[Applied]:
        """Begin no further life; what was applied in all. Raises what the driver met."""
        self._finish.set()
        self.join(300)
        assert not self.is_alive(), "a verb waits for ever"
        self.check()
        return self.applied

    def check(self) -> None:
        """Raise what the driver met, if it met anything but a database that was away."""
        if self.error is not None:
            raise self.error

    def run(self) -> None:
        try:
            self._lead_lives()
        except BaseException as error:
            self.error = error
        finally:
            connection.close()

    def _lead_lives(self) -> None:
        waiting: list[tuple[float, str, str]] = []
        number, next_life = 0, time.monotonic()
        while waiting or not self._finish.is_set():
            now = time.monotonic()
            if now >= next_life and not self._finish.is_set():
                number, next_life = number + 1, now + self._gap
                for after, verb in _plan(self._random):
                    heapq.heappush(waiting, (now + after, f"{self.name}-{number:05d}", verb))
            if waiting and waiting[0][0] <= now:
                _at, life, verb = heapq.heappop(waiting)
                self.applied.append(Applied(self._apply(verb, life), life, verb))
            else:
                time.sleep(0.02)

    def _apply(self, verb: str, life: str) -> datetime:
        """Apply a verb once, however often the connection breaks; the instant that stands."""
        tried: datetime | None = None
        while True:
            try:
                at = self._once(verb, life)
            except Error as error:
                if not is_away(error):
                    raise
                tried = getattr(error, "tried_at", None) or tried
                connection.close()
                time.sleep(0.05)
                continue
            if at is not None:
                return at
            # It had been committed, and the connection broke before that could be said.
            assert tried is not None, f"{verb} of {life} was applied by nobody"
            self.repeated += 1
            return tried

    def _once(self, verb: str, life: str) -> datetime | None:
        at: datetime | None = None
        try:
            with transaction.atomic():
                if self._verbs.was_applied(verb, life):
                    return None
                if verb != "register":
                    # The instant is taken with the clock in hand, so that no sweep of a later
                    # instant comes between the two: the lives can then be led again exactly.
                    clocks = Clock.objects.filter(kind=REPLY, subject_id=_request(life).pk)
                    clocks.select_for_update().get()
                at = timezone.now()
                getattr(self._verbs, verb)(life, at)
        except Error as error:
            error.tried_at = at  # type: ignore[attr-defined]
            raise
        return at


def lead(applied: list[Applied], town: City, *, until: datetime | None = None) -> None:
    """Lead lives where nothing fails, swept on time to ``until`` or else the last rung."""
    verbs = Verbs(town)
    for one in sorted(applied, key=lambda each: each.at):
        sweep_on_time(until=one.at)
        verbs.lead(one)
    sweep_on_time(until=until)


def sweep_on_time(until: datetime | None = None) -> None:
    """Sweep at each due instant in turn, through to ``until`` or else the last."""
    due = Clock.objects.filter(next_due_at__isnull=False).order_by("next_due_at")
    if until is not None:
        due = due.filter(next_due_at__lte=until)
    while instant := due.values_list("next_due_at", flat=True).first():
        sweep(instant)
