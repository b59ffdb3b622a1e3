"""Every page in both languages, on a phone and on a court's monitor: nothing for axe to find,
nothing wider than the screen, nothing refused by the content security policy."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import ConsoleMessage, Page

from courts.models import Person, Post
from escalation.calendar_changes import DayChange, change_calendar
from escalation.sweep import sweep
from liaison.access import access_code
from liaison.models import Request
from tests.browser.conftest import Visitor, sign_in
from tests.city import City
from workorders import services as orders
from workorders.models import WorkOrder

pytestmark = pytest.mark.browser

SIZES = [(1366, "zh-CN"), (360, "zh-CN"), (1366, "en"), (360, "en")]
LARGE_SIZES = [
    (width, language, scheme)
    for width in (360, 768, 1366, 1920)
    for language in ("zh-CN", "en")
    for scheme in ("light", "dark")
]
_AXE = Axe()


def furnish(town: City) -> Request:
    """Orders at every stage, and days of every kind; returns a request that was answered."""
    now = timezone.now()
    days = [
        DayChange(date(2020, 6, 9), False, "台风", court=town.east),
        DayChange(date(2020, 6, 13), True, "补班", court=town.east),
    ]
    change_calendar(
        days, reason="台风", by=None, approval="示中法〔2020〕1号", reaching_back="演示"
    )
    town.order(at=now - timedelta(days=40), title="三次来电未接")
    town.order(at=now - timedelta(days=6), title="何时开庭", case_number="（2026）示0101民初7号")
    town.request(at=now - timedelta(hours=3), title="想查案件进度")
    answered = town.order(at=now - timedelta(days=3), title="申请退还诉讼费")
    sweep(now)
    orders.reply(order_id=answered.pk, text="已受理，七日内退还。", by=town.judge())
    return answered.request


def staff_pages(town: City) -> list[tuple[Person, list[str]]]:
    """The pages of each person of the story."""
    waiting = Request.objects.get(title="想查案件进度")
    late = Request.objects.get(title="三次来电未接")
    order = WorkOrder.objects.get(request=late)
    replied = WorkOrder.objects.get(request__title="申请退还诉讼费")
    desk = f"/desk/{waiting.public_id}/"
    return [
        (
            town.staff(),
            ["/desk/", "/desk/new/", desk, f"{desk}answer/", f"{desk}route/", "/notices/"],
        ),
        (
            town.judge(),
            ["/orders/", f"/orders/{order.public_id}/", f"/orders/{replied.public_id}/"],
        ),
        (
            town.holder(Post.Kind.LIAISON_OFFICER, department=town.division()),
            ["/supervision/", f"/supervision/{late.public_id}/"],
        ),
        (
            town.holder(Post.Kind.PRESIDENT, court=town.east),
            ["/supervision/", "/leadership/", "/notices/"],
        ),
    ]


def inspect(page: Page, path: str) -> list[str]:
    """What is wrong with a page, in words."""
    wrong: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        if message.type == "error":
            wrong.append(message.text)

    page.on("console", listen)
    response = page.goto(path)
    page.remove_listener("console", listen)
    assert response is not None
    if response.status != 200:
        return [f"{path}: {response.status}"]
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    if wide > 0:
        wrong.append(f"wider than the screen by {wide} px")
    result = _AXE.run(page)
    for violation in result.response["violations"]:
        targets = [node["target"] for node in violation["nodes"]][:3]
        wrong.append(f"axe {violation['id']}: {violation['help']} {targets}")
    return [f"{path}: {what}" for what in wrong]


def inspect_all(
    town: City, visitor: Visitor, width: int, language: str, scheme: str = "light"
) -> list[str]:
    """Walk every page of every person."""
    answered = furnish(town)
    party = visitor(width=width, language=language, scheme=scheme)
    wrong: list[str] = []
    opened = [
        "/", "/requests/new/", "/track/", "/officers/", "/sign-in/",
        f"/calendar/2020/?court={town.east.code}", "/calendar/2027/",
        "/deadline/", "/deadline/?start=2026-12-30T10:00&assigned=2027-01-08T10:00",
    ]  # fmt: skip
    for path in opened:
        wrong += inspect(party, path)
    party.goto("/track/")
    party.fill("#id_number", answered.number)
    party.fill("#id_code", access_code(answered))
    party.click("form.narrow button[type=submit]")
    wrong += inspect(party, f"/track/{answered.public_id}/")
    for person, paths in staff_pages(town):
        page = visitor(width=width, language=language, scheme=scheme)
        person.language = "zh-hans" if language.startswith("zh") else "en"
        sign_in(page, person)
        for path in paths:
            wrong += inspect(page, path)
        page.context.close()
    return wrong


@pytest.mark.parametrize(("width", "language"), SIZES)
def test_no_page_has_a_fault(town: City, visitor: Visitor, width: int, language: str) -> None:
    wrong = inspect_all(town, visitor, width, language)
    assert not wrong, "\n".join(wrong)


@pytest.mark.full
@pytest.mark.parametrize(("width", "language", "scheme"), LARGE_SIZES)
def test_no_page_has_a_fault_at_any_size(
    town: City, visitor: Visitor, width: int, language: str, scheme: str
) -> None:
    wrong = inspect_all(town, visitor, width, language, scheme)
    assert not wrong, "\n".join(wrong)
