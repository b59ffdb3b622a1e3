"""Every error of the machine interface as a problem document (RFC 9457).

``code`` is stable and for machines; ``detail`` is for people, in the language asked for. What a
service refuses, what does not validate, and what is not found all pass here, once.
"""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

import structlog
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.core.signals import got_request_exception
from django.http import Http404, HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from drf_spectacular.utils import OpenApiResponse
from rest_framework import exceptions, serializers
from rest_framework.response import Response
from rest_framework.views import set_rollback

from courts.errors import Refused

log = structlog.get_logger(__name__)

MEDIA_TYPE = "application/problem+json"


class FieldProblem(serializers.Serializer):
    """What is wrong with one field."""

    field = serializers.CharField(help_text="Its path in the body, such as `party.phone`.")
    code = serializers.CharField()
    detail = serializers.CharField()


class Problem(serializers.Serializer):
    """A problem document."""

    type = serializers.CharField(help_text="Always `about:blank`: `code` tells what it is.")
    title = serializers.CharField(help_text="The status in words.")
    status = serializers.IntegerField()
    code = serializers.CharField(help_text="Stable, for machines.")
    detail = serializers.CharField(help_text="For people, in the language of Accept-Language.")
    errors = FieldProblem(many=True, required=False)  # type: ignore[assignment]


def responses(*statuses: int) -> dict[tuple[int, str], OpenApiResponse]:
    """The problems of an operation, for its description in the OpenAPI document."""
    return {
        (status, MEDIA_TYPE): OpenApiResponse(Problem, description=HTTPStatus(status).phrase)
        for status in sorted(statuses)
    }


def document(
    status: int, code: str, detail: str, errors: list[dict[str, str]] | None = None
) -> dict[str, Any]:
    """The members of a problem document."""
    members: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": detail,
    }
    return members | ({"errors": errors} if errors else {})


def exception_handler(error: Exception, context: dict[str, Any]) -> Response:
    """Answer any error of an API view with a problem document."""
    set_rollback()
    headers: dict[str, str] = {}
    members = _members(error)
    if members is None:
        _report(error, context)
        text = _("Something went wrong on our side. Nothing was changed.")
        members = document(500, "server_error", text)
    if isinstance(error, exceptions.APIException):
        if authenticate := getattr(error, "auth_header", None):
            headers["WWW-Authenticate"] = authenticate
        if wait := getattr(error, "wait", None):
            headers["Retry-After"] = str(int(wait) + 1)
    return Response(members, members["status"], headers=headers, content_type=MEDIA_TYPE)


def _members(error: Exception) -> dict[str, Any] | None:
    if isinstance(error, Refused):
        text = str(error.text)
        found = [{"field": error.field, "code": error.code, "detail": text}] if error.field else []
        return document(error.status, error.code, text, found)
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    elif isinstance(error, RequestDataTooBig):
        return document(413, "too_large", _("The body is too large."))
    if isinstance(error, exceptions.ValidationError):
        text = _("Please check what you entered.")
        return document(400, "invalid", text, list(_field_problems(error.get_full_details())))
    if isinstance(error, exceptions.APIException):
        detail: Any = error.detail
        return document(error.status_code, getattr(detail, "code", error.default_code), str(detail))
    return None


def _field_problems(details: Any, path: str = "") -> Iterator[dict[str, str]]:
    """The leaves of a validation error with their paths; '' is the body as a whole."""
    if isinstance(details, dict) and "message" in details and "code" in details:
        yield {"field": path, "code": str(details["code"]), "detail": str(details["message"])}
    elif isinstance(details, dict):
        for name, inner in details.items():
            here = path if name == "non_field_errors" else f"{path}.{name}".lstrip(".")
            yield from _field_problems(inner, here)
    else:
        for inner in details:
            yield from _field_problems(inner, path)


def _report(error: Exception, context: dict[str, Any]) -> None:
    log.error("api_error", exc_info=error)
    request = getattr(context.get("request"), "_request", None)
    got_request_exception.send(sender=exception_handler, request=request)


@csrf_exempt  # a call to nowhere changes nothing, and no machine has our cookie
def unknown_address(request: HttpRequest) -> JsonResponse:
    """Any address below ``/api/`` that is none, as a problem document."""
    members = document(404, "not_found", _("There is nothing at this address."))
    return JsonResponse(members, status=404, content_type=MEDIA_TYPE)
