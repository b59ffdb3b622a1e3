"""A database of its own for replays, on the same server: no live worker sweeps or delivers it."""

from __future__ import annotations

from django.core.management import call_command
from django.db import connection
from django.db.backends.utils import truncate_name

from courts import calendar


def enter(*, fresh: bool) -> str:
    """Point this process at the replay database, made and migrated on demand.

    ``fresh`` drops it first. Returns its name. Only for a command's own process: everything
    after this call reads and writes the replay database.
    """
    live = str(connection.settings_dict["NAME"])
    name = truncate_name(f"{live}_replay", 63)
    quoted = connection.ops.quote_name(name)
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        exists = cursor.fetchone() is not None
        if exists and fresh:
            cursor.execute(f"DROP DATABASE {quoted} WITH (FORCE)")
        if fresh or not exists:
            cursor.execute(f"CREATE DATABASE {quoted} TEMPLATE template0 ENCODING 'UTF8'")
            # A replay can be played again, so it need not wait for the disk at each commit.
            cursor.execute(f"ALTER DATABASE {quoted} SET synchronous_commit TO off")
    connection.close()
    connection.settings_dict["NAME"] = name
    calendar.forget()
    call_command("migrate", verbosity=0, interactive=False)
    return name
