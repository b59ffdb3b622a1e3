"""The pages of the reports, each walked to by the person who uses it."""

from __future__ import annotations

from datetime import date, timedelta

from django.urls import reverse
from django.utils import timezone

from courts.models import Post
from escalation.models import Clock
from liaison.kinds import REPLY
from liaison.models import Request
from reports.assessment import services as assessment
from reports.assessment.drafting import draft_all
from reports.briefing import services as briefings
from reports.follow_up.urls import WINGS
from reports.indicators import Indicator
from reports.models import Briefing, Objection, Sheet, WatchEntry, WatchList
from reports.months import Month
from reports.standing_book.exporting import take_up
from tests.browser.walk import Walk
from tests.cases import mirrored
from tests.city import City, local
from tests.reports import follow_up_city, ranked_city
from workorders import services as orders
from workorders.models import WorkOrder

K = Post.Kind


def furnish_the_assessment(town: City) -> tuple[Objection, Request]:
    """Sheets of the year, and what is late twice: objected to in one rate, not in the other."""
    draft_all()
    late = Request.objects.get(title="三次来电未接")
    clock = Clock.objects.get(kind=REPLY, subject_id=late.pk)
    assert clock.limit_at is not None
    made = assessment.object_to(
        request_id=late.pk,
        indicator=Indicator.COMPLETION,
        month=Month.of(clock.limit_at, town.jurisdiction.zone),
        reason="当事人三次未接电话，已按规定记录，请核实后不计入本人迟延件。",
        by=town.judge(),
        at=clock.limit_at + timedelta(hours=9),
    )
    return made, late


def walk_the_own_figures(walk: Walk, town: City) -> None:
    """A judge's own figures, an objection made or too late, and the own sheet."""
    made, late = furnish_the_assessment(town)
    month = f"{made.month:%Y-%m}"
    walk.open(
        "/reports/assessment/own/", f"/reports/assessment/own/?month={month}",
        "/reports/assessment/own/?month=2019-01", "/reports/assessment/sheets/",
        f"/reports/assessment/own/object/?month={month}&indicator=liaison&request={late.public_id}",
    )  # fmt: skip
    if walk.page.query_selector("form.section"):
        walk.refused("form.section")
    sheet = f"/reports/assessment/sheets/{_sheet_of(town).public_id}/"
    walk.open(f"{sheet}items/?indicator=completion", sheet)
    walk.refused(f"form[action='{sheet}state/']")


def _sheet_of(town: City) -> Sheet:
    return Sheet.objects.filter(person=town.judge()).latest("year")


def walk_the_chamber(walk: Walk, town: City) -> None:
    """Objections before the Case Filing Chamber, one answered without a word, one answered."""
    made = Objection.objects.first() or furnish_the_assessment(town)[0]
    listed = "/reports/assessment/objections/"
    walk.open(listed, f"{listed}?show=answered", f"{listed}{made.public_id}/")
    if not made.answer:
        walk.refused("main form.form", "[value=yes]")
        walk.page.fill("#answer_answer", "经核实，三次联系记录属实。")
        walk.send("main form.form", "[value=yes]")
    walk.open(f"{listed}?show=answered", f"{listed}{made.public_id}/")
    court = town.east.public_id
    walk.open(f"/reports/assessment/sheets/?court={court}")
    for kind in ("department", "court"):
        sheet = Sheet.objects.filter(kind=kind, court=town.east).latest("year", "pk")
        walk.open(f"/reports/assessment/sheets/{sheet.public_id}/")


def walk_the_leadership(walk: Walk, town: City) -> None:
    """The rates, and the list behind every kind of figure."""
    walk.open("/supervision/", "/leadership/", "/leadership/?court=all", "/notices/")
    for kind in ("acceptance", "liaison", "completion", "overdue", "rungs"):
        walk.open(f"/leadership/items/?indicator={kind}")
    ranked_city.tell(town)
    court = town.east.public_id
    for of in ("courts", "departments", "judges"):
        walk.open(f"/leadership/ranking/?month=2020-06&of={of}&court={court}")
    for unit in (f"court={court}", f"department={town.division(town.west).public_id}"):
        walk.open(f"/leadership/ranking/unit/?month=2020-06&{unit}")
    walk.open("/leadership/ranking/?month=2019-01")
    walk.open("/leadership/?month=2020-06&court=all")
    walk.open("/leadership/items/?month=2020-06&indicator=due")
    walk.open("/leadership/items/?month=2020-06&indicator=satisfaction")
    walk.open("/leadership/trends/?month=2020-06", "/leadership/trends/?month=2019-01")
    walk.open("/leadership/push/", "/leadership/push/?month=2019-01")
    walk.open("/leadership/?month=2019-01", "/leadership/items/?month=2019-01&indicator=rungs")


