"""Staff are told of an order at once in the application, and by mail in opening hours."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from notices.models import Delivery
from tests.city import City, local
from workorders.kinds import tell


@pytest.mark.parametrize(
    ("at", "mailed_at"),
    [
        (local(2020, 6, 5, 16), local(2020, 6, 5, 16)),
        (local(2020, 6, 5, 20), local(2020, 6, 8, 9)),  # Friday evening
        (local(2020, 6, 8, 7), local(2020, 6, 8, 9)),
        (local(2020, 6, 25, 10), local(2020, 6, 28, 9)),  # festival; the Sunday is made up
    ],
)
def test_mail_about_an_order_waits_for_opening_hours(
    town: City, at: datetime, mailed_at: datetime
) -> None:
    town.order(at=at)
    told = Delivery.objects.filter(notice__kind="order.dispatched", notice__person=town.judge())
    instants = dict(told.values_list("channel", "next_attempt_at"))
    assert instants == {Delivery.Channel.IN_APP: at, Delivery.Channel.EMAIL: mailed_at}


def test_telling_takes_as_many_statements_whoever_is_told(town: City) -> None:
    counts = []
    for to_officer in (False, True):
        order = town.order(at=local(2020, 6, 5))
        with CaptureQueriesContext(connection) as asked:
            tell(order, "order.urge", at=local(2020, 6, 5), to_officer=to_officer)
        counts.append(len(asked))
    assert counts[0] == counts[1]
