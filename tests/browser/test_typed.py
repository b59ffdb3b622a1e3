"""What was typed is not lost to another button, to another language, or to a dead line."""

from __future__ import annotations

import pytest
from playwright.sync_api import Dialog, Page

from tests.browser.conftest import Visitor, enter
from tests.browser.walks import fill_in_a_request
from tests.city import City, local
from workorders.models import ContactRecord, WorkOrder

pytestmark = pytest.mark.browser
REPLY = "您好，您的案件已于今日开庭审理，判决书将依法送达。"


@pytest.fixture
def order(town: City) -> WorkOrder:
    return town.order(at=local(2026, 11, 20))


@pytest.fixture
def page(visitor: Visitor, order: WorkOrder, live_server) -> Page:
    """The judge's page of an order."""
    page = visitor()
    enter(page, live_server.url, order.handler)
    page.goto(f"/orders/{order.public_id}/")
    return page


def test_another_button_asks_before_a_typed_reply_is_lost(page: Page, order: WorkOrder) -> None:
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    page.fill("#reply_text", REPLY)
    page.click("button[value=not_reached]")
    page.wait_for_timeout(300)
    assert asked == ["confirm"]
    assert page.input_value("#reply_text") == REPLY
    # Sent itself, it goes without a question.
    page.click("form[action$='/reply/'] button[type=submit]")
    page.wait_for_url(lambda url: "/reply/" not in url)
    assert asked == ["confirm"]
    assert order.replies.get().entry.text == REPLY


def test_a_second_press_logs_no_second_call(page: Page) -> None:
    sent = page.evaluate(
        """() => {
            let sent = 0;
            window.addEventListener("submit", (event) => {
                if (!event.defaultPrevented) sent += 1;
            });
            const button = document.querySelector("button[value=not_reached]");
            button.click();
            button.click();
            return sent;
        }"""
    )
    assert sent == 1
    page.wait_for_selector(".toast, .callout")
    assert ContactRecord.objects.count() == 1


def test_what_a_party_typed_goes_along_to_the_other_language(visitor: Visitor, town: City) -> None:
    page = visitor(width=360)
    page.goto("/requests/new/")
    fill_in_a_request(page, town)
    typed = {name: page.input_value(f"#id_{name}") for name in ("text", "name", "phone", "court")}
    matter = page.get_attribute("input[name=matter]:checked", "value")
    page.click("button[name=language]")
    page.wait_for_selector("html[lang=en]")
    assert {name: page.input_value(f"#id_{name}") for name in typed} == typed
    assert page.get_attribute("input[name=matter]:checked", "value") == matter
    # It went along once, and is kept nowhere.
    assert page.evaluate("sessionStorage.getItem('carried')") is None


def test_words_that_came_back_with_errors_go_along_with_their_version(page: Page) -> None:
    """The page is that of the verb's address then, which leads to the order when it is opened."""
    page.evaluate("document.querySelector('#reply_text').removeAttribute('required')")
    page.fill("#reply_text", "长" * 8_001)
    page.click("form[action$='/reply/'] button[type=submit]")
    page.wait_for_selector(".error-summary")
    command = page.input_value("#contact_command_id")
    page.click("button[name=language]")
    page.wait_for_selector("html[lang=en]")
    assert page.input_value("#reply_text") == "长" * 8_001
    assert page.input_value("#contact_command_id") != command  # nobody typed there


def test_a_dead_line_is_told_once_and_no_longer_when_it_lives(page: Page) -> None:
    address = "document.querySelector('.bell').getAttribute('hx-get')"
    poll = f"htmx.ajax('GET', {address}, '.bell').catch(() => 0)"
    page.context.set_offline(True)
    for _time in range(3):
        page.evaluate(poll)
        page.wait_for_selector("#not-up-to-date")
    assert page.locator("#messages > *").count() == 1
    page.context.set_offline(False)
    page.evaluate(poll)
    page.wait_for_selector("#not-up-to-date", state="detached")
