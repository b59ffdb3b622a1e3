"""The palette, the help of the keys, and toasts, in Chromium."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Page, Route, expect

from courts.models import Post
from liaison.models import Request
from tests.browser.conftest import Visitor
from tests.browser.test_keyboard import CIVIL_CASE, enter
from tests.city import City

pytestmark = pytest.mark.browser


def active(page: Page) -> str:
    """The words of the option that Enter would take."""
    chosen = page.get_attribute("#palette-words", "aria-activedescendant")
    assert chosen
    option = page.locator(f"#{chosen}")
    assert option.get_attribute("aria-selected") == "true"
    return option.inner_text()


def at_desk(town: City, page: Page, address: str) -> Request:
    """A member of staff before a request with a suggestion."""
    waiting = town.request(at=timezone.now() - timedelta(hours=1), case_number=CIVIL_CASE)
    enter(page, town.staff(), address)
    page.goto(f"/desk/{waiting.public_id}/")
    return waiting


def assert_axe_is_content(page: Page) -> None:
    violations = Axe().run(page).response["violations"]
    wrong = [
        (one["id"], node["target"], node["any"]) for one in violations for node in one["nodes"]
    ]
    assert not wrong, wrong


@pytest.mark.parametrize(
    ("language", "place", "nothing"), [("en", "desk", "Nothing found"), ("zh-CN", "受理分流", "")]
)
def test_the_palette_goes_to_pages_and_requests(
    town: City, visitor: Visitor, live_server, language: str, place: str, nothing: str
) -> None:
    page = visitor(language=language)
    waiting = at_desk(town, page, live_server.url)
    other = town.request(at=timezone.now(), title="申请退还诉讼费")
    page.keyboard.press("Control+k")
    words = page.locator("#palette-words")
    expect(words).to_be_focused()
    # What this page can do stands first, the help last.
    texts = page.locator("#palette-list [role=option]").all_inner_texts()
    assert "y" in texts[0]
    assert "?" in texts[-1]
    assert_axe_is_content(page)

    page.keyboard.type("退还诉讼费")
    expect(page.locator("#palette-found [role=option]")).to_have_count(1)
    assert other.number in active(page)
    count = page.inner_text("#palette-count")
    assert_axe_is_content(page)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.url.endswith(f"/desk/{other.public_id}/")

    page.keyboard.press("Meta+k")
    page.keyboard.type("no such thing")
    expect(page.locator("#palette-found [role=option]")).to_have_count(0)
    assert page.inner_text("#palette-count") not in ("", count)
    if nothing:
        assert page.inner_text("#palette-count") == nothing
    words.fill("")
    words.fill(place)
    assert place in active(page).lower()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.url.endswith("/desk/")
    assert waiting.number in page.inner_text("#queue")


def test_arrows_go_round_escape_closes_and_the_last_entry_is_the_help(
    town: City, visitor: Visitor, live_server
) -> None:
    page = visitor()
    at_desk(town, page, live_server.url)
    page.keyboard.press("/")  # there is no search on this page, so nothing is typed anywhere
    opener = page.locator(".find-button")
    opener.focus()
    page.keyboard.press("Enter")
    first = active(page)
    page.keyboard.press("ArrowDown")
    assert active(page) != first
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    assert "?" in active(page)
    page.keyboard.press("ArrowDown")
    assert active(page) == first
    page.keyboard.press("Escape")
    expect(page.locator("#palette")).to_be_hidden()
    expect(opener).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(page.locator("#keys")).to_be_visible()
    expect(page.locator("#palette")).to_be_hidden()


def test_an_action_of_the_page_is_done_from_the_palette(
    town: City, visitor: Visitor, live_server
) -> None:
    page = visitor(language="en")
    waiting = at_desk(town, page, live_server.url)
    page.keyboard.press("Control+k")
    page.keyboard.type("accept the")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    waiting.refresh_from_db()
    assert waiting.department == town.division()


def test_a_failing_search_is_said_in_the_palette(town: City, visitor: Visitor, live_server) -> None:
    page = visitor()
    at_desk(town, page, live_server.url)
    page.route("**/find/", lambda route: route.abort())
    page.keyboard.press("Control+k")
    page.keyboard.type("SF2026")
    failed = page.get_attribute("#palette-count", "data-failed")
    expect(page.locator("#palette-count")).to_have_text(failed)


def test_without_scripts_the_button_leads_to_a_page_with_the_same_results(
    town: City, visitor: Visitor, live_server
) -> None:
    page = visitor(java_script_enabled=False)
    waiting = at_desk(town, page, live_server.url)
    page.click(".find-button")
    page.fill("#find-words", waiting.number)
    page.keyboard.press("Enter")
    page.click(f"main a[href='/desk/{waiting.public_id}/']")
    assert waiting.number in page.title()


def test_the_help_lists_what_works_here_and_nothing_else(
    town: City, visitor: Visitor, live_server
) -> None:
    page = visitor()
    at_desk(town, page, live_server.url)

    def keys() -> set[str]:
        page.keyboard.press("?")
        expect(page.locator("#keys")).to_be_visible()
        shown = set(page.locator("#keys dt:not([hidden]) kbd").all_inner_texts())
        page.keyboard.press("Escape")
        expect(page.locator("#keys")).to_be_hidden()
        return shown

    everywhere = {"Ctrl K", "?", "Esc"}
    assert keys() == everywhere | {"j", "k", "Enter", "y", "a", "d", "w"}
    page.goto("/desk/")
    assert keys() == everywhere | {"j", "k", "Enter", "/", "n"}
    page.goto("/deadline/")
    assert keys() == everywhere
    order = town.order(at=timezone.now())
    judge = visitor()
    enter(judge, town.judge(), live_server.url)
    judge.goto(f"/orders/{order.public_id}/")
    page = judge
    assert keys() == everywhere | {"a"}


def _answered(town: City, page: Page, address: str) -> None:
    """The desk answers a request, which is said on the next page."""
    waiting = at_desk(town, page, address)
    page.goto(f"/desk/{waiting.public_id}/answer/")
    page.fill("#act #id_text", "请凭身份证领取。")
    page.click("#act button[type=submit]")
    page.wait_for_url("**/desk/")


def test_a_success_floats_and_goes_by_itself_unless_looked_at(
    town: City, visitor: Visitor, live_server
) -> None:
    page = visitor(reduced_motion="no-preference")
    page.clock.install()
    _answered(town, page, live_server.url)
    toast = page.locator("#toasts .toast")
    expect(toast).to_have_count(1)
    assert page.locator("#messages li").count() == 0
    assert toast.evaluate("e => getComputedStyle(e.parentElement).position") == "fixed"
    page.clock.run_for(7_000)
    expect(toast).to_have_count(1)
    toast.hover()
    page.clock.run_for(20_000)
    expect(toast).to_have_count(1)
    page.mouse.move(0, 0)
    page.clock.run_for(7_000)
    expect(toast).to_have_count(1)
    toast.locator("button").focus()
    page.clock.run_for(20_000)
    expect(toast).to_have_count(1)
    page.locator("#main").focus()
    page.clock.run_for(8_100)
    expect(toast).to_have_count(0)


def test_a_toast_stays_where_motion_is_reduced_until_it_is_closed(
    town: City, visitor: Visitor, live_server
) -> None:
    page = visitor()
    page.clock.install()
    _answered(town, page, live_server.url)
    toast = page.locator("#toasts .toast")
    page.clock.run_for(60_000)
    expect(toast).to_have_count(1)
    assert_axe_is_content(page)
    toast.locator("[data-dismiss]").click()
    expect(toast).to_have_count(0)
    expect(page.locator("#main")).to_be_focused()


def test_an_error_and_every_message_without_scripts_stand_in_the_page(
    town: City, visitor: Visitor, live_server
) -> None:
    page = visitor(java_script_enabled=False)
    _answered(town, page, live_server.url)
    expect(page.locator("#messages li")).to_have_count(1)
    assert page.locator("#messages").evaluate("e => getComputedStyle(e).position") == "static"

    judge = visitor(reduced_motion="no-preference")
    order = town.order(at=timezone.now())
    enter(judge, town.judge(), live_server.url)
    judge.goto(f"/orders/{order.public_id}/")
    judge.route("**/reveal/", lambda route: route.abort())
    judge.locator("form[action$='/reveal/'] button").first.click()
    expect(judge.locator("#messages [role=alert]")).to_have_count(1)
    assert judge.locator("#toasts .toast").count() == 0


def test_what_htmx_brings_says_its_message_as_a_toast(
    town: City, visitor: Visitor, live_server
) -> None:
    page = visitor()
    order = town.order(at=timezone.now())
    enter(page, town.holder(Post.Kind.JUDGE, department=order.department), live_server.url)
    page.goto(f"/orders/{order.public_id}/")

    def answer(route: Route) -> None:
        came = route.fetch()
        # As components/messages.html writes it into a fragment.
        said = (
            '<ul class="messages" id="messages" hx-swap-oob="beforeend:#messages">'
            '<li class="callout tone-done" role="status" data-toast><div>Done</div></li></ul>'
        )
        route.fulfill(response=came, body=came.text() + said)

    page.route("**/reveal/", answer)
    page.locator("form[action$='/reveal/'] button").first.click()
    expect(page.locator("#toasts .toast")).to_have_text(re.compile("Done"))
    assert page.locator("#messages li").count() == 0
