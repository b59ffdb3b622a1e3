"""Clause 12: issues go to the Trial Management Office, conduct to discipline inspection."""

from __future__ import annotations

import uuid
from typing import Any

from courts.models import Person, Post
from reports.models import ReferralItem
from tests.regulations.conftest import Story, text_of
from tests.reports.follow_up_city import office, seat

K = Post.Kind
LOTS = "/reports/referrals/"
ITEMS = "/reports/referrals/items/"


def chamber(story: Story) -> Person:
    """Who holds the post of the Case Filing Chamber."""
    return story.the(K.FILING_CHAMBER, court=story.town.intermediate)


def refers(story: Story, category: str, title: str, **given: Any) -> None:
    """The chamber records something to be referred."""
    values = {
        "command_id": str(uuid.uuid4()), "category": category, "issue": "hot", "title": title,
        "text": f"{title}：当事人多次反映。", "request": "", "case": "", "unit": "", "month": "",
        "named": "",
    }  # fmt: skip
    answer = story.browser(chamber(story)).post(f"{ITEMS}new/", values | given)
    assert answer.status_code == 302, answer.context["form"].errors


def sends(story: Story, kind: str = "trial_management") -> str:
    """The chamber compiles September's lot for an office and sends it; returns its address."""
    browser = story.browser(chamber(story))
    given = {"office": office(story.town, kind).pk, "month": "2026-09"}
    answer = browser.post(f"{LOTS}compile/", given)
    assert answer.status_code == 302, answer.context["form"].errors
    lot = str(answer["Location"])
    assert browser.post(f"{lot}send/").status_code == 302
    return lot


def acts(story: Story, person: Person, title: str, verb: str, **given: str) -> int:
    """A person does something about an item; returns the status."""
    item = ReferralItem.objects.get(title=title)
    address = f"{ITEMS}{item.public_id}/{verb}/"
    return int(story.browser(person).post(address, given).status_code)


def test_a_months_lot_is_answered_item_by_item_and_tracked(story: Story) -> None:
    receipt = story.filed_and_dispatched()
    refers(story, "case_process", "送达迟延", request=receipt.number)
    refers(story, "trial_business", "庭审改期频繁")
    lot = sends(story)
    officer = story.the(K.TRIAL_MANAGEMENT, court=story.town.intermediate)
    assert "A month's referrals have come to your office." in _told(story, officer)
    page = text_of(story.browser(officer).get(lot))
    for words in ("送达迟延", "庭审改期频繁", receipt.number, "case-process management"):
        assert words in page
    assert "business day" in page  # its limit runs
    assert acts(story, officer, "送达迟延", "give_answer", text="已发督办函。") == 302
    assert acts(story, officer, "庭审改期频繁", "give_answer", text="") == 400
    assert acts(story, officer, "庭审改期频繁", "give_answer", text="已阅。") == 302
    assert "Answered" in text_of(story.browser(officer).get(lot))
    by = chamber(story)
    assert acts(story, by, "庭审改期频繁", "send_back", text="请写明措施。") == 302
    assert "请写明措施。" in _told(story, officer)
    assert acts(story, officer, "庭审改期频繁", "give_answer", text="改期须庭长批准。") == 302
    for title in ("送达迟延", "庭审改期频繁"):
        assert acts(story, by, title, "accept", text="") == 302
    page = text_of(story.browser(by).get(lot))
    assert "Closed" in page
    assert "改期须庭长批准。" in page
    assert acts(story, by, "送达迟延", "accept", text="") == 409


def _told(story: Story, person: Person) -> str:
    story.beat()
    browser = story.browser(person)
    listed = text_of(browser.get("/notices/"))
    return listed + "".join(
        row.body for notice in _notices(person) for row in notice.deliveries.filter(body__gt="")
    )


def _notices(person: Person) -> Any:
    from notices.models import Notice

    return Notice.objects.filter(person=person)


def test_a_month_without_anything_to_refer_is_recorded(story: Story) -> None:
    browser = story.browser(chamber(story))
    given = {"office": office(story.town).pk, "month": "2026-09"}
    early = browser.post(f"{LOTS}compile/", given)
    assert "the month is not over yet" in early.content.decode()
    story.it_is(2026, 10, 9, 10)
    browser = story.browser(chamber(story))  # the session of September is over
    for _time in range(2):
        answer = browser.post(f"{LOTS}compile/", given, follow=True)
        assert "There was nothing to refer" in text_of(answer)
    assert text_of(browser.get(f"{LOTS}?show=all")).count("September 2026") == 1


def test_conduct_goes_to_discipline_inspection_alone(story: Story) -> None:
    judge = story.town.judge()
    refers(story, "judicial_conduct", "态度生硬", named=judge.username)
    lot = sends(story, "discipline")
    inspector = story.the(K.DISCIPLINE, court=story.town.intermediate)
    assert "态度生硬" in text_of(story.browser(inspector).get(lot))
    assert "态度生硬" in text_of(story.browser(chamber(story)).get(lot))
    colleague = seat(story.town, K.FILING_CHAMBER, "colleague")
    page = text_of(story.browser(colleague).get(lot))
    assert "态度生硬" not in page
    assert "1 matter of conduct is sealed" in page
    for other in (
        judge,
        story.the(K.TRIAL_MANAGEMENT, court=story.town.intermediate),
        story.the(K.PRESIDENT, court=story.town.intermediate),
        story.the(K.PRESIDENT),
    ):
        assert story.browser(other).get(lot).status_code == 404
        assert acts(story, other, "态度生硬", "give_answer", text="我来答") == 404
    story.it_is(2026, 11, 20, 10)
    assert "态度生硬" not in _told(story, judge)
    assert lot not in _told(story, story.the(K.PRESIDENT, court=story.town.intermediate))
