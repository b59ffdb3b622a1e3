"""A reply limit in minutes reads by the clock on every page, and in minutes, not business days."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.template import Context, Template
from django.test import Client
from django.urls import reverse
from django.utils import translation

from escalation import policy
from escalation.models import Clock
from escalation.reading import readings
from escalation.sweep import sweep
from liaison.kinds import REPLY
from liaison.portal.expectation import expectation
from notices import kinds
from notices.models import Notice
from tests import city
from tests.city import City, local
from workorders.models import WorkOrder

AT = local(2020, 6, 5, 14)
THIRD = Path(__file__).parents[1] / "escalation" / "cities" / "third.toml"
pytestmark = pytest.mark.django_db


@pytest.fixture
def town(tmp_path: Path) -> City:
    """A city that replies within 30 minutes; after 40 a leader is told."""
    text = THIRD.read_text(encoding="utf-8")
    for old, new in (
        ('anchor = "assigned"\nbusiness_days = 2', 'anchor = "assigned"\nminutes = 30'),
        ('anchor = "assigned"\nafter = 2', 'anchor = "assigned"\nafter = 40\nunit = "minutes"'),
        ('"limit_only"', '"full"'),
    ):
        assert old in text
        text = text.replace(old, new, 1)
    path = tmp_path / "third.toml"
    path.write_text(text, encoding="utf-8")
    policy.load_file(path)
    return city.build("third")


@pytest.fixture
def order(town: City) -> WorkOrder:
    return town.order(at=AT)


def _clock(order: WorkOrder) -> Clock:
    return Clock.objects.of(REPLY, order.request_id).get()


def _plain(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).strip()


def _ladder(order: WorkOrder, minutes: int) -> str:
    clock = _clock(order)
    reading = readings([clock], AT + timedelta(minutes=minutes))[clock.pk]
    source = "{% load ladder %}{% ladder_sentence ladder %}{% ladder_bar ladder 'detail' %}"
    with translation.override("en"):
        return _plain(Template(source).render(Context({"ladder": reading.ladder})))


def test_the_chip_of_the_order_says_within_how_many_minutes(order: WorkOrder, town: City) -> None:
    client = Client(headers={"accept-language": "en"})
    client.force_login(town.judge())
    address = reverse("orders:by_request", kwargs={"public_id": order.request.public_id})
    page = _plain(client.get(address, follow=True).content.decode())
    assert "limit was Fri 5 Jun 14:30" in page  # it is long past
    assert "business day 0" not in page


def test_the_ladder_names_the_minute(order: WorkOrder) -> None:
    running = _ladder(order, 20)
    assert "The court has until Fri 5 Jun 14:30." in running
    assert "Fri 5 Jun 14:40, after 40 minutes" in running
    assert "The court should have answered by Fri 5 Jun 14:30." in _ladder(order, 30)


def test_the_party_is_told_minutes(town: City) -> None:
    request = town.request(at=AT)
    with translation.override("en"):
        expected = expectation(request, AT)
    assert expected.reply_within == "30 minutes"
    assert "40 minutes" in [rise.waited for rise in expected.rises]


@pytest.mark.parametrize(("step", "waited"), [("leader", "40 minutes"), ("remind", "1 business")])
def test_a_step_is_told_in_its_unit_and_in_the_language_of_the_reader(
    order: WorkOrder, step: str, waited: str
) -> None:
    sweep(AT + timedelta(days=4))
    notice = Notice.objects.filter(subject_kind=REPLY, params__step=step, params__role__in=(
        "department_leader", "handler")).earliest("pk")  # fmt: skip
    with translation.override("zh-hans"):  # whoever delivers it
        context = kinds.read([notice])[notice.pk]
    assert context is not None
    kind = kinds.of(notice.kind)
    words = kinds.words(kind, context, kinds.Level.INSIDE, language="en")[1]
    assert f"no reply for {'more than ' if step == 'leader' else ''}{waited}" in words
    assert "The limit ended Fri 5 Jun 14:30." in words
