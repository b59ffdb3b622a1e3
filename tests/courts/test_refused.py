"""What a service refuses reaches the form, the page or htmx."""

from __future__ import annotations

import pytest
from django import forms
from django.contrib.messages import get_messages
from django.contrib.messages.storage.fallback import FallbackStorage
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import translation
from django.utils.translation import gettext_lazy
from django_htmx.middleware import HtmxDetails

from courts.errors import Invalid, NotAllowed, TooMany, WrongState
from courts.forms import run
from courts.middleware import RefusedMiddleware


class _Form(forms.Form):
    text = forms.CharField()


def _refuse(error: Exception):
    def verb(**kwargs: object) -> None:
        raise error

    return verb


def test_a_refusal_lands_on_the_field_it_names() -> None:
    form = _Form({"text": "x"})
    assert run(form, _refuse(Invalid("No case number.", field="text"))) is None
    assert form.errors == {"text": ["No case number."]}
    assert not form.is_valid()


@pytest.mark.parametrize("field", [None, "unknown"])
def test_any_other_refusal_lands_on_the_form(field: str | None) -> None:
    form = _Form({"text": "x"})
    assert run(form, _refuse(Invalid("Not now.", field=field))) is None
    assert form.non_field_errors() == ["Not now."]


def test_the_verb_is_called_for_a_valid_form_only() -> None:
    def verb(*, text: str) -> str:
        return text.upper()

    form = _Form({"text": "x"})
    assert run(form, verb, text="x") == "X"
    assert form.is_valid()
    assert run(_Form({}), _refuse(AssertionError())) is None


def _through(request, error: Exception) -> HttpResponse | None:
    return RefusedMiddleware(lambda _: HttpResponse()).process_exception(request, error)


@pytest.mark.django_db
def test_long_words_of_a_submission_refused_whole_are_shown_again() -> None:
    words = "已与当事人通话，庭审定于十二月三日上午九时三十分。"
    typed = {
        "text": words, "kind": "urge", "csrfmiddlewaretoken": "t" * 64,
        "command_id": "7f0f2f6e-0000-4000-8000-000000000000", "new_password1": "p" * 30,
    }  # fmt: skip
    response = _through(RequestFactory().post("/", typed), WrongState())
    assert response is not None
    page = response.content.decode()
    assert f">{words}</textarea>" in page
    assert page.count("<textarea") == 1
    strange = RequestFactory(headers={"Sec-Fetch-Site": "cross-site"}).post("/", typed)
    response = _through(strange, WrongState())
    assert response is not None
    assert words not in response.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("error", "status"),
    [(Invalid(), 400), (NotAllowed(), 403), (WrongState(), 409), (TooMany(), 429)],
)
def test_outside_a_form_a_refusal_is_a_page_of_its_status(error: Exception, status: int) -> None:
    request = RequestFactory().post("/x/")
    response = _through(request, error)
    assert response is not None
    assert response.status_code == status
    assert f">{status}<" in "".join(response.content.decode().split())


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("asked_from", "link"),
    [
        ("http://testserver/orders/?show=replied", "/orders/?show=replied"),
        ("https://evil.example/orders/", "/start/"),
        ("", "/start/"),
    ],
)
def test_a_conflict_leads_back_to_the_page_it_was_asked_from(asked_from: str, link: str) -> None:
    request = RequestFactory().post("/x/", headers={"referer": asked_from})
    response = _through(request, WrongState())
    assert response is not None
    assert f'href="{link}">See how it stands now' in response.content.decode()


@pytest.mark.django_db
def test_the_page_says_in_both_languages_what_was_refused() -> None:
    refusal = Invalid(gettext_lazy("The order is there already."))
    response = _through(RequestFactory().post("/x/"), refusal)
    assert response is not None
    page = response.content.decode()
    assert "The order is there already." in page
    with translation.override("zh-hans"):
        assert str(refusal.text) in page
        assert str(Invalid.text) not in page
    assert "<p><strong>" not in _through(RequestFactory().post("/x/"), Invalid()).content.decode()


def _htmx_request(method: str):
    request = RequestFactory().generic(method, "/x/", headers={"hx-request": "true"})
    request.htmx = HtmxDetails(request)
    request.session = {}
    request._messages = FallbackStorage(request)
    return request


def test_htmx_loads_the_page_anew_with_the_message() -> None:
    request = _htmx_request("POST")
    response = _through(request, WrongState("Somebody was faster."))
    assert response is not None
    assert (response.status_code, response["HX-Refresh"]) == (409, "true")
    assert [str(message) for message in get_messages(request)] == ["Somebody was faster."]


def test_a_fragment_that_loads_by_itself_does_not_load_the_page_for_ever() -> None:
    response = _through(_htmx_request("GET"), WrongState())
    assert response is not None
    assert "HX-Refresh" not in response


def test_other_errors_are_not_touched() -> None:
    assert _through(RequestFactory().get("/x/"), ValueError()) is None
