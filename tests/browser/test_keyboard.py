"""The keyboard alone completes every main job, on a court's monitor and at a zoom of 400 %.

At each stop of the Tab key the focus shows and goes on in reading order. 1280 by 1024 pixels at
400 % are 320 by 256: no page is wider than that.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page

from courts.models import Person, Post
from escalation.sweep import sweep
from liaison import services as requests
from liaison.access import access_code
from liaison.lifecycle import RequestState
from liaison.models import Rating, Request
from tests.browser.conftest import PASSWORD, Visitor
from tests.browser.keyboard import Keyboard
from tests.city import City
from workorders import services as orders
from workorders.lifecycle import OrderState
from workorders.models import ContactRecord, Instruction, WorkOrder

pytestmark = pytest.mark.browser

SCREENS = {"monitor": (1366, 768), "zoom": (320, 256)}
CIVIL_CASE = "（2026）示0101民初123号"


@pytest.fixture(params=SCREENS)
def screen(request: pytest.FixtureRequest) -> dict[str, int]:
    width, height = SCREENS[request.param]
    return {"width": width, "height": height}


def enter(page: Page, person: Person, address: str) -> None:
    """Come with a session; that signing in needs no mouse has a test of its own."""
    client = Client()
    client.force_login(person)
    value = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": value, "url": address}])


def test_signing_in(town: City, visitor: Visitor, screen: dict[str, int]) -> None:
    judge = town.judge()
    judge.set_password(PASSWORD)
    judge.save()
    keyboard = Keyboard(visitor(viewport=screen))
    keyboard.open("/orders/")
    keyboard.write("#id_username", judge.username)
    keyboard.write("#id_password", PASSWORD)
    keyboard.go()
    assert keyboard.page.url.endswith("/orders/")
    assert not keyboard.faults, "\n".join(keyboard.faults)


def test_a_party_asks_tracks_rates_and_says_that_it_is_no_answer(
    town: City, visitor: Visitor, screen: dict[str, int]
) -> None:
    keyboard = Keyboard(visitor(viewport=screen))
    keyboard.open("/")
    keyboard.tab_to(".door[href='/requests/new/']")
    keyboard.go()
    keyboard.choose("#id_court", town.east.code)
    keyboard.tab_to("input[name=matter]")
    keyboard.press("Space")
    keyboard.write("#id_case_number", CIVIL_CASE)
    keyboard.write("#id_text", "开庭后一直没有消息，请法官与我联系。")
    keyboard.write("#id_name", "周小满")
    keyboard.write("#id_phone", "13800138000")
    keyboard.tab_to(".request-form button[type=submit]")
    keyboard.go()
    made = Request.objects.get()
    assert made.case_number == CIVIL_CASE
    assert made.matter == "contact_judge"

    judge = town.judge()
    requests.route(request_id=made.pk, department=town.division(), handler=judge, by=None)
    orders.reply(order_id=WorkOrder.objects.get().pk, text="请等待通知。", by=judge)
    keyboard.open("/track/")
    keyboard.write("#id_number", made.number)
    keyboard.write("#id_code", access_code(made))
    keyboard.go()
    assert "请等待通知。" in keyboard.page.inner_text("main")
    keyboard.tab_to("#rating input[name=grade]")
    keyboard.press("Space", "ArrowDown", "ArrowDown")
    keyboard.write("#rate_remark", "还要再等。")
    keyboard.tab_to("#rating button[type=submit]")
    keyboard.go()
    given = Rating.objects.get(request=made)
    assert (given.grade, given.remark) == ("partly_satisfied", "还要再等。")
    keyboard.tab_to("#dispute summary")
    keyboard.press("Enter")
    keyboard.write("#dispute textarea", "没有说何时判决。")
    keyboard.tab_to("#dispute button[type=submit]")
    keyboard.go()
    made.refresh_from_db()
    assert made.dispute_text == "没有说何时判决。"
    assert not keyboard.faults, "\n".join(keyboard.faults)


def test_the_desk_accepts_a_suggestion_answers_and_dispatches(
    town: City, visitor: Visitor, live_server, screen: dict[str, int]
) -> None:
    at = timezone.now() - timedelta(hours=5)
    suggested, simple, other = (
        town.request(at=at + timedelta(hours=n), case_number=CIVIL_CASE) for n in range(3)
    )
    page = visitor(viewport=screen)
    enter(page, town.staff(), live_server.url)
    keyboard = Keyboard(page)
    keyboard.open("/desk/")
    keyboard.press("j")
    keyboard.go()
    assert suggested.number in page.title()
    keyboard.go("y")
    keyboard.press("j", "j", "k")
    keyboard.go()
    keyboard.go("a")
    keyboard.write("#act #id_text", "请凭身份证到诉讼服务大厅领取。")
    keyboard.tab_to("#act button[type=submit]")
    keyboard.go()
    keyboard.tab_to(f"#row-{other.public_id}")
    keyboard.go()
    keyboard.go("d")
    keyboard.choose("#id_department", str(town.division(index=1).pk))
    keyboard.tab_to("#act button[type=submit]")
    keyboard.go()
    found = {row.pk: row for row in Request.objects.all()}
    assert found[suggested.pk].department == town.division()
    assert found[simple.pk].state == RequestState.ANSWERED
    assert found[other.pk].department == town.division(index=1)
    assert not keyboard.faults, "\n".join(keyboard.faults)


def test_a_judge_acknowledges_logs_a_call_replies_and_returns(
    town: City, visitor: Visitor, live_server, screen: dict[str, int]
) -> None:
    at = timezone.now()
    first, second = (town.order(at=at - timedelta(days=days)) for days in (1, 0))
    page = visitor(viewport=screen)
    enter(page, town.judge(), live_server.url)
    keyboard = Keyboard(page)
    keyboard.open("/orders/")
    keyboard.press("j")
    keyboard.go()
    keyboard.go("a")
    keyboard.write(".contact-form textarea", "约定周五再谈。")
    keyboard.tab_to(".contact-form button[value=reached]")
    keyboard.go()
    keyboard.write("form[action$='/reply/'] textarea", "判决书已于今日寄出。")
    keyboard.tab_to("form[action$='/reply/'] button[type=submit]")
    keyboard.go()
    keyboard.open("/orders/")
    keyboard.tab_to(f"[data-row][href*='{second.public_id}']")
    keyboard.go()
    keyboard.tab_to("#return summary")
    keyboard.press("Enter")
    keyboard.write("#return textarea", "不属于本庭管辖。")
    keyboard.tab_to("#return button[type=submit]")
    keyboard.go()
    states = dict(WorkOrder.objects.values_list("pk", "state"))
    assert states == {first.pk: OrderState.REPLIED, second.pk: OrderState.RETURNED}
    assert ContactRecord.objects.get().outcome == ContactRecord.Outcome.REACHED
    assert not keyboard.faults, "\n".join(keyboard.faults)


def test_a_leader_urges_and_instructs(
    town: City, visitor: Visitor, live_server, screen: dict[str, int]
) -> None:
    now = timezone.now()
    order = town.order(at=now - timedelta(days=40), title="三次来电未接")
    sweep(now)
    page = visitor(viewport=screen)
    leader = town.holder(Post.Kind.DEPARTMENT_LEADER, department=order.department)
    enter(page, leader, live_server.url)
    keyboard = Keyboard(page)
    keyboard.open("/supervision/")
    keyboard.press("j")
    keyboard.go()
    form = "form[action$='/instruct/']"
    for kind in ("urge", "instruct"):
        keyboard.write(f"{form} textarea", "请于明日中午前答复当事人。")
        keyboard.tab_to(f"{form} button[value={kind}]")
        keyboard.go()
    kinds = Instruction.objects.order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["urge", "instruct"]
    assert not keyboard.faults, "\n".join(keyboard.faults)


def test_a_president_opens_the_list_behind_a_figure(
    town: City, visitor: Visitor, live_server, screen: dict[str, int]
) -> None:
    now = timezone.now()
    order = town.order(at=now - timedelta(days=40), title="三次来电未接")
    sweep(now)
    page = visitor(viewport=screen)
    enter(page, town.holder(Post.Kind.PRESIDENT), live_server.url)
    keyboard = Keyboard(page)
    keyboard.open("/leadership/")
    keyboard.tab_to("main a[href*='indicator=overdue']")
    keyboard.go()
    keyboard.tab_to(f"main a[href$='{order.request.public_id}/']")
    keyboard.go()
    assert "三次来电未接" in page.inner_text("h1")
    assert not keyboard.faults, "\n".join(keyboard.faults)


def furnished(town: City) -> tuple[Request, WorkOrder]:
    """A request that waits at the desk with a suggestion, and an order that is late."""
    now = timezone.now()
    waiting = town.request(at=now - timedelta(hours=1), case_number=CIVIL_CASE)
    late = town.order(at=now - timedelta(days=40), title="三次来电未接")
    sweep(now)
    return waiting, late


def test_every_stop_of_every_main_page_shows_and_is_in_order(
    town: City, visitor: Visitor, live_server
) -> None:
    waiting, late = furnished(town)
    pages = {
        None: ["/", "/requests/new/", "/track/", "/officers/", "/deadline/", "/sign-in/"],
        town.staff(): [f"/desk/{waiting.public_id}/", "/desk/", "/desk/new/", "/find/"],
        town.judge(): ["/orders/", f"/orders/{late.public_id}/"],
        town.holder(Post.Kind.PRESIDENT): [
            "/supervision/", f"/supervision/{late.request.public_id}/", "/leadership/",
        ],
    }  # fmt: skip
    faults: list[str] = []
    for person, paths in pages.items():
        page = visitor()
        if person is not None:
            enter(page, person, live_server.url)
        keyboard = Keyboard(page)
        for path in paths:
            keyboard.open(path)
            assert keyboard.walk() >= 2, path
        faults += keyboard.faults
        page.context.close()
    assert not faults, "\n".join(faults)


def test_a_hidden_focus_a_wrong_order_and_a_wide_page_are_noticed(
    town: City, visitor: Visitor, live_server
) -> None:
    waiting, _late = furnished(town)
    page = visitor()
    enter(page, town.staff(), live_server.url)
    keyboard = Keyboard(page)

    def faults_with(script: str) -> str:
        keyboard.faults.clear()
        page.goto(f"/desk/{waiting.public_id}/")
        page.evaluate(script)
        keyboard.look()
        keyboard.walk()
        return "\n".join(keyboard.faults)

    sheet = "document.styleSheets[document.styleSheets.length - 1]"
    unseen = "main .actions .button { outline: 0 !important }"
    assert "the focus does not show on a#" in faults_with(f"{sheet}.insertRule('{unseen}')")
    backwards = "document.querySelector('main .actions').style.flexDirection = 'row-reverse'"
    assert "jumps back" in faults_with(backwards)
    upwards = "document.querySelector('.desk-detail').style.cssText = "
    upwards += "'display: flex; flex-direction: column-reverse'"
    assert "jumps back" in faults_with(upwards)
    wide = "document.querySelector('main h1').style.minWidth = '3000px'"
    assert "wider than the screen by" in faults_with(wide)
    covered = "document.querySelector('.staff-bar').style.cssText = "
    covered += "'position: fixed; inset: 0; z-index: 99'"
    assert "cannot be seen" in faults_with(covered)
