"""Objections to figures, and the sheets of the annual assessment (G16, B14)."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import TYPE_CHECKING

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_fsm import FSMField, FSMModelMixin

from courts.lifecycle import enforced
from courts.models import Court, Department, Post
from courts.models.kept import NEVER_DELETED
from courts.roles import Reach, posts_of
from liaison.models import Request
from reports.assessment.lifecycle import (
    OBJECTION_MOVES,
    SHEET_MOVES,
    ObjectionState,
    SheetKind,
    SheetState,
)
from reports.months import Month

if TYPE_CHECKING:
    from courts.models import Person


class ObjectionQuerySet(models.QuerySet["Objection"]):
    """Objections by who answers them, and by what they are about."""

    def answerable_by(self, person: Person, at: datetime | None = None) -> ObjectionQuerySet:
        """Those of the courts whose leading court's Case Filing Chamber ``person`` is of."""
        chambers = [
            post.court_id for post in posts_of(person, at) if post.kind == Post.Kind.FILING_CHAMBER
        ]
        return self.filter(court__jurisdiction__leading_court__in=chambers)

    def waiting(self) -> ObjectionQuerySet:
        """Those that nobody has answered."""
        return self.filter(state=ObjectionState.OPEN)

    def of_months(self, first: Month, last: Month) -> ObjectionQuerySet:
        """Those to figures of the months from the one to the other."""
        return self.filter(month__range=(first.first_day, last.first_day))


@pghistory.track(exclude=["reason", "answer"])  # each written once
class Objection(FSMModelMixin, models.Model):
    """A person's objection to one item that counts for them: a request, in a rate, in a month.

    ``court`` and ``department`` are the unit that the item counts for, ``limit_at`` is its limit,
    all as of the objection. ``closes_at`` is the end of the days in which it could be made.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("who")
    )
    request = models.ForeignKey(
        Request, on_delete=models.PROTECT, related_name="+", verbose_name=_("request")
    )
    indicator = models.CharField(_("rate"), max_length=16)
    month = models.DateField(_("month"), help_text=_("Its first day."))
    court = models.ForeignKey(
        Court, on_delete=models.PROTECT, related_name="+", verbose_name=_("court")
    )
    department = models.ForeignKey(
        Department,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("department"),
    )
    limit_at = models.DateTimeField(_("limit"))
    closes_at = models.DateTimeField(_("could be made until"))
    reason = models.TextField(_("reason"))
    made_at = models.DateTimeField(_("made"), default=timezone.now)
    state = FSMField(
        _("state"), choices=ObjectionState.choices, default=ObjectionState.OPEN, protected=True
    )
    answer = models.TextField(_("answer"), blank=True, default="")
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("answered by"),
    )
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)

    objects = ObjectionQuerySet.as_manager()

    uphold = enforced("state", OBJECTION_MOVES["uphold"])
    not_uphold = enforced("state", OBJECTION_MOVES["not_uphold"])

    class Meta:
        verbose_name = _("objection")
        verbose_name_plural = _("objections")
        ordering = ["made_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "month", "indicator", "request"], name="objection_once_uniq"
            ),
            models.CheckConstraint(
                condition=Q(made_at__lt=F("closes_at")), name="objection_made_in_time"
            ),
            models.CheckConstraint(
                condition=Q(month__day=1), name="objection_month_by_its_first_day"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="objection_says_why"),
            models.CheckConstraint(
                condition=Q(
                    state="open", answer="", answered_by__isnull=True, answered_at__isnull=True
                )
                | (
                    Q(state__in=["upheld", "not_upheld"])
                    & ~Q(answer="")
                    & Q(answered_by__isnull=False, answered_at__isnull=False)
                ),
                name="objection_answered_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(answered_by__isnull=True) | ~Q(answered_by=F("person")),
                name="objection_not_answered_by_its_author",
            ),
        ]
        indexes = [
            models.Index(
                fields=["court", "made_at", "id"],
                condition=Q(state="open"),
                name="objection_open_idx",
            ),
            models.Index(fields=["court", "department", "month"], name="objection_unit_idx"),
        ]

    def __str__(self) -> str:
        return f"{self.request_id} {self.indicator} {self.month:%Y-%m}"


class SheetQuerySet(models.QuerySet["Sheet"]):
    """Sheets by who may see them."""

    def visible_to(self, person: Person) -> SheetQuerySet:
        """The person's own sheet, and those of units and their judges within reach."""
        reach = Reach.of(person, "assessment.read")
        return self.filter(
            reach.courts_q("court_id") | reach.departments_q("department_id") | Q(person=person)
        )


