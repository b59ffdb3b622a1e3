"""docker-compose.yml: complete, without secrets, accepted by its program."""

import base64
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from deploy.launcher.state import PROJECT

_FILE = PROJECT / "docker-compose.yml"
_SETTINGS = PROJECT / "config/settings.py"


@pytest.fixture(scope="module")
def services() -> dict[str, dict]:
    return yaml.safe_load(_FILE.read_text())["services"]


def test_everything_that_stays_running_has_a_health_check(services):
    assert set(services) == {"postgres", "valkey", "migrate", "web", "worker", "beat"}
    assert {name for name in services if "healthcheck" not in services[name]} == {"migrate"}
    assert services["migrate"]["restart"] == "no"


def test_nothing_starts_before_the_migration_has_ended(services):
    for name in ("web", "worker", "beat"):
        condition = services[name]["depends_on"]["migrate"]["condition"]
        assert condition == "service_completed_successfully"


def test_what_is_secret_must_be_given_and_has_no_default():
    named = set(re.findall(r"\$\{(\w+):\?", _FILE.read_text()))
    assert {"SECRET_KEY", "FIELD_ENCRYPTION_KEYS", "BLIND_INDEX_KEY"} <= named
    assert {"POSTGRES_PASSWORD", "VALKEY_PASSWORD"} <= named
    # Without a gateway there is no secret of it; with one the product's own checks ask for it.
    with_default = set(re.findall(r"\$\{(\w+):-[^}]", _FILE.read_text()))
    assert not {name for name in with_default if re.search("KEY|PASSWORD|SECRET", name)}


def test_every_setting_reaches_the_processes(services):
    read = set(re.findall(r"""env\.\w+\(\s*["'](\w+)["']""", _SETTINGS.read_text()))
    # The image is no developer's machine, and has collected its static files.
    given = set(services["web"]["environment"]) | {"DEBUG", "COLLECTED_STATIC"}
    assert read - given == set()


def _configuration(folder: Path, values: dict[str, str]) -> subprocess.CompletedProcess[str]:
    shutil.copy(_FILE, folder)
    (folder / ".env").write_text("".join(f"{name}={value}\n" for name, value in values.items()))
    return subprocess.run(
        ["docker-compose", "config"],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "HOME": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.compose
def test_its_program_accepts_it_and_asks_for_what_is_missing(tmp_path):
    example = dict(
        line.split("=", 1)
        for line in (PROJECT / ".env.example").read_text().splitlines()
        if re.match(r"[A-Z_]+=", line)
    )
    refused = _configuration(tmp_path, example)
    assert refused.returncode != 0

    given = {name: "invented" for name, value in example.items() if value == ""}
    given["FIELD_ENCRYPTION_KEYS"] = base64.urlsafe_b64encode(bytes(32)).decode()
    accepted = _configuration(tmp_path, example | given)
    assert accepted.returncode == 0, accepted.stderr
    web = yaml.safe_load(accepted.stdout)["services"]["web"]
    assert web["environment"]["SECRET_KEY"] == "invented"
    assert web["environment"]["DATABASE_URL"] == (
        "postgres://platform:invented@postgres:5432/litigation"
    )
