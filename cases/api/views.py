"""Cases and nodes as they happen, in batches, with a word on every record."""

from __future__ import annotations

from collections import Counter
from typing import Any

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request as Call
from rest_framework.response import Response

from cases import services
from cases.api.serializers import CasesIn, NodesIn, ReportOut
from cases.imports.reasons import reason_words
from courts.api import idempotency
from courts.api.authentication import HasScope
from courts.api.problems import responses
from courts.models import ApiClient

_RESPONSES = {
    200: OpenApiResponse(ReportOut, description="What became of each record, now or then.")
} | responses(400, 401, 403, 406, 413, 415, 422, 429)


def _written(taken: services.Taken) -> dict[str, Any]:
    """What became of a record as it is kept: codes, no words, nothing of what was sent."""
    said: dict[str, Any] = {"place": taken.place, "record": taken.kind, "outcome": taken.outcome}
    if taken.reason:
        said |= {"field": taken.field, "reason": taken.reason, "params": dict(taken.params or {})}
    return said


def _with_words(kept: dict[str, Any]) -> dict[str, Any]:
    """The report in the language of whoever reads it."""
    items = []
    for item in kept["items"]:
        said = {name: value for name, value in item.items() if name != "params"}
        if "reason" in item:
            said["detail"] = reason_words(item["reason"], item["params"])
        items.append(said)
    return kept | {"items": items}


class _Records(GenericAPIView):
    """Records of the trial business system, for the courts of the caller's jurisdiction."""

    permission_classes = [HasScope]
    required_scopes = {"POST": ApiClient.Scope.CASES_WRITE}
    serializer_class: type[CasesIn] | type[NodesIn]

    def take(self, call: Call) -> Response:
        """Apply a batch once per idempotency key."""
        client = call.auth
        assert isinstance(client, ApiClient)
        first = idempotency.first_answer(call, client, add_unkept=_with_words)
        if first is not None:
            return first
        given = self.serializer_class(data=call.data)
        given.is_valid(raise_exception=True)
        sent = [
            services.Sent(f"{name}.{number}", kind, raw)
            for name, kind in self.serializer_class.kinds.items()
            for number, raw in enumerate(given.validated_data.get(name, ()))
        ]

        def receive() -> dict[str, Any]:
            taken = services.receive(sent, client=client, source=given.validated_data["source"])
            counts = Counter(one.outcome for one in taken)
            return {"counts": dict(counts), "items": [_written(one) for one in taken]}

        return idempotency.answer_once(call, client, receive, status=200, add_unkept=_with_words)


class Cases(_Records):
    """Cases, and who takes part in them."""

    serializer_class = CasesIn

    @extend_schema(
        operation_id="sendCases",
        summary="Send cases and participants to the mirror",
        parameters=[idempotency.PARAMETER],
        request=CasesIn,
        responses=_RESPONSES,
    )
    def post(self, call: Call) -> Response:
        """Take cases and participants."""
        return self.take(call)


class Nodes(_Records):
    """What happened in cases."""

    serializer_class = NodesIn

    @extend_schema(
        operation_id="sendNodes",
        summary="Send nodes to the mirror",
        parameters=[idempotency.PARAMETER],
        request=NodesIn,
        responses=_RESPONSES,
    )
    def post(self, call: Call) -> Response:
        """Take nodes."""
        return self.take(call)
