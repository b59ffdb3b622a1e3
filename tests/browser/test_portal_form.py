"""What the portal's form does beyond a plain form, and that it is plain enough without it."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.browser.conftest import Visitor
from tests.city import City

SEND = ".request-form button[type=submit]"


def refused(page: Page) -> None:
    """Send a form that lacks everything but the case number and the court."""
    page.goto("/requests/new/")
    page.select_option("#id_court", "示0102")
    page.fill("#id_case_number", "2026示0101民初123")
    # Pressed as slowly as people do: the answer to leaving the field comes in between.
    page.click("[data-fill=id_case_number]", delay=600)
    page.click("[data-fill=id_court]", delay=600)
    page.wait_for_selector("[data-fill]", state="detached")
    page.click(SEND)
    page.wait_for_selector(".error-summary")


def test_the_keyboard_reaches_a_proposal_that_stays(visitor: Visitor, town: City) -> None:
    page = visitor(width=1366)
    page.goto("/requests/new/")
    page.select_option("#id_court", "示0101")
    page.fill("#id_case_number", "2026示0101民初123")
    page.wait_for_selector("[data-fill=id_case_number]")
    page.focus("#id_case_number")
    page.keyboard.press("Tab")
    page.wait_for_timeout(600)  # as long as it takes to read what is proposed
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-fill]", state="detached")
    assert page.input_value("#id_case_number") == "（2026）示0101民初123号"


def test_proposals_fill_the_form_and_back_from_the_receipt_gives_a_form(
    visitor: Visitor, town: City
) -> None:
    page = visitor(width=360)
    refused(page)
    assert page.input_value("#id_case_number") == "（2026）示0101民初123号"
    assert page.input_value("#id_court") == "示0101"
    page.fill("#id_text", "请法官与我联系。")
    page.fill("#id_name", "赵六")
    page.fill("#id_phone", "138 0013 9999")
    page.click(SEND)
    page.wait_for_url("**/receipt/")
    page.go_back()
    page.wait_for_selector(SEND)
    assert not page.query_selector(".error-summary")
