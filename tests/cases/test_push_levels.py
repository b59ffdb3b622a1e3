"""What leaves the court's network: that there is news, and of sensitive matters not even that."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from cases.models import (
    Capacity,
    Case,
    CaseNode,
    CaseParticipant,
    PartyRole,
    Push,
    PushPreference,
    SensitiveChoice,
)
from notices.delivery import deliver_due
from notices.models import Delivery, Notice
from tests.cases.mirrored import arrive, case, contact, node, participant, withdraw
from tests.city import City

LANGUAGES = ("zh-hans", "en")
CAUSE = "离婚纠纷"


def send(after: timedelta = timedelta(0)) -> dict[str, int]:
    """Deliver what waits, whatever the hour."""
    Delivery.objects.filter(state="pending").update(next_attempt_at=timezone.now())
    return dict(deliver_due())


def told(one: Case, person: object = None, **fields: object) -> CaseNode:
    """A node of a case that just arrived."""
    now = timezone.now()
    arrived = node(
        one, occurred_at=now, details={"place": "第三法庭", "starts_at": now.isoformat()}, **fields
    )
    arrive([arrived], at=now)
    return arrived


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("sensitivity", Case.Sensitivity.values)
@pytest.mark.parametrize("chosen", ["", "nothing", "neutral", "news"])
def test_no_gateway_is_told_more_than_it_may(
    town: City, language: str, sensitivity: str, chosen: str, mailoutbox: list
) -> None:
    one = case(
        town.east, sensitivity=sensitivity, cause_name=CAUSE, judge_name="沈法官",
        procedure_name="简易程序",
    )  # fmt: skip
    person = contact("周小满", language=language)
    participant(one, person)
    if chosen:
        SensitiveChoice.objects.create(contact=person, outside=chosen)
    arrived = told(one)
    told(one, after=arrived)
    send()
    level = "news" if sensitivity == "none" else chosen
    if not level:
        level = "neutral" if sensitivity in ("divorce", "minors") else "nothing"
    assert Notice.objects.filter(contact=person).count() == 2  # to be read after signing in
    assert len(mailoutbox) == (0 if level == "nothing" else 1)  # the first was superseded
    secrets = (one.number, one.source_id, CAUSE, "周小满", "沈法官", "简易程序", "第三法庭",
               "Hearing", "开庭", town.east.name)  # fmt: skip
    for message in mailoutbox:
        text = f"{message.subject}\n{message.body}"
        assert not [secret for secret in secrets if secret in text]
        # An invariant of both languages, before and after the translation is merged.
        assert "/me/" in text
        if level == "neutral" and language == "en":
            assert "case" not in text.lower()


@pytest.mark.django_db
def test_it_says_that_it_is_no_formal_service(town: City, mailoutbox: list) -> None:
    one = case(town.east)
    participant(one, contact(language="en"))
    first = told(one)
    send()
    second = told(one, after=first)
    send()
    withdraw(second)
    arrive([second], at=timezone.now())
    send()
    subjects = [message.subject for message in mailoutbox]
    assert subjects == [
        "Your case has news",
        "A message about your case was corrected",
        "A message about your case was withdrawn",
    ]
    for message in mailoutbox:
        assert "not formal service of documents" in message.body


@pytest.mark.django_db
def test_a_correction_of_what_never_went_out_is_plain_news(town: City, mailoutbox: list) -> None:
    one = case(town.east)
    participant(one, contact(language="en"))
    first = told(one)
    told(one, after=first)
    assert send() == {"sent": 1, "dropped": 1, "failed": 0}
    assert [message.subject for message in mailoutbox] == ["Your case has news"]


@pytest.mark.django_db
def test_what_was_withdrawn_before_it_went_out_is_never_heard_of(
    town: City, mailoutbox: list
) -> None:
    one = case(town.east)
    participant(one)
    first = withdraw(told(one))
    arrive([first], at=timezone.now())
    assert Push.objects.count() == 2
    send()
    assert not mailoutbox
    assert set(Delivery.objects.values_list("state", flat=True)) == {"dropped"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [
        lambda one, person: CaseParticipant.objects.update(is_removed=True),
        lambda one, person: CaseParticipant.objects.update(left_at=timezone.now()),
        lambda one, person: CaseParticipant.objects.update(capacity=Capacity.DEFENDER),
        lambda one, person: Case.objects.update(is_withdrawn=True),
        lambda one, person: Case.objects.update(sensitivity="domestic_violence"),
        lambda one, person: PushPreference.objects.create(
            contact=person, kind="", is_wanted=False
        ),
        lambda one, person: PushPreference.objects.create(
            contact=person, kind="preservation_executed", is_wanted=False
        ),
    ],
    ids=["removed", "left", "no longer entitled", "void", "sensitive now", "refused all",
         "refused it"],
)  # fmt: skip
def test_what_changed_before_it_went_out_is_asked_again(
    town: City, mailoutbox: list, change: object
) -> None:
    one, person = case(town.east), contact()
    participant(one, person, role=PartyRole.APPLICANT)
    told(one, kind="preservation_executed")
    change(one, person)
    assert send()["dropped"] == 1
    assert not mailoutbox


@pytest.mark.django_db
def test_a_digest_says_as_little_as_the_most_sensitive_of_it(town: City, mailoutbox: list) -> None:
    person = contact(language="en")
    now = timezone.now()
    nodes = []
    for sensitivity in ("none", "none", "none", "none", "none", "minors", "domestic_violence"):
        one = case(town.east, sensitivity=sensitivity)
        participant(one, person)
        nodes.append(node(one, occurred_at=now))
    arrive(nodes, at=now)
    digest = Notice.objects.get(kind="case.digest")
    assert Push.objects.filter(digest=digest.subject_id).count() == 6
    assert Delivery.objects.count() == 1
    send()
    assert [message.subject for message in mailoutbox] == ["The court has a message for you"]
