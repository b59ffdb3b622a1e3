"""Takes the pictures of README and docs from the running demonstration city.

Start the product (`make run`), then in another terminal: `make screenshots`. Give another address
as the first argument. The pictures go to docs/pictures; `--all FOLDER` (`make contact-sheet`) takes
every page instead, to be looked at on one sheet.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
from functools import partial
from pathlib import Path

from contact_sheet import take_all
from playwright.sync_api import Browser, Page, sync_playwright

PICTURES = Path(__file__).parent / "pictures"
PASSWORD = os.environ.get("DEMONSTRATION_PASSWORD", "demonstration-of-shifan")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")

# name of a picture of the README -> person, page, width, language
README: dict[str, tuple[str, str, int, str]] = {
    "portal": ("", "/", 1366, "zh-CN"),
    "request-on-a-phone": ("", "/requests/new/", 360, "zh-CN"),
    "desk": ("service.donghu", "first:/desk/", 1366, "zh-CN"),
    "order": ("judge.donghu", "first:/orders/", 1366, "en"),
    "supervision": ("president.shifan", "/supervision/", 1366, "zh-CN"),
    "leadership": ("president.shifan", "/leadership/", 1366, "en"),
    "briefing": ("president.shifan", "first:/reports/briefings/", 1366, "zh-CN"),
    "problems": ("filing.shifan", "/reports/problems/?show=all", 1366, "zh-CN"),
}
_LINK = r"^{}[0-9a-f]{{8}}-[0-9a-f-]{{27}}/"


def open_page(
    site: str, browser: Browser, person: str, width: int, language: str, dark: bool = False
) -> Page:
    """A browser of one person, signed in."""
    context = browser.new_context(
        base_url=site,
        locale=language,
        timezone_id="Asia/Shanghai",
        viewport={"width": width, "height": 768 if width > 600 else 740},
        device_scale_factor=1 if width > 600 else 2,
        reduced_motion="reduce",
        color_scheme="dark" if dark else "light",
    )
    page = context.new_page()
    if person:
        page.goto("/sign-in/")
        page.fill("#id_username", person)
        page.fill("#id_password", PASSWORD)
        page.click("form.form button[type=submit]")
        page.wait_for_url(lambda url: "/sign-in/" not in url)
        choose_language(page, language)
    return page


def choose_language(page: Page, language: str) -> None:
    """Staff read in their own language: switch it as they would."""
    wanted = "zh-hans" if language.startswith("zh") else "en"
    if (page.get_attribute("html", "lang") or "").lower() != wanted:
        page.locator(f".language-switch button[value='{wanted}']").first.click()
        page.wait_for_load_state()


def visit(page: Page, path: str) -> None:
    """Go to a page; ``first:/desk/ answer/`` opens the first thing of that list, and in it."""
    if not path.startswith("first:"):
        page.goto(path)
        return
    folder, _, rest = path.removeprefix("first:").partition(" ")
    page.goto(folder)
    links = page.eval_on_selector_all("main a", "all => all.map(a => a.getAttribute('href'))")
    found = [link for link in links if re.match(_LINK.format(folder), link or "")]
    page.goto(found[0].split("?")[0] + rest if rest else found[0])


def take_readme(browser: Browser, site: str) -> None:
    """The pictures of the README."""
    PICTURES.mkdir(exist_ok=True)
    for name, (person, path, width, language) in README.items():
        page = open_page(site, browser, person, width, language)
        visit(page, path)
        page.screenshot(path=PICTURES / f"{name}.png")
        page.context.close()
        print(PICTURES / f"{name}.png")


def main() -> None:
    """Take what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("site", nargs="?", default="http://127.0.0.1:8000")
    parser.add_argument("--all", type=Path, metavar="FOLDER")
    given = parser.parse_args()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-background-networking", "--disable-dev-shm-usage"],
        )
        if given.all:
            print(take_all(browser, given.all, partial(open_page, given.site), visit))
        else:
            take_readme(browser, given.site)
        browser.close()


if __name__ == "__main__":
    main()
