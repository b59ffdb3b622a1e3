"""Returned mail: read, believed where it is of a mail of ours, and told to staff."""

from __future__ import annotations

import io
import mailbox
from email.message import EmailMessage
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from courts.models import Person
from notices import bounces
from notices.bounces import Bounce, clear, read, read_folder, record
from notices.delivery import deliver_due
from notices.models import BouncingAddress, Contact, Delivery, Notice
from notices.tasks import read_bounces
from tests.city import City, local
from tests.notices.conftest import MailServer
from tests.notices.mail import AT, LATER, by_mail

S = Delivery.State
PARTY = "party@example.org"


def report(
    ident: str,
    *,
    status: str = "5.1.1",
    address: str = PARTY,
    action: str = "failed",
    headers_only: bool = False,
) -> bytes:
    """A mail server's report (RFC 3464) about a message of ours."""
    boundary = "b1"
    kind = "text/rfc822-headers" if headers_only else "message/rfc822"
    returned = f"Message-ID: <{ident}@localhost>\nSubject: x\nTo: {address}\n"
    return (
        "From: MAILER-DAEMON@mail.example\nTo: litigation-service@localhost\nSubject: Returned\n"
        "MIME-Version: 1.0\n"
        f'Content-Type: multipart/report; report-type=delivery-status; boundary="{boundary}"\n\n'
        f"--{boundary}\nContent-Type: text/plain\n\nIt could not be delivered to {address}.\n"
        f"--{boundary}\nContent-Type: message/delivery-status\n\n"
        "Reporting-MTA: dns; mail.example\n\n"
        f"Final-Recipient: rfc822; {address}\nAction: {action}\nStatus: {status}\n"
        "Diagnostic-Code: smtp; 550 no such user\n\n"
        f"--{boundary}\nContent-Type: {kind}\n\n{returned}\n\nThe text.\n--{boundary}--\n"
    ).encode()


@pytest.fixture
def told(town: City, mail_server: MailServer) -> str:
    """A party was told by mail; the ident of the message."""
    town.request(at=AT)
    deliver_due(LATER)
    return str(by_mail().notice.public_id)


def test_an_address_that_bounces_is_marked_and_known_by_its_digest(told: str) -> None:
    assert record(read(report(told))) == 1
    marked = BouncingAddress.objects.get()
    assert (marked.status, marked.bounces) == ("5.1.1", 1)
    assert PARTY not in str(vars(marked))
    after = by_mail()
    assert (after.state, after.error) == (S.DEAD, "returned 5.1.1")
    assert after.receipt == Delivery.Receipt.FAILED


def test_headers_alone_are_enough(told: str) -> None:
    assert record(read(report(told, headers_only=True))) == 1


def test_nothing_more_is_sent_there_until_somebody_has_looked(
    town: City, told: str, mail_server: MailServer
) -> None:
    record(read(report(told)))
    town.request(at=AT)
    counts = deliver_due(LATER)
    assert counts["dead"] == 1
    assert len(mail_server.taken) == 1
    dead = Delivery.objects.latest("pk")
    assert (dead.state, dead.error) == (S.DEAD, "the address bounces")
    assert clear(ids=[BouncingAddress.objects.get().pk]) == 1
    town.request(at=AT)
    assert deliver_due(LATER)["sent"] == 1


def test_another_address_is_not_held_by_it(town: City, told: str) -> None:
    record(read(report(told)))
    contact = Contact.objects.get()
    contact.email = "new@example.org"
    contact.save()
    assert BouncingAddress.among([contact.email]) == set()
    assert BouncingAddress.among(["PARTY@example.org"]) == {"PARTY@example.org"}


def test_administrators_are_told_once_each_time(told: str) -> None:
    root = Person.objects.create_superuser("root", "x", name="管理员")
    for _again in range(2):
        record(read(report(told)), at=local(2020, 6, 6))
    mine = Notice.objects.filter(person=root, kind=bounces.KIND)
    assert mine.count() == 1
    assert BouncingAddress.objects.get().bounces == 2
    clear(ids=[BouncingAddress.objects.get().pk])
    assert record(read(report(told)), at=local(2020, 6, 7)) == 1
    assert mine.count() == 2


@pytest.mark.parametrize(
    "changes",
    [
        {"status": "4.4.1"},  # not for good
        {"status": "5.2.2"},  # full
        {"status": "5.7.1"},  # for what it says
        {"status": "nonsense"},
        {"action": "delayed"},
        {"action": "relayed"},
        {"address": "other@example.org"},  # not whom it was sent to
        {"ident": "7f0f2f6e-0000-4000-8000-000000000000"},  # not a message of ours
        {"ident": "nonsense"},
    ],
)
def test_what_says_nothing_of_the_address_marks_none(told: str, changes: dict[str, str]) -> None:
    given = {"ident": told} | changes
    assert record(read(report(**given))) == 0
    assert BouncingAddress.objects.count() == 0
    assert by_mail().state == S.SENT


def test_other_mail_is_no_report() -> None:
    mail = EmailMessage()
    mail["Subject"] = "Out of office"
    mail.set_content("550 5.1.1 party@example.org")
    assert read(bytes(mail)) == []
    assert read(b"") == []
    assert read(b"\xff\xfe nonsense") == []


def test_a_maildir_is_read_and_emptied(told: str, tmp_path: Path, settings: object) -> None:
    folder = str(tmp_path / "returned")
    box = mailbox.Maildir(folder, create=True)
    box.add(report(told))
    box.add(b"Subject: something else\n\nx")
    settings.BOUNCE_MAILDIR = folder
    assert read_bounces() == 1
    assert len(mailbox.Maildir(folder)) == 0
    assert read_folder(folder) == 0
    settings.BOUNCE_MAILDIR = ""
    assert read_bounces() == 0


@pytest.mark.parametrize(
    "broken",
    [
        b"Message-ID: <>", b"Message-ID: <", b"Message-ID: <[abc]@x>", b"Message-ID: <a@[",
        b'Content-Type: multipart/report;.\x00*\r">',
    ],
)  # fmt: skip
def test_a_mail_that_cannot_be_parsed_holds_up_no_other(
    told: str, tmp_path: Path, broken: bytes
) -> None:
    """Anybody may send one: it comes first here, and the report behind it is read all the same."""
    folder = str(tmp_path / "returned")
    box = mailbox.Maildir(folder, create=True)
    ours = report(told)
    name = broken.partition(b":")[0]
    lines = [broken if line.startswith(name) else line for line in ours.split(b"\n")]
    box.add(b"\n".join(lines))
    box.add(ours)
    assert read_folder(folder) == 1
    assert len(mailbox.Maildir(folder)) == 0


def test_the_command_reads_one_mail(told: str, tmp_path: Path) -> None:
    path, said = tmp_path / "mail", io.StringIO()
    path.write_bytes(report(told))
    call_command("read_bounces", str(path), stdout=said)
    assert said.getvalue() == "addresses marked: 1\n"
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("read_bounces", str(tmp_path / "none"))


def test_several_addresses_of_one_report() -> None:
    raw = report("7f0f2f6e-0000-4000-8000-000000000000").replace(
        b"Diagnostic-Code: smtp; 550 no such user\n\n",
        b"\nFinal-Recipient: rfc822; second@example.org\nAction: failed\nStatus: 5.1.10\n\n",
    )
    found = read(raw)
    assert [one.address for one in found] == [PARTY, "second@example.org"]
    assert all(isinstance(one, Bounce) and one.is_of_the_address for one in found)
