"""The pages of the product, each walked to by the person who uses it, as filled as it gets."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from django.utils import timezone
from playwright.sync_api import Page

from cases.models import CaseParticipant
from courts.models import Person, Post
from escalation.calendar_changes import DayChange, change_calendar
from escalation.policy import version_for
from escalation.sweep import sweep
from liaison import services as requests
from liaison.access import access_code
from liaison.intake import Party
from liaison.models import PartySignIn, Request
from liaison.rating import rate
from liaison.sign_in import code_of
from notices.delivery import deliver_due
from tests.browser.report_walks import (
    walk_the_book,
    walk_the_briefings,
    walk_the_chamber,
    walk_the_follow_up,
    walk_the_leadership,
    walk_the_own_figures,
)
from tests.browser.walk import Walk
from tests.cases import mirrored
from tests.city import City, local
from tests.escalation import announced
from tests.reports import follow_up_city
from workorders import services as orders
from workorders.models import WorkOrder

K = Post.Kind
# In how many lines an element's text stands.
LINES = (
    "box => { const text = document.createRange(); text.selectNodeContents(box);"
    " return new Set([...text.getClientRects()].map(one => Math.round(one.top))).size }"
)


def furnish(town: City) -> Request:
    """Orders at every stage, and days of every kind; returns a request that was answered."""
    now = timezone.now()
    days = [
        DayChange(date(2020, 6, 9), False, "台风", court=town.east),
        DayChange(date(2020, 6, 13), True, "补班", court=town.east),
    ]
    change_calendar(
        days, reason="台风", by=None, approval="示中法〔2020〕1号", reaching_back="演示"
    )
    town.order(at=now - timedelta(days=40), title="三次来电未接")
    town.order(at=now - timedelta(days=6), title="何时开庭", case_number="（2026）示0101民初7号")
    town.request(at=now - timedelta(hours=3), title="想查案件进度")
    answered = town.order(at=now - timedelta(days=3), title="申请退还诉讼费")
    disputed = town.order(at=now - timedelta(days=4), title="保全裁定何时送达")
    sweep(now)
    orders.reply(order_id=answered.pk, text="已受理，七日内退还。", by=town.judge())
    orders.reply(order_id=disputed.pk, text="请耐心等待。", by=town.judge())
    requests.dispute(request_id=disputed.request_id, text="没有说明何时送达。")
    return answered.request


def fill_in_a_request(page: Page, town: City) -> None:
    """Fill in what the form of a request must have."""
    page.select_option("#id_court", town.east.code)
    page.check("input[name=matter][value=contact_judge]")
    page.fill("#id_text", "开庭已经两个月，一直没有收到判决，想请法官与我联系。")
    page.fill("#id_name", "周小满")
    page.fill("#id_phone", "13900139000")


def walk_the_portal(walk: Walk, town: City, answered: Request) -> None:
    """What anyone may open, then a request made, tracked and not withdrawn."""
    page = walk.page
    court = town.east.code
    walk.open(
        "/", "/requests/new/", "/track/", "/officers/", f"/officers/?court={court}",
        f"/calendar/2020/?court={court}", "/calendar/2027/",
        "/deadline/", "/deadline/?start=2026-12-30T10:00&assigned=2027-01-08T10:00",
    )  # fmt: skip
    walk.open("/deadline/?start=never", status=400)
    page.goto("/requests/new/")
    page.fill("#id_case_number", "(2026)示0101民初12号")
    walk.refused(".request-form")
    fill_in_a_request(page, town)
    walk.send(".request-form")
    assert page.url.endswith("/receipt/"), page.url
    walk.look("the receipt")
    made = page.url.replace("/receipt/", "/").replace("/requests/", "/track/")
    walk.open(made, f"{made}withdraw/")
    page.goto("/track/")
    page.fill("#id_number", answered.number)
    walk.refused("form.narrow")
    page.fill("#id_code", access_code(answered))
    walk.send("form.narrow")
    walk.look("answered")
    walk.refused("#rating form")
    page.check("#rating input[value=partly_satisfied]")
    page.fill("#rate_remark", "还要再跑一趟。")
    walk.send("#rating form")
    page.click("#rating summary")
    walk.look("rated")
    page.click("#dispute summary")
    walk.refused("#dispute form")


def walk_a_partys_pages(walk: Walk, town: City) -> None:
    """Sign in with a telephone, refused and let in, and every page behind it."""
    page = walk.page
    one = furnish_a_party(town)
    walk.open("/me/sign-in/")
    walk.refused("form.narrow")
    page.fill("#id_phone", one.contact.phone)
    walk.send("form.narrow")
    assert page.url.endswith("/me/code/"), page.url
    walk.look("the code")
    walk.refused("form.narrow")
    page.fill("#id_code", code_of(PartySignIn.objects.latest("pk")))
    walk.send("form.narrow")
    assert page.url.endswith("/me/"), page.url
    walk.look("what we told you")
    walk.open(
        "/me/requests/", "/me/cases/", f"/me/cases/{one.case.public_id}/", "/me/wishes/"
    )  # fmt: skip
    walk.send("form.form")
    walk.look("saved")
    page.goto(f"/me/cases/{one.case.public_id}/")
    assert page.eval_on_selector("h1", LINES) == 1, "the case number breaks over lines"


def furnish_a_party(town: City) -> CaseParticipant:
    """A party with a case, told of several nodes and of a request; who takes part in it."""
    now = timezone.now()
    one = mirrored.case(town.east, judge_name="沈法官", procedure_name="简易程序")
    person = mirrored.contact("周小满", phone="13900139001")
    row = mirrored.participant(one, person)
    hearing = mirrored.node(one, occurred_at=now, details={"place": "第三法庭"})
    others = [mirrored.node(one, kind, occurred_at=now) for kind in ("filing", "suspension")]
    mirrored.arrive([hearing, *others], at=now)
    moved = mirrored.node(one, after=hearing, details={"place": "第一法庭"})
    mirrored.arrive([moved, mirrored.withdraw(others[1])], at=now)
    town.request(at=now, party=Party("周小满", phone=person.phone, email="party@example.org"))
    deliver_due()
    return row


def walk_to_the_door(walk: Walk) -> None:
    """Sign-in, refused, and closed after too many attempts."""
    walk.open("/sign-in/")
    walk.refused("form.form")
    for _attempt in range(5):
        walk.page.fill("#id_username", "nobody")
        walk.page.fill("#id_password", "wrong")
        walk.send("form.form")
        if not walk.page.query_selector("#id_username"):
            break
        if _attempt == 0:
            walk.look("wrong password")
    assert not walk.page.query_selector("#id_username")
    walk.look("closed")


def walk_the_desk(walk: Walk, town: City) -> None:
    """The queue in all its parts, and one request with each of its forms refused."""
    page = walk.page
    waiting = Request.objects.get(title="想查案件进度")
    one = f"/desk/{waiting.public_id}/"
    walk.open("/desk/", "/desk/?state=routed&channel=website", one, "/desk/new/", "/notices/")
    page.goto("/desk/")
    page.fill("#id_q", "没有这样的诉求")
    walk.send(".desk-filters")
    walk.look("nothing found")
    page.goto("/desk/new/")
    walk.refused("main form.form")
    for verb in ("answer", "route", "merge", "withdraw"):
        walk.open(f"{one}{verb}/")
        walk.refused("#act form")


def walk_the_orders(walk: Walk, town: City) -> None:
    """A judge's queue, an order with each of its forms refused, one that was answered."""
    late = WorkOrder.objects.get(request__title="三次来电未接")
    with_case = WorkOrder.objects.get(request__title="何时开庭")
    replied = WorkOrder.objects.get(request__title="申请退还诉讼费")
    disputed = WorkOrder.objects.get(request__title="保全裁定何时送达")
    rate(request_id=replied.request_id, grade="not_satisfied", remark="没有说退到哪个账户。")
    walk.open(
        "/orders/", "/orders/?show=all",
        *(f"/orders/{each.public_id}/" for each in (with_case, replied, disputed)),
        f"/orders/{with_case.public_id}/print/", f"/orders/{replied.public_id}/print/",
    )  # fmt: skip
    one = f"/orders/{late.public_id}/"
    for verb in ("reply", "contact", "assist", "reassign", "return"):
        walk.open(one)
        if verb == "contact":
            walk.page.check("#contact_is_answer")  # an answer of which nothing is written
        walk.refused(f"form[action='{one}{verb}/']")


