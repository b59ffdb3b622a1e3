"""Registering a request: from whichever door, one register and one number series (G3, G4)."""

from __future__ import annotations

import re
import unicodedata
import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.case_number import CaseNumber, CaseNumberError, parse
from cases.deployment import deployment_table
from cases.messages import case_number_message
from courts import commands
from courts.business_days import local_date
from courts.errors import Invalid
from courts.fields import blind_index
from courts.models import ApiClient, Court, Department, Jurisdiction, Person
from escalation import policy
from escalation import services as clocks
from liaison.kinds import ACCEPTANCE, REPLY, limit_of, tell_party
from liaison.models import Channel, Matter, Request
from liaison.timeline import record
from notices.models import Contact

_SEPARATORS = re.compile(r"[\s\-–—().·]+")
_MAINLAND = re.compile(r"(?:\+|00)?86(1[0-9]{10})")
_PHONE = re.compile(r"\+?[0-9]{7,16}")
_SUBJECT_LENGTH = 40
# Where a subject may end, the best first: a sentence, a clause, a word. One that ends sooner than
# this, such as a greeting, says too little.
_SUBJECT_AT_LEAST = 8
_ENDS = (re.compile(r"[。！？；!?;]|\.(?=\s)"), re.compile("[，：、,:]"), re.compile(r"\s"))


@dataclass(frozen=True)
class Party:
    """Who asks. Telephone and identity number are kept encrypted."""

    name: str
    phone: str = ""
    email: str = ""
    id_number: str = ""
    language: str = "zh-hans"


def next_number(jurisdiction: Jurisdiction, at: datetime) -> str:
    """The next request number of a jurisdiction on the local day of ``at``: SF20261121-00042.

    The row of the day stays locked until the transaction ends, so numbers have no gaps.
    """
    day = local_date(at, jurisdiction.zone)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO courts_numberseries AS series (jurisdiction_id, day, last)
            VALUES (%s, %s, 1)
            ON CONFLICT (jurisdiction_id, day) DO UPDATE SET last = series.last + 1
            RETURNING last
            """,
            [jurisdiction.pk, day],
        )
        (last,) = cursor.fetchone()
    return f"{jurisdiction.number_prefix}{day:%Y%m%d}-{last:05d}"


def find_or_add_contact(party: Party) -> Contact:
    """The contact with exactly these particulars, or a new one.

    Particulars given at a public door never change a contact that is there: else a stranger who
    knows a name and a telephone could turn another's notices to the own address.
    """
    if party.phone:
        known = Contact.objects.filter(phone_index=blind_index(party.phone), name=party.name)
        for contact in known.order_by("-pk")[:20]:
            if contact.email == party.email and contact.id_number == party.id_number:
                return contact
    return Contact.objects.create(
        name=party.name,
        phone=party.phone,
        email=party.email,
        id_number=party.id_number,
        language=party.language,
    )


def read_phone(raw: str) -> str:
    """A telephone number in its one spelling, so that the same person is found again.

    Full-width signs become narrow ones; blanks, dashes and the +86 of a mainland mobile go.
    Nothing stays nothing. Raises ``Invalid`` at the field when it cannot be dialled.
    """
    if not raw.strip():
        return ""
    phone = _SEPARATORS.sub("", unicodedata.normalize("NFKC", raw))
    if mainland := _MAINLAND.fullmatch(phone):
        return mainland[1]
    if not _PHONE.fullmatch(phone):
        raise Invalid(
            _("Enter a telephone number such as 138 0000 0000 or 020-8888 8888."),
            field="phone",
        )
    return phone


def read_case_number(raw: str) -> CaseNumber | None:
    """The parts of a case number; raises ``Invalid`` at the field when it is none."""
    if not raw.strip():
        return None
    try:
        return parse(raw, deployment_table())
    except CaseNumberError as error:
        raise Invalid(
            case_number_message(error), code="case_number", field="case_number"
        ) from error


def subject_of(text: str) -> str:
    """The start of a message as its subject: whole sentences or words, "…" where more follows."""
    words = " ".join(text.split())
    if len(words) <= _SUBJECT_LENGTH:
        return words
    for end in _ENDS:
        stops = [at.start() for at in end.finditer(words[:_SUBJECT_LENGTH])]
        if stops and stops[-1] >= _SUBJECT_AT_LEAST:
            return words[: stops[-1]] + "…"
    return words[: _SUBJECT_LENGTH - 1] + "…"


@transaction.atomic
def register(
    *,
    court: Court,
    party: Party,
    channel: str,
    matter: str,
    title: str,
    text: str,
    case_number: str = "",
    judge_name: str = "",
    by: Person | None = None,
    api_client: ApiClient | None = None,
    follows: Request | None = None,
    command_id: uuid.UUID | None = None,
    at: datetime | None = None,
) -> Request:
    """Register a request at ``at`` (default: now); its clocks start (G3, G4, B4, B5).

    Applied once per ``command_id``: a repeated command returns the request of the first.
    Raises ``Invalid`` for a court outside any jurisdiction, an unknown channel or matter, an
    empty message, a case number that is none, or a command's id that came with other words.
    """
    at = at or timezone.now()
    asked = commands.digest_of(
        court.code,
        party.name,
        party.phone,
        party.email,
        party.id_number,
        channel,
        matter,
        title,
        text,
        case_number,
        judge_name,
    )
    before = commands.claim(command_id, "register", asked)
    if before is not None:
        return Request.objects.get(pk=before.subject_id or 0)
    if court.jurisdiction is None or court.status != Court.Status.CURRENT:
        raise Invalid(field="court")
    if channel not in Channel.values:
        raise Invalid(field="channel")
    if matter not in Matter.values:
        raise Invalid(field="matter")
    if not text.strip():
        raise Invalid(field="text")
    number = read_case_number(case_number)
    service = Department.objects.filter(court=court, kind=Department.Kind.LITIGATION_SERVICE)
    service_id = service.values_list("pk", flat=True).first()
    request = Request(
        jurisdiction=court.jurisdiction,
        court=court,
        department_id=service_id,
        contact=find_or_add_contact(party),
        channel=channel,
        matter=matter,
        title=title.strip() or subject_of(text),
        text=text,
        judge_name=judge_name,
        registered_at=at,
        registered_by=by,
        api_client=api_client,
        follows=follows,
    )
    if number is not None:
        request.case_number = number.normalised
        request.case_year = number.year
        request.case_court_code = number.court_code or number.court_short_name or ""
        request.case_type_code = number.type_code
        request.case_serial = number.serial
        request.case_suffix = number.suffix or ""
    request.number = next_number(court.jurisdiction, at)
    request.save()
    record(request, "registered", at=at, person=by, by_party=by is None, public=True)
    rules = policy.present(court.jurisdiction.policy, local_date(at, court.jurisdiction.zone))
    for kind, limit_name in ((REPLY, "summary"), (ACCEPTANCE, "acceptance")):
        clocks.start(
            kind=kind,
            subject_id=request.pk,
            court=court,
            department_id=service_id,
            limit_name=limit_of(request, rules.clocks[kind], limit_name),
            at=at,
        )
    tell_party(request, "request.registered", "registered", at=at)
    commands.applied(command_id, request.pk)
    return request
