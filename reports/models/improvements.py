"""Problems for improvement that anyone reports (G18), and good practices (B16)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField

from courts.lifecycle import enforced
from courts.models import Court
from courts.roles import Reach, posts_of
from reports.improvements.lifecycle import IMPROVEMENT_MOVES, ImprovementState
from reports.models.follow_up import WRITTEN_ONCE, Matter, in_reach, person_field
from reports.practices.lifecycle import PRACTICE_MOVES, PracticeState
from reports.risen import risen_to

if TYPE_CHECKING:
    from courts.models import Person


class ImprovementQuerySet(models.QuerySet["Improvement"]):
    """Proposals by who may see them."""

    def visible_to(self, person: Person) -> ImprovementQuerySet:
        """The own ones, and for the chamber those of its courts."""
        posts = posts_of(person)
        reach = Reach.of_posts(person.pk, posts, Improvement.READ)
        risen = Q(pk__in=risen_to(person, posts, Improvement.KIND))
        return self.filter(in_reach(reach) | risen | Q(raised_by=person))


@pghistory.track(exclude=["text"])  # written once, by who reports it
class Improvement(Matter):
    """A problem for improvement, reported to the Case Filing Chamber: answered, and tracked."""

    KIND: ClassVar[str] = "improvement"
    LIMIT: ClassVar[str] = "answer"
    PREFIX: ClassVar[str] = "GJ"
    MOVES = IMPROVEMENT_MOVES
    READ: ClassVar[str] = "improvements.read"
    SIGHT: ClassVar[tuple[str, ...]] = ("improvements.read",)
    PAGE: ClassVar[str] = "improvement"

    state = FSMField(
        _("state"),
        choices=ImprovementState.choices,
        default=ImprovementState.PROPOSED,
        protected=True,
    )
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    answered_by = person_field(_("answered by"))
    carried_out_at = models.DateTimeField(_("carried out"), null=True, blank=True)

    objects = ImprovementQuerySet.as_manager()

    adopt = enforced("state", IMPROVEMENT_MOVES["adopt"])
    decline = enforced("state", IMPROVEMENT_MOVES["decline"])
    carry_out = enforced("state", IMPROVEMENT_MOVES["carry_out"])

    class Meta:
        verbose_name = _("proposal for improvement")
        verbose_name_plural = _("proposals for improvement")
        ordering = ["-raised_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[value for value, _label in ImprovementState.choices]),
                name="improvement_state_known",
            ),
            models.CheckConstraint(
                condition=Q(state="proposed")
                | (Q(answered_at__isnull=False) & ~Q(answered_by=F("raised_by"))),
                name="improvement_answered_by_another",
            ),
        ]
        indexes = [
            models.Index(fields=["court", "raised_at"], name="improvement_court_idx"),
            models.Index(fields=["raised_by", "raised_at"], name="improvement_by_idx"),
        ]

    def bars(self, move: str, person_id: int) -> bool:
        """Nobody answers the own proposal."""
        return person_id == self.raised_by_id


class PracticeQuerySet(models.QuerySet["Practice"]):
    """Good practices by who may see them."""

    def visible_to(self, person: Person) -> PracticeQuerySet:
        """The circulated ones of the jurisdiction, the own court's, the chamber's courts'."""
        posts = posts_of(person)
        chamber = Reach.of_posts(person.pk, posts, "practices.circulate")
        homes = {post.court.jurisdiction_id for post in posts}
        circulated = Q(state=PracticeState.CIRCULATED, court__jurisdiction__in=homes)
        own_court = Q(court__in={post.court_id for post in posts})
        return self.filter(circulated | own_court | chamber.courts_q("court_id"))


@pghistory.track(exclude=["text"])  # written once, as it is recorded
class Practice(Matter):
    """A good practice of a court, for others to take up."""

    KIND: ClassVar[str] = "practice"
    PREFIX: ClassVar[str] = "JY"
    MOVES = PRACTICE_MOVES
    READ: ClassVar[str] = "practices.circulate"
    SIGHT: ClassVar[tuple[str, ...]] = ("practices.circulate", "practices.acknowledge")
    PAGE: ClassVar[str] = "practice"

    state = FSMField(
        _("state"), choices=PracticeState.choices, default=PracticeState.RECORDED, protected=True
    )
    circulated_at = models.DateTimeField(_("circulated"), null=True, blank=True)
    circulated_by = person_field(_("circulated by"))

    objects = PracticeQuerySet.as_manager()

    circulate = enforced("state", PRACTICE_MOVES["circulate"])
    decline = enforced("state", PRACTICE_MOVES["decline"])

    class Meta:
        verbose_name = _("good practice")
        verbose_name_plural = _("good practices")
        ordering = ["-raised_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[value for value, _label in PracticeState.choices]),
                name="practice_state_known",
            ),
            models.CheckConstraint(
                condition=~Q(state="circulated")
                | Q(circulated_at__isnull=False, circulated_by__isnull=False),
                name="practice_circulated_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["court", "raised_at"], name="practice_court_idx")]

    def seen_by(self, person_id: int, reach: Mapping[str, Reach]) -> bool:
        """A circulated one by whoever takes note of it for a court."""
        if self.state == PracticeState.CIRCULATED and not reach["practices.acknowledge"].is_empty:
            return True
        return super().seen_by(person_id, reach)


class PracticeAcknowledgement(models.Model):
    """A court has taken note of a circulated practice; written once."""

    practice = models.ForeignKey(
        Practice, on_delete=models.PROTECT, related_name="acknowledgements"
    )
    court = models.ForeignKey(
        Court, on_delete=models.PROTECT, related_name="+", verbose_name=_("court")
    )
    person = person_field(_("person"), blank=False)
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name = _("acknowledgement of a practice")
        verbose_name_plural = _("acknowledgements of practices")
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["practice", "court"], name="practice_ack_uniq")
        ]
        triggers = [WRITTEN_ONCE]

    def __str__(self) -> str:
        return f"{self.practice_id} {self.court_id}"
