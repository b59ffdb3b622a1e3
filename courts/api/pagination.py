"""Pages by key, never by number: the hundredth costs what the first does, and nothing shifts."""

from __future__ import annotations

from typing import Any

from django.core import signing
from django.db.models import Model
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param
from rest_framework.views import APIView

from courts.errors import Invalid

PARAMETERS = [
    OpenApiParameter("cursor", str, description="From `next` of the page before; not made up."),
    OpenApiParameter("page_size", {"type": "integer", "minimum": 1, "maximum": 100, "default": 50}),
]


class NewestFirst(BasePagination):
    """Rows from the newest to the oldest; a cursor is opaque, signed, and names the last seen."""

    page_size = 50
    max_page_size = 100
    _salt = "api cursor"

    def paginate_queryset(
        self, queryset: Any, request: Request, view: APIView | None = None
    ) -> list[Any]:
        """The rows of the page asked for; raises ``Invalid`` for a cursor that we did not give."""
        size = self._size(request)
        if cursor := request.query_params.get("cursor"):
            queryset = queryset.filter(pk__lt=self._read(cursor))
        rows: list[Model] = list(queryset.order_by("-pk")[: size + 1])
        self._next = None
        if len(rows) > size:
            cursor = signing.dumps(rows[size - 1].pk, salt=self._salt)
            self._next = replace_query_param(request.build_absolute_uri(), "cursor", cursor)
        return rows[:size]

    def _size(self, request: Request) -> int:
        raw = request.query_params.get("page_size", str(self.page_size))
        if raw.isascii() and raw.isdigit() and len(raw) <= 3:
            size = int(raw)
            if 1 <= size <= self.max_page_size:
                return size
        raise Invalid(_("A whole number from 1 to 100."), field="page_size")

    def _read(self, cursor: str) -> int:
        try:
            return int(signing.loads(cursor, salt=self._salt))
        except (signing.BadSignature, ValueError, TypeError):
            raise Invalid(
                _("This cursor is not one of ours. Start again without it."), field="cursor"
            ) from None

    def get_paginated_response(self, data: Any) -> Response:
        """The page, and where the next one is (``null``: nowhere)."""
        return Response({"next": self._next, "results": data})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """A page in the OpenAPI document."""
        return {
            "type": "object",
            "required": ["next", "results"],
            "properties": {
                "next": {"type": "string", "format": "uri", "nullable": True},
                "results": schema,
            },
        }
