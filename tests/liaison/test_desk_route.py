"""Dispatching a request as a work order at the desk (G5, B6)."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from liaison.lifecycle import RequestState
from liaison.models import Request
from tests.city import City
from tests.liaison.forms import LANGUAGES, error_at, says
from workorders.models import WorkOrder


def address(request: Request) -> str:
    return reverse("desk:route", args=[request.public_id])


def values(town: City, **changes: object) -> dict[str, object]:
    first = {
        "department": town.division().pk,
        "handler": town.judge().pk,
        "matter": "contact_judge",
        "note": "当事人希望下午接听。",
    }
    return first | changes


def test_it_becomes_a_work_order_of_the_judge(desk: Client, town: City, waiting: Request) -> None:
    response = desk.post(address(waiting), values(town))
    assert response["Location"] == reverse("desk:queue")
    order = WorkOrder.objects.get(request=waiting)
    assert (order.department, order.handler, order.dispatched_by, order.note) == (
        town.division(), town.judge(), town.staff(), "当事人希望下午接听。"
    )  # fmt: skip
    waiting.refresh_from_db()
    assert waiting.state == RequestState.ROUTED


def test_a_department_alone_is_enough(desk: Client, town: City, waiting: Request) -> None:
    desk.post(address(waiting), values(town, handler="", note=""))
    assert WorkOrder.objects.get(request=waiting).handler is None


def test_one_key_accepts_the_suggestion(desk: Client, town: City, waiting: Request) -> None:
    page = desk.get(reverse("desk:request", args=[waiting.public_id]))
    suggestion = page.context["suggestion"]
    assert suggestion["unit"] == town.division()
    assert f'name="department" value="{suggestion["unit"].pk}"' in page.content.decode()
    desk.post(
        address(waiting),
        {"department": suggestion["unit"].pk, "handler": "", "matter": suggestion["matter"]},
    )
    assert WorkOrder.objects.get(request=waiting).department == town.division()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_missing_department_is_named_at_its_field(
    desk: Client, town: City, waiting: Request, language: str
) -> None:
    response = desk.post(
        address(waiting), values(town, department=""), headers={"accept-language": language}
    )
    assert response.status_code == 400
    assert error_at(response, "department")
    assert says(response, "Choose the department that is to handle it.", language)
    assert "当事人希望下午接听。" in response.content.decode()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_handler_of_another_department_is_refused_at_the_field(
    desk: Client, town: City, waiting: Request, language: str
) -> None:
    elsewhere = town.judge(town.division(index=1))
    response = desk.post(
        address(waiting),
        values(town, handler=elsewhere.pk),
        headers={"accept-language": language},
    )
    assert response.status_code == 400
    assert error_at(response, "handler")
    assert says(response, "Choose someone who holds a post there.", language)
    assert not WorkOrder.objects.exists()


def test_departments_of_another_court_and_the_desk_itself_are_not_offered(
    desk: Client, town: City, waiting: Request
) -> None:
    for department in (town.division(town.west), waiting.department):
        response = desk.post(address(waiting), values(town, department=department.pk, handler=""))
        assert error_at(response, "department")


def test_a_second_dispatch_changes_nothing(desk: Client, town: City, waiting: Request) -> None:
    desk.post(address(waiting), values(town))
    response = desk.post(
        address(waiting), values(town, department=town.division(index=1).pk, handler="")
    )
    assert response.status_code == 409
    assert WorkOrder.objects.get(request=waiting).department == town.division()
