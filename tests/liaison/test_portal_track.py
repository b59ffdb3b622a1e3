"""Following a request by number and access code, from outside."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from courts import attempts, date_words
from courts.errors import TooMany
from liaison import access, services
from liaison.lifecycle import RequestState
from liaison.models import Request
from tests.city import SHANGHAI, City, local
from tests.liaison.forms import LANGUAGES, filled, says
from workorders import services as orders

TRACK = "/track/"
ENGLISH = {"accept-language": "en"}
WRONG = (
    "Number and access code do not fit together. Please compare both with your receipt, or call "
    "12368."
)


def opened(client: Client, request: Request) -> str:
    """Open a request with its code; returns the address of its tracking page."""
    code = access.access_code(request)
    response = client.post(TRACK, {"number": request.number, "code": f"{code[:4]}-{code[4:]}"})
    assert response.status_code == 302
    assert code not in response["Location"]
    return str(response["Location"])


def verb(name: str, request: Request) -> str:
    return reverse(f"portal:{name}", args=[request.public_id])


def command(**values: str) -> dict[str, str]:
    return {"command_id": str(uuid.uuid4())} | values


def test_number_and_code_open_the_request(client: Client, waiting: Request) -> None:
    page = client.get(opened(client, waiting))
    assert waiting.title in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    assert waiting.contact.phone not in page.content.decode()


def test_what_a_chinese_keyboard_types_is_read(client: Client, waiting: Request) -> None:
    wide = {ord(sign): ord(sign) + 0xFEE0 for sign in map(chr, range(0x21, 0x7F))}
    code = access.access_code(waiting)
    typed = {"number": waiting.number.translate(wide), "code": f"{code[:4]}-{code[4:]}"}
    typed["code"] = typed["code"].translate(wide)
    assert typed["code"].isascii() is False
    assert client.post(TRACK, typed).status_code == 302
    # A code that is none: the same answer for a number that there is and one that there is not.
    for number in (waiting.number, "SF20200101-00001"):
        page = client.post(TRACK, {"number": number, "code": "验证码"}, headers=ENGLISH)
        assert page.status_code == 400
        assert says(page, WRONG, "en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_nobody_learns_whether_number_or_code_was_wrong(
    client: Client, waiting: Request, language: str
) -> None:
    code = access.access_code(waiting)
    headers = {"accept-language": language}
    wrong_code = client.post(TRACK, {"number": waiting.number, "code": "ABCDEFGH"}, headers=headers)
    wrong_number = client.post(TRACK, {"number": "SF20200101-00001", "code": code}, headers=headers)
    assert wrong_code.status_code == wrong_number.status_code == 400
    assert says(wrong_code, WRONG, language)
    assert wrong_code.context["form"].errors == wrong_number.context["form"].errors


def test_guessing_is_stopped_with_the_right_code_too(client: Client, waiting: Request) -> None:
    for _ in range(10):
        client.post(TRACK, {"number": waiting.number, "code": "ABCDEFGH"})
    response = client.post(TRACK, {"number": waiting.number, "code": access.access_code(waiting)})
    assert response.status_code == 429
    assert waiting.number in response.content.decode()


def test_a_stranger_elsewhere_locks_neither_the_party_nor_the_hall_out(
    client: Client, town: City, waiting: Request
) -> None:
    for _ in range(12):
        wrong = client.post(TRACK, {"number": waiting.number, "code": "ABCDEFGH"})
    assert wrong.status_code == 429
    other = town.request(at=timezone.now())
    assert opened(client, other)  # from the same address
    right = {"number": waiting.number, "code": access.access_code(waiting)}
    assert client.post(TRACK, right, REMOTE_ADDR="203.0.113.9").status_code == 302


@pytest.mark.parametrize(("limit", "by"), [(50, "number"), (200, "address")])
def test_guessing_is_stopped_from_many_places_and_on_many_numbers(
    waiting: Request, limit: int, by: str
) -> None:
    def guess(index: int) -> None:
        number = waiting.number if by == "number" else f"SF20200101-{index:05d}"
        access.find(number, "ABCDEFGH", address=f"{index}" if by == "number" else "hall")

    for index in range(limit):
        guess(index)
    with pytest.raises(TooMany):
        guess(limit)


def test_a_count_that_runs_out_while_it_is_made_begins_anew(
    monkeypatch: pytest.MonkeyPatch, waiting: Request
) -> None:
    # As if the key had been there and ended before it was counted up.
    monkeypatch.setattr(cache, "add", lambda *args: False)
    assert attempts.count("x", window_seconds=60) == 1
    assert attempts.count("x", window_seconds=60) == 2
    cache.clear()
    assert access.find(waiting.number, "ABCDEFGH", address="hall") is None


@pytest.mark.parametrize("signed_in", [False, True])
def test_who_finishes_leaves_nothing_for_the_next_at_the_machine(
    client: Client, town: City, signed_in: bool
) -> None:
    if signed_in:
        client.force_login(town.staff())
    client.post("/requests/new/", filled())
    made = Request.objects.get()
    for page in ("receipt", "tracking"):
        assert 'action="/track/finish/"' in client.get(verb(page, made)).content.decode()
    assert client.get("/track/finish/").status_code == 405
    assert client.post("/track/finish/")["Location"] == "/"
    assert client.get(verb("receipt", made)).status_code == 404
    assert client.get(verb("tracking", made))["Location"] == TRACK
    assert (client.get("/desk/").status_code == 200) == signed_in


def test_a_session_that_opens_a_request_gets_a_key_that_nobody_knew(
    client: Client, waiting: Request
) -> None:
    session = client.session
    session["tracking"] = {}
    session.save()
    client.cookies["sessionid"] = before = session.session_key
    address = opened(client, waiting)
    assert client.cookies["sessionid"].value != before
    assert client.get(address).status_code == 200
    client.cookies["sessionid"] = before
    assert client.get(address)["Location"] == TRACK


def test_the_receipt_is_shown_for_a_quarter_of_an_hour(client: Client, town: City) -> None:
    client.post("/requests/new/", filled())
    made = Request.objects.get()
    session = client.session
    for age, status in ((890, 200), (910, 302)):
        session["receipts"] = {str(made.public_id): timezone.now().timestamp() - age}
        session.save()
        assert client.get(verb("receipt", made)).status_code == status


def test_without_the_code_the_tracking_page_leads_to_the_door(
    client: Client, waiting: Request
) -> None:
    for address in (verb("tracking", waiting), reverse("portal:tracking", args=[uuid.uuid4()])):
        response = client.get(address)
        assert response.status_code == 302
        assert response["Location"] == TRACK
    for name in ("withdraw", "dispute"):
        response = client.post(verb(name, waiting), command(text="没有答复"))
        assert response["Location"] == TRACK
    waiting.refresh_from_db()
    assert waiting.state == RequestState.REGISTERED


def test_the_party_reads_public_entries_and_no_name_of_staff(client: Client, town: City) -> None:
    order = town.order(at=timezone.now())
    orders.return_to_desk(order_id=order.pk, reason="不属本庭管辖", by=order.handler)
    page = client.get(opened(client, order.request)).content.decode()
    assert "民事审判庭" in page
    assert "不属本庭管辖" not in page
    assert order.handler.name not in page


def test_the_reply_is_read_by_tracking(client: Client, town: City) -> None:
    order = town.order(at=timezone.now())
    orders.reply(order_id=order.pk, text="定于十二月八日开庭。", by=order.handler)
    page = client.get(opened(client, order.request))
    assert page.content.decode().count("定于十二月八日开庭。") == 1
    assert page.context["dispute_form"] is not None


def test_a_rejected_reply_is_shown_as_the_reply_no_longer(client: Client, town: City) -> None:
    order = town.order(at=timezone.now())
    orders.reply(order_id=order.pk, text="已收到。", by=order.handler)
    officer = town.holder("liaison_officer", department=order.department)
    orders.reject_reply(order_id=order.pk, reason="没有回答问题", by=officer)
    page = client.get(opened(client, order.request), headers=ENGLISH)
    assert page.context["reply"] is None
    title = next(line.title for line in page.context["timeline"] if line.text == "已收到。")
    assert title.endswith("(sent back, no longer counts)")
    assert says(page, "The earlier reply no longer counts; the court is working on it again.")
    orders.reply(order_id=order.pk, text="十二月八日开庭。", by=order.handler)
    page = client.get(opened(client, order.request), headers=ENGLISH)
    assert says(page, "The court has answered.")
    titles = [line.title for line in page.context["timeline"]]
    assert sum("no longer counts" in one for one in titles) == 1


@pytest.mark.parametrize("outcome", ["reached", "not_reached"])
def test_the_party_reads_that_the_court_called_and_not_what_was_noted(
    client: Client, town: City, outcome: str
) -> None:
    order = town.order(at=timezone.now())
    orders.record_contact(
        order_id=order.pk, means="call", outcome=outcome, summary="关机", by=order.handler
    )
    page = client.get(opened(client, order.request), headers=ENGLISH)
    assert "关机" not in page.content.decode()
    line = page.context["timeline"][-1]
    words = {"reached": "The court spoke with you", "not_reached": "without success"}
    assert words[outcome] in line.title


@pytest.mark.parametrize("language", LANGUAGES)
def test_until_it_is_dispatched_the_taking_up_is_what_comes_next(
    client: Client, town: City, language: str
) -> None:
    made = town.request(at=local(2020, 6, 5))
    headers = {"accept-language": language}
    late = client.get(opened(client, made), headers=headers)
    assert late.context["expectation"].is_taken_up_late
    assert late.context["expectation"].taken_up_by == date(2020, 6, 8)
    assert "ladder-sentence" not in late.content.decode()
    waiting = town.request(at=timezone.now())
    page = client.get(opened(client, waiting), headers=headers)
    taken_up_by = page.context["expectation"].taken_up_by
    day = date_words.day_spoken(taken_up_by, language, SHANGHAI)
    assert says(page, "The litigation service takes it up by %(day)s.", language, day=day)
    assert "ladder-sentence" not in page.content.decode()
    division = town.division()
    services.route(request_id=waiting.pk, department=division, handler=None, by=town.staff())
    assert "ladder-sentence" in client.get(opened(client, waiting)).content.decode()


@pytest.mark.parametrize("language", LANGUAGES)
def test_withdrawing_is_asked_about_first(client: Client, waiting: Request, language: str) -> None:
    headers = {"accept-language": language}
    assert verb("withdraw", waiting) in client.get(opened(client, waiting)).content.decode()
    page = client.get(verb("withdraw", waiting), headers=headers)
    for words in ("Withdraw the request", "Do not withdraw"):
        assert says(page, words, language)
    waiting.refresh_from_db()
    assert waiting.state == RequestState.REGISTERED
    client.post(verb("withdraw", waiting), command())
    assert client.get(verb("withdraw", waiting))["Location"] == verb("tracking", waiting)


def test_the_party_withdraws_once(client: Client, waiting: Request) -> None:
    address = opened(client, waiting)
    values = command()
    for _ in range(2):
        response = client.post(verb("withdraw", waiting), values)
        assert response["Location"] == address
    waiting.refresh_from_db()
    assert waiting.state == RequestState.WITHDRAWN
    assert waiting.timeline.filter(kind="withdrawn").count() == 1


def test_the_command_of_another_request_withdraws_nothing(
    client: Client, town: City, waiting: Request
) -> None:
    other = town.request(at=timezone.now())
    values = command()
    opened(client, other)
    client.post(verb("withdraw", other), values)
    address = opened(client, waiting)
    response = client.post(verb("withdraw", waiting), values, headers={"accept-language": "en"})
    assert response["Location"] == address
    page = client.get(address, headers={"accept-language": "en"})
    assert says(page, "This form was sent before with other words. Please check and send again.")
    waiting.refresh_from_db()
    assert waiting.state == RequestState.REGISTERED


def test_what_is_answered_cannot_be_withdrawn(client: Client, town: City, waiting: Request) -> None:
    opened(client, waiting)
    services.answer(request_id=waiting.pk, text="请携带身份证到窗口领取。", by=town.staff())
    response = client.post(verb("withdraw", waiting), command())
    assert response.status_code == 409
    waiting.refresh_from_db()
    assert waiting.state == RequestState.ANSWERED


def test_the_party_says_that_the_reply_is_no_answer(client: Client, town: City) -> None:
    order = town.order(at=timezone.now())
    orders.reply(order_id=order.pk, text="已收到。", by=order.handler)
    opened(client, order.request)
    values = command(text="没有说何时开庭。")
    for _ in range(2):
        response = client.post(verb("dispute", order.request), values)
        assert response.status_code == 302
    order.request.refresh_from_db()
    assert order.request.dispute_text == "没有说何时开庭。"
    assert order.request.timeline.filter(kind="disputed").count() == 1


def test_another_dispute_under_the_same_command_is_shown_again(client: Client, town: City) -> None:
    order = town.order(at=timezone.now())
    orders.reply(order_id=order.pk, text="已收到。", by=order.handler)
    opened(client, order.request)
    values = command(text="没有说何时开庭。")
    client.post(verb("dispute", order.request), values)
    response = client.post(
        verb("dispute", order.request),
        values | {"text": "也没有说在哪里开庭。"},
        headers={"accept-language": "en"},
    )
    assert response.status_code == 400
    assert says(
        response, "This form was sent before with other words. Please check and send again."
    )
    form = response.context["dispute_form"]
    assert form["text"].value() == "也没有说在哪里开庭。"
    assert form["command_id"].value() != values["command_id"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_dispute_needs_words(client: Client, town: City, language: str) -> None:
    order = town.order(at=timezone.now())
    orders.reply(order_id=order.pk, text="已收到。", by=order.handler)
    opened(client, order.request)
    response = client.post(
        verb("dispute", order.request), command(text=""), headers={"accept-language": language}
    )
    assert response.status_code == 400
    assert "text" in response.context["dispute_form"].errors
    assert says(response, "Write what is still unanswered.", language)


def test_it_is_too_late_to_dispute_after_thirty_days(client: Client, town: City) -> None:
    long_ago = timezone.now() - timedelta(days=60)
    order = town.order(at=long_ago)
    orders.reply(order_id=order.pk, text="已收到。", by=order.handler, at=long_ago)
    orders.complete(order_id=order.pk, by=order.handler, at=long_ago + timedelta(days=1))
    page = client.get(opened(client, order.request))
    assert page.context["dispute_form"] is None
    assert f"?follows={order.request.public_id}" in page.content.decode()
    response = client.post(verb("dispute", order.request), command(text="没有说何时开庭。"))
    assert response.status_code == 409


def test_the_look_ends_an_hour_after_the_last_one(client: Client, waiting: Request) -> None:
    address = opened(client, waiting)
    session = client.session
    session["tracking"] = {str(waiting.public_id): timezone.now().timestamp() - 3601}
    session.save()
    answer = client.get(address, headers=ENGLISH)
    assert waiting.title not in answer.content.decode()
    assert answer.context["form"]["number"].value() == waiting.number
    assert "closed after an hour without use" in answer.content.decode()


def test_what_was_typed_when_the_hour_was_over_is_shown_to_be_sent_again(
    client: Client, town: City
) -> None:
    order = town.order(at=timezone.now() - timedelta(days=2))
    orders.reply(order_id=order.pk, text="已收到。", by=order.handler)
    opened(client, order.request)
    session = client.session
    session["tracking"] = {str(order.request.public_id): timezone.now().timestamp() - 3601}
    session.save()
    words = "没有说何时开庭，也没有说明由谁承办，请再答复。"
    answer = client.post(verb("dispute", order.request), command(text=words), headers=ENGLISH)
    page = answer.content.decode()
    assert answer.status_code == 403
    assert page.count("<textarea") == 1
    assert f">{words}</textarea>" in page
    order.request.refresh_from_db()
    assert order.request.disputed_at is None


def test_a_receipt_that_is_no_longer_shown_leads_to_the_request(client: Client, town: City) -> None:
    client.post("/requests/new/", filled())
    made = Request.objects.get()
    session = client.session
    session["receipts"] = {str(made.public_id): timezone.now().timestamp() - 901}
    session.save()
    answer = client.get(verb("receipt", made), headers=ENGLISH, follow=True)
    assert answer.redirect_chain == [(verb("tracking", made), 302)]
    assert "no longer shown" in answer.content.decode()
    assert Client().get(verb("receipt", made)).status_code == 404


def test_what_the_desk_answered_itself_goes_back_to_it_in_other_words(
    client: Client, town: City
) -> None:
    request = town.request(at=timezone.now() - timedelta(days=1))
    services.answer(request_id=request.pk, text="已答复。", by=town.staff())
    page = client.get(opened(client, request), headers=ENGLISH).content.decode()
    assert "Your request goes back to the court" in page
    given = command(text="没有回答。")
    said = client.post(verb("dispute", request), given, headers=ENGLISH, follow=True)
    assert "The court is taking your request up again" in said.content.decode()
