"""The watch list of a month: open cases that are likely to be asked about soon (G11, B11)."""

from __future__ import annotations

import uuid
from fractions import Fraction
from typing import TYPE_CHECKING, ClassVar

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cases.models import Case
from courts.models import Court, Department, Jurisdiction
from courts.roles import Reach
from reports.models.follow_up import WRITTEN_ONCE, in_reach, person_field

if TYPE_CHECKING:
    from courts.models import Person


class WatchList(models.Model):
    """That the list of a month was drawn, from how many open cases; written once."""

    jurisdiction = models.ForeignKey(
        Jurisdiction, on_delete=models.PROTECT, related_name="+", verbose_name=_("jurisdiction")
    )
    month = models.DateField(_("month"))
    drawn_at = models.DateTimeField(pgettext_lazy("watch list", "drawn"), default=timezone.now)
    open_cases = models.PositiveIntegerField(_("open cases"))

    class Meta:
        verbose_name = _("watch list")
        verbose_name_plural = _("watch lists")
        ordering = ["-month"]
        constraints = [
            models.UniqueConstraint(fields=["jurisdiction", "month"], name="watch_list_uniq")
        ]
        triggers = [WRITTEN_ONCE]

    def __str__(self) -> str:
        return f"{self.jurisdiction_id} {self.month:%Y-%m}"


class WatchEntryQuerySet(models.QuerySet["WatchEntry"]):
    """Entries by who may see them."""

    def visible_to(self, person: Person) -> WatchEntryQuerySet:
        """Those of units whose requests the person reads in the standing book."""
        return self.filter(in_reach(Reach.of(person, WatchEntry.READ)))


@pghistory.track()
class WatchEntry(models.Model):
    """A case on a list: why, and what was done before anybody asked.

    ``why`` is a kind of event (``node:`` with its code, ``silence:`` with its days); of ``cases``
    with such an event ``asked`` had a request within ten business days, where ``every_asked`` of
    ``every_cases`` open cases had one.
    """

    KIND: ClassVar[str] = "watch_entry"
    READ: ClassVar[str] = "book.read"
    ACT: ClassVar[str] = "watch.act"

    class State(models.TextChoices):
        WAITING = "waiting", _("not acted on")
        PUSHED = "pushed", _("party informed")
        CALLED = "called", _("party called")
        NOT_NEEDED = "not_needed", _("not needed")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    list = models.ForeignKey(
        WatchList, on_delete=models.PROTECT, related_name="entries", verbose_name=_("watch list")
    )
    case = models.ForeignKey(
        Case, on_delete=models.PROTECT, related_name="+", verbose_name=_("case")
    )
    court = models.ForeignKey(
        Court, on_delete=models.PROTECT, related_name="+", verbose_name=_("court")
    )
    department = models.ForeignKey(
        Department,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("department"),
    )
    place = models.PositiveIntegerField(_("place"))
    why = models.CharField(_("event"), max_length=60)
    cases = models.PositiveIntegerField(_("cases with such an event"))
    asked = models.PositiveIntegerField(_("of these asked about"))
    every_cases = models.PositiveIntegerField(_("open cases compared with"))
    every_asked = models.PositiveIntegerField(_("of these asked about"))
    state = models.CharField(
        _("state"), max_length=12, choices=State.choices, default=State.WAITING
    )
    acted_at = models.DateTimeField(_("acted on"), null=True, blank=True)
    acted_by = person_field(_("acted on by"))

    objects = WatchEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("watched case")
        verbose_name_plural = _("watched cases")
        ordering = ["list", "place"]
        constraints = [
            models.UniqueConstraint(fields=["list", "case"], name="watch_entry_uniq"),
            models.UniqueConstraint(fields=["list", "place"], name="watch_place_uniq"),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "pushed", "called", "not_needed"]),
                name="watch_state_known",
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", acted_at__isnull=True, acted_by__isnull=True)
                | ~Q(state="waiting") & Q(acted_at__isnull=False, acted_by__isnull=False),
                name="watch_acted_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(asked__lte=F("cases"), every_asked__lte=F("every_cases")),
                name="watch_shares_below_one",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.list_id} {self.place}"

    @property
    def share(self) -> Fraction:
        """Of the cases with such an event, those asked about."""
        return Fraction(self.asked, self.cases)

    @property
    def lift(self) -> Fraction:
        """How many times the share of all open cases that is."""
        return self.share / Fraction(self.every_asked, self.every_cases)

    @property
    def serves(self) -> str:
        """What would serve: news of the step, or a call where nothing has happened."""
        return self.State.PUSHED if self.why.startswith("node:") else self.State.CALLED
