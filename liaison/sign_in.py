"""Signing in of a party: a code sent to the registered telephone (the 2018 rule, article 5).

Whether a number is known is told to nobody: the answer is the same. The code is derived under
the server's key and kept nowhere but in the message, which is emptied when it is used or over.
It is sent to a contact that has this number and nothing else, so that no e-mail address which
somebody gave beside another's number ever receives it.
"""

from __future__ import annotations

import hashlib
import hmac
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from courts import attempts
from courts.errors import TooMany
from courts.fields import blind_index
from liaison.intake import read_phone
from liaison.models import PartySignIn
from notices.channels import Channel
from notices.gateways import registry
from notices.kinds import NoticeContext, NoticeKind, register
from notices.models import Contact, Delivery, Notice
from notices.outbox import NewNotice, put

KIND = "portal.code"
SUBJECT = "portal_sign_in"
GOOD_FOR = timedelta(minutes=10)
DIGITS = 6
TRIES = 5
# Codes asked for in an hour: for one number, and from one address (a hall has only one).
_FOR_NUMBER, _FROM_ADDRESS = 5, 60
_HOUR = 60 * 60
# Wrong codes from one address in a quarter of an hour.
_WRONG_FROM_ADDRESS, _QUARTER = 100, 15 * 60


class Outcome(StrEnum):
    """What became of an attempt to sign in."""

    ENTERED = "entered"
    WRONG = "wrong"
    # Several registered people have this telephone: the code alone does not say who it is.
    WHO = "who"


@dataclass(frozen=True)
class Attempt:
    """An attempt to sign in; ``contact_id`` is the person whom the court's records identify."""

    outcome: Outcome
    phone_index: str = ""
    contact_id: int | None = None


def register_kinds() -> None:
    """Make the notice with the code known."""
    register(NoticeKind(KIND, read_codes, outside="portal_code", is_code=True))


def code_of(asked: PartySignIn) -> str:
    """The code, six digits."""
    message = f"sign-in:{asked.public_id}".encode()
    digest = hmac.new(settings.BLIND_INDEX_KEY.encode(), message, hashlib.sha256).digest()
    return f"{int.from_bytes(digest) % 10**DIGITS:0{DIGITS}}"


def demonstrated(public_id: uuid.UUID) -> str:
    """The code to be shown on the page, in a demonstration that reaches no telephone; else ''."""
    if not settings.DEMONSTRATION or registry.is_configured(Channel.SMS):
        return ""
    asked = PartySignIn.objects.filter(public_id=public_id, contact__isnull=False).first()
    return code_of(asked) if asked else ""


def ask(*, phone: str, address: str, language: str, at: datetime | None = None) -> PartySignIn:
    """Send a code to a telephone, if somebody is known by it; an earlier code ends.

    Raises ``Invalid`` for what is no telephone number, and ``TooMany`` past five an hour for one
    number or sixty from one address.
    """
    at = at or timezone.now()
    number = read_phone(phone)
    index = blind_index(number)
    for key, limit in ((f"code:number:{index}", _FOR_NUMBER), (_from(address), _FROM_ADDRESS)):
        if attempts.count(key[:90], window_seconds=_HOUR) > limit:
            raise TooMany
    with transaction.atomic():
        PartySignIn.objects.filter(phone_index=index, used_at=None, ends_at__gt=at).update(
            ends_at=at
        )
        forget_words(at)
        known = Contact.objects.filter(phone_index=index).exclude(name="")
        contact = _reached_by(number, index, language) if index and known.exists() else None
        asked = PartySignIn.objects.create(
            phone_index=index, contact=contact, asked_at=at, ends_at=at + GOOD_FOR
        )
        if contact is not None:
            notice = NewNotice(
                key=_key(asked),
                kind="portal.code",
                subject_kind=SUBJECT,
                subject_id=asked.pk,
                contact_id=contact.pk,
            )
            put([notice], at=at)
    return asked


def _from(address: str) -> str:
    return f"code:from:{hashlib.sha256(address.encode()).hexdigest()[:32]}"


def _key(asked: PartySignIn) -> str:
    return f"{KIND}:{asked.public_id}"


