"""What a text of a notice is made of, and what an administrator may make of it.

Every text comes with the product, as a template in ``templates/notices/words``. An administrator
may word it anew: plain words with placeholders in braces. ``{account}`` is what the shipped text
itself says of the event, ``{subject}`` its subject; the other placeholders are the parts that the
shipped text brings. What must not be lost, an edited text must bring.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import structlog
from django.template import Context, Engine
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from courts.errors import Invalid
from notices.text_models import NoticeText

WORDS = "notices/words"
log = structlog.get_logger(__name__)
SUBJECT_LENGTH = 200
BODY_LENGTH = 4000

# What stands for what, as administrators are told. The parts are the templates that begin with "_".
PLACEHOLDERS: Mapping[str, Promise] = {
    "subject": _("the subject as it comes with the product, which changes with the event"),
    "account": _("what happened, as it comes with the product"),
    "number": _("what it is about: the number of the request, the code to sign in, the year"),
    "link": _("the address of the page to open"),
    "until": _("until when the court has time, for the party"),
    "limit": _("the limit for the reply, for staff"),
    "track": _("how the party follows the request"),
    "unit": _("who answers for it"),
    "ladder": _("why it comes to this person"),
    "message": _("the party’s own message, and the page to open"),
    "no_service": _("that it is not formal service of documents"),
}
# Without the party's message a step of the ladder would bring nothing (G8), and news of a case
# must say that it serves no document.
_NEVER_LOST = ("message", "no_service")
# Where the address of the page stands.
_BRING_LINK = ("link", "track", "message")
_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_PART = re.compile(r'\{% include "notices/words/_(\w+)\.txt" %\}')
_BRANCH = re.compile(r"\{% (?:if|for|blocktranslate count) ")
_NAMED = {"number": re.compile(r"\bnumber\b"), "link": re.compile(r"\burl\b")}


@dataclass(frozen=True)
class Shipped:
    """A text as it comes with the product: what an edited one may bring, and what it must.

    ``required`` is what the words must bring, ``one_of`` of which they must bring one at least
    (empty: nothing), ``subject_required`` what the subject must bring.
    """

    name: str
    offered: tuple[str, ...]
    required: tuple[str, ...]
    one_of: tuple[str, ...]
    subject_required: tuple[str, ...]

    @property
    def outline(self) -> tuple[str, str]:
        """Subject and words of a text that says what the shipped one says."""
        parts = [part for part in self.offered if part not in ("subject", "account", "number")]
        if set(self.one_of) != {"link"}:
            parts = [part for part in parts if part != "link"]
        return "{subject}", "\n\n".join(f"{{{part}}}" for part in ("account", *parts))


@cache
def shipped(name: str) -> Shipped:
    """The text of that name; raises ``LookupError`` where the product has none."""
    path = _folder() / f"{name}.txt"
    if not path.is_file():
        raise LookupError(name)
    first, _newline, rest = path.read_text(encoding="utf-8").partition("\n")
    parts = tuple(dict.fromkeys(_PART.findall(rest)))
    whole = first + rest + "".join(_source(part) for part in parts)
    values = tuple(value for value, pattern in _NAMED.items() if pattern.search(whole))
    own = _PART.sub("", rest)
    account_brings_link = bool(_NAMED["link"].search(own))
    required = [part for part in _NEVER_LOST if part in parts]
    if _BRANCH.search(own):
        required.insert(0, "account")
    ways = ("account",) if account_brings_link else ()
    return Shipped(
        name=name,
        offered=("subject", "account", *values, *parts),
        required=tuple(required),
        one_of=(*ways, *(way for way in _BRING_LINK if way in (*values, *parts)))
        if "link" in values
        else (),
        subject_required=("subject",) if _BRANCH.search(first) else (),
    )


def check(name: str, subject: str, body: str) -> None:
    """Raise ``Invalid``, with the field, for words that could not be sent, or would lack something.

    A word in braces that is no placeholder of this text is taken for a mistake.
    """
    text = shipped(name)
    for field, words in (("subject", subject), ("body", body)):
        if not words.strip():
            raise Invalid(_("Write the words, or take back the text of the product."), field=field)
        unknown = [one for one in _PLACEHOLDER.findall(words) if one not in text.offered]
        if unknown:
            raise Invalid(
                _("This text has no placeholder {%(name)s}.") % {"name": unknown[0]}, field=field
            )
    if "\n" in subject.strip() or len(subject) > SUBJECT_LENGTH:
        raise Invalid(_("The subject is one line of at most 200 characters."), field="subject")
    if len(body) > BODY_LENGTH:
        raise Invalid(_("The words are at most 4,000 characters."), field="body")
    for field, words, needed in (
        ("subject", subject, text.subject_required),
        ("body", body, text.required),
    ):
        brought = set(_PLACEHOLDER.findall(words))
        for one in needed:
            if one not in brought:
                raise Invalid(_("{%(name)s} must not be left out.") % {"name": one}, field=field)
    brought = set(_PLACEHOLDER.findall(body))
    if text.one_of and not brought.intersection(text.one_of):
        ways = str(_(", ")).join(f"{{{one}}}" for one in text.one_of)
        raise Invalid(
            _("One of these must be among the words, so that they lead on: %(ways)s")
            % {"ways": ways},
            field="body",
        )
    if "number" in text.offered and not brought.intersection({"number", "account"}):
        raise Invalid(_("{%(name)s} must not be left out.") % {"name": "number"}, field="body")


def fits(edited: NoticeText) -> bool:
    """Whether an edited text still brings what it must; a newer product may ask for more.

    One that does not is left aside, and the text of the product sent: nobody goes without word.
    """
    try:
        check(edited.name, edited.subject, edited.body)
    except (Invalid, LookupError):
        log.warning("notice_text_unfit", text=edited.name, version=edited.version)
        return False
    return True


def words(name: str, values: Mapping[str, Any], edited: NoticeText | None) -> tuple[str, str]:
    """Subject and words of a text, as edited (one that fits) or as it comes with the product.

    In the active language and time zone, as plain text: it is escaped where it is shown, and not
    before.
    """
    if edited is None:
        subject, body = _halves(Engine.get_default(), name, values)
        return subject[:SUBJECT_LENGTH], body
    subject, account = _halves(_without_parts(), name, values)
    known = {
        "subject": subject,
        "account": account,
        "number": str(values["number"]),
        "link": str(values["url"]),
    }

    def value_of(match: re.Match[str]) -> str:
        one = match[1]
        return known[one] if one in known else _render(Engine.get_default(), f"_{one}", values)

    return (
        # Of several lines of the account one is made: mail knows no others.
        " ".join(_PLACEHOLDER.sub(value_of, edited.subject).split())[:SUBJECT_LENGTH],
        _tidy(_PLACEHOLDER.sub(value_of, edited.body)),
    )


def subject(name: str, values: Mapping[str, Any], edited: NoticeText | None) -> str:
    """The subject of ``words`` alone: all that a short message brings."""
    if edited is not None:
        return words(name, values, edited)[0]
    return _render(_first_lines(), name, values)[:SUBJECT_LENGTH]


def in_force() -> dict[tuple[str, str], NoticeText]:
    """The version of each text that holds, by name and language: one statement.

    A text that nobody has worded anew, that was given back, or that no longer fits is not among
    them.
    """
    rows = NoticeText.objects.order_by("name", "language", "-version")
    newest = rows.distinct("name", "language")
    return {(row.name, row.language): row for row in newest if not row.is_shipped and fits(row)}


def _halves(engine: Engine, name: str, values: Mapping[str, Any]) -> tuple[str, str]:
    subject, _newline, body = _render(engine, name, values).partition("\n")
    return subject.strip(), _tidy(body)


def _render(engine: Engine, name: str, values: Mapping[str, Any]) -> str:
    context = Context(dict(values), autoescape=False)
    return engine.get_template(f"{WORDS}/{name}.txt").render(context).strip()


def _tidy(body: str) -> str:
    """Without the empty lines that template tags leave behind: one between paragraphs."""
    lines: list[str] = []
    for line in body.strip().splitlines():
        line = line.rstrip()
        if line or (lines and lines[-1]):
            lines.append(line)
    return "\n".join(lines)


def _folder() -> Path:
    return Path(Engine.get_default().dirs[0]) / WORDS


def _source(part: str) -> str:
    return (_folder() / f"_{part}.txt").read_text(encoding="utf-8")


@cache
def _without_parts() -> Engine:
    """An engine for which every part is empty: what is left is the account."""
    return _engine(lambda path: "" if path.name.startswith("_") else path.read_text("utf-8"))


@cache
def _first_lines() -> Engine:
    """An engine for which each text is its first line: the subject."""
    return _engine(lambda path: path.read_text("utf-8").partition("\n")[0])


def _engine(read: Callable[[Path], str]) -> Engine:
    ours = Engine.get_default()
    held = {f"{WORDS}/{path.name}": read(path) for path in _folder().glob("*.txt")}
    loaders = [("django.template.loaders.locmem.Loader", held)]
    return Engine(
        libraries=ours.libraries,
        builtins=ours.builtins,
        loaders=[("django.template.loaders.cached.Loader", loaders)],
    )
