"""How providers want calls signed, and how their receipts are known to be theirs.

Pure: the instant and the nonce are given. Each scheme changes the call that is to be sent.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

# A signed call older or younger than this is not believed (seconds).
TOLERANCE = 300
TIMESTAMP, SIGNATURE = "X-Timestamp", "X-Signature"


@dataclass
class Call:
    """A call that is to be sent. ``fields`` becomes the body when all else is settled."""

    url: str
    format: str
    fields: dict[str, Any]
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def content_type(self) -> str:
        """The type of the body."""
        if self.format == "form":
            return "application/x-www-form-urlencoded"
        return "application/json; charset=utf-8"

    @property
    def body(self) -> bytes:
        """The body as it goes over the line."""
        if self.format == "form":
            return urlencode(self.fields).encode()
        return json.dumps(self.fields, ensure_ascii=False, separators=(",", ":")).encode()


@dataclass(frozen=True)
class Signer:
    """Who signs, when, and a number used once."""

    account: str
    secret: str
    at: float
    nonce: str

    @property
    def moment(self) -> str:
        """The instant as ISO 8601 in UTC."""
        return datetime.fromtimestamp(self.at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def body_signature(secret: str, timestamp: str, body: bytes) -> str:
    """Hexadecimal HMAC-SHA256 over ``timestamp.body``, as webhooks and receipts carry it."""
    signed = timestamp.encode() + b"." + body
    return hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


def is_body_signed(secret: str, headers: Mapping[str, str], body: bytes, at: float) -> bool:
    """Whether instant and body were signed with the secret, and lately."""
    timestamp, signature = headers.get(TIMESTAMP, ""), headers.get(SIGNATURE, "")
    if not secret or not timestamp.isascii() or not timestamp.isdigit():
        return False
    if abs(at - int(timestamp[:12])) > TOLERANCE:
        return False
    return hmac.compare_digest(
        body_signature(secret, timestamp, body).encode(), signature.encode("utf-8", "replace")
    )


def is_wechat_signed(token: str, query: Mapping[str, str], at: float) -> bool:
    """Whether WeChat signed a call to us: SHA-1 over token, timestamp and nonce, sorted."""
    timestamp, nonce = query.get("timestamp", ""), query.get("nonce", "")
    if not token or not timestamp.isascii() or not timestamp.isdigit():
        return False
    if abs(at - int(timestamp[:12])) > TOLERANCE:
        return False
    text = "".join(sorted((token, timestamp, nonce)))
    wanted = hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()
    return hmac.compare_digest(wanted.encode(), query.get("signature", "").encode())


def _none(call: Call, signer: Signer) -> None:
    pass


def _hmac_body(call: Call, signer: Signer) -> None:
    timestamp = str(int(signer.at))
    call.headers[TIMESTAMP] = timestamp
    call.headers[SIGNATURE] = body_signature(signer.secret, timestamp, call.body)
    if signer.account:
        call.headers["X-Account"] = signer.account


def _aliyun_rpc(call: Call, signer: Signer) -> None:
    call.fields |= {
        "AccessKeyId": signer.account,
        "SignatureMethod": "HMAC-SHA1",
        "SignatureVersion": "1.0",
        "SignatureNonce": signer.nonce,
        "Timestamp": signer.moment,
    }
    call.fields["Signature"] = aliyun_signature(call.fields, signer.secret, "POST")


def aliyun_signature(fields: Mapping[str, Any], secret: str, method: str) -> str:
    """Base64 HMAC-SHA1 over the fields in the order of their names."""
    listed = "&".join(f"{_quoted(name)}={_quoted(str(fields[name]))}" for name in sorted(fields))
    signed = f"{method}&{_quoted('/')}&{_quoted(listed)}"
    digest = hmac.new(f"{secret}&".encode(), signed.encode(), hashlib.sha1).digest()
    return base64.b64encode(digest).decode()


def _quoted(text: str) -> str:
    return quote(text, safe="~")


def _tencent_v3(call: Call, signer: Signer) -> None:
    host = urlsplit(call.url).netloc
    call.headers["X-TC-Timestamp"] = str(int(signer.at))
    call.headers["Content-Type"] = call.content_type
    call.headers["Authorization"] = tencent_authorization(
        call.body, signer, service="sms", host=host, action=call.headers.get("X-TC-Action", "")
    )


def tencent_authorization(
    body: bytes, signer: Signer, *, service: str, host: str, action: str
) -> str:
    """The header of signature version 3 over a JSON body, its host and its action."""
    day = signer.moment[:10]
    headers = f"content-type:application/json; charset=utf-8\nhost:{host}\n"
    names = "content-type;host"
    if action:
        headers += f"x-tc-action:{action.lower()}\n"
        names += ";x-tc-action"
    canonical = f"POST\n/\n\n{headers}\n{names}\n{hashlib.sha256(body).hexdigest()}"
    scope = f"{day}/{service}/tc3_request"
    hashed = hashlib.sha256(canonical.encode()).hexdigest()
    to_sign = f"TC3-HMAC-SHA256\n{int(signer.at)}\n{scope}\n{hashed}"
    key = f"TC3{signer.secret}".encode()
    for part in (day, service, "tc3_request"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    signature = hmac.new(key, to_sign.encode(), hashlib.sha256).hexdigest()
    return (
        f"TC3-HMAC-SHA256 Credential={signer.account}/{scope}, SignedHeaders={names},"
        f" Signature={signature}"
    )


def _wsse(call: Call, signer: Signer) -> None:
    digest = hashlib.sha256(f"{signer.nonce}{signer.moment}{signer.secret}".encode()).digest()
    call.headers["Authorization"] = 'WSSE realm="SDP",profile="UsernameToken",type="Appkey"'
    call.headers["X-WSSE"] = (
        f'UsernameToken Username="{signer.account}",'
        f'PasswordDigest="{base64.b64encode(digest).decode()}",'
        f'Nonce="{signer.nonce}",Created="{signer.moment}"'
    )


def _dingtalk(call: Call, signer: Signer) -> None:
    secret, query = _taken_out(call)
    if secret:
        timestamp = str(int(signer.at * 1000))
        query |= {"timestamp": timestamp, "sign": _signed(secret, f"{timestamp}\n{secret}")}
    _put_back(call, query)


def _feishu(call: Call, signer: Signer) -> None:
    secret, query = _taken_out(call)
    if secret:
        timestamp = str(int(signer.at))
        call.fields |= {"timestamp": timestamp, "sign": _signed(f"{timestamp}\n{secret}", "")}
    _put_back(call, query)


def _signed(key: str, text: str) -> str:
    return base64.b64encode(hmac.new(key.encode(), text.encode(), hashlib.sha256).digest()).decode()


def _taken_out(call: Call) -> tuple[str, dict[str, str]]:
    """The bot's own secret, which its address holds for us and nobody else is sent."""
    query = dict(parse_qsl(urlsplit(call.url).query))
    return query.pop("secret", ""), query


def _put_back(call: Call, query: Mapping[str, str]) -> None:
    call.url = urlunsplit(urlsplit(call.url)._replace(query=urlencode(query)))


SCHEMES: dict[str, Callable[[Call, Signer], None]] = {
    "none": _none,
    "hmac_body": _hmac_body,
    "aliyun_rpc": _aliyun_rpc,
    "tencent_v3": _tencent_v3,
    "wsse": _wsse,
    "dingtalk": _dingtalk,
    "feishu": _feishu,
}
