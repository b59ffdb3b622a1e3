"""Jurisdictions, courts and their departments."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import pghistory
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.lookups import IsNull
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from courts.models.kept import NEVER_DELETED


class TwoNames:
    """Something with a Chinese name and, where known, an English one."""

    name: Any
    name_en: Any

    @property
    def display_name(self) -> str:
        """The name in the language of the reader; the Chinese one where there is no other."""
        if self.name_en and (get_language() or "").startswith("en"):
            return str(self.name_en)
        return str(self.name)

    def __str__(self) -> str:
        return self.display_name


class Bilingual(TwoNames, models.Model):
    """A row with a Chinese name and, where known, an English one."""

    name = models.CharField(_("name"), max_length=100)
    name_en = models.CharField(_("English name"), max_length=160, blank=True, default="")

    class Meta:
        abstract = True


def check_time_zone(name: str) -> None:
    """Raise ``ValidationError`` unless dates can be counted in a zone of this name."""
    if name not in available_timezones():
        raise ValidationError(_("No time zone has this name. Write one such as Asia/Shanghai."))


@pghistory.track()
class Jurisdiction(Bilingual):
    """A leading court, the courts that answer to it, and the policy they follow.

    One deployment may hold several. The leading court is the Intermediate Court of a city
    (Guangzhou) or the High Court of a municipality (Beijing).
    """

    code = models.SlugField(_("code"), max_length=40, unique=True)
    number_prefix = models.CharField(
        _("prefix of request numbers"), max_length=6, unique=True, help_text=_("Capital letters.")
    )
    leading_court = models.ForeignKey(
        "courts.Court",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("leading court"),
    )
    policy = models.SlugField(_("policy"), max_length=40)
    time_zone = models.CharField(
        _("time zone"), max_length=40, default="Asia/Shanghai", validators=[check_time_zone]
    )
    is_demonstration = models.BooleanField(_("demonstration data"), default=False)

    class Meta:
        verbose_name = _("jurisdiction")
        verbose_name_plural = _("jurisdictions")
        constraints = [
            # The database refuses what it knows no zone by: one bad name would stop every count.
            models.CheckConstraint(
                condition=IsNull(
                    Func(
                        F("time_zone"),
                        Value(datetime(2000, 1, 1, tzinfo=UTC)),
                        function="timezone",
                        output_field=models.DateTimeField(),
                    ),
                    False,
                ),
                name="jurisdiction_time_zone_known",
            )
        ]

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which this jurisdiction's dates are counted."""
        return ZoneInfo(self.time_zone)


@pghistory.track()
class Court(Bilingual):
    """A court. Its level and parent come from this table, never from the digits of its code."""

    class Level(models.TextChoices):
        SUPREME = "supreme", _("supreme")
        HIGH = "high", _("high")
        INTERMEDIATE = "intermediate", _("intermediate")
        PRIMARY = "primary", _("primary")

    class Kind(models.TextChoices):
        ORDINARY = "ordinary", _("ordinary")
        RAILWAY = "railway", _("railway transport")
        MARITIME = "maritime", _("maritime")
        INTELLECTUAL_PROPERTY = "intellectual_property", _("intellectual property")
        FINANCIAL = "financial", _("financial")
        INTERNET = "internet", _("internet")

    class Status(models.TextChoices):
        CURRENT = "current", _("current")
        HISTORICAL = "historical", _("historical")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.CharField(_("court code"), max_length=12)
    level = models.CharField(_("level"), max_length=12, choices=Level.choices)
    kind = models.CharField(_("kind"), max_length=24, choices=Kind.choices, default=Kind.ORDINARY)
    status = models.CharField(
        _("status"), max_length=12, choices=Status.choices, default=Status.CURRENT
    )
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("superior court"),
    )
    jurisdiction = models.ForeignKey(
        Jurisdiction,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="courts",
        verbose_name=_("jurisdiction"),
    )
    is_ranked = models.BooleanField(_("ranked"), default=False)
    code_confidence = models.CharField(
        _("how sure the code is"), max_length=40, blank=True, default=""
    )

    class Meta:
        triggers = [NEVER_DELETED]
        verbose_name = _("court")
        verbose_name_plural = _("courts")
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(
                fields=["code"], condition=Q(status="current"), name="court_code_current_uniq"
            ),
            models.UniqueConstraint(fields=["name"], name="court_name_uniq"),
            models.CheckConstraint(
                condition=Q(is_ranked=False) | Q(jurisdiction__isnull=False),
                name="court_ranked_in_jurisdiction",
            ),
        ]


@pghistory.track()
class Department(Bilingual):
    """A division, trial team or office of a court."""

    class Kind(models.TextChoices):
        TRIAL = "trial", _("trial division")
        ENFORCEMENT = "enforcement", _("Enforcement Bureau")
        LITIGATION_SERVICE = "litigation_service", _("Litigation Service Office")
        FILING_CHAMBER = "filing_chamber", _("Case Filing Chamber")
        TRIAL_MANAGEMENT = "trial_management", _("Trial Management Office")
        DISCIPLINE = "discipline", _("Discipline Inspection and Supervision Office")
        INSPECTION = "inspection", _("Inspection Office")
        TECHNOLOGY = "technology", _("Technology and Information Division")
        OFFICE = "office", _("other office")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    court = models.ForeignKey(
        Court, on_delete=models.PROTECT, related_name="departments", verbose_name=_("court")
    )
    kind = models.CharField(_("kind"), max_length=24, choices=Kind.choices)
    is_open = models.BooleanField(_("takes work orders"), default=True)

    class Meta:
        triggers = [NEVER_DELETED]
        verbose_name = _("department")
        verbose_name_plural = _("departments")
        ordering = ["court__code", "id"]
        constraints = [
            models.UniqueConstraint(fields=["court", "name"], name="department_name_uniq"),
            models.UniqueConstraint(
                fields=["court"],
                condition=Q(kind="litigation_service"),
                name="department_one_service_uniq",
            ),
        ]


class NumberSeries(models.Model):
    """The last request number given on a local day; one row per jurisdiction and day."""

    jurisdiction = models.ForeignKey(Jurisdiction, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["jurisdiction", "day"], name="number_series_uniq")
        ]

    def __str__(self) -> str:
        return f"{self.jurisdiction_id} {self.day} {self.last}"
