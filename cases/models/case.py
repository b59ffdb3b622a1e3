"""A case as the trial business system knows it, and who takes part in it.

Nothing here is decided on this platform: every row is what the source said last, by the source's
own sequence. The source keeps the history; a row keeps the ``sequence`` it stands at, and a
keyed ``digest`` of what was said, by which a repeat is known without being compared.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from courts.models import Court, Department
from courts.models.kept import NEVER_DELETED
from courts.roles import Reach
from notices.models import Contact

if TYPE_CHECKING:
    from courts.models import Person

# The one trial business system that most deployments have.
DEFAULT_SOURCE = "trial"


class CaseQuerySet(models.QuerySet["Case"]):
    """Cases by who may see them."""

    def visible_to(self, person: Person, action: str = "mirror.read") -> CaseQuerySet:
        """Cases within the reach of ``person``'s posts for ``action``."""
        reach = Reach.of(person, action)
        found = reach.courts_q("court_id") | reach.departments_q("department_id")
        return self.filter(found | Q(judge=person) if reach.own else found)

    def standing(self) -> CaseQuerySet:
        """Cases that the source has not withdrawn."""
        return self.filter(is_withdrawn=False)


class Case(models.Model):
    """One case, mirrored."""

    class Sensitivity(models.TextChoices):
        """Of what nothing is said outside the court, unless the person chose otherwise."""

        NONE = "none", _("none")
        DIVORCE = "divorce", _("divorce")
        MINORS = "minors", _("minors")
        DOMESTIC_VIOLENCE = "domestic_violence", _("domestic violence")
        SECRET = "secret", _("secret")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    source = models.CharField(_("source"), max_length=20, default=DEFAULT_SOURCE)
    source_id = models.CharField(_("number in the source"), max_length=64)
    number = models.CharField(_("case number"), max_length=80)
    number_key = models.CharField(
        max_length=100,
        editable=False,
        help_text=_("One spelling for one case: what a case number is looked for by."),
    )
    court = models.ForeignKey(
        Court, on_delete=models.PROTECT, related_name="+", db_index=False, verbose_name=_("court")
    )
    department = models.ForeignKey(
        Department,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("department"),
    )
    department_name = models.CharField(
        _("department as given"), max_length=100, blank=True, default=""
    )
    judge = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("handling judge"),
    )
    judge_code = models.CharField(
        _("staff number of the judge as given"), max_length=60, blank=True, default=""
    )
    judge_name = models.CharField(_("judge as given"), max_length=60, blank=True, default="")
    procedure_code = models.CharField(_("code of the procedure"), max_length=40, blank=True)
    procedure_name = models.CharField(
        pgettext_lazy("of a case", "procedure"), max_length=100, blank=True
    )
    cause_code = models.CharField(_("code of the cause"), max_length=40, blank=True)
    cause_name = models.CharField(_("cause of action"), max_length=200, blank=True)
    filed_on = models.DateField(_("filed on"), null=True, blank=True)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    closing_mode = models.CharField(_("mode of closing"), max_length=60, blank=True, default="")
    sensitivity = models.CharField(
        _("sensitive matter"),
        max_length=20,
        choices=Sensitivity.choices,
        default=Sensitivity.NONE,
    )
    is_withdrawn = models.BooleanField(
        _("withdrawn"), default=False, help_text=_("The source says that it was entered in error.")
    )
    sequence = models.BigIntegerField(_("sequence"))
    digest = models.BinaryField(max_length=16, editable=False)
    created_at = models.DateTimeField(_("first received"), default=timezone.now)
    updated_at = models.DateTimeField(_("last changed"), default=timezone.now)

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["source", "source_id"], name="case_source_uniq"),
            models.CheckConstraint(condition=~Q(source_id=""), name="case_has_source_id"),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True)
                | Q(filed_on__isnull=True)
                | Q(closed_on__gte=F("filed_on")),
                name="case_closed_after_filed",
            ),
            models.CheckConstraint(
                condition=Q(
                    sensitivity__in=["none", "divorce", "minors", "domestic_violence", "secret"]
                ),
                name="case_sensitivity_known",
            ),
        ]
        indexes = [
            models.Index(fields=["number_key"], name="case_number_key_idx"),
            models.Index(fields=["court", "-id"], name="case_court_idx"),
            models.Index(
                fields=["judge", "-id"], condition=Q(judge__isnull=False), name="case_judge_idx"
            ),
        ]
        triggers = [NEVER_DELETED]

    def __str__(self) -> str:
        return self.number


