"""Returned mail: which addresses cannot be reached, and what becomes of what was sent there.

A report of delivery (RFC 3464) names the address and a status; the message that it returns has the
Message-ID that we gave it. Only a report about a message of ours, to the address that its
recipient has, marks the address, so nobody can stop another's mail by a forged one without knowing
both.
"""

from __future__ import annotations

import mailbox
import re
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage, Message
from email.utils import parseaddr
from pathlib import Path

import structlog
from django.contrib.auth.backends import ModelBackend
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from courts.fields import blind_index
from courts.models import Person
from notices import recording
from notices.kinds import NoticeContext, NoticeKind, register
from notices.models import BouncingAddress, Delivery, Notice
from notices.outbox import NewNotice, put

KIND = "mail.bounces"
_WORDS = "mail_bounces"
_STATUS = re.compile(r"\s*([245])\.(\d{1,3})\.(\d{1,3})")
# 5.2.2 (mailbox full) and 5.7.x (refused for what it says or who sends it) come and go.
_NOT_THE_ADDRESS = (("2", "2"), ("7", None), ("3", "4"))
log = structlog.get_logger(__name__)


def register_kind() -> None:
    """Make the notice known. It holds nothing that may not be told outside."""
    register(NoticeKind(KIND, _read, inside=_WORDS, outside=_WORDS))


def administrators() -> QuerySet[Person]:
    """Those who look after addresses that bounce."""
    allowed = ModelBackend().with_perm("notices.view_bouncingaddress")
    return Person.objects.filter(pk__in=allowed.values("pk"), is_staff=True)


def _read(notices: Sequence[Notice]) -> Mapping[int, NoticeContext | None]:
    still = set(administrators().values_list("pk", flat=True))
    return {
        notice.pk: NoticeContext(
            number=str(notice.subject_id),
            limit_at=None,
            zone=timezone.get_default_timezone(),
            opens=("admin:notices_bouncingaddress_changelist", {}),
        )
        if notice.person_id in still
        else None
        for notice in notices
    }


@dataclass(frozen=True)
class Bounce:
    """One address of one report: the notice that was returned, and why."""

    notice: uuid.UUID
    address: str
    status: str

    @property
    def is_of_the_address(self) -> bool:
        """Whether the address itself is dead, as far as the status tells."""
        found = _STATUS.match(self.status)
        if found is None or found[1] != "5":
            return False
        return not any(
            found[2] == subject and detail in (None, found[3])
            for subject, detail in _NOT_THE_ADDRESS
        )


def read(raw: bytes) -> list[Bounce]:
    """The permanent failures that a mail reports; none where it is no report, or of no mail of
    ours."""
    mail = message_from_bytes(raw, policy=policy.default)
    if not isinstance(mail, EmailMessage) or mail.get_content_type() != "multipart/report":
        return []
    notice, rows = None, []
    for part in mail.walk():
        kind = part.get_content_type()
        if kind == "message/delivery-status":
            rows += list(_rows(part))
        elif kind in ("message/rfc822", "text/rfc822-headers"):
            notice = notice or _notice_of(part)
    if notice is None:
        return []
    return [Bounce(notice, address, status) for address, status in rows]


def _rows(part: Message) -> Iterator[tuple[str, str]]:
    """Address and status of each recipient that was given up."""
    blocks = part.get_payload()
    for block in blocks if isinstance(blocks, list) else ():
        if not isinstance(block, Message):
            continue
        if str(block.get("Action", "")).strip().lower() != "failed":
            continue
        for name in ("Original-Recipient", "Final-Recipient"):
            _kind, semicolon, address = str(block.get(name, "")).partition(";")
            if semicolon and (found := parseaddr(address)[1]):
                yield found, _printable(str(block.get("Status", "")).strip()[:12])


def _printable(text: str) -> str:
    return text if text.isprintable() else ""


