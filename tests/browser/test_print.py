"""What comes out of the printer: A4, a head and a foot, numbered pages, nothing cut off."""

from __future__ import annotations

import re
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from courts.models import Person, Post
from tests.browser.conftest import Visitor, enter
from tests.browser.inspection import layout_faults
from tests.browser.walks import furnish
from tests.city import City
from tests.reports import ranked_city
from workorders.models import WorkOrder

pytestmark = [pytest.mark.browser, pytest.mark.poppler]
# What stays of A4 between the margins, in CSS pixels: 210 - 32 mm by 297 - 34 mm.
PAPER = {"width": 673, "height": 994}
LONG = "开庭已经两个月，一直没有收到判决，多次拨打书记员电话无人接听，请法官与我联系。" * 12


class Paper:
    """A page as it is printed: its words sheet by sheet, and what is wrong with it."""

    def __init__(self, page: Page, folder: Path) -> None:
        file = folder / "printed.pdf"
        page.wait_for_load_state()
        page.pdf(path=file, prefer_css_page_size=True, print_background=False)
        told = subprocess.run(["pdfinfo", file], capture_output=True, text=True, check=True).stdout
        self.format = re.search(r"Page size:.*\((\w+)\)", told)
        text = subprocess.run(
            ["pdftotext", "-layout", file, "-"], capture_output=True, text=True, check=True
        ).stdout
        self.sheets = text.rstrip("\f").split("\f")
        page.emulate_media(media="print")
        page.set_viewport_size(PAPER)
        self.faults = layout_faults(page, on_paper=True)
        wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        if wide > 0:
            self.faults.append(f"wider than the paper by {wide} px")

    def assert_right(self, *words: str) -> None:
        """A4, whole, numbered, with its head, its date, its address, and these words."""
        assert self.format
        assert self.format[1] == "A4"
        assert not self.faults, "\n".join(self.faults)
        for number, sheet in enumerate(self.sheets, 1):
            assert _bare(sheet).endswith(f"{number}/{len(self.sheets)}")
        text = _bare("".join(self.sheets))
        today = timezone.localdate()
        for word in (*words, "localhost:", f"{today.year}"):
            assert _bare(word) in text, word


def _bare(text: str) -> str:
    """Without spaces and line ends: paper breaks lines where it must."""
    return "".join(text.split())


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_the_receipt_is_one_sheet(
    town: City, visitor: Visitor, tmp_path: Path, language: str
) -> None:
    page = visitor(language=language, scheme="dark")
    page.goto("/requests/new/")
    page.select_option("#id_court", town.east.code)
    page.check("input[name=matter][value=contact_judge]")
    page.fill("#id_text", LONG)
    page.fill("#id_name", "周小满")
    page.fill("#id_phone", "13900139000")
    page.click(".request-form button[type=submit]")
    page.wait_for_url("**/receipt/")
    number, code = page.inner_text("#receipt-number"), page.inner_text("#receipt-code")
    court = town.east.name if language == "zh-CN" else town.east.name_en
    paper = Paper(page, tmp_path)
    paper.assert_right(number, code, court, "/track/")
    assert len(paper.sheets) == 1
    assert _bare(court) in _bare(paper.sheets[0].split("\n", 2)[1])


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_an_order_is_printed_whole_for_a_hearing(
    town: City, visitor: Visitor, live_server, tmp_path: Path, language: str
) -> None:
    order = town.order(
        at=timezone.now() - timedelta(days=9),
        title="判决何时作出",
        text=LONG,
        case_number="（2026）示0101民初7号",
    )
    page = _entered(visitor(language=language, scheme="dark"), live_server.url, order.handler)
    page.goto(f"/orders/{order.public_id}/")
    page.click(f"a[href='/orders/{order.public_id}/print/']")
    paper = Paper(page, tmp_path)
    assert order.handler is not None
    handler = order.handler.name if language == "zh-CN" else order.handler.name_en
    facts = [order.request.number, "（2026）示0101民初7号", "张三", handler, LONG]
    paper.assert_right(*facts, f"/orders/{order.public_id}/")
    assert len(paper.sheets) > 1
    for sheet in paper.sheets:
        assert order.request.number in _bare(sheet)[:120], sheet
    assert "13800138000" not in _bare("".join(paper.sheets))
    for never in ("csrf", "textarea"):
        assert never not in "".join(paper.sheets)
    assert page.locator(".note-lines li").count() == 8
    assert page.locator(".ladder-print > svg").is_visible()


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_the_rates_of_a_month_are_printed_whole(
    town: City, visitor: Visitor, live_server, tmp_path: Path, language: str
) -> None:
    furnish(town)
    president = town.holder(Post.Kind.PRESIDENT, court=town.intermediate)
    page = _entered(visitor(language=language), live_server.url, president)
    page.goto("/leadership/?court=all")
    paper = Paper(page, tmp_path)
    court = town.intermediate.name if language == "zh-CN" else town.intermediate.name_en
    paper.assert_right(court, "/leadership/?court=all")
    assert page.locator(".rail, .staff-bar").first.is_hidden()


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_each_copy_of_a_ranking_says_whose_it_is(
    town: City, visitor: Visitor, live_server, tmp_path: Path, language: str
) -> None:
    ranked_city.tell(town)
    president = town.holder(Post.Kind.PRESIDENT, court=town.intermediate)
    page = _entered(visitor(language=language), live_server.url, president)
    address = f"/leadership/ranking/?month={ranked_city.JUNE}&of=departments"
    page.goto(address)
    paper = Paper(page, tmp_path)
    reader = president.name if language == "zh-CN" else president.name_en
    paper.assert_right(reader, town.division().name if language == "zh-CN" else "Civil", address)
    assert not page.locator(".print-foot").first.is_hidden()


def _entered(page: Page, site: str, person: Person) -> Page:
    language = page.evaluate("navigator.language")
    person.language = "zh-hans" if language.startswith("zh") else "en"
    person.save(update_fields=["language"])
    enter(page, site, person)
    return page


def test_the_order_page_itself_prints_without_its_forms(
    town: City, visitor: Visitor, live_server
) -> None:
    order: WorkOrder = town.order(at=timezone.now())
    page = _entered(visitor(), live_server.url, order.handler)
    page.goto(f"/orders/{order.public_id}/")
    page.emulate_media(media="print")
    assert page.locator("main form:visible").count() == 0
    assert page.locator(".print-head").is_visible()
