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
from tests.browser.walks import (
    STAFF,
    Walk,
    furnish,
    walk_a_partys_pages,
    walk_the_portal,
    walk_to_the_door,
)
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


def walk_in_public(
    town: City,
    visitor: Visitor,
    answered: Request,
    width: int,
    language: str,
    scheme: str = "light",
) -> list[str]:
    """Walk every page that asks for no sign-in."""
    cache.clear()
    walk = Walk(visitor(width=width, language=language, scheme=scheme))
    walk_the_portal(walk, town, answered)
    walk_a_partys_pages(walk, town)
    walk_to_the_door(walk)
    return walk.wrong


def walk_inside(
    town: City, visitor: Visitor, site: str, width: int, language: str, scheme: str = "light"
) -> list[str]:
    """Walk every page of the staff."""
    wrong: list[str] = []
    for way, find in STAFF.values():
        person = find(town)
        person.language = "zh-hans" if language.startswith("zh") else "en"
        person.save(update_fields=["language"])
        page = visitor(width=width, language=language, scheme=scheme)
        enter(page, site, person)
        walk = Walk(page)
        way(walk, town)
        wrong += walk.wrong
        page.context.close()
    return wrong


@pytest.mark.parametrize(("width", "language"), SIZES)
def test_no_public_page_has_a_fault(
    town: City, visitor: Visitor, width: int, language: str
) -> None:
    wrong = walk_in_public(town, visitor, furnish(town), width, language)
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(("width", "language"), SIZES)
def test_no_page_of_the_staff_has_a_fault(
    town: City, visitor: Visitor, live_server, width: int, language: str
) -> None:
    furnish(town)
    wrong = walk_inside(town, visitor, live_server.url, width, language)
    assert not wrong, "\n".join(wrong)


@pytest.mark.full
@pytest.mark.parametrize(("width", "language", "scheme"), LARGE_SIZES)
def test_no_page_has_a_fault_at_any_size(
    town: City, visitor: Visitor, live_server, width: int, language: str, scheme: str
) -> None:
    answered = furnish(town)
    wrong = walk_in_public(town, visitor, answered, width, language, scheme)
    wrong += walk_inside(town, visitor, live_server.url, width, language, scheme)
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
@pytest.mark.parametrize("width", [1366, 360])
def test_no_page_of_an_error_has_a_fault(
    town: City, visitor: Visitor, live_server, settings, tmp_path: Path, width: int, scheme: str
) -> None:
    """Each comes about as it would; both languages stand on it."""
    settings.ROOT_URLCONF = "tests.browser.failing_urls"
    walk = Walk(visitor(width=width, scheme=scheme))
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
