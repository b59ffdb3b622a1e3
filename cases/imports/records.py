"""One record as the source sends it, checked field by field.

A record is the whole state of one case, participant or node as of its sequence. Files and the
machine interface speak of the same fields; in CSV an empty cell is an absent field.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from cases.case_number import CaseNumberError, CourtTable, parse
from cases.identity import read_identity, read_mobile
from cases.models import Capacity, Case, PartyRole
from courts.fields import blind_index
from notices.models import Contact

CASE, PARTICIPANT, NODE = "case", "participant", "node"
KINDS = (CASE, PARTICIPANT, NODE)

_FIRST_YEAR, _LAST_YEAR = 1949, 2199
_LARGEST = 2**63 - 1
_MAX_DETAILS = 4000
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_KIND = re.compile(r"[a-z][a-z0-9_]{0,39}")
_FIELD = re.compile(r"[a-z_]{1,40}")
_TRUE, _FALSE = ("true", "1", "yes"), ("false", "0", "no")


class Faulty(Exception):
    """A record cannot be taken: which field, why (a code), and what belongs to the sentence.

    ``params`` never holds what the field held: it may be a telephone in the wrong column.
    """

    def __init__(self, field: str, reason: str, **params: str | int) -> None:
        super().__init__(reason)
        self.field, self.reason, self.params = field, reason, params


@dataclass(frozen=True, slots=True)
class Known:
    """What the deployment knows, by which a record's codes are read."""

    courts: Mapping[str, int]
    departments: Mapping[tuple[int, str], int]
    people: Mapping[str, int]
    table: CourtTable
    # Whose courts alone may be written to; ``None``: of all jurisdictions.
    jurisdiction_id: int | None = None


@dataclass(slots=True)
class Item:
    """A record on its way, with where it stood; ``fault`` says why it is not taken."""

    line_number: int
    kind: str
    raw: Any
    path: str = ""
    row: tuple[Any, ...] | None = None
    fault: Faulty | None = None
    outcome: str = ""
    # Sound in itself, but its case has not come.
    waits: bool = False
    # Of a line that comes out of quarantine: its id.
    rejected_id: int | None = None


@lru_cache(maxsize=2)
def _key(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()


def keyed_digest(text: str) -> bytes:
    """Sixteen bytes that tell one text from another and are not to be guessed at."""
    key = _key(settings.BLIND_INDEX_KEY)
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=16, key=key).digest()


def storable(text: str) -> bool:
    """Whether the database can keep a text."""
    return _UNSTORABLE.search(text) is None


def expand(line_number: int, raw: Any) -> Iterator[Item]:
    """The records of one line: a case may bring its participants with it."""
    if not isinstance(raw, dict):
        yield Item(line_number, "", raw, fault=Faulty("", "not_an_object"))
        return
    kind = raw.get("record")
    if kind not in KINDS:
        yield Item(line_number, "", raw, fault=Faulty("record", "unknown_value"))
        return
    if kind != CASE or "participants" not in raw:
        yield Item(line_number, kind, raw)
        return
    alone = {name: value for name, value in raw.items() if name != "participants"}
    yield Item(line_number, CASE, alone)
    listed = raw["participants"]
    if not isinstance(listed, list):
        yield Item(line_number, PARTICIPANT, listed, fault=Faulty("participants", "not_a_list"))
        return
    shared = {"record": PARTICIPANT, "case_id": raw.get("case_id")}
    for number, given in enumerate(listed):
        path = f"participants.{number}"
        if not isinstance(given, dict):
            fault = Faulty(path, "not_an_object")
            yield Item(line_number, PARTICIPANT, given, f"{path}.", fault=fault)
            continue
        filled = {"sequence": raw.get("sequence"), **given, **shared}
        yield Item(line_number, PARTICIPANT, filled, f"{path}.")


def check(item: Item, known: Known) -> None:
    """Read an item into its row, or say what is wrong with it."""
    if item.fault is not None or item.row is not None:
        return
    try:
        item.row = _READ[item.kind](item.raw, known)
    except Faulty as fault:
        fault.field = item.path + fault.field
        item.fault = fault


def _text(raw: dict[str, Any], name: str, longest: int, *, needed: bool = False) -> str:
    value = raw.get(name)
    if value is None or value == "":
        if needed:
            raise Faulty(name, "missing")
        return ""
    if not isinstance(value, str):
        raise Faulty(name, "not_text")
    value = value.strip()
    if len(value) > longest:
        raise Faulty(name, "too_long", maximum=longest)
    if _UNSTORABLE.search(value):
        raise Faulty(name, "not_text")
    if needed and not value:
        raise Faulty(name, "missing")
    return value


