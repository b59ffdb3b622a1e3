"""The request: the spine of the product, with its timeline."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import pghistory
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, FSMModelMixin

from cases.case_number import MAX_LENGTH
from courts.lifecycle import enforced
from courts.models import ApiClient, Court, Department, Jurisdiction
from courts.roles import Reach
from liaison.lifecycle import DESK_STATES, MOVES, OPEN_STATES, RequestState
from notices.models import Contact

if TYPE_CHECKING:
    from courts.models import Person


class Channel(models.TextChoices):
    """By which door a request came (G3, G6, B4)."""

    HALL = "hall", _("litigation service hall")
    INQUIRY_MACHINE = "inquiry_machine", _("wall-mounted inquiry machine")
    SERVICE_MACHINE = "service_machine", _("integrated service machine")
    WEBSITE = "website", _("court website")
    HOTLINE = "hotline", _("12368 litigation service hotline")
    TEXT_MESSAGE = "text_message", _("text message")
    WECHAT = "wechat", _("WeChat official account")
    MINI_PROGRAM = "mini_program", _("micro court mini-program")
    PRESIDENT_MAILBOX = "president_mailbox", _("president's mailbox")
    ONLINE_COMPLAINT = "online_complaint", _("online complaint and report")


class Matter(models.TextChoices):
    """What a request is about (G4, B5)."""

    CONTACT_JUDGE = "contact_judge", _("contact the judge")
    CASE_INQUIRY = "case_inquiry", _("case inquiry")
    CONSULTATION = "consultation", _("litigation consultation")
    ISSUE_DOCUMENTS = "issue_documents", _("issue of documents")
    MATERIALS = "materials", _("receipt and transfer of materials")
    OPINIONS = "opinions", _("opinions and suggestions")
    OTHER = "other", _("other")


class Procedure(models.TextChoices):
    """How a request is dealt with; the clause's words are summary and ordinary procedure."""

    SUMMARY = "summary", _("simple matter, answered on the spot")
    ORDINARY = "ordinary", _("ordinary matter, dispatched as work order")


class RequestQuerySet(models.QuerySet["Request"]):
    """Requests by who may see them and where they stand."""

    def visible_to(self, person: Person, action: str = "requests.read") -> RequestQuerySet:
        """Requests within the reach of ``person``'s posts for ``action``."""
        reach = Reach.of(person, action)
        return self.filter(reach.courts_q("court_id") | reach.departments_q("department_id"))

    def at_desk(self) -> RequestQuerySet:
        """Requests that wait for the litigation-service staff."""
        return self.filter(state__in=DESK_STATES)

    def open(self) -> RequestQuerySet:
        """Requests not yet answered."""
        return self.filter(state__in=OPEN_STATES)


