"""Clause 3: every channel comes into one register with one series of numbers.

Portal, the desk's form and the machine interface are there so far; kiosk, hotline, text message
and WeChat get doors of their own later.
"""

from __future__ import annotations

import uuid

import pytest

from courts.models import ApiClient
from liaison.models import Channel, Request
from tests.regulations.conftest import Story, text_of

FORM = {
    "court": "示0101", "matter": "contact_judge", "case_number": "", "judge_name": "",
    "title": "请法官回电", "text": "请法官回电。", "name": "钱七", "phone": "13800137777",
    "email": "",
}  # fmt: skip


def test_portal_desk_and_machine_share_one_register(story: Story) -> None:
    portal = story.files()
    form = FORM | {"command_id": str(uuid.uuid4()), "channel": Channel.HOTLINE}
    desk = story.browser(story.town.staff())
    taken_down = desk.post("/desk/new/", form)
    assert taken_down.status_code == 302
    _client, key = ApiClient.objects.issue(
        name="hall machine", jurisdiction=story.town.jurisdiction,
        channel=Channel.SERVICE_MACHINE, scopes=list(ApiClient.Scope.values),
    )  # fmt: skip
    body = {"court": "示0101", "party": {"name": "李四", "phone": "13800138001"},
            "matter": "materials", "text": "如何提交材料？"}  # fmt: skip
    headers = {"authorization": f"Bearer {key}", "idempotency-key": str(uuid.uuid4())}
    machine = story.browser()
    first = machine.post("/api/v1/requests", body, content_type="application/json", headers=headers)
    again = machine.post("/api/v1/requests", body, content_type="application/json", headers=headers)
    assert first.status_code == 201
    assert again.json()["number"] == first.json()["number"]

    page = text_of(desk.get("/desk/"))
    numbers = [portal.number[:-5] + f"{n:05d}" for n in (1, 2, 3)]
    assert all(number in page for number in numbers)
    assert first.json()["number"] == numbers[2]
    channels = Request.objects.order_by("number").values_list("channel", flat=True)
    assert list(channels) == [Channel.WEBSITE, Channel.HOTLINE, Channel.SERVICE_MACHINE]


@pytest.mark.parametrize("channel", Channel.values)
def test_the_desk_takes_down_what_came_by_any_channel(story: Story, channel: str) -> None:
    desk = story.browser(story.town.staff())
    form = FORM | {"command_id": str(uuid.uuid4()), "channel": channel}
    answer = desk.post("/desk/new/", form)
    assert answer.status_code == 302
    page = text_of(desk.get(answer["Location"]))
    assert story.receipt(page, answer["Location"]).number in page
    assert str(Channel(channel).label).lower() in page.lower()


def test_an_unknown_channel_is_refused_at_its_field(story: Story) -> None:
    form = FORM | {"command_id": str(uuid.uuid4()), "channel": "pigeon"}
    answer = story.browser(story.town.staff()).post("/desk/new/", form)
    assert answer.status_code == 400
    assert answer.context["form"].errors["channel"]
    assert not Request.objects.exists()


def test_the_same_form_sent_twice_registers_once(story: Story) -> None:
    command_id = str(uuid.uuid4())
    one, two = story.files(command_id=command_id), story.files(command_id=command_id)
    assert one == two
    assert Request.objects.count() == 1
