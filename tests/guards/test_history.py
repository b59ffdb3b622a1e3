"""Every model that changes keeps its history by triggers, and personal fields as ciphertext."""

from __future__ import annotations

from typing import Any

import pghistory.core
import pytest
from django.apps import apps
from django.db import connection, models
from django.utils import timezone

from courts.fields import EncryptedTextField
from courts.models import Person
from liaison import services as requests
from liaison.intake import Party
from liaison.rating import rate
from notices.models import Contact
from tests import city
from workorders import services as orders

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
    "cases.Case": "a mirror; the trial business system keeps its history",
    "cases.CaseParticipant": "a mirror; the trial business system keeps its history",
    "cases.CaseNode": "its revisions are its history",
    "cases.RegisteredContact": "a mark; the contact has the history",
    "cases.ImportRun": "a log",
    "cases.ImportChunk": "written once, and gone with its run",
    "cases.Push": "written once",
    "cases.PushDigest": "written once",
    "cases.PushTally": "counts",
    "cases.RejectedLine": "written once, but for how it was settled",
    "notices.Notice": "written once, but for the instant of reading",
    "notices.BouncingAddress": "times and instants are kept in the row",
    "notices.DeliveryReceipt": "written once, but for the instant of matching",
    "notices.NoticeText": "its versions are its history",
    "notices.GatewayState": "how it stands now; what it did is in the deliveries",
    "notices.Delivery": "attempts and their end are kept in the row",
    "liaison.PartySignIn": "attempts and their end are kept in the row",
    "liaison.TimelineEntry": "written once",
    "reports.DaySummary": "counted from what has a history, and to be had again from it",
    "reports.MonthSummary": "counted from what has a history, and to be had again from it",
    "reports.Summarised": "how far was counted",
    "reports.Touched": "what is to be counted anew, and gone when it was",
    "reports.BriefingReading": "written once, but for the instant of reading",
    "reports.BriefingText": "its versions are its history",
    "reports.Edition": "written once",
    "workorders.ContactRecord": "written once",
    "workorders.Transfer": "written once",
    "workorders.Instruction": "written once",
    "reports.FollowUpEntry": "written once",
    "reports.LookBack": "written once",
    "reports.IssueMember": "written once",
    "reports.WatchList": "written once",
    "reports.IssueSearch": "written once",
    "reports.PracticeAcknowledgement": "written once",
    "reports.Export": "a log: how far it is and how it ended are kept in the row",
    "reports.ExportPart": "written once, and gone with its file",
}

# Fields that a history leaves out, each with its reason. What a party wrote, or is named by, is
# not encrypted, because it is searched: it stands in one row, where retention can empty it.
_ONCE = "a party's words, written once"
LEFT_OUT = {
    "courts.ApiClient.last_used_at": "written with each call",
    "courts.Person.last_login": "written with each sign-in",
    "courts.Person.password": "a secret",
    "liaison.Rating.remark": "a party's words; the timeline keeps each as it was given",
    "liaison.Request.dispute_text": "a party's words; the timeline keeps each as it was given",
    "liaison.Request.judge_name": _ONCE,
    "liaison.Request.text": _ONCE,
    "liaison.Request.title": _ONCE,
    "notices.Contact.identity_kind": "written once",
    "notices.Contact.name": "a party's name, written once",
    "reports.Briefing.document": "figures of a draft; the edition keeps those that were published",
    **{
        f"reports.{model}.text": "written once, as the matter is raised"
        for model in (
            "AgendaMatter",
            "Improvement",
            "Interview",
            "Issue",
            "Practice",
            "Problem",
            "ReferralItem",
            "ReferralLot",
        )
    },
    "reports.Interview.agreed": "written once, with the interview",
    "reports.ReferralItem.answer": "the entries keep each as it was given",
    "workorders.Reply.rejection_reason": "written once, with the rejection",
    "reports.Objection.answer": "written once",
    "reports.Objection.reason": "written once",
    "reports.Sheet.comment": "written once",
    "reports.Sheet.frozen": "written once, with the signature",
    "reports.Sheet.statement": "written once",
    "workorders.WorkOrder.note": "the transfers keep each as it was given",
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


def test_histories_leave_out_what_is_listed_and_no_text_stands_in_them() -> None:
    left_out = set()
    for model in _models():
        events = _event_model(model)
        if events is None:
            continue
        copied = {field.name for field in events._meta.get_fields()}
        for field in model._meta.concrete_fields:
            if field.name not in copied:
                left_out.add(f"{model._meta.label}.{field.name}")
            elif isinstance(field, models.TextField):
                assert isinstance(field, EncryptedTextField), f"{field} is free text"
    assert left_out == set(LEFT_OUT)


@pytest.mark.django_db
def test_no_history_holds_what_a_party_wrote() -> None:
    town = city.build()
    words = {"title": "请法官回电", "text": "开庭后没有消息", "judge_name": "王法官"}
    order = town.order(at=timezone.now(), party=Party("张三丰", phone="13800138000"), **words)
    orders.reply(order_id=order.pk, text="已收悉。", by=order.handler)
    rate(request_id=order.request_id, grade="not_satisfied", remark="不知道何时开庭")
    requests.dispute(request_id=order.request_id, text="没有回答所问")
    officer = town.holder("liaison_officer", department=order.department)
    orders.reject_reply(order_id=order.pk, reason="未答复当事人张三丰", by=officer)
    kept = "".join(
        _raw(events) for model in _models() if (events := _event_model(model)) is not None
    )
    assert order.request.number in kept
    for text in (*words.values(), "张三丰", "没有回答所问", "不知道何时开庭"):
        assert text not in kept


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
