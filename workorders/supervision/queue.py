"""What a supervisor sees first: what the ladder sent, who is late, which replies are disputed.

Every row is a clock: a request that still waits at the desk has no order yet, and rises too.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courts.models import Department, Person
from courts.navigation import find
from courts.paging import Page, page
from courts.roles import Reach, posts_of
from escalation.ladder_bar import Rung
from escalation.models import Clock
from escalation.reading import Reading, readings
from liaison.kinds import ACCEPTANCE, REPLY
from liaison.models import Request
from workorders.sight import CLOCKS, risen_to

GLANCE = 8
MOST_UNITS = 12


@dataclass(frozen=True)
class Part:
    """A part of the queue: its clocks, and the instant that they are ordered by."""

    name: str
    title: Any
    none: Any
    clocks: QuerySet[Clock]
    key: str
    descending: bool = False


@dataclass(frozen=True)
class Row:
    """A request of the queue with how its clock reads."""

    clock: Any
    request: Request
    reading: Reading | None

    @property
    def reached(self) -> Rung | None:
        """The last step of the ladder that has come due: how far the matter has risen."""
        rungs = self.reading.rungs if self.reading else ()
        fired = [rung for rung in rungs if rung.fired_at is not None]
        return fired[-1] if fired else None

    @property
    def is_at_desk(self) -> bool:
        """Whether the limit is that of the acceptance: nobody has taken the request yet."""
        return self.clock.kind == ACCEPTANCE


@dataclass(frozen=True)
class UnitLine:
    """A unit at a glance: how many requests wait, are due today, and are late."""

    department: Department
    waiting: int
    due_today: int
    late: int


class Supervision:
    """The queue of one supervisor at an instant. Statements do not grow with the rows."""

    def __init__(self, person: Person, now: datetime) -> None:
        self._person, self._now = person, now
        posts = posts_of(person)
        self.home_courts = {post.court_id for post in posts}
        self._read = Reach.of_posts(person.pk, posts, "supervision.read")
        self._judge = Reach.of_posts(person.pk, posts, "supervision.reject")
        self._running = Clock.objects.running().filter(kind__in=CLOCKS, limit_at__isnull=False)
        self._mine = risen_to(person, posts).filter(firing__is_silent=False)

    @property
    def is_whole_court(self) -> bool:
        """Whether the units are all those of one court, and not single departments."""
        return len(self._read.courts) == 1 and not self._read.departments

    @property
    def figures_url(self) -> str:
        """Where the figures of more courts than one's own stand; '' if one may not read them."""
        figures = Reach.of(self._person, "leadership.read").courts
        return find("leadership:rates") if figures - self._read.courts else ""

    def parts(self) -> dict[str, Part]:
        """The parts of the queue, in their order."""
        parts = [
            Part(
                "risen",
                _("Risen to you"),
                _("The ladder has sent you nothing that still waits."),
                self._risen(),
                "limit_at",
            ),
            Part(
                "late",
                _("Others that are late"),
                _("Nobody else is late."),
                self._late(),
                "limit_at",
            ),
        ]
        if not self._judge.is_empty:
            parts.append(
                Part(
                    "disputed",
                    _("Disputed replies"),
                    _("No party disputes a reply."),
                    self._disputed(),
                    "disputed_at",
                )
            )
        settled = Part(
            "settled",
            _("Answered since"),
            _("Nothing that rose to you has been answered yet."),
            self._settled(),
            "stopped_at",
            descending=True,
        )
        return {part.name: part for part in [*parts, settled]}

    def _risen(self) -> QuerySet[Clock]:
        """What the ladder sent this person and nobody has answered."""
        return self._running.filter(pk__in=self._mine.values("firing__clock_id"))

    def _in_reach(self, reach: Reach) -> Q:
        return reach.courts_q("court_id") | reach.departments_q("department_id")

    def _late(self) -> QuerySet[Clock]:
        """Requests of the person's units whose limit has passed, but for those that rose."""
        late = self._running.filter(self._in_reach(self._read), kind=REPLY)
        risen = self._risen().values("subject_id")
        return late.filter(limit_at__lte=self._now).exclude(subject_id__in=risen)

    def _disputed(self) -> QuerySet[Clock]:
        """Replies that the party disputes and this person may judge."""
        disputed = Request.objects.filter(self._in_reach(self._judge), disputed_at__isnull=False)
        clocks = Clock.objects.filter(kind=REPLY, subject_id__in=disputed.values("pk"))
        since = disputed.filter(pk=OuterRef("subject_id")).values("disputed_at")
        return clocks.annotate(disputed_at=Subquery(since))

    def _settled(self) -> QuerySet[Clock]:
        """What the ladder sent this person and has been answered since."""
        stopped = Clock.objects.filter(kind__in=CLOCKS, stopped_at__isnull=False)
        return stopped.filter(pk__in=self._mine.values("firing__clock_id"))

    def page(
        self, part: Part, *, after: str = "", before: str = "", size: int = 25
    ) -> tuple[list[Row], Page[Any]]:
        """A page of one part."""
        rose = self._mine.filter(firing__clock=OuterRef("pk")).order_by("-firing__due_at")
        clocks = part.clocks.select_related("court", "department__court", "handler").annotate(
            rose_at=Subquery(rose.values("firing__fired_at")[:1])
        )
        found = page(
            clocks, part.key, after=after, before=before, descending=part.descending, size=size
        )
        asked = Request.objects.select_related("contact").in_bulk(
            [clock.subject_id for clock in found.rows]
        )
        read = readings(found.rows, self._now)
        rows = [Row(clock, asked[clock.subject_id], read.get(clock.pk)) for clock in found.rows]
        return rows, found

    def units(self) -> list[UnitLine]:
        """The person's units with most late requests first; at most a dozen."""
        midnight = timezone.localtime(self._now).replace(hour=0, minute=0, second=0, microsecond=0)
        late = Q(limit_at__lte=self._now)
        today = ~late & Q(limit_at__lte=midnight + timedelta(days=1))
        rows = (
            Clock.objects.running()
            .filter(self._in_reach(self._read), kind=REPLY, department__isnull=False)
            .values("department_id")
            .annotate(
                waiting=Count("pk"),
                due_today=Count("pk", filter=today),
                late=Count("pk", filter=late),
            )
            .order_by("-late", "-due_today", "-waiting", "department_id")[:MOST_UNITS]
        )
        lines = list(rows)
        departments = Department.objects.select_related("court").in_bulk(
            [line["department_id"] for line in lines]
        )
        return [
            UnitLine(
                departments[line["department_id"]],
                line["waiting"],
                line["due_today"],
                line["late"],
            )
            for line in lines
        ]
