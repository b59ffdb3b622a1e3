"""Receipts: early, late, twice, never, of the wrong sender; each provider's own shape."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse

from notices import receipts
from notices.delivery import deliver_due
from notices.gateways import Message, Taken, Undelivered, registry
from notices.gateways.shape import load, names
from notices.gateways.signing import body_signature
from notices.models import Delivery, DeliveryReceipt
from tests.city import City
from tests.notices.conftest import MailServer
from tests.notices.mail import AT, LATER, parties
from tests.notices.provider import Got, Provider

SMS = Delivery.Channel.SMS
S, R = Delivery.State, Delivery.Receipt
SECRET, TOKEN = "of the receipts", "of the events"


def _post(body: Any, *, secret: str = SECRET, age: int = 0, channel: str = "sms") -> Any:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    timestamp = str(int(time.time()) - age)
    headers = {"x-timestamp": timestamp, "x-signature": body_signature(secret, timestamp, raw)}
    url = reverse("notices:receipts", args=[channel])
    return Client().post(url, raw, content_type="application/json", headers=headers)


def _said(number: str, status: str = "arrived", **more: str) -> dict[str, Any]:
    return {"receipts": [{"id": number, "status": status} | more]}


def _sms() -> Delivery:
    return Delivery.objects.get(channel=SMS)


@pytest.fixture
def sent(town: City, by_sms: Provider) -> Delivery:
    town.request(at=AT)
    by_sms.answer = lambda got: (200, {"code": 0, "id": "n1"})
    deliver_due(LATER)
    return _sms()


def test_a_receipt_is_matched_by_the_providers_number(sent: Delivery) -> None:
    answer = _post(_said("n1"))
    assert (answer.status_code, answer.json()) == (200, {"code": 0})
    after = _sms()
    assert (after.state, after.receipt) == (S.SENT, R.ARRIVED)
    assert after.receipt_at is not None


def test_the_same_receipt_twice_changes_nothing(sent: Delivery) -> None:
    _post(_said("n1"))
    first = _sms()
    assert _post(_said("n1")).status_code == 200
    assert DeliveryReceipt.objects.count() == 1
    assert _sms().receipt_at == first.receipt_at


def test_a_receipt_before_the_sending_is_recorded_is_matched_afterwards(
    town: City, by_sms: Provider
) -> None:
    town.request(at=AT)

    def receipt_first(got: Got) -> tuple[int, Any]:
        receipts.keep("sms", [receipts.Report("n1", R.ARRIVED)], LATER)
        return 200, {"code": 0, "id": "n1"}

    # In this thread, which has the test's connection: the receipt overtakes the answer.
    gateway = registry.of(SMS)
    gateway.in_flight = 1
    judge = gateway.judge
    gateway.judge = lambda message, status, body: (
        receipt_first(None),
        judge(message, status, b'{"code": 0, "id": "n1"}'),
    )[1]
    deliver_due(LATER, gateways=[gateway])
    assert _sms().receipt is None
    assert DeliveryReceipt.objects.get().matched_at is None
    deliver_due(LATER + timedelta(seconds=15), gateways=[gateway])
    assert _sms().receipt == R.ARRIVED
    assert DeliveryReceipt.objects.get().matched_at is not None


def test_a_receipt_for_what_a_killed_worker_sent_ends_it(town: City, by_sms: Provider) -> None:
    """The worker died after sending: our key in the receipt says that it arrived."""
    town.request(at=AT)
    waiting = _sms()
    Delivery.objects.update(attempts=1, next_attempt_at=LATER + timedelta(minutes=5))
    _post(_said("n9", key=f"{waiting.notice.public_id}-sms"))
    after = _sms()
    assert (after.state, after.receipt, after.provider_id) == (S.SENT, R.ARRIVED, "n9")
    deliver_due(LATER + timedelta(hours=1))
    assert by_sms.got == []


def test_what_arrived_while_its_last_attempt_was_given_up_goes_no_other_way(
    town: City, by_sms: Provider, mail_server: MailServer
) -> None:
    """The provider took it, and told that it arrived before our time-out was recorded."""
    town.request(at=AT)
    waiting = _sms()
    Delivery.objects.filter(pk=waiting.pk).update(attempts=99)
    gateway = registry.of(SMS)
    gateway.in_flight = 1

    def judge(message: Message, status: int, body: bytes) -> Taken:
        arrived = receipts.Report("n1", R.ARRIVED, ident=waiting.notice.public_id)
        receipts.keep("sms", [arrived], LATER)
        raise Undelivered("time-out", suspect=True)

    gateway.judge = judge
    counts = deliver_due(LATER, gateways=[gateway])
    assert counts["passed_on"] == 0
    assert (_sms().state, _sms().receipt) == (S.SENT, R.ARRIVED)
    deliver_due(LATER + timedelta(hours=1))
    assert mail_server.addresses == []


def test_what_did_not_arrive_goes_another_way(sent: Delivery, mail_server: MailServer) -> None:
    _post(_said("n1", "undeliverable"))
    after = _sms()
    assert (after.state, after.receipt) == (S.PASSED_ON, R.FAILED)
    assert after.error == "not arrived undeliverable"
    deliver_due()
    assert mail_server.addresses == ["party@example.org"]


def test_arrived_is_the_last_word(sent: Delivery) -> None:
    _post(_said("n1", "undeliverable"))
    _post(_said("n1"))
    assert (_sms().state, _sms().receipt) == (S.SENT, R.ARRIVED)
    _post(_said("n1", "expired"))
    assert (_sms().state, _sms().receipt) == (S.SENT, R.ARRIVED)


def test_a_receipt_of_nothing_is_kept_and_matched_to_nothing(sent: Delivery) -> None:
    assert _post(_said("unheard of")).status_code == 200
    assert DeliveryReceipt.objects.get().matched_at is None
    assert _sms().receipt is None


@pytest.mark.parametrize("wrong", [{"secret": "another"}, {"age": 301}, {"age": -360}])
def test_a_call_that_is_not_signed_now_by_the_provider_is_refused(
    sent: Delivery, wrong: dict[str, Any]
) -> None:
    assert _post(_said("n1"), **wrong).status_code == 403
    assert DeliveryReceipt.objects.count() == 0


def test_a_call_without_a_signature_is_refused(sent: Delivery) -> None:
    url = reverse("notices:receipts", args=["sms"])
    assert Client().post(url, "{}", content_type="application/json").status_code == 403
    assert Client().get(url).status_code == 405


@pytest.mark.parametrize(
    "body", [b"", b"[", b"[1]", b'{"receipts": [{"status": "arrived"}]}', b"\xff", b"null"]
)
def test_what_cannot_be_read_is_refused(sent: Delivery, body: bytes) -> None:
    assert _post(body).status_code == 400
    assert DeliveryReceipt.objects.count() == 0


@pytest.mark.parametrize("channel", ["email", "in_app", "wechat", "nothing", "webhook"])
def test_a_channel_without_receipts_has_no_such_address(by_sms: Provider, channel: str) -> None:
    assert _post(_said("n1"), channel=channel).status_code == 404


def test_a_provider_without_a_secret_has_no_such_address(
    db: None, by_sms: Provider, settings: object
) -> None:
    settings.SMS_RECEIPT_SECRET = ""
    assert _post(_said("n1"), secret="").status_code == 404


# --- The providers' own shapes ---------------------------------------------------------------

_REPORTS: dict[str, tuple[str, Callable[[], bytes]]] = {
    "aliyun": (
        "application/json",
        lambda: json.dumps(
            [
                {
                    "phone_number": "13800138000", "success": True, "err_code": "DELIVERED",
                    "err_msg": "用户接收成功", "sms_size": "1", "biz_id": "n1", "out_id": "67890",
                }
            ]
        ).encode(),
    ),
    "tencent": (
        "application/json",
        lambda: json.dumps(
            [
                {
                    "mobile": "13800138000", "nationcode": "86", "report_status": "SUCCESS",
                    "errmsg": "DELIVRD", "description": "用户短信送达成功", "sid": "n1",
                }
            ]
        ).encode(),
    ),
    "huawei": (
        "application/x-www-form-urlencoded",
        lambda: urlencode({"smsMsgId": "n1", "status": "DELIVRD", "total": "1"}).encode(),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(_REPORTS))
def test_the_receipt_of_a_provider_that_cannot_sign_shows_the_secret(
    sent: Delivery, settings: object, name: str
) -> None:
    settings.SMS_PROVIDER = name
    kind, body = _REPORTS[name]
    url = registry.receipts_url(SMS)
    assert url.endswith("/receipts/sms/?token=of the receipts")
    path = url.removeprefix(settings.SITE_URL)
    assert Client().post(path.replace("of", "no"), body(), content_type=kind).status_code == 403
    answer = Client().post(path, body(), content_type=kind)
    assert answer.json() == load(f"sms_{name}").receipts.answer
    assert _sms().receipt == R.ARRIVED


def test_every_shape_of_text_messages_is_tried_here() -> None:
    assert {name.removeprefix("sms_") for name in names() if name.startswith("sms_")} == {
        *_REPORTS,
        "plain",
    }


# --- WeChat ----------------------------------------------------------------------------------


def _event(number: str, status: str, event: str = "TEMPLATESENDJOBFINISH") -> bytes:
    return (
        "<xml><ToUserName><![CDATA[gh]]></ToUserName><FromUserName><![CDATA[o1]]></FromUserName>"
        "<CreateTime>1395658920</CreateTime><MsgType><![CDATA[event]]></MsgType>"
        f"<Event><![CDATA[{event}]]></Event><MsgID>{number}</MsgID>"
        f"<Status><![CDATA[{status}]]></Status></xml>"
    ).encode()


def _wechat(body: bytes | None, token: str = TOKEN, **more: str) -> Any:
    timestamp = str(int(time.time()))
    text = "".join(sorted((token, timestamp, "n")))
    query = {"timestamp": timestamp, "nonce": "n", **more}
    query["signature"] = hashlib.sha1(text.encode()).hexdigest()  # noqa: S324 - as the provider signs
    url = f"{reverse('notices:receipts', args=['wechat'])}?{urlencode(query)}"
    return Client().get(url) if body is None else Client().post(url, body, content_type="text/xml")


@pytest.fixture
def followed(db: None, settings: object) -> None:
    settings.WECHAT_APP_ID, settings.WECHAT_TOKEN = "wx1", TOKEN


@pytest.mark.usefixtures("followed")
def test_wechat_asks_once_whether_the_address_is_ours() -> None:
    assert _wechat(None, echostr="echo").content == b"echo"
    assert _wechat(None, token="another", echostr="echo").status_code == 403


@pytest.mark.usefixtures("followed")
def test_the_events_of_wechat_are_receipts() -> None:
    assert _wechat(_event("200163836", "success")).content == b"success"
    assert _wechat(_event("200163840", "failed:user block")).status_code == 200
    kept = DeliveryReceipt.objects.order_by("pk").values_list("provider_id", "outcome")
    assert list(kept) == [("200163836", "arrived"), ("200163840", "failed")]


@pytest.mark.usefixtures("followed")
def test_other_events_of_wechat_are_no_receipts() -> None:
    assert _wechat(_event("1", "", event="subscribe")).status_code == 200
    assert _wechat(b"<xml><MsgType>text</MsgType><Content>x</Content></xml>").status_code == 200
    assert DeliveryReceipt.objects.count() == 0


@pytest.mark.usefixtures("followed")
@pytest.mark.parametrize("body", [b"<xml>", b'<!DOCTYPE x [<!ENTITY a "b">]><xml/>'])
def test_xml_that_is_none_or_brings_a_document_type_is_refused(body: bytes) -> None:
    assert _wechat(body).status_code == 400


def test_parties_told_by_the_dozen_are_matched_in_one_call(town: City, by_sms: Provider) -> None:
    parties(town, 5)
    deliver_due(LATER)
    numbers = Delivery.objects.filter(channel=SMS).values_list("provider_id", flat=True)
    rows = [{"id": number, "status": "arrived"} for number in numbers]
    _post({"receipts": rows})
    assert Delivery.objects.filter(channel=SMS, receipt=R.ARRIVED).count() == 5
