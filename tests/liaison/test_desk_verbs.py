"""What every verb of the desk has in common: reach, sign-in, and the buttons of the lifecycle."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from courts.models import AccessRecord, Post, Tenure
from liaison import services
from liaison.lifecycle import MOVES, RequestState
from liaison.models import Request
from tests.city import SINCE, City
from workorders import services as orders

VERBS = ("answer", "route", "merge", "withdraw")


def at(name: str, request: Request) -> str:
    return reverse(f"desk:{name}", args=[request.public_id])


@pytest.mark.parametrize("name", ["request", *VERBS])
def test_a_request_of_another_court_does_not_exist(desk: Client, town: City, name: str) -> None:
    other = town.request(at=timezone.now(), court=town.west)
    assert desk.get(at(name, other)).status_code == 404


@pytest.mark.parametrize("name", [*VERBS, "reveal"])
def test_nothing_is_done_to_a_request_of_another_court(desk: Client, town: City, name: str) -> None:
    other = town.request(at=timezone.now(), court=town.west)
    assert desk.post(at(name, other), {"text": "可以。", "heard": "on"}).status_code == 404
    other.refresh_from_db()
    assert other.state == RequestState.REGISTERED
    assert not AccessRecord.objects.exists()


@pytest.mark.parametrize("name", ["request", *VERBS])
def test_strangers_sign_in_and_judges_find_nothing(
    client: Client, town: City, waiting: Request, name: str
) -> None:
    assert client.get(at(name, waiting))["Location"].startswith("/sign-in/")
    client.force_login(town.judge())
    assert client.get(at(name, waiting)).status_code == 404


def in_state(town: City, state: str) -> Request:
    """A request brought to ``state`` by the services."""
    now = timezone.now()
    if state == RequestState.REGISTERED:
        return town.request(at=now)
    if state in (RequestState.ANSWERED, RequestState.WITHDRAWN, RequestState.MERGED):
        request = town.request(at=now)
        if state == RequestState.ANSWERED:
            return services.answer(request_id=request.pk, text="可以。", by=town.staff())
        if state == RequestState.WITHDRAWN:
            return services.withdraw(request_id=request.pk)
        into = town.request(at=now)
        services.merge(request_id=request.pk, into_id=into.pk, by=town.staff())
        return Request.objects.get(pk=request.pk)
    order = town.order(at=now)
    if state == RequestState.RETURNED:
        orders.return_to_desk(order_id=order.pk, reason="不属本庭", by=order.handler)
    if state == RequestState.CLOSED:
        orders.reply(order_id=order.pk, text="已安排。", by=order.handler)
        orders.complete(order_id=order.pk, by=order.handler)
    return Request.objects.get(pk=order.request_id)


@pytest.mark.parametrize("state", RequestState.values)
def test_the_buttons_are_the_moves_that_fit(desk: Client, town: City, state: str) -> None:
    request = in_state(town, state)
    town.request(at=timezone.now())  # something to merge into
    shown = {action["name"] for action in desk.get(at("request", request)).context["actions"]}
    assert shown == {name for name in VERBS if state in MOVES[name].sources}


def test_the_page_shows_what_the_desk_needs(desk: Client, town: City) -> None:
    earlier = town.request(at=timezone.now(), title="早先的事")
    request = town.request(
        at=timezone.now(), case_number="（2026）示0101民初123号", judge_name=town.judge().name
    )
    response = desk.get(at("request", request))
    page = response.content.decode()
    assert request.text in page
    assert earlier.title in page
    assert "138****8000" in page
    assert request.contact.phone not in page
    suggestion = response.context["suggestion"]
    assert (suggestion["handler"], suggestion["unit"]) == (town.judge(), town.division())
    assert all(reason in page for reason in suggestion["reasons"])
    assert 'data-key="y"' in page


def test_why_it_came_back_is_said_first(desk: Client, town: City) -> None:
    request = in_state(town, RequestState.RETURNED)
    assert "不属本庭" in desk.get(at("request", request)).content.decode()


def test_a_leaders_look_is_recorded_and_staffs_is_not(
    desk: Client, town: City, waiting: Request
) -> None:
    desk.get(at("request", waiting))
    assert not AccessRecord.objects.exists()
    leader = town.holder(Post.Kind.DEPARTMENT_LEADER)
    post = Post.objects.create(court=town.east, kind=Post.Kind.SERVICE_STAFF)
    Tenure.objects.create(post=post, person=leader, from_at=SINCE)
    desk.force_login(leader)
    desk.get(at("request", waiting))
    look = AccessRecord.objects.get()
    assert (look.action, look.subject_id) == (AccessRecord.Action.LEADER_LOOK, waiting.pk)
