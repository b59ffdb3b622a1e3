"""A party rates the reply that stands; the court reads it, the officer is told of discontent."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from courts.errors import Invalid, WrongState
from liaison import services as requests
from liaison.models import REMARK_LIMIT, Grade, Rating, Request
from liaison.rating import rate, rating_of
from notices import kinds
from notices.models import Notice
from tests.city import City, local
from tests.liaison.forms import LANGUAGES, says
from tests.liaison.parties import signed_in
from tests.liaison.test_portal_track import command, opened, verb
from workorders import services as orders
from workorders.models import WorkOrder

OPENED, REPLIED = local(2026, 11, 2), local(2026, 11, 3)
RATED = local(2026, 11, 3, 20)
ENGLISH = {"accept-language": "en"}


def replied(town: City, at: datetime = REPLIED) -> WorkOrder:
    order = town.order(at=OPENED)
    orders.reply(order_id=order.pk, text="已安排开庭。", by=town.judge(), at=at)
    return order


def reject(town: City, order: WorkOrder, at: datetime) -> None:
    officer = town.holder("liaison_officer", department=order.department)
    orders.reject_reply(order_id=order.pk, reason="答非所问", by=officer, at=at)


def told(request_id: int) -> list[tuple[str, str, str]]:
    """The acts of rating on the timeline: kind, grade, words."""
    entries = Request.objects.get(pk=request_id).timeline.filter(kind__startswith="rat")
    return [(entry.kind, entry.params["grade"], entry.text) for entry in entries]


def test_a_rating_is_given_once_and_changed(town: City) -> None:
    pk = replied(town).request_id
    first = rate(request_id=pk, grade=Grade.PARTLY_SATISFIED, remark=" 还行 ", at=RATED)
    assert (first.grade, first.remark, first.reply.text) == (
        "partly_satisfied",
        "还行",
        "已安排开庭。",
    )
    again = rate(
        request_id=pk, grade=Grade.PARTLY_SATISFIED, remark="还行", at=RATED + timedelta(hours=1)
    )
    assert (again.pk, again.rated_at) == (first.pk, RATED)
    command_id = uuid.uuid4()
    for _ in range(2):
        changed = rate(
            request_id=pk, grade=Grade.SATISFIED, command_id=command_id, at=local(2026, 11, 4)
        )
        assert (changed.pk, changed.grade, changed.remark) == (first.pk, "satisfied", "")
    with pytest.raises(Invalid, match="command_reused"):
        rate(
            request_id=pk,
            grade=Grade.PARTLY_SATISFIED,
            command_id=command_id,
            at=local(2026, 11, 4),
        )
    assert told(pk) == [("rated", "partly_satisfied", "还行"), ("rating_changed", "satisfied", "")]
    assert Rating.objects.count() == 1


def test_what_is_rated_is_a_reply_that_stands(town: City) -> None:
    order = town.order(at=OPENED)
    pk = order.request_id

    def refused(at: datetime, **given: object) -> None:
        with pytest.raises(WrongState):
            rate(request_id=pk, at=at, **({"grade": Grade.SATISFIED} | given))  # type: ignore[arg-type]

    refused(OPENED)
    orders.reply(order_id=order.pk, text="已收到。", by=town.judge(), at=REPLIED)
    rate(request_id=pk, grade=Grade.NOT_SATISFIED, at=RATED)
    requests.dispute(request_id=pk, text="没有答复", at=local(2026, 11, 4))
    refused(local(2026, 11, 4, 11))
    assert not Rating.objects.standing().exists()
    officer = town.holder("liaison_officer", department=order.department)
    requests.dismiss_dispute(
        request_id=pk, reason="已经说明", by=officer, at=local(2026, 11, 4, 12)
    )
    assert Rating.objects.standing().get().grade == Grade.NOT_SATISFIED
    # The reply falls, its rating with it; the next reply is rated anew.
    reject(town, order, local(2026, 11, 5))
    refused(local(2026, 11, 5, 11))
    assert rating_of(Request.objects.get(pk=pk)) is None
    second_at = local(2026, 11, 5, 15)
    orders.reply(order_id=order.pk, text="十二月八日开庭。", by=town.judge(), at=second_at)
    refused(local(2026, 11, 5, 16), answered_at=REPLIED)  # what was read is not what stands
    new = rate(
        request_id=pk, grade=Grade.SATISFIED, answered_at=second_at, at=local(2026, 11, 5, 16)
    )
    assert new.reply.text == "十二月八日开庭。"
    assert list(Rating.objects.standing()) == [new]
    assert Rating.objects.get(reply_rejected_at__isnull=False).grade == Grade.NOT_SATISFIED
    # As long as the reply may be taken up again: thirty days after the order's completion.
    orders.complete(order_id=order.pk, by=town.judge(), at=local(2026, 11, 6))
    rate(request_id=pk, grade=Grade.PARTLY_SATISFIED, at=local(2026, 12, 6, 9))
    refused(local(2026, 12, 6, 11))
    for wrong, field in (({"grade": "fine"}, "grade"), ({"remark": "字" * 501}, "remark")):
        with pytest.raises(Invalid) as error:
            rate(request_id=pk, at=local(2026, 11, 7), **({"grade": "partly_satisfied"} | wrong))
        assert error.value.field == field
    rate(request_id=pk, grade="partly_satisfied", remark="字" * REMARK_LIMIT, at=local(2026, 11, 7))


def test_a_disputed_answer_of_the_desk_takes_its_rating_with_it(town: City) -> None:
    request = town.request(at=OPENED, matter="consultation")
    requests.answer(request_id=request.pk, text="可在线查询。", by=town.staff(), at=REPLIED)
    rate(request_id=request.pk, grade=Grade.SATISFIED, at=RATED)
    requests.dispute(request_id=request.pk, text="没有回答", at=local(2026, 11, 4))
    assert not Rating.objects.standing().exists()


def test_the_liaison_officer_is_told_once_of_each_reply_that_does_not_satisfy(town: City) -> None:
    order = replied(town)
    for hour, grade in enumerate(
        (Grade.PARTLY_SATISFIED, Grade.NOT_SATISFIED, Grade.SATISFIED) * 2
    ):
        remark = f"第{hour}次"
        rate(
            request_id=order.request_id, grade=grade, remark=remark, at=local(2026, 11, 4, 9 + hour)
        )
    notice = Notice.objects.get(kind="request.not_satisfied")
    officer = town.holder("liaison_officer", department=order.department)
    assert notice.person == officer
    context = kinds.read([notice])[notice.pk]
    assert context is not None
    assert context.path == reverse("supervision:request", args=[order.request.public_id])
    assert context.inside["remark"] == "第1次"  # as it was said then
    officer.tenures.update(until_at=local(2026, 11, 5))
    assert kinds.read([notice])[notice.pk] is None
    # A post without a holder is told nothing, nor is anyone above it.
    other = replied(town, local(2026, 11, 9))
    rate(request_id=other.request_id, grade=Grade.NOT_SATISFIED, at=local(2026, 11, 9, 20))
    assert Notice.objects.filter(kind="request.not_satisfied").count() == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_party_rates_on_the_tracking_page(client: Client, town: City, language: str) -> None:
    headers = {"accept-language": language}
    now = timezone.now()
    order = town.order(at=now)
    page = client.get(opened(client, order.request))
    assert page.context["rate_form"] is None
    orders.reply(order_id=order.pk, text="十二月八日开庭。", by=order.handler)
    address = verb("tracking", order.request)
    page = client.get(address, headers=headers)
    assert says(page, "Rate the reply", language)
    form = page.context["rate_form"]
    sent = command(answered_at=str(form["answered_at"].value()))
    refused = client.post(verb("rate", order.request), sent, headers=headers)
    assert refused.status_code == 400
    assert says(refused, "Choose how satisfied you are.", language)
    sent |= {"grade": "partly_satisfied", "remark": "还要等。"}
    for _ in range(2):
        done = client.post(verb("rate", order.request), sent, headers=headers)
        assert done["Location"] == address
    page = client.get(address, headers=headers)
    assert says(page, "Thank you. The court reads your rating.", language)
    assert says(page, "Your rating of the reply", language)
    assert "还要等。" in page.content.decode()
    form = page.context["rate_form"]
    assert (form["grade"].value(), form["remark"].value()) == ("partly_satisfied", "还要等。")
    assert Rating.objects.get().grade == "partly_satisfied"


def test_a_reply_that_changed_meanwhile_is_shown_before_it_is_rated(
    client: Client, town: City
) -> None:
    order = town.order(at=timezone.now())
    orders.reply(order_id=order.pk, text="已收到。", by=order.handler)
    page = client.get(opened(client, order.request))
    read = str(page.context["rate_form"]["answered_at"].value())
    reject(town, order, timezone.now())
    orders.reply(order_id=order.pk, text="十二月八日开庭。", by=order.handler)
    sent = command(answered_at=read, grade="not_satisfied")
    refused = client.post(verb("rate", order.request), sent, headers=ENGLISH)
    assert refused.status_code == 409
    assert "十二月八日开庭。" in refused.content.decode()
    form = refused.context["rate_form"]
    again = command(answered_at=str(form["answered_at"].value()), grade="satisfied")
    assert client.post(verb("rate", order.request), again).status_code == 302
    assert Rating.objects.get().grade == "satisfied"


def test_who_has_signed_in_is_offered_to_rate_and_reads_what_was_given(town: City) -> None:
    order = town.order(at=timezone.now())
    open_one = town.request(at=timezone.now())
    party = signed_in(order.request.contact)
    orders.reply(order_id=order.pk, text="十二月八日开庭。", by=order.handler)
    address = reverse("portal:my_requests")
    offered = {one["row"].pk: one["may_rate"] for one in party.get(address).context["rows"]}
    assert offered == {order.request_id: True, open_one.pk: False}
    assert says(party.get(address), "Rate the reply")
    to = party.post(verb("my_request", order.request), {"to": "rating"})
    assert to["Location"] == verb("tracking", order.request) + "#rating"
    rate(request_id=order.request_id, grade=Grade.VERY_SATISFIED)
    page = party.get(address)
    assert says(page, "Your rating:")
    assert "Very satisfied" in page.content.decode()
    assert "Rate the reply" not in page.content.decode()


def test_the_court_reads_grade_and_remark_where_it_reads_the_reply(
    town: City, desk: Client
) -> None:
    order = replied(town, timezone.now())
    rate(request_id=order.request_id, grade=Grade.NOT_SATISFIED, remark="没有说哪一天。")
    officer = town.holder("liaison_officer", department=order.department)
    judge, supervisor = (Client(headers=ENGLISH) for _ in range(2))
    judge.force_login(order.handler)
    supervisor.force_login(officer)
    public_id = order.request.public_id
    pages = [
        desk.get(reverse("desk:request", args=[public_id])),
        judge.get(reverse("orders:order", args=[order.public_id])),
        judge.get(reverse("orders:print", args=[order.public_id])),
        supervisor.get(reverse("supervision:request", args=[public_id])),
    ]
    for page in pages:
        html = unescape(page.content.decode())
        rated = html.partition("How the party rates the reply")[2]
        assert "mood-sad" in rated
        assert "Not satisfied" in rated
        assert "没有说哪一天。" in rated
        assert "It does not count" not in rated
    requests.dispute(request_id=order.request_id, text="没有答复")
    page = supervisor.get(reverse("supervision:request", args=[public_id]))
    assert says(page, "It does not count while the reply is in dispute.")
