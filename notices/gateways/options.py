"""What a deployment says of each gateway: how many a second, what a message costs."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from django.conf import settings

from notices.gateways import Price


def rate_of(channel: str) -> float | None:
    """How many messages a second (``GATEWAY_RATES``); raises ``ValueError`` for what is none."""
    given = settings.GATEWAY_RATES.get(channel)
    if given is None:
        return None
    rate = float(given)
    if not 0 < rate < float("inf"):
        raise ValueError(f"GATEWAY_RATES: {channel} must be above 0")
    return rate


def price_of(channel: str) -> Price | None:
    """What a message costs (``GATEWAY_PRICES``: ``0.045 CNY``); ``ValueError`` for what is none."""
    given = settings.GATEWAY_PRICES.get(channel)
    if given is None:
        return None
    amount, _space, currency = given.strip().partition(" ")
    try:
        value = Decimal(amount)
    except InvalidOperation:
        raise ValueError(f"GATEWAY_PRICES: {channel} needs an amount and a currency") from None
    if value < 0 or len(currency) != 3 or not currency.isupper():
        raise ValueError(f"GATEWAY_PRICES: {channel} needs an amount and a currency")
    return Price(value, currency)