def walk_the_supervision(walk: Walk, town: City) -> None:
    """A liaison officer's queue, and requests with each of the acts refused."""
    late = f"/supervision/{Request.objects.get(title='三次来电未接').public_id}/"
    disputed = f"/supervision/{Request.objects.get(title='保全裁定何时送达').public_id}/"
    walk.open("/supervision/", late, disputed)
    for one, verb in (
        (late, "instruct"),
        (late, "reassign"),
        (disputed, "reject"),
        (disputed, "dismiss"),
    ):
        form = f"form[action='{one}{verb}/']"
        walk.page.goto(one)
        if walk.page.query_selector(form):
            walk.refused(form, "[value=instruct]" if verb == "instruct" else "[type=submit]")


def walk_the_administration(walk: Walk, town: City) -> None:
    """The pages that are ours under Django's administration."""
    page = walk.page
    version = version_for("guangzhou", local(2026, 11, 20).date())
    policy = f"/admin/escalation/policyversion/{version.pk}"
    walk.open(
        "/admin/", "/admin/escalation/sweeprun/state/", f"{policy}/change/", f"{policy}/sign/",
        "/admin/courts/calendarentry/", "/admin/courts/calendarentry/add/",
        "/admin/notices/gatewaystate/all/", "/admin/notices/noticetext/all/",
        "/admin/notices/noticetext/ladder_reply/en/", "/admin/courts/calendarentry/import/",
    )  # fmt: skip
    schedule = {"name": "2027.json", "mimeType": "application/json"}
    page.set_input_files(
        "input[type=file]",
        [schedule | {"buffer": announced.text().encode()}],  # type: ignore[list-item]
    )
    page.fill("#id_reason", "2027年放假安排")
    walk.send("#content form", "[type=submit]")
    walk.look("the schedule shown")


Way = tuple[Callable[[Walk, City], None], Callable[[City], Person]]
# Who walks where.
STAFF: dict[str, Way] = {
    "desk": (walk_the_desk, lambda town: town.staff()),
    "orders": (walk_the_orders, lambda town: town.judge()),
    "own figures": (walk_the_own_figures, lambda town: town.judge()),
    "chamber": (
        walk_the_chamber,
        lambda town: town.holder(K.FILING_CHAMBER, court=town.intermediate),
    ),
    "supervision": (
        walk_the_supervision,
        lambda town: town.holder(K.LIAISON_OFFICER, department=town.division()),
    ),
    "leadership": (
        walk_the_leadership,
        lambda town: town.holder(K.PRESIDENT, court=town.intermediate),
    ),
    "book": (walk_the_book, lambda town: town.holder(K.FILING_CHAMBER, court=town.intermediate)),
    "briefings": (
        walk_the_briefings,
        lambda town: town.holder(K.FILING_CHAMBER, court=town.intermediate),
    ),
    "follow_up": (walk_the_follow_up, follow_up_city.chamber),
    "administration": (
        walk_the_administration,
        lambda town: Person.objects.create_superuser("root", "x", name="管理员"),
    ),
}
