"""Every address of the product, and what each role gets there.

An address that is not in the tables below fails. Each role is a real person with a real post;
``inside`` is an order of the department, ``near`` one of another department of the same court,
``west`` one of another court, and ``foreign`` one of another jurisdiction.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from courts import invented
from courts.models import Court, Department, Person, Post
from liaison import services
from notices.models import Delivery, Notice
from tests import city
from workorders.models import WorkOrder

K = Post.Kind
ALL = frozenset(K.values)
DESK = frozenset({K.SERVICE_STAFF, K.HOTLINE_AGENT})
HANDLERS = frozenset({K.JUDGE, K.JUDGE_ASSISTANT, K.DEPARTMENT_LEADER})
SUPERVISORS = frozenset(
    {K.LIAISON_OFFICER, K.DEPARTMENT_LEADER, K.DEPUTY_PRESIDENT, K.PRESIDENT, K.FILING_CHAMBER}
)
LEADERSHIP = frozenset(
    {K.DEPARTMENT_LEADER, K.DEPUTY_PRESIDENT, K.PRESIDENT, K.FILING_CHAMBER, K.TRIAL_MANAGEMENT}
)
# How far each post sees beyond its own department.
OWN_DEPARTMENT = frozenset({"inside"})
OWN_COURT = frozenset({"inside", "near"})
COURTS_BELOW = frozenset({"inside", "near", "west"})
SIGHT = {
    K.JUDGE: OWN_DEPARTMENT,
    K.JUDGE_ASSISTANT: OWN_DEPARTMENT,
    K.LIAISON_OFFICER: OWN_DEPARTMENT,
    K.DEPARTMENT_LEADER: OWN_DEPARTMENT,
    K.SERVICE_STAFF: OWN_COURT,
    K.HOTLINE_AGENT: OWN_COURT,
    K.DEPUTY_PRESIDENT: OWN_COURT,  # in charge of all departments of a small court
    K.PRESIDENT: OWN_COURT,
    K.FILING_CHAMBER: COURTS_BELOW,
    K.TRIAL_MANAGEMENT: COURTS_BELOW,
    K.DISCIPLINE: frozenset(),
    K.TECHNOLOGY: frozenset(),
}


@dataclass(frozen=True)
class Page:
    """A page for those who hold one of ``posts``; anyone else gets 404, a stranger signs in."""

    posts: frozenset[str]
    get: int = 200
    # What its address names: nothing, a 'request' or an 'order'.
    of: str = ""
    query: str = ""


@dataclass(frozen=True)
class Open:
    """A page that asks for no sign-in; ``get`` is its answer, to whomever."""

    get: int
    args: tuple[object, ...] = field(default=())


STAFF = {
    "start": Page(ALL, get=302),
    "notices:list": Page(ALL),
    "notices:read_all": Page(ALL, get=405),
    "notices:open": Page(frozenset(), of="notice"),
    "desk:queue": Page(DESK),
    "desk:new": Page(DESK),
    "desk:request": Page(DESK, of="request"),
    "desk:answer": Page(DESK, of="request"),
    "desk:route": Page(DESK, of="request"),
    "desk:merge": Page(DESK, of="request"),
    "desk:withdraw": Page(DESK, of="request"),
    "desk:reveal": Page(DESK, get=405, of="request"),
    "orders:queue": Page(HANDLERS),
    "orders:by_request": Page(HANDLERS | SUPERVISORS, get=302, of="request"),
    "orders:order": Page(HANDLERS, of="order"),
    "orders:print": Page(HANDLERS, of="order"),
    "orders:acknowledge": Page(HANDLERS, get=302, of="order"),
    "orders:contact": Page(HANDLERS, get=302, of="order"),
    "orders:reply": Page(HANDLERS, get=302, of="order"),
    "orders:return": Page(HANDLERS, get=302, of="order"),
    "orders:reassign": Page(HANDLERS, get=302, of="order"),
    "orders:assist": Page(HANDLERS, get=302, of="order"),
    "orders:complete": Page(HANDLERS, get=302, of="order"),
    "orders:reveal": Page(HANDLERS, get=302, of="order"),
    "supervision:queue": Page(SUPERVISORS),
    "supervision:request": Page(SUPERVISORS, of="request"),
    "supervision:instruct": Page(SUPERVISORS, get=302, of="request"),
    "supervision:reject": Page(SUPERVISORS, get=302, of="request"),
    "supervision:dismiss": Page(SUPERVISORS, get=302, of="request"),
    "supervision:reassign": Page(SUPERVISORS, get=302, of="request"),
    "find:page": Page(ALL),
    "leadership:rates": Page(LEADERSHIP),
    "leadership:push": Page(LEADERSHIP),
    "leadership:items": Page(LEADERSHIP, query="?indicator=acceptance"),
}
ID = uuid.UUID(int=1)
OPEN = {
    "sign_out": Open(405),
    "set_language": Open(405),
    "set_display": Open(405),
    "calendar": Open(302),
    "calendar_year": Open(200, (2026,)),
    "healthz": Open(200),
    "metrics": Open(404),  # unless a token is set; tests/escalation/test_metrics.py
    "portal:home": Open(200),
    "portal:new": Open(200),
    "portal:receipt": Open(404, (ID,)),
    "portal:track": Open(200),
    # Without the code the way leads to where it is asked for, whether there is such a request.
    "portal:tracking": Open(302, (ID,)),
    "portal:finish": Open(405),
    "portal:withdraw": Open(302, (ID,)),
    "portal:dispute": Open(302, (ID,)),
    "portal:officers": Open(200),
    "portal:case_number": Open(405),
    "portal:sign_in": Open(200),
    # Without a code that this session asked for, or without having signed in, to the door.
    "portal:code": Open(302),
    "portal:told": Open(302),
    "portal:my_requests": Open(302),
    "portal:my_request": Open(405, (ID,)),
    "portal:my_cases": Open(302),
    "portal:my_case": Open(302, (ID,)),
    "portal:my_wishes": Open(302),
    "deadline:calculator": Open(200),
    # Unless a deployment asks for it; tests/guards/test_catalogue.py
    "catalogue:start": Open(404),
    "catalogue:page": Open(404, ("forms",)),
    "catalogue:frame": Open(404, ("kiosk",)),
    "catalogue:part": Open(404),
    # Asks for no key, but for a question.
    "deadlines:deadlines": Open(400),
    # Unless a secret of receipts is set; tests/notices/test_receipts.py
    "notices:receipts": Open(404, ("sms",)),
    # Machines sign with their key; see tests/api.
    "mirror:cases": Open(401),
    "mirror:nodes": Open(401),
    "api:requests": Open(401),
    "api:request": Open(401, (ID,)),
    "api:schema": Open(200),
    "api:docs": Open(200),
}
# Addresses with a rule of their own, each with a test below or elsewhere.
SPECIAL = {
    "sign_in",  # for strangers; tests/courts/test_sign_in.py
    "notices:bell",  # part of a page: stops asking when nobody is signed in
    "unknown address below /api/",
}


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

    def address(self, name: str, page: Page, place: str) -> str:
        """The address of a page about the thing at ``place``."""
        if not page.of:
            return reverse(name) + page.query
        order = self.orders[place]
        if page.of == "notice":
            notice = Notice.objects.filter(person=order.handler).first()
            assert notice is not None
            return reverse(name, args=[notice.public_id])
        return reverse(name, args=[(order if page.of == "order" else order.request).public_id])


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
        elif kind in (K.FILING_CHAMBER, K.TRIAL_MANAGEMENT, K.DISCIPLINE, K.TECHNOLOGY):
            people[kind] = town.holder(kind, court=town.intermediate)
        else:
            people[kind] = town.holder(kind)
    orders = {
        "inside": _order(town, town.east, home),
        "near": _order(town, town.east, next_door),
        "west": _order(town, town.west, town.division(town.west)),
        "foreign": _order(town, abroad.leading_court, town.division(abroad.leading_court)),
    }
    Delivery.objects.filter(channel=Delivery.Channel.IN_APP).update(
        state=Delivery.State.SENT, sent_at=timezone.now(), next_attempt_at=None
    )
    return World(people, orders)


def _expected(kind: str, page: Page, place: str) -> int:
    if kind not in page.posts or (page.of and place not in SIGHT[kind]):
        return 404
    return page.get


@pytest.mark.parametrize("kind", K.values)
def test_each_post_sees_its_own_and_nothing_else(world: World, kind: str) -> None:
    client = Client()
    client.force_login(world.people[kind])
    wrong = []
    for name, page in STAFF.items():
        for place in world.orders if page.of else ["inside"]:
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
        expected = page.get if page.posts == ALL else 404
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
    for name in ("portal:withdraw", "portal:dispute"):
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
