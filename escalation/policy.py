"""Policies as data: reading, checking and keeping the files in ``escalation/policies``.

A deployment's numbers are here and not in code. Each value names its source, a clause or
``assumed``; assumed values are listed as to be confirmed.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time
from functools import lru_cache
from pathlib import Path
from typing import Any

from escalation.ladder import ASSIGNED, OPENED, UNITS, Limit, Step, TimedKind
from escalation.models import PolicyVersion

FOLDER = Path(__file__).parent / "policies"
LEVELS = {"supreme", "high", "intermediate", "primary"}
RECIPIENTS = {
    "handler",
    "liaison_officer",
    "department_leader",
    "deputy_president",
    "president",
    "superior_president",
    "filing_chamber",
}
DOCUMENT_KEYS = {"slug", "name", "name_en", "regulation", "holds_from", "values", "clocks"}
VALUE_KEYS = {
    "opening_hour", "closing_hour", "party_notices_from", "party_notices_until",
    "complete_after_business_days", "reopen_within_days", "attempts", "attempt_days",
    "ladder_shown_to_party", "publish_mobile",
}  # fmt: skip
STEP_KEYS = {
    "key", "level", "anchor", "after", "to", "unit", "every", "at_most", "court_levels",
}  # fmt: skip


class PolicyError(ValueError):
    """A policy file is wrong; says which file, which key, and why."""

    def __init__(self, file: str, key: str, reason: str) -> None:
        super().__init__(f"{file}: {key}: {reason}")
        self.file, self.key, self.reason = file, key, reason


@dataclass(frozen=True)
class Policy:
    """A policy ready for use; instants of the day are local times of the jurisdiction."""

    slug: str
    name: str
    name_en: str
    opening: time
    closing: time
    party_notices_from: time
    party_notices_until: time
    complete_after_business_days: int
    reopen_within_days: int
    attempts: int
    attempt_days: int
    ladder_shown_to_party: str
    publish_mobile: str
    clocks: Mapping[str, TimedKind]


class _Reader:
    """Reads values of a document and complains with file and key.

    ``strict`` refuses keys that it does not know: in a file they are mistyped; a kept version
    may have been written for older code.
    """

    def __init__(self, file: str, *, strict: bool) -> None:
        self.file, self.strict = file, strict

    def fail(self, key: str, reason: str) -> PolicyError:
        return PolicyError(self.file, key, reason)

    def table(self, parent: Mapping[str, Any], key: str, path: str) -> Mapping[str, Any]:
        found = parent.get(key)
        if not isinstance(found, dict):
            raise self.fail(f"{path}{key}", "a table is needed")
        return found

    def known(self, row: Any, keys: set[str], path: str) -> Mapping[str, Any]:
        """The row, which must be a table, of these keys if strict."""
        if not isinstance(row, dict):
            raise self.fail(path.removesuffix("."), "a table is needed")
        for key in row:
            if self.strict and key not in keys:
                raise self.fail(f"{path}{key}", f"is none of {', '.join(sorted(keys))}")
        return row

    def texts(self, row: Mapping[str, Any], key: str, path: str, among: set[str]) -> list[str]:
        found = row.get(key)
        if not isinstance(found, list) or not found or any(one not in [*among] for one in found):
            raise self.fail(f"{path}{key}", f"must list some of {', '.join(sorted(among))}")
        return found

    def text(self, parent: Mapping[str, Any], key: str, path: str = "") -> str:
        found = parent.get(key)
        if not isinstance(found, str) or not found:
            raise self.fail(f"{path}{key}", "a text is needed")
        return found

    def sourced(self, parent: Mapping[str, Any], key: str, path: str) -> Any:
        """The value at ``key``, which must name its source."""
        found = parent.get(key)
        if not isinstance(found, dict) or "value" not in found:
            raise self.fail(f"{path}{key}", "needs { value = ..., source = ... }")
        if not isinstance(found.get("source"), str) or not found["source"]:
            raise self.fail(f"{path}{key}", "names no source (a clause, or assumed)")
        return found["value"]

    def whole(self, parent: Mapping[str, Any], key: str, path: str, least: int = 1) -> int:
        value = self.sourced(parent, key, path)
        if not isinstance(value, int) or isinstance(value, bool) or value < least:
            raise self.fail(f"{path}{key}", f"a whole number of at least {least} is needed")
        return value

    def hour(self, parent: Mapping[str, Any], key: str, path: str) -> time:
        value = self.sourced(parent, key, path)
        try:
            found = time.fromisoformat(value)
        except (TypeError, ValueError):
            found = None
        if found is None or found.tzinfo is not None:
            raise self.fail(f"{path}{key}", "a local time such as 09:00 is needed")
        return found

    def choice(self, parent: Mapping[str, Any], key: str, path: str, among: set[str]) -> str:
        value = self.sourced(parent, key, path)
        if value not in among:
            raise self.fail(f"{path}{key}", f"must be one of {', '.join(sorted(among))}")
        return str(value)

    def limit(self, name: str, row: Any, path: str) -> Limit:
        row = self.known(row, {"anchor", "business_days"}, path)
        anchor = self.anchor(row, path)
        return Limit(name, anchor, self.whole(row, "business_days", path))

    def anchor(self, row: Mapping[str, Any], path: str) -> str:
        anchor = self.text(row, "anchor", path)
        if anchor not in (OPENED, ASSIGNED):
            raise self.fail(f"{path}anchor", f"must be {OPENED} or {ASSIGNED}")
        return anchor

    def step(self, row: Any, path: str) -> Step:
        row = self.known(row, STEP_KEYS, path)
        to = self.texts(row, "to", path, RECIPIENTS)
        levels = self.texts(row, "court_levels", path, LEVELS) if "court_levels" in row else ()
        unit = row.get("unit", "business_days")
        if unit not in ("business_days", *UNITS):
            raise self.fail(f"{path}unit", f"must be business_days, {' or '.join(UNITS)}")
        level = row.get("level")
        if not isinstance(level, int) or isinstance(level, bool) or not 0 <= level <= 4:
            raise self.fail(f"{path}level", "must be 0 (a warning) to 4")
        every = self.whole(row, "every", path) if "every" in row else None
        at_most = self.whole(row, "at_most", path) if "at_most" in row else 1
        if (every is None) != (at_most == 1):
            raise self.fail(f"{path}every", "every and at_most go together")
        return Step(
            key=self.text(row, "key", path),
            level=level,
            anchor=self.anchor(row, path),
            after=self.whole(row, "after", path, least=0),
            to=tuple(to),
            unit=unit,
            every=every,
            at_most=at_most,
            court_levels=frozenset(levels),
        )

    def timed(self, kind: str, row: Any) -> TimedKind:
        path = f"clocks.{kind}."
        row = self.known(row, {"limits", "steps"}, path)
        limits = {
            name: self.limit(name, body, f"{path}limits.{name}.")
            for name, body in self.table(row, "limits", path).items()
        }
        rows = row.get("steps", [])
        if not isinstance(rows, list):
            raise self.fail(f"{path}steps", "a list of tables is needed")
        steps = tuple(self.step(body, f"{path}steps[{index}].") for index, body in enumerate(rows))
        keys = [step.key for step in steps]
        if len(set(keys)) != len(keys):
            raise self.fail(f"{path}steps", "two steps have the same key")
        return TimedKind(limits, steps)


def parse(file: str, document: Mapping[str, Any], *, strict: bool = False) -> Policy:
    """Make a policy of a document; raises ``PolicyError`` naming file, key and reason.

    ``strict`` refuses unknown keys too, as mistyped.
    """
    read = _Reader(file, strict=strict)
    read.known(document, DOCUMENT_KEYS, "")
    values = read.known(read.table(document, "values", ""), VALUE_KEYS, "values.")
    clocks = read.table(document, "clocks", "")
    opening = read.hour(values, "opening_hour", "values.")
    closing = read.hour(values, "closing_hour", "values.")
    if opening >= closing:
        raise read.fail("values.closing_hour", "must be later than the opening hour")
    return Policy(
        slug=read.text(document, "slug"),
        name=read.text(document, "name"),
        name_en=read.text(document, "name_en"),
        opening=opening,
        closing=closing,
        party_notices_from=read.hour(values, "party_notices_from", "values."),
        party_notices_until=read.hour(values, "party_notices_until", "values."),
        complete_after_business_days=read.whole(values, "complete_after_business_days", "values."),
        reopen_within_days=read.whole(values, "reopen_within_days", "values."),
        attempts=read.whole(values, "attempts", "values."),
        attempt_days=read.whole(values, "attempt_days", "values."),
        ladder_shown_to_party=read.choice(
            values, "ladder_shown_to_party", "values.", {"full", "limit_only"}
        ),
        publish_mobile=read.choice(
            values, "publish_mobile", "values.", {"internal", "court_staff", "public"}
        ),
        clocks={kind: read.timed(kind, body) for kind, body in clocks.items()},
    )


def assumed_values(document: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, Any]]:
    """The keys and values of a document whose source is ``assumed``, to be confirmed."""
    for key, body in document.items():
        here = f"{path}{key}"
        if isinstance(body, dict):
            if body.get("source") == "assumed":
                yield here, body["value"]
            else:
                yield from assumed_values(body, f"{here}.")
        elif isinstance(body, list):
            for item in body:
                if isinstance(item, dict):
                    yield from assumed_values(item, f"{here}.{item.get('key', '')}.")


def read_file(path: Path) -> dict[str, Any]:
    """A policy file as a document of plain JSON values, checked."""
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PolicyError(path.name, "-", str(error)) from None
    if type(document.get("holds_from")) is not date:  # an instant is a date to isinstance
        raise PolicyError(path.name, "holds_from", "a date is needed")
    document["holds_from"] = document["holds_from"].isoformat()
    parse(path.name, document, strict=True)
    return document


def load_file(path: Path) -> PolicyVersion:
    """Keep a policy file as a version, unless it says what the newest one says.

    A file set back to what it once was is a new version like any other.
    """
    document = read_file(path)
    digest = hashlib.sha256(json.dumps(document, sort_keys=True).encode()).hexdigest()
    slug = document["slug"]
    newest = PolicyVersion.objects.filter(slug=slug).order_by("-version").first()
    if newest and newest.digest == digest:
        return newest
    version, _ = PolicyVersion.objects.get_or_create(
        slug=slug,
        version=newest.version + 1 if newest else 1,
        defaults={"holds_from": document["holds_from"], "document": document, "digest": digest},
    )
    return version


def load_all(folder: Path = FOLDER) -> list[PolicyVersion]:
    """Keep every policy file of a folder; runs after each migration."""
    return [load_file(path) for path in sorted(folder.glob("*.toml"))]


@lru_cache(maxsize=256)
def by_version(version_id: int) -> Policy:
    """The policy of a kept version, which never changes."""
    version = PolicyVersion.objects.get(pk=version_id)
    return parse(f"{version.slug} {version.version}", version.document)


def version_for(slug: str, on: date) -> PolicyVersion:
    """The version of a policy that holds on a date; before the first, the first.

    Raises ``PolicyVersion.DoesNotExist`` when there is no such policy.
    """
    versions = PolicyVersion.objects.filter(slug=slug)
    found = versions.filter(holds_from__lte=on).order_by("-holds_from", "-version").first()
    return found or versions.order_by("holds_from", "version")[:1].get()


def present(slug: str, on: date) -> Policy:
    """The policy that holds on a date."""
    return by_version(version_for(slug, on).pk)
