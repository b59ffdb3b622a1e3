"""The policy of channels: which a recipient can take, and in which order they are tried.

Staff see every notice in the application. Outside it a notice goes through one channel at a
time: the first of ``STAFF_CHANNELS`` or ``PARTY_CHANNELS`` that its recipient can take and has
not refused. Where that one gives up, the next is tried. The conditions are SQL, because the
outbox chooses for thousands of rows in the statement that writes them.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Channel(models.TextChoices):
    """The ways by which a notice may go."""

    IN_APP = "in_app", _("in the application")
    EMAIL = "email", _("e-mail")
    SMS = "sms", _("text message")
    WECHAT = "wechat", _("WeChat official account")
    WECOM = "wecom", _("WeCom")
    DINGTALK = "dingtalk", _("DingTalk")
    FEISHU = "feishu", _("Feishu")
    WEBHOOK = "webhook", _("signed webhook")


# Channels whose addresses are rows of ``notices.Address``; the others have a field of their own,
# or one address for all.
ADDRESSED = (Channel.WECHAT, Channel.WECOM, Channel.DINGTALK, Channel.FEISHU)
STAFF_MAY = (
    Channel.EMAIL,
    Channel.SMS,
    Channel.WECOM,
    Channel.DINGTALK,
    Channel.FEISHU,
    Channel.WEBHOOK,
)
PARTIES_MAY = (Channel.SMS, Channel.WECHAT, Channel.EMAIL, Channel.WEBHOOK)

_FIELDS = {
    Channel.EMAIL: {"person": "person.email <> ''", "contact": "contact.email <> ''"},
    Channel.SMS: {"person": "person.mobile <> ''", "contact": "contact.phone <> ''"},
    Channel.WEBHOOK: {"person": "true", "contact": "true"},
}
_LISTED = (
    "EXISTS (SELECT FROM notices_address AS address"
    " WHERE address.{table}_id = {table}.id AND address.channel = '{channel}')"
)


class PolicyError(ValueError):
    """The settings name a channel that is none, or not one for these recipients."""


def staff_channels() -> tuple[str, ...]:
    """Channels for staff beside the application, in order; raises ``PolicyError``."""
    return _checked("STAFF_CHANNELS", STAFF_MAY)


def party_channels() -> tuple[str, ...]:
    """Channels for parties, in order; raises ``PolicyError``."""
    return _checked("PARTY_CHANNELS", PARTIES_MAY)


def _checked(setting: str, may: Sequence[Channel]) -> tuple[str, ...]:
    given = tuple(getattr(settings, setting))
    if wrong := [name for name in given if name not in may]:
        known = ", ".join(may)
        raise PolicyError(f"{setting}: {', '.join(wrong)} is none of {known}")
    if len(set(given)) != len(given):
        raise PolicyError(f"{setting} names a channel twice")
    return given


def choice(*, besides: str = "") -> str:
    """SQL: the channel of a notice outside the application, or NULL where there is none.

    It reads the rows ``notice``, ``person`` and ``contact`` (the last two by outer joins).
    ``besides`` is a condition on a channel, written ``{channel}``, for it to be chosen.
    """
    return _choice(staff_channels(), party_channels(), besides)


@lru_cache(maxsize=8)
def _choice(staff: tuple[str, ...], parties: tuple[str, ...], besides: str) -> str:
    return (
        "CASE WHEN notice.person_id IS NOT NULL"
        f" THEN {_first('person', staff, besides)} ELSE {_first('contact', parties, besides)} END"
    )


def _first(table: str, channels: Sequence[str], besides: str) -> str:
    cases = []
    for channel in channels:
        condition = takes(channel, table)
        if besides:
            condition += f" AND {besides.format(channel=channel)}"
        cases.append(f"WHEN {condition} THEN '{channel}'")
    return f"CASE {' '.join(cases)} END" if cases else "NULL"


def takes(channel: str, table: str) -> str:
    """SQL: whether a ``person`` or ``contact`` can take a channel, and has not refused it."""
    field = _FIELDS.get(Channel(channel))
    condition = field[table] if field else _LISTED.format(table=table, channel=channel)
    if table == "contact":
        condition += f" AND NOT contact.refused_channels ? '{channel}'"
    return condition
