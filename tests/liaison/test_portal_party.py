"""The pages of a party who has signed in: their own, and nobody else's."""

from __future__ import annotations

import functools
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cases.models import CaseParticipant, PartyRole, PushPreference, SensitiveChoice
from liaison.intake import Party
from notices.delivery import deliver_due
from notices.models import Contact, Delivery
from tests.cases.mirrored import arrive, case, contact, node, participant, withdraw
from tests.city import City
from tests.liaison.parties import signed_in


@pytest.fixture
def me(town: City) -> Contact:
    return contact("周小满", phone="13800138000")


def text(client: Client, path: str, status: int = 200) -> str:
    page = client.get(path)
    assert page.status_code == status, path
    return page.content.decode()


def test_what_we_told_you_is_worded_inside_and_by_current_reading(town: City, me: Contact) -> None:
    now = timezone.now()
    one = case(town.east)
    row = participant(one, me)
    hearing = node(one, occurred_at=now, details={"place": "第三法庭", "unlisted": "秘密"})
    arrive([hearing], at=now)
    client = signed_in(me)
    page = text(client, "/me/")
    for words in ("Hearing set", one.number, "Place: 第三法庭", "not formal service of documents"):
        assert words in page
    assert "秘密" not in page
    assert "开庭排期" in text(signed_in(me, "zh-hans"), "/me/")
    moved = node(one, after=hearing, details={"place": "第一法庭"})
    arrive([moved], at=now)
    page = text(client, "/me/")
    assert "Corrected: Hearing set" in page
    assert "Place: it was 第三法庭, it is 第一法庭" in page
    assert page.count("Corrected since") == 1
    arrive([withdraw(moved)], at=now)
    page = text(client, "/me/")
    assert "Withdrawn: Hearing set" in page
    assert page.count("Withdrawn since") == 2
    CaseParticipant.objects.filter(pk=row.pk).update(is_removed=True)
    page = text(client, "/me/")
    assert page.count("No longer open to you") == 3
    assert one.number not in page


@pytest.mark.parametrize(
    "details",
    [
        {"starts_at": "9999-12-31T23:59:59Z"},
        {"starts_at": "0001-01-01T00:00:00+08:00"},
        {"place": functools.reduce(lambda inner, _: [inner], range(500), "第三法庭")},
    ],
)
def test_a_detail_that_cannot_be_shown_closes_no_page(
    town: City, me: Contact, details: dict[str, Any]
) -> None:
    now = timezone.now()
    one = case(town.east)
    participant(one, me)
    arrive([node(one, occurred_at=now, details=details)], at=now)
    assert "Hearing set" in text(signed_in(me), "/me/")


def test_the_words_that_were_sent_are_shown_beside(
    town: City, me: Contact, mailoutbox: list
) -> None:
    now = timezone.now()
    one = case(town.east)
    participant(one, me)
    arrive([node(one, occurred_at=now)], at=now)
    Delivery.objects.update(next_attempt_at=now)
    assert deliver_due()["sent"] == 1
    kept = Delivery.objects.get().body
    page = text(signed_in(me), "/me/")
    assert "The words that were sent" in page
    assert kept.splitlines()[0] in page


def test_my_requests_are_those_made_with_my_telephone(town: City, me: Contact) -> None:
    now = timezone.now()
    mine = town.request(at=now, party=Party("周小满", phone=me.phone), title="我的诉求")
    other = town.request(at=now, party=Party("别人", phone="13900139000"), title="别人的诉求")
    client = signed_in(me)
    page = text(client, "/me/requests/")
    assert mine.number in page
    assert other.number not in page
    assert client.post(f"/me/requests/{other.public_id}/").status_code == 404
    opened = client.post(f"/me/requests/{mine.public_id}/")
    assert opened["Location"] == f"/track/{mine.public_id}/"
    assert client.get(opened["Location"]).status_code == 200


def test_whoever_shares_a_telephone_sees_neither_cases_nor_requests_of_the_other(
    town: City, me: Contact
) -> None:
    other = contact("吴其中", phone=me.phone)
    theirs = case(town.east)
    participant(theirs, other)
    now = timezone.now()
    request = town.request(at=now, party=Party("吴其中", phone=me.phone))
    mine = town.request(at=now, party=Party("周小满", phone=me.phone))
    client = signed_in(me, id_number=me.id_number)
    assert theirs.number not in text(client, "/me/cases/")
    text(client, f"/me/cases/{theirs.public_id}/", status=404)
    page = text(client, "/me/requests/")
    assert mine.number in page
    assert request.number not in page


