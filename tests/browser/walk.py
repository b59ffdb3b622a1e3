"""One person's way through the pages: opened, filled in, refused, and looked at."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import Page

from tests.browser.inspection import faults, inspect


@dataclass
class Walk:
    """One person's way through the pages, and what was wrong on it."""

    page: Page
    # At which widths each page is looked at; as wide as it is when none is given.
    widths: tuple[int, ...] = ()
    wrong: list[str] = field(default_factory=list)

    def open(self, *paths: str, status: int = 200) -> None:
        """Open each address and look at it."""
        for path in paths:
            self.wrong += inspect(self.page, path, status, self.widths)

    def look(self, what: str) -> None:
        """Look at the page as it stands now."""
        path = urlsplit(self.page.url).path
        self.wrong += [f"{path} ({what}): {fault}" for fault in faults(self.page, self.widths)]

    def send(self, form: str, button: str = "button[type=submit]") -> None:
        """Send a form as it is, also where the browser would ask for what is missing."""
        self.page.eval_on_selector(form, "form => { form.noValidate = true }")
        with self.page.expect_navigation():
            self.page.eval_on_selector(f"{form} {button}", "button => button.click()")

    def refused(self, form: str, button: str = "button[type=submit]") -> None:
        """Send a form that lacks something, and look at how it comes back."""
        self.send(form, button)
        assert self.page.query_selector(".error-summary, .errorlist, .errornote"), self.page.url
        self.look("refused")