def _reached_by(number: str, index: str, language: str) -> Contact:
    """The contact that is nothing but this number."""
    bare = Contact.objects.filter(phone_index=index, name="", email="", identity_kind=None)
    contact = bare.order_by("pk").first()
    if contact is None:
        return Contact.objects.create(name="", phone=number, language=language)
    if contact.language != language:
        contact.language = language
        contact.save(update_fields=["language"])
    return contact


def enter(
    *,
    public_id: uuid.UUID | None,
    code: str,
    id_number: str = "",
    address: str,
    at: datetime | None = None,
) -> Attempt:
    """Sign in with a code, once. Five wrong ones end it.

    Where several registered people share the telephone, the identity number says who it is.
    Raises ``TooMany`` after a hundred wrong ones from one address in a quarter of an hour.
    """
    at = at or timezone.now()
    wrong = f"wrong-{_from(address)}"
    if attempts.tried(wrong) >= _WRONG_FROM_ADDRESS:
        raise TooMany
    with transaction.atomic():
        rows = PartySignIn.objects.select_for_update()
        asked = rows.filter(public_id=public_id).first() if public_id else None
        attempt = _try(asked, "".join(code.split()), id_number, at)
    if attempt.outcome is not Outcome.ENTERED:
        attempts.count(wrong, window_seconds=_QUARTER)
    return attempt


def _try(asked: PartySignIn | None, code: str, id_number: str, at: datetime) -> Attempt:
    # Compared in any case, so that nothing is told by how long it takes.
    fits = hmac.compare_digest(code_of(asked or PartySignIn()).encode(), code.encode())
    if asked is None or asked.used_at or asked.ends_at <= at or asked.tries >= TRIES:
        return Attempt(Outcome.WRONG)
    outcome, contact_id = Outcome.WRONG, None
    if fits and asked.contact_id is not None:
        outcome, contact_id = _who(asked.phone_index, id_number)
    if outcome is not Outcome.ENTERED:
        asked.tries += 1
        asked.save(update_fields=["tries"])
        return Attempt(outcome)
    asked.used_at = at
    asked.save(update_fields=["used_at"])
    _empty([asked])
    return Attempt(outcome, asked.phone_index, contact_id)


def _who(phone_index: str, id_number: str) -> tuple[Outcome, int | None]:
    rows = Contact.objects.filter(phone_index=phone_index, identity_kind__isnull=False)
    registered = dict(rows.values_list("id_number_index", "pk"))
    if len(registered) <= 1:
        return Outcome.ENTERED, next(iter(registered.values()), None)
    given = blind_index("".join(id_number.split()).upper())
    found = registered.get(given) if given else None
    return (Outcome.WHO, None) if found is None else (Outcome.ENTERED, found)


def forget_words(at: datetime) -> None:
    """Empty the messages of codes that are over."""
    over = PartySignIn.objects.filter(
        are_words_kept=True, contact__isnull=False, ends_at__lte=at
    ).select_for_update(skip_locked=True)
    _empty(list(over.order_by("pk")[:1000]))


def _empty(asked: Sequence[PartySignIn]) -> None:
    keys = [_key(one) for one in asked]
    Delivery.objects.filter(notice__key__in=keys).exclude(body="").update(body="")
    PartySignIn.objects.filter(pk__in=[one.pk for one in asked]).update(are_words_kept=False)


def read_codes(notices: Sequence[Notice]) -> Mapping[int, NoticeContext | None]:
    """The code, while it is good."""
    now = timezone.now()
    rows = PartySignIn.objects.in_bulk([notice.subject_id for notice in notices])
    contexts: dict[int, NoticeContext | None] = {}
    for notice in notices:
        asked = rows.get(notice.subject_id)
        is_good = asked is not None and asked.used_at is None and asked.ends_at > now
        contexts[notice.pk] = (
            NoticeContext(
                number=code_of(asked),
                limit_at=None,
                zone=ZoneInfo(settings.TIME_ZONE),
                opens=("portal:code", {}),
            )
            if asked is not None and is_good
            else None
        )
    return contexts
