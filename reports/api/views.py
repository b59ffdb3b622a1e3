"""Figures of a month, its ranking, and the published briefings, of the caller's jurisdiction.

A machine that may read reports reads those of all courts of its jurisdiction, as the leading court
does. Those of others do not exist.
"""

from __future__ import annotations

import uuid
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request as Call
from rest_framework.response import Response

from courts.api.authentication import HasScope
from courts.api.pagination import PARAMETERS, NewestFirst
from courts.api.problems import responses
from courts.models import ApiClient, Jurisdiction
from reports import board, edition, standings
from reports.api.serializers import BriefingOut, IndicatorsOut, MonthIn, RankingsOut
from reports.briefing.document import ranking_values
from reports.briefing.lifecycle import BriefingState
from reports.models import Briefing
from reports.months import Month
from reports.scope import Scope

COMMON = (401, 403, 406, 429)


class _Reports(GenericAPIView):
    permission_classes = [HasScope]
    required_scopes = {"GET": ApiClient.Scope.REPORTS_READ}

    @property
    def jurisdiction(self) -> Jurisdiction:
        """Whose courts the caller reads of."""
        assert isinstance(self.request.auth, ApiClient)
        return self.request.auth.jurisdiction

    def month(self) -> Month:
        """The month that is asked for; raises ``ValidationError``."""
        asked = MonthIn(data=self.request.query_params)
        asked.is_valid(raise_exception=True)
        month: Month = asked.validated_data["month"]
        return month


class Detailed(_Reports):
    """What is read of single requests and matters: for keys that may."""

    required_scopes = {"GET": ApiClient.Scope.REPORTS_DETAIL}


class Indicators(_Reports):
    """The rates of a month, as they stand now."""

    serializer_class = IndicatorsOut

    @extend_schema(
        operation_id="readIndicators",
        summary="The rates of a month, with the requests behind each figure",
        parameters=[MonthIn],
        responses={200: IndicatorsOut} | responses(400, *COMMON),
    )
    def get(self, call: Call) -> Response:
        """By court and department. What was published once is in the briefings."""
        scope = Scope.of_city(self.jurisdiction)
        return Response(edition.document(board.read(self.month(), scope, at=timezone.now())))


class Rankings(_Reports):
    """The ranking of a month, as it stands now."""

    serializer_class = RankingsOut

    @extend_schema(
        operation_id="readRanking",
        summary="The courts and the departments ranked by a month's rates",
        parameters=[MonthIn],
        responses={200: RankingsOut} | responses(400, *COMMON),
    )
    def get(self, call: Call) -> Response:
        """Ranked units in their places, then those that are too small to be ranked."""
        month = self.month()
        city = standings.city(self.jurisdiction, month, at=timezone.now())
        courts = {pk: str(one.public_id) for pk, one in city.courts.items()}
        departments = {pk: str(one.public_id) for pk, one in city.departments.items()}
        found: dict[str, Any] = {
            "month": str(month),
            "courts": ranking_values(city.by_court.now, courts),
            "departments": ranking_values(city.by_department.now, departments),
        }
        return Response(found)


class _Published(_Reports):
    serializer_class = BriefingOut

    def get_queryset(self) -> QuerySet[Briefing]:
        """What was published; drafts do not exist."""
        rows = Briefing.objects.filter(
            jurisdiction=self.jurisdiction, state=BriefingState.PUBLISHED
        )
        return rows.select_related("edition").defer("document", "edition__document")


class Briefings(_Published):
    """The published briefings."""

    pagination_class = NewestFirst

    @extend_schema(
        operation_id="listBriefings",
        summary="The published monthly briefings, the newest first",
        parameters=PARAMETERS,
        responses={200: BriefingOut(many=True)} | responses(400, *COMMON),
    )
    def get(self, call: Call) -> Response:
        """A page of editions."""
        page = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response(BriefingOut(page, many=True).data)


class Document(_Published):
    """What an edition froze."""

    @extend_schema(
        operation_id="readBriefing",
        summary="The document of a published briefing, the same bytes each time",
        responses={200: OpenApiResponse(OpenApiTypes.OBJECT, description="The frozen figures.")}
        | responses(404, *COMMON),
    )
    def get(self, call: Call, public_id: uuid.UUID) -> HttpResponse:
        """Figures, items behind them, rankings, referrals: all that the edition was made of."""
        found = self.get_queryset().defer(None).filter(public_id=public_id).first()
        if found is None or found.edition is None:
            raise Http404
        return HttpResponse(bytes(found.edition.document), content_type="application/json")
