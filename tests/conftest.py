"""Fixtures that every part of the tests may use, and the plain word about what was left out."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings as generated
from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = (
    os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
)
FAKETIME = next(iter(sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))), None)
# What a marked test needs besides Python packages: marker, whether it is there, how it is called.
SYSTEM_PACKAGES = {
    "browser": (CHROMIUM is not None, "Chromium"),
    "compose": (shutil.which("docker-compose") is not None, "docker-compose"),
    "faketime": (FAKETIME is not None, "faketime"),
    "poppler": (shutil.which("pdftotext") is not None, "poppler-utils"),
    "gettext": (shutil.which("msgfmt") is not None, "gettext"),
}
# How long a generated example takes says nothing: no test asserts a time.
generated.register_profile("untimed", deadline=None)
generated.load_profile("untimed")
NOT_INSTALLED = "is not installed (make system-packages)"


def pytest_runtest_setup(item: pytest.Item) -> None:
    for marker, (present, name) in SYSTEM_PACKAGES.items():
        if present or item.get_closest_marker(marker) is None:
            continue
        if os.environ.get("CI") == "true":
            pytest.fail(f"{name} {NOT_INSTALLED}, and CI leaves nothing out", pytrace=False)
        pytest.skip(f"{name} {NOT_INSTALLED}")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    left_out: dict[str, list[str]] = {}
    for report in terminalreporter.stats.get("skipped", []):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else ""
        if NOT_INSTALLED in reason:
            left_out.setdefault(reason.removeprefix("Skipped: "), []).append(report.nodeid)
    for reason, tests in left_out.items():
        terminalreporter.section(f"left out: {len(tests)} tests")
        terminalreporter.line(f"{reason[0].upper()}{reason[1:]}, so these did not run:")
        for test in tests:
            terminalreporter.line(f"  {test}")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium without a window; it speaks to nobody but the pages it is sent to."""
    # Playwright keeps an event loop, which Django takes for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=[
                "--no-sandbox",  # root in a container cannot have one
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-default-apps",
                "--disable-dev-shm-usage",
                "--disable-sync",
                "--no-first-run",
            ],
        )
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A page of a court's common monitor, in Chinese; another context for another person."""
    context = chromium.new_context(
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        viewport={"width": 1366, "height": 768},
        reduced_motion="reduce",
    )
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()
