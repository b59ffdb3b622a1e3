"""Clocks and what they did. The engine knows courts, posts and calendars; not what it times."""

from __future__ import annotations

import pghistory
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courts.models import CalendarVersion, Court, Department
from courts.models.kept import NEVER_DELETED


@pghistory.track()
class PolicyVersion(models.Model):
    """A policy file as it was loaded. A running clock keeps the version it started with."""

    slug = models.SlugField(_("policy"), max_length=40)
    version = models.PositiveIntegerField(_("version"))
    holds_from = models.DateField(_("holds from"))
    document = models.JSONField(_("document"))
    digest = models.CharField(max_length=64, editable=False)
    loaded_at = models.DateTimeField(_("loaded at"), default=timezone.now)

    class Meta:
        verbose_name = _("policy version")
        verbose_name_plural = _("policy versions")
        ordering = ["slug", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["slug", "version"], name="policy_version_uniq"),
        ]

    def __str__(self) -> str:
        return f"{self.slug} {self.version}"


class ClockQuerySet(models.QuerySet["Clock"]):
    """Clocks by what they time and by when they are due."""

    def running(self) -> ClockQuerySet:
        """Clocks that have not been stopped."""
        return self.filter(stopped_at__isnull=True)

    def of(self, kind: str, subject_id: int) -> ClockQuerySet:
        """The clock of one subject (at most one)."""
        return self.filter(kind=kind, subject_id=subject_id)


class Clock(models.Model):
    """One limit that is being counted, kept narrow: this table is swept every minute.

    It has no history table: its events and firings, which are never changed, are its history.
    ``fired`` spares every count the look at the firings; that none is recorded twice is kept by
    their unique constraint. The foreign keys have no index: nobody looks for clocks by them, and
    each would be written anew with every rung.
    All instants are UTC; dates are counted in the time zone of the court's jurisdiction.
    """

    kind = models.CharField(_("kind"), max_length=32)
    subject_id = models.BigIntegerField(_("id"))
    policy = models.ForeignKey(
        PolicyVersion,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        verbose_name=_("policy version"),
    )
    calendar_version = models.ForeignKey(
        CalendarVersion,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        verbose_name=_("calendar version"),
    )
    court = models.ForeignKey(
        Court,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        verbose_name=_("court"),
    )
    department = models.ForeignKey(
        Department,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("department"),
    )
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("handler"),
    )
    opened_at = models.DateTimeField(_("opened at"))
    assigned_at = models.DateTimeField(_("assigned at"), null=True, blank=True)
    limit_name = models.CharField(_("limit"), max_length=24)
    fixed_on = models.DateField(
        _("fixed date"),
        null=True,
        blank=True,
        help_text=_("Of a limit that is a fixed date: the last local day of it."),
    )
    fired = models.BigIntegerField(
        default=0,
        editable=False,
        help_text=_("A bit for each occurrence of a step that has fired, in the policy's order."),
    )
    counts_minutes = models.BooleanField(
        default=False,
        editable=False,
        help_text=_("The policy counts minutes too, so the hour of an anchor matters."),
    )
    limit_at = models.DateTimeField(_("limit ends"), null=True, blank=True)
    next_due_at = models.DateTimeField(_("next due"), null=True, blank=True)
    not_before_at = models.DateTimeField(_("fires not before"), null=True, blank=True)
    resumed_at = models.DateTimeField(_("resumed at"), null=True, blank=True)
    attempted_at = models.DateTimeField(_("attempted at"), null=True, blank=True)
    stopped_at = models.DateTimeField(_("stopped at"), null=True, blank=True)
    set_aside = models.CharField(_("set aside because"), max_length=200, blank=True, default="")

    objects = ClockQuerySet.as_manager()

    class Meta:
        verbose_name = _("clock")
        verbose_name_plural = _("clocks")
        constraints = [
            models.UniqueConstraint(fields=["kind", "subject_id"], name="clock_subject_uniq"),
            models.CheckConstraint(
                condition=Q(stopped_at__isnull=True) | Q(next_due_at__isnull=True),
                name="clock_stopped_not_due",
            ),
            models.CheckConstraint(
                condition=Q(assigned_at__isnull=True) | Q(assigned_at__gte=models.F("opened_at")),
                name="clock_assigned_after_opened",
            ),
            models.CheckConstraint(
                condition=Q(fixed_on__isnull=True) | Q(limit_at__isnull=False),
                name="clock_fixed_date_is_a_limit",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_due_at"],
                condition=Q(next_due_at__isnull=False, set_aside=""),
                name="clock_due_idx",
            ),
            # Those that a change of the calendar has left behind: every sweep looks for them.
            # Whoever counts what is overdue by unit reads nothing but this.
            models.Index(
                fields=["calendar_version", "id"],
                include=["kind", "court", "department", "limit_at"],
                condition=Q(stopped_at__isnull=True),
                name="clock_running_idx",
            ),
            models.Index(fields=["limit_at"], name="clock_limit_idx"),
            # Hardly ever a row: for the operator, who must see each.
            models.Index(fields=["id"], condition=~Q(set_aside=""), name="clock_set_aside_idx"),
        ]
        triggers = [NEVER_DELETED]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_id}"


