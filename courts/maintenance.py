"""Closed for maintenance: while a file lies there, every page says so and nothing else runs.

A file, because it works while the database is being changed, without a restart, and for every
process of a machine at once.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from courts.api.problems import MEDIA_TYPE, document

# What a monitor asks goes on answering for itself.
_OPEN = ("/healthz", "/metrics")
# Seconds after which browsers and machines may ask again.
RETRY_AFTER = 600
_TEXT = _("Closed for maintenance. Limits go on counting; what was sent now is not kept.")


class MaintenanceMiddleware:
    """Answer 503 with ``Retry-After`` while ``MAINTENANCE_FILE`` exists.

    Comes after what serves style sheets and sets security headers, and before all that reads the
    session or the database.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        switch: str = settings.MAINTENANCE_FILE
        if not switch or request.path in _OPEN or not Path(switch).exists():
            return self.get_response(request)
        response: HttpResponse
        if request.path.startswith("/api/"):
            with translation.override(translation.get_language_from_request(request)):
                problem = document(503, "maintenance", str(_TEXT))
            response = JsonResponse(problem, status=503, content_type=MEDIA_TYPE)
        else:
            page = render_to_string("503.html", {"demonstration": settings.DEMONSTRATION})
            response = HttpResponse(page, status=503)
        response.headers["Retry-After"] = str(RETRY_AFTER)
        response.headers["Cache-Control"] = "no-store"
        return response