_COMMENTED = ~Q(comment="") & Q(commented_by__isnull=False, commented_at__isnull=False)
_UNSIGNED = Q(signed_by__isnull=True, signed_at__isnull=True, frozen="")
_SIGNED = ~Q(frozen="") & Q(signed_by__isnull=False, signed_at__isnull=False)


@pghistory.track(exclude=["statement", "comment", "frozen"])  # each written once
class Sheet(FSMModelMixin, models.Model):
    """The assessment of a judge's, a department's or a court's year.

    Its figures are the sums of the year's months and are read live until it is signed; then they
    stand in ``frozen``, canonical JSON with the items behind them, and nothing of the row changes
    any more. Nobody signs a sheet without a comment, nor one that they commented on themselves.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=12, choices=SheetKind.choices)
    year = models.PositiveSmallIntegerField(_("year"))
    court = models.ForeignKey(
        Court, on_delete=models.PROTECT, related_name="+", verbose_name=_("court")
    )
    department = models.ForeignKey(
        Department,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("department"),
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("judge"),
    )
    state = FSMField(
        _("state"), choices=SheetState.choices, default=SheetState.DRAFT, protected=True
    )
    drafted_at = models.DateTimeField(_("drafted"), default=timezone.now)
    statement = models.TextField(_("the judge’s statement"), blank=True, default="")
    stated_at = models.DateTimeField(_("stated"), null=True, blank=True)
    comment = models.TextField(_("comment"), blank=True, default="")
    commented_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("commented by"),
    )
    commented_at = models.DateTimeField(pgettext_lazy("sheet", "commented"), null=True, blank=True)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("signed by"),
    )
    signed_at = models.DateTimeField(pgettext_lazy("sheet", "signed"), null=True, blank=True)
    frozen = models.TextField(_("figures as signed"), blank=True, default="", editable=False)

    objects = SheetQuerySet.as_manager()

    comment_on = enforced("state", SHEET_MOVES["comment_on"])
    sign = enforced("state", SHEET_MOVES["sign"])

    class Meta:
        verbose_name = _("assessment sheet")
        verbose_name_plural = _("assessment sheets")
        ordering = ["-year", "court_id", "department_id", "id"]
        triggers = [
            NEVER_DELETED,
            pgtrigger.Protect(
                name="signed_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__state="signed"),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "year"], condition=Q(kind="judge"), name="sheet_judge_uniq"
            ),
            models.UniqueConstraint(
                fields=["department", "year"],
                condition=Q(kind="department"),
                name="sheet_department_uniq",
            ),
            models.UniqueConstraint(
                fields=["court", "year"], condition=Q(kind="court"), name="sheet_court_uniq"
            ),
            models.CheckConstraint(
                condition=Q(kind="judge", person__isnull=False, department__isnull=False)
                | Q(kind="department", person__isnull=True, department__isnull=False)
                | Q(kind="court", person__isnull=True, department__isnull=True),
                name="sheet_is_of_one",
            ),
            models.CheckConstraint(
                condition=(Q(state="draft", comment="", commented_by__isnull=True) & _UNSIGNED)
                | (Q(state="commented") & _COMMENTED & _UNSIGNED)
                | (Q(state="signed") & _COMMENTED & _SIGNED),
                name="sheet_signed_with_comment",
            ),
            models.CheckConstraint(
                condition=Q(statement="", stated_at__isnull=True)
                | (~Q(statement="") & Q(stated_at__isnull=False, kind="judge")),
                name="sheet_statement_of_a_judge",
            ),
            models.CheckConstraint(
                condition=Q(commented_by__isnull=True)
                | (
                    (Q(signed_by__isnull=True) | ~Q(signed_by=F("commented_by")))
                    & (Q(person__isnull=True) | ~Q(commented_by=F("person")))
                ),
                name="sheet_two_people",
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=True)
                | Q(signed_by__isnull=True)
                | ~Q(signed_by=F("person")),
                name="sheet_not_signed_by_its_judge",
            ),
        ]
        indexes = [
            models.Index(fields=["court", "year", "kind"], name="sheet_court_year_idx"),
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.person or self.department or self.court}"

    @property
    def months(self) -> list[Month]:
        """The months of its year."""
        return [Month(self.year, number) for number in range(1, 13)]
