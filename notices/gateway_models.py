"""What is kept of gateways and addresses; ``notices.models`` brings these in."""

from __future__ import annotations

from typing import Any

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courts.fields import EncryptedTextField, blind_index
from notices.channels import ADDRESSED, Channel


@pghistory.track()
class Address(models.Model):
    """Where somebody is reached through a channel that has no field of its own.

    For WeChat the follower's openid, for a chat the address of its bot. Ciphertext at rest.
    """

    channel = models.CharField(
        _("channel"),
        max_length=12,
        choices=[(channel.value, channel.label) for channel in ADDRESSED],
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("member of staff"),
    )
    contact = models.ForeignKey(
        "notices.Contact",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("party"),
    )
    address = EncryptedTextField(_("address"))
    created_at = models.DateTimeField(_("entered at"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("address of a channel")
        verbose_name_plural = _("addresses of channels")
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False, contact__isnull=True)
                | Q(person__isnull=True, contact__isnull=False),
                name="address_one_owner",
            ),
            models.UniqueConstraint(fields=["person", "channel"], name="address_person_uniq"),
            models.UniqueConstraint(fields=["contact", "channel"], name="address_contact_uniq"),
        ]

    def __str__(self) -> str:
        return f"{self.get_channel_display()} {self.pk}"


class BouncingAddress(models.Model):
    """An e-mail address to which nothing can be delivered, known by its digest alone.

    It holds for whoever has this address; with another address it holds no longer.
    """

    address_index = models.CharField(_("digest of the address"), max_length=64)
    status = models.CharField(_("status"), max_length=12)
    bounces = models.PositiveIntegerField(_("times"), default=1)
    first_at = models.DateTimeField(_("first"), default=timezone.now)
    last_at = models.DateTimeField(_("last"), default=timezone.now)
    cleared_at = models.DateTimeField(_("used again since"), null=True, blank=True)

    class Meta:
        verbose_name = _("bouncing address")
        verbose_name_plural = _("bouncing addresses")
        constraints = [
            models.UniqueConstraint(fields=["address_index"], name="bouncing_address_uniq")
        ]

    def __str__(self) -> str:
        return f"{self.pk}"

    @classmethod
    def among(cls, addresses: Any) -> set[str]:
        """Those of some addresses that bounce: one statement."""
        by_index = {blind_index(address.lower()): address for address in addresses if address}
        found = cls.objects.filter(address_index__in=by_index, cleared_at__isnull=True)
        return {by_index[index] for index in found.values_list("address_index", flat=True)}


class GatewayState(models.Model):
    """How a gateway stands, the same for all workers: its breaker and its next free slot.

    ``failures`` counts the batches that broke off since the last that went through. While
    ``open_until`` lies ahead nothing is sent; then one message tries. ``opened_at`` is when it
    began to fail. ``next_slot_at`` is by the database's clock.
    """

    channel = models.CharField(_("channel"), max_length=12, choices=Channel.choices)
    failures = models.PositiveIntegerField(_("failures"), default=0)
    opened_at = models.DateTimeField(_("out of order since"), null=True, blank=True)
    open_until = models.DateTimeField(_("tried again at"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True, default="")
    next_slot_at = models.DateTimeField(_("next slot"), null=True, blank=True)

    class Meta:
        verbose_name = _("state of a gateway")
        verbose_name_plural = _("states of gateways")
        constraints = [models.UniqueConstraint(fields=["channel"], name="gateway_channel_uniq")]

    def __str__(self) -> str:
        return self.channel


class DeliveryReceipt(models.Model):
    """What a provider said of a message, as it came: before the sending was recorded, or twice.

    It is matched to its delivery by the provider's number or by ours, at once or later.
    """

    class Outcome(models.TextChoices):
        ARRIVED = "arrived", _("arrived")
        FAILED = "failed", _("did not arrive")

    channel = models.CharField(_("channel"), max_length=12, choices=Channel.choices)
    provider_id = models.CharField(_("provider's number"), max_length=80)
    outcome = models.CharField(_("what became of it"), max_length=8, choices=Outcome.choices)
    ident = models.UUIDField(null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=60, blank=True, default="")
    received_at = models.DateTimeField(_("received at"), default=timezone.now)
    matched_at = models.DateTimeField(_("matched at"), null=True, blank=True)

    class Meta:
        verbose_name = _("delivery receipt")
        verbose_name_plural = _("delivery receipts")
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "provider_id", "outcome"], name="receipt_once_uniq"
            )
        ]
        indexes = [
            models.Index(
                fields=["channel", "provider_id"],
                condition=Q(matched_at__isnull=True),
                name="receipt_unmatched_idx",
            )
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.provider_id} {self.outcome}"
