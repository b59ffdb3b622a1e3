"""The standing book for machines: rows, filters and columns of the page, all courts of a city."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request as Call
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from courts.api.problems import responses
from reports.api.serializers import BookOut
from reports.api.views import COMMON, Detailed
from reports.scope import Scope
from reports.standing_book.book import Book
from reports.standing_book.columns import COLUMNS, chosen
from reports.standing_book.forms import BookForm
from reports.standing_book.handling import gather
from reports.standing_book.wishes import Wish

_COLUMN = OpenApiParameter(
    "column", str, many=True, enum=[column.name for column in COLUMNS],
    description="Which columns; without any those that the page shows at first.",
)  # fmt: skip
_CURSOR = OpenApiParameter("cursor", str, description="From `next` of the page before.")


class Rows(Detailed):
    """The standing book."""

    serializer_class = BookOut

    @extend_schema(
        operation_id="readBook",
        summary="Requests with their handling, one row each, the newest first",
        parameters=[
            *(OpenApiParameter(name, str) for name in sorted(Wish.__dataclass_fields__)),
            _COLUMN,
            _CURSOR,
        ],
        responses={200: BookOut} | responses(400, *COMMON),
    )
    def get(self, call: Call) -> Response:
        """A page. An empty one may have a `next`: so many requests are looked through at once."""
        reach = Scope.of_city(self.jurisdiction).reach
        asked = BookForm(call.query_params, reach=reach)
        if not asked.is_valid():
            raise ValidationError(
                {name: [str(one) for one in errors] for name, errors in asked.errors.items()}
            )
        at = timezone.now()
        keys = Book(reach, asked.wish(), at=at).page(after=call.query_params.get("cursor", ""))
        columns = chosen(asked.cleaned_data["column"])
        rows = [
            {column.name: column.value(entry) for column in columns}
            for entry in gather(keys.ids, at=at)
        ]
        address = call.build_absolute_uri()
        found: dict[str, Any] = {
            "next": replace_query_param(address, "cursor", keys.older) if keys.older else None,
            "looked_until": keys.looked_until,
            "results": rows,
        }
        return Response(found)
