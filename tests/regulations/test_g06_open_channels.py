"""Clause 6: the channels stay open to anyone, without an account, in both languages.

The complaint that a judge could not be reached comes with the channels' own screens.
"""

from __future__ import annotations

import pytest

from tests.regulations.conftest import Story, text_of


@pytest.mark.parametrize("address", ["/", "/requests/new/", "/track/", "/officers/"])
@pytest.mark.parametrize(("language", "words"), [("en", "request"), ("zh-hans", "诉求")])
def test_every_door_opens_without_signing_in(
    story: Story, address: str, language: str, words: str
) -> None:
    answer = story.browser().get(address, headers={"accept-language": language})
    assert words in text_of(answer).lower()


def test_a_request_may_be_made_by_night_and_on_a_holiday(story: Story) -> None:
    story.it_is(2026, 10, 3, 2, 30)
    receipt = story.files()
    assert receipt.number == "SF20261003-00001"
    assert receipt.number in story.reads(receipt)


def test_without_a_case_number_a_request_is_taken_all_the_same(story: Story) -> None:
    receipt = story.files(case_number="")
    assert receipt.number in story.reads(receipt)


def test_the_party_withdraws_by_the_own_act_alone(story: Story) -> None:
    receipt = story.filed_and_dispatched()
    stranger = story.browser()
    values = {"command_id": "0b0c9f0a-7a55-4f7e-9b0e-0d4a1f3b2c12"}
    stranger.post(f"/track/{receipt.public_id}/withdraw/", values)
    judge = story.town.judge()
    assert receipt.number in text_of(story.browser(judge).get("/orders/"))
    browser, _page = story.tracking(receipt)
    assert browser.post(f"/track/{receipt.public_id}/withdraw/", values).status_code == 302
    assert receipt.number not in text_of(story.browser(judge).get("/orders/"))
    story.it_is(2026, 11, 9, 10)
    story.beat()
    assert story.risen_to(story.the("president"), receipt) == []
