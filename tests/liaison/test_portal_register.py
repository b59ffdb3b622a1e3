"""Making a request on the portal, from outside (G3, B4)."""

from __future__ import annotations

import re
import uuid

import pytest
from django.test import Client
from django.urls import reverse

from courts.models import Jurisdiction
from liaison import access
from liaison.models import Request
from liaison.portal import visitors
from tests.city import City
from tests.liaison.forms import LANGUAGES, error_at, filled, says

NEW = "/requests/new/"
REUSED = "This form was sent before with other words. Please check and send again."


def test_the_home_page_has_three_doors_and_nothing_of_the_staff(client: Client, town: City) -> None:
    client.force_login(town.staff())
    page = client.get("/").content.decode()
    for door in ("portal:new", "portal:track", "portal:officers"):
        assert f'href="{reverse(door)}"' in page
    assert reverse("desk:queue") not in page


def test_the_form_has_fewer_than_ten_fields(client: Client, town: City) -> None:
    form = client.get(NEW).context["form"]
    assert len(form.visible_fields()) < 10


def test_a_request_is_registered_and_its_receipt_shown(client: Client, town: City) -> None:
    response = client.post(NEW, filled())
    made = Request.objects.get()
    receipt = reverse("portal:receipt", args=[made.public_id])
    assert response.status_code == 302
    assert response["Location"] == receipt
    assert (made.court, made.contact.name, made.contact.phone) == (town.east, "赵六", "13800139999")
    assert (made.case_type_code, made.channel) == ("民初", "website")
    page = client.get(receipt)
    code = access.access_code(made)
    assert made.number in page.content.decode()
    assert f"{code[:4]}-{code[4:]}" in page.content.decode()
    assert page.context["qr"].startswith("data:image/svg+xml")
    # The link on the paper names the number and never the code.
    assert page.context["link"].endswith(f"/track/?number={made.number}")
    assert page["Cache-Control"].count("no-store") == 1


def test_the_receipt_says_when_to_expect_what(client: Client, town: City) -> None:
    client.post(NEW, filled())
    address = reverse("portal:receipt", args=[Request.objects.get().public_id])
    receipt = client.get(address, headers={"accept-language": "en"})
    expected = receipt.context["expectation"]
    assert [rise.waited for rise in expected.rises] == [f"{n} business days" for n in (3, 5, 7, 8)]
    assert expected.reply_within == "3 business days"


def test_a_policy_may_show_the_limit_only(client: Client, town: City) -> None:
    Jurisdiction.objects.update(policy="beijing")
    client.post(NEW, filled())
    receipt = client.get(reverse("portal:receipt", args=[Request.objects.get().public_id]))
    assert receipt.context["expectation"].shown == "limit_only"
    assert 'class="rise"' not in receipt.content.decode()


def test_only_the_session_that_made_a_request_sees_its_receipt(client: Client, town: City) -> None:
    client.post(NEW, filled())
    receipt = reverse("portal:receipt", args=[Request.objects.get().public_id])
    assert client.get(receipt).status_code == 200
    assert Client().get(receipt).status_code == 404


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("court", "", "Choose the court that you want to reach."),
        ("matter", "", "Choose what your request is about."),
        ("name", " ", "Enter your name."),
        ("phone", "", "Enter a telephone number where the court reaches you."),
        (
            "phone",
            "call me",
            "Enter a telephone number such as 138 0000 0000 or 020-8888 8888.",
        ),
        ("email", "at home", "Enter an e-mail address such as name@example.org."),
        ("case_number", "（2026）示0101民初123", "A case number ends with 号."),
        ("text", "", "Write what you ask for."),
    ],
)
def test_bad_input_is_named_at_its_field_and_what_was_typed_stays(
    client: Client, town: City, language: str, field: str, value: str, words: str
) -> None:
    response = client.post(NEW, filled(**{field: value}), headers={"accept-language": language})
    assert response.status_code == 400
    assert error_at(response, field)
    assert says(response, words, language)
    assert list(response.context["form"].errors) == [field]
    kept = "开庭后一直没有消息" if field != "text" else "赵六"
    assert kept in response.content.decode()
    assert not Request.objects.exists()


def test_all_errors_are_shown_at_once(client: Client, town: City) -> None:
    response = client.post(NEW, {"command_id": str(uuid.uuid4()), "case_number": "123"})
    assert set(response.context["form"].errors) == {
        "court", "matter", "case_number", "text", "name", "phone"
    }  # fmt: skip


def test_a_command_sent_twice_registers_once(client: Client, town: City) -> None:
    values = filled()
    first = client.post(NEW, values)
    second = client.post(NEW, values)
    assert Request.objects.count() == 1
    assert first["Location"] == second["Location"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("field", "value"),
    [("text", "另外请寄判决书。"), ("phone", "13800130000"), ("judge_name", "王法官")],
)
def test_other_words_under_the_same_command_are_never_lost(
    client: Client, town: City, language: str, field: str, value: str
) -> None:
    """As when somebody goes back to the form, changes a word and sends it again."""
    values = filled()
    client.post(NEW, values)
    other = values | {field: value}
    response = client.post(NEW, other, headers={"accept-language": language})
    assert response.status_code == 400
    assert says(response, REUSED, language)
    assert value in response.content.decode()
    assert Request.objects.count() == 1
    (fresh,) = re.findall(r'name="command_id" value="([-0-9a-f]{36})"', response.content.decode())
    assert client.post(NEW, other | {"command_id": fresh}).status_code == 302
    assert Request.objects.count() == 2


