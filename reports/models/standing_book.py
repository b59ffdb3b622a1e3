"""Files that are written of the standing book, and views of it that somebody keeps (G11)."""

from __future__ import annotations

import uuid

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Export(models.Model):
    """A file written of the standing book by a worker, for the one who asked for it.

    It shows the requests registered before ``asked_at``, as they stood when their batch was
    written. ``rows_done``, ``bytes_done`` and the key of the last row move in the transaction of
    the batch that they tell of: one that was killed goes on from there. ``courts`` and
    ``departments`` are what its owner could read then; the file is given out only while they
    still may. One that came by the ``rhythm`` of a saved view has the ``view`` and the first
    day of the week or month that it tells of (``written_for``): one file for each.
    """

    class Format(models.TextChoices):
        CSV = "csv", _("CSV")
        XLSX = "xlsx", _("Excel workbook")

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting to be written")
        RUNNING = "running", _("being written")
        DONE = "done", _("ready")
        FAILED = "failed", _("failed")
        REMOVED = "removed", _("removed")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("who")
    )
    courts = models.JSONField(_("courts"), default=list)
    departments = models.JSONField(_("departments"), default=list)
    wish = models.JSONField(_("filter"), default=dict)
    columns = models.JSONField(_("columns"), default=list)
    language = models.CharField(_("language"), max_length=12)
    format = models.CharField(_("form"), max_length=8, choices=Format.choices)
    view = models.ForeignKey(
        "reports.SavedView",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("saved view"),
    )
    written_for = models.DateField(_("written for"), null=True, blank=True)
    rhythm = models.CharField(max_length=8, blank=True, default="", editable=False)
    state = models.CharField(
        _("state"), max_length=12, choices=State.choices, default=State.WAITING
    )
    error = models.CharField(_("error"), max_length=40, blank=True, default="")
    rows_done = models.BigIntegerField(_("rows"), default=0)
    rows_estimate = models.BigIntegerField(_("rows, by estimate"), null=True, blank=True)
    bytes_done = models.BigIntegerField(_("bytes"), default=0)
    key_at = models.DateTimeField(null=True, blank=True, editable=False)
    key_id = models.BigIntegerField(null=True, blank=True, editable=False)
    tries = models.PositiveSmallIntegerField(_("times begun without a batch since"), default=0)
    asked_at = models.DateTimeField(_("asked for"), default=timezone.now)
    started_at = models.DateTimeField(_("started at"), null=True, blank=True)
    moved_at = models.DateTimeField(_("last batch at"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "running"]) | Q(ended_at__isnull=False),
                name="export_ended_at",
            ),
            models.CheckConstraint(
                condition=Q(key_at__isnull=True, key_id__isnull=True)
                | Q(key_at__isnull=False, key_id__isnull=False),
                name="export_key_whole",
            ),
            models.UniqueConstraint(
                fields=["view", "rhythm", "written_for"], name="export_period_uniq"
            ),
        ]
        indexes = [
            models.Index(
                fields=["id"],
                condition=Q(state__in=["waiting", "running"]),
                name="export_open_idx",
            ),
            models.Index(fields=["person", "-id"], name="export_person_idx"),
        ]

    def __str__(self) -> str:
        return f"{self.format} {self.asked_at:%Y-%m-%d %H:%M}"

    @property
    def is_open(self) -> bool:
        """Whether a worker still has to do with it."""
        return self.state in (self.State.WAITING, self.State.RUNNING)


@pghistory.track()
class SavedView(models.Model):
    """A filter and a choice of columns under a name; for its owner alone.

    With a ``rhythm`` it is written to a file by itself: of every week (Monday to Sunday) or month
    of registration that ends after ``rhythm_since``.
    """

    class Rhythm(models.TextChoices):
        NEVER = "never", _("not by itself")
        WEEKLY = "weekly", _("every week")
        MONTHLY = "monthly", _("every month")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("who")
    )
    name = models.CharField(_("name"), max_length=40)
    wish = models.JSONField(_("filter"), default=dict)
    columns = models.JSONField(_("columns"), default=list)
    rhythm = models.CharField(
        _("written to a file"), max_length=8, choices=Rhythm.choices, default=Rhythm.NEVER
    )
    rhythm_format = models.CharField(
        _("form"), max_length=8, choices=Export.Format.choices, default=Export.Format.CSV
    )
    rhythm_since = models.DateTimeField(_("since"), null=True, blank=True)
    saved_at = models.DateTimeField(_("saved"), default=timezone.now)

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["person", "name"], name="saved_view_name_uniq"),
            models.CheckConstraint(condition=~Q(name=""), name="saved_view_has_name"),
            models.CheckConstraint(
                condition=Q(rhythm="never") | Q(rhythm_since__isnull=False),
                name="saved_view_rhythm_since",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ExportPart(models.Model):
    """A piece of an export's file, packed and sealed; gone when the file is removed.

    ``starts_at`` and ``size`` are bytes of the file as it is given out.
    """

    export = models.ForeignKey(
        Export, on_delete=models.PROTECT, related_name="parts", db_index=False
    )
    starts_at = models.BigIntegerField()
    size = models.PositiveIntegerField()
    sealed = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["export", "starts_at"], name="export_part_uniq"),
        ]

    def __str__(self) -> str:
        return f"{self.export_id} {self.starts_at}"