def _choice(raw: dict[str, Any], name: str, choices: frozenset[str], default: str = "") -> str:
    value = raw.get(name)
    if value is None or value == "":
        if default:
            return default
        raise Faulty(name, "missing")
    if not isinstance(value, str) or value not in choices:
        raise Faulty(name, "unknown_value")
    return value


def _number(raw: dict[str, Any], name: str, largest: int, default: int | None = None) -> int:
    value = raw.get(name)
    if value is None or value == "":
        if default is None:
            raise Faulty(name, "missing")
        return default
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 19:
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= largest:
        raise Faulty(name, "not_a_number", maximum=largest)
    return value


def _flag(raw: dict[str, Any], name: str) -> bool:
    value = raw.get(name)
    if value is None or value == "" or value is False:
        return False
    if value is True or value in _TRUE:
        return True
    if value in _FALSE:
        return False
    raise Faulty(name, "not_a_flag")


def _date(raw: dict[str, Any], name: str) -> date | None:
    value = _text(raw, name, 10)
    if not value:
        return None
    try:
        found = date.fromisoformat(value)
    except ValueError:
        raise Faulty(name, "not_a_date") from None
    if value[4:8:3] != "--" or not _FIRST_YEAR <= found.year <= _LAST_YEAR:
        raise Faulty(name, "not_a_date")
    return found


def _instant(raw: dict[str, Any], name: str, *, needed: bool = False) -> datetime | None:
    """An instant; without an offset it is the local time of the deployment."""
    value = _text(raw, name, 40, needed=needed)
    if not value:
        return None
    try:
        found = datetime.fromisoformat(value)
        found = found if found.tzinfo else found.replace(tzinfo=ZoneInfo(settings.TIME_ZONE))
        # The database knows no offset of sixteen hours and more, nor of fractions of a second.
        found = found.astimezone(UTC)
    except (ValueError, OverflowError):
        raise Faulty(name, "not_an_instant") from None
    if len(value) < 16 or not _FIRST_YEAR <= found.year <= _LAST_YEAR:
        raise Faulty(name, "not_an_instant")
    return found


def _details(raw: dict[str, Any]) -> str:
    """The details as JSON, keys in order, so that the same details are the same text."""
    value = raw.get("details")
    if value is None or value == "":
        return "{}"
    if isinstance(value, str):  # a cell of a CSV file
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            raise Faulty("details", "not_json") from None
    if not isinstance(value, dict):
        raise Faulty("details", "not_an_object")
    try:
        text = json.dumps(value, ensure_ascii=False, allow_nan=False, sort_keys=True)
    except (ValueError, RecursionError):
        raise Faulty("details", "not_json") from None
    if len(text) > _MAX_DETAILS:
        raise Faulty("details", "too_long", maximum=_MAX_DETAILS)
    if _UNSTORABLE.search(text) or "\\u0000" in text:
        raise Faulty("details", "not_text")
    return text


def _only(raw: dict[str, Any], fields: frozenset[str]) -> None:
    """Refuse fields that nobody would read: a misspelt one would be lost without a word."""
    for name in raw.keys() - fields:
        shown = name if isinstance(name, str) and _FIELD.fullmatch(name) else ""
        raise Faulty(shown, "unknown_field")


_CASE_FIELDS = frozenset(
    {
        "record",
        "case_id",
        "sequence",
        "case_number",
        "court",
        "department",
        "judge",
        "judge_name",
        "procedure_code",
        "procedure",
        "cause_code",
        "cause",
        "filed_on",
        "closed_on",
        "closing_mode",
        "sensitivity",
        "withdrawn",
    }
)
_PARTICIPANT_FIELDS = frozenset(
    {
        "record",
        "case_id",
        "participant_id",
        "sequence",
        "name",
        "role",
        "capacity",
        "identity_kind",
        "identity_number",
        "phone",
        "represents",
        "left_at",
        "removed",
    }
)
_NODE_FIELDS = frozenset(
    {
        "record",
        "case_id",
        "node_id",
        "revision",
        "sequence",
        "kind",
        "occurred_at",
        "details",
        "withdrawn",
    }
)
FIELDS: Mapping[str, frozenset[str]] = {
    CASE: _CASE_FIELDS,
    PARTICIPANT: _PARTICIPANT_FIELDS,
    NODE: _NODE_FIELDS,
}
_SENSITIVITIES = frozenset(Case.Sensitivity.values)
_ROLES = frozenset(PartyRole.values)
_CAPACITIES = frozenset(Capacity.values)
_IDENTITIES = frozenset(Contact.IdentityKind.values)


