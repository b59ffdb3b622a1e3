"""A completion that fails must neither hold up the others nor be tried without end."""

from __future__ import annotations

from typing import Any

import pytest

from liaison.models import Request
from tests.city import City, local
from workorders import services
from workorders.lifecycle import OrderState
from workorders.models import WorkOrder


def test_an_order_that_cannot_complete_holds_up_no_other(
    town: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    stuck, free = town.order(at=local(2020, 6, 5)), town.order(at=local(2020, 6, 5, 11))
    for order in (stuck, free):
        services.reply(
            order_id=order.pk, text="已答复。", by=town.judge(), at=local(2020, 6, 8, 10)
        )
    # A row as no verb leaves it: damaged by hand, say.
    Request.objects.filter(pk=stuck.request_id).update(state="withdrawn")
    calls, complete = [], services.complete

    def counted(**values: Any) -> WorkOrder:
        calls.append(values["order_id"])
        assert len(calls) < 10, "it tries without end"
        return complete(**values)

    monkeypatch.setattr(services, "complete", counted)
    assert services.complete_due(local(2020, 8, 3)) == 1
    assert calls == [stuck.pk, free.pk]
    free.refresh_from_db()
    assert free.state == OrderState.COMPLETED