class ClockEvent(models.Model):
    """What happened to a clock; written once. The unit is the one after the event.

    ``params`` holds codes, ids and instants; never what a party or an officer wrote.
    """

    class Kind(models.TextChoices):
        STARTED = "started", _("started")
        ASSIGNED = "assigned", _("given to a unit")
        MOVED = "moved", _("moved to another unit")
        ATTEMPTED = "attempted", _("an attempt to reach the party")
        STOPPED = "stopped", _("stopped")
        RESUMED = "resumed", _("runs on as if it had never stopped")
        MERGED = "merged", _("took the anchors of another")
        RETIMED = "retimed", _("counted anew after a change of the calendar")

    clock = models.ForeignKey(
        Clock,
        on_delete=models.PROTECT,
        related_name="events",
        db_index=False,
        db_constraint=False,
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    at = models.DateTimeField(_("at"))
    court = models.ForeignKey(
        Court,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
        verbose_name=_("court"),
    )
    department = models.ForeignKey(
        Department,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        db_constraint=False,
        verbose_name=_("department"),
    )
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        db_constraint=False,
        verbose_name=_("handler"),
    )
    params = models.JSONField(_("details"), default=dict, encoder=DjangoJSONEncoder)

    class Meta:
        verbose_name = _("clock event")
        verbose_name_plural = _("clock events")
        ordering = ["at", "id"]
        indexes = [
            models.Index(fields=["clock", "at"], name="clock_event_idx"),
            # Few: whoever asks which unit answered for a clock looks for these among all others.
            models.Index(
                fields=["clock"],
                condition=Q(kind="moved") | Q(kind="merged"),
                name="clock_event_passed_on_idx",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.clock_id} {self.kind}"


class Firing(models.Model):
    """A step of the ladder that came due: recorded once, whatever happens.

    ``day0`` is the local date that it was counted from, in the given version of the calendar.
    ``due_at`` is when it was due, ``fired_at`` when a sweep or a settling recorded it. ``detail``
    says how recipients were found (vacant posts, successors) and why it reads as it does.
    """

    clock = models.ForeignKey(
        Clock,
        on_delete=models.PROTECT,
        related_name="firings",
        db_index=False,
        db_constraint=False,
        verbose_name=_("clock"),
    )
    step = models.CharField(_("step"), max_length=24)
    occurrence = models.PositiveSmallIntegerField(_("occurrence"), default=1)
    level = models.PositiveSmallIntegerField(
        _("level"), help_text=_("0 is a warning; 1 to 4 are the rungs of the ladder.")
    )
    day0 = models.DateField(_("counted from"), null=True)
    calendar_version = models.ForeignKey(
        CalendarVersion,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        db_constraint=False,
        verbose_name=_("calendar version"),
    )
    due_at = models.DateTimeField(_("due at"))
    fired_at = models.DateTimeField(_("fired at"))
    court = models.ForeignKey(
        Court,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
        verbose_name=_("court"),
    )
    department = models.ForeignKey(
        Department,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        db_constraint=False,
        verbose_name=_("department"),
    )
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        db_constraint=False,
        verbose_name=_("handler"),
    )
    was_attempted = models.BooleanField(_("attempted before"), default=False)
    was_settled = models.BooleanField(_("settled with an answer"), default=False)
    is_silent = models.BooleanField(_("not sent"), default=False)
    detail = models.JSONField(_("details"), default=dict)

    class Meta:
        verbose_name = _("firing")
        verbose_name_plural = _("firings")
        ordering = ["due_at", "level", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["clock", "step", "occurrence"], name="firing_once_uniq"
            ),
        ]
        indexes = [models.Index(fields=["court", "due_at"], name="firing_court_idx")]
        triggers = [NEVER_DELETED]

    def __str__(self) -> str:
        return f"{self.clock_id} {self.step} {self.occurrence}"


