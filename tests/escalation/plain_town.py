"""The invented city, its neighbour and their people, as the product has them and in plain words.

The people in the posts change, stand in for each other, leave posts vacant and leave the courts.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from courts import invented
from courts.models import Court as CourtRow
from courts.models import Department, Jurisdiction, Person, Post, Tenure
from escalation import policy as policies
from escalation.models import PolicyVersion
from tests import city
from tests.escalation import plain_calendar as plain
from tests.escalation.plain_posts import Held, Posts, Unit

FIRST, LAST = datetime(2018, 1, 1, tzinfo=UTC), datetime(2028, 6, 1, tzinfo=UTC)
KINDS = ("liaison_officer", "department_leader", "deputy_president", "president",
         "filing_chamber")  # fmt: skip


@dataclass
class Town:
    """What a life is lived in, twice."""

    policy: str
    jurisdictions: list[Jurisdiction]
    rows: dict[int, CourtRow]
    courts: dict[int, plain.Court]
    services: list[Unit]
    units: list[Unit]
    posts: Posts


# What no shipped policy times yet: something that is promised by a date.
PROMISE = """
[clocks.promise.limits.by_date]
source = "assumed"
anchor = "fixed_date"

[clocks.promise.limits.soon]
source = "assumed"
anchor = "opened"
business_days = 3

[[clocks.promise.steps]]
key = "remind"
source = "assumed"
level = 0
anchor = "opened"
after = 2
every = 1
at_most = 3
to = ["handler", "liaison_officer"]

[[clocks.promise.steps]]
key = "late"
source = "assumed"
level = 1
anchor = "fixed_date"
after = 0
to = ["department_leader"]

[[clocks.promise.steps]]
key = "later"
source = "assumed"
level = 2
anchor = "fixed_date"
after = 2
every = 1
at_most = 2
to = ["deputy_president"]
"""


def with_promises(slug: str) -> None:
    """Let a shipped policy time promises too, whenever a matter begins."""
    shipped = PolicyVersion.objects.get(slug=slug)
    text = (policies.FOLDER / f"{slug}.toml").read_text(encoding="utf-8") + PROMISE
    text = text.replace(f"holds_from = {shipped.holds_from}", "holds_from = 2007-01-01")
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"{slug}.toml"
        path.write_text(text, encoding="utf-8")
        version = policies.load_file(path)
    # Of two that hold from the same date the newer one does.
    PolicyVersion.objects.filter(pk=shipped.pk).update(holds_from=version.holds_from)


def found(policy: str, random_: random.Random) -> Town:
    """The city of the other tests and a second one beside it, two hours to the west."""
    with_promises(policy)
    town = city.build(policy)
    neighbour = invented.found_jurisdiction(
        code="linshi", prefix="LS", policy=policy, name="邻市", name_en="Lin",
        court_code="邻01", court_name="邻市中级人民法院", court_name_en="Lin Intermediate Court",
    )  # fmt: skip
    Jurisdiction.objects.filter(pk=neighbour.pk).update(time_zone="Asia/Urumqi")
    south = invented.add_primary_court(
        neighbour, code="邻0101", name="邻市南山区人民法院", name_en="Nanshan District Court"
    )
    names = invented.invented_names()
    for prefix, court in (("ls", neighbour.leading_court), ("ns", south)):
        assert court is not None
        invented.staff_court(court, invented.Plan(), since=city.SINCE, prefix=prefix, names=names)
    rows = [town.east, town.west, town.intermediate, south]
    divisions = {court.pk: [town.division(court, index) for index in (0, 1)] for court in rows}
    judges = {court.pk: town.judge(divisions[court.pk][0]) for court in rows}
    held, gone = _staff([judge.pk for judge in judges.values()], random_)
    units = []
    for court in rows:
        first, second = divisions[court.pk]
        units += [Unit(court.pk, first.pk, judges[court.pk].pk), Unit(court.pk, second.pk, None)]
    # A judge of one division handles for another; somebody who holds posts here and there, and
    # somebody who has left the courts, handle too.
    east, west = town.east.pk, town.west.pk
    leader = Post.objects.get(kind="department_leader", department=divisions[east][0])
    units += [
        Unit(west, divisions[west][0].pk, judges[east].pk),
        Unit(east, divisions[east][0].pk, held[leader.pk][3].person),
        Unit(east, divisions[east][1].pk, min(gone)),
    ]
    return Town(
        policy=policy,
        jurisdictions=list(Jurisdiction.objects.order_by("pk")),
        rows={row.pk: row for row in CourtRow.objects.select_related("jurisdiction")},
        courts={row.pk: _plain(row) for row in CourtRow.objects.select_related("jurisdiction")},
        services=[
            Unit(court.pk, Department.objects.get(court=court, kind="litigation_service").pk, None)
            for court in rows
        ],
        units=units,
        posts=Posts(_seats(held), frozenset(gone)),
    )


def _plain(row: CourtRow) -> plain.Court:
    assert row.jurisdiction is not None
    return plain.Court(row.pk, row.jurisdiction_id, row.jurisdiction.zone, row.level == "primary")


def _staff(judges: list[int], random_: random.Random) -> tuple[dict[int, list[Held]], set[int]]:
    """Fill every post of the ladder anew; who holds which when, and who has left since."""
    posts = Post.objects.filter(kind__in=KINDS)
    Tenure.objects.filter(post__in=posts).delete()
    # Few people, judges who handle matters among them: handlers come to hold the posts above.
    others = Person.objects.exclude(pk__in=judges).order_by("pk").values_list("pk", flat=True)[:5]
    pool = [*judges, *others]
    gone = {others[4]}
    Person.objects.filter(pk__in=gone).update(is_active=False)
    held: dict[int, list[Held]] = {}
    for post in posts:
        rows = held.setdefault(post.pk, [])
        for acting, longest_gap in ((False, 60), (True, 600)):
            at = FIRST - timedelta(days=random_.randrange(200))
            while at < LAST:
                at += timedelta(days=random_.randrange(longest_gap), hours=random_.randrange(24))
                until = at + timedelta(days=random_.randrange(2, 300), hours=9)
                rows.append(Held(random_.choice(pool), at, until, acting))
                at = until
    Tenure.objects.bulk_create(
        Tenure(post_id=post, person_id=row.person, from_at=row.since, until_at=row.until,
               is_acting=row.acting)
        for post, rows in held.items() for row in rows
    )  # fmt: skip
    return held, gone


def _seats(held: dict[int, list[Held]]) -> object:
    by_place: dict[tuple[str, int | None, int | None], list[list[Held]]] = {}
    for post in Post.objects.order_by("pk").prefetch_related("departments_in_charge"):
        if post.pk in held:
            charge = [department.pk for department in post.departments_in_charge.all()]
            for department in charge or [post.department_id]:
                place = (post.kind, post.court_id, department)
                by_place.setdefault(place, []).append(held[post.pk])
    rows = CourtRow.objects.select_related("jurisdiction")
    parents = {row.pk: row.parent_id for row in rows}
    leading = {row.pk: row.jurisdiction.leading_court_id for row in rows if row.jurisdiction}
    chambers = {
        department.court_id: department.pk
        for department in Department.objects.filter(kind="filing_chamber")
    }

    def seats(role: str, unit: Unit) -> list[list[Held]]:
        if role == "superior_president":
            return by_place.get(("president", parents[unit.court], None), [])
        if role == "filing_chamber":
            court = leading[unit.court]
            assert court is not None
            return by_place[role, court, chambers[court]]
        if role == "president":
            return by_place[role, unit.court, None]
        return by_place[role, unit.court, unit.department]

    return seats
