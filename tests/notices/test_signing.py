"""Signatures as the providers publish them, and as our own interfaces want them."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from urllib.parse import parse_qs, urlsplit

import pytest

from notices.gateways.shape import ShapeError, at, code_of, filled, load, needed
from notices.gateways.signing import (
    SCHEMES,
    Call,
    Signer,
    aliyun_signature,
    body_signature,
    is_body_signed,
    tencent_authorization,
)


def test_the_published_example_of_aliyun() -> None:
    fields = {
        "AccessKeyId": "testId", "SignatureMethod": "HMAC-SHA1", "SignatureVersion": "1.0",
        "SignatureNonce": "45e25e9b-0a6f-4070-8c85-2956eda1b466",
        "Timestamp": "2017-07-12T02:42:19Z", "Format": "XML", "Action": "SendSms",
        "Version": "2017-05-25", "RegionId": "cn-hangzhou", "PhoneNumbers": "15300000001",
        "SignName": "阿里云短信测试专用", "TemplateParam": '{"customer":"test"}',
        "TemplateCode": "SMS_71390007", "OutId": "123",
    }  # fmt: skip
    assert aliyun_signature(fields, "testSecret", "GET") == "zJDF+Lrzhj/ThnlvIToysFRq6t4="


def test_the_published_example_of_tencent() -> None:
    signer = Signer(
        "AKIDz8krbsJ5yKBZQpn74WFkmLPx3*******", "Gu5t9xGARNpq86cd98joQYCN3*******", 1551113065, ""
    )
    body = (
        b'{"Limit": 1, "Filters": [{"Values": ["\\u672a\\u547d\\u540d"], "Name": "instance-name"}]}'
    )
    found = tencent_authorization(
        body, signer, service="cvm", host="cvm.tencentcloudapi.com", action=""
    )
    assert found.endswith("2230eefd229f582d8b1b891af7107b91597240707d778ab3738f756258d7652c")
    assert "/2019-02-25/cvm/tc3_request" in found


def test_huawei_is_shown_a_digest_and_never_the_secret() -> None:
    call = Call("https://sms.example/sms/batchSendSms/v1", "form", {"to": "1"})
    SCHEMES["wsse"](call, Signer("app", "secret", 1551113065, "abc"))
    wanted = base64.b64encode(hashlib.sha256(b"abc2019-02-25T16:44:25Zsecret").digest()).decode()
    assert f'PasswordDigest="{wanted}"' in call.headers["X-WSSE"]
    assert "secret" not in str(call.headers)


def test_a_bot_of_dingtalk_is_not_sent_its_secret() -> None:
    call = Call("https://oapi.dingtalk.com/robot/send?access_token=t&secret=SEC1", "json", {})
    SCHEMES["dingtalk"](call, Signer("", "", 1551113065, ""))
    query = parse_qs(urlsplit(call.url).query)
    digest = hmac.new(b"SEC1", b"1551113065000\nSEC1", hashlib.sha256).digest()
    assert query == {
        "access_token": ["t"],
        "timestamp": ["1551113065000"],
        "sign": [base64.b64encode(digest).decode()],
    }


def test_a_bot_of_feishu_is_signed_in_its_body() -> None:
    call = Call("https://open.feishu.cn/open-apis/bot/v2/hook/t?secret=s", "json", {"a": 1})
    SCHEMES["feishu"](call, Signer("", "", 1551113065, ""))
    digest = hmac.new(b"1551113065\ns", b"", hashlib.sha256).digest()
    assert call.fields["sign"] == base64.b64encode(digest).decode()
    assert "secret" not in call.url


def test_a_body_is_signed_with_its_instant() -> None:
    headers = {"X-Timestamp": "1000", "X-Signature": body_signature("s", "1000", b"{}")}
    assert is_body_signed("s", headers, b"{}", 1000 + 300)
    assert not is_body_signed("s", headers, b"{}", 1000 + 301)
    assert not is_body_signed("s", headers, b"{ }", 1000)
    assert not is_body_signed("t", headers, b"{}", 1000)
    assert not is_body_signed("", headers, b"{}", 1000)
    for timestamp in ("", "x", "-1000", "１０００", "1e3"):
        forged = headers | {"X-Timestamp": timestamp}
        assert not is_body_signed("s", forged, b"{}", 1000), timestamp


# --- Shapes ----------------------------------------------------------------------------------


def test_a_name_alone_stands_for_the_value_itself() -> None:
    template = {"a": "{list}", "b": ["+86{phone}"], "c": {"d": "x{phone}y"}, "e": 1}
    values = {"list": ["1", "2"], "phone": "138"}
    assert filled(template, values) == {
        "a": ["1", "2"],
        "b": ["+86138"],
        "c": {"d": "x138y"},
        "e": 1,
    }
    with pytest.raises(ShapeError, match="phone"):
        filled(template, {"list": []})


def test_what_a_shape_needs_is_read_from_it() -> None:
    assert {"sign_name", "template", "params_json", "key", "address"} == needed(load("sms_aliyun"))
    with pytest.raises(ShapeError, match="no_such"):
        load("no_such")


def test_places_of_an_answer() -> None:
    answer = json.loads('{"Response": {"SendStatusSet": [{"Code": "Ok"}]}}')
    assert at("Response.SendStatusSet.0.Code", answer) == "Ok"
    assert at("Response.SendStatusSet.1.Code", answer) is None
    assert at("Response.Error.Code", answer) is None
    assert at("x", None) is None


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("isv.BUSINESS_LIMIT_CONTROL", "isv.BUSINESS_LIMIT_CONTROL"),
        (-1, "-1"),
        ("13800138000 is unknown", ""),
        ("13800138000", ""),
        ("用户不存在", ""),
        (None, ""),
    ],
)
def test_an_error_is_kept_as_a_code_or_not_at_all(said: object, kept: str) -> None:
    assert code_of(said) == kept
