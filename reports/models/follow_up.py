"""What all matters of the follow-up share: where they lie, what was written of them, and when."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMModelMixin

from courts.models import Court, Department
from courts.roles import Reach

if TYPE_CHECKING:
    from courts.lifecycle import Move

WRITTEN_ONCE = pgtrigger.Protect(name="written_once", operation=pgtrigger.Update | pgtrigger.Delete)
LONGEST_TITLE = 120


class FollowUpEntry(models.Model):
    """What was done about a matter of the follow-up, and the words given with it; written once.

    ``kind`` and ``subject_id`` name the matter. The matters themselves keep codes, people and
    instants; what people write of them stands here, and nowhere in a history.
    """

    kind = models.CharField(_("kind"), max_length=24)
    subject_id = models.BigIntegerField()
    code = models.CharField(_("what was done"), max_length=32)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("person"),
    )
    at = models.DateTimeField(_("at"), default=timezone.now)
    text = models.TextField(_("text"), blank=True, default="")

    class Meta:
        verbose_name = _("entry of the follow-up")
        verbose_name_plural = _("entries of the follow-up")
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["kind", "subject_id", "at"], name="follow_up_entry_idx")]
        triggers = [WRITTEN_ONCE]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_id} {self.code}"


class Matter(FSMModelMixin, models.Model):
    """A matter of the follow-up: it lies with a court, mostly with one of its departments.

    ``KIND`` names it for clocks, notices and entries, ``PREFIX`` begins its reference, ``MOVES`` is
    its lifecycle. Title and text are written once, by ``raised_by`` (None: by the platform).
    """

    KIND: ClassVar[str]
    # The limit of the policy with which its clock starts; "" for what is not timed.
    LIMIT: ClassVar[str] = ""
    PREFIX: ClassVar[str]
    MOVES: ClassVar[Mapping[str, Move]]
    READ: ClassVar[str]
    # The actions by which it is seen: what ``seen_by`` is given.
    SIGHT: ClassVar[tuple[str, ...]]
    PAGE: ClassVar[str]

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
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
    title = models.CharField(_("subject"), max_length=LONGEST_TITLE)
    text = models.TextField(_("text"), blank=True, default="")
    raised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("raised by"),
    )
    raised_at = models.DateTimeField(_("raised"), default=timezone.now)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        """How it is spoken of: a few letters and its number."""
        return f"{self.PREFIX}-{self.pk:05d}"

    @property
    def handler_id(self) -> int | None:
        """Whose own it is: the one that actions with the scope "own" reach."""
        return None

    @property
    def people(self) -> Collection[int | None]:
        """Who reads it besides those whose posts reach it."""
        return (self.raised_by_id, self.handler_id)

    def bars(self, move: str, person_id: int) -> bool:
        """Whether ``person_id`` may not make ``move``, though the post would allow it."""
        return False

    @property
    def heading(self) -> str:
        """What stands over it."""
        return self.title

    @property
    def address(self) -> tuple[str, dict[str, Any]]:
        """The URL name of its page, and the arguments."""
        return f"follow_up:{self.PAGE}", {"public_id": self.public_id}

    def seen_by(self, person_id: int, reach: Mapping[str, Reach]) -> bool:
        """As ``visible_to`` of the rows, but for what rose: by ``SIGHT``, or as one of its people.

        ``reach`` is that of ``person_id`` for each action of ``SIGHT``.
        """
        return person_id in self.people or any(
            reach[action].covers(court_id=self.court_id, department_id=self.department_id)
            for action in self.SIGHT
        )


def in_reach(reach: Reach, department: str = "department_id") -> models.Q:
    """A condition on matters: within what the posts reach."""
    return reach.courts_q("court_id") | reach.departments_q(department)


def person_field(label: Any, *, blank: bool = True) -> Any:
    """A column that names a member of the staff."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=blank,
        blank=blank,
        related_name="+",
        verbose_name=label,
    )
