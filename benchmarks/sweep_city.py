"""An invented city with many running clocks, for the benchmarks of the sweep and the re-timing.

One intermediate court and its primary courts, each with divisions, judges and a predecessor in
every post. The clocks lie in the order in which they were opened, some of them due at ``AT``: the
warning of most, one of the rungs of the others. Their dates come from the engine's own ladder.
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django

django.setup()

from django.core.management import call_command
from django.db import connection, transaction

from courts import calendar, invented
from courts.models import Court, Department, Person, Post, Tenure
from escalation import counting, ladder, policy
from escalation.models import Clock
from escalation.places import Place, Places

KIND = "request.reply"
ZONE = ZoneInfo("Asia/Shanghai")
# A Wednesday after the Dragon Boat holiday, whose Sunday was worked.
DAY = date(2020, 7, 1)
AT = datetime.combine(DAY, time(10), tzinfo=ZONE)
# Nothing is due yet.
BEFORE = datetime.combine(DAY, time(8), tzinfo=ZONE)

# How old the clocks are at DAY, in business days: opened, assigned (None: not yet), and how many
# of a hundred. Assigned three business days ago is the warning's day, four the first rung's.
NOT_DUE = ((1, 1, 45), (2, 1, 20), (2, 2, 25), (1, None, 10))
NOW_DUE = ((3, 3, 50), (4, 3, 15), (4, 4, 15), (5, 4, 5), (6, 6, 8), (8, 8, 4), (9, 7, 3))

WRITTEN = (
    "notices_delivery",
    "notices_notice",
    "escalation_firingrecipient",
    "escalation_firing",
    "escalation_clockevent",
)
SIZES = {"clocks": 1_000_000, "due": 50_000, "courts": 12, "divisions": 10, "judges": 10}


@dataclass(frozen=True)
class Plan:
    """How the clocks of a court stand that were opened and assigned on the same days."""

    court_id: int
    is_due: bool
    opened_on: date
    assigned_on: date | None
    limit_name: str
    limit_at: datetime | None
    next_due_at: datetime
    fired: int
    share: int


def build(given: argparse.Namespace) -> None:
    """Found the city in an empty database, with its running clocks."""
    call_command("migrate", verbosity=0, interactive=False)
    if Clock.objects.exists() or Court.objects.exists():
        raise SystemExit("This database is in use: a benchmark wants one of its own.")
    _staff(given)
    _lay_out_seats()
    version = calendar.current_version().pk
    write_plans("benchmark_plan", plans(version))
    _start_clocks(given.clocks, given.due)
    _remember()


def _staff(given: argparse.Namespace) -> None:
    city = invented.found_jurisdiction(
        code="bench", prefix="B", policy="guangzhou",
        name="测试市", name_en="Bench",
        court_code="测01", court_name="测试市中级人民法院",
        court_name_en="Bench Intermediate Court",
    )  # fmt: skip
    assert city.leading_court is not None
    courts = [city.leading_court]
    for number in range(given.courts):
        courts.append(
            invented.add_primary_court(
                city, code=f"测01{number:02}", name=f"测试市第{number}人民法院",
                name_en=f"Bench Court {number}",
            )
        )  # fmt: skip
    plan = invented.Plan(
        divisions=tuple(
            (f"民事审判第{n}庭", f"Civil Division {n}") for n in range(given.divisions)
        ),
        judges_per_division=given.judges,
        deputy_presidents=3,
    )
    since = datetime(2016, 1, 1, tzinfo=UTC)
    with transaction.atomic():
        for number, court in enumerate(courts):
            invented.staff_court(
                court, plan, since=since, prefix=f"b{number}-", email_domain="court.example"
            )
        _predecessors(since)


def _predecessors(until: datetime) -> None:
    """Everybody's seat was held by somebody else before."""
    tenures = list(Tenure.objects.select_related("person"))
    people = [
        Person(username=f"former-{tenure.person.username}", name=tenure.person.name,
               name_en=tenure.person.name_en, is_active=number % 2 == 0, password="!")  # noqa: S106 - that nobody can sign in with
        for number, tenure in enumerate(tenures)
    ]  # fmt: skip
    Person.objects.bulk_create(people)
    Tenure.objects.bulk_create(
        Tenure(post_id=tenure.post_id, person=person, from_at=until - timedelta(days=2000),
               until_at=until)
        for tenure, person in zip(tenures, people, strict=True)
    )  # fmt: skip