class PartyRole(models.TextChoices):
    """On which side somebody stands."""

    PLAINTIFF = "plaintiff", _("plaintiff")
    DEFENDANT = "defendant", _("defendant")
    THIRD_PARTY = "third_party", _("third party")
    APPELLANT = "appellant", _("appellant")
    APPELLEE = "appellee", _("appellee")
    APPLICANT = "applicant", _("applicant")
    RESPONDENT = "respondent", _("respondent")
    ENFORCEMENT_APPLICANT = "enforcement_applicant", _("applicant for enforcement")
    ENFORCEMENT_RESPONDENT = "enforcement_respondent", _("person subject to enforcement")
    ACCUSED = "accused", _("accused")
    VICTIM = "victim", _("victim")
    OTHER = "other", _("other participant")


class Capacity(models.TextChoices):
    """In which capacity somebody takes part: all of whom are told of the trial process."""

    PARTY = "party", _("party")
    STATUTORY_AGENT = "statutory_agent", _("statutory agent")
    LITIGATION_AGENT = "litigation_agent", _("litigation agent")
    DEFENDER = "defender", _("defender")


class CaseParticipant(models.Model):
    """A party or a representative of one case.

    ``contact`` is who was identified by number; a participant whom the source does not identify
    (a defendant at filing, say) has a name only, and nothing can be sent to them.
    """

    case = models.ForeignKey(
        Case,
        on_delete=models.PROTECT,
        related_name="participants",
        db_index=False,
        db_constraint=False,
        verbose_name=_("case"),
    )
    source_id = models.CharField(_("number in the source"), max_length=64)
    name = models.CharField(_("name as given"), max_length=60)
    role = models.CharField(_("side"), max_length=24, choices=PartyRole.choices)
    capacity = models.CharField(_("capacity"), max_length=20, choices=Capacity.choices)
    contact = models.ForeignKey(
        Contact,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("contact"),
    )
    represents = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="represented_by",
        db_index=False,
        db_constraint=False,
        verbose_name=_("represents"),
    )
    represents_source_id = models.CharField(
        _("represents, as given"), max_length=64, blank=True, default=""
    )
    left_at = models.DateTimeField(_("left at"), null=True, blank=True)
    is_removed = models.BooleanField(
        _("removed"), default=False, help_text=_("The source says that it was entered in error.")
    )
    sequence = models.BigIntegerField(_("sequence"))
    digest = models.BinaryField(max_length=16, editable=False)

    class Meta:
        verbose_name = _("participant")
        verbose_name_plural = _("participants")
        ordering = ["case_id", "id"]
        constraints = [
            models.UniqueConstraint(fields=["case", "source_id"], name="participant_source_uniq"),
            models.CheckConstraint(
                condition=Q(represents__isnull=True) | ~Q(represents=F("id")),
                name="participant_not_own_agent",
            ),
        ]
        indexes = [
            models.Index(
                fields=["contact", "case"],
                condition=Q(contact__isnull=False),
                name="participant_contact_idx",
            ),
        ]
        triggers = [NEVER_DELETED]

    def __str__(self) -> str:
        return self.name


class RegisteredContact(models.Model):
    """At which sequence a source last said how a registered identity is called and reached.

    One person takes part in many cases: the newest word on their name or telephone counts, from
    whichever case it came. ``phone_sequence`` is that of the newest record with a telephone.
    """

    source = models.CharField(_("source"), max_length=20)
    contact = models.ForeignKey(
        Contact, on_delete=models.PROTECT, related_name="+", verbose_name=_("contact")
    )
    sequence = models.BigIntegerField(_("sequence"))
    phone_sequence = models.BigIntegerField(_("sequence of the telephone"), null=True, blank=True)

    class Meta:
        verbose_name = _("registered contact")
        verbose_name_plural = _("registered contacts")
        constraints = [
            models.UniqueConstraint(fields=["contact", "source"], name="registered_contact_uniq")
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.contact_id}"
