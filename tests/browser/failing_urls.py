"""Every address of the product, and some that fail as a page of it might."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import path

from config.urls import urlpatterns as every_address
from courts.errors import Invalid, TooMany

_ERRORS = {400: Invalid, 429: TooMany, 500: RuntimeError}


def fail(http: HttpRequest, status: int) -> HttpResponse:
    """Raise what nobody caught."""
    raise _ERRORS[status]


urlpatterns = [path("fails/<int:status>/", fail), *every_address]
