"""People in front of browsers: each has a context of their own, as on a machine of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page

from courts.models import Person
from tests import city
from tests.browser.inspection import screen
from tests.city import City

PASSWORD = "four quiet words here"
Visitor = Callable[..., Page]


@pytest.fixture
def town(transactional_db: None) -> City:
    """An invented city that the live server serves."""
    return city.build()


@pytest.fixture
def visitor(chromium: Browser, live_server) -> Iterator[Visitor]:
    """Opens the product for one more person; give ``width`` and ``language``.

    What else is given goes to the browser: ``java_script_enabled=False``, a whole ``viewport``.
    """
    contexts: list[BrowserContext] = []

    def open_for(
        width: int = 1366, language: str = "zh-CN", scheme: str = "light", **more: Any
    ) -> Page:
        usual: dict[str, Any] = {
            "viewport": screen(width),
            "reduced_motion": "reduce",
        }
        context = chromium.new_context(
            base_url=live_server.url,
            locale=language,
            timezone_id="Asia/Shanghai",
            color_scheme="dark" if scheme == "dark" else "light",
            **(usual | more),
        )
        context.set_default_timeout(20_000)
        contexts.append(context)
        return context.new_page()

    yield open_for
    for context in contexts:
        context.close()


def sign_in(page: Page, person: Person) -> None:
    """Sign in through the page, as anyone would."""
    person.set_password(PASSWORD)
    person.save()
    page.goto("/sign-in/")
    page.fill("#id_username", person.username)
    page.fill("#id_password", PASSWORD)
    page.click("form.form button[type=submit]")
    page.wait_for_url(lambda url: "/sign-in/" not in url)


def enter(page: Page, site: str, person: Person) -> None:
    """Be signed in without the page that asks for the password, which has tests of its own."""
    client = Client()
    client.force_login(person)
    session = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": site}])
