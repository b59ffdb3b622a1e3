"""Work orders: what a judge or a department is asked to do about a request."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, FSMModelMixin

from courts.lifecycle import enforced
from courts.models import Court, Department
from courts.roles import Reach, posts_of
from escalation.models import Clock, FiringRecipient
from escalation.sight import still_meant
from liaison.models import Request, TimelineEntry
from workorders.lifecycle import MOVES, WAITING_STATES, OrderState

if TYPE_CHECKING:
    from courts.models import Person


class WorkOrderQuerySet(models.QuerySet["WorkOrder"]):
    """Work orders by who may see them and where they stand."""

    def visible_to(self, person: Person, action: str = "orders.read") -> WorkOrderQuerySet:
        """Orders within the reach of ``person``'s posts, given to them, or risen to them.

        What rose to a post is seen by its recipient while they hold that post.
        """
        posts = posts_of(person)
        reach = Reach.of_posts(person.pk, posts, action)
        rows = FiringRecipient.objects.filter(firing__clock__kind="request.reply")
        risen = rows.filter(still_meant({person.pk: posts})).values("firing__clock__subject_id")
        return self.filter(
            reach.courts_q("court_id")
            | reach.departments_q("department_id")
            | Q(handler=person)
            | Q(request_id__in=risen)
        )

    def handled_by(self, person: Person) -> WorkOrderQuerySet:
        """Orders that ``person`` handles: given by name, or of the unit that the post serves."""
        reach = Reach.of(person, "orders.handle")
        return self.filter(
            reach.courts_q("court_id") | reach.departments_q("department_id") | Q(handler=person)
        )

    def with_limit(self) -> WorkOrderQuerySet:
        """With ``limit_at``, the instant at which the limit of the request's reply ends."""
        clock = Clock.objects.filter(kind="request.reply", subject_id=OuterRef("request_id"))
        return self.annotate(limit_at=Subquery(clock.values("limit_at")[:1]))

    def waiting(self) -> WorkOrderQuerySet:
        """Orders that wait for their handler."""
        return self.filter(state__in=WAITING_STATES)


# The timeline and the transfers keep each note as it was given.
@pghistory.track(exclude=["note"])
class WorkOrder(FSMModelMixin, models.Model):
    """An order to a unit, and usually a person in it, about one request.

    The lead order's reply answers the request; assisting orders report to the lead and never
    to the party. ``first_department`` and ``first_handler`` stay on record (G17).
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    request = models.ForeignKey(
        Request, on_delete=models.PROTECT, related_name="+", verbose_name=_("request")
    )
    is_lead = models.BooleanField(_("lead order"), default=True)
    court = models.ForeignKey(
        Court, on_delete=models.PROTECT, related_name="+", verbose_name=_("court")
    )
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, related_name="+", verbose_name=_("department")
    )
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("handler"),
    )
    first_department = models.ForeignKey(
        Department, on_delete=models.PROTECT, related_name="+", verbose_name=_("first department")
    )
    first_handler = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("first handler"),
    )
    state = FSMField(
        _("state"), choices=OrderState.choices, default=OrderState.DISPATCHED, protected=True
    )
    dispatched_at = models.DateTimeField(_("dispatched"), default=timezone.now)
    dispatched_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("dispatched by"),
    )
    acknowledged_at = models.DateTimeField(_("acknowledged"), null=True, blank=True)
    replied_at = models.DateTimeField(_("replied"), null=True, blank=True)
    completed_at = models.DateTimeField(_("completed"), null=True, blank=True)
    completes_at = models.DateTimeField(
        _("completes at"),
        null=True,
        blank=True,
        help_text=_("When a replied order completes by itself."),
    )
    note = models.TextField(_("note of the desk"), blank=True, default="")

    objects = WorkOrderQuerySet.as_manager()

    acknowledge = enforced("state", MOVES["acknowledge"])
    reply = enforced("state", MOVES["reply"])
    return_to_desk = enforced("state", MOVES["return_to_desk"])
    dispatch_again = enforced("state", MOVES["dispatch_again"])
    complete = enforced("state", MOVES["complete"])
    reopen = enforced("state", MOVES["reopen"])
    withdraw = enforced("state", MOVES["withdraw"])

    class Meta:
        verbose_name = _("work order")
        verbose_name_plural = _("work orders")
        ordering = ["-dispatched_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["request"], condition=Q(is_lead=True), name="order_one_lead_uniq"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[value for value, _label in OrderState.choices]),
                name="order_state_known",
            ),
            models.CheckConstraint(
                condition=~Q(state="replied")
                | Q(completes_at__isnull=False, is_lead=True)
                | Q(is_lead=False),
                name="order_replied_completes",
            ),
        ]
        indexes = [
            models.Index(
                fields=["completes_at"], condition=Q(state="replied"), name="order_completes_idx"
            ),
            models.Index(fields=["handler", "state"], name="order_handler_idx"),
            models.Index(fields=["department", "state"], name="order_department_idx"),
            models.Index(fields=["court", "state"], name="order_court_idx"),
        ]

    def __str__(self) -> str:
        return str(self.request)


@pghistory.track(exclude=["rejection_reason"])  # written once, with the rejection
class Reply(models.Model):
    """An answer given to an order; its words stand in the request's timeline entry."""

    class Kind(models.TextChoices):
        WRITTEN = "written", _("in writing")
        SPOKEN = "spoken", _("by word of mouth")

    order = models.ForeignKey(WorkOrder, on_delete=models.PROTECT, related_name="replies")
    entry = models.OneToOneField(TimelineEntry, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("at"), default=timezone.now)
    rejected_at = models.DateTimeField(_("rejected"), null=True, blank=True)
    rejected_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    rejection_reason = models.TextField(_("reason of the rejection"), blank=True, default="")

    class Meta:
        verbose_name = _("reply")
        verbose_name_plural = _("replies")
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["order"],
                condition=Q(rejected_at__isnull=True),
                name="reply_one_stands_uniq",
            ),
            models.CheckConstraint(
                condition=Q(rejected_at__isnull=True)
                | (Q(rejected_by__isnull=False) & ~Q(rejected_by=models.F("person"))),
                name="reply_not_judged_by_its_author",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_id} {self.kind} {self.at:%Y-%m-%d}"


