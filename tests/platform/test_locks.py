"""The locks: hashes for everything, addresses for nothing."""

import re

import pytest

from deploy.launcher.environment import LOCKS

_ENTRY = re.compile(r"^([a-z0-9][a-z0-9._-]*)(?:\[[a-z0-9,-]+\])?==", re.MULTILINE)


def _entries(kind: str) -> dict[str, str]:
    text = (LOCKS / f"{kind}.lock").read_text().replace("\\\n", " ")
    return {
        match[1]: line
        for line in text.splitlines()
        if (match := _ENTRY.match(line))  # the rest are comments and options
    }


@pytest.mark.parametrize("kind", ["base", "dev"])
def test_every_entry_has_hashes_and_no_line_has_an_address(kind):
    entries = _entries(kind)
    assert "django" in entries
    assert [name for name, line in entries.items() if "--hash=sha256:" not in line] == []
    text = (LOCKS / f"{kind}.lock").read_text()
    assert not re.search(r"https?:|file:|--(extra-)?index-url|--find-links", text)


def test_developing_adds_to_what_runs_and_changes_nothing_of_it():
    def version(line: str) -> str:
        return line.split()[0]

    base, dev = _entries("base"), _entries("dev")
    assert {name: version(line) for name, line in base.items()} == {
        name: version(dev[name]) for name in base
    }


def test_no_second_database_driver_comes_in():
    assert "psycopg2-binary" in _entries("dev")
    assert not {"psycopg", "psycopg-binary", "psycopg-c", "psycopg2"} & set(_entries("dev"))


def test_every_requirement_asked_for_is_locked():
    for kind in ("base", "dev"):
        asked = re.findall(
            r"^([a-z0-9][a-z0-9-]*)", (LOCKS / f"{kind}.in").read_text(), re.MULTILINE
        )
        assert set(asked) <= set(_entries(kind))
