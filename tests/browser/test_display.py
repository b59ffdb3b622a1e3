"""Larger type on a phone, and compact rows on a monitor, both without scripts."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from courts.models import Post
from escalation.sweep import sweep
from liaison.access import access_code
from tests.browser.conftest import Visitor
from tests.browser.test_keyboard import CIVIL_CASE, enter
from tests.browser.walks import fill_in_a_request
from tests.city import City
from workorders import services as orders

pytestmark = pytest.mark.browser
PORTAL = ("/", "/requests/new/", "/track/", "/officers/", "/deadline/", "/calendar/2026/")


def _height(page: Page, selector: str) -> int:
    return round(page.locator(selector).first.bounding_box()["height"])


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_the_portal_in_larger_type_fits_a_phone(
    town: City, visitor: Visitor, language: str
) -> None:
    now = timezone.now()
    order = town.order(at=now - timedelta(days=3), case_number=CIVIL_CASE)
    orders.reply(order_id=order.pk, text="判决书已于今日寄出。", by=town.judge())
    asked = order.request
    page = visitor(width=360, language=language, java_script_enabled=False)
    page.goto("/track/")
    page.fill("#id_number", asked.number)
    page.fill("#id_code", access_code(asked))
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/track/{asked.public_id}/")
    size = "parseFloat(getComputedStyle(document.querySelector('main p')).fontSize)"
    usual = page.evaluate(size)
    page.click("button[name=type]")
    assert page.url.endswith(f"/track/{asked.public_id}/")
    assert page.evaluate(size) == usual * 1.25
    wide = {}
    for path in (*PORTAL, f"/track/{asked.public_id}/"):
        page.goto(path)
        assert page.get_attribute("html", "class") == "large", path
        wide[path] = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert not any(wide.values()), wide
    page.goto("/requests/new/")
    fill_in_a_request(page, town)
    page.click(".request-form button[type=submit]")
    page.wait_for_url("**/receipt/")
    assert page.eval_on_selector(".receipt", "box => box.scrollWidth <= box.clientWidth")
    page.goto("/")
    page.click("button[name=type]")
    assert page.get_attribute("html", "class") is None


def test_rows_are_32_pixels_high_when_compact_and_40_at_least_when_not(
    town: City, visitor: Visitor, live_server
) -> None:
    now = timezone.now()
    town.request(at=now - timedelta(hours=1), case_number=CIVIL_CASE)
    town.order(at=now - timedelta(days=40), case_number=CIVIL_CASE)
    sweep(now)
    rows = {
        town.staff(): ("/desk/", ".queue-row"),
        town.judge(): ("/orders/", ".queue-row"),
        town.holder(Post.Kind.PRESIDENT): ("/supervision/", ".units tbody tr"),
    }
    for person, (path, row) in rows.items():
        page = visitor(java_script_enabled=False)
        enter(page, person, live_server.url)
        page.goto(path)
        assert _height(page, row) >= 40, path
        page.click(".person-menu summary")
        page.click("button[name=density]")
        assert page.url.endswith(path)
        assert _height(page, row) in (32, 33), path  # a hairline more
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") == 0