# What a party wrote is kept in one place, so that retention can empty it there.
@pghistory.track(exclude=["title", "text", "judge_name", "dispute_text"])
class Request(FSMModelMixin, models.Model):
    """What a party asked of a court, from registration to the answer that stands."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField(_("request number"), max_length=24, unique=True)
    jurisdiction = models.ForeignKey(
        Jurisdiction, on_delete=models.PROTECT, related_name="+", verbose_name=_("jurisdiction")
    )
    court = models.ForeignKey(
        Court, on_delete=models.PROTECT, related_name="+", verbose_name=_("court")
    )
    department = models.ForeignKey(
        Department,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("department"),
    )
    contact = models.ForeignKey(
        Contact, on_delete=models.PROTECT, related_name="+", verbose_name=_("party")
    )
    channel = models.CharField(_("channel"), max_length=24, choices=Channel.choices)
    matter = models.CharField(_("matter"), max_length=24, choices=Matter.choices)
    procedure = models.CharField(
        _("procedure"), max_length=12, choices=Procedure.choices, blank=True, default=""
    )
    title = models.CharField(_("subject"), max_length=200)
    text = models.TextField(_("message"))
    judge_name = models.CharField(_("judge asked for"), max_length=60, blank=True, default="")
    # No part of a number is longer than the whole.
    case_number = models.CharField(_("case number"), max_length=MAX_LENGTH, blank=True, default="")
    case_year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)
    case_court_code = models.CharField(
        _("court code"), max_length=MAX_LENGTH, blank=True, default=""
    )
    case_type_code = models.CharField(
        _("case-type code"), max_length=MAX_LENGTH, blank=True, default=""
    )
    case_serial = models.CharField(
        _("serial number"), max_length=MAX_LENGTH, blank=True, default=""
    )
    case_suffix = models.CharField(_("suffix"), max_length=MAX_LENGTH, blank=True, default="")
    state = FSMField(
        _("state"), choices=RequestState.choices, default=RequestState.REGISTERED, protected=True
    )
    registered_at = models.DateTimeField(_("registered"), default=timezone.now)
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("registered by"),
    )
    api_client = models.ForeignKey(
        ApiClient,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("API client"),
    )
    triaged_at = models.DateTimeField(_("triaged"), null=True, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    disputed_at = models.DateTimeField(_("disputed"), null=True, blank=True)
    dispute_text = models.TextField(_("why the party disputes the reply"), blank=True, default="")
    merged_into = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="merged",
        verbose_name=_("merged into"),
    )
    follows = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="followed_by",
        verbose_name=_("continues"),
    )

    objects = RequestQuerySet.as_manager()

    answer = enforced("state", MOVES["answer"])
    route = enforced("state", MOVES["route"])
    receive_back = enforced("state", MOVES["receive_back"])
    receive_reply = enforced("state", MOVES["receive_reply"])
    receive_rejection = enforced("state", MOVES["receive_rejection"])
    receive_rejection_at_desk = enforced("state", MOVES["receive_rejection_at_desk"])
    close = enforced("state", MOVES["close"])
    withdraw = enforced("state", MOVES["withdraw"])
    merge = enforced("state", MOVES["merge"])

    class Meta:
        verbose_name = _("request")
        verbose_name_plural = _("requests")
        ordering = ["-registered_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[value for value, _label in RequestState.choices]),
                name="request_state_known",
            ),
            models.CheckConstraint(
                condition=Q(state="merged", merged_into__isnull=False)
                | (~Q(state="merged") & Q(merged_into__isnull=True)),
                name="request_merged_into",
            ),
            models.CheckConstraint(
                condition=~Q(merged_into=F("id")), name="request_not_merged_into_itself"
            ),
            models.CheckConstraint(
                condition=~Q(state="answered") | Q(answered_at__isnull=False),
                name="request_answered_at",
            ),
        ]
        indexes = [
            models.Index(
                fields=["court", "registered_at", "id"],
                condition=Q(state__in=["registered", "returned"]),
                name="request_desk_idx",
            ),
            models.Index(fields=["court", "-registered_at", "-id"], name="request_court_idx"),
            models.Index(fields=["contact"], name="request_contact_idx"),
            models.Index(
                fields=["api_client", "-id"],
                condition=Q(api_client__isnull=False),
                name="request_api_client_idx",
            ),
            models.Index(
                fields=["case_number"], condition=~Q(case_number=""), name="request_case_idx"
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_open(self) -> bool:
        """Whether the party still waits for an answer."""
        return self.state in OPEN_STATES

    @property
    def is_desk_answer_disputed(self) -> bool:
        """Whether it is back because the party disputes what the desk itself answered (G5).

        A request that a unit returned was dispatched before, under the ordinary procedure.
        """
        return self.state == RequestState.RETURNED and self.procedure == Procedure.SUMMARY


class TimelineEntry(models.Model):
    """Something that happened to a request: code and parameters, never rendered text.

    ``text`` is what a person wrote (a reply, an answer, a reason), kept as written.
    """

    class Actor(models.TextChoices):
        PARTY = "party", _("party")
        STAFF = "staff", _("court staff")
        PLATFORM = "platform", _("the platform")

    request = models.ForeignKey(
        Request, on_delete=models.PROTECT, related_name="timeline", verbose_name=_("request")
    )
    kind = models.CharField(_("kind"), max_length=32)
    at = models.DateTimeField(_("at"), default=timezone.now)
    actor = models.CharField(_("who"), max_length=12, choices=Actor.choices)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("person"),
    )
    params = models.JSONField(_("details"), default=dict, encoder=DjangoJSONEncoder)
    text = models.TextField(_("text"), blank=True, default="")
    is_public = models.BooleanField(_("the party may read it"), default=False)

    class Meta:
        verbose_name = _("timeline entry")
        verbose_name_plural = _("timeline entries")
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["request", "at"], name="timeline_request_idx")]

    def __str__(self) -> str:
        return f"{self.request_id} {self.kind}"


class Grade(models.TextChoices):
    """How content a party is with a reply: the four grades of courts' own follow-up calls."""

    VERY_SATISFIED = "very_satisfied", _("very satisfied")
    SATISFIED = "satisfied", _("satisfied")
    PARTLY_SATISFIED = "partly_satisfied", _("partly satisfied")
    NOT_SATISFIED = "not_satisfied", _("not satisfied")


