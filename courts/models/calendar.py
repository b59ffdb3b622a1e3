"""The business calendar: what courts enter over the public schedule, version by version."""

from __future__ import annotations

from datetime import date

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courts.models.kept import NEVER_DELETED
from courts.models.organisation import Court, Jurisdiction


class PublicSchedule(models.Model):
    """A public schedule as the ``holidays`` package gave it; each that was ever used stands.

    So a version of the calendar reads the same after the package was upgraded. ``days`` are the
    special days by their ISO date, each with its kind and name; ``digest`` tells schedules
    apart by the days and kinds, and not by the names.
    """

    digest = models.CharField(_("digest"), max_length=64, unique=True)
    days = models.JSONField(_("special days"))
    provisional_years = models.JSONField(_("provisional years"))
    taken_at = models.DateTimeField(_("taken at"), default=timezone.now)

    class Meta:
        verbose_name = _("public schedule")
        verbose_name_plural = _("public schedules")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.pk}: {self.taken_at:%Y-%m-%d}"


class CalendarVersion(models.Model):
    """A state of the calendar. Every change makes a new one, with who and why.

    A clock keeps the version that its next instant was computed with. A version without a
    schedule (of a time when none was kept) counts with the one that is installed.
    ``reaching_back`` says why a court's own closure holds for days that had begun when it was
    entered; empty where none did.
    """

    schedule = models.ForeignKey(
        PublicSchedule,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("public schedule"),
    )
    reason = models.CharField(_("reason"), max_length=300)
    reaching_back = models.CharField(
        _("why it reaches back"), max_length=300, blank=True, default=""
    )
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("entered by"),
    )
    entered_at = models.DateTimeField(_("entered at"), default=timezone.now)

    class Meta:
        triggers = [NEVER_DELETED]
        verbose_name = _("calendar version")
        verbose_name_plural = _("calendar versions")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.pk}: {self.reason}"


class CalendarEntryQuerySet(models.QuerySet["CalendarEntry"]):
    """Entries by version and reach."""

    def in_version(self, version_id: int) -> CalendarEntryQuerySet:
        """Entries that hold in a calendar version."""
        return self.filter(
            Q(removed_in__isnull=True) | Q(removed_in_id__gt=version_id),
            added_in_id__lte=version_id,
        )

    def touching(self, court_id: int | None, jurisdiction_id: int | None) -> CalendarEntryQuerySet:
        """Entries that a court is under: its own, its jurisdiction's, and everyone's.

        Without a court, those for all of a jurisdiction, or with neither for all courts.
        """
        of_no_court = Q(jurisdiction__isnull=True) | Q(jurisdiction_id=jurisdiction_id)
        own = Q(court__isnull=False, court_id=court_id)
        return self.filter(own | Q(of_no_court, court__isnull=True))


@pghistory.track()
class CalendarEntry(models.Model):
    """A day declared a business day, or not, over the public schedule.

    With a court: that court alone; with a jurisdiction: all of its courts; with neither: all.
    ``is_public`` says that a public schedule has it so, and no court of its own accord: its days
    off are holidays, and weekend days worked are make-up days.
    """

    date: models.DateField[date, date] = models.DateField(_("date"))
    is_business_day = models.BooleanField(_("business day"))
    name = models.CharField(_("name"), max_length=60)
    is_public = models.BooleanField(_("of the public schedule"), default=False)
    jurisdiction = models.ForeignKey(
        Jurisdiction,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("jurisdiction"),
    )
    court = models.ForeignKey(
        Court,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("court"),
    )
    added_in = models.ForeignKey(
        CalendarVersion, on_delete=models.PROTECT, related_name="added", verbose_name=_("added in")
    )
    removed_in = models.ForeignKey(
        CalendarVersion,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="removed",
        verbose_name=_("removed in"),
    )

    objects = CalendarEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("calendar entry")
        verbose_name_plural = _("calendar entries")
        ordering = ["date"]
        constraints = [
            models.UniqueConstraint(
                fields=["date", "jurisdiction", "court"],
                condition=Q(removed_in__isnull=True),
                nulls_distinct=False,
                name="calendar_entry_uniq",
            ),
            models.CheckConstraint(
                condition=Q(is_public=False) | Q(court__isnull=True),
                name="calendar_entry_public_of_no_court",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.date} {self.name}"


class OfficialYear(models.Model):
    """A year whose schedule an administrator has declared official.

    Years that the installed ``holidays`` data knows with their make-up days need no row.
    """

    year = models.PositiveSmallIntegerField(_("year"), unique=True)
    source = models.CharField(_("source"), max_length=200)
    version = models.ForeignKey(
        CalendarVersion, on_delete=models.PROTECT, related_name="+", verbose_name=_("version")
    )

    class Meta:
        verbose_name = _("official year")
        verbose_name_plural = _("official years")
        ordering = ["year"]

    def __str__(self) -> str:
        return str(self.year)
