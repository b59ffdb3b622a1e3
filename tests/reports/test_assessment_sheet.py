"""Annual sheets: drafted once, read live, commented on, signed, and from then on the same."""

from __future__ import annotations

import json
from html import unescape
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from courts.errors import Invalid, NotAllowed, WrongState
from courts.models import Court, Department, Person, Post, Tenure
from reports.assessment import services
from reports.assessment.document import document
from reports.assessment.drafting import draft, draft_all
from reports.assessment.lifecycle import SheetKind, SheetState
from reports.assessment.reading import of_sheet
from reports.edition import as_text
from reports.facts import months_items
from reports.indicators import Figure, Indicator, Result
from reports.models import Objection, Sheet
from reports.months import Month
from reports.scope import Scope
from tests import city
from tests.city import City, local
from tests.reports import ranked_city
from workorders import services as orders
from workorders.models import WorkOrder

pytestmark = pytest.mark.django_db
K = Post.Kind
COMMENT = "全年办理及时，迟延一件系移送所致。"
# The year is over, and so are the days in which December can be objected to.
LATER = local(2021, 1, 20)


@pytest.fixture
def town() -> City:
    town = city.build()
    ranked_city.tell(town)
    draft(jurisdiction=town.jurisdiction, year=2020, at=local(2020, 7, 1))
    return town


def _sheet(**of: Any) -> Sheet:
    return Sheet.objects.select_related("court__jurisdiction", "person").get(year=2020, **of)


def _of_judge(town: City) -> Sheet:
    return _sheet(person=town.judge())


def _leader(town: City) -> Person:
    return town.holder(K.DEPARTMENT_LEADER, department=town.division())


def _commented(town: City) -> Sheet:
    found = _of_judge(town)
    return services.comment_on(sheet_id=found.pk, comment=COMMENT, by=_leader(town), at=LATER)


def _browser(person: Person) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(person)
    return client


def _objected(town: City) -> Objection:
    found = months_items([Month(2020, 6)], Scope.of_city(town.jurisdiction), at=LATER)
    (late,) = [
        item
        for item in found[Month(2020, 6)].outcomes
        if (item.handler_id, item.indicator) == (town.judge().pk, Indicator.COMPLETION)
        and item.result is Result.LATE
    ]
    return services.object_to(
        request_id=late.request_id,
        indicator=Indicator.COMPLETION,
        month=Month(2020, 6),
        reason="承办人已变更。",
        by=town.judge(),
        at=local(2020, 7, 2),
    )


def test_each_judge_department_and_court_has_one_draft(town: City) -> None:
    assert draft(jurisdiction=town.jurisdiction, year=2020) == 0
    counts = {kind: Sheet.objects.filter(kind=kind).count() for kind in SheetKind.values}
    assert counts == {
        "judge": Person.objects.filter(tenures__post__kind=K.JUDGE).distinct().count(),
        "department": Department.objects.filter(is_open=True).count(),
        "court": Court.objects.filter(jurisdiction=town.jurisdiction).count(),
    }
    # In January the year before is still looked after.
    assert draft_all(local(2021, 1, 4)) == sum(counts.values())
    # A judge who moves takes the draft along, but no sheet that was commented on.
    moved, stays = town.judge(), ranked_city.second_judge(town)
    services.comment_on(
        sheet_id=_sheet(person=stays).pk, comment=COMMENT, by=_leader(town), at=LATER
    )
    elsewhere = town.division(index=1)
    for person in (moved, stays):
        seat = Post.objects.create(court=town.east, department=elsewhere, kind=K.JUDGE)
        seat.tenures.create(person=person, from_at=local(2020, 9, 1))
    assert draft(jurisdiction=town.jurisdiction, year=2020, at=LATER) == 0
    assert _sheet(person=moved).department == elsewhere
    assert _sheet(person=stays).department == town.division()