def _notice_of(part: Message) -> uuid.UUID | None:
    """The notice that the returned message brought, by its Message-ID."""
    inner = part.get_payload()
    if isinstance(inner, list) and inner and isinstance(inner[0], Message):
        given = inner[0].get("Message-ID", "")
    else:
        text = part.get_payload(decode=True)
        headers = message_from_bytes(
            text if isinstance(text, bytes) else b"", policy=policy.default
        )
        given = headers.get("Message-ID", "")
    try:
        return uuid.UUID(str(given).strip().strip("<>").partition("@")[0])
    except ValueError:
        return None


def record(bounces: Iterable[Bounce], at: datetime | None = None) -> int:
    """Mark the addresses that bounce, and hand what was sent there on: how many are new.

    The same report twice is counted and changes nothing else.
    """
    at = at or timezone.now()
    new = 0
    for bounce in bounces:
        if bounce.is_of_the_address:
            with transaction.atomic():
                new += _record(bounce, at)
    return new


def _record(bounce: Bounce, at: datetime) -> bool:
    rows = Delivery.objects.filter(
        notice__public_id=bounce.notice, channel=Delivery.Channel.EMAIL, sent_at__isnull=False
    ).select_related("notice__person", "notice__contact")
    delivery = rows.select_for_update(of=("self",)).first()
    if delivery is None:
        return False
    recipient = delivery.notice.person or delivery.notice.contact
    address = bounce.address.lower()
    if recipient is None or recipient.email.lower() != address:
        return False  # it has another address by now, or never had this one
    index = blind_index(address)
    marked, is_new = BouncingAddress.objects.get_or_create(
        address_index=index,
        defaults={"status": bounce.status, "first_at": at, "last_at": at},
    )
    if not is_new:
        is_new = marked.cleared_at is not None
        BouncingAddress.objects.filter(pk=marked.pk).update(
            bounces=F("bounces") + 1, last_at=at, status=bounce.status, cleared_at=None
        )
    if delivery.state == Delivery.State.SENT:
        Delivery.objects.filter(pk=delivery.pk).update(
            state=Delivery.State.DEAD,
            receipt=Delivery.Receipt.FAILED,
            receipt_at=at,
            error=f"returned {bounce.status}".strip(),
        )
        recording.pass_on([delivery.pk], at)
    if is_new:
        log.warning("address_bounces", address=marked.pk, status=bounce.status)
        _tell(marked, at)
    return is_new


def _tell(marked: BouncingAddress, at: datetime) -> None:
    """Tell those who look after it, once each time an address begins to bounce."""
    put(
        [
            NewNotice(
                key=f"{KIND}:{marked.pk}:{at.isoformat()}:{person_id}",
                kind=KIND,
                subject_kind="bouncing_address",
                subject_id=marked.pk,
                person_id=person_id,
            )
            for person_id in administrators().values_list("pk", flat=True)
        ],
        at=at,
    )


def read_folder(folder: str) -> int:
    """Read the reports of a Maildir; each read one is removed. How many addresses are new.

    A mail is removed after it is recorded: one that is read twice changes nothing.
    """
    if not (Path(folder) / "new").is_dir():
        raise FileNotFoundError("BOUNCE_MAILDIR is no Maildir")
    box = mailbox.Maildir(folder, create=False)
    new = 0
    for key in list(box.keys()):
        try:
            raw = box.get_bytes(key)
        except KeyError:
            continue  # another worker was faster
        new += record(_read_whatever(raw))
        box.discard(key)
    return new


def _read_whatever(raw: bytes) -> list[Bounce]:
    """The bounces of a mail that anybody may have sent: one that cannot be parsed has none."""
    try:
        return read(raw)
    except Exception as error:  # of a header or a nesting that the parser does not expect
        log.warning("returned_mail_unreadable", error=type(error).__name__)
        return []


def clear(*, ids: Iterable[int], at: datetime | None = None) -> int:
    """Use addresses again: somebody has looked. How many were marked."""
    marked = BouncingAddress.objects.filter(pk__in=list(ids), cleared_at__isnull=True)
    return marked.update(cleared_at=at or timezone.now())
