"""Referrals (G12, B9): what is referred to an office, item by item, and each month's lot."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC
from typing import TYPE_CHECKING, Any, ClassVar

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField

from cases.models import Case
from courts import date_words
from courts.lifecycle import enforced
from courts.models import Court, Department
from courts.roles import Reach, posts_of
from liaison.models import Request
from reports.models.follow_up import Matter, person_field
from reports.referrals.lifecycle import ITEM_MOVES, LOT_MOVES, ItemState, LotState
from reports.risen import risen_to

if TYPE_CHECKING:
    from courts.models import Person


class LotQuerySet(models.QuerySet["ReferralLot"]):
    """Lots by who may see them."""

    def visible_to(self, person: Person) -> LotQuerySet:
        """For the chamber those of its courts; for an office its own, once sent or nil.

        Whoever the ladder sent one to sees it too, unless it holds matters of conduct.
        """
        posts = posts_of(person)
        chamber = Reach.of_posts(person.pk, posts, "referrals.make")
        office = Reach.of_posts(person.pk, posts, "referrals.answer")
        conduct = ReferralItem.objects.filter(lot=models.OuterRef("pk"), is_conduct=True)
        risen = Q(pk__in=risen_to(person, posts, ReferralLot.KIND)) & ~models.Exists(conduct)
        away = Q(state__in=[LotState.SENT, LotState.ANSWERED, LotState.CLOSED, LotState.NIL])
        return self.filter(
            chamber.courts_q("court_id") | (office.departments_q("department_id") & away) | risen
        )


@pghistory.track(exclude=["text"])  # empty: what is written stands in the items
class ReferralLot(Matter):
    """What one month refers to one office: compiled, sent, answered item by item, closed.

    ``department`` is the office. A month in which there was nothing to refer is recorded as nil.
    """

    KIND: ClassVar[str] = "referral"
    LIMIT: ClassVar[str] = "answer"
    PREFIX: ClassVar[str] = "ZB"
    MOVES = LOT_MOVES
    READ: ClassVar[str] = "referrals.make"
    SIGHT: ClassVar[tuple[str, ...]] = ("referrals.make", "referrals.answer")
    PAGE: ClassVar[str] = "lot"

    month = models.DateField(_("month"), help_text=_("Its first day."))
    state = FSMField(
        _("state"), choices=LotState.choices, default=LotState.COMPILED, protected=True
    )
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    sent_by = person_field(_("sent by"))
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)

    objects = LotQuerySet.as_manager()

    record_nil = enforced("state", LOT_MOVES["record_nil"])
    send = enforced("state", LOT_MOVES["send"])
    complete = enforced("state", LOT_MOVES["complete"])
    take_up_again = enforced("state", LOT_MOVES["take_up_again"])
    close = enforced("state", LOT_MOVES["close"])

    class Meta:
        verbose_name = _("lot of referrals")
        verbose_name_plural = _("lots of referrals")
        ordering = ["-month", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["department", "month"], name="referral_lot_uniq"),
            models.CheckConstraint(condition=Q(month__day=1), name="referral_lot_month"),
            models.CheckConstraint(
                condition=Q(state__in=["compiled", "nil"])
                | Q(sent_at__isnull=False, sent_by__isnull=False),
                name="referral_lot_sent",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["answered", "closed"]) | Q(answered_at__isnull=False),
                name="referral_lot_answered",
            ),
        ]
        indexes = [models.Index(fields=["court", "raised_at"], name="referral_lot_court_idx")]

    @property
    def people(self) -> tuple[int | None, ...]:
        """Nobody: the chamber and the office read it by their posts."""
        return ()

    @property
    def heading(self) -> str:
        """The month and the office, in the reader's language."""
        month = date_words.month(self.month, get_language() or "en", UTC)
        return f"{month} · {self.department}"

    def seen_by(self, person_id: int, reach: Mapping[str, Reach]) -> bool:
        """By the chamber, and by the office once it is sent or nil."""
        if reach["referrals.make"].covers(court_id=self.court_id, department_id=None):
            return True
        is_away = self.state != LotState.COMPILED
        return is_away and self.department_id in reach["referrals.answer"].departments


class ItemQuerySet(models.QuerySet["ReferralItem"]):
    """Items by who may read what stands in them."""

    def visible_to(self, person: Person) -> ItemQuerySet:
        """Those of a lot in sight; of conduct only the sender's own and those of the own office.

        Who is named in one never reads it.
        """
        posts = posts_of(person)
        chamber = Reach.of_posts(person.pk, posts, "referrals.make")
        office = Reach.of_posts(person.pk, posts, "referrals.answer")
        risen = Q(lot__in=risen_to(person, posts, ReferralLot.KIND))
        sent = Q(sent_at__isnull=False)
        own_office = office.departments_q("department_id") & sent
        open_to = Q(is_conduct=False) & (chamber.courts_q("court_id") | risen)
        rows = self.filter(open_to | own_office | Q(raised_by=person))
        return rows.exclude(named=person)


