"""Every model that changes keeps its history by triggers, and personal fields as ciphertext."""

from __future__ import annotations

from typing import Any

import pghistory.core
import pytest
from django.apps import apps
from django.db import connection, models

from courts.fields import EncryptedTextField
from courts.models import Person
from notices.models import Contact

OURS = ("courts", "notices", "escalation", "cases", "liaison", "workorders", "reports")
# Models without a history, each with its reason.
WITHOUT = {
    "courts.AccessRecord": "written once",
    "courts.CalendarVersion": "written once",
    "courts.OfficialYear": "written once",
    "courts.PublicSchedule": "written once",
    "courts.NumberSeries": "a counter; the numbers given are its history",
    "courts.AppliedCommand": "written once",
    "courts.IdempotencyRecord": "written once",
    "escalation.Clock": "its events and firings are its history; swept every minute",
    "escalation.ClockEvent": "written once",
    "escalation.Firing": "written once",
    "escalation.FiringRecipient": "written once",
    "escalation.SweepRun": "a log",
    "notices.Notice": "written once, but for the instant of reading",
    "notices.Delivery": "attempts and their end are kept in the row",
    "liaison.TimelineEntry": "written once",
    "workorders.ContactRecord": "written once",
    "workorders.Transfer": "written once",
    "workorders.Instruction": "written once",
}


def _is_history(model: type[models.Model]) -> bool:
    return issubclass(model, pghistory.models.Event)


def _models() -> list[type[models.Model]]:
    return [
        model
        for model in apps.get_models()
        if model._meta.app_label in OURS and not _is_history(model)
    ]


def _event_model(model: type[models.Model]) -> type[models.Model] | None:
    for candidate in apps.get_models():
        if _is_history(candidate) and getattr(candidate, "pgh_tracked_model", None) is model:
            return candidate
    return None


def _triggers(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_trigger WHERE tgrelid = %s::regclass"
            " AND tgname LIKE 'pgtrigger%%' AND tgenabled <> 'D'",
            [table],
        )
        return int(cursor.fetchone()[0])


@pytest.mark.django_db
@pytest.mark.parametrize("model", _models(), ids=lambda model: model._meta.label)
def test_a_changing_model_has_its_triggers(model: type[models.Model]) -> None:
    tracked = _event_model(model) is not None
    if model._meta.label in WITHOUT:
        assert not tracked, "has a history after all: take it off the list"
        return
    assert tracked, "has no history, and no reason for having none"
    assert _triggers(model._meta.db_table) >= 2  # of rows added and of rows changed


def test_the_list_names_no_model_that_is_gone() -> None:
    assert set(WITHOUT) <= {model._meta.label for model in _models()}


SECRETS = {"phone": "13912345678", "id_number": "440100190001011234", "email": "li@example.org"}


def _raw(model: type[models.Model]) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT row_to_json(t)::text FROM "{model._meta.db_table}" t')
        return "\n".join(row[0] for row in cursor.fetchall())


@pytest.mark.django_db
def test_personal_fields_are_ciphertext_in_the_table_and_in_its_history() -> None:
    contact = Contact.objects.create(name="李四", phone="13800138000")
    for name, value in SECRETS.items():
        setattr(contact, name, value)
    contact.save()
    person = Person.objects.create_user("judge", name="法官", mobile="13712345678")
    person.office_phone = "020-1"
    person.save()
    for model in (Contact, Person):
        events: Any = _event_model(model)
        assert events.objects.count() == 2
        for table in (model, events):
            raw = _raw(table)
            assert raw.count("gAAAA") > 0  # how a Fernet token begins
            for value in ("13800138000", "13712345678", *SECRETS.values()):
                assert value not in raw
    contact.refresh_from_db()
    assert {name: getattr(contact, name) for name in SECRETS} == SECRETS


@pytest.mark.django_db
def test_a_change_past_the_model_is_recorded_as_well() -> None:
    contact = Contact.objects.create(name="李四", phone="13800138000")
    Contact.objects.filter(pk=contact.pk).update(phone="13900139000")
    events: Any = _event_model(Contact)
    assert events.objects.filter(pgh_obj_id=contact.pk).count() == 2
    assert "13900139000" not in _raw(Contact) + _raw(events)


def test_history_keeps_encrypted_fields_encrypted() -> None:
    for model in _models():
        events = _event_model(model)
        if events is None:
            continue
        copied = {field.name: field for field in events._meta.get_fields()}
        for field in model._meta.get_fields():
            if isinstance(field, EncryptedTextField) and field.name in copied:
                assert isinstance(copied[field.name], EncryptedTextField), field
