"""Plays messages in the order of their times, sweeping at every opening hour between them."""

from __future__ import annotations

import heapq
import itertools
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from django.db import connection, transaction

from cases.case_number import default_table
from courts import calendar, invented
from courts.business_days import OutOfCalendar, local_date
from courts.errors import Refused
from courts.models import AppliedCommand, Court, Department, Jurisdiction, Person, Post, Tenure
from escalation import policy
from escalation.models import Clock
from escalation.sweep import sweep
from liaison import intake, services
from liaison.kinds import REPLY
from liaison.models import Channel, Matter
from reports.replay.lines import Message, Rejected
from reports.replay.sweeping import OpeningHours
from workorders.models import WorkOrder
from workorders.services import reply as reply_to_order

SINCE = datetime(2006, 1, 1, tzinfo=UTC)
_PLAN = invented.Plan(
    divisions=(("审判业务庭", "Trial Division"),), judges_per_division=1, service_staff=1
)
_UNKNOWN = "未注明"


@dataclass(frozen=True)
class Desk:
    """Who does what in an invented court."""

    court: Court
    division: Department
    clerk: Person
    judge: Person


@dataclass
class Player:
    """Plays messages into the present database under one policy."""

    policy_slug: str
    court_code: str | None = None
    court_level: str = Court.Level.PRIMARY
    rejected: list[Rejected] = field(default_factory=list)
    repeated: list[Rejected] = field(default_factory=list)
    _desks: dict[str, Desk] = field(default_factory=dict)
    _names: Iterator[tuple[str, str]] = field(default_factory=invented.invented_names)

    def __post_init__(self) -> None:
        self.jurisdiction = self._found()
        assert self.jurisdiction.leading_court_id is not None
        self.calendar = calendar.present(self.jurisdiction.leading_court_id)
        opening = policy.present(self.policy_slug, SINCE.date()).opening
        self.hours = OpeningHours(self.calendar, opening, self.jurisdiction.zone)

    def _found(self) -> Jurisdiction:
        code = f"replay-{self.policy_slug}"
        found = Jurisdiction.objects.filter(code=code).first()
        if found:
            return found
        number = Jurisdiction.objects.count()
        with transaction.atomic():
            made = invented.found_jurisdiction(
                code=code,
                prefix=f"R{number}",
                policy=self.policy_slug,
                name=f"回放（{self.policy_slug}）",
                name_en=f"Replay ({self.policy_slug})",
                court_code=f"回放{number}",
                court_name=f"回放中级人民法院（{self.policy_slug}）",
                court_name_en=f"Replay Intermediate Court ({self.policy_slug})",
            )
            assert made.leading_court is not None
            invented.staff_court(
                made.leading_court, _PLAN, since=SINCE, prefix=f"r{number}-0-", names=self._names
            )
        return made

    def desk(self, district: str | None) -> Desk:
        """The invented primary court that stands for a district, founded at its first message."""
        name = self.court_code or district or _UNKNOWN
        if name not in self._desks:
            self._desks[name] = self._desk(name)
        return self._desks[name]

    def _desk(self, name: str) -> Desk:
        court_name = f"{name}回放法院（{self.policy_slug}）"
        court = Court.objects.filter(jurisdiction=self.jurisdiction, name=court_name).first()
        if court is None:
            with transaction.atomic():
                number = Court.objects.filter(jurisdiction=self.jurisdiction).count()
                lead = self.jurisdiction.leading_court
                assert lead is not None
                court = invented.add_primary_court(
                    self.jurisdiction,
                    code=f"{lead.code}-{number:04d}",
                    name=court_name,
                    name_en=f"Replay Court {number}",
                )
                if self.court_code:
                    court.level = self.court_level
                    court.save()
                prefix = f"{self.jurisdiction.number_prefix.lower()}-{number}-"
                invented.staff_court(court, _PLAN, since=SINCE, prefix=prefix, names=self._names)
        division = Department.objects.get(court=court, kind=Department.Kind.TRIAL)
        return Desk(court, division, _holder(court, "service_staff"), _holder(court, "judge"))

    def play(
        self,
        messages: Iterable[Message],
        progress: Callable[[], None] = lambda: None,
    ) -> dict[int, Message]:
        """Play messages, and sweep on until no clock has a rung left.

        Returns the requests' ids with their messages. A line played before is not played again;
        one that was cut short by a crash is taken up where it stopped.
        """
        wanted: dict[uuid.UUID, Message] = {}
        for message in messages:
            first = wanted.setdefault(message.command_id(self.policy_slug), message)
            if first is not message:
                self.repeated.append(Rejected(message.line, f"the same id as line {first.line}"))
        wanted = {pk: one for pk, one in wanted.items() if self._within_calendar(one)}
        played = dict(
            AppliedCommand.objects.filter(
                pk__in=list(wanted), subject_id__isnull=False
            ).values_list("pk", "subject_id")
        )
        found = {subject: wanted[pk] for pk, subject in played.items() if subject is not None}
        replied = set(
            Clock.objects.filter(
                kind=REPLY, subject_id__in=list(found), stopped_at__isnull=False
            ).values_list("subject_id", flat=True)
        )
        ticket = itertools.count()
        events: list[tuple[datetime, int, Message, int | None]] = []
        for pk, message in wanted.items():
            if pk not in played:
                heapq.heappush(events, (message.at, next(ticket), message, None))
            elif message.reply_at and played[pk] not in replied:
                heapq.heappush(events, (message.reply_at, next(ticket), message, played[pk]))
        now: datetime | None = None
        while events:
            at, _ticket, message, request_id = heapq.heappop(events)
            now = self.hours.sweep_between(now, at)
            if request_id is not None:
                self._reply(message, request_id)
                continue
            try:
                request_id = self._register(message)
            except Refused as error:
                reason = f"{type(error).__name__}: {error}"
                self.rejected.append(Rejected(message.line, reason))
                progress()
                continue
            found[request_id] = message
            progress()
            if message.reply_at:
                heapq.heappush(events, (message.reply_at, next(ticket), message, request_id))
        self._sweep_out()
        return found

    def _within_calendar(self, message: Message) -> bool:
        """Whether the calendar knows the message's days; tells the line when it does not."""
        try:
            for instant in filter(None, (message.at, message.reply_at)):
                self.calendar.describe(local_date(instant, self.jurisdiction.zone))
        except OutOfCalendar as error:
            self.rejected.append(Rejected(message.line, f"no calendar for {error}"))
            return False
        return True

    def _sweep_out(self) -> None:
        """Sweep at the opening hours at which anything is due, until nothing ever will be."""
        waiting = Clock.objects.filter(next_due_at__isnull=False, set_aside="")
        while clock := waiting.order_by("next_due_at").first():
            assert clock.next_due_at is not None
            sweep(clock.next_due_at, record=False)

    @transaction.atomic
    def _register(self, message: Message) -> int:
        """Registered, triaged and dispatched at the instant of the message."""
        desk = self.desk(message.district)
        request = intake.register(
            court=desk.court,
            party=intake.Party("诉求人"),
            channel=Channel.WEBSITE,
            matter=Matter.CONTACT_JUDGE,
            title=message.title,
            text=message.text,
            command_id=message.command_id(self.policy_slug),
            at=message.at,
        )
        services.route(
            request_id=request.pk,
            department=desk.division,
            handler=desk.judge,
            by=desk.clerk,
            at=message.at,
        )
        return request.pk

    def _reply(self, message: Message, request_id: int) -> None:
        order = WorkOrder.objects.get(request_id=request_id, is_lead=True)
        judge = order.handler
        assert judge is not None
        reply_to_order(order_id=order.pk, text=message.reply, by=judge, at=message.reply_at)


def _holder(court: Court, kind: str) -> Person:
    post = Post.objects.filter(court=court, kind=kind).order_by("pk")[0]
    return Tenure.objects.get(post=post).person


def known_level(code: str) -> str | None:
    """The level of a court by its code: one of this deployment, else one of the national table."""
    if Court._meta.db_table in connection.introspection.table_names():
        here = Court.objects.filter(code=code, status=Court.Status.CURRENT)
        level = here.values_list("level", flat=True).first()
        if level:
            return level
    known = default_table().by_code(code)
    return known[0].level if known else None