def test_every_form_has_a_command_of_its_own(client: Client, town: City) -> None:
    forms = [client.get(NEW) for _ in range(2)]
    ids = [
        re.findall(r'name="command_id" value="([-0-9a-f]{36})"', form.content.decode())
        for form in forms
    ]
    assert len(ids[0]) == 1
    assert ids[0] != ids[1]


def test_too_many_registrations_from_one_address_are_refused_for_a_while(
    client: Client, town: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(visitors, "_REGISTRATIONS", 2)
    for _ in range(2):
        assert client.post(NEW, filled()).status_code == 302
    response = client.post(NEW, filled(text="第三次"))
    assert response.status_code == 429
    assert "第三次" in response.content.decode()
    assert Request.objects.count() == 2
    elsewhere = client.post(NEW, filled(), REMOTE_ADDR="203.0.113.9")
    assert elsewhere.status_code == 302


def test_a_forwarded_address_counts_only_behind_a_proxy_of_ours(
    client: Client, town: City, monkeypatch: pytest.MonkeyPatch, settings: object
) -> None:
    monkeypatch.setattr(visitors, "_REGISTRATIONS", 1)
    client.post(NEW, filled(), headers={"x-forwarded-for": "203.0.113.1"})
    forged = client.post(NEW, filled(), headers={"x-forwarded-for": "203.0.113.2"})
    assert forged.status_code == 429
    settings.TRUSTED_PROXY_COUNT = 1  # type: ignore[attr-defined]
    passed_on = client.post(NEW, filled(), headers={"x-forwarded-for": "10.0.0.1, 203.0.113.2"})
    assert passed_on.status_code == 302


def test_a_new_request_is_linked_to_the_one_that_the_session_opened(
    client: Client, town: City
) -> None:
    client.post(NEW, filled())
    earlier = Request.objects.get()
    form = client.get(f"{NEW}?follows={earlier.public_id}").context["form"]
    assert form["case_number"].value() == earlier.case_number
    assert (form["name"].value(), form["phone"].value()) == ("赵六", "13800139999")
    # Whoever has not given the code gets an empty form.
    stranger = Client().get(f"{NEW}?follows={earlier.public_id}")
    assert not stranger.context["form"]["phone"].value()
    assert "13800139999" not in stranger.content.decode()
    client.post(NEW, filled(follows=str(earlier.public_id)))
    assert Request.objects.latest("pk").follows == earlier
    # A stranger who knows the address of the request cannot link to it.
    Client().post(NEW, filled(follows=str(earlier.public_id)))
    assert Request.objects.latest("pk").follows is None


@pytest.mark.parametrize(
    "number",
    [
        "（2026）示0101民初A12345678--1234--1234--1234号之一百二十",
        "（2026）示0101民初一二三四五六七八九十一二三四五六七八九十123号",
    ],
)
def test_a_case_number_of_unusual_length_is_kept_or_refused_at_its_field(
    client: Client, town: City, number: str
) -> None:
    answer = client.post(NEW, filled(case_number=number))
    if answer.status_code == 302:
        assert Request.objects.get().case_number == number
    else:
        assert answer.status_code == 400
        assert list(answer.context["form"].errors) == ["case_number"]


def test_the_case_number_is_explained_as_it_is_typed(client: Client, town: City) -> None:
    url = reverse("portal:case_number")
    page = client.post(url, {"case_number": "(2026)示0101民初123号"}).content.decode()
    for part in ("2026", "示范市东湖区人民法院", "民初", "123"):
        assert part in page
    for unbracketed in ("2026示0101民初123号", "2026示0101民初123"):
        wrong = client.post(url, {"case_number": unbracketed})
        assert 'data-value="（2026）示0101民初123号"' in wrong.content.decode()
    # What would be refused next is not proposed.
    assert "data-value" not in client.post(url, {"case_number": "2026年"}).content.decode()
    assert client.post(url, {"case_number": ""}).content.strip() == b""
    assert client.get(url).status_code == 405


@pytest.mark.parametrize(
    ("court", "hinted"), [("示0101", False), ("示0102", True), ("", False), ("none", False)]
)
def test_a_number_of_another_court_of_the_city_is_a_hint_and_no_error(
    client: Client, town: City, court: str, hinted: bool
) -> None:
    values = filled(court=court, text="")
    english = {"accept-language": "en"}
    page = client.post(reverse("portal:case_number"), values, headers=english)
    form = client.post(NEW, values, headers=english)
    words = "This number belongs to %(court)s. Did you mean that court?"
    for response in (page, form):
        said = says(response, words, court="Donghu District Court")
        assert said is hinted
    assert "case_number" not in form.context["form"].errors


def test_the_number_of_a_court_elsewhere_says_nothing_of_the_court(
    client: Client, town: City
) -> None:
    values = filled(case_number="（2020）粤0104民初3712号")
    page = client.post(reverse("portal:case_number"), values)
    assert "data-fill" not in page.content.decode()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_label_that_asks_takes_no_colon(client: Client, town: City, language: str) -> None:
    page = client.post(NEW, filled(matter=""), headers={"accept-language": language})
    for doubled in ("？：", "?: ", "？:"):
        assert doubled not in page.content.decode()