def test_my_cases_show_the_nodes_that_i_may_know(town: City, me: Contact) -> None:
    now = timezone.now()
    one, foreign = case(town.east), case(town.east)
    participant(one, me, role=PartyRole.RESPONDENT)
    participant(foreign)
    node(one, "hearing", occurred_at=now - timedelta(days=400), details={"place": "三号"})
    node(one, "preservation", occurred_at=now - timedelta(days=2))
    withdraw(node(one, "panel", occurred_at=now))
    client = signed_in(me)
    assert one.number in text(client, "/me/cases/")
    page = text(client, f"/me/cases/{one.public_id}/")
    assert "Hearing set" in page
    assert "Preservation ruled" not in page
    assert "Panel formed" not in page
    node(one, "preservation_executed", occurred_at=now)
    assert "Preservation ruled" in text(client, f"/me/cases/{one.public_id}/")
    for path in (f"/me/cases/{foreign.public_id}/", f"/me/cases/{uuid.uuid4()}/"):
        text(client, path, status=404)
    CaseParticipant.objects.filter(contact=me).update(left_at=now)
    text(client, f"/me/cases/{one.public_id}/", status=404)
    assert one.number not in text(client, "/me/cases/")


def test_a_number_that_only_made_requests_has_no_cases_and_no_wishes(town: City) -> None:
    request = town.request(at=timezone.now(), party=Party("赵六", phone="13700137000"))
    client = signed_in(request.contact)
    assert request.number in text(client, "/me/requests/")
    assert "do not know this number" in text(client, "/me/cases/")
    text(client, "/me/wishes/")
    assert client.post("/me/wishes/", {"is_wanted": "on"}).status_code == 404


def test_wishes_are_kept_and_followed(town: City, me: Contact) -> None:
    one = case(town.east, sensitivity="divorce")
    participant(one, me)
    client = signed_in(me)
    given = {
        "is_wanted": "on",
        "kinds": ["archiving", "panel"],
        "channels": [],
        "outside": "news",
    }
    assert client.post("/me/wishes/", given).status_code == 302
    assert SensitiveChoice.objects.get(contact=me).outside == "news"
    me.refresh_from_db()
    assert me.refused_channels == ["email"]
    wishes = dict(PushPreference.objects.values_list("kind", "is_wanted"))
    assert wishes["archiving"] is True
    assert wishes["hearing"] is False
    assert "panel" not in wishes  # as the list has it
    form = client.get("/me/wishes/").context["form"]
    assert sorted(form.initial["kinds"]) == ["archiving", "panel"]
    # Given again it changes nothing.
    client.post("/me/wishes/", given)
    assert dict(PushPreference.objects.values_list("kind", "is_wanted")) == wishes
    assert client.post("/me/wishes/", given | {"kinds": ["nonsense"]}).status_code == 400


@pytest.mark.parametrize("path", ["/me/", "/me/requests/", "/me/cases/"])
def test_the_number_of_statements_does_not_grow(town: City, me: Contact, path: str) -> None:
    client = signed_in(me)
    now = timezone.now()
    counts: list[int] = []
    for more in (6, 6, 14):  # the first page has all kinds already, a digest among them
        for _ in range(more):
            one = case(town.east)
            participant(one, me)
            arrive([node(one, occurred_at=now)], at=now + timedelta(hours=len(counts) * 2))
            town.request(at=now, party=Party("周小满", phone=me.phone))
        client.get(path)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code == 200
        counts.append(len(queries))
    assert max(counts) == counts[0], counts


def test_pages_are_paged_by_key(town: City, me: Contact) -> None:
    now = timezone.now()
    for number in range(25):
        one = case(town.east)
        participant(one, me)
        arrive([node(one, occurred_at=now)], at=now + timedelta(hours=2 * number))
        town.request(at=now, party=Party("周小满", phone=me.phone))
    client = signed_in(me)
    for path in ("/me/", "/me/requests/", "/me/cases/"):
        first = client.get(path)
        assert len(first.context["rows"]) == 20
        second = client.get(f"{path}?after={first.context['older']}")
        listed = [row for page in (first, second) for row in page.context["rows"]]
        if path == "/me/requests/":
            listed = [one["row"] for one in listed]
        seen = [str(getattr(row, "notice", row).public_id) for row in listed]
        assert len(seen) == len(set(seen)) >= 25
        assert not second.context["older"] or path == "/me/"
        assert client.get(f"{path}?after=nonsense").status_code == 200


@pytest.mark.parametrize("path", ["/me/", "/me/requests/", "/me/cases/", "/me/wishes/"])
def test_a_stranger_is_sent_to_the_door(client: Client, town: City, path: str) -> None:
    assert client.get(path)["Location"] == "/me/sign-in/"
    client.force_login(town.staff())
    assert client.get(path)["Location"] == "/me/sign-in/"