def _lay_out_seats() -> None:
    """Number the judges' seats: clocks are dealt out to them in turn."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            CREATE TABLE benchmark_seat AS
            SELECT row_number() OVER (ORDER BY tenure.id) - 1 AS no, post.court_id,
                   post.department_id, tenure.person_id, service.id AS service_id
              FROM courts_post AS post
              JOIN courts_tenure AS tenure ON tenure.post_id = post.id AND until_at IS NULL
              JOIN courts_department AS service ON service.court_id = post.court_id
                   AND service.kind = %s
             WHERE post.kind = %s
            """,
            [Department.Kind.LITIGATION_SERVICE, Post.Kind.JUDGE],
        )


def plans(version_id: int) -> Iterator[Plan]:
    """Every way in which clocks stand, counted in a version of the calendar.

    Which steps have fired does not depend on it: that is as it was at the opening of ``DAY``.
    """
    first_version = calendar.CalendarVersion.objects.earliest("pk").pk
    policy_id = policy.version_for("guangzhou", DAY).pk
    court_ids = list(Court.objects.order_by("pk").values_list("pk", flat=True))
    places = Places(court_ids)
    opening = datetime.combine(DAY, time(9), tzinfo=ZONE)
    for court_id in court_ids:
        then = places.of(court_id, policy_id, first_version)
        now = places.of(court_id, policy_id, version_id)
        for is_due, ages in ((False, NOT_DUE), (True, NOW_DUE)):
            for opened_age, assigned_age, share in ages:
                for opened_on, assigned_on in _days(then, opened_age, assigned_age):
                    fired = _fired(then, opened_on, assigned_on, opening)
                    clock = _counted(court_id, policy_id, version_id, opened_on, assigned_on, fired)
                    first = counting.judge(clock, then, BEFORE, fire=False).next_due_at
                    if first is None or (first <= AT) != is_due:
                        continue  # its step does not hold for a court of this level
                    outcome = counting.judge(clock, now, BEFORE, fire=False)
                    assert outcome.next_due_at is not None
                    yield Plan(
                        court_id, is_due, opened_on, assigned_on, clock.limit_name,
                        outcome.limit_at, outcome.next_due_at, fired, share,
                    )  # fmt: skip


def _days(
    place: Place, opened_age: int, assigned_age: int | None
) -> list[tuple[date, date | None]]:
    """Dates so many business days before ``DAY``, days off among them, one pair for each."""

    def aged(age: int | None) -> list[date]:
        days = [DAY - timedelta(days=n) for n in range(30)]
        return [day for day in days if place.frame.calendar.number_of(day, DAY) == age]

    found: list[tuple[date, date | None]] = []
    for opened_on in aged(opened_age):
        assigned = [day for day in aged(assigned_age) if day >= opened_on]
        found.append((opened_on, assigned[-1] if assigned_age is not None else None))
    return found


def _fired(place: Place, opened_on: date, assigned_on: date | None, before: datetime) -> int:
    kind = place.policy.clocks[KIND]
    midnight = time(0, tzinfo=ZONE)
    anchors = ladder.Anchors(
        datetime.combine(opened_on, midnight),
        datetime.combine(assigned_on, midnight) if assigned_on else None,
    )
    due = ladder.schedule(kind, anchors, place.frame, _limit_name(assigned_on))
    return sum(kind.bits[one.key] for one in due if one.due_at < before)


def _limit_name(assigned_on: date | None) -> str:
    return "ordinary" if assigned_on else "summary"


def _counted(
    court_id: int, policy_id: int, version_id: int, opened_on: date, assigned_on: date | None,
    fired: int,
) -> counting.Counted:  # fmt: skip
    return counting.Counted(
        court_id=court_id, kind=KIND, policy_id=policy_id, version_id=version_id,
        limit_name=_limit_name(assigned_on), fired=fired, opened_on=opened_on,
        assigned_on=assigned_on, fixed_on=None, opened_at=None, assigned_at=None,
        not_before_at=None, resumed_at=None, attempted_at=None, is_stale=False, next_due_at=None,
        limit_at=None,
    )  # fmt: skip


