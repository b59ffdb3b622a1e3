"""The catalogue in a browser: nothing for axe to find in any component, at any width; and the
kiosk's time-out, by a clock that the test turns."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from reports.catalogue.views import ERRORS, FRAMES, PAGES
from tests.browser.conftest import Visitor
from tests.browser.inspection import ALL_READINGS, READINGS, inspect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Widths = tuple[int, ...]
ADDRESSES = [
    *(f"/components/{slug}/" for slug in PAGES),
    *(f"/components/frame/{name}/" for name in (*FRAMES, ERRORS[0])),
]
# What differs by its words alone.
MORE_ADDRESSES = [
    *(f"/components/frame/{name}/" for name in ERRORS[1:]),
    "/components/frame/public/?large",
    "/components/lists/?q=nowhere",
]
KIOSK = "/components/frame/kiosk/"


@pytest.fixture(autouse=True)
def _shown(settings) -> None:
    settings.COMPONENT_CATALOGUE = True


def faults(page: Page, addresses: list[str], widths: Widths) -> str:
    found = (inspect(page, path, widths=widths) for path in addresses)
    return "\n".join(fault for each in found for fault in each)


@pytest.mark.parametrize(("language", "widths"), READINGS)
def test_no_component_has_a_fault(visitor: Visitor, language: str, widths: Widths) -> None:
    wrong = faults(visitor(width=widths[-1], language=language), ADDRESSES, widths)
    assert not wrong, wrong


@pytest.mark.full
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("language", "widths"), ALL_READINGS)
def test_no_component_has_a_fault_at_any_size(
    visitor: Visitor, language: str, widths: Widths, scheme: str
) -> None:
    page = visitor(width=widths[-1], language=language, scheme=scheme)
    wrong = faults(page, ADDRESSES + MORE_ADDRESSES, widths)
    assert not wrong, wrong


TARGETS = "a[href], button, input:not([type=hidden]), select, textarea, summary"
# A box to tick is pressed by its label; the skip link and the menus of a pointer are not touched.
SMALL = """targets => targets
  .filter(one => one.checkVisibility() && !one.matches(".skip-link"))
  .map(one => one.matches("[type=radio], [type=checkbox]") ? one.closest("label") : one)
  .map(one => [one.textContent.trim(), one.getBoundingClientRect()])
  .filter(([, box]) => box.width < 64 || box.height < 64)
  .map(([text, box]) => `${text}: ${box.width} x ${box.height}`)"""
TINY = """[...document.querySelectorAll("body *")]
  .filter(one => one.checkVisibility() && [...one.childNodes].some(
    node => node.nodeType === 3 && node.textContent.trim()))
  .filter(one => parseFloat(getComputedStyle(one).fontSize) < 20)
  .map(one => `${one.tagName} ${one.textContent.trim()}`)"""


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_a_kiosk_is_large_and_leads_nowhere_else(visitor: Visitor, language: str) -> None:
    page = visitor(language=language)
    page.goto(KIOSK)
    page.click("[data-opens=still-there]")
    assert page.eval_on_selector_all(TARGETS, SMALL) == []
    assert page.evaluate(TINY) == []
    links = page.eval_on_selector_all("a[href]", "all => all.map(one => one.href)")
    origin = page.evaluate("location.origin")
    assert links
    assert [link for link in links if not link.startswith(origin)] == []


# A dialog says that it closed a moment after it is gone, and the kiosk waits anew from then on: the
# clock may be turned afterwards alone.
HEARS_IT_CLOSE = """() => { window.hasClosed = new Promise(done =>
  document.getElementById("still-there").addEventListener("close", () => done(), {once: true})) }"""


def ask_after_a_while(page: Page) -> None:
    """Open the kiosk, type, and leave it alone until it asks. The test turns the page's clock."""
    page.clock.install()
    page.goto(KIOSK)
    page.fill("[name=reason]", "private words")
    page.clock.run_for(59_000)
    expect(page.locator("#still-there")).to_be_hidden()
    page.clock.run_for(2_000)
    expect(page.locator("#still-there")).to_be_visible()


@pytest.mark.parametrize("answer", ["button", "Escape", "Enter", "beside"])
def test_a_kiosk_asks_and_whoever_answers_goes_on(visitor: Visitor, answer: str) -> None:
    page = visitor(language="en")
    ask_after_a_while(page)
    page.clock.run_for(25_000)  # late, but in time
    page.evaluate(HEARS_IT_CLOSE)
    if answer == "button":
        page.click("[data-stay]")
    elif answer == "beside":
        page.mouse.click(10, 10)
    else:
        page.keyboard.press(answer)
    page.evaluate("window.hasClosed")
    expect(page.locator("#still-there")).to_be_hidden()
    page.clock.run_for(58_000)
    expect(page.locator("#still-there")).to_be_hidden()
    assert page.input_value("[name=reason]") == "private words"
    page.clock.run_for(3_000)
    expect(page.locator("#still-there")).to_be_visible()  # and asks again, as often as needed


def test_a_kiosk_forgets_who_does_not_answer(visitor: Visitor) -> None:
    page = visitor(language="en")
    ask_after_a_while(page)
    page.evaluate("sessionStorage.setItem('draft', 'private words')")
    assert page.inner_text("[data-seconds-left]") == "29"
    with page.expect_navigation():
        page.clock.run_for(31_000)
    assert page.input_value("[name=reason]") == ""
    assert page.evaluate("sessionStorage.getItem('draft')") is None
    expect(page.locator("#still-there")).to_be_hidden()


def test_starting_again_forgets_at_once(visitor: Visitor) -> None:
    page = visitor(language="en")
    page.goto("/components/")
    page.goto(KIOSK)
    page.fill("[name=reason]", "private words")
    with page.expect_navigation():
        page.click(".kiosk-foot [data-start-again]")
    assert page.input_value("[name=reason]") == ""
    page.go_back()
    page.go_forward()
    assert page.input_value("[name=reason]") == ""


def test_a_failed_list_comes_by_trying_again(visitor: Visitor) -> None:
    page = visitor(language="en")
    page.goto("/components/states/")
    page.click(".load-failed a")
    expect(page.locator(".load-failed")).to_have_count(0)
    expect(page.locator("ul.queue li")).to_have_count(6)


@pytest.mark.parametrize("width", [360, 1366])
def test_a_chart_stays_within_its_place_and_opens_its_table(visitor: Visitor, width: int) -> None:
    page = visitor(width=width, language="en")
    page.goto("/components/charts/")
    chart = page.locator("figure.chart").first
    chart.locator("summary").press("Enter")
    expect(chart.locator("tbody tr")).to_have_count(12)
    cut = page.eval_on_selector_all(
        "figure.chart text",
        """(all, width) => all.filter(one => one.checkVisibility())
             .map(one => [one.textContent, one.getBoundingClientRect()])
             .filter(([, box]) => box.left < 0 || box.right > width).map(([text]) => text)""",
        width,
    )
    assert cut == []


def test_a_chart_on_paper_shows_its_table(visitor: Visitor) -> None:
    page = visitor(language="en")
    page.goto("/components/charts/")
    page.emulate_media(media="print")
    assert page.locator("figure.chart tbody").first.evaluate(
        "one => one.checkVisibility({ contentVisibilityAuto: true })"
    )
