"""A small invented city for tests: an intermediate court and two primary courts, all staffed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from courts import invented
from courts.models import Court, Department, Jurisdiction, Person, Post, Tenure
from liaison import intake, services
from liaison.models import Channel, Matter, Request
from workorders.models import WorkOrder

SHANGHAI = ZoneInfo("Asia/Shanghai")
SINCE = datetime(2007, 1, 1, tzinfo=UTC)


def local(year: int, month: int, day: int, hour: int = 10, minute: int = 0) -> datetime:
    """An instant given in Shanghai time."""
    return datetime(year, month, day, hour, minute, tzinfo=SHANGHAI)


@dataclass
class City:
    """The invented city."""

    jurisdiction: Jurisdiction
    intermediate: Court
    east: Court
    west: Court

    def division(self, court: Court | None = None, index: int = 0) -> Department:
        """A division of a court that takes work orders (the first: Civil Division)."""
        kinds = (Department.Kind.TRIAL, Department.Kind.ENFORCEMENT)
        rows = Department.objects.filter(court=court or self.east, kind__in=kinds)
        return rows.order_by("pk")[index]

    def holder(
        self, kind: str, *, court: Court | None = None, department: Department | None = None
    ) -> Person:
        """Who holds the first post of a kind, in a court or a department."""
        posts = Post.objects.filter(kind=kind)
        if department is not None:
            posts = posts.filter(department=department)
        else:
            posts = posts.filter(court=court or self.east)
        return Tenure.objects.filter(post__in=posts).order_by("post_id")[0].person

    def judge(self, department: Department | None = None) -> Person:
        """A judge of a division."""
        return self.holder(Post.Kind.JUDGE, department=department or self.division())

    def staff(self, court: Court | None = None) -> Person:
        """A member of the litigation-service staff."""
        return self.holder(Post.Kind.SERVICE_STAFF, court=court or self.east)

    def request(self, *, at: datetime, court: Court | None = None, **fields: object) -> Request:
        """A registered request."""
        values: dict = {
            "court": court or self.east,
            "party": intake.Party("张三", phone="13800138000", email="party@example.org"),
            "channel": Channel.WEBSITE,
            "matter": Matter.CONTACT_JUDGE,
            "title": "请法官回电",
            "text": "开庭后一直没有消息，请法官与我联系。",
            "at": at,
        }
        return intake.register(**(values | fields))

    def order(self, *, at: datetime, court: Court | None = None, **fields: object) -> WorkOrder:
        """A request registered and dispatched to a judge at the same instant."""
        court = court or self.east
        request = self.request(at=at, court=court, **fields)
        division = self.division(court)
        services.route(
            request_id=request.pk,
            department=division,
            handler=self.judge(division),
            by=self.staff(court),
            at=at + timedelta(0),
        )
        return WorkOrder.objects.get(request=request, is_lead=True)


def build(policy: str = "guangzhou") -> City:
    """Found and staff the invented city."""
    jurisdiction = invented.found_jurisdiction(
        code="shifan",
        prefix="SF",
        policy=policy,
        name="示范市",
        name_en="Shifan",
        court_code="示01",
        court_name="示范市中级人民法院",
        court_name_en="Shifan Intermediate People's Court",
    )
    east = invented.add_primary_court(
        jurisdiction, code="示0101", name="示范市东湖区人民法院", name_en="Donghu District Court"
    )
    west = invented.add_primary_court(
        jurisdiction, code="示0102", name="示范市西岭区人民法院", name_en="Xiling District Court"
    )
    names = invented.invented_names()
    assert jurisdiction.leading_court is not None
    for prefix, court in (("zy", jurisdiction.leading_court), ("dh", east), ("xl", west)):
        invented.staff_court(
            court,
            invented.Plan(),
            since=SINCE,
            prefix=prefix,
            names=names,
            email_domain="court.example",
        )
    return City(jurisdiction, jurisdiction.leading_court, east, west)
