"""A seed that is killed leaves nothing: in a file of its own, for it needs an empty database."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection

from courts.models import Jurisdiction, Person
from liaison.models import Request


@pytest.mark.django_db(transaction=True)
def test_killed_in_the_middle_it_leaves_nothing() -> None:
    name = connection.settings_dict["NAME"]
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()
    process = subprocess.Popen(
        [sys.executable, "manage.py", "seed_demonstration"],
        cwd=settings.BASE_DIR,
        env=os.environ | {"DATABASE_URL": url, "DEMONSTRATION": "true"},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    said = ""
    while "10 %" not in said and (sign := process.stdout.read(1)):
        said += sign
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL, said
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            if cursor.fetchone() == (0,):
                break
        time.sleep(0.05)
    assert not Jurisdiction.objects.exists()
    assert not Person.objects.exists()
    assert not Request.objects.exists()
