"""Settings: documented, refused when incomplete, safe as a deployment has them."""

import io
import json
import logging
import os
import re
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction

from config.logs import without_personal_data
from deploy.check_production import main, production_values
from deploy.launcher.state import PROJECT

_READ = re.compile(r"""env\.\w+\(\s*["'](\w+)["']""")
_READ_BY_LAUNCHER = re.compile(r"""environ(?:\.get\(|\[)["']([A-Z_]+)["']""")
_NOT_SETTINGS = {"DJANGO_SETTINGS_MODULE", "PATH", "HOME", "LANG"}
_SOURCES = [
    *PROJECT.glob("config/*.py"),
    *PROJECT.glob("deploy/launcher/*.py"),
    *PROJECT.glob("*/management/commands/*.py"),
]


def _documented() -> set[str]:
    lines = (PROJECT / ".env.example").read_text().splitlines()
    return {line.partition("=")[0] for line in lines if re.match(r"[A-Z_]+=", line)}


def test_every_variable_that_is_read_is_documented():
    read = set(_READ.findall((PROJECT / "config/settings.py").read_text()))
    assert "SECRET_KEY" in read
    for source in _SOURCES:
        read |= set(_READ_BY_LAUNCHER.findall(source.read_text()))
    assert read - _NOT_SETTINGS <= _documented()


def test_every_variable_that_is_documented_is_read():
    sources = [*_SOURCES, PROJECT / "docker-compose.yml"]
    text = "\n".join(source.read_text() for source in sources)
    assert {name for name in _documented() if name not in text} == set()


def test_the_example_holds_no_secret():
    for line in (PROJECT / ".env.example").read_text().splitlines():
        name, _, value = line.partition("=")
        if re.search(r"KEY|PASSWORD|TOKEN", name) and not line.startswith("#"):
            assert value == "", name


@pytest.mark.parametrize(
    "name",
    [
        "SECRET_KEY",
        "ALLOWED_HOSTS",
        "DATABASE_URL",
        "REDIS_URL",
        "FIELD_ENCRYPTION_KEYS",
        "BLIND_INDEX_KEY",
        "SITE_URL",
    ],
)
def test_a_deployment_that_lacks_a_value_is_told_its_name(name):
    values = {key: value for key, value in production_values().items() if key != name}
    started = subprocess.run(
        [sys.executable, "-c", "import config.settings"],
        cwd=PROJECT,
        env={"PATH": os.environ["PATH"]} | values,
        capture_output=True,
        text=True,
        check=False,
    )
    assert started.returncode != 0
    assert name in started.stderr.splitlines()[-1]


def test_the_deployment_check_is_clean_with_production_values():
    assert main() == 0


def test_the_deployment_check_tells_what_is_unsafe(monkeypatch):
    unsafe = production_values() | {"HTTPS_ONLY": "false"}
    monkeypatch.setattr("deploy.check_production.production_values", lambda: unsafe)
    assert main() != 0


def test_the_browser_runs_nothing_that_stands_in_a_page():
    directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    allowed = [source for sources in directives.values() for source in sources]
    assert directives["default-src"] == ["'self'"]
    assert not {"'unsafe-inline'", "'unsafe-eval'", "*"} & set(allowed)


def test_logs_keep_no_address_no_browser_and_no_query():
    event = {
        "event": "request_finished",
        "request": "GET /track/?number=1&code=SECRET",
        "ip": "192.0.2.1",
        "user_agent": "Browser",
        "code": 200,
    }
    assert without_personal_data(None, "info", event) == {
        "event": "request_finished",
        "request": "GET /track/",
        "code": 200,
    }


def _logged(tell) -> dict:
    """A line of the log, as it is written by the formatter that the processes use."""
    formatter = settings.LOGGING["formatters"]["json"]
    handler = logging.StreamHandler(io.StringIO())
    handler.setFormatter(
        formatter["()"](
            processors=formatter["processors"], foreign_pre_chain=formatter["foreign_pre_chain"]
        )
    )
    logger = logging.Logger("of this test")
    logger.addHandler(handler)
    tell(logger)
    return json.loads(handler.stream.getvalue())


@pytest.mark.django_db
@pytest.mark.parametrize(
    "said", ["INSERT INTO t VALUES (%s)", "SELECT 1/0 WHERE %s <> ''", "SELECT y FROM t WHERE %s"]
)
def test_logs_keep_no_row_and_no_statement_of_a_failed_one(said):
    text = "张三的电话\n\n是13800138000"

    def fail(logger):
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("CREATE TEMPORARY TABLE t (x text CHECK (length(x) < 3))")
                cursor.execute(said, [text])
        except DatabaseError as error:
            logger.exception("failed: %r %s", error, error)
        else:
            logger.error("nothing failed")

    line = _logged(fail)
    assert "failed: " in line["event"]
    assert "psycopg" in line["exception"]
    assert "django.db.utils" in line["exception"]
    for word in ("张三", "13800138000", "DETAIL"):
        assert word not in line["event"] + line["exception"]


@pytest.mark.django_db
def test_the_database_writes_no_row_and_no_statement_to_its_log():
    with connection.cursor() as cursor:
        for name, value in (
            ("log_error_verbosity", "terse"),
            ("log_min_error_statement", "panic"),
        ):
            cursor.execute(f"SHOW {name}")
            assert cursor.fetchone() == (value,)
