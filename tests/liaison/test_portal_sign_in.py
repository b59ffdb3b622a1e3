"""Signing in of a party with a code sent to the registered telephone."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from liaison import sign_in
from liaison.models import PartySignIn
from liaison.sign_in import Outcome, code_of
from notices import kinds
from notices.kinds import Level
from notices.models import Contact, Delivery, Notice
from tests.cases import mirrored
from tests.city import City
from tests.liaison.parties import code_for, signed_in

PHONE = "13800138000"
ASK, CODE, TOLD = "/me/sign-in/", "/me/code/", "/me/"


def ask(phone: str = PHONE, address: str = "192.0.2.1") -> PartySignIn:
    return sign_in.ask(phone=phone, address=address, language="zh-hans")


def enter(asked: PartySignIn, code: str = "", **given: object) -> Outcome:
    values = {"address": "192.0.2.1"} | given
    return sign_in.enter(public_id=asked.public_id, code=code or code_of(asked), **values).outcome


@pytest.fixture
def person(town: City) -> Contact:
    """Somebody whom the court's records know."""
    return mirrored.contact("周小满", phone=PHONE)


def test_a_code_signs_in_once_and_the_key_of_the_session_changes(person: Contact) -> None:
    client = Client()
    client.post(ASK, {"phone": "138-0013 8000"})
    before = client.session.session_key
    assert client.get(TOLD)["Location"] == ASK
    code = code_for()
    assert client.post(CODE, {"code": f"{code[:3]} {code[3:]}"})["Location"] == TOLD
    assert client.session.session_key != before
    assert client.get(TOLD).status_code == 200
    again = Client()
    again.post(ASK, {"phone": PHONE})
    used = PartySignIn.objects.earliest("pk")
    assert enter(used) is Outcome.WRONG


def test_the_answer_is_the_same_whether_the_number_is_known(
    person: Contact, settings: object
) -> None:
    settings.DEMONSTRATION = False  # a demonstration, of invented people alone, shows the code
    answers = []
    for phone in (PHONE, "13700137000"):
        client = Client(headers={"accept-language": "en"})
        asked = client.post(ASK, {"phone": phone}, follow=True)
        wrong = client.post(CODE, {"code": "000000" if code_for() != "000000" else "000001"})
        answers.append(
            [asked.redirect_chain, wrong.status_code]
            + [
                page.content.decode().split("<main")[1].split("csrfmiddlewaretoken")[0]
                for page in (asked, wrong)
            ]
        )
    assert answers[0] == answers[1]
    assert Notice.objects.filter(kind=sign_in.KIND).count() == 1


def test_the_right_code_of_an_unknown_number_opens_nothing(town: City) -> None:
    assert enter(ask("13700137000")) is Outcome.WRONG


def test_a_code_is_over_after_ten_minutes_and_ends_when_another_is_asked_for(
    person: Contact,
) -> None:
    first = ask()
    later = timezone.now() + timedelta(minutes=10, seconds=1)
    assert enter(first, at=later) is Outcome.WRONG
    second = ask()
    assert enter(first) is Outcome.WRONG
    assert enter(second) is Outcome.ENTERED


def test_five_wrong_ones_end_a_code(person: Contact) -> None:
    asked = ask()
    wrong = f"{(int(code_of(asked)) + 1) % 10**6:06}"
    for _ in range(sign_in.TRIES):
        assert enter(asked, wrong) is Outcome.WRONG
    assert enter(asked) is Outcome.WRONG


def test_codes_are_asked_for_five_times_an_hour_for_one_number(person: Contact) -> None:
    client = Client()
    for _ in range(5):
        assert client.post(ASK, {"phone": PHONE}).status_code == 302
    assert client.post(ASK, {"phone": PHONE}).status_code == 429
    assert client.post(ASK, {"phone": "13700137000"}).status_code == 302


def test_guessing_is_stopped_by_address(person: Contact) -> None:
    client = Client()
    client.post(ASK, {"phone": PHONE})
    for _ in range(100):
        client.post(CODE, {"code": "1"})
    assert client.post(CODE, {"code": code_for()}).status_code == 429


def test_what_is_no_number_is_refused(client: Client, town: City) -> None:
    assert client.post(ASK, {"phone": "abc"}).status_code == 400
    assert client.post(ASK, {"phone": ""}).status_code == 400
    assert not PartySignIn.objects.exists()


def test_the_code_goes_to_the_telephone_and_to_no_address_given_beside_it(
    town: City, person: Contact
) -> None:
    """A stranger registers a request with another's number and the own e-mail address."""
    town.request(
        at=timezone.now(),
        party=mirrored_party("陌生人", phone=PHONE, email="stranger@example.org"),
    )
    ask()
    notice = Notice.objects.get(kind=sign_in.KIND)
    assert notice.contact is not None
    assert (notice.contact.phone, notice.contact.email) == (PHONE, "")
    assert not Delivery.objects.filter(notice=notice, channel=Delivery.Channel.EMAIL).exists()