def test_a_year_is_the_sum_of_its_months(town: City) -> None:
    year = of_sheet(_of_judge(town), at=LATER)
    assert year.figures[Indicator.COMPLETION] == Figure(done=9, due=10)
    assert [len(one.items) for one in year.months] == [0, 0, 0, 0, 10, 10, *[0] * 6]
    assert (year.requests, sum(year.rungs.values())) == (10, 0)
    # The weighted mean of the rates in which anything was due.
    assert year.score == year.figures[Indicator.COMPLETION].rate
    second = of_sheet(_sheet(person=ranked_city.second_judge(town)), at=LATER)
    assert sum(second.rungs.values()) == 8
    division = of_sheet(_sheet(kind="department", department=town.division()), at=LATER)
    court = of_sheet(_sheet(kind="court", court=town.east), at=LATER)
    for one in (division, court):
        assert one.figures[Indicator.COMPLETION] == Figure(done=9, due=11)
    assert court.figures[Indicator.ACCEPTANCE] == Figure(done=11, due=11)
    assert division.figures[Indicator.ACCEPTANCE] == Figure()
    found = [one.satisfaction for one in (year, second, division, court)]
    assert found == [Figure(1, 1), Figure(), Figure(1, 1), Figure(1, 1)]


def test_every_figure_of_a_sheet_opens_a_list_of_as_many(town: City) -> None:
    made = _objected(town)
    services.answer_objection(
        objection_id=made.pk,
        upheld=True,
        answer="情况属实。",
        by=town.holder(K.FILING_CHAMBER, court=town.intermediate),
    )
    for of, reader in (
        ({"person": town.judge()}, town.judge()),
        ({"kind": "department", "department": town.division()}, _leader(town)),
        ({"kind": "court", "court": town.east}, town.holder(K.PRESIDENT)),
    ):
        browser = _browser(reader)
        page = browser.get(reverse("assessment:sheet", args=[_sheet(**of).public_id]))
        opened = 0
        for row in [*page.context["months"], {"rates": page.context["total"]}]:
            for rate in row["rates"]:
                figure = rate["figure"]
                assert bool(rate["url"]) == (figure != Figure())
                if rate["url"]:
                    shown = browser.get(rate["url"]).context
                    listed = sum(len(section["rows"]) for section in shown["sections"])
                    assert listed == shown["count"] == figure.due + figure.withdrawn + figure.merged
                    opened += 1
        assert opened >= 6
        html = " ".join(unescape(page.content.decode()).split())
        assert "1 made, 1 upheld" in html
        assert "of these objected to, 1 upheld · without the upheld" in html


def test_a_comment_comes_first_then_the_signature(town: City) -> None:
    found, leader = _of_judge(town), _leader(town)
    president = town.holder(K.PRESIDENT)
    with pytest.raises(WrongState):
        services.sign(sheet_id=found.pk, by=president, at=LATER)
    words = {"sheet_id": found.pk, "comment": COMMENT, "at": LATER}
    others = (
        town.judge(),
        president,
        town.holder(K.DEPARTMENT_LEADER, department=town.division(index=1)),
        town.holder(K.DEPUTY_PRESIDENT),
        town.holder(K.PRESIDENT, court=town.intermediate),
        town.holder(K.TRIAL_MANAGEMENT, court=town.intermediate),
    )
    for other in others:
        with pytest.raises(NotAllowed):
            services.comment_on(**words, by=other)
    with pytest.raises(Invalid):
        services.comment_on(**words | {"comment": " "}, by=leader)
    with pytest.raises(Invalid) as refused:
        services.comment_on(**words | {"at": local(2020, 12, 31, 23, 59)}, by=leader)
    assert refused.value.code == "too_early"
    for _time in range(2):
        assert services.comment_on(**words, by=leader).state == SheetState.COMMENTED
    with pytest.raises(WrongState):
        services.comment_on(**words | {"comment": "另一评语。"}, by=leader)

    statement = {"sheet_id": found.pk, "statement": "迟延一件，已改进。", "at": LATER}
    with pytest.raises(NotAllowed):
        services.make_statement(**statement, by=leader)
    services.make_statement(**statement, by=town.judge())
    for other in (leader, town.judge(), town.holder(K.PRESIDENT, court=town.intermediate)):
        with pytest.raises(NotAllowed):
            services.sign(sheet_id=found.pk, by=other, at=LATER)
    # Of December it could still be objected to on Friday 8 January, the fifth business day.
    with pytest.raises(Invalid) as refused:
        services.sign(sheet_id=found.pk, by=president, at=local(2021, 1, 8, 23, 59))
    assert refused.value.code == "too_early"
    for _time in range(2):
        signed = services.sign(sheet_id=found.pk, by=president, at=LATER)
    assert (signed.state, signed.signed_by) == (SheetState.SIGNED, president)
    with pytest.raises(WrongState):
        services.make_statement(**statement | {"statement": "补充。"}, by=town.judge())