class ContactRecord(models.Model):
    """A call or meeting with the party, or the attempt at one; written once."""

    class Means(models.TextChoices):
        CALL = "call", _("telephone call")
        MEETING = "meeting", _("meeting")

    class Outcome(models.TextChoices):
        REACHED = "reached", _("reached")
        NOT_REACHED = "not_reached", _("not reached")

    order = models.ForeignKey(WorkOrder, on_delete=models.PROTECT, related_name="contact_records")
    means = models.CharField(_("by"), max_length=12, choices=Means.choices)
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome.choices)
    is_answer = models.BooleanField(_("this was the answer"), default=False)
    summary = models.TextField(_("what was said"), blank=True, default="")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name = _("contact record")
        verbose_name_plural = _("contact records")
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_answer=False) | (Q(outcome="reached") & ~Q(summary="")),
                name="contact_answer_says_what",
            )
        ]

    def __str__(self) -> str:
        return f"{self.order_id} {self.means} {self.outcome}"


class Transfer(models.Model):
    """An order's way through the house: every dispatch, return and reassignment (G17)."""

    class Kind(models.TextChoices):
        DISPATCH = "dispatch", _("dispatch")
        RETURN = "return", _("return")
        REASSIGN = "reassign", _("reassign")

    order = models.ForeignKey(WorkOrder, on_delete=models.PROTECT, related_name="transfers")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    from_department = models.ForeignKey(
        Department, on_delete=models.PROTECT, null=True, related_name="+"
    )
    from_handler = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    to_department = models.ForeignKey(
        Department, on_delete=models.PROTECT, null=True, related_name="+"
    )
    to_handler = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    reason = models.TextField(_("reason"), blank=True, default="")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name = _("transfer")
        verbose_name_plural = _("transfers")
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.order_id} {self.kind}"


class Instruction(models.Model):
    """A word from a supervisor about the timeliness or manner of a reply, never its outcome."""

    class Kind(models.TextChoices):
        URGE = "urge", _("urge")
        INSTRUCT = "instruct", _("instruct")

    order = models.ForeignKey(WorkOrder, on_delete=models.PROTECT, related_name="instructions")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    text = models.TextField(_("text"), blank=True, default="")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name = _("instruction")
        verbose_name_plural = _("instructions")
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.order_id} {self.kind}"
