"""Machines that may call, what they asked for once, and who looked at what."""

from __future__ import annotations

import hashlib
import secrets
import uuid

import pghistory
from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courts.models.organisation import Jurisdiction


class AccessRecord(models.Model):
    """A look that must be answered for: a number shown, a leader's reading of a request."""

    class Action(models.TextChoices):
        REVEAL_CONTACT = "reveal_contact", _("showed a telephone or identity number")
        LEADER_LOOK = "leader_look", _("read as a leader")
        DOWNLOAD = "download", _("took a file")

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("who")
    )
    action = models.CharField(_("what"), max_length=24, choices=Action.choices)
    subject_kind = models.CharField(_("kind"), max_length=32)
    subject_id = models.BigIntegerField(_("id"))
    at = models.DateTimeField(_("when"), default=timezone.now)

    class Meta:
        verbose_name = _("access record")
        verbose_name_plural = _("access records")
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["subject_kind", "subject_id"], name="access_subject_idx")]

    def __str__(self) -> str:
        return f"{self.action} {self.subject_kind} {self.subject_id}"


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


class ApiClientManager(models.Manager["ApiClient"]):
    """Issues keys and finds their owners."""

    def issue(self, **fields: object) -> tuple[ApiClient, str]:
        """Create a client; the key is returned once and only its digest is kept."""
        key = secrets.token_urlsafe(32)
        return self.create(key_digest=_digest(key), key_hint=key[:6], **fields), key

    def by_key(self, key: str) -> ApiClient | None:
        """The active client that holds ``key``."""
        return self.filter(key_digest=_digest(key), is_active=True).first()


@pghistory.track(exclude=["last_used_at"])
class ApiClient(models.Model):
    """A channel machine or another system, with its own key and scopes."""

    class Scope(models.TextChoices):
        REQUESTS_WRITE = "requests:write", _("register requests")
        REQUESTS_READ = "requests:read", _("read the requests it registered")
        CASES_WRITE = "cases:write", _("feed the case mirror")
        REPORTS_READ = "reports:read", _("read figures, rankings and published briefings")
        REPORTS_DETAIL = "reports:detail", _("read the standing book and what follows from figures")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=80, unique=True)
    jurisdiction = models.ForeignKey(
        Jurisdiction, on_delete=models.PROTECT, related_name="+", verbose_name=_("jurisdiction")
    )
    channel = models.CharField(_("channel"), max_length=24)
    scopes = models.JSONField(_("scopes"), default=list)
    key_digest = models.CharField(max_length=64, unique=True, editable=False)
    key_hint = models.CharField(_("key begins with"), max_length=8, editable=False)
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True, editable=False)

    objects = ApiClientManager()

    class Meta:
        verbose_name = _("API client")
        verbose_name_plural = _("API clients")

    def __str__(self) -> str:
        return self.name


class IdempotencyRecord(models.Model):
    """The first answer to a client's idempotency key; later calls get the same answer."""

    client = models.ForeignKey(ApiClient, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=120)
    request_digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    body = models.JSONField()
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["client", "key"], name="idempotency_key_uniq")
        ]

    def __str__(self) -> str:
        return self.key


class AppliedCommand(models.Model):
    """A verb of portal or channel that was applied; the same command never applies twice.

    Courts run a public and an internal network: one day the verb may come by a one-way
    gateway that delivers it more than once. ``digest`` tells a copy from other words under the
    same id; it is keyed, so that nobody finds a telephone number by trying.
    """

    id = models.UUIDField(primary_key=True)
    verb = models.CharField(max_length=40)
    digest = models.CharField(max_length=64)
    subject_id = models.BigIntegerField(null=True)
    applied_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.verb} {self.pk}"
