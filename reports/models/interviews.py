"""Interviews of units that lag (G16, B14)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField

from courts.lifecycle import enforced
from courts.models import Court, Tenure
from courts.roles import Reach, posts_of
from reports.interviews.lifecycle import INTERVIEW_MOVES, InterviewState
from reports.models.follow_up import Matter, in_reach, person_field

if TYPE_CHECKING:
    from courts.models import Person


def is_of_the_court(court: Court, department_id: int | None, person_id: int) -> bool:
    """Whether an interview about a whole court would be held by somebody of that very court.

    Of the leading court nobody is above: its interview is its own.
    """
    jurisdiction = court.jurisdiction
    if department_id is not None or jurisdiction is None:
        return False
    if jurisdiction.leading_court_id == court.pk:
        return False
    held = Tenure.objects.at(timezone.now()).filter(person=person_id, post__is_open=True)
    return held.filter(post__court=court).exists()


class InterviewQuerySet(models.QuerySet["Interview"]):
    """Interviews by who may see them."""

    def visible_to(self, person: Person) -> InterviewQuerySet:
        """Those within reach, and those held by or with the person."""
        reach = Reach.of_posts(person.pk, posts_of(person), Interview.READ)
        hold = Reach.of_posts(person.pk, posts_of(person), "interviews.hold")
        own = Q(interviewer=person) | Q(interviewed=person) | Q(raised_by=person)
        return self.filter(in_reach(reach) | in_reach(hold) | own)


@pghistory.track(exclude=["text", "agreed"])  # each written once
class Interview(Matter):
    """An interview with the leader of a unit: proposed by the ranking or by hand.

    The unit is a court, or a department of it; ``ranking_month`` is the month whose ranking
    proposed it.
    """

    KIND: ClassVar[str] = "interview"
    PREFIX: ClassVar[str] = "YTN"
    MOVES = INTERVIEW_MOVES
    READ: ClassVar[str] = "interviews.read"
    SIGHT: ClassVar[tuple[str, ...]] = ("interviews.read", "interviews.hold")
    PAGE: ClassVar[str] = "interview"

    ranking_month = models.DateField(_("month of the ranking"), null=True, blank=True)
    lagging = models.PositiveSmallIntegerField(_("months lagging"), null=True, blank=True)
    state = FSMField(
        _("state"), choices=InterviewState.choices, default=InterviewState.PROPOSED, protected=True
    )
    held_on = models.DateField(_("held on"), null=True, blank=True)
    interviewer = person_field(_("held by"))
    interviewed = person_field(_("held with"))
    agreed = models.TextField(_("what was agreed"), blank=True, default="")
    agreed_until = models.DateField(_("by when"), null=True, blank=True)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    confirmed_by = person_field(_("confirmed by"))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    objects = InterviewQuerySet.as_manager()

    hold = enforced("state", INTERVIEW_MOVES["hold"])
    dismiss = enforced("state", INTERVIEW_MOVES["dismiss"])
    confirm = enforced("state", INTERVIEW_MOVES["confirm"])
    follow_up = enforced("state", INTERVIEW_MOVES["follow_up"])

    class Meta:
        verbose_name = _("interview")
        verbose_name_plural = _("interviews")
        ordering = ["-raised_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[value for value, _label in InterviewState.choices]),
                name="interview_state_known",
            ),
            models.UniqueConstraint(
                fields=["court", "department", "ranking_month"],
                nulls_distinct=False,
                condition=Q(ranking_month__isnull=False),
                name="interview_once_a_ranking_uniq",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["proposed", "dismissed"])
                | (
                    Q(
                        held_on__isnull=False,
                        interviewer__isnull=False,
                        interviewed__isnull=False,
                        agreed_until__isnull=False,
                    )
                    & ~Q(agreed="")
                    & ~Q(interviewer=F("interviewed"))
                ),
                name="interview_held_says_what",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("interviewer")),
                name="interview_confirmed_by_the_unit",
            ),
        ]
        indexes = [models.Index(fields=["court", "raised_at"], name="interview_court_idx")]

    @property
    def people(self) -> tuple[int | None, ...]:
        """Who held it, with whom, and who proposed it."""
        return (self.raised_by_id, self.interviewer_id, self.interviewed_id)

    def bars(self, move: str, person_id: int) -> bool:
        """Who held it does not confirm it for the unit; who was interviewed does not rule on it.

        Nor does anybody of a court make any other move in the interview about that court itself.
        """
        if move == "confirm":
            return person_id == self.interviewer_id
        return person_id == self.interviewed_id or is_of_the_court(
            self.court, self.department_id, person_id
        )
