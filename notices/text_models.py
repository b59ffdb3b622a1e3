"""Texts of notices as an administrator has worded them, version by version."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class NoticeText(models.Model):
    """One version of a text in one language; the highest version holds.

    A version without words gives the text back as it comes with the product. Rows are written
    once: what was sent names the version it was worded from.
    """

    name = models.CharField(_("text"), max_length=40)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    version = models.PositiveIntegerField(_("version"))
    subject = models.CharField(_("subject"), max_length=200, blank=True, default="")
    body = models.TextField(_("words"), blank=True, default="")
    reason = models.CharField(_("reason"), max_length=200)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("written by"),
    )
    written_at = models.DateTimeField(_("written at"), default=timezone.now)

    class Meta:
        verbose_name = _("text of notices")
        verbose_name_plural = _("texts of notices")
        ordering = ["name", "language", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["name", "language", "version"], name="notice_text_version_uniq"
            ),
            models.CheckConstraint(
                condition=Q(subject="", body="") | (~Q(subject="") & ~Q(body="")),
                name="notice_text_whole_or_shipped",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="written_once", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.language} {self.version}"

    @property
    def is_shipped(self) -> bool:
        """Whether this version gives the text back as it comes with the product."""
        return not self.body
