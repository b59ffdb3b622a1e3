"""Register a request, list one's own, read one of them, and rate its answer."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request as Call
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from courts import site
from courts.api import idempotency
from courts.api.authentication import HasScope
from courts.api.pagination import PARAMETERS, NewestFirst
from courts.api.problems import responses
from courts.models import ApiClient
from escalation.models import Clock
from escalation.reading import Reading, readings
from liaison import intake
from liaison.access import access_code
from liaison.api.serializers import RatingIn, RatingOut, RegisteredOut, RequestIn, RequestOut
from liaison.kinds import REPLY
from liaison.models import Rating, Request
from liaison.rating import rate, rating_of

_COMMON = (401, 403, 406, 429)


def _read(requests: Iterable[Request]) -> dict[int, Reading]:
    """The reply clock of each request, by the request's id: the same statements for any number."""
    clocks = Clock.objects.filter(kind=REPLY, subject_id__in=[row.pk for row in requests])
    return {
        reading.clock.subject_id: reading for reading in readings(clocks, timezone.now()).values()
    }


class _Requests(GenericAPIView):
    """The calling machine's own requests; those of others do not exist."""

    permission_classes = [HasScope]
    required_scopes = {
        "GET": ApiClient.Scope.REQUESTS_READ,
        "POST": ApiClient.Scope.REQUESTS_WRITE,
    }
    serializer_class: type[BaseSerializer] = RequestOut

    @property
    def client(self) -> ApiClient:
        """Who calls."""
        assert isinstance(self.request.auth, ApiClient)
        return self.request.auth

    def get_queryset(self) -> QuerySet[Request]:
        """What the calling machine registered."""
        return Request.objects.filter(api_client=self.client).select_related("court")

    def found(self, public_id: uuid.UUID) -> Request:
        """One of them; raises ``Http404`` for any other."""
        request = self.get_queryset().filter(public_id=public_id).first()
        if request is None:
            raise Http404
        return request

    def written(self, request: Request) -> dict[str, Any]:
        """One request as it is sent."""
        return dict(RequestOut(request, context={"readings": _read([request])}).data)


class RequestList(_Requests):
    """All requests of the calling machine."""

    pagination_class = NewestFirst

    @extend_schema(
        operation_id="listRequests",
        summary="The requests that this key registered, the newest first",
        parameters=PARAMETERS,
        responses={200: RequestOut(many=True)} | responses(400, *_COMMON),
    )
    def get(self, call: Call) -> Response:
        """A page of requests."""
        page = self.paginate_queryset(self.get_queryset())
        assert page is not None
        written = RequestOut(page, many=True, context={"readings": _read(page)})
        return self.get_paginated_response(written.data)

    @extend_schema(
        operation_id="registerRequest",
        summary="Register a request",
        parameters=[idempotency.PARAMETER],
        request=RequestIn,
        responses={
            201: OpenApiResponse(RegisteredOut, description="Registered, now or by the first call.")
        }
        | responses(400, 413, 415, 422, *_COMMON),
    )
    def post(self, call: Call) -> Response:
        """Register once per idempotency key."""
        response = idempotency.first_answer(call, self.client, add_unkept=_with_access)
        if response is None:
            response = self._register(call)
        response.headers["Location"] = reverse("api:request", args=[response.data["id"]])
        return response

    def _register(self, call: Call) -> Response:
        given = RequestIn(data=call.data, context={"client": self.client})
        given.is_valid(raise_exception=True)

        def register() -> dict[str, Any]:
            request = intake.register(
                **given.validated_data, channel=self.client.channel, api_client=self.client
            )
            return self.written(request)

        return idempotency.answer_once(call, self.client, register, add_unkept=_with_access)


def _with_access(written: dict[str, Any]) -> dict[str, Any]:
    """Add the access code, which is derived each time and never lies in a table."""
    code = access_code(Request(public_id=uuid.UUID(written["id"])))
    tracking_url = site.address(reverse("portal:track"))
    return written | {"access_code": code, "tracking_url": tracking_url}


class RequestDetail(_Requests):
    """One request of the calling machine."""

    @extend_schema(
        operation_id="readRequest",
        summary="One request that this key registered",
        responses={200: RequestOut} | responses(404, *_COMMON),
    )
    def get(self, call: Call, public_id: uuid.UUID) -> Response:
        """Where it stands."""
        return Response(self.written(self.found(public_id)))


class RequestRating(_Requests):
    """What the party thinks of the answer to one request of the calling machine."""

    serializer_class = RatingOut

    @extend_schema(
        operation_id="readRating",
        summary="The rating of the answer that stands",
        responses={200: RatingOut} | responses(404, *_COMMON),
    )
    def get(self, call: Call, public_id: uuid.UUID) -> Response:
        """The rating; an answer that was not rated, or was sent back, has none."""
        rating = rating_of(self.found(public_id))
        if rating is None:
            raise Http404
        return Response(_rated(rating))

    @extend_schema(
        operation_id="rateRequest",
        summary="Rate the answer that stands, or change its rating",
        parameters=[idempotency.PARAMETER],
        request=RatingIn,
        responses={200: OpenApiResponse(RatingOut, description="Rated, now or by the first call.")}
        | responses(400, 404, 409, 413, 415, 422, *_COMMON),
    )
    def post(self, call: Call, public_id: uuid.UUID) -> Response:
        """Rate once per idempotency key."""
        request = self.found(public_id)
        response = idempotency.first_answer(call, self.client)
        if response is not None:
            return response
        given = RatingIn(data=call.data)
        given.is_valid(raise_exception=True)
        return idempotency.answer_once(
            call,
            self.client,
            lambda: _rated(rate(request_id=request.pk, **given.validated_data)),
            status=200,
        )


def _rated(rating: Rating) -> dict[str, Any]:
    return dict(RatingOut(rating).data)
