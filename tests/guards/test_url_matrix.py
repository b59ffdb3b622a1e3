"""Every address of the product, and what each role gets there.

An address that is not in the tables of ``addresses`` fails. Each role is a real person with a real
post.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from courts import invented
from courts.models import Court, Department, Jurisdiction, Person, Tenure
from liaison import services
from notices.models import Delivery, Notice
from reports.assessment.drafting import draft_all
from reports.briefing import services as briefing
from reports.models import Briefing, Objection, Sheet
from reports.months import Month
from tests import city
from tests.guards.addresses import (
    ALL,
    ID,
    LEADERSHIP,
    OFFICES,
    OPEN,
    SIGHT,
    SPECIAL,
    STAFF,
    K,
    Page,
)
from workorders.models import WorkOrder


def _names(resolver: URLResolver, space: str = "") -> Iterator[str]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            if pattern.namespace == "admin":
                continue
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from _names(pattern, inner)
        elif isinstance(pattern, URLPattern):
            unnamed = "unknown address below /api/" if "api/" in str(pattern.pattern) else "?"
            yield f"{space}{pattern.name}" if pattern.name else unnamed


def test_every_address_is_listed() -> None:
    names = list(_names(get_resolver()))
    assert len(names) == len(set(names))
    assert set(names) == set(STAFF) | set(OPEN) | SPECIAL


@dataclass
class World:
    """Who there is, and what lies where."""

    people: dict[str, Person]
    orders: dict[str, WorkOrder]
    # Published, of the jurisdiction and of the foreign one; by the place of the same name.
    briefings: dict[str, Briefing]
    # Of who handles the order there.
    sheets: dict[str, Sheet]
    objections: dict[str, Objection]

    def places(self, page: Page) -> list[str]:
        """Where there is something that a page may be about."""
        if not page.of:
            return ["inside"]
        return list(self.briefings if page.of == "briefing" else self.orders)

    def address(self, name: str, page: Page, place: str) -> str:
        """The address of a page about the thing at ``place``."""
        if not page.of:
            return reverse(name) + page.query
        if page.of == "briefing":
            args: list[object] = [self.briefings[place].public_id]
            if name == "briefings:edit":
                return f"{reverse(name, args=[*args, 'basic'])}?language=en"
            return reverse(name, args=args)
        order = self.orders[place]
        if page.of == "notice":
            notice = Notice.objects.filter(person=order.handler).first()
            assert notice is not None
            return reverse(name, args=[notice.public_id])
        of = {
            "order": order,
            "sheet": self.sheets.get(place),
            "objection": self.objections.get(place),
        }.get(page.of, order.request)
        assert of is not None
        return reverse(name, args=[of.public_id]) + page.query


def _order(town: city.City, court: Court, division: Department) -> WorkOrder:
    now = timezone.now()
    request = town.request(at=now, court=court)
    services.route(
        request_id=request.pk,
        department=division,
        handler=town.judge(division),
        by=None,
        at=now,
    )
    return WorkOrder.objects.get(request=request)


def _briefing(jurisdiction: Jurisdiction) -> Briefing:
    """A published briefing of May 2020, in which nothing was due."""
    court = jurisdiction.leading_court
    hands = [
        Tenure.objects.filter(post__court=court, post__kind=kind)[0].person
        for kind in (K.FILING_CHAMBER, K.PRESIDENT)
    ]
    found = briefing.draft(jurisdiction_id=jurisdiction.pk, month=Month(2020, 5), by=hands[0])
    briefing.submit(briefing_id=found.pk, by=hands[0])
    briefing.publish(briefing_id=found.pk, by=hands[1])
    return found


@pytest.fixture
def world(db: None) -> World:
    town = city.build()
    abroad = invented.found_jurisdiction(
        code="yishi",
        prefix="YS",
        policy="guangzhou",
        name="异市",
        name_en="Yishi",
        court_code="异01",
        court_name="异市中级人民法院",
        court_name_en="Yishi Intermediate People's Court",
    )
    assert abroad.leading_court is not None
    invented.staff_court(abroad.leading_court, invented.Plan(), since=city.SINCE, prefix="ys")
    home, next_door = town.division(), town.division(index=1)
    people = {}
    for kind in K.values:
        if kind in (K.JUDGE, K.JUDGE_ASSISTANT, K.LIAISON_OFFICER, K.DEPARTMENT_LEADER):
            people[kind] = town.holder(kind, department=home)
        elif kind in OFFICES:
            people[kind] = town.holder(kind, court=town.intermediate)
        else:
            people[kind] = town.holder(kind)
    orders = {
        "inside": _order(town, town.east, home),
        "near": _order(town, town.east, next_door),
        "west": _order(town, town.west, town.division(town.west)),
        "foreign": _order(town, abroad.leading_court, town.division(abroad.leading_court)),
    }
    briefings = {"inside": _briefing(town.jurisdiction), "foreign": _briefing(abroad)}
    Delivery.objects.filter(channel=Delivery.Channel.IN_APP).update(
        state=Delivery.State.SENT, sent_at=timezone.now(), next_attempt_at=None
    )
    draft_all()
    sheets = {
        place: Sheet.objects.filter(person=order.handler).latest("year")
        for place, order in orders.items()
    }
    objections = {place: _objection(order) for place, order in orders.items()}
    return World(people, orders, briefings, sheets, objections)


def _objection(order: WorkOrder) -> Objection:
    now = timezone.now()
    return Objection.objects.create(
        person=order.handler,
        request=order.request,
        indicator="completion",
        month=now.date().replace(day=1),
        court=order.court,
        department=order.department,
        limit_at=now,
        closes_at=now + timedelta(days=1),
        reason="已在期限内答复。",
        made_at=now,
    )


def _expected(kind: str, page: Page, place: str) -> int:
    if page.of == "briefing":  # of both court levels alike
        return page.get if kind in page.posts and place == "inside" else 404
    if kind not in page.posts or (page.of and place not in SIGHT[kind]):
        return 404
    return page.get


@pytest.mark.parametrize("kind", K.values)
def test_each_post_sees_its_own_and_nothing_else(world: World, kind: str) -> None:
    client = Client()
    client.force_login(world.people[kind])
    wrong = []
    for name, page in STAFF.items():
        for place in world.places(page):
            url = world.address(name, page, place)
            expected = _expected(kind, page, place)
            if page.of == "notice" and kind == K.JUDGE and place == "inside":
                expected = 302  # the judge's own notice, opened where it leads
            got = client.get(url).status_code
            # Where the method is refused before anyone looks for the thing, nothing is told.
            if got != expected and not (page.get == 405 and got == 405):
                wrong.append(f"GET {name} ({place}): {got}, not {expected}")
            if expected == 404 and page.of != "notice":
                got = client.post(url).status_code
                if got not in (404, 405):
                    wrong.append(f"POST {name} ({place}): {got}, not 404")
    assert not wrong, "\n".join(wrong)


def test_a_person_without_a_post_sees_the_own_notices_only(world: World) -> None:
    client = Client()
    client.force_login(Person.objects.create_user("nobody", name="无岗"))
    for name, page in STAFF.items():
        expected = page.get if page.posts == ALL and not page.needs_post else 404
        got = client.get(world.address(name, page, "inside")).status_code
        assert got == expected or page.get == 405, name


def test_an_administrator_without_a_post_reads_no_request(world: World) -> None:
    client = Client()
    client.force_login(Person.objects.create_superuser("root", "x", name="管理员"))
    for name, page in STAFF.items():
        if page.of:
            got = client.get(world.address(name, page, "inside")).status_code
            assert got == 404 or page.get == 405, name


def test_a_stranger_signs_in_first(world: World, client: Client) -> None:
    for name, page in STAFF.items():
        url = world.address(name, page, "inside")
        for method in (client.get, client.post):
            answer = method(url)
            if answer.status_code == 405:
                continue
            if method == client.post and answer.status_code == 403:
                # With what was sent, so that it is not lost.
                assert 'href="/sign-in/?next=/' in answer.content.decode(), name
                continue
            assert answer.status_code == 302, name
            assert answer["Location"].startswith("/sign-in/?next=/"), name


@pytest.mark.parametrize("kind", sorted(LEADERSHIP))
def test_figures_open_no_list_beyond_reach(world: World, kind: str) -> None:
    client = Client()
    client.force_login(world.people[kind])
    for place, order in world.orders.items():
        for narrowed in (
            f"department={order.department.public_id}",
            f"court={order.court.public_id}",
        ):
            url = f"{reverse('leadership:items')}?indicator=acceptance&{narrowed}"
            whole_court_seen = kind not in (K.DEPARTMENT_LEADER, K.DEPUTY_PRESIDENT)
            seen = place in SIGHT[kind]
            ranked = client.get(f"{reverse('leadership:ranking_unit')}?{narrowed}")
            may = seen and (whole_court_seen or not narrowed.startswith("court="))
            assert ranked.status_code == (200 if may else 404), (place, narrowed)
            if narrowed.startswith("court=") and not whole_court_seen:
                continue  # of a court, they are shown the departments that are theirs
            assert client.get(url).status_code == (200 if seen else 404), (place, narrowed)


@pytest.mark.parametrize("signed_in", [False, True])
def test_open_pages_answer_everyone_alike(world: World, client: Client, signed_in: bool) -> None:
    if signed_in:
        client.force_login(world.people[K.PRESIDENT])
    for name, page in OPEN.items():
        assert client.get(reverse(name, args=page.args)).status_code == page.get, name


def test_the_tracking_page_of_a_request_is_closed_without_its_code(
    world: World, client: Client
) -> None:
    request = world.orders["inside"].request
    for name in ("portal:tracking", "portal:receipt"):
        page = OPEN[name]
        there = client.get(reverse(name, args=[request.public_id]))
        not_there = client.get(reverse(name, args=[ID]))
        assert there.status_code == not_there.status_code == page.get
        assert request.number not in there.content.decode()
    for name in ("portal:withdraw", "portal:dispute", "portal:rate"):
        there = client.post(reverse(name, args=[request.public_id]), {"text": "x"})
        assert there.status_code in (302, 404), name
    request.refresh_from_db()
    assert request.is_open


@pytest.mark.parametrize("kind", [*K.values, "stranger"])
def test_the_administration_is_for_administrators(world: World, kind: str) -> None:
    client = Client()
    if kind != "stranger":
        client.force_login(world.people[kind])
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"
        assert client.get(reverse(name)).status_code == 302, name
    assert client.get(reverse("admin:clocks_state")).status_code == 302
