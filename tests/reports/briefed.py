"""The city of ``ranked_city`` with people who write and review its briefing of June 2020."""

from __future__ import annotations

from datetime import datetime

from courts.models import Department, Person, Post, Tenure
from reports.briefing import services
from reports.models import Briefing, Edition
from reports.months import Month
from tests import city
from tests.city import City, local
from workorders import services as orders
from workorders.models import WorkOrder

JUNE = Month(2020, 6)
JULY_1 = local(2020, 7, 1, 9)
JULY_2 = local(2020, 7, 2, 9)
DECEMBER = local(2020, 12, 7, 10)


def writer(town: City) -> Person:
    """Who holds the post in the leading court's Case Filing Chamber."""
    return town.holder(Post.Kind.FILING_CHAMBER, court=town.intermediate)


def colleague(town: City) -> Person:
    """A second person of the chamber; made once."""
    found = Person.objects.filter(username="second").first()
    if found is not None:
        return found
    person = Person.objects.create_user("second", name="副手", name_en="Second Hand")
    chamber = Department.objects.get(court=town.intermediate, kind=Department.Kind.FILING_CHAMBER)
    seat = Post.objects.create(
        court=town.intermediate, department=chamber, kind=Post.Kind.FILING_CHAMBER
    )
    Tenure.objects.create(post=seat, person=person, from_at=city.SINCE)
    return person


def chief(town: City) -> Person:
    """The president of the leading court."""
    return town.holder(Post.Kind.PRESIDENT, court=town.intermediate)


def drafted(town: City, *, by: Person | None = None, at: datetime = JULY_1) -> Briefing:
    """The briefing of June, drafted."""
    return services.draft(jurisdiction_id=town.jurisdiction.pk, month=JUNE, by=by, at=at)


def published(town: City, *, at: datetime = JULY_2) -> Edition:
    """The briefing of June, drafted, sent to review and published."""
    briefing = drafted(town, at=at)
    services.submit(briefing_id=briefing.pk, by=writer(town), at=at)
    return services.publish(briefing_id=briefing.pk, by=chief(town), at=at)


def found_improper(town: City) -> WorkOrder:
    """In December a reply of June is found improper."""
    order = WorkOrder.objects.filter(
        court=town.east, replied_at__gte=local(2020, 6, 1), replied_at__lt=local(2020, 7, 1)
    ).order_by("pk")[0]
    officer = town.holder(Post.Kind.LIAISON_OFFICER, department=order.department)
    orders.reject_reply(order_id=order.pk, reason="未答复所问。", by=officer, at=DECEMBER)
    return order
