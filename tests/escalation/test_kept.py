"""What rows refer to without a key of their own is never deleted, whoever asks for it."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from courts.models import CalendarVersion, Court, Department, Person
from escalation.models import Clock, Firing
from escalation.sweep import sweep
from notices.models import Notice
from tests.city import City, local
from tests.escalation.timed import register_once


@pytest.mark.parametrize(
    "model", [CalendarVersion, Court, Department, Person, Clock, Firing, Notice]
)
def test_the_database_deletes_none(
    town: City,
    model: type[CalendarVersion | Court | Department | Person | Clock | Firing | Notice],
) -> None:
    register_once(town, local(2020, 6, 5, 14))
    sweep(local(2020, 6, 11, 9))
    before = model.objects.count()
    assert before
    with (
        pytest.raises(DatabaseError, match="Cannot delete rows"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"DELETE FROM {model._meta.db_table}")
    assert model.objects.count() == before
