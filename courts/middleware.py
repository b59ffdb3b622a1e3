"""A service's refusal that no form caught becomes a page, or a message where htmx asked."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from urllib.parse import urlsplit, urlunsplit

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

from courts.errors import Refused

_PAGES = {
    HTTPStatus.BAD_REQUEST: "400.html",
    HTTPStatus.FORBIDDEN: "403.html",
    HTTPStatus.CONFLICT: "409.html",
    HTTPStatus.TOO_MANY_REQUESTS: "429.html",
}


def _asked_from(request: HttpRequest) -> str:
    """The path of the page that a refused action was asked from; '' if it is not of this site."""
    address = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(address, {request.get_host()}):
        return ""
    parts = urlsplit(address)
    return urlunsplit(("", "", parts.path, parts.query, ""))


class RefusedMiddleware:
    """Answer ``Refused`` with its status. The API answers its own (``courts.api.problems``)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The page of the refusal; to htmx, the page asked from is loaded anew with its message.

        Only a submission is answered by loading anew: a fragment that loads by itself would
        load the page for ever.
        """
        if not isinstance(exception, Refused):
            return None
        if getattr(request, "htmx", False):
            response = HttpResponse(
                str(exception.text), status=exception.status, content_type="text/plain"
            )
            if request.method not in ("GET", "HEAD"):
                messages.error(request, str(exception.text))
                response.headers["HX-Refresh"] = "true"
            return response
        page = _PAGES.get(HTTPStatus(exception.status), "400.html")
        # What is true of every refusal of the kind, the page says anyway.
        is_specific = exception.text is not type(exception).text
        context = {
            "refusal": exception.text if is_specific else "",
            "back_url": _asked_from(request),
        }
        return render(request, page, context, status=exception.status)
