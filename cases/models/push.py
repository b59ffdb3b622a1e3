"""Active push: what was told to whom of which node, and what each person wishes to be told."""

from __future__ import annotations

import pghistory
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cases.models.node import CaseNode
from cases.node_rules import Outside
from courts.models.kept import NEVER_DELETED
from notices.models import Contact


class PushDigest(models.Model):
    """Many nodes for one person within a short time: told by one message, at ``closes_at``."""

    contact = models.ForeignKey(
        Contact, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    opened_at = models.DateTimeField(pgettext_lazy("digest", "opened at"))
    closes_at = models.DateTimeField(_("closes at"))

    class Meta:
        verbose_name = _("collected message")
        verbose_name_plural = _("collected messages")
        constraints = [
            models.UniqueConstraint(fields=["contact", "opened_at"], name="push_digest_uniq"),
            models.CheckConstraint(
                condition=Q(closes_at__gt=models.F("opened_at")), name="push_digest_lasts"
            ),
        ]
        indexes = [models.Index(fields=["contact", "closes_at"], name="push_digest_open_idx")]
        triggers = [NEVER_DELETED]

    def __str__(self) -> str:
        return f"{self.contact_id} {self.opened_at}"


class Push(models.Model):
    """One revision of a node told to one person; its notice was written by the same statement.

    ``step`` is 0, and the source's sequence where a revision is withdrawn or stands again: so each
    of these is told once too.
    """

    class Manner(models.TextChoices):
        NEWS = "news", _("news")
        CORRECTED = "corrected", _("correction")
        WITHDRAWN = "withdrawn", _("withdrawal")
        RESTORED = "restored", _("stands again")

    node = models.ForeignKey(
        CaseNode,
        on_delete=models.PROTECT,
        related_name="pushes",
        db_index=False,
        db_constraint=False,
        verbose_name=_("node"),
    )
    contact = models.ForeignKey(
        Contact,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
        verbose_name=_("party"),
    )
    step = models.BigIntegerField(default=0)
    manner = models.CharField(_("manner"), max_length=12, choices=Manner.choices)
    digest = models.ForeignKey(
        PushDigest,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="pushes",
        db_index=False,
        db_constraint=False,
        verbose_name=_("collected message"),
    )
    pushed_at = models.DateTimeField(_("pushed at"))

    class Meta:
        verbose_name = _("push")
        verbose_name_plural = _("pushes")
        constraints = [
            models.UniqueConstraint(fields=["node", "contact", "step"], name="push_once_uniq"),
            models.CheckConstraint(
                condition=Q(manner__in=["news", "corrected"], step=0)
                | Q(manner__in=["withdrawn", "restored"]),
                name="push_step_of_manner",
            ),
        ]
        indexes = [
            models.Index(fields=["contact", "pushed_at"], name="push_contact_idx"),
            models.Index(
                fields=["digest"], condition=Q(digest__isnull=False), name="push_digest_idx"
            ),
        ]
        triggers = [NEVER_DELETED]

    def __str__(self) -> str:
        return f"{self.node_id} {self.contact_id} {self.manner}"


class PushTally(models.Model):
    """What became of the nodes that arrived on one day, each time that they did."""

    source = models.CharField(_("source"), max_length=20)
    day = models.DateField(_("day"))
    arrived = models.BigIntegerField(_("nodes arrived"), default=0)
    too_old = models.BigIntegerField(_("not pushed: too old"), default=0)
    not_listed = models.BigIntegerField(_("not pushed: not in the list"), default=0)
    superseded = models.BigIntegerField(_("not pushed: superseded"), default=0)

    class Meta:
        verbose_name = _("day of active push")
        verbose_name_plural = _("days of active push")
        ordering = ["-day", "source"]
        constraints = [models.UniqueConstraint(fields=["source", "day"], name="push_tally_uniq")]

    def __str__(self) -> str:
        return f"{self.source} {self.day}"


@pghistory.track()
class PushPreference(models.Model):
    """Whether one person wishes to be told of one kind of node; '' refuses all of them."""

    contact = models.ForeignKey(
        Contact, on_delete=models.PROTECT, related_name="+", db_index=False, verbose_name=_("party")
    )
    kind = models.CharField(_("node"), max_length=40, blank=True, default="")
    is_wanted = models.BooleanField(_("wanted"))
    changed_at = models.DateTimeField(_("changed at"), default=timezone.now)

    class Meta:
        verbose_name = _("wish about active push")
        verbose_name_plural = _("wishes about active push")
        constraints = [
            models.UniqueConstraint(fields=["contact", "kind"], name="push_preference_uniq")
        ]

    def __str__(self) -> str:
        return f"{self.contact_id} {self.kind or '*'}"


@pghistory.track()
class SensitiveChoice(models.Model):
    """How much one person lets be said outside of sensitive matters of theirs."""

    contact = models.OneToOneField(
        Contact, on_delete=models.PROTECT, related_name="+", verbose_name=_("party")
    )
    outside = models.CharField(
        _("outside"),
        max_length=8,
        choices=[
            (Outside.NOTHING.value, _("nothing is sent")),
            (Outside.NEUTRAL.value, _("only that the court has a message")),
            (Outside.NEWS.value, _("that the case has news")),
        ],
    )
    changed_at = models.DateTimeField(_("changed at"), default=timezone.now)

    class Meta:
        verbose_name = _("choice about sensitive matters")
        verbose_name_plural = _("choices about sensitive matters")
        constraints = [
            models.CheckConstraint(
                condition=Q(outside__in=[value.value for value in Outside]),
                name="sensitive_choice_known",
            )
        ]

    def __str__(self) -> str:
        return f"{self.contact_id} {self.outside}"
