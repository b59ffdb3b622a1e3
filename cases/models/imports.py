"""How the mirror was fed: runs, what of a run could not be taken, and files sent by a browser."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cases.models.case import DEFAULT_SOURCE
from courts.fields import EncryptedTextField
from courts.models import Jurisdiction


class ImportRun(models.Model):
    """One file, or what came by the machine interface in one local day.

    ``bytes_done``, ``lines_done`` and the counts move in the transaction of the batch that they
    tell of: a run that was killed goes on from there.
    """

    class Kind(models.TextChoices):
        FULL = "full", _("full file")
        INCREMENTAL = "incremental", _("incremental file")
        API = "api", _("machine interface")

    class Format(models.TextChoices):
        CSV = "csv", _("CSV")
        JSONL = "jsonl", _("JSON lines")
        API = "api", _("machine interface")

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("state of an import", "waiting")
        RUNNING = "running", _("running")
        ENDED = "ended", pgettext_lazy("state of an import", "ended")
        FAILED = "failed", _("failed")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    source = models.CharField(_("source"), max_length=20, default=DEFAULT_SOURCE)
    jurisdiction = models.ForeignKey(
        Jurisdiction,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("jurisdiction"),
        help_text=_("Whose courts alone it may write to; empty: to all."),
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    format = models.CharField(_("form"), max_length=8, choices=Format.choices)
    file_name = models.CharField(_("file"), max_length=200)
    digest = models.CharField(_("digest of the file"), max_length=64, blank=True, default="")
    state = models.CharField(
        _("state"), max_length=12, choices=State.choices, default=State.WAITING
    )
    error = models.CharField(_("error"), max_length=60, blank=True, default="")
    bytes_total = models.BigIntegerField(_("bytes"), default=0)
    bytes_done = models.BigIntegerField(_("bytes done"), default=0)
    lines_done = models.BigIntegerField(_("lines done"), default=0)
    created = models.BigIntegerField(_("created"), default=0)
    updated = models.BigIntegerField(_("updated"), default=0)
    unchanged = models.BigIntegerField(_("unchanged"), default=0)
    out_of_date = models.BigIntegerField(_("out of date"), default=0)
    rejected = models.BigIntegerField(pgettext_lazy("records of an import", "rejected"), default=0)
    replayed = models.BigIntegerField(
        _("taken from quarantine"),
        default=0,
        help_text=_("Lines of earlier runs, or of this one, for which what they waited for came."),
    )
    not_in_file = models.BigIntegerField(
        _("cases not in the file"),
        null=True,
        blank=True,
        help_text=_("Of a full file: cases of the source that it does not name. They are kept."),
    )
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("started by"),
    )
    created_at = models.DateTimeField(_("handed in"), default=timezone.now)
    started_at = models.DateTimeField(_("started at"), null=True, blank=True)
    moved_at = models.DateTimeField(_("last batch at"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        verbose_name = _("import run")
        verbose_name_plural = _("import runs")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "file_name"],
                condition=Q(kind="api"),
                name="import_run_api_day_uniq",
            ),
            models.CheckConstraint(
                condition=~Q(state="ended") | Q(ended_at__isnull=False),
                name="import_run_ended_at",
            ),
        ]
        indexes = [
            models.Index(
                fields=["id"],
                condition=Q(state__in=["waiting", "running"]),
                name="import_run_open_idx",
            ),
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def share_done(self) -> float:
        """How far it is, from 0 to 1."""
        return min(1.0, self.bytes_done / self.bytes_total) if self.bytes_total else 0.0


class ImportChunk(models.Model):
    """A piece of a file that was handed in by a browser, sealed; gone when its run has ended."""

    run = models.ForeignKey(
        ImportRun, on_delete=models.PROTECT, related_name="chunks", db_index=False
    )
    number = models.PositiveIntegerField()
    sealed = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "number"], name="import_chunk_uniq")]

    def __str__(self) -> str:
        return f"{self.run_id} {self.number}"


class RejectedLine(models.Model):
    """A line, or a record within one, that was not taken, and why.

    ``waits_for`` names the case whose coming takes the line from quarantine by itself; '' waits
    for a person. ``record`` is sealed: it may hold a telephone and an identity number.
    """

    class State(models.TextChoices):
        QUARANTINED = "quarantined", _("in quarantine")
        REPLAYED = "replayed", _("replayed")
        DROPPED = "dropped", _("dropped")
        REPEATED = "repeated", _("came again")

    run = models.ForeignKey(
        ImportRun, on_delete=models.PROTECT, related_name="rejected_lines", verbose_name=_("run")
    )
    line_number = models.BigIntegerField(_("line"))
    record_kind = models.CharField(_("record"), max_length=12, blank=True, default="")
    field = models.CharField(_("field"), max_length=80, blank=True, default="")
    reason = models.CharField(_("reason"), max_length=32)
    params = models.JSONField(_("details"), default=dict, blank=True)
    record = EncryptedTextField(_("line as it came"))
    digest = models.BinaryField(max_length=16, editable=False)
    source = models.CharField(_("source"), max_length=20)
    waits_for = models.CharField(_("waits for case"), max_length=64, blank=True, default="")
    state = models.CharField(
        _("state"), max_length=12, choices=State.choices, default=State.QUARANTINED
    )
    rejected_at = models.DateTimeField(_("rejected at"), default=timezone.now)
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("settled by"),
    )

    class Meta:
        verbose_name = _("rejected line")
        verbose_name_plural = _("rejected lines")
        ordering = ["-run_id", "line_number", "id"]
        constraints = [
            # The same record in the same words waits once, however often it comes.
            models.UniqueConstraint(
                fields=["source", "digest"],
                condition=Q(state="quarantined"),
                name="rejected_line_waits_once",
            ),
            models.CheckConstraint(
                condition=Q(state="quarantined") | Q(settled_at__isnull=False),
                name="rejected_line_settled_at",
            ),
        ]
        indexes = [
            models.Index(
                fields=["source", "waits_for"],
                condition=Q(state="quarantined") & ~Q(waits_for=""),
                name="rejected_line_waits_idx",
            ),
            # What was dropped once is dropped again when it comes again.
            models.Index(
                fields=["source", "digest"],
                condition=Q(state="dropped"),
                name="rejected_line_dropped_idx",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.run_id}:{self.line_number}"
