"""The gateways that a deployment has, as its settings say."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.urls import reverse

from courts import site
from notices.channels import Channel, party_channels, staff_channels
from notices.gateways import Gateway
from notices.gateways.email import EmailGateway
from notices.gateways.http import HttpGateway
from notices.gateways.shape import Shape, load
from notices.gateways.wechat import WeChatGateway


def _sms() -> Gateway:
    return HttpGateway(
        load(f"sms_{settings.SMS_PROVIDER}"),
        url=settings.SMS_URL,
        account=settings.SMS_ACCOUNT,
        secret=settings.SMS_SECRET,
        options=settings.SMS_OPTIONS | {"receipts_url": receipts_url(Channel.SMS)},
        params=settings.SMS_PARAMS,
        is_short=True,
    )


def _webhook() -> Gateway:
    return HttpGateway(load("webhook"), url=settings.WEBHOOK_URL, secret=settings.WEBHOOK_SECRET)


def _chat(channel: Channel) -> Callable[[], Gateway]:
    return lambda: HttpGateway(load(channel))


_MAKERS: dict[str, Callable[[], Gateway]] = {
    Channel.EMAIL: EmailGateway,
    Channel.SMS: _sms,
    Channel.WECHAT: WeChatGateway,
    Channel.WECOM: _chat(Channel.WECOM),
    Channel.DINGTALK: _chat(Channel.DINGTALK),
    Channel.FEISHU: _chat(Channel.FEISHU),
    Channel.WEBHOOK: _webhook,
}


def is_configured(channel: str) -> bool:
    """Whether a deployment has given what a channel needs."""
    if channel == Channel.SMS:
        return bool(settings.SMS_URL)
    if channel == Channel.WECHAT:
        return bool(settings.WECHAT_APP_ID)
    if channel == Channel.WEBHOOK:
        return bool(settings.WEBHOOK_URL and settings.WEBHOOK_SECRET)
    if channel in (Channel.WECOM, Channel.DINGTALK, Channel.FEISHU):
        return channel in staff_channels()  # each address has its own key
    return channel in (Channel.EMAIL, Channel.IN_APP)


def of(channel: str) -> Gateway:
    """The gateway of a channel; ``ValueError`` where its settings are not complete."""
    return _MAKERS[channel]()


def configured() -> list[str]:
    """The channels with a gateway, in the order of the policy, e-mail always among them."""
    order = [*party_channels(), *staff_channels(), Channel.EMAIL]
    order += [channel for channel in _MAKERS if is_configured(channel)]
    return [str(channel) for channel in dict.fromkeys(order) if is_configured(channel)]


def shape_of_receipts(channel: str) -> tuple[Shape, str] | None:
    """How receipts of a channel look and the secret they are signed with; None: it has none."""
    secrets = {
        Channel.SMS: settings.SMS_RECEIPT_SECRET,
        Channel.WECHAT: settings.WECHAT_TOKEN,
        Channel.WEBHOOK: settings.WEBHOOK_SECRET,
    }
    secret = secrets.get(Channel(channel), "") if channel in Channel.values else ""
    if not secret or not is_configured(channel):
        return None
    shape = load(f"sms_{settings.SMS_PROVIDER}" if channel == Channel.SMS else channel)
    return (shape, secret) if shape.receipts else None


def receipts_url(channel: str) -> str:
    """Where a provider sends its receipts; with its secret where it cannot sign."""
    url = site.address(reverse("notices:receipts", args=[channel]))
    if channel == Channel.SMS and load(f"sms_{settings.SMS_PROVIDER}").receipts_sign == "token":
        url += f"?token={settings.SMS_RECEIPT_SECRET}"
    return url
