"""Objections: to the own late items only, in time only, answered once, changing no figure."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import translation

from courts.errors import Invalid, NotAllowed, WrongState
from courts.models import Person, Post
from notices.models import Notice
from reports.assessment import services
from reports.facts import month_outcomes
from reports.indicators import Indicator, Result
from reports.models import Objection
from reports.months import Month
from reports.scope import Scope
from tests import city
from tests.city import City, local
from tests.reports import ranked_city
from tests.reports.ranked_city import JUNE
from workorders import services as orders
from workorders.models import WorkOrder

pytestmark = pytest.mark.django_db
MONTH = Month(2020, 6)
K = Post.Kind
OWN = reverse("assessment:own")
REASON = "该案已于期限内移送，承办人已变更。"
IN_TIME = local(2020, 7, 2)


@pytest.fixture
def town() -> City:
    town = city.build()
    ranked_city.tell(town)
    return town


def _items(town: City, result: Result) -> list[int]:
    found = month_outcomes(MONTH, Scope.of_city(town.jurisdiction), at=IN_TIME)
    return [
        item.request_id
        for item in found
        if item.indicator is Indicator.COMPLETION
        and item.handler_id == town.judge().pk
        and item.result is result
    ]


def _late(town: City) -> int:
    (request_id,) = _items(town, Result.LATE)
    return request_id


def _object(town: City, **changes: Any) -> Objection:
    values: dict[str, Any] = {
        "request_id": changes.get("request_id") or _late(town),
        "indicator": Indicator.COMPLETION,
        "month": MONTH,
        "reason": REASON,
        "by": town.judge(),
        "at": IN_TIME,
    }
    return services.object_to(**values | changes)


def _chamber(town: City) -> Person:
    return town.holder(K.FILING_CHAMBER, court=town.intermediate)


def _browser(person: Person) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(person)
    return client


def test_the_own_late_item_is_objected_to_once_and_the_chamber_is_told(town: City) -> None:
    made = _object(town)
    assert (made.court, made.department, made.state) == (town.east, town.division(), "open")
    # The fifth business day after June: Wednesday 1 July is the first.
    assert made.closes_at == local(2020, 7, 8, 0)
    notice = Notice.objects.get(kind="objection.made")
    assert notice.person == _chamber(town)
    assert _object(town).pk == made.pk
    with pytest.raises(WrongState):
        _object(town, reason="另有理由。")
    assert Objection.objects.count() == Notice.objects.filter(kind="objection.made").count() == 1
    # The other rate of the same request is another item.
    assert _object(town, indicator=Indicator.LIAISON).pk != made.pk


def test_what_cannot_be_objected_to(town: City) -> None:
    with pytest.raises(NotAllowed):
        _object(town, by=ranked_city.second_judge(town))
    with pytest.raises(NotAllowed):
        _object(town, by=town.holder(K.PRESIDENT))
    with pytest.raises(NotAllowed):  # it is an item of June
        _object(town, month=Month(2020, 5))
    with pytest.raises(Invalid) as refused:
        _object(town, request_id=_items(town, Result.IN_TIME)[0])
    with translation.override("en"):
        assert "late" in str(refused.value.text)
    with pytest.raises(Invalid) as refused:
        _object(town, reason="  ")
    assert refused.value.field == "reason"
    with pytest.raises(Invalid) as refused:
        _object(town, at=local(2020, 7, 8, 0))
    assert refused.value.code == "too_late"
    assert not Objection.objects.exists()
    # The database keeps the promise too.
    made = _object(town, at=local(2020, 7, 7, 23, 59))
    with pytest.raises(IntegrityError), transaction.atomic():
        Objection.objects.filter(pk=made.pk).update(made_at=made.closes_at)
    with pytest.raises(IntegrityError), transaction.atomic():
        Objection.objects.filter(pk=made.pk).update(state="upheld")


def test_what_became_late_after_the_month_is_objected_to_from_then(town: City) -> None:
    request_id = _items(town, Result.IN_TIME)[0]
    order = WorkOrder.objects.get(request=request_id, is_lead=True)
    officer = town.holder(K.LIAISON_OFFICER, department=town.division())
    rejected = local(2020, 7, 10, 16)
    orders.reject_reply(order_id=order.pk, reason="答非所问。", by=officer, at=rejected)
    page = {"indicator": "completion", "month": "2020-06", "request": order.request.public_id}
    with time_machine.travel(local(2020, 7, 17, 23, 59), tick=False):
        browser = _browser(town.judge())
        shown = browser.get(OWN, {"month": "2020-06"}).content.decode()
        assert f"request={order.request.public_id}" in shown
        assert not browser.get(reverse("assessment:object"), page).context["is_over"]
    with pytest.raises(Invalid) as refused:
        _object(town, request_id=request_id, at=local(2020, 7, 18, 0))
    assert refused.value.code == "too_late"
    made = _object(town, request_id=request_id, at=local(2020, 7, 17, 23, 59))
    assert made.closes_at == local(2020, 7, 18, 0)


@pytest.mark.parametrize(("upheld", "state"), [(True, "upheld"), (False, "not_upheld")])
def test_the_chamber_answers_once_with_a_reason(town: City, upheld: bool, state: str) -> None:
    made, chamber = _object(town), _chamber(town)
    answer = {"objection_id": made.pk, "upheld": upheld, "answer": "情况属实。"}
    for other in (town.holder(K.PRESIDENT), town.judge(), ranked_city.second_judge(town)):
        with pytest.raises(NotAllowed):
            services.answer_objection(**answer, by=other)
    with pytest.raises(Invalid):
        services.answer_objection(**answer | {"answer": ""}, by=chamber)
    for _time in range(2):
        assert services.answer_objection(**answer, by=chamber).state == state
    with pytest.raises(WrongState):
        services.answer_objection(**answer | {"upheld": not upheld}, by=chamber)
    assert Notice.objects.get(kind="objection.answered").person == town.judge()


def test_who_is_of_the_chamber_and_a_judge_answers_not_the_own(town: City) -> None:
    made, judge = _object(town), town.judge()
    seat = Post.objects.create(court=town.intermediate, kind=K.FILING_CHAMBER, title="立案庭法官")
    seat.tenures.create(person=judge, from_at=city.SINCE)
    with pytest.raises(NotAllowed):
        services.answer_objection(objection_id=made.pk, upheld=True, answer="属实。", by=judge)


def test_an_upheld_objection_stands_beside_the_figure_which_stays(town: City) -> None:
    made = _object(town)
    browser = _browser(town.judge())

    def card() -> tuple[str, str]:
        page = browser.get(OWN, {"month": JUNE})
        return next(
            (one["value"], one["note"])
            for one in page.context["cards"]
            if str(one["label"]) == "Timely completion rate"
        )

    waiting = "4 of 5 in time · 1 of these objected to, 0 upheld · 1 unanswered"
    assert card() == ("80.0", waiting)
    services.answer_objection(
        objection_id=made.pk, upheld=True, answer="情况属实。", by=_chamber(town)
    )
    assert card() == (
        "80.0",
        "4 of 5 in time · 1 of these objected to, 1 upheld · without the upheld 100.0% (4 of 4)",
    )
    assert _late(town) == made.request_id  # counted as before


def test_from_the_own_page_to_the_chamber_and_back(town: City) -> None:
    browser, chamber = _browser(town.judge()), _browser(_chamber(town))
    listed = reverse("assessment:objections")
    with time_machine.travel(IN_TIME, tick=False):
        page = browser.get(OWN, {"month": JUNE})
        assert "until the end of Tue 7 Jul 2020" in page.content.decode()
        rows = next(one["rows"] for one in page.context["sections"] if one["name"] == "completion")
        (url,) = [row["object_url"] for row in rows if row["object_url"]]
        assert browser.get(url).status_code == 200
        assert browser.post(url, {"reason": ""}).status_code == 400
        # Nobody objects to what is another's.
        assert _browser(ranked_city.second_judge(town)).get(url).status_code == 404
        assert browser.post(url, {"reason": REASON}).status_code == 302
        made = Objection.objects.get()
        page = chamber.get(listed)
        assert [one for one, _rate in page.context["rows"]] == [made]
        one = reverse("assessment:objection", args=[made.public_id])
        assert REASON in chamber.get(one).content.decode()
        assert chamber.post(one, {"answer": "", "upheld": "yes"}).status_code == 400
        assert chamber.post(one, {"answer": "情况属实。", "upheld": "no"}).url == listed
        assert not chamber.get(listed).context["rows"]
        assert len(chamber.get(listed, {"show": "answered"}).context["rows"]) == 1
        page = browser.get(OWN, {"month": JUNE}).content.decode()
        assert "Objection not upheld" in page
        assert "情况属实。" in page
    with time_machine.travel(local(2020, 7, 8, 0), tick=False):
        page = browser.get(OWN, {"month": JUNE})
        assert "could be objected to until" in page.content.decode()
        assert 'class="button small" href' not in page.content.decode()
        assert browser.post(url, {"reason": "晚了。"}).status_code == 400


def test_the_chambers_list_takes_as_many_statements_at_one_and_at_many(
    town: City, django_assert_num_queries, django_assert_max_num_queries
) -> None:
    _object(town)
    chamber = _browser(_chamber(town))
    listed = reverse("assessment:objections")
    chamber.get(listed)
    with django_assert_max_num_queries(25) as before:
        chamber.get(listed)
    _object(town, indicator=Indicator.LIAISON)
    with django_assert_num_queries(len(before)):
        assert len(chamber.get(listed).context["rows"]) == 2
