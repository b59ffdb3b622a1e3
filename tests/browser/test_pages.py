"""Every page in both languages, on a phone and on a court's monitor: nothing for axe to find,
nothing wider than the screen, cut off, too small to read or to touch, and nothing refused by the
content security policy. Forms that were refused and pages of errors are pages too."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.cache import cache
from django.utils import timezone
from playwright.sync_api import Page

from courts.models import Person
from liaison.models import Request
from tests.browser.conftest import Visitor, enter
from tests.browser.inspection import ALL_READINGS, READINGS
from tests.browser.walk import Walk
from tests.browser.walks import (
    STAFF,
    furnish,
    walk_a_partys_pages,
    walk_the_portal,
    walk_to_the_door,
)
from tests.city import City
from workorders import services as orders
from workorders.models import WorkOrder

pytestmark = pytest.mark.browser

Widths = tuple[int, ...]


def walk_in_public(
    town: City,
    visitor: Visitor,
    answered: Request,
    language: str,
    widths: Widths,
    scheme: str = "light",
) -> list[str]:
    """Walk every page that asks for no sign-in."""
    cache.clear()
    walk = Walk(visitor(width=widths[-1], language=language, scheme=scheme), widths)
    walk_the_portal(walk, town, answered)
    walk_a_partys_pages(walk, town)
    walk_to_the_door(walk)
    return walk.wrong


def walk_inside(
    town: City,
    visitor: Visitor,
    site: str,
    who: str,
    language: str,
    widths: Widths,
    scheme: str = "light",
) -> list[str]:
    """Walk every page that one of the staff uses."""
    way, find = STAFF[who]
    person = find(town)
    person.language = "zh-hans" if language.startswith("zh") else "en"
    person.save(update_fields=["language"])
    page = visitor(width=widths[-1], language=language, scheme=scheme)
    enter(page, site, person)
    walk = Walk(page, widths)
    way(walk, town)
    return walk.wrong


@pytest.mark.parametrize(("language", "widths"), READINGS)
def test_no_public_page_has_a_fault(
    town: City, visitor: Visitor, language: str, widths: Widths
) -> None:
    wrong = walk_in_public(town, visitor, furnish(town), language, widths)
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("who", STAFF)
@pytest.mark.parametrize(("language", "widths"), READINGS)
def test_no_page_of_the_staff_has_a_fault(
    town: City, visitor: Visitor, live_server, language: str, widths: Widths, who: str
) -> None:
    furnish(town)
    wrong = walk_inside(town, visitor, live_server.url, who, language, widths)
    assert not wrong, "\n".join(wrong)


@pytest.mark.full
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("language", "widths"), ALL_READINGS)
def test_no_public_page_has_a_fault_at_any_size(
    town: City, visitor: Visitor, language: str, widths: Widths, scheme: str
) -> None:
    wrong = walk_in_public(town, visitor, furnish(town), language, widths, scheme)
    assert not wrong, "\n".join(wrong)


@pytest.mark.full
@pytest.mark.parametrize("who", STAFF)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("language", "widths"), ALL_READINGS)
def test_no_page_of_the_staff_has_a_fault_at_any_size(
    town: City,
    visitor: Visitor,
    live_server,
    language: str,
    widths: Widths,
    scheme: str,
    who: str,
) -> None:
    furnish(town)
    wrong = walk_inside(town, visitor, live_server.url, who, language, widths, scheme)
    assert not wrong, "\n".join(wrong)


def _send_too_much(page: Page) -> None:
    """More fields than any form of ours has."""
    page.goto("/track/")
    page.evaluate(
        """() => {
            const form = document.querySelector("form.narrow");
            for (let n = 0; n < 1100; n += 1) {
                const field = document.createElement("input");
                [field.name, field.type] = [`more${n}`, "hidden"];
                form.append(field);
            }
        }"""
    )


def _forget_the_token(page: Page) -> None:
    page.goto("/track/")
    page.eval_on_selector_all("[name=csrfmiddlewaretoken]", "all => all.forEach(x => x.remove())")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_of_an_error_has_a_fault(
    town: City, visitor: Visitor, live_server, settings, tmp_path: Path, scheme: str
) -> None:
    """Each comes about as it would; both languages stand on it."""
    settings.ROOT_URLCONF = "tests.browser.failing_urls"
    walk = Walk(visitor(scheme=scheme), (360, 1366))
    for status in (400, 429, 500):
        walk.open(f"/fails/{status}/", status=status)
    walk.open("/no-such-page/", status=404)
    for prepare, code in ((_send_too_much, "400"), (_forget_the_token, "403")):
        prepare(walk.page)
        walk.send("form.narrow")
        assert walk.page.inner_text(".code") == code
        walk.look(code)

    settings.MAINTENANCE_FILE = str(tmp_path / "maintenance")
    (tmp_path / "maintenance").touch()
    walk.open("/", status=503)
    settings.MAINTENANCE_FILE = ""

    enter(walk.page, live_server.url, Person.objects.create_user("clerk", "x", is_staff=True))
    walk.open("/admin/courts/court/", status=403)

    order = town.order(at=timezone.now() - timedelta(hours=1))
    enter(walk.page, live_server.url, town.judge())
    walk.page.goto(f"/orders/{order.public_id}/")
    orders.reply(order_id=order.pk, text="已办。", by=town.judge())
    walk.send(f"form[action='/orders/{order.public_id}/acknowledge/']")
    assert walk.page.inner_text(".code") == "409"
    walk.look("409")
    assert WorkOrder.objects.get(pk=order.pk).state == "replied"
    assert not walk.wrong, "\n".join(walk.wrong)
