"""Beijing, clause 4: requests come by every channel into one place, under Beijing's policy."""

from __future__ import annotations

from tests.regulations.conftest import Story, text_of


def test_a_request_is_registered_and_the_party_told_the_limit_only(beijing: Story) -> None:
    receipt = beijing.files()
    assert receipt.number in text_of(beijing.browser(beijing.town.staff()).get("/desk/"))
    page = beijing.reads(receipt)
    assert receipt.number in page
    assert "president" not in page.lower()  # the text says nothing of a ladder of leaders