class FiringRecipient(models.Model):
    """To whom a firing went, and for which post; the ladder's own address list."""

    firing = models.ForeignKey(
        Firing,
        on_delete=models.PROTECT,
        related_name="recipients",
        db_index=False,
        db_constraint=False,
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_constraint=False
    )
    role = models.CharField(
        max_length=24, help_text=_("The recipient as the policy names it, such as 'president'.")
    )

    class Meta:
        verbose_name = _("recipient of a firing")
        verbose_name_plural = _("recipients of firings")
        constraints = [
            models.UniqueConstraint(fields=["firing", "person"], name="firing_recipient_uniq")
        ]

    def __str__(self) -> str:
        return f"{self.firing_id} {self.role}"


class SweepRun(models.Model):
    """One sweep: what it found and how long it took, for the operator's page.

    For those that found nothing one row is kept and renewed, so the table grows with the work and
    not with the minutes.
    """

    started_at = models.DateTimeField(_("started at"))
    ended_at = models.DateTimeField(_("ended at"), null=True)
    clocks = models.PositiveIntegerField(_("clocks"), default=0)
    firings = models.PositiveIntegerField(_("firings"), default=0)
    set_aside = models.PositiveIntegerField(_("set aside"), default=0)

    class Meta:
        verbose_name = _("sweep")
        verbose_name_plural = _("sweeps")
        ordering = ["-started_at"]
        indexes = [
            models.Index(fields=["-started_at"], name="sweep_run_started_idx"),
            models.Index(
                fields=["id"], condition=Q(clocks=0, set_aside=0), name="sweep_run_empty_idx"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.started_at:%Y-%m-%d %H:%M}"


@pghistory.track()
class PolicySignature(models.Model):
    """Who has signed for a value of a policy that no clause gives (G19).

    It stands for that value in later versions too, for as long as they leave it unchanged.
    """

    policy = models.ForeignKey(
        PolicyVersion,
        on_delete=models.PROTECT,
        related_name="signatures",
        verbose_name=_("policy version"),
    )
    key = models.CharField(_("place in the policy"), max_length=120)
    value = models.JSONField(_("value as signed"))
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("signed by"),
    )
    signed_at = models.DateTimeField(_("signed at"), default=timezone.now)
    note = models.CharField(_("note"), max_length=200)

    class Meta:
        verbose_name = _("signature for a value")
        verbose_name_plural = _("signatures for values")
        ordering = ["policy", "key"]
        constraints = [
            models.UniqueConstraint(fields=["policy", "key"], name="policy_signature_uniq"),
            models.CheckConstraint(condition=~Q(note=""), name="policy_signature_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.policy} {self.key}"
