"""Each provider of text messages in its own shape, over real HTTP."""

from __future__ import annotations

import json
from typing import Any

import pytest

from notices.gateways import Message, Taken, Undelivered, Unreachable, registry
from notices.gateways.signing import aliyun_signature
from tests.notices.provider import Provider

MESSAGE = Message(
    ident="7f0f2f6e-0000-4000-8000-000000000000",
    address="13800138000",
    subject="诉求已登记",
    body="诉求已登记。https://requests.court.example/track/",
    channel="sms",
    number="SF20261102-00001",
    url="https://requests.court.example/track/",
)
KEY = f"{MESSAGE.ident}-sms"
OPTIONS = {
    "plain": {"sign_name": "示范法院"},
    "aliyun": {"sign_name": "示范法院", "template": "SMS_1"},
    "tencent": {
        "sign_name": "示范法院",
        "template": "1110",
        "app_id": "1400",
        "region": "ap-guangzhou",
    },
    "huawei": {"sign_name": "示范法院", "template": "t1", "sender": "8824"},
}
# What a provider says when it took a message, when it will never, and when it is out of order.
GOOD: dict[str, Any] = {
    "plain": {"code": 0, "id": "n1"},
    "aliyun": {"Code": "OK", "BizId": "n1", "Message": "OK", "RequestId": "r"},
    "tencent": {
        "Response": {
            "SendStatusSet": [{"Code": "Ok", "SerialNo": "n1", "Fee": 2, "PhoneNumber": "+86138"}],
            "RequestId": "r",
        }
    },
    "huawei": {"code": "000000", "result": [{"smsMsgId": "n1", "status": "000000"}]},
}
NEVER: dict[str, Any] = {
    "plain": {"code": 400},
    "aliyun": {"Code": "isv.MOBILE_NUMBER_ILLEGAL", "Message": "13800138000 is illegal"},
    "tencent": {
        "Response": {
            "SendStatusSet": [
                {"Code": "FailedOperation.PhoneNumberInBlacklist", "Message": "+8613800138000"}
            ]
        }
    },
    "huawei": {"code": "E000510", "result": [{"status": "E200015", "originTo": "+8613800138000"}]},
}
OUT_OF_ORDER: dict[str, Any] = {
    "plain": {"code": 402},
    "aliyun": {"Code": "isv.AMOUNT_NOT_ENOUGH"},
    "tencent": {"Response": {"Error": {"Code": "AuthFailure.SignatureExpire", "Message": "x"}}},
    "huawei": {"code": "E000101", "description": "Authentication failed."},
}
NAMES = sorted(GOOD)


@pytest.fixture(params=NAMES)
def name(request: pytest.FixtureRequest, provider: Provider, settings: Any) -> str:
    """The shape of the provider that is set up."""
    settings.SMS_PROVIDER, settings.SMS_URL = request.param, f"{provider.url}/"
    settings.SMS_ACCOUNT, settings.SMS_SECRET = "account", "of the provider"
    settings.SMS_OPTIONS = OPTIONS[request.param]
    settings.SMS_PARAMS = {"number": "number", "link": "url"}
    return str(request.param)


def _send() -> Taken:
    with registry.of("sms").open() as session:
        return session.send(MESSAGE)


def test_a_message_is_taken(name: str, provider: Provider) -> None:
    provider.answer = lambda got: (200, GOOD[name])
    taken = _send()
    assert taken.provider_id == "n1"
    assert taken.units == (2 if name == "tencent" else 1)
    (got,) = provider.got
    said = json.dumps(got.fields, ensure_ascii=False)
    assert "13800138000" in said
    assert "of the provider" not in said + str(got.headers)
    if name != "plain":
        assert MESSAGE.number in said
        assert KEY in said


def test_what_is_refused_for_good_names_no_number(name: str, provider: Provider) -> None:
    provider.answer = lambda got: (200, NEVER[name])
    with pytest.raises(Undelivered) as refused:
        _send()
    assert refused.value.permanent
    assert "138" not in refused.value.reason


def test_a_provider_out_of_order_is_no_messages_fault(name: str, provider: Provider) -> None:
    provider.answer = lambda got: (200, OUT_OF_ORDER[name])
    with pytest.raises(Unreachable):
        _send()


def test_another_refusal_is_tried_again(name: str, provider: Provider) -> None:
    given = json.loads(json.dumps(NEVER[name]).replace("E200015", "E200099"))
    text = json.dumps(given)
    for code in ("isv.MOBILE_NUMBER_ILLEGAL", "FailedOperation.PhoneNumberInBlacklist"):
        text = text.replace(code, "isv.SOMETHING_NEW")
    provider.answer = lambda got: (200, text.replace("400}", "7}").encode())
    with pytest.raises(Undelivered) as refused:
        _send()
    assert not refused.value.permanent
    assert not refused.value.suspect


@pytest.mark.parametrize("name", ["aliyun"], indirect=True)
def test_aliyun_can_verify_the_signature(name: str, provider: Provider) -> None:
    provider.answer = lambda got: (200, GOOD[name])
    _send()
    fields = provider.got[0].fields
    signature = fields.pop("Signature")
    assert aliyun_signature(fields, "of the provider", "POST") == signature
    assert json.loads(fields["TemplateParam"]) == {"number": MESSAGE.number, "link": MESSAGE.url}


@pytest.mark.parametrize("name", ["tencent"], indirect=True)
def test_tencent_is_named_its_action_and_the_variables_in_order(
    name: str, provider: Provider
) -> None:
    provider.answer = lambda got: (200, GOOD[name])
    _send()
    got = provider.got[0]
    assert got.headers["X-TC-Action"] == "SendSms"
    assert got.headers["Authorization"].startswith("TC3-HMAC-SHA256 Credential=account/")
    assert got.fields["TemplateParamSet"] == [MESSAGE.number, MESSAGE.url]
    assert got.fields["PhoneNumberSet"] == ["+8613800138000"]
