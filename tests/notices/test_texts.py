"""Texts of notices worded anew: what they must bring, what is sent, versions, the pages."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import Permission
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from courts.errors import Invalid, WrongState
from courts.models import Person
from liaison import sign_in
from notices import kinds, services, texts
from notices.delivery import deliver_due
from notices.gateways import Message, registry
from notices.gateways.http import HttpGateway
from notices.models import Contact, Delivery, Notice, NoticeText
from notices.text_samples import sample_values
from tests.city import City
from tests.notices.conftest import MailServer
from tests.notices.mail import LATER, parties
from tests.notices.provider import Provider

NAMES = sorted(
    {one for kind in kinds.registered().values() for one in (kind.inside, kind.outside)} - {""}
)
LANGUAGES = [code for code, _name in settings.LANGUAGES]
ALL = reverse("admin:notice_texts")


def page(name: str = "request_registered", language: str = "zh-hans") -> str:
    return reverse("admin:notice_text", args=[name, language])


@pytest.fixture
def editor(db: None) -> Person:
    return Person.objects.create_superuser("root", "x", name="管理员")


@pytest.fixture
def browser(editor: Person, client: Client) -> Client:
    client.force_login(editor)
    client.cookies["django_language"] = "en"
    return client


def write(editor: Person, **given: Any) -> NoticeText:
    values = {
        "name": "request_registered",
        "language": "zh-hans",
        "subject": "已登记：{number}",
        "body": "{account}\n\n{track}\n\n诉讼服务大厅：示范市一路 1 号",
        "after": 0,
        "reason": "加上地址",
        "by": editor,
    }
    return services.write_text(**(values | given))


@pytest.mark.parametrize("name", NAMES)
def test_every_text_has_an_outline_that_may_be_kept_and_says_the_same(name: str) -> None:
    subject, body = texts.shipped(name).outline
    texts.check(name, subject, body)
    for language in LANGUAGES:
        with translation.override(language):
            values = sample_values(timezone.localtime())
            said = texts.words(name, values, None)
            outline = NoticeText(name=name, language=language, subject=subject, body=body)
            again = texts.words(name, values, outline)
            alone = texts.subject(name, values, None)
        assert again[0] == alone == said[0]
        assert again[1].split() == said[1].split()


def test_the_samples_name_everything_that_a_text_may_name(missing: list[str]) -> None:
    for name in NAMES:
        texts.words(name, sample_values(timezone.localtime()), None)
    assert missing == []


@pytest.mark.parametrize(
    ("name", "subject", "body", "field", "said"),
    [
        ("request_registered", "", "{account} {track}", "subject", "Write the words"),
        ("request_registered", "x", "  ", "body", "Write the words"),
        ("request_registered", "x", "{account} {link} {unit}", "body", "{unit}"),
        ("request_registered", "x", "{account}", "body", "so that they lead on"),
        ("request_registered", "x", "{track}", "body", "{account}"),
        ("request_answered", "x", "{track}", "body", "{number}"),
        ("request_registered", "x\ny", "{account} {track}", "subject", "one line"),
        ("request_registered", "x" * 201, "{account} {track}", "subject", "one line"),
        ("request_registered", "x", "{account} {track}" + "x" * 4000, "body", "4,000"),
        ("ladder_reply", "{number}", "{account} {message}", "subject", "{subject}"),
        ("ladder_reply", "{subject}", "{account} {ladder} {link}", "body", "{message}"),
        ("case_outside", "{subject}", "{account}", "body", "{no_service}"),
        ("portal_code", "x", "{link}", "body", "{number}"),
    ],
)
def test_what_must_be_told_cannot_be_left_out(
    name: str, subject: str, body: str, field: str, said: str
) -> None:
    with translation.override("en"):
        with pytest.raises(Invalid) as refused:
            texts.check(name, subject, body)
        assert said in str(refused.value.text)
    assert refused.value.field == field


def test_it_is_sent_as_it_holds_and_names_its_version(
    town: City, editor: Person, mail_server: MailServer
) -> None:
    parties(town, 1)
    old = write(editor)
    held = write(editor, subject="您的诉求 {number}", after=1)
    deliver_due(LATER)
    delivery = Delivery.objects.get(channel="email", notice__kind="request.registered")
    assert (old.version, held.version, delivery.text) == (1, 2, held)
    number = delivery.subject.removeprefix("您的诉求 ")
    assert number.startswith("SF")
    assert delivery.body.endswith("诉讼服务大厅：示范市一路 1 号")
    assert number in delivery.body
    assert "/track/" in delivery.body
    assert str(mail_server.taken[0]["Subject"]) == delivery.subject


def test_the_other_language_and_what_was_given_back_are_sent_as_shipped(
    town: City, editor: Person, mail_server: MailServer
) -> None:
    write(editor, language="en", subject="Only English {number}", body="{account}\n{track}")
    write(editor)
    services.write_text(
        name="request_registered", language="zh-hans", subject="", body="", after=1,
        reason="不再需要", by=editor,
    )  # fmt: skip
    parties(town, 1)
    deliver_due(LATER)
    delivery = Delivery.objects.get(channel="email", notice__kind="request.registered")
    assert delivery.text is None
    assert "已登记：" not in delivery.subject
    assert delivery.subject


def test_one_that_lacks_what_a_newer_product_asks_is_not_sent(
    town: City, editor: Person, mail_server: MailServer
) -> None:
    text = NoticeText.objects.create(
        name="request_registered", language="zh-hans", version=1, subject="{subject}",
        body="{account} {gone}", reason="x", written_by=editor,
    )  # fmt: skip
    assert not texts.fits(text)
    with translation.override("zh-hans"):
        values = sample_values(timezone.localtime())
        held = texts.in_force().get((text.name, text.language))
        assert texts.words(text.name, values, held) == texts.words(text.name, values, None)
    parties(town, 1)
    deliver_due(LATER)
    delivery = Delivery.objects.get(channel="email", notice__kind="request.registered")
    assert delivery.text is None  # it names no version that it was not worded from
    assert "/track/" in delivery.body


def test_what_people_wrote_is_never_read_as_a_placeholder(town: City, editor: Person) -> None:
    text = NoticeText(name="order_dispatched", language="en", subject="{subject}",
                      body="{account} {message}")  # fmt: skip
    values = sample_values(timezone.localtime()) | {"message": "a {number} {account}"}
    assert "a {number} {account}" in texts.words("order_dispatched", values, text)[1]


def test_written_once_and_twice_the_same_is_one(editor: Person) -> None:
    first = write(editor)
    assert write(editor) == first
    with pytest.raises(WrongState):
        write(editor, subject="{number} 另一个")
    rows = NoticeText.objects.filter(pk=first.pk)
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.update(subject="x")
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.delete()


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_is_told_of_the_other(editor: Person) -> None:
    told: list[str] = []

    def one(word: str) -> None:
        try:
            write(editor, subject=f"{word} {{number}}")
        except WrongState:
            told.append(word)
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=[word]) for word in ("甲", "乙")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(told) == 1
    assert NoticeText.objects.count() == 1


def test_the_code_to_sign_in_goes_whole_into_a_text_message(town: City, by_sms: Provider) -> None:
    Contact.objects.create(name="周小满", phone="13800138000")
    asked = sign_in.ask(phone="13800138000", address="192.0.2.1", language="zh-hans")
    deliver_due()
    (text,) = [text for _to, text in by_sms.texts]
    assert sign_in.code_of(asked) in text


# --- The pages -------------------------------------------------------------------------------


def test_the_page_of_one_that_lacks_something_says_so(browser: Client, editor: Person) -> None:
    NoticeText.objects.create(
        name="request_registered", language="zh-hans", version=1, subject="{subject}",
        body="{account} {gone}", reason="x", written_by=editor,
    )  # fmt: skip
    answer = browser.get(page())
    assert "This version lacks what the text must bring by now" in answer.content.decode()
    assert answer.context["preview"] == answer.context["as_shipped"]


def test_all_texts_are_listed_with_one_statement_for_all_versions(
    browser: Client, editor: Person
) -> None:
    with CaptureQueriesContext(connection) as before:
        said = browser.get(ALL).content.decode()
    assert said.count("As it comes with the product") == len(NAMES) * len(LANGUAGES)
    write(editor)
    write(editor, language="en")
    with CaptureQueriesContext(connection) as after:
        said = browser.get(ALL).content.decode()
    assert said.count("Version 1") == 2
    assert len(after) == len(before)


def test_a_text_is_shown_then_written_and_given_back(browser: Client) -> None:
    given = {
        "subject": "已登记 {number}",
        "body": "{account} 你好 {track}",
        "after": 0,
        "reason": "",
    }
    shown = browser.post(page(), given | {"preview": "1"})
    assert "你好" in shown.context["preview"][1]
    assert not NoticeText.objects.exists()
    without = browser.post(page(), given | {"write": "1"})
    assert without.status_code == 400
    assert "Give the reason." in without.content.decode()
    assert "你好" in without.content.decode()  # what was typed stays
    written = browser.post(page(), given | {"write": "1", "reason": "问候"}, follow=True)
    assert "Version 1 holds from now on." in written.content.decode()
    lost = browser.post(page(), given | {"write": "1", "reason": "别的"})
    assert "Somebody else has changed this text meanwhile" in lost.content.decode()
    back = browser.post(
        page(), {"subject": "", "body": "", "after": 1, "reason": "收回", "give_back": "1"},
        follow=True,
    )  # fmt: skip
    assert "The text of the product holds again." in back.content.decode()
    assert texts.in_force() == {}


def test_what_is_wrong_is_said_at_its_field(browser: Client) -> None:
    for button in ("preview", "write"):
        answer = browser.post(
            page(), {"subject": "x {nonsense}", "body": "{account} {track}", "after": 0,
                     "reason": "x", button: "1"},
        )  # fmt: skip
        assert answer.status_code == 400
        assert "This text has no placeholder {nonsense}." in str(
            answer.context["form"].errors["subject"]
        )


def test_only_those_with_the_right_read_and_write(client: Client, db: None) -> None:
    person = Person.objects.create_user("half", "x", name="半", is_staff=True)
    client.force_login(person)
    assert client.get(ALL).status_code == client.get(page()).status_code == 403
    person.user_permissions.set(Permission.objects.filter(codename="view_noticetext"))
    assert client.get(ALL).status_code == 200
    assert (
        "Word it anew" not in client.get(page(), headers={"accept-language": "en"}).content.decode()
    )
    assert client.post(page(), {"subject": "x"}).status_code == 403
    assert client.get(page("nothing")).status_code == 404
    assert client.get(page(language="fr")).status_code == 404
    assert Notice.objects.count() == 0


def test_a_code_may_have_a_template_of_the_provider_of_its_own(settings: Any) -> None:
    settings.SMS_PROVIDER, settings.SMS_URL = "aliyun", "https://sms.example/"
    settings.SMS_ACCOUNT = settings.SMS_SECRET = "x"
    settings.SMS_OPTIONS = {"sign_name": "示范法院", "template": "SMS_1", "code_template": "SMS_2"}
    settings.SMS_PARAMS = {"number": "number"}
    gateway = registry.of("sms")
    assert isinstance(gateway, HttpGateway)
    message = Message("1", "13800138000", "x", "y", "sms", number="123456")
    assert gateway.call(message).fields["TemplateCode"] == "SMS_1"
    assert gateway.call(replace(message, is_code=True)).fields["TemplateCode"] == "SMS_2"
