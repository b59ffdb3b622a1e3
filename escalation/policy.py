"""Policies as data: reading, checking and keeping the files in ``escalation/policies``.

A deployment's numbers are here and not in code. Each value names its source, a clause or
``assumed``; assumed values are to be confirmed until somebody has signed for them (see
``escalation.signatures``). How a file reads is in ``escalation.policy_reader`` and
``escalation.policy_clocks``.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from functools import lru_cache
from pathlib import Path
from typing import Any

from escalation import subjects
from escalation.ladder import TimedKind
from escalation.models import PolicyVersion
from escalation.policy_clocks import PLACE, timed
from escalation.policy_reader import VALUE_KEYS, PolicyError, Reader

FOLDER = Path(__file__).parent / "policies"
DOCUMENT_KEYS = {"slug", "name", "name_en", "regulation", "holds_from", "values", "clocks"}


@dataclass(frozen=True)
class Policy:
    """A policy ready for use; instants of the day are local times of the jurisdiction.

    ``ranking`` holds the numbers of the monthly ranking, ``issues`` those of the search for hot
    issues, ``ahead`` those of the watch list, ``referrals`` the words of what is
    referred to whom, ``look_back`` the numbers of the look back at closed agenda matters; each is
    empty in a version older than they are. Within ``objection_business_days`` after a month its
    figures may be objected to.
    """

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
    ranking: Mapping[str, int]
    issues: Mapping[str, int]
    ahead: Mapping[str, int]
    referrals: Mapping[str, tuple[str, ...]]
    look_back: Mapping[str, int]
    objection_business_days: int
    clocks: Mapping[str, TimedKind]


def parse(file: str, document: Mapping[str, Any], *, strict: bool = False) -> Policy:
    """Make a policy of a document; raises ``PolicyError`` naming file, key and reason.

    ``strict`` refuses unknown keys, as mistyped, and values without a source too.
    """
    read = Reader(file, strict=strict)
    read.known(document, DOCUMENT_KEYS, "")
    values = read.known(read.table(document, "values", ""), VALUE_KEYS, "values.")
    clocks = read.table(document, "clocks", "")
    opening = read.hour(values, "opening_hour", "values.")
    closing = read.hour(values, "closing_hour", "values.")
    if opening >= closing:
        raise read.fail("values.closing_hour", "must be later than the opening hour")
    notices_from = read.hour(values, "party_notices_from", "values.")
    notices_until = read.hour(values, "party_notices_until", "values.")
    if notices_from >= notices_until:
        raise read.fail("values.party_notices_until", "must be later than party_notices_from")
    return Policy(
        slug=read.text(document, "slug"),
        name=read.text(document, "name"),
        name_en=read.text(document, "name_en"),
        opening=opening,
        closing=closing,
        party_notices_from=notices_from,
        party_notices_until=notices_until,
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
        ranking=read.ranking(values, "values."),
        issues=read.issues(values, "values."),
        ahead=read.ahead(values, "values."),
        referrals=read.referrals(values, "values."),
        look_back=read.look_back(values, "values."),
        objection_business_days=read.objection_days(values, "values."),
        clocks=_clocks(read, clocks),
    )


def _clocks(read: Reader, rows: Mapping[str, Any]) -> dict[str, TimedKind]:
    found = {kind: timed(read, kind, row) for kind, row in rows.items()}
    for kind in subjects.needed() if read.strict else ():
        if kind not in found:
            raise read.fail(f"clocks.{kind}", "a table is needed: every city counts it")
    return found


def read_file(path: Path) -> dict[str, Any]:
    """A policy file as a document of plain JSON values, checked.

    Each limit is given its place in the file, which breaks ties (see ``TimedKind.limit_for``) and
    which the database, keeping no order of keys, would forget. Raises ``PolicyError``.
    """
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PolicyError(path.name, "-", str(error)) from None
    if type(document.get("holds_from")) is not date:  # an instant is a date to isinstance
        raise PolicyError(path.name, "holds_from", "a date is needed")
    document["holds_from"] = document["holds_from"].isoformat()
    parse(path.name, document, strict=True)
    for clock in document["clocks"].values():
        for place, limit in enumerate(clock["limits"].values()):
            limit[PLACE] = place
    return document


def load_file(path: Path) -> PolicyVersion:
    """Keep a policy file as a version, unless it says what the newest one says.

    A file set back to what it once was is a new version like any other.
    """
    return _keep(read_file(path))


def _keep(document: dict[str, Any]) -> PolicyVersion:
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
    """Keep every policy file of a folder; runs after each migration.

    Raises ``PolicyError`` if a file is wrong, or bears the slug of another: it would become the
    law of the other's city. Nothing is kept then.
    """
    documents: dict[str, dict[str, Any]] = {}
    file_of: dict[str, str] = {}
    for path in sorted(folder.glob("*.toml")):
        document = read_file(path)
        slug = document["slug"]
        if slug in documents:
            raise PolicyError(path.name, "slug", f"is that of {file_of[slug]} too")
        documents[slug], file_of[slug] = document, path.name
    return [_keep(document) for document in documents.values()]


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
