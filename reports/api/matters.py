"""What follows from the figures, for machines: as the chamber reads it, conduct apart.

Matters of conduct do not exist here, and neither does anything from which one could be told: no
lot of an office that takes conduct, and no count. Verbs need a person, so nothing is written.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request as Call
from rest_framework.response import Response

from courts.api.pagination import PARAMETERS, NewestFirst
from courts.api.problems import responses
from escalation.models import Clock
from reports.api.serializers import MatterDetailOut, MatterOut
from reports.api.views import COMMON, Detailed
from reports.models import (
    AgendaMatter,
    FollowUpEntry,
    Improvement,
    Interview,
    Issue,
    Practice,
    Problem,
    ReferralItem,
    ReferralLot,
)
from reports.models.follow_up import Matter
from reports.referrals.offices import Offices
from reports.referrals.services import offices_of


@dataclass(frozen=True)
class Kind:
    """A kind of matter: which codes are told of it."""

    model: type[Matter]
    codes: Sequence[str] = ()


KINDS: Mapping[str, Kind] = {
    "issues": Kind(Issue, ("sort", "month", "requests", "parties", "courts", "before")),
    "referrals": Kind(ReferralLot, ("month",)),
    "items": Kind(ReferralItem, ("category", "issue", "month")),
    "problems": Kind(Problem, ("category", "reopened")),
    "agenda": Kind(AgendaMatter, ("body", "meeting_on")),
    "interviews": Kind(Interview, ("ranking_month", "lagging")),
    "improvements": Kind(Improvement),
    "practices": Kind(Practice),
}
_KIND = OpenApiParameter("kind", str, OpenApiParameter.PATH, enum=list(KINDS))


def unsealed(rows: QuerySet[Any], offices: Offices) -> QuerySet[Any]:
    """Matters of which nothing is conduct, nor tells of conduct, by the policy's ``offices``."""
    if rows.model is ReferralItem:
        return rows.filter(is_conduct=False)
    if rows.model is Problem:
        return rows.exclude(category__in=offices.conduct)
    if rows.model is ReferralLot:
        takes_conduct = [
            office.kind
            for office in offices.offices
            if any(offices.is_conduct(one) for one in office.classes)
        ]
        return rows.exclude(department__kind__in=takes_conduct)
    return rows


class _Matters(Detailed):
    @property
    def kind(self) -> Kind:
        """Which kind is asked for; of another there is nothing."""
        try:
            return KINDS[self.kwargs["kind"]]
        except KeyError:
            raise Http404 from None

    def get_queryset(self) -> QuerySet[Any]:
        """The matters of the caller's jurisdiction."""
        court = self.jurisdiction.leading_court
        if court is None:
            raise Http404
        rows = self.kind.model._default_manager.filter(court__jurisdiction=self.jurisdiction)
        found = unsealed(rows, offices_of(court, timezone.now()))
        return found.select_related("court", "department")

    def context_of(self, matters: Sequence[Matter]) -> dict[str, Any]:
        """Their clocks: one statement."""
        clocks = Clock.objects.filter(
            kind=self.kind.model.KIND, subject_id__in=[one.pk for one in matters]
        )
        return {"clocks": {one.subject_id: one for one in clocks}, "codes": self.kind.codes}


class Matters(_Matters):
    """The matters of a kind."""

    serializer_class = MatterOut
    pagination_class = NewestFirst

    @extend_schema(
        operation_id="listMatters",
        summary="What follows from the figures, the newest first; nothing of conduct",
        parameters=[_KIND, *PARAMETERS],
        responses={200: MatterOut(many=True)} | responses(400, 404, *COMMON),
    )
    def get(self, call: Call, kind: str) -> Response:
        """A page of matters."""
        page = self.paginate_queryset(self.get_queryset()) or []
        shown = MatterOut(page, many=True, context=self.context_of(page))
        return self.get_paginated_response(shown.data)


class One(_Matters):
    """One matter."""

    serializer_class = MatterDetailOut

    @extend_schema(
        operation_id="readMatter",
        summary="A matter with its text and its history",
        parameters=[_KIND],
        responses={200: MatterDetailOut} | responses(404, *COMMON),
    )
    def get(self, call: Call, kind: str, public_id: uuid.UUID) -> Response:
        """By its id."""
        matter = self.get_queryset().filter(public_id=public_id).first()
        if matter is None:
            raise Http404
        entries = FollowUpEntry.objects.filter(kind=matter.KIND, subject_id=matter.pk)
        context = self.context_of([matter]) | {"entries": entries.order_by("at", "id")}
        return Response(MatterDetailOut(matter, context=context).data)
