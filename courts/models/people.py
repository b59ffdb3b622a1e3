"""Court staff, the posts of a court, and who holds or acts for them from when to when."""

from __future__ import annotations

import uuid
from datetime import datetime

import pghistory
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeBoundary, RangeOperators
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Deferrable, F, Func, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courts.fields import EncryptedTextField
from courts.models.kept import NEVER_DELETED
from courts.models.organisation import Court, Department, TwoNames


class PersonManager(BaseUserManager["Person"]):
    """Makes people; a person without a password cannot sign in by one."""

    def create_user(self, username: str, password: str | None = None, **fields: object) -> Person:
        """Create a person of the court staff."""
        person = self.model(username=username, **fields)
        person.set_password(password)
        person.save()
        return person

    def create_superuser(self, username: str, password: str, **fields: object) -> Person:
        """Create an administrator of the platform."""
        return self.create_user(username, password, is_staff=True, is_superuser=True, **fields)


@pghistory.track(exclude=["password", "last_login"])
class Person(TwoNames, AbstractBaseUser, PermissionsMixin):
    """A member of the court staff. Parties never become users; see ``notices.Contact``."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    username = models.CharField(_("user name"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=60)
    name_en = models.CharField(_("English name"), max_length=80, blank=True, default="")
    email = models.EmailField(_("e-mail"), blank=True, default="")
    office_phone = models.CharField(_("office telephone"), max_length=30, blank=True, default="")
    mobile = EncryptedTextField(_("mobile number"), blank=True, default="")
    language = models.CharField(
        _("language"), max_length=10, choices=settings.LANGUAGES, default="zh-hans"
    )
    is_active = models.BooleanField(_("active"), default=True)
    is_staff = models.BooleanField(_("may enter the administration"), default=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = PersonManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        triggers = [NEVER_DELETED]
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["username"]


@pghistory.track()
class Post(models.Model):
    """One seat in a court: it has at most one holder at any instant, and may stand vacant."""

    class Kind(models.TextChoices):
        JUDGE = "judge", _("judge")
        JUDGE_ASSISTANT = "judge_assistant", _("judge's assistant")
        SERVICE_STAFF = "service_staff", _("litigation-service staff")
        HOTLINE_AGENT = "hotline_agent", _("hotline agent")
        LIAISON_OFFICER = "liaison_officer", _("liaison officer")
        DEPARTMENT_LEADER = "department_leader", _("department leader")
        DEPUTY_PRESIDENT = "deputy_president", _("deputy president")
        PRESIDENT = "president", _("president")
        FILING_CHAMBER = "filing_chamber", _("Case Filing Chamber")
        TRIAL_MANAGEMENT = "trial_management", _("Trial Management Office")
        DISCIPLINE = "discipline", _("discipline inspection")
        INSPECTION = "inspection", _("Inspection Office")
        TECHNOLOGY = "technology", _("Technology and Information Division")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    court = models.ForeignKey(
        Court, on_delete=models.PROTECT, related_name="posts", verbose_name=_("court")
    )
    department = models.ForeignKey(
        Department,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="posts",
        verbose_name=_("department"),
    )
    kind = models.CharField(_("kind"), max_length=24, choices=Kind.choices)
    title = models.CharField(_("title"), max_length=60, blank=True, default="")
    title_en = models.CharField(_("English title"), max_length=80, blank=True, default="")
    departments_in_charge = models.ManyToManyField(
        Department,
        blank=True,
        related_name="posts_in_charge",
        verbose_name=_("departments in charge"),
        help_text=_("For a deputy president: the departments that answer to this post."),
    )
    is_open = models.BooleanField(_("exists"), default=True)

    class Meta:
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        ordering = ["court__code", "kind", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["court"],
                condition=Q(kind="president", is_open=True),
                name="post_one_president_uniq",
            ),
            models.UniqueConstraint(
                fields=["department"],
                condition=Q(kind="department_leader", is_open=True),
                name="post_one_leader_uniq",
            ),
            models.CheckConstraint(
                condition=~Q(kind="department_leader") | Q(department__isnull=False),
                name="post_leader_has_department",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["judge", "judge_assistant"]) | Q(department__isnull=False),
                name="post_judge_has_department",
                violation_error_message=_("A judge and a judge’s assistant are of a department."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.department or self.court}"

    def clean(self) -> None:
        """Keep a post within its court: a department reaches as far as the post that has it."""
        if self.department is not None and self.department.court_id != self.court_id:
            raise ValidationError({"department": _("This department is of another court.")})


class TenureQuerySet(models.QuerySet["Tenure"]):
    """Who held which post when."""

    def at(self, instant: datetime) -> TenureQuerySet:
        """Tenures that ran at ``instant`` (from inclusive, until exclusive)."""
        return self.filter(Q(until_at__isnull=True) | Q(until_at__gt=instant), from_at__lte=instant)


@pghistory.track()
class Tenure(models.Model):
    """A person holds, or acts for, a post from one instant to another."""

    post = models.ForeignKey(
        Post, on_delete=models.PROTECT, related_name="tenures", verbose_name=_("post")
    )
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="tenures", verbose_name=_("person")
    )
    is_acting = models.BooleanField(_("acting"), default=False)
    from_at = models.DateTimeField(_("from"))
    until_at = models.DateTimeField(_("until"), null=True, blank=True)

    objects = TenureQuerySet.as_manager()

    class Meta:
        verbose_name = _("tenure")
        verbose_name_plural = _("tenures")
        ordering = ["post_id", "-from_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until_at__isnull=True) | Q(until_at__gt=F("from_at")),
                name="tenure_ends_after_start",
            ),
            ExclusionConstraint(
                name="tenure_one_holder_excl",
                # Several rows of a post that are changed together overlap until all are saved.
                deferrable=Deferrable.IMMEDIATE,
                expressions=[
                    ("post", RangeOperators.EQUAL),
                    ("is_acting", RangeOperators.EQUAL),
                    (
                        Func(
                            "from_at",
                            "until_at",
                            RangeBoundary(),
                            function="TSTZRANGE",
                            output_field=DateTimeRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.post}"

    def clean(self) -> None:
        """Name the field where the end lies before the start: no range can be made of that."""
        if self.from_at and self.until_at and self.until_at <= self.from_at:
            raise ValidationError({"until_at": _("The end must be after the start.")})
