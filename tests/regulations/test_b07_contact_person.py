"""Beijing, clause 7: a contact person who urges on schedule until the reply; no presidents."""

from __future__ import annotations

from courts.models import Post
from tests.regulations.conftest import Story


def test_the_contact_person_is_urged_on_schedule_until_the_reply(beijing: Story) -> None:
    receipt = beijing.filed_and_dispatched()
    contact = beijing.the(Post.Kind.LIAISON_OFFICER)
    urged = []
    for day in (9, 10, 11, 12, 13, 14):
        beijing.it_is(2026, 10, day, 9)
        beijing.beat()
        urged.append(len(beijing.risen_to(contact, receipt)))
    # The openings of business days 3 (the worked Saturday), 4, 5 and 6; never on the Sunday.
    assert urged == [0, 1, 1, 2, 3, 4]
    beijing.handles(receipt, beijing.town.judge(), "reply", text="已安排。")
    beijing.it_is(2026, 11, 9, 10)
    beijing.beat()
    assert len(beijing.risen_to(contact, receipt)) == 4


def test_the_division_chief_is_told_once_and_no_president_ever(beijing: Story) -> None:
    receipt = beijing.filed_and_dispatched()
    chief = beijing.the(Post.Kind.DEPARTMENT_LEADER)
    beijing.it_is(2026, 10, 11, 10)
    beijing.beat()
    assert beijing.risen_to(chief, receipt) == []
    beijing.it_is(2026, 11, 20, 10)
    beijing.beat()
    assert len(beijing.risen_to(chief, receipt)) == 1
    for kind in (Post.Kind.DEPUTY_PRESIDENT, Post.Kind.PRESIDENT):
        assert beijing.risen_to(beijing.the(kind), receipt) == []
    superior = beijing.the(Post.Kind.PRESIDENT, court=beijing.town.intermediate)
    assert beijing.risen_to(superior, receipt) == []


def test_contact_persons_are_published(beijing: Story) -> None:
    contact = beijing.the(Post.Kind.LIAISON_OFFICER)
    page = beijing.browser().get("/officers/").content.decode()
    assert contact.office_phone in page
