"""Looks at one page as a careful person would, and says what is wrong with it in words."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Page, ViewportSize

_AXE = Axe()
_LAYOUT = (Path(__file__).parent / "layout.js").read_text()
# How the pages are read: in a language, at widths of which the last is the one they are opened
# and filled in at. So each language sees both, and each width opens pages in one language.
READINGS = [("zh-CN", (360, 1366)), ("en", (1366, 360))]
ALL_READINGS = [("zh-CN", (360, 768, 1920, 1366)), ("en", (768, 1366, 1920, 360))]
# Least sizes in CSS pixels: any text, the body text of the portal, a target (WCAG 2.2, 2.5.8).
_SCREEN = {"text": 12, "body": 16, "target": 24}
# On paper nothing is touched, and 8 pt are read.
_PAPER = {"text": 10.6, "body": 10.6, "target": 0}


def layout_faults(page: Page, *, on_paper: bool = False) -> list[str]:
    """What a person would see is wrong: cut off, on top of each other, too small."""
    found: list[str] = page.evaluate(_LAYOUT, _PAPER if on_paper else _SCREEN)
    return found


def screen(width: int) -> ViewportSize:
    """A court's monitor or a phone, so wide in CSS pixels."""
    return {"width": width, "height": 768 if width > 600 else 740}


def faults(page: Page, widths: Sequence[int] = ()) -> list[str]:
    """What is wrong with the page that is open, at each width or as wide as it is; stays at the
    last."""
    wrong: list[str] = []
    for width in widths:
        page.set_viewport_size(screen(width))
        wrong += [f"{width} px: {fault}" for fault in _faults_as_it_stands(page)]
    return wrong if widths else _faults_as_it_stands(page)


def _faults_as_it_stands(page: Page) -> list[str]:
    """What is wrong to axe, in the page's width, in its layout."""
    wrong: list[str] = []
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    if wide > 0:
        wrong.append(f"wider than the screen by {wide} px")
    wrong += layout_faults(page)
    # Which nodes pass is asked by nobody, and naming them is most of the work.
    result = _AXE.run(page, options={"resultTypes": ["violations"]})
    for violation in result.response["violations"]:
        targets = [node["target"] for node in violation["nodes"]][:3]
        wrong.append(f"axe {violation['id']}: {violation['help']} {targets}")
    return wrong


def inspect(page: Page, path: str, status: int = 200, widths: Sequence[int] = ()) -> list[str]:
    """Open a page and say what is wrong with it, its status and its console included."""
    wrong: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        # The browser itself notes a page that came with an error status; that is asked below.
        if message.type == "error" and "the server responded with a status" not in message.text:
            wrong.append(message.text)

    page.on("console", listen)
    response = page.goto(path)
    page.remove_listener("console", listen)
    assert response is not None
    if response.status != status:
        return [f"{path}: {response.status}"]
    return [f"{path}: {what}" for what in wrong + faults(page, widths)]