def walk_the_book(walk: Walk, town: City) -> None:
    """The standing book and the cases; a view of it kept, a file of it asked for and written."""
    page = walk.page
    walk.open("/reports/book/", "/reports/book/?timeliness=late&rung=any", "/reports/book/exports/")
    walk.open("/reports/book/?number=none", "/reports/book/cases/?month=2019-01")
    one = mirrored.case(town.east, department=town.division(), filed_on=date(2020, 3, 2))
    mirrored.node(one, "hearing", occurred_at=local(2020, 6, 1))
    town.request(at=local(2020, 6, 4), case_number=one.number)
    walk.open("/reports/book/cases/?month=2020-06")
    walk.open("/reports/book/ahead/?month=2019-01", "/reports/book/ahead/")
    watch = WatchList.objects.create(
        jurisdiction=town.jurisdiction, month=timezone.localdate().replace(day=1), open_cases=1
    )
    watched = WatchEntry.objects.create(
        list=watch, case=one, court=one.court, department=one.department, place=1,
        why="silence:90", cases=40, asked=9, every_cases=900, every_asked=30,
    )  # fmt: skip
    walk.open("/reports/book/ahead/", f"/reports/book/ahead/{watched.public_id}/")
    walk.refused("main form.form")
    walk.open("/reports/book/?limit_month=never", status=400)
    page.goto("/reports/book/?timeliness=late")
    page.fill("#id_name", "逾期")
    walk.send("form[action='/reports/book/views/']")
    walk.look("a view kept")
    walk.send("form[action='/reports/book/exports/']", "[value=csv]")
    walk.look("being written")
    take_up(seconds=60)
    page.reload()
    walk.look("written")
    walk.open("/reports/book/exports/")
    page.select_option("select[name=rhythm]", "weekly")
    walk.send("form.inline-form")
    walk.look("comes by itself")


def walk_the_briefings(walk: Walk, town: City) -> None:
    """A briefing drafted, edited, sent to review; then as it is read, beside its correction."""
    ranked_city.tell(town)
    page = walk.page
    walk.open("/reports/briefings/")
    walk.refused("#draft form")
    page.fill("#id_month", "2020-06")
    walk.send("#draft form")
    walk.look("drafted")
    one = page.url
    walk.open(f"{one}edit/basic/?language=zh-hans")
    page.fill("#id_text", "")
    walk.refused("form.form")
    page.fill("#id_text", "本月共收到诉求13件。")
    walk.send("form.form")
    walk.open(f"{one}history/")
    page.goto(one)
    walk.send("form[action$='/submit/']")
    walk.look("in review")
    walk.open(f"{one}send-back/")
    walk.refused("form.form")
    draft = Briefing.objects.get()
    chief = town.holder(K.PRESIDENT, court=town.intermediate)
    briefings.publish(briefing_id=draft.pk, by=chief)
    order = WorkOrder.objects.filter(court=town.east, replied_at__lt=local(2020, 7, 1))[0]
    officer = town.holder(K.LIAISON_OFFICER, department=order.department)
    orders.reject_reply(order_id=order.pk, reason="未答复所问。", by=officer)
    walk.open(
        one, "/reports/briefings/", "/leadership/?month=2020-06",
        "/leadership/ranking/?month=2020-06&figures=live",
        "/leadership/items/?month=2020-06&indicator=rungs&edition=1",
    )  # fmt: skip
    page.goto("/reports/briefings/")
    page.fill("#id_month", "2020-06")
    walk.send("#draft form")
    walk.look("the correction")


def walk_the_follow_up(walk: Walk, town: City) -> None:
    """A list and a matter of each kind, and a new one of each, refused."""
    made = follow_up_city.one_of_each(town, timezone.now() - timedelta(days=1))
    walk.open("/reports/follow-up/")
    for wing in WINGS:
        name = wing.name
        walk.open(f"/reports/{name}/", f"/reports/{name}/?show=all")
    walk.open("/reports/referrals/items/")
    for matter in made:
        name, arguments = matter.address
        walk.open(reverse(name, kwargs=arguments))
    for name in ("issues", "referrals/items", "problems", "agenda", "interviews", "improvements"):
        walk.page.goto(f"/reports/{name}/new/")
        walk.refused("main form.form")