def write_plans(table: str, rows: Iterator[Plan]) -> None:
    """Keep plans in a table, each as often as its share, numbered within their court."""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {table}")
        cursor.execute(
            f"""
            CREATE TABLE {table} AS
            SELECT plan.*, row_number() OVER (
                   PARTITION BY court_id, is_due ORDER BY md5(concat(opened_on, assigned_on, n))
                   ) - 1 AS no
              FROM jsonb_to_recordset(%s) AS plan
                   (court_id bigint, is_due boolean, opened_on date, assigned_on date,
                    limit_name text, limit_at timestamptz, next_due_at timestamptz, fired bigint,
                    share int),
                   generate_series(1, share) AS n
            """,
            [json.dumps([vars(row) for row in rows], default=str)],
        )


def _start_clocks(clocks: int, due: int) -> None:
    """The clocks, in the order of their opening: those that are due came first.

    Foreign keys are not looked at: the rows are made from those that they refer to.
    """
    version, ladder_version = calendar.current_version(), policy.version_for("guangzhou", DAY)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(
            """
            INSERT INTO escalation_clock (kind, subject_id, policy_id, calendar_version_id,
                   court_id, department_id, handler_id, opened_at, assigned_at, limit_name,
                   limit_at, next_due_at, fired, counts_minutes, set_aside)
            SELECT %(kind)s, clock.no, %(policy)s, %(version)s, seat.court_id,
                   CASE WHEN plan.assigned_on IS NULL THEN seat.service_id
                        ELSE seat.department_id END,
                   CASE WHEN plan.assigned_on IS NOT NULL THEN seat.person_id END,
                   (plan.opened_on + time '08:30' + clock.minutes) AT TIME ZONE %(zone)s,
                   (plan.assigned_on + time '08:50' + clock.minutes) AT TIME ZONE %(zone)s,
                   plan.limit_name, plan.limit_at, plan.next_due_at, plan.fired, false, ''
              FROM (SELECT no, no <= %(due)s AS is_due, no %% 547 * interval '1 minute' AS minutes
                      FROM generate_series(1, %(clocks)s) AS no) AS clock
              JOIN benchmark_seat AS seat
                ON seat.no = clock.no %% (SELECT count(*) FROM benchmark_seat)
              JOIN (SELECT court_id, is_due, count(*) AS plans FROM benchmark_plan
                     GROUP BY 1, 2) AS several
                ON several.court_id = seat.court_id AND several.is_due = clock.is_due
              JOIN benchmark_plan AS plan
                ON plan.court_id = seat.court_id AND plan.is_due = clock.is_due
               AND plan.no = (clock.no / (SELECT count(*) FROM benchmark_seat) + seat.no * 37)
                             %% several.plans
             ORDER BY clock.no
            """,
            {
                "kind": KIND, "policy": ladder_version.pk, "version": version.pk,
                "zone": str(ZONE), "clocks": clocks, "due": due,
            },
        )  # fmt: skip
        cursor.execute("SELECT count(*), count(*) FILTER (WHERE next_due_at <= %s) FROM"
                       " escalation_clock", [AT])  # fmt: skip
        if cursor.fetchone() != (clocks, due):
            raise SystemExit("The city did not come out as planned.")


def _remember() -> None:
    """How the due clocks stand, to be put back to it."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE benchmark_start AS SELECT id, next_due_at, limit_at, fired,"
                       " calendar_version_id FROM escalation_clock WHERE next_due_at <= %s",
                       [AT])  # fmt: skip
        cursor.execute("ALTER TABLE benchmark_start ADD PRIMARY KEY (id)")
        cursor.execute("ANALYZE")


def reset(schema: str = "public") -> None:
    """Back to the beginning: nothing written, everything due again, the tables of a schema tidy."""
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {', '.join(f'{schema}.{table}' for table in WRITTEN)} CASCADE")
        cursor.execute(
            f"UPDATE {schema}.escalation_clock AS clock SET next_due_at = start.next_due_at,"
            " limit_at = start.limit_at, fired = start.fired,"
            " calendar_version_id = start.calendar_version_id"
            " FROM benchmark_start AS start WHERE start.id = clock.id"
        )
        cursor.execute(f"VACUUM ANALYZE {schema}.escalation_clock")
        cursor.execute("CHECKPOINT")
