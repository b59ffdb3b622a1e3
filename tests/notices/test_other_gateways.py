"""WeChat's template messages, the bots of chats, and the signed webhook, over real HTTP."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.core.checks import Error

from courts.models import Person
from notices.checks import check_channels
from notices.delivery import deliver_channel, deliver_due
from notices.gateways import Message, Taken, Undelivered, Unreachable, registry
from notices.gateways.signing import SIGNATURE, TIMESTAMP, body_signature
from notices.models import Address, Contact, Delivery, Notice
from notices.outbox import NewNotice, put
from tests.city import City
from tests.notices.conftest import MailServer
from tests.notices.mail import AT, LATER
from tests.notices.provider import Answer, Got, Provider

S = Delivery.State
OPENID = "oInvented-Follower-0001"


def _send(channel: str, **fields: str) -> Taken:
    given = {"ident": str(uuid.uuid4()), "address": "1", "subject": "s", "body": "b"}
    with registry.of(channel).open() as session:
        return session.send(Message(**(given | {"channel": channel} | fields)))


# --- WeChat ----------------------------------------------------------------------------------


@pytest.fixture
def wechat(provider: Provider, settings: object) -> Provider:
    """An official account whose provider gives tokens t1, t2 and so on."""
    settings.PARTY_CHANNELS = ["wechat", "email"]
    settings.WECHAT_URL = provider.url
    settings.WECHAT_APP_ID, settings.WECHAT_APP_SECRET = f"wx{uuid.uuid4().hex}", "secret"
    settings.WECHAT_TEMPLATE = "T1"
    settings.WECHAT_FIELDS = {"thing1": "subject", "character_string2": "number"}
    provider.answer = _official_account()
    return provider


def _official_account(*codes: int, valid: str = "t") -> Callable[[Got], Answer]:
    left, tokens = list(codes), []

    def answer(got: Got) -> Answer:
        if got.path == "/cgi-bin/stable_token":
            tokens.append(f"{valid}{len(tokens) + 1}")
            return 200, {"access_token": tokens[-1], "expires_in": 7200}
        assert got.path == f"/cgi-bin/message/template/send?access_token={tokens[-1]}"
        if left and (code := left.pop(0)):
            return 200, {"errcode": code, "errmsg": f"for {OPENID}"}
        return 200, {"errcode": 0, "errmsg": "ok", "msgid": 200228332}

    return answer


def _follow(contact: Contact) -> None:
    Address.objects.create(channel="wechat", contact=contact, address=OPENID)


def test_a_follower_is_told_by_a_template_message(town: City, wechat: Provider) -> None:
    town.request(at=AT)
    Delivery.objects.all().delete()
    _follow(Contact.objects.get())
    request = town.request(at=AT)  # by the same party
    deliver_due(LATER)
    _token, got = wechat.got
    fields = got.fields
    assert (fields["touser"], fields["template_id"]) == (OPENID, "T1")
    assert fields["data"]["character_string2"]["value"] == request.number
    assert 0 < len(fields["data"]["thing1"]["value"]) <= 20
    assert fields["url"].endswith(f"/track/?number={request.number}")
    assert Delivery.objects.get().provider_id == "200228332"


def contact_notice(contact: Contact) -> Any:
    """The notice that a contact has."""
    return Notice.objects.get(contact=contact)


def test_the_outbox_chooses_wechat_for_a_follower(
    town: City, wechat: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    town.request(at=AT)
    contact = Contact.objects.get()
    notice = contact_notice(contact)
    _follow(contact)
    for refused, channel in (([], "wechat"), (["wechat"], "email"), (["wechat", "email"], None)):
        Contact.objects.update(refused_channels=refused)
        key = f"k:{channel}"
        put(
            [
                NewNotice(
                    key=key,
                    kind="request.reopened",
                    subject_kind=notice.subject_kind,
                    subject_id=notice.subject_id,
                    contact_id=contact.pk,
                )
            ],
            at=AT,
        )
        found = Delivery.objects.filter(notice__key=key).values_list("channel", flat=True)
        assert list(found) == ([channel] if channel else [])


def test_the_token_is_kept_for_all_workers_in_cipher(db: None, wechat: Provider) -> None:
    for _message in range(3):
        assert _send("wechat").provider_id == "200228332"
    assert [got.path.partition("?")[0] for got in wechat.got].count("/cgi-bin/stable_token") == 1
    gateway = registry.of("wechat")
    assert gateway.token() == "t1"  # another gateway, as in another worker
    assert "t1" not in cache.get(gateway._key)


def test_a_token_that_is_refused_is_renewed_and_no_attempt_is_lost(
    db: None, wechat: Provider
) -> None:
    wechat.answer = _official_account(42001)
    with pytest.raises(Unreachable, match="42001"):
        _send("wechat")
    assert _send("wechat").provider_id == "200228332"


def test_a_token_that_is_not_given_is_the_gateways_fault(db: None, wechat: Provider) -> None:
    wechat.answer = lambda got: (200, {"errcode": 40125, "errmsg": "invalid appsecret"})
    with pytest.raises(Unreachable, match="no access token: 200 40125"):
        _send("wechat")


@pytest.mark.parametrize(("code", "permanent"), [(43004, True), (40003, True), (47003, False)])
def test_a_follower_who_has_left_is_a_dead_address(
    db: None, wechat: Provider, code: int, permanent: bool
) -> None:
    wechat.answer = _official_account(code)
    with pytest.raises(Undelivered) as refused:
        _send("wechat", address=OPENID)
    assert refused.value.permanent is permanent
    assert OPENID not in refused.value.reason


# --- Bots of chats ---------------------------------------------------------------------------

_BOTS = {
    "wecom": ("/cgi-bin/webhook/send?key=k", {"errcode": 0}, {"errcode": 93000}),
    "dingtalk": ("/robot/send?access_token=t&secret=S", {"errcode": 0}, {"errcode": 310000}),
    "feishu": ("/open-apis/bot/v2/hook/t?secret=S", {"code": 0}, {"code": 19021}),
}


@pytest.fixture
def bots(provider: Provider, settings: object) -> Provider:
    settings.STAFF_CHANNELS = [*_BOTS, "email"]
    settings.CHAT_HOSTS = [provider.url.removeprefix("http://")]
    return provider


@pytest.mark.parametrize("channel", _BOTS)
def test_a_member_of_staff_is_told_in_a_chat(town: City, bots: Provider, channel: str) -> None:
    path, good, _bad = _BOTS[channel]
    bots.answer = lambda got: (200, good)
    judge = town.judge()
    Address.objects.create(channel=channel, person=judge, address=bots.url + path)
    order = town.order(at=AT)
    deliver_due(LATER)
    sent = Delivery.objects.get(channel=channel)
    assert (sent.state, sent.notice.person_id) == (S.SENT, judge.pk)
    said = bots.got[0].body.decode()
    assert order.request.number in said
    assert f"/notices/{sent.notice.public_id}/" in said
    assert order.request.text not in said
    assert "张三" not in said
    assert "secret" not in bots.got[0].path


@pytest.mark.parametrize("channel", _BOTS)
def test_a_bot_that_refuses_with_status_200_has_taken_nothing(
    db: None, bots: Provider, channel: str
) -> None:
    path, _good, bad = _BOTS[channel]
    bots.answer = lambda got: (200, bad)
    with pytest.raises(Undelivered) as refused:
        _send(channel, address=bots.url + path)
    assert refused.value.permanent


@pytest.mark.parametrize("address", ["http://192.0.2.1/x", "file:///etc/passwd", "x", ""])
def test_no_other_server_is_spoken_to(db: None, bots: Provider, address: str) -> None:
    with pytest.raises(Undelivered, match="no server of this chat"):
        _send("wecom", address=address)
    assert bots.got == []


def test_a_chat_that_is_no_more_is_followed_by_mail(
    town: City, bots: Provider, mail_server: MailServer
) -> None:
    bots.answer = lambda got: (200, {"errcode": 93000})
    judge = town.judge()
    address = f"{bots.url}/cgi-bin/webhook/send?key=k"
    Address.objects.create(channel="wecom", person=judge, address=address)
    town.order(at=AT)
    for hours in (0, 5, 10, 11):
        deliver_due(LATER + timedelta(hours=hours))
    assert judge.email in mail_server.addresses


# --- The webhook -----------------------------------------------------------------------------


@pytest.fixture
def messenger(provider: Provider, settings: object) -> Provider:
    settings.PARTY_CHANNELS = ["webhook"]
    settings.WEBHOOK_URL, settings.WEBHOOK_SECRET = f"{provider.url}/told", "of the messenger"
    provider.answer = lambda got: (204, b"")
    return provider


def test_the_messenger_is_told_who_is_to_be_told_what(town: City, messenger: Provider) -> None:
    request = town.request(at=AT)
    deliver_due(LATER)
    (got,) = messenger.got
    sent = Delivery.objects.get(channel="webhook")
    assert got.fields == {
        "key": f"{sent.notice.public_id}-webhook",
        "notice": str(sent.notice.public_id),
        "recipient": str(request.contact.public_id),
        "language": "zh-hans",
        "subject": sent.subject,
        "body": sent.body,
        "url": f"http://127.0.0.1:8000/track/?number={request.number}",
    }
    wanted = body_signature("of the messenger", got.headers[TIMESTAMP], got.body)
    assert got.headers[SIGNATURE] == wanted
    assert sent.state == S.SENT
    for secret in (request.text, request.title, "张三", "13800138000", "party@example.org"):
        assert secret not in got.body.decode()


@pytest.mark.parametrize("status", [301, 302, 401, 404, 429, 503])
def test_a_messenger_that_is_not_in_order_costs_no_attempt(
    town: City, messenger: Provider, status: int
) -> None:
    town.request(at=AT)
    messenger.answer = lambda got: (status, b"")
    deliver_due(LATER)
    waiting = Delivery.objects.get(channel="webhook")
    assert waiting.state == S.PENDING
    assert waiting.attempts == (0 if status not in (301, 302) else 1)


# --- Settings --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"PARTY_CHANNELS": ["pigeon"]}, "notices.E001"),
        ({"PARTY_CHANNELS": ["wecom"]}, "notices.E001"),
        ({"STAFF_CHANNELS": ["email", "email"]}, "notices.E001"),
        ({"PARTY_CHANNELS": ["sms"]}, "notices.E002"),
        ({"PARTY_CHANNELS": ["sms"], "SMS_URL": "http://127.0.0.1:1"}, "notices.E003"),
        (
            {"PARTY_CHANNELS": ["sms"], "SMS_URL": "http://127.0.0.1:1",
             "SMS_OPTIONS": {"sign_name": "x"}},
            "notices.W001",
        ),
        (
            {"PARTY_CHANNELS": ["sms"], "SMS_URL": "http://127.0.0.1:1", "SMS_PROVIDER": "aliyun",
             "SMS_OPTIONS": {"sign_name": "x", "template": "y"}},
            "notices.E003",
        ),
        ({"GATEWAY_RATES": {"email": "0"}}, "notices.E003"),
        ({"GATEWAY_PRICES": {"email": "0.05"}}, "notices.E003"),
        ({"GATEWAY_PRICES": {"email": "x CNY"}}, "notices.E003"),
    ],
)  # fmt: skip
def test_settings_that_cannot_work_are_told_at_the_start(
    settings: Any, given: dict[str, Any], code: str
) -> None:
    for name, value in given.items():
        setattr(settings, name, value)
    assert [found.id for found in check_channels(None)] == [code]


def test_the_settings_as_they_come_are_in_order() -> None:
    assert not [found for found in check_channels(None) if isinstance(found, Error)]


def test_what_waits_for_a_channel_that_is_no_more_goes_another_way(
    town: City, by_sms: Provider, settings: object
) -> None:
    town.request(at=AT)
    Person.objects.update(email="")
    settings.PARTY_CHANNELS, settings.SMS_URL = ["email"], ""
    assert deliver_channel("in_app", for_seconds=5)["passed_on"] == 1
    states = dict(Delivery.objects.values_list("channel", "state"))
    assert states == {"sms": "passed_on", "email": "pending"}