def mirrored_party(name: str, **given: str) -> object:
    from liaison.intake import Party

    return Party(name, **given)


def test_the_message_says_the_code_while_it_is_good_and_is_emptied_after(person: Contact) -> None:
    asked = ask()
    notice = Notice.objects.get(kind=sign_in.KIND)
    context = kinds.read([notice])[notice.pk]
    assert context is not None
    for language in ("zh-hans", "en"):
        subject, body = kinds.words(
            kinds.of(notice.kind), context, Level.OUTSIDE, language=language
        )
        assert code_of(asked) in body
        assert code_of(asked) not in subject
    Delivery.objects.create(notice=notice, channel="sms", state="sent", sent_at=timezone.now(),
                            subject=subject, body=body)  # fmt: skip
    assert enter(asked) is Outcome.ENTERED
    assert Delivery.objects.get(notice=notice).body == ""
    assert kinds.read([notice])[notice.pk] is None


def test_a_code_that_is_over_is_emptied_when_another_is_asked_for(person: Contact) -> None:
    asked = ask()
    notice = Notice.objects.get(kind=sign_in.KIND)
    Delivery.objects.create(notice=notice, channel="sms", subject="x", body=code_of(asked))
    ask("13700137000")
    assert Delivery.objects.get().body == code_of(asked)  # still good
    PartySignIn.objects.filter(pk=asked.pk).update(ends_at=timezone.now())
    ask("13700137000")
    assert Delivery.objects.get().body == ""


def test_the_code_is_in_no_row_of_the_database(person: Contact) -> None:
    asked = ask()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT row_to_json(t)::text FROM "{table}" t')
            for (row,) in cursor.fetchall():
                assert f'"{code_of(asked)}"' not in row


def test_people_who_share_a_telephone_say_who_they_are(person: Contact) -> None:
    other = mirrored.contact("吴其中", phone=PHONE)
    asked = ask()
    assert enter(asked) is Outcome.WHO
    assert enter(asked, id_number="440100190001010000") is Outcome.WHO
    attempt = sign_in.enter(
        public_id=asked.public_id,
        code=code_of(asked),
        id_number=other.id_number,
        address="192.0.2.1",
    )
    assert (attempt.outcome, attempt.contact_id) == (Outcome.ENTERED, other.pk)


def test_a_session_ends_by_rest_by_the_day_and_when_the_number_changes(person: Contact) -> None:
    for change in ({"seen": -31 * 60}, {"since": -8 * 60 * 60 - 1}):
        client = signed_in(person)
        session = client.session
        session["party"] = {
            key: value + change.get(key, 0) if key in ("seen", "since") else value
            for key, value in session["party"].items()
        }
        session.save()
        assert client.get(TOLD).status_code == 302
    client = signed_in(person)
    person.phone = "13600136000"
    person.save()
    assert client.get(TOLD).status_code == 302


def test_signing_out_ends_it_and_the_old_key_opens_nothing(person: Contact) -> None:
    client = signed_in(person)
    key = client.session.session_key
    client.post("/track/finish/")
    assert client.get(TOLD).status_code == 302
    thief = Client()
    thief.cookies["sessionid"] = key
    assert thief.get(TOLD).status_code == 302


def test_signing_in_closes_what_was_open_before(town: City, person: Contact) -> None:
    from liaison.access import access_code

    other = town.request(at=timezone.now(), party=mirrored_party("别人", phone="13900139001"))
    client = Client()
    client.post("/track/", {"number": other.number, "code": access_code(other)})
    assert client.get(f"/track/{other.public_id}/").status_code == 200
    client.post(ASK, {"phone": PHONE})
    client.post(CODE, {"code": code_for()})
    assert client.get(f"/track/{other.public_id}/").status_code == 302


@pytest.mark.django_db(transaction=True)
def test_one_code_opens_one_session_though_two_come_together() -> None:
    mirrored.contact("周小满", phone=PHONE)
    asked = ask()
    became: Counter[Outcome] = Counter()
    together = threading.Barrier(4)

    def go() -> None:
        try:
            together.wait(20)
            became[enter(asked)] += 1
        finally:
            connection.close()

    threads = [threading.Thread(target=go) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert became == Counter({Outcome.ENTERED: 1, Outcome.WRONG: 3})


@pytest.mark.parametrize(
    ("demonstration", "sms_url", "is_shown"),
    [(True, "", True), (False, "", False), (True, "https://sms.example/", False)],
)
def test_a_demonstration_that_reaches_no_telephone_shows_the_code(
    person: Contact, settings: object, demonstration: bool, sms_url: str, is_shown: bool
) -> None:
    settings.DEMONSTRATION, settings.SMS_URL = demonstration, sms_url
    client = Client()
    client.post(ASK, {"phone": PHONE})
    assert (code_for() in client.get(CODE).content.decode()) is is_shown
    client.post(ASK, {"phone": "13700137000"})
    assert "no text message is sent" not in client.get(CODE).content.decode()