def _said(*values: object) -> bytes:
    """The digest of what a record says, its sequence left out."""
    return keyed_digest("\x1f".join(map(str, values)))


def _case(raw: dict[str, Any], known: Known) -> tuple[Any, ...]:
    if not raw.keys() <= _CASE_FIELDS:
        _only(raw, _CASE_FIELDS)
    case_id = _text(raw, "case_id", 64, needed=True)
    sequence = _number(raw, "sequence", _LARGEST)
    given = _text(raw, "case_number", 80, needed=True)
    try:
        number = parse(given, known.table)
    except CaseNumberError as error:
        raise Faulty("case_number", "case_number", code=error.code) from None
    court = _text(raw, "court", 12, needed=True)
    court_id = known.courts.get(court)
    if court_id is None:
        raise Faulty("court", "unknown_court")
    department = _text(raw, "department", 100)
    judge = _text(raw, "judge", 60)
    filed_on, closed_on = _date(raw, "filed_on"), _date(raw, "closed_on")
    if filed_on and closed_on and closed_on < filed_on:
        raise Faulty("closed_on", "before_filing")
    texts = (
        department,
        judge,
        _text(raw, "judge_name", 60),
        _text(raw, "procedure_code", 40),
        _text(raw, "procedure", 100),
        _text(raw, "cause_code", 40),
        _text(raw, "cause", 200),
    )
    rest = (
        filed_on,
        closed_on,
        _text(raw, "closing_mode", 60),
        _choice(raw, "sensitivity", _SENSITIVITIES, Case.Sensitivity.NONE),
        _flag(raw, "withdrawn"),
    )
    return (
        case_id,
        sequence,
        _said(number.normalised, court, *texts, *rest),
        number.normalised,
        number.key,
        court_id,
        known.departments.get((court_id, department)),
        known.people.get(judge),
        *texts,
        *rest,
    )


def _participant(raw: dict[str, Any], _known: Known) -> tuple[Any, ...]:
    if not raw.keys() <= _PARTICIPANT_FIELDS:
        _only(raw, _PARTICIPANT_FIELDS)
    case_id = _text(raw, "case_id", 64, needed=True)
    source_id = _text(raw, "participant_id", 64, needed=True)
    sequence = _number(raw, "sequence", _LARGEST)
    name = _text(raw, "name", 60, needed=True)
    phone = _text(raw, "phone", 30)
    if phone:
        mobile = read_mobile(phone)
        if mobile is None:
            raise Faulty("phone", "not_a_mobile")
        phone = mobile
    kind = number = ""
    if _text(raw, "identity_number", 40):
        kind = _choice(raw, "identity_kind", _IDENTITIES)
        read = read_identity(kind, raw["identity_number"])
        if read is None:
            raise Faulty("identity_number", "not_an_identity")
        number = read
    represents = _text(raw, "represents", 64)
    if represents == source_id:
        raise Faulty("represents", "own_agent")
    said = (
        name,
        _choice(raw, "role", _ROLES),
        _choice(raw, "capacity", _CAPACITIES),
        represents,
        _instant(raw, "left_at"),
        _flag(raw, "removed"),
    )
    return (
        case_id,
        source_id,
        sequence,
        _said(*said, kind, number, phone),
        *said,
        kind or None,
        blind_index(number) or None,
        number,
        phone,
    )


def _node(raw: dict[str, Any], _known: Known) -> tuple[Any, ...]:
    if not raw.keys() <= _NODE_FIELDS:
        _only(raw, _NODE_FIELDS)
    case_id = _text(raw, "case_id", 64, needed=True)
    node_id = _text(raw, "node_id", 64, needed=True)
    revision = _number(raw, "revision", 2**31 - 1, default=1)
    sequence = _number(raw, "sequence", _LARGEST)
    kind = _text(raw, "kind", 40, needed=True)
    if not _KIND.fullmatch(kind):
        raise Faulty("kind", "not_a_code")
    said = (
        kind,
        _instant(raw, "occurred_at", needed=True),
        _details(raw),
        _flag(raw, "withdrawn"),
    )
    return (case_id, node_id, revision, sequence, _said(case_id, *said), *said)


_READ: Mapping[str, Callable[[dict[str, Any], Known], tuple[Any, ...]]] = {
    CASE: _case,
    PARTICIPANT: _participant,
    NODE: _node,
}
