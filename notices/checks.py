"""What Django looks at when it starts: the channels of the settings exist and can be used."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Error, Warning, register

from notices import channels
from notices.gateways import registry


@register()
def check_channels(app_configs: Any, **options: Any) -> list[CheckMessage]:
    """Each channel of the policy has a gateway with what it needs."""
    try:
        named = [*channels.party_channels(), *channels.staff_channels()]
    except channels.PolicyError as error:
        return [Error(str(error), id="notices.E001")]
    found: list[CheckMessage] = []
    for channel in dict.fromkeys(named):
        if not registry.is_configured(channel):
            found.append(
                Error(
                    f"The channels name {channel}, and its settings are not given.",
                    id="notices.E002",
                )
            )
            continue
        try:
            registry.of(channel)
        except ValueError as error:
            found.append(Error(f"{channel}: {error}", id="notices.E003"))
            continue
        if channel in ("sms", "wechat") and registry.shape_of_receipts(channel) is None:
            found.append(
                Warning(
                    f"{channel}: no secret of receipts is given, so none is taken.",
                    id="notices.W001",
                )
            )
    return found
