"""The shapes of HTTP gateways: which fields a provider wants and what its answers mean.

A shape is a file of ``shapes/``. In its ``body`` and ``headers`` a text may hold the names of a
message's fields and of the options that a deployment gives, in braces; one that is a name alone
stands for the value itself, also where that is a list or a table.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).with_name("shapes")
_NAME = re.compile(r"\{(\w+)\}")
# What a provider calls an error, as far as it is kept: never its own words, which may repeat the
# address.
_CODE = re.compile(r"[A-Za-z][\w.:-]{0,59}|-?\d{1,9}")


class ShapeError(ValueError):
    """A shape, or the options given for it, is not complete; says what is missing."""


@dataclass(frozen=True)
class Answer:
    """What a provider's answer means. Places are keys and numbers with dots between."""

    success: tuple[str, Any] | None = None
    error: str = ""
    other_error: str = ""
    id: str = ""
    units: str = ""
    repeated: frozenset[str] = frozenset()
    permanent: frozenset[str] = frozenset()
    out_of_order: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Receipts:
    """How a provider reports what became of messages; ``only`` leaves out other events."""

    format: str
    list: str
    id: str
    arrived: tuple[str, Any]
    error: str = ""
    ident: str = ""
    only: tuple[str, Any] | None = None
    answer: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Shape:
    """One provider's interface."""

    name: str
    channel: str
    format: str
    sign: str
    body: Mapping[str, Any]
    answer: Answer
    headers: Mapping[str, str] = field(default_factory=dict)
    receipts: Receipts | None = None
    receipts_sign: str = ""
    lengths: tuple[int, int] | None = None
    # For addresses that whoever is told gives: the only servers that may be spoken to.
    hosts: frozenset[str] = frozenset()


@cache
def load(name: str) -> Shape:
    """The shape of a name; raises ``ShapeError`` when there is none."""
    if name not in names():
        raise ShapeError(f"{name} is none of {', '.join(names())}")
    given = tomllib.loads((FOLDER / f"{name}.toml").read_text())
    answer = given.pop("answer", {})
    receipts = given.pop("receipts", None)
    lengths = given.pop("lengths", None)
    hosts = given.pop("hosts", ())
    for key in ("repeated", "permanent", "out_of_order"):
        answer[key] = frozenset(answer.get(key, ()))
    if "success" in answer:
        answer["success"] = tuple(answer["success"])
    if receipts is not None:
        receipts["arrived"] = tuple(receipts["arrived"])
        if "only" in receipts:
            receipts["only"] = tuple(receipts["only"])
    return Shape(
        name=name,
        answer=Answer(**answer),
        receipts=None if receipts is None else Receipts(**receipts),
        lengths=tuple(lengths) if lengths else None,
        hosts=frozenset(hosts),
        **given,
    )


def names() -> list[str]:
    """All shapes."""
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


def needed(shape: Shape) -> set[str]:
    """The names that stand in braces in a shape."""
    return set(_NAME.findall(json.dumps([shape.body, dict(shape.headers)], ensure_ascii=False)))


def filled(template: Any, values: Mapping[str, Any]) -> Any:
    """A body or headers with values in the place of their names; ``ShapeError`` for a lack."""
    if isinstance(template, Mapping):
        return {key: filled(value, values) for key, value in template.items()}
    if isinstance(template, list):
        return [filled(value, values) for value in template]
    if not isinstance(template, str) or "{" not in template:
        return template
    try:
        if whole := _NAME.fullmatch(template):
            return values[whole[1]]
        return _NAME.sub(lambda found: str(values[found[1]]), template)
    except KeyError as error:
        raise ShapeError(f"{error.args[0]} is not given") from None


def at(place: str, found: Any) -> Any:
    """What stands at a place of an answer, or None."""
    for key in place.split(".") if place else ():
        if isinstance(found, Mapping):
            found = found.get(key)
        elif isinstance(found, list) and key.isdigit() and int(key) < len(found):
            found = found[int(key)]
        else:
            return None
    return found


def holds(test: tuple[str, Any], found: Any) -> bool:
    """Whether a value stands where it should; numbers and their digits are the same."""
    place, wanted = test
    value = at(place, found)
    return value is not None and (value == wanted or str(value) == str(wanted))


def code_of(value: Any) -> str:
    """A provider's error code as it may be kept; '' for anything that is none."""
    text = "" if value is None else str(value)
    return text if _CODE.fullmatch(text) else ""
