"""What happened in a case: one row for each revision of a node."""

from __future__ import annotations

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.models.case import DEFAULT_SOURCE, Case
from courts.models.kept import NEVER_DELETED


class CaseNodeQuerySet(models.QuerySet["CaseNode"]):
    """Nodes by whether they still stand."""

    def current(self) -> CaseNodeQuerySet:
        """The latest revision of each node."""
        return self.filter(is_current=True)

    def standing(self) -> CaseNodeQuerySet:
        """The latest revision of each node that was not withdrawn."""
        return self.filter(is_current=True, is_withdrawn=False)


class CaseNode(models.Model):
    """One revision of one step of a case, known by source, node id and revision.

    A correction is a new revision, a withdrawal is ``is_withdrawn`` on a revision. ``details``
    (such as time and place of a hearing) holds no telephone and no identity number.
    """

    source = models.CharField(_("source"), max_length=20, default=DEFAULT_SOURCE)
    node_id = models.CharField(_("number of the node in the source"), max_length=64)
    revision = models.PositiveIntegerField(_("revision"), default=1)
    case = models.ForeignKey(
        Case,
        on_delete=models.PROTECT,
        related_name="nodes",
        db_index=False,
        db_constraint=False,
        verbose_name=_("case"),
    )
    kind = models.CharField(_("node"), max_length=40)
    occurred_at = models.DateTimeField(_("occurred at"))
    details = models.JSONField(_("details"), default=dict, blank=True, encoder=DjangoJSONEncoder)
    is_withdrawn = models.BooleanField(_("withdrawn"), default=False)
    is_current = models.BooleanField(_("latest revision"), default=True)
    sequence = models.BigIntegerField(_("sequence"))
    digest = models.BinaryField(max_length=16, editable=False)
    received_at = models.DateTimeField(_("received at"), default=timezone.now)

    objects = CaseNodeQuerySet.as_manager()

    class Meta:
        verbose_name = _("node")
        verbose_name_plural = _("nodes")
        ordering = ["case_id", "occurred_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "node_id", "revision"], name="case_node_revision_uniq"
            ),
            models.UniqueConstraint(
                fields=["source", "node_id"],
                condition=Q(is_current=True),
                name="case_node_current_uniq",
            ),
        ]
        indexes = [models.Index(fields=["case", "occurred_at"], name="case_node_case_idx")]
        triggers = [NEVER_DELETED]

    def __str__(self) -> str:
        return f"{self.source} {self.node_id}/{self.revision}"
