"""The product from outside: browsers of parties and staff, and the tasks that beat sends.

Nothing here reaches behind a page except to know who holds which post.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client

from courts.models import Department, Person, Post
from escalation.tasks import sweep
from notices.tasks import deliver_due
from tests import city
from tests.city import City, local
from workorders.tasks import complete_due

MESSAGE = "开庭后一直没有消息，请法官与我联系。"


@dataclass(frozen=True)
class Receipt:
    """What a party takes home."""

    public_id: str
    number: str
    code: str


def text_of(response: Any) -> str:
    """The page as it came, with entities resolved."""
    assert response.status_code == 200, response.status_code
    return unescape(response.content.decode())


class Story:
    """People before their screens, at an hour of one's choosing."""

    def __init__(self, town: City, hour: Any) -> None:
        self.town, self._hour = town, hour

    def it_is(self, *moment: int) -> None:
        """Let it be this moment in Shanghai."""
        self._hour.move_to(local(*moment))

    def beat(self) -> None:
        """What beat sends every minute or oftener."""
        sweep()
        complete_due()
        deliver_due()

    def browser(self, person: Person | None = None) -> Client:
        """A browser in English; that of a person of the staff is signed in."""
        client = Client(headers={"accept-language": "en"})
        if person is not None:
            client.force_login(person)
        return client

    def files(self, **changes: str) -> Receipt:
        """A party makes a request on the portal and reads the receipt."""
        values = {
            "command_id": str(uuid.uuid4()),
            "court": "示0101",
            "matter": "contact_judge",
            "case_number": "（2026）示0101民初123号",
            "judge_name": "",
            "title": "请法官回电",
            "text": MESSAGE,
            "name": "赵六",
            "phone": "138 0013 9999",
            "email": "zhao@example.org",
        }
        browser = self.browser()
        answer = browser.post("/requests/new/", values | changes)
        assert answer.status_code == 302, answer.context["form"].errors
        return self.receipt(text_of(browser.get(answer["Location"])), answer["Location"])

    def receipt(self, page: str, address: str) -> Receipt:
        """Number and code as they stand on a page."""
        number = re.search(r"SF\d{8}-\d{5}", page)
        code = re.search(r"(?<!-)\b[A-HJ-NP-Z2-9]{4}-[A-HJ-NP-Z2-9]{4}\b", page)
        public_id = re.search(r"[0-9a-f-]{36}", address)
        assert number
        assert code
        assert public_id
        return Receipt(public_id[0], number[0], code[0])

    def tracking(self, receipt: Receipt) -> tuple[Client, str]:
        """The party opens the request with number and code."""
        browser = self.browser()
        answer = browser.post("/track/", {"number": receipt.number, "code": receipt.code})
        assert answer.status_code == 302
        return browser, text_of(browser.get(answer["Location"]))

    def reads(self, receipt: Receipt) -> str:
        """What the party reads by tracking."""
        return self.tracking(receipt)[1]

    def at_desk(self, receipt: Receipt, verb: str, **values: Any) -> Any:
        """A member of the litigation-service staff does something with a request."""
        address = f"/desk/{receipt.public_id}/{verb}/"
        return self.browser(self.town.staff()).post(address, values)

    def dispatches(self, receipt: Receipt, department: Department | None = None) -> None:
        """The desk dispatches a request to a judge of a division."""
        department = department or self.town.division()
        values = {"department": department.pk, "handler": self.town.judge(department).pk}
        answer = self.at_desk(receipt, "route", matter="contact_judge", note="", **values)
        assert answer.status_code == 302, answer.context["form"].errors

    def filed_and_dispatched(self, **changes: str) -> Receipt:
        """A request that came and went to a judge within the hour."""
        receipt = self.files(**changes)
        self.dispatches(receipt)
        return receipt

    def order(self, receipt: Receipt, person: Person) -> str:
        """The address of a request's order, as a person finds it."""
        browser = self.browser(person)
        answer = browser.get(f"/orders/request/{receipt.public_id}/")
        assert answer.status_code == 302, answer.status_code
        return str(answer["Location"])

    def handles(self, receipt: Receipt, person: Person, verb: str, **values: Any) -> Any:
        """A judge does something with an order."""
        return self.browser(person).post(f"{self.order(receipt, person)}{verb}/", values)

    def supervises(self, receipt: Receipt, person: Person, verb: str, **values: Any) -> Any:
        """A supervisor does something with a request."""
        return self.browser(person).post(f"/supervision/{receipt.public_id}/{verb}/", values)

    def notices_of(self, person: Person) -> str:
        """A person's list of notices."""
        return text_of(self.browser(person).get("/notices/"))

    def risen_to(self, person: Person, receipt: Receipt) -> list[str]:
        """The headings of a person's notices that warn of a request, or say that it has risen."""
        headings = re.findall(r"<a[^>]* data-row>([^<]+)</a>", self.notices_of(person))
        words = (
            f"Early warning: request {receipt.number} without reply",
            f"Request {receipt.number} has risen to you",
        )
        return [heading for heading in headings if heading in words]

    def the(self, kind: str, **where: Any) -> Person:
        """Who holds a post: of the first division, or where it says."""
        if not where and kind in (Post.Kind.DEPARTMENT_LEADER, Post.Kind.LIAISON_OFFICER):
            where = {"department": self.town.division()}
        return self.town.holder(kind, **where)


def _story(policy: str) -> Iterator[Story]:
    cache.clear()  # attempts to open a request are counted there
    with time_machine.travel(local(2026, 9, 30, 14), tick=False) as hour:
        town = city.build(policy)
        Person.objects.update(language="en")
        yield Story(town, hour)
    cache.clear()


@pytest.fixture
def story(db: None) -> Iterator[Story]:
    """An invented city under the policy of Guangzhou."""
    yield from _story("guangzhou")


@pytest.fixture
def beijing(db: None) -> Iterator[Story]:
    """An invented city under the policy of Beijing."""
    yield from _story("beijing")
