"""A published month, frozen; and the briefing that tells of it, from draft to publication."""

from __future__ import annotations

import json
import uuid
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Func, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, FSMModelMixin

from courts.lifecycle import enforced
from courts.models import Court, Department, Jurisdiction
from courts.roles import Reach
from reports.briefing.lifecycle import MOVES, BriefingState, Section
from reports.months import Month

if TYPE_CHECKING:
    from courts.models import Person

_WRITTEN_ONCE = pgtrigger.Protect(
    name="written_once", operation=pgtrigger.Update | pgtrigger.Delete
)
_PERSON = settings.AUTH_USER_MODEL


def month_of(first_day: date) -> Month:
    """The month that a column keeps as its first day."""
    return Month(first_day.year, first_day.month)


def _first_of_month(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=Q(month__day=1), name=name)


class Edition(models.Model):
    """A month of a jurisdiction as published: figures, ranking, and the items behind each.

    ``document`` is canonical JSON (see ``reports.briefing.document``). A later correction is an
    edition of its own with the next number; a row is never changed or deleted (G12, G16).
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    jurisdiction = models.ForeignKey(
        Jurisdiction, on_delete=models.PROTECT, related_name="+", verbose_name=_("jurisdiction")
    )
    month = models.DateField(_("month"), help_text=_("Its first day."))
    number = models.PositiveIntegerField(_("edition"))
    document = models.BinaryField(_("document"))
    sha256 = models.CharField("SHA-256", max_length=64)
    computed_at = models.DateTimeField(_("figures as of"))
    published_at = models.DateTimeField(_("published"), default=timezone.now)
    published_by = models.ForeignKey(
        _PERSON, on_delete=models.PROTECT, related_name="+", verbose_name=_("published by")
    )

    class Meta:
        verbose_name = _("published edition")
        verbose_name_plural = _("published editions")
        ordering = ["-month", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["jurisdiction", "month", "number"], name="edition_number_uniq"
            ),
            models.CheckConstraint(condition=Q(number__gte=1), name="edition_number_from_one"),
            _first_of_month("edition_month_first_day"),
            models.CheckConstraint(
                condition=Q(
                    sha256=Func(
                        F("document"),
                        template="encode(sha256(%(expressions)s), 'hex')",
                        output_field=models.CharField(),
                    )
                ),
                name="edition_digest_is_of_document",
            ),
        ]
        triggers = [_WRITTEN_ONCE]

    def __str__(self) -> str:
        return f"{self.jurisdiction_id} {self.month:%Y-%m} {self.number}"

    @cached_property
    def values(self) -> dict[str, Any]:
        """The document, read."""
        found: dict[str, Any] = json.loads(bytes(self.document))
        return found


class BriefingQuerySet(models.QuerySet["Briefing"]):
    """Briefings by who may read them."""

    def visible_to(self, person: Person) -> BriefingQuerySet:
        """Published ones of the reader's courts; drafts to who writes or reviews them."""
        reading = Reach.of(person, "briefings.read").courts
        own = Court.objects.filter(pk__in=reading, jurisdiction__isnull=False)
        return self.filter(
            Q(state=BriefingState.PUBLISHED, jurisdiction__in=own.values("jurisdiction_id"))
            | self._in_work(person)
        )

    @staticmethod
    def _in_work(person: Person) -> Q:
        courts = {
            court
            for action in ("briefings.write", "briefings.review")
            for court in Reach.of(person, action).courts
        }
        return Q(jurisdiction__leading_court__in=courts)


