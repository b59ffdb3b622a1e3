"""The same objection twice at once; with a control that shows the race."""

from __future__ import annotations

import threading
import time
from datetime import timedelta

from django.db import transaction

from courts.errors import Invalid, WrongState
from courts.models import Post
from notices.models import Notice
from reports.assessment import services
from reports.assessment.drafting import draft
from reports.assessment.window import closes_at
from reports.indicators import Indicator
from reports.models import Objection, Sheet
from reports.months import Month
from tests.city import City, local
from tests.concurrency.conftest import at_once, constraint_dropped

AT = local(2020, 7, 2)


def _twice(town: City) -> list[object]:
    order, judge = town.order(at=local(2020, 6, 5)), town.judge()

    def make() -> Objection:
        return services.object_to(
            request_id=order.request_id,
            indicator=Indicator.COMPLETION,
            month=Month(2020, 6),
            reason="当事人无法联系。",
            by=judge,
            at=AT,
        )

    return at_once(make, make)


def test_an_objection_made_twice_at_once_is_one(town: City) -> None:
    first, second = _twice(town)
    assert isinstance(first, Objection)
    assert first == second
    assert Notice.objects.filter(kind="objection.made").count() == 1

    chamber = town.holder(Post.Kind.FILING_CHAMBER, court=town.intermediate)
    results = at_once(
        *(
            lambda upheld=upheld: services.answer_objection(
                objection_id=first.pk, upheld=upheld, answer="已核实。", by=chamber, at=AT
            )
            for upheld in (True, False)
        )
    )
    assert [type(one) for one in results if isinstance(one, Exception)] == [WrongState]
    assert Notice.objects.filter(kind="objection.answered").count() == 1


def test_control_without_the_constraint_it_is_two(town: City) -> None:
    with constraint_dropped("reports_objection", "objection_once_uniq"):
        first, second = _twice(town)
        assert first != second
        assert Objection.objects.count() == 2


def test_who_signs_waits_for_an_objection_of_the_last_instant(town: City) -> None:
    order, judge = town.order(at=local(2020, 12, 21)), town.judge()
    draft(jurisdiction=town.jurisdiction, year=2020, at=local(2020, 12, 31))
    sheet = Sheet.objects.get(year=2020, person=judge)
    leader = town.holder(Post.Kind.DEPARTMENT_LEADER, department=town.division())
    services.comment_on(sheet_id=sheet.pk, comment="及时。", by=leader, at=local(2021, 1, 2))
    december = Month(2020, 12)
    closing = closes_at(town.east, december)
    written = threading.Event()

    def object_to() -> Objection:
        with transaction.atomic():
            made = services.object_to(
                request_id=order.request_id,
                indicator=Indicator.COMPLETION,
                month=december,
                reason="当事人无法联系。",
                by=judge,
                at=closing - timedelta(seconds=1),
            )
            written.set()
            time.sleep(0.5)  # not committed yet
        return made

    def sign() -> Sheet:
        assert written.wait(20)
        return services.sign(sheet_id=sheet.pk, by=town.holder(Post.Kind.PRESIDENT), at=closing)

    made, refused = at_once(object_to, sign)
    assert isinstance(made, Objection)
    assert isinstance(refused, Invalid)
    assert refused.code == "objections"
