"""Hot, difficult and key issues of a month (G12, B9), with the requests behind each."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import pghistory
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField

from courts.lifecycle import enforced
from courts.models import Jurisdiction
from courts.roles import Reach
from liaison.models import Request
from reports.issues.lifecycle import ISSUE_MOVES, IssueState
from reports.models.follow_up import LONGEST_TITLE, WRITTEN_ONCE, Matter, in_reach
from reports.models.referrals import ReferralItem

if TYPE_CHECKING:
    from courts.models import Person


class IssueQuerySet(models.QuerySet["Issue"]):
    """Issues by who may see them."""

    def visible_to(self, person: Person) -> IssueQuerySet:
        """Those within reach: of the chamber that proposes, and of its president."""
        return self.filter(in_reach(Reach.of(person, Issue.READ)))


@pghistory.track(exclude=["text"])  # written once, as the issue is proposed
class Issue(Matter):
    """Something that many ask about, that went badly, or that matters by itself.

    ``title`` is the name that was proposed and ``name`` the one it bears; ``key`` is the number of
    its most typical request. ``requests``, ``parties`` and ``courts`` are counted over the month,
    ``before`` is how many requests there were in the months before it.
    """

    KIND: ClassVar[str] = "issue"
    PREFIX: ClassVar[str] = "RD"
    MOVES = ISSUE_MOVES
    READ: ClassVar[str] = "issues.read"
    SIGHT: ClassVar[tuple[str, ...]] = ("issues.read",)
    PAGE: ClassVar[str] = "issue"

    class Sort(models.TextChoices):
        HOT = "hot", _("hot")
        DIFFICULT = "difficult", _("difficult")
        KEY = "key", _("key")

    month = models.DateField(_("month"))
    sort = models.CharField(_("kind of issue"), max_length=12, choices=Sort.choices)
    key = models.CharField(_("typical request"), max_length=40)
    name = models.CharField(_("name"), max_length=LONGEST_TITLE)
    requests = models.PositiveIntegerField(_("requests"))
    parties = models.PositiveIntegerField(_("parties"))
    courts = models.PositiveIntegerField(_("courts"))
    before = models.PositiveIntegerField(_("requests in the months before"), default=0)
    state = FSMField(
        _("state"), choices=IssueState.choices, default=IssueState.PROPOSED, protected=True
    )
    # Kept when it is referred afterwards, so that a published briefing stays as it is.
    taken_in_at = models.DateTimeField(_("taken into the briefing"), null=True, blank=True)
    referral = models.ForeignKey(
        ReferralItem,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("item referred"),
    )

    objects = IssueQuerySet.as_manager()

    rename = enforced("state", ISSUE_MOVES["rename"])
    take_in = enforced("state", ISSUE_MOVES["take_in"])
    refer = enforced("state", ISSUE_MOVES["refer"])
    dismiss = enforced("state", ISSUE_MOVES["dismiss"])
    reopen = enforced("state", ISSUE_MOVES["reopen"])

    class Meta:
        verbose_name = _("issue")
        verbose_name_plural = _("issues")
        ordering = ["-raised_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["court", "month", "sort", "key"], name="issue_uniq"),
            models.CheckConstraint(
                condition=Q(state__in=[value for value, _label in IssueState.choices]),
                name="issue_state_known",
            ),
            models.CheckConstraint(
                condition=Q(sort__in=["hot", "difficult", "key"]), name="issue_sort_known"
            ),
            models.CheckConstraint(
                condition=Q(state="referred", referral__isnull=False)
                | ~Q(state="referred") & Q(referral__isnull=True),
                name="issue_referred_with_its_item",
            ),
            models.CheckConstraint(
                condition=~Q(state="in_briefing") | Q(taken_in_at__isnull=False),
                name="issue_in_briefing_since",
            ),
        ]
        indexes = [models.Index(fields=["court", "raised_at"], name="issue_court_idx")]

    @property
    def heading(self) -> str:
        """The name that it bears."""
        return self.name


class IssueMember(models.Model):
    """A request behind an issue; ``place`` 1 is the most typical."""

    issue = models.ForeignKey(
        Issue, on_delete=models.PROTECT, related_name="members", verbose_name=_("issue")
    )
    request = models.ForeignKey(
        Request, on_delete=models.PROTECT, related_name="+", verbose_name=_("request")
    )
    place = models.PositiveIntegerField(_("place"))

    class Meta:
        verbose_name = _("request behind an issue")
        verbose_name_plural = _("requests behind issues")
        ordering = ["issue", "place"]
        constraints = [
            models.UniqueConstraint(fields=["issue", "request"], name="issue_member_uniq"),
            models.UniqueConstraint(fields=["issue", "place"], name="issue_place_uniq"),
        ]
        triggers = [WRITTEN_ONCE]

    def __str__(self) -> str:
        return f"{self.issue_id} {self.place}"


class IssueSearch(models.Model):
    """That the issues of a month were looked for; once, so that nothing is proposed twice."""

    jurisdiction = models.ForeignKey(
        Jurisdiction, on_delete=models.PROTECT, related_name="+", verbose_name=_("jurisdiction")
    )
    month = models.DateField(_("month"))
    found = models.PositiveIntegerField(_("found"))
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name = _("search for issues")
        verbose_name_plural = _("searches for issues")
        ordering = ["-month"]
        constraints = [
            models.UniqueConstraint(fields=["jurisdiction", "month"], name="issue_search_uniq")
        ]
        triggers = [WRITTEN_ONCE]

    def __str__(self) -> str:
        return f"{self.jurisdiction_id} {self.month:%Y-%m}"
