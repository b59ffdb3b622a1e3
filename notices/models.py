"""People from outside, and everything the platform has to tell anyone."""

from __future__ import annotations

import uuid
from typing import Any

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from courts.fields import EncryptedTextField, blind_index
from courts.models.kept import NEVER_DELETED
from notices.channels import Channel
from notices.gateway_models import (
    Address,
    BouncingAddress,
    DeliveryReceipt,
    GatewayState,
)
from notices.text_models import NoticeText

__all__ = [
    "Address",
    "BouncingAddress",
    "Contact",
    "Delivery",
    "DeliveryReceipt",
    "GatewayState",
    "Notice",
    "NoticeText",
    "mask",
]


# The name is not encrypted, so it stands in this row alone and retention can empty it here. How
# a registered identity was identified is written once.
@pghistory.track(exclude=["name", "identity_kind"])
class Contact(models.Model):
    """A person from outside. Parties never become users of the staff side.

    ``identity_kind`` is set for a person or body whom the court's own records identify by a
    number: there is one contact for each. A contact that the portal or the desk made leaves it
    empty; nobody has checked who that is.
    """

    class IdentityKind(models.TextChoices):
        ID_CARD = "id_card", _("identity card")
        LAWYER_LICENCE = "lawyer_licence", _("lawyer’s licence")
        CREDIT_CODE = "credit_code", _("unified social credit code")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(pgettext_lazy("of a person", "name"), max_length=60)
    phone = EncryptedTextField(_("telephone"), blank=True, default="")
    phone_index = models.CharField(max_length=64, blank=True, default="", db_index=True)
    id_number = EncryptedTextField(_("identity number"), blank=True, default="")
    id_number_index = models.CharField(max_length=64, blank=True, default="", db_index=True)
    identity_kind = models.CharField(  # noqa: DJ001 - absent is no kind
        _("identified by"),
        max_length=16,
        choices=IdentityKind.choices,
        null=True,
        blank=True,
        editable=False,
    )
    email = EncryptedTextField(_("e-mail"), blank=True, default="")
    language = models.CharField(
        _("language"), max_length=10, choices=settings.LANGUAGES, default="zh-hans"
    )
    refused_channels = models.JSONField(_("refused channels"), default=list, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        constraints = [
            models.UniqueConstraint(
                fields=["identity_kind", "id_number_index"],
                condition=Q(identity_kind__isnull=False),
                name="contact_identity_uniq",
            ),
            models.CheckConstraint(
                condition=Q(identity_kind__isnull=True) | ~Q(id_number_index=""),
                name="contact_identity_has_number",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the blind indexes in step with the values they find."""
        self.phone_index = blind_index(self.phone)
        self.id_number_index = blind_index(self.id_number)
        super().save(*args, **kwargs)

    @property
    def masked_phone(self) -> str:
        """The telephone as shown on screen: 138****5678."""
        return mask(self.phone, keep_start=3, keep_end=4)

    @property
    def masked_id_number(self) -> str:
        """The identity number as shown on screen."""
        return mask(self.id_number, keep_start=3, keep_end=2)


def mask(text: str, *, keep_start: int, keep_end: int) -> str:
    """Hide the middle of ``text``; a text too short to hide anything in is hidden whole."""
    if not text:
        return ""
    if len(text) <= keep_start + keep_end:
        return "*" * len(text)
    hidden = len(text) - keep_start - keep_end
    return text[:keep_start] + "*" * hidden + text[len(text) - keep_end :]


class NoticeQuerySet(models.QuerySet["Notice"]):
    """Notices by recipient."""

    def for_person(self, person_id: int) -> NoticeQuerySet:
        """What has been delivered in the application to a member of staff."""
        return self.filter(
            person_id=person_id,
            deliveries__channel=Delivery.Channel.IN_APP,
            deliveries__state=Delivery.State.SENT,
        )


class Notice(models.Model):
    """Something to be told to one person, written in the transaction of what happened.

    ``key`` is unique: the same event tells the same person once, however often it is reported.
    The words are made at the first attempt to deliver (see ``Delivery``).
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    key = models.CharField(max_length=160)
    kind = models.CharField(_("kind"), max_length=40)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        db_constraint=False,
        verbose_name=_("member of staff"),
    )
    contact = models.ForeignKey(
        Contact,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("party"),
    )
    subject_kind = models.CharField(max_length=32)
    subject_id = models.BigIntegerField()
    params = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=timezone.now)
    outside_at = models.DateTimeField(
        _("outside from"),
        null=True,
        editable=False,
        help_text=_("No gateway outside the application is used before; empty: at once."),
    )
    read_at = models.DateTimeField(_("read at"), null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ["-created_at", "-id"]
        constraints = [
            # Not ``unique=True``, which brings a second index for LIKE.
            models.UniqueConstraint(fields=["key"], name="notice_key_uniq"),
            models.CheckConstraint(
                condition=Q(person__isnull=False, contact__isnull=True)
                | Q(person__isnull=True, contact__isnull=False),
                name="notice_one_recipient",
            ),
        ]
        indexes = [
            # A person's list is asked for in two parts; each notice lies in the index of one.
            models.Index(
                fields=["person", "-created_at"],
                condition=Q(read_at__isnull=True, person__isnull=False),
                name="notice_person_unread_idx",
            ),
            models.Index(
                fields=["person", "-created_at"],
                condition=Q(read_at__isnull=False, person__isnull=False),
                name="notice_person_read_idx",
            ),
            models.Index(
                fields=["contact"],
                condition=Q(contact__isnull=False),
                name="notice_contact_idx",
            ),
        ]
        triggers = [NEVER_DELETED]

    def __str__(self) -> str:
        return self.key


class Delivery(models.Model):
    """One notice on its way through one channel.

    ``subject`` and ``body`` are made once, at the first attempt, and kept; every retry sends
    the kept words.
    """

    Channel = Channel
    Receipt = DeliveryReceipt.Outcome

    class State(models.TextChoices):
        PENDING = "pending", _("waiting")
        SENT = "sent", _("sent")
        DEAD = "dead", _("given up")
        PASSED_ON = "passed_on", _("passed to the next channel")
        DROPPED = "dropped", _("not sent: the recipient may no longer see it")

    notice = models.ForeignKey(
        Notice,
        on_delete=models.PROTECT,
        related_name="deliveries",
        db_index=False,
        db_constraint=False,
        verbose_name=_("notice"),
    )
    channel = models.CharField(_("channel"), max_length=12, choices=Channel.choices)
    state = models.CharField(
        _("state"), max_length=12, choices=State.choices, default=State.PENDING
    )
    next_attempt_at = models.DateTimeField(
        _("next attempt"), null=True, blank=True, default=timezone.now
    )
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    language = models.CharField(_("language"), max_length=10, blank=True, default="")
    subject = models.CharField(_("subject of the e-mail"), max_length=200, blank=True, default="")
    body = models.TextField(_("words"), blank=True, default="")
    # Checked when it was written, and written once: no check and no index of its own.
    text = models.ForeignKey(
        NoticeText,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        db_constraint=False,
        verbose_name=_("version of the text"),
        help_text=_("Empty: as it comes with the product."),
    )
    error = models.CharField(_("error"), max_length=200, blank=True, default="")
    # What is known once it was sent; the outbox, which writes the rows, names none of these.
    provider_id = models.CharField(_("provider's number"), max_length=80, null=True, blank=True)  # noqa: DJ001 - absent is none
    receipt = models.CharField(  # noqa: DJ001 - absent is none
        _("receipt"), max_length=8, choices=Receipt.choices, null=True, blank=True
    )
    receipt_at = models.DateTimeField(_("receipt at"), null=True, blank=True)
    cost = models.DecimalField(_("cost"), max_digits=10, decimal_places=4, null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, null=True, blank=True)  # noqa: DJ001 - absent is none
    possible_repeats = models.PositiveSmallIntegerField(
        _("possible repeats"),
        default=0,
        db_default=0,
        help_text=_("Attempts made although an earlier one may have arrived."),
    )

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        constraints = [
            models.UniqueConstraint(fields=["notice", "channel"], name="delivery_channel_uniq"),
            models.CheckConstraint(
                condition=~Q(state="sent") | Q(sent_at__isnull=False), name="delivery_sent_at"
            ),
            models.UniqueConstraint(
                fields=["channel", "provider_id"],
                condition=Q(provider_id__isnull=False),
                name="delivery_provider_uniq",
            ),
            models.CheckConstraint(
                condition=Q(cost__isnull=True, currency__isnull=True)
                | Q(cost__gte=0, currency__isnull=False),
                name="delivery_cost_currency",
            ),
        ]
        indexes = [
            # In the order in which they are claimed.
            models.Index(
                fields=["channel", "attempts", "notice"],
                condition=Q(state="pending"),
                name="delivery_claim_idx",
            ),
            models.Index(
                fields=["channel", "sent_at"],
                condition=Q(sent_at__isnull=False) & ~Q(channel="in_app"),
                name="delivery_sent_idx",
            ),
            models.Index(
                fields=["channel", "id"],
                condition=Q(state="dead"),
                name="delivery_dead_idx",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.notice_id} {self.channel}"