def test_the_deputy_president_comments_where_nobody_leads(town: City) -> None:
    words = {"sheet_id": _of_judge(town).pk, "comment": COMMENT, "at": LATER}
    led = Tenure.objects.filter(person=_leader(town), post__kind=K.DEPARTMENT_LEADER)
    led.update(until_at=local(2020, 12, 1))
    deputy = town.holder(K.DEPUTY_PRESIDENT)
    assert services.comment_on(**words, by=deputy).commented_by == deputy


def test_the_chamber_stands_in_where_nobody_else_may_comment(town: City) -> None:
    """Else the sheet could never be signed: the president signs, and does not comment."""
    chamber = town.holder(K.FILING_CHAMBER, court=town.intermediate)
    department = _sheet(department=town.division(), kind=SheetKind.DEPARTMENT)
    assert not services.may_comment(department, chamber, LATER)
    deputies = Post.objects.filter(kind=K.DEPUTY_PRESIDENT, court=town.east)
    for post in deputies:
        post.departments_in_charge.clear()
    assert services.may_comment(department, chamber, LATER)
    assert not services.may_comment(_of_judge(town), chamber, LATER)  # its leader may
    Tenure.objects.filter(person=_leader(town)).update(until_at=local(2020, 12, 1))
    assert services.may_comment(_of_judge(town), chamber, LATER)


def test_the_chamber_of_the_leading_court_comments_on_a_court_and_no_other(town: City) -> None:
    of_court = _sheet(court=town.east, kind=SheetKind.COURT)
    words = {"sheet_id": of_court.pk, "comment": COMMENT, "at": LATER}
    own = Person.objects.create_user("own.chamber", name="本院立案庭")
    seat = Post.objects.create(court=town.east, kind=K.FILING_CHAMBER)
    Tenure.objects.create(post=seat, person=own, from_at=city.SINCE)
    with pytest.raises(NotAllowed):
        services.comment_on(**words, by=own)
    chamber = town.holder(K.FILING_CHAMBER, court=town.intermediate)
    assert services.comment_on(**words, by=chamber).state == SheetState.COMMENTED


def test_no_sheet_is_signed_over_an_unanswered_objection(town: City) -> None:
    made, found, president = _objected(town), _commented(town), town.holder(K.PRESIDENT)
    with pytest.raises(Invalid) as refused:
        services.sign(sheet_id=found.pk, by=president, at=LATER)
    assert refused.value.code == "objections"
    services.answer_objection(
        objection_id=made.pk,
        upheld=False,
        answer="期限届满时仍由其承办。",
        by=town.holder(K.FILING_CHAMBER, court=town.intermediate),
    )
    assert services.sign(sheet_id=found.pk, by=president, at=LATER).state == SheetState.SIGNED


def test_the_database_knows_no_signature_without_a_comment(town: City) -> None:
    found = Sheet.objects.filter(pk=_of_judge(town).pk)
    signature = {"signed_by": town.holder(K.PRESIDENT), "signed_at": LATER, "frozen": "{}"}
    with pytest.raises(IntegrityError, match="sheet_signed_with_comment"), transaction.atomic():
        found.update(state="signed", **signature)
    comment = {"comment": COMMENT, "commented_by": _leader(town), "commented_at": LATER}
    with pytest.raises(IntegrityError, match="sheet_two_people"), transaction.atomic():
        found.update(state="signed", **signature | comment | {"signed_by": _leader(town)})
    with pytest.raises(IntegrityError, match="sheet_two_people"), transaction.atomic():
        found.update(state="commented", **comment | {"commented_by": town.judge()})
    found.update(state="signed", **signature | comment)
    for change in ({"comment": "改。"}, {"state": "draft"}, {"frozen": "[]"}):
        with pytest.raises(DatabaseError, match="Cannot update rows"), transaction.atomic():
            found.update(**change)


