"""The list of nodes as policy data: reading and checking the files in ``cases/nodes``.

One list is shared; a file named by the slug of a jurisdiction's policy says what is different
there. Each rule names its source, a clause of the 2018 rule or ``assumed``. What is wrong is named
by file, key and reason (``escalation.policy_reader``).
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from cases.models import Capacity, Case, CaseNode, PartyRole
from cases.node_rules import Detail, HeldBack, NodeList, NodeRule, Outside, Text
from escalation.policy_reader import PolicyError, Reader

FOLDER = Path(__file__).parent / "nodes"
SHARED = "shared"
FORMS = frozenset({"text", "number", "day", "moment"})
DOCUMENT_KEYS = {"values", "sensitive", "details", "nodes"}
VALUE_KEYS = {"oldest_days", "quiet_from", "quiet_until", "digest_at_least", "digest_minutes"}
NODE_KEYS = {
    "source", "zh", "en", "text_zh", "text_en", "who", "sides", "details", "push", "held_back",
}  # fmt: skip
SENSITIVE = tuple(value for value in Case.Sensitivity.values if value != Case.Sensitivity.NONE)
_KIND_LENGTH = CaseNode._meta.get_field("kind").max_length


@dataclass(frozen=True)
class _Documents:
    """The files of a folder, as they are written."""

    shared: Mapping[str, Any]
    others: Mapping[str, Mapping[str, Any]]


def parse(file: str, document: Mapping[str, Any]) -> NodeList:
    """A checked list ready for use; raises ``PolicyError`` naming file, key and reason."""
    read = Reader(file, strict=True)
    read.known(document, DOCUMENT_KEYS, "")
    values = read.known(read.table(document, "values", ""), VALUE_KEYS, "values.")
    sensitive = read.known(read.table(document, "sensitive", ""), SENSITIVE, "sensitive.")
    details = {
        key: _detail(read, key, row) for key, row in read.table(document, "details", "").items()
    }
    rows = read.table(document, "nodes", "")
    rules = {kind: _rule(read, kind, row, details) for kind, row in rows.items()}
    for rule in rules.values():
        if rule.held_back is not None and rule.held_back.until not in rules:
            path = f"nodes.{rule.kind}.held_back.until"
            raise read.fail(path, "is no node of this list")
    return NodeList(
        oldest_days=read.whole(values, "oldest_days", "values."),
        quiet_from=read.hour(values, "quiet_from", "values."),
        quiet_until=read.hour(values, "quiet_until", "values."),
        digest_at_least=read.whole(values, "digest_at_least", "values.", least=2),
        digest_minutes=read.whole(values, "digest_minutes", "values.", most=24 * 60),
        sensitive={
            key: Outside(read.choice(sensitive, key, "sensitive.", set(Outside)))
            for key in SENSITIVE
        },
        details=details,
        rules=rules,
    )


def _detail(read: Reader, key: str, row: Any) -> Detail:
    path = f"details.{key}."
    row = read.known(row, {"zh", "en", "form"}, path)
    form = read.text(row, "form", path)
    if form not in FORMS:
        raise read.fail(f"{path}form", f"must be one of {', '.join(sorted(FORMS))}")
    return Detail(key, Text(read.text(row, "zh", path), read.text(row, "en", path)), form)


def _rule(read: Reader, kind: str, row: Any, details: Mapping[str, Detail]) -> NodeRule:
    path = f"nodes.{kind}."
    row = read.known(row, NODE_KEYS, path)
    read.name(kind, path.removesuffix("."), _KIND_LENGTH)
    push = read.sourced(row, "push", path)
    if not isinstance(push, bool):
        raise read.fail(f"{path}push", "must be true or false")
    shown = read.texts(row, "details", path, details) if "details" in row else ()
    return NodeRule(
        kind=kind,
        source=str(row.get("source", "")),
        title=Text(read.text(row, "zh", path), read.text(row, "en", path)),
        text=Text(read.text(row, "text_zh", path), read.text(row, "text_en", path)),
        who=frozenset(read.texts(row, "who", path, Capacity.values)),
        sides=_sides(read, row, path),
        details=tuple(details[key] for key in shown),
        push=push,
        held_back=_held_back(read, kind, row, path),
    )


def _sides(read: Reader, row: Mapping[str, Any], path: str) -> frozenset[str] | None:
    if "sides" not in row:
        return None
    return frozenset(read.texts(row, "sides", path, PartyRole.values))


def _held_back(read: Reader, kind: str, row: Mapping[str, Any], path: str) -> HeldBack | None:
    if "held_back" not in row:
        return None
    path = f"{path}held_back."
    held = read.known(row["held_back"], {"source", "until", "sides"}, path)
    until = read.sourced(held, "until", path)
    if not isinstance(until, str) or until == kind:
        raise read.fail(f"{path}until", "must name another node")
    return HeldBack(until, _sides(read, held, path))


def _document(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PolicyError(path.name, "-", str(error)) from None


def _merged(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """What stands above, and what it leaves unsaid. A value with its source is replaced whole."""
    merged = dict(below)
    for key, value in above.items():
        known = merged.get(key)
        is_table = isinstance(value, dict) and isinstance(known, dict) and "value" not in value
        merged[key] = _merged(known, value) if is_table else value  # type: ignore[arg-type]
    return merged


@lru_cache(maxsize=8)
def _documents(folder: Path) -> _Documents:
    documents = {path.stem: _document(path) for path in sorted(folder.glob("*.toml"))}
    if SHARED not in documents:
        raise PolicyError(f"{SHARED}.toml", "-", "there is no such file")
    return _Documents(documents.pop(SHARED), documents)


@lru_cache(maxsize=64)
def for_policy(slug: str, folder: Path = FOLDER) -> NodeList:
    """The list that holds where a policy holds; raises ``PolicyError``.

    Read once for each process: files change with a deployment.
    """
    documents = _documents(folder)
    other = documents.others.get(slug)
    if other is None:
        return parse(f"{SHARED}.toml", documents.shared)
    return parse(f"{slug}.toml", _merged(documents.shared, other))


def check_all(folder: Path = FOLDER) -> None:
    """Read every list of a folder, so that a wrong one is found when the product starts."""
    for slug in (SHARED, *_documents(folder).others):
        for_policy(slug, folder)