# What counts as satisfied in the rate of satisfaction.
SATISFIED = (Grade.VERY_SATISFIED, Grade.SATISFIED)
REMARK_LIMIT = 500


class RatingQuerySet(models.QuerySet["Rating"]):
    """Ratings, and which of them count."""

    def current(self) -> RatingQuerySet:
        """Those of the replies that requests have now, in dispute or not."""
        return self.filter(reply_rejected_at__isnull=True)

    def standing(self) -> RatingQuerySet:
        """Those of replies that stand: neither rejected nor in dispute."""
        return self.current().filter(request__disputed_at__isnull=True)


# Of what a party remarks, the timeline keeps each wording as it was given.
@pghistory.track(exclude=["remark"])
class Rating(models.Model):
    """What a party thinks of a reply: one for each reply, and one that stands for a request."""

    request = models.ForeignKey(
        Request, on_delete=models.PROTECT, related_name="ratings", verbose_name=_("request")
    )
    reply = models.OneToOneField(
        TimelineEntry, on_delete=models.PROTECT, related_name="+", verbose_name=_("reply")
    )
    grade = models.CharField(_("grade"), max_length=16, choices=Grade.choices)
    remark = models.CharField(_("remark"), max_length=REMARK_LIMIT, blank=True, default="")
    rated_at = models.DateTimeField(_("rated"))
    reply_rejected_at = models.DateTimeField(_("reply rejected"), null=True, blank=True)

    objects = RatingQuerySet.as_manager()

    class Meta:
        verbose_name = _("rating")
        verbose_name_plural = _("ratings")
        constraints = [
            models.CheckConstraint(
                condition=Q(grade__in=[value for value, _label in Grade.choices]),
                name="rating_grade_known",
            ),
            models.UniqueConstraint(
                fields=["request"],
                condition=Q(reply_rejected_at__isnull=True),
                name="rating_one_stands_uniq",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request_id} {self.grade}"


class PartySignIn(models.Model):
    """A code asked for by telephone number: good for a short time, for one use.

    The code itself is kept nowhere: it is derived from ``public_id`` under the server's key.
    ``contact`` is to whom it was sent; none where nobody is known by the number.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    phone_index = models.CharField(max_length=64)
    contact = models.ForeignKey(
        Contact, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    asked_at = models.DateTimeField(_("asked for"), default=timezone.now)
    ends_at = models.DateTimeField(_("good until"))
    tries = models.PositiveSmallIntegerField(_("wrong attempts"), default=0)
    used_at = models.DateTimeField(_("used"), null=True, blank=True)
    are_words_kept = models.BooleanField(_("its message still holds the code"), default=True)

    class Meta:
        verbose_name = _("sign-in of a party")
        verbose_name_plural = _("sign-ins of parties")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gte=F("asked_at")), name="party_sign_in_ends"
            )
        ]
        indexes = [
            models.Index(fields=["phone_index", "-asked_at"], name="party_sign_in_phone_idx"),
            models.Index(
                fields=["ends_at"],
                condition=Q(are_words_kept=True, contact__isnull=False),
                name="party_sign_in_words_idx",
            ),
        ]

    def __str__(self) -> str:
        return str(self.public_id)