def test_signed_figures_stay_whatever_happens_afterwards(town: City) -> None:
    found = _commented(town)
    before = as_text(document(of_sheet(found, at=LATER)))
    signed = services.sign(sheet_id=found.pk, by=town.holder(K.PRESIDENT), at=LATER)
    assert signed.frozen == before
    browser = _browser(town.judge())
    address = reverse("assessment:sheet", args=[found.public_id])

    def shown() -> list[Any]:
        page = browser.get(address)
        assert "Figures as signed on" in page.content.decode()
        return [page.context["cards"], [rate["figure"] for rate in page.context["total"]]]

    was = shown()
    answered = WorkOrder.objects.filter(handler=town.judge(), state__in=["replied", "completed"])
    order = answered.latest("dispatched_at")
    orders.reject_reply(
        order_id=order.pk,
        reason="答复不当。",
        by=town.holder(K.LIAISON_OFFICER, department=town.division()),
        at=LATER,
    )
    live = of_sheet(found, at=LATER)
    assert live.figures[Indicator.COMPLETION] == Figure(done=8, due=10)
    assert shown() == was
    assert json.loads(signed.frozen)["year"]["figures"]["completion"]["done"] == 9


def test_through_the_pages_from_draft_to_signature(town: City) -> None:
    found = _of_judge(town)
    address = reverse("assessment:sheet", args=[found.public_id])
    judge, leader = _browser(town.judge()), _browser(_leader(town))
    president = _browser(town.holder(K.PRESIDENT))
    with time_machine.travel(local(2020, 12, 30), tick=False):
        assert "when the year is over" in leader.get(address).content.decode()
        assert judge.post(f"{address}state/", {"statement": "本年已尽力。"}).url == address
    with time_machine.travel(local(2021, 1, 5), tick=False):
        assert leader.post(f"{address}comment/", {"comment": ""}).status_code == 400
        assert leader.post(f"{address}comment/", {"comment": COMMENT}).url == address
        assert "can still be objected to" in president.get(address).content.decode()
        assert president.post(f"{address}sign/").status_code == 400
        assert leader.post(f"{address}sign/").status_code == 403
    with time_machine.travel(LATER, tick=False):
        assert president.post(f"{address}sign/").url == address
        page = judge.get(address).content.decode()
        for words in (COMMENT, "本年已尽力。", "Signed by", "90.0"):
            assert words in page, words


def test_who_sees_whose_sheet(town: City) -> None:
    mine = _of_judge(town)
    listed = reverse("assessment:sheets")
    page = _browser(town.judge()).get(listed, {"year": 2020})
    assert [row for group in page.context["groups"] for row in group["rows"]] == [mine]
    second = ranked_city.second_judge(town)
    assert _browser(second).get(f"{listed}{mine.public_id}/").status_code == 404
    groups = _browser(_leader(town)).get(listed, {"year": 2020}).context["groups"]
    assert {(row.department, row.kind) for group in groups for row in group["rows"]} == {
        (town.division(), "judge"),
        (town.division(), "department"),
    }
    president = _browser(town.holder(K.PRESIDENT))
    assert president.get(listed, {"year": 2020, "court": town.west.public_id}).status_code == 404
    assert president.get(listed, {"year": 1999}).status_code == 404
    chief = _browser(town.holder(K.PRESIDENT, court=town.intermediate))
    assert chief.get(listed, {"year": 2020, "court": town.west.public_id}).status_code == 200


def test_a_sheet_takes_as_many_statements_whatever_it_shows(
    town: City, django_assert_num_queries, django_assert_max_num_queries
) -> None:
    browser = _browser(town.holder(K.PRESIDENT))
    address = reverse("assessment:sheet", args=[_sheet(kind="court", court=town.east).public_id])
    lists = f"{address}items/?indicator=completion"
    for one in (address, lists, reverse("assessment:sheets")):
        browser.get(one)
        with django_assert_max_num_queries(45) as before:
            browser.get(one)
        for number in range(3):
            town.order(at=local(2020, 8, 10, 10, number))
        with django_assert_num_queries(len(before)):
            browser.get(one)