# The figures of a draft are many, and the edition keeps those that were published.
@pghistory.track(exclude=["document"])
class Briefing(FSMModelMixin, models.Model):
    """The monthly briefing (G12, B10): one for each edition of a month.

    Until it is published it bears its figures itself; what is reviewed is what is published.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    jurisdiction = models.ForeignKey(
        Jurisdiction, on_delete=models.PROTECT, related_name="+", verbose_name=_("jurisdiction")
    )
    month = models.DateField(_("month"), help_text=_("Its first day."))
    number = models.PositiveIntegerField(_("edition"))
    state = FSMField(
        _("state"),
        choices=BriefingState.choices,
        default=BriefingState.DRAFT,
        protected=True,
    )
    document = models.BinaryField(_("figures of the draft"))
    computed_at = models.DateTimeField(_("figures as of"))
    drafted_at = models.DateTimeField(_("drafted"), default=timezone.now)
    drafted_by = models.ForeignKey(
        _PERSON, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("drafted by")
    )
    edited_at = models.DateTimeField(_("last edited"), null=True)
    edited_by = models.ForeignKey(
        _PERSON,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("last edited by"),
    )
    submitted_at = models.DateTimeField(_("sent to review"), null=True)
    submitted_by = models.ForeignKey(
        _PERSON,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("sent to review by"),
    )
    returned_at = models.DateTimeField(_("sent back"), null=True)
    returned_by = models.ForeignKey(
        _PERSON,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("sent back by"),
    )
    return_reason = models.CharField(
        _("why it was sent back"), max_length=500, blank=True, default=""
    )
    published_at = models.DateTimeField(_("published"), null=True)
    published_by = models.ForeignKey(
        _PERSON,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("reviewed and published by"),
    )
    edition = models.OneToOneField(
        Edition, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("edition")
    )

    objects = BriefingQuerySet.as_manager()

    submit = enforced("state", MOVES["submit"])
    send_back = enforced("state", MOVES["send_back"])
    publish = enforced("state", MOVES["publish"])

    class Meta:
        verbose_name = _("monthly briefing")
        verbose_name_plural = _("monthly briefings")
        ordering = ["-month", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["jurisdiction", "month", "number"], name="briefing_number_uniq"
            ),
            models.UniqueConstraint(
                fields=["jurisdiction", "month"],
                condition=~Q(state="published"),
                name="briefing_one_in_work_uniq",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[value for value, _label in BriefingState.choices]),
                name="briefing_state_known",
            ),
            _first_of_month("briefing_month_first_day"),
            models.CheckConstraint(
                condition=~Q(state="in_review")
                | Q(submitted_at__isnull=False, submitted_by__isnull=False),
                name="briefing_in_review_submitted",
            ),
            models.CheckConstraint(
                condition=Q(
                    state="published",
                    edition__isnull=False,
                    published_at__isnull=False,
                    published_by__isnull=False,
                    submitted_by__isnull=False,
                )
                | (~Q(state="published") & Q(edition__isnull=True, published_by__isnull=True)),
                name="briefing_published_has_edition",
            ),
            # No rule of two people holds where either may be unknown, so each is spelt out.
            models.CheckConstraint(
                condition=Q(published_by__isnull=True)
                | (
                    ~Q(published_by=F("submitted_by"))
                    & (Q(edited_by__isnull=True) | ~Q(published_by=F("edited_by")))
                    & (Q(drafted_by__isnull=True) | ~Q(published_by=F("drafted_by")))
                ),
                name="briefing_second_person",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="published_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__state="published"),
            ),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.jurisdiction_id} {self.month:%Y-%m} {self.number}"

    @property
    def is_correction(self) -> bool:
        """Whether an edition of this month was published before it."""
        return self.number > 1

    @cached_property
    def values(self) -> dict[str, Any]:
        """The figures, read: those of the draft, which are those of the edition."""
        found: dict[str, Any] = json.loads(bytes(self.document))
        return found


class BriefingText(models.Model):
    """One version of a section in one language; the highest version holds.

    Written once, so the versions are the history: who, when, and what it was before. One without
    a person was written by the platform from the figures.
    """

    briefing = models.ForeignKey(Briefing, on_delete=models.PROTECT, related_name="texts")
    section = models.CharField(_("section"), max_length=16, choices=Section.choices)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    version = models.PositiveIntegerField(_("version"))
    text = models.TextField(_("text"))
    written_by = models.ForeignKey(
        _PERSON, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("written by")
    )
    written_at = models.DateTimeField(_("written at"), default=timezone.now)

    class Meta:
        verbose_name = _("text of a briefing")
        verbose_name_plural = _("texts of briefings")
        ordering = ["briefing_id", "section", "language", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["briefing", "section", "language", "version"],
                name="briefing_text_version_uniq",
            )
        ]
        triggers = [
            _WRITTEN_ONCE,
            pgtrigger.Trigger(
                name="not_after_publication",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                declare=[("published", "boolean")],
                func="""
                    SELECT state = 'published' INTO published FROM reports_briefing
                     WHERE id = NEW.briefing_id;
                    IF published THEN
                        RAISE EXCEPTION 'the briefing is published';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.briefing_id} {self.section} {self.language} {self.version}"


class BriefingReading(models.Model):
    """That somebody was told of a published briefing, and acknowledged to have read it.

    Those who must read are told: presidents and Case Filing Chambers of the courts. Whoever
    else may read can acknowledge as well.
    """

    briefing = models.ForeignKey(Briefing, on_delete=models.PROTECT, related_name="readings")
    person = models.ForeignKey(
        _PERSON, on_delete=models.PROTECT, related_name="+", verbose_name=_("reader")
    )
    court = models.ForeignKey(
        Court, on_delete=models.PROTECT, related_name="+", verbose_name=_("court")
    )
    department = models.ForeignKey(
        Department,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("department"),
    )
    must_read = models.BooleanField(_("must read"), default=False)
    read_at = models.DateTimeField(_("read"), null=True)

    class Meta:
        verbose_name = _("reading of a briefing")
        verbose_name_plural = _("readings of briefings")
        ordering = ["briefing_id", "court__code", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["briefing", "person", "court"], name="briefing_reading_uniq"
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="acknowledged_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__read_at__isnull=False),
            ),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.briefing_id} {self.person_id}"
