"""What must work for the product to serve: each app adds its own check to the list."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from celery import current_app
from django.db import connection

# A check returns what it found (never an address or a secret), or raises.
Check = Callable[[], dict[str, Any]]
_required: dict[str, Check] = {}
_reported: dict[str, Check] = {}


def register(name: str, check: Check, *, required: bool = True) -> None:
    """Add a check. One that is not ``required`` is reported and does not make us unready."""
    (_required if required else _reported)[name] = check


def database() -> dict[str, Any]:
    """The database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return {}


def broker() -> dict[str, Any]:
    """The broker of background work answers."""
    with current_app.connection_for_write() as link:
        link.ensure_connection(max_retries=1, timeout=2)
    return {}


register("database", database)
register("broker", broker)


def _result(check: Check) -> dict[str, Any]:
    try:
        return {"ok": True} | check()
    except Exception as error:  # whatever is wrong with it, it does not work
        return {"ok": False, "error": type(error).__name__}


def examine() -> tuple[bool, dict[str, dict[str, Any]]]:
    """Whether we can serve, and what each check found."""
    checks = {name: _result(check) for name, check in (_required | _reported).items()}
    return all(checks[name]["ok"] for name in _required), checks