@pghistory.track(exclude=["text", "answer"])  # written once; the entries keep each answer as given
class ReferralItem(Matter):
    """One thing that is referred to an office: its class, what it is about, and the answer.

    It may rest on a request, a case, a unit of a month's ranking, or on what is written alone.
    ``is_conduct`` seals it: it is read by its writer and the office, and counted for all others.
    """

    KIND: ClassVar[str] = "referral_item"
    PREFIX: ClassVar[str] = "ZBX"
    MOVES = ITEM_MOVES
    READ: ClassVar[str] = "referrals.make"
    SIGHT: ClassVar[tuple[str, ...]] = ("referrals.make", "referrals.answer")
    PAGE: ClassVar[str] = "item"

    class Issue(models.TextChoices):
        TYPICAL = "typical", _("typical")
        HOT = "hot", _("hot")
        DIFFICULT = "difficult", _("difficult")
        KEY = "key", _("key")

    lot = models.ForeignKey(
        ReferralLot,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="items",
        verbose_name=_("lot"),
    )
    month = models.DateField(_("month"))
    category = models.CharField(_("class"), max_length=30)
    issue = models.CharField(_("kind of issue"), max_length=12, choices=Issue.choices)
    is_conduct = models.BooleanField(_("matter of conduct"), default=False)
    named = person_field(_("person concerned"))
    request = models.ForeignKey(
        Request,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("request"),
    )
    case = models.ForeignKey(
        Case,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("case"),
    )
    unit_court = models.ForeignKey(
        Court,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("court concerned"),
    )
    unit_department = models.ForeignKey(
        Department,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("department concerned"),
    )
    ranking_month = models.DateField(_("month of the ranking"), null=True, blank=True)
    state = FSMField(
        _("state"), choices=ItemState.choices, default=ItemState.RECORDED, protected=True
    )
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    answer = models.TextField(_("answer"), blank=True, default="")
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    answered_by = person_field(_("answered by"))
    judged_at = models.DateTimeField(_("accepted"), null=True, blank=True)
    judged_by = person_field(_("accepted by"))

    objects = ItemQuerySet.as_manager()

    take_back = enforced("state", ITEM_MOVES["take_back"])
    send = enforced("state", ITEM_MOVES["send"])
    give_answer = enforced("state", ITEM_MOVES["give_answer"])
    accept = enforced("state", ITEM_MOVES["accept"])
    send_back = enforced("state", ITEM_MOVES["send_back"])

    class Meta:
        verbose_name = _("item referred")
        verbose_name_plural = _("items referred")
        ordering = ["raised_at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(month__day=1), name="referral_item_month"),
            models.CheckConstraint(
                condition=Q(state__in=["recorded", "taken_back"])
                | Q(lot__isnull=False, sent_at__isnull=False),
                name="referral_item_sent_in_a_lot",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["answered", "approved"])
                | (Q(answered_at__isnull=False, answered_by__isnull=False) & ~Q(answer="")),
                name="referral_item_answered",
            ),
            models.CheckConstraint(
                condition=~Q(state="approved")
                | (Q(judged_at__isnull=False) & ~Q(judged_by=F("answered_by"))),
                name="referral_item_not_judged_by_its_author",
            ),
            models.CheckConstraint(
                condition=Q(named__isnull=True) | ~Q(named=F("raised_by")),
                name="referral_item_not_by_who_is_named",
            ),
            models.CheckConstraint(
                condition=Q(ranking_month__isnull=True) | Q(unit_court__isnull=False),
                name="referral_item_ranks_a_unit",
            ),
        ]
        indexes = [
            models.Index(
                fields=["department", "month"],
                condition=Q(state="recorded"),
                name="referral_item_waiting_idx",
            ),
            models.Index(fields=["court", "raised_at"], name="referral_item_court_idx"),
        ]

    @property
    def handler_id(self) -> int | None:
        """Whoever wrote it answers for it in the chamber."""
        return self.raised_by_id

    @property
    def address(self) -> tuple[str, dict[str, Any]]:
        """It is read in its lot."""
        if self.lot is None:
            return super().address
        return self.lot.address

    def seen_by(self, person_id: int, reach: Mapping[str, Reach]) -> bool:
        """By its writer, by the office once sent, by the chamber unless it is of conduct."""
        if person_id == self.named_id:
            return False
        if person_id == self.raised_by_id:
            return True
        if self.sent_at and self.department_id in reach["referrals.answer"].departments:
            return True
        chamber = reach["referrals.make"].covers(court_id=self.court_id, department_id=None)
        return chamber and not self.is_conduct

    def bars(self, move: str, person_id: int) -> bool:
        """Of conduct the writer alone takes back and judges; nobody judges the own answer.

        Whoever is named in it does nothing about it.
        """
        if person_id == self.named_id:
            return True
        if move in ("take_back", "accept", "send_back") and self.is_conduct:
            return person_id != self.raised_by_id
        return move in ("accept", "send_back") and person_id == self.answered_by_id
