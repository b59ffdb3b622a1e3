"""The list of problems (G11, G14) and agenda matters with their look back (G13, G14, B12, B13)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField

from cases.models import Case
from courts.lifecycle import enforced
from courts.models import Jurisdiction, Post
from courts.roles import Reach, posts_of
from liaison.models import Request
from reports.agenda.lifecycle import AGENDA_MOVES, AgendaState
from reports.models.follow_up import WRITTEN_ONCE, Matter, in_reach, person_field
from reports.problems.lifecycle import PROBLEM_MOVES, ProblemState
from reports.risen import risen_to

if TYPE_CHECKING:
    from courts.models import Person


class ProblemQuerySet(models.QuerySet["Problem"]):
    """Problems by who may see them."""

    def visible_to(self, person: Person) -> ProblemQuerySet:
        """Those within reach, the own ones, and those that rose to the person."""
        posts = posts_of(person)
        reach = Reach.of_posts(person.pk, posts, Problem.READ)
        risen = Q(pk__in=risen_to(person, posts, Problem.KIND))
        return self.filter(in_reach(reach) | risen | Q(owner=person) | Q(raised_by=person))


@pghistory.track(exclude=["text"])  # written once, as the problem is listed
class Problem(Matter):
    """A problem on the list: its class, the unit and person who clear it, by when, the evidence.

    It is struck off by somebody else than its owner.
    """

    KIND: ClassVar[str] = "problem"
    LIMIT: ClassVar[str] = "rectify"
    PREFIX: ClassVar[str] = "WT"
    MOVES = PROBLEM_MOVES
    READ: ClassVar[str] = "problems.read"
    SIGHT: ClassVar[tuple[str, ...]] = ("problems.read",)
    PAGE: ClassVar[str] = "problem"

    category = models.CharField(_("class"), max_length=30)
    owner = person_field(_("owner"), blank=False)
    request = models.ForeignKey(
        Request,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("request"),
    )
    case = models.ForeignKey(
        Case,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("case"),
    )
    state = FSMField(
        _("state"), choices=ProblemState.choices, default=ProblemState.OPEN, protected=True
    )
    reported_at = models.DateTimeField(_("reported as rectified"), null=True, blank=True)
    struck_at = models.DateTimeField(_("struck off"), null=True, blank=True)
    struck_by = person_field(_("struck off by"))
    reopened = models.PositiveSmallIntegerField(_("times opened again"), default=0)

    objects = ProblemQuerySet.as_manager()

    report = enforced("state", PROBLEM_MOVES["report"])
    strike = enforced("state", PROBLEM_MOVES["strike"])
    send_back = enforced("state", PROBLEM_MOVES["send_back"])
    reopen = enforced("state", PROBLEM_MOVES["reopen"])

    class Meta:
        verbose_name = _("listed problem")
        verbose_name_plural = _("listed problems")
        ordering = ["-raised_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[value for value, _label in ProblemState.choices]),
                name="problem_state_known",
            ),
            models.CheckConstraint(
                condition=Q(struck_by__isnull=True) | ~Q(struck_by=F("owner")),
                name="problem_not_struck_by_its_owner",
            ),
            models.CheckConstraint(
                condition=~Q(state="struck") | Q(struck_at__isnull=False, struck_by__isnull=False),
                name="problem_struck_by_somebody",
            ),
        ]
        indexes = [
            models.Index(fields=["court", "raised_at"], name="problem_court_idx"),
            models.Index(fields=["owner", "raised_at"], name="problem_owner_idx"),
        ]

    @property
    def handler_id(self) -> int | None:
        """The owner, who clears it."""
        return self.owner_id

    def bars(self, move: str, person_id: int) -> bool:
        """The owner neither strikes it off nor rules on the own report."""
        return move != "report" and person_id == self.owner_id


class AgendaQuerySet(models.QuerySet["AgendaMatter"]):
    """Agenda matters by who may see them."""

    def visible_to(self, person: Person) -> AgendaQuerySet:
        """Those within reach, the own ones, those that rose to the person.

        Of a joint meeting of courts every president of the jurisdiction reads the matters.
        """
        posts = posts_of(person)
        reach = Reach.of_posts(person.pk, posts, AgendaMatter.READ)
        risen = Q(pk__in=risen_to(person, posts, AgendaMatter.KIND))
        presides = {
            post.court.jurisdiction_id for post in posts if post.kind == Post.Kind.PRESIDENT
        }
        joint = Q(body=AgendaMatter.Body.JOINT_MEETING, court__jurisdiction__in=presides)
        own = Q(owner=person) | Q(raised_by=person)
        return self.filter(in_reach(reach) | joint | risen | own)


@pghistory.track(exclude=["text"])  # written once, as the matter is put on the agenda
class AgendaMatter(Matter):
    """A matter that a leading body of a court has taken up: owner, limit, result."""

    KIND: ClassVar[str] = "agenda_matter"
    LIMIT: ClassVar[str] = "result"
    PREFIX: ClassVar[str] = "YT"
    MOVES = AGENDA_MOVES
    READ: ClassVar[str] = "agenda.read"
    SIGHT: ClassVar[tuple[str, ...]] = ("agenda.read",)
    PAGE: ClassVar[str] = "agenda_matter"

    class Body(models.TextChoices):
        PARTY_GROUP = "party_group", _("party group")
        PRESIDENTS_MEETING = "presidents_meeting", _("president's meeting")
        JOINT_MEETING = "joint_meeting", _("joint meeting of courts")

    body = models.CharField(_("body"), max_length=20, choices=Body.choices)
    meeting_on = models.DateField(_("meeting of"))
    owner = person_field(_("owner"), blank=False)
    state = FSMField(
        _("state"), choices=AgendaState.choices, default=AgendaState.OPEN, protected=True
    )
    resulted_at = models.DateTimeField(_("result recorded"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    closed_by = person_field(_("closed by"))

    objects = AgendaQuerySet.as_manager()

    record_result = enforced("state", AGENDA_MOVES["record_result"])
    close = enforced("state", AGENDA_MOVES["close"])
    send_back = enforced("state", AGENDA_MOVES["send_back"])
    look_back = enforced("state", AGENDA_MOVES["look_back"])
    confirm = enforced("state", AGENDA_MOVES["confirm"])
    reopen = enforced("state", AGENDA_MOVES["reopen"])

    class Meta:
        verbose_name = _("agenda matter")
        verbose_name_plural = _("agenda matters")
        ordering = ["-raised_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[value for value, _label in AgendaState.choices]),
                name="agenda_state_known",
            ),
            models.CheckConstraint(
                condition=Q(closed_by__isnull=True) | ~Q(closed_by=F("owner")),
                name="agenda_not_closed_by_its_owner",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["closed", "checking"])
                | Q(closed_at__isnull=False, closed_by__isnull=False),
                name="agenda_closed_by_somebody",
            ),
        ]
        indexes = [
            models.Index(fields=["court", "raised_at"], name="agenda_court_idx"),
            models.Index(
                fields=["closed_at"], condition=Q(state="closed"), name="agenda_closed_idx"
            ),
        ]

    @property
    def handler_id(self) -> int | None:
        """The owner, who brings the result."""
        return self.owner_id

    def bars(self, move: str, person_id: int) -> bool:
        """The owner does not rule on the own result."""
        return move != "record_result" and person_id == self.owner_id


class LookBack(models.Model):
    """One draw of the look back: the matters closed in a month, the seed, and who was drawn.

    Written once, so the draw can be repeated by anyone: ``reports.agenda.sample``.
    """

    jurisdiction = models.ForeignKey(
        Jurisdiction, on_delete=models.PROTECT, related_name="+", verbose_name=_("jurisdiction")
    )
    month = models.DateField(_("month in which they were closed"))
    seed = models.CharField(_("seed"), max_length=64)
    among = models.JSONField(_("drawn from"))
    drawn = models.JSONField(_("drawn"))
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name = _("look back")
        verbose_name_plural = _("looks back")
        ordering = ["-month"]
        constraints = [
            models.UniqueConstraint(fields=["jurisdiction", "month"], name="look_back_uniq")
        ]
        triggers = [WRITTEN_ONCE]

    def __str__(self) -> str:
        return f"{self.jurisdiction_id} {self.month:%Y-%m}"
