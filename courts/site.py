"""Where this deployment is found from outside: in notices, on receipts, by other systems."""

from __future__ import annotations

from functools import cache
from urllib.parse import urljoin

from django.conf import settings


def address(path: str) -> str:
    """The whole address of a page, by its path from ``reverse``: the path is the site's own."""
    return f"{_origin(settings.SITE_URL)}{path}"


@cache
def _origin(site_url: str) -> str:
    # Thousands of messages lead to the same site.
    return urljoin(site_url, "/").removesuffix("/")
