"""A generated city: its figures against a plain count, its rhythm, its names, its seed."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test import override_settings

from cases.case_number import parse
from cases.deployment import deployment_table
from courts.calendar import public_schedule
from courts.fields import unseal
from courts.models import Court, Jurisdiction, NumberSeries
from liaison.models import Request, TimelineEntry
from liaison.replies import may_dispute
from notices.models import Contact, Delivery
from reports import board
from reports.demonstration.city import NationalName
from reports.generated import load
from reports.generated.services import AlreadyThere, Plan, generate
from reports.generated.tables import COLUMNS, INDICATORS, key_of
from reports.indicators import Indicator
from reports.months import Month
from reports.scope import Scope
from tests.city import SHANGHAI, local
from tests.reports.plain_city import FIGURES, PlainCity
from workorders import services as orders
from workorders.models import WorkOrder

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]
# From October to March: National Day, a year's edge, Spring Festival with its worked Saturdays.
UNTIL = local(2026, 4, 1, 0)
SMALL = Plan(requests=1_200, seed=11, until=UNTIL, months=6, courts=3, divisions=4)


@pytest.fixture
def demonstration():
    with override_settings(DEMONSTRATION=True):
        yield


def worked(day: date) -> bool:
    special, _provisional = public_schedule()
    found = special.get(day)
    return found[0].is_business if found else day.weekday() < 5


def assert_figures(plan: Plan) -> PlainCity:
    """Each month of the board equals the plain count, unit by unit."""
    plain = PlainCity(worked, plan.until)
    month, seen = Month(plan.first_day.year, plan.first_day.month), 0
    while month.first_day <= plan.until.date():
        found = board.read(month, Scope.everything(), at=plan.until)
        expected = plain.counts[month.year, month.month]
        rungs = plain.rungs[month.year, month.month]
        for court in found.courts:
            for one in court.departments:
                assert one.department is not None
                unit = one.department.pk
                for name in FIGURES:
                    figure = one.row.figures[Indicator(name)]
                    counted = {
                        result: expected[name, unit, result]
                        for result in ("in_time", "late", "withdrawn", "merged")
                    }
                    assert figure.done == counted["in_time"], (month, name, unit)
                    assert figure.late == counted["late"], (month, name, unit)
                    assert figure.withdrawn == counted["withdrawn"], (month, name, unit)
                    assert figure.merged == counted["merged"], (month, name, unit)
                    seen += sum(counted.values())
                fired = {level: rungs[unit, level] for level in board.LEVELS}
                assert {level: one.row.rungs[level] for level in board.LEVELS} == fired, month
                assert one.row.overdue == plain.overdue[unit]
        # The list behind the figures adds up to them.
        assert len(found.items) == expected.total()
        month = month.plus(1)
    assert seen == sum(counts.total() for counts in plain.counts.values())
    return plain


def test_the_figures_of_a_generated_city_equal_a_plain_count():
    made = generate(SMALL)
    assert made.requests == SMALL.requests
    plain = assert_figures(SMALL)
    results: Counter[str] = Counter()
    for counts in plain.counts.values():
        for (_what, _unit, result), number in counts.items():
            results[result] += number
    assert min(results[one] for one in ("in_time", "late", "withdrawn", "merged")) > 0
    assert {level for rungs in plain.rungs.values() for _unit, level in rungs} >= {0, 1, 2, 4}
    # The edges are there: another month by the clock of Greenwich, and both sides of New Year.
    edges = Request.objects.values_list("registered_at", flat=True)
    assert any(at.month != at.astimezone(SHANGHAI).month for at in edges)
    assert_ready_for_use()
    assert_rhythm()


def assert_ready_for_use() -> None:
    """Numbers without a gap, case numbers that read, sequences that go on, verbs that work."""
    given = Counter(Request.objects.values_list("registered_at__date", flat=True))
    assert given
    for series in NumberSeries.objects.all():
        start = datetime.combine(series.day, datetime.min.time(), tzinfo=SHANGHAI)
        rows = Request.objects.filter(
            registered_at__gte=start, registered_at__lt=start + timedelta(days=1)
        )
        numbers = [int(number[-5:]) for number in rows.order_by("registered_at", "number")
                   .values_list("number", flat=True)]  # fmt: skip
        assert sorted(numbers) == list(range(1, series.last + 1))
    table = deployment_table()
    cased = Request.objects.exclude(case_number="")
    for request in cased.order_by("pk")[:200]:
        number = parse(request.case_number, table)
        assert number.normalised == number.key == request.case_number
        assert (number.year, number.court_code, number.type_code, number.serial) == (
            request.case_year, request.case_court_code, request.case_type_code,
            request.case_serial,
        )  # fmt: skip
    assert not Delivery.objects.exclude(state="sent").exists()
    contact = Contact.objects.order_by("pk")[0]
    assert re.fullmatch(r"101\d{8}", contact.phone)
    assert Contact.objects.count() < Request.objects.count()
    open_order = WorkOrder.objects.filter(state="acknowledged", is_lead=True).first()
    assert open_order is not None
    assert open_order.handler is not None
    orders.reply(order_id=open_order.pk, text="已办理。", by=open_order.handler, at=UNTIL)
    answered = Request.objects.get(pk=open_order.request_id)
    assert may_dispute(answered, UNTIL)


def assert_rhythm() -> None:
    """Weekdays outweigh weekends and holidays; office hours the night; all matters come."""
    days: Counter[date] = Counter()
    hours: Counter[int] = Counter()
    for at in Request.objects.values_list("registered_at", flat=True):
        there = at.astimezone(SHANGHAI)
        days[there.date()] += 1
        hours[there.hour] += 1
    business = [number for day, number in days.items() if worked(day)]
    off = [number for day, number in days.items() if not worked(day)]
    assert sum(business) / len(business) > 4 * sum(off) / len(off)
    festival = sum(days[date(2026, 2, 16) + timedelta(days=number)] for number in range(7))
    week = sum(days[date(2026, 3, 9) + timedelta(days=number)] for number in range(7))
    assert festival * 4 < week
    assert hours[10] > 10 * hours[3]
    matters = Counter(Request.objects.values_list("matter", flat=True))
    assert 0.28 < matters["contact_judge"] / matters.total() < 0.42
    assert len(matters) == 7


def rows_of(tables) -> dict[str, list[tuple]]:
    """Rows but for ciphertext, whose text is compared; the database's own instants left out."""
    found = {}
    with connection.cursor() as cursor:
        for table in COLUMNS:
            if table not in tables:
                continue
            names = COLUMNS[table]
            cursor.execute(f"SELECT {', '.join(names)} FROM {table} ORDER BY {key_of(table)}")
            found[table] = [
                tuple(
                    unseal(value) if name == "phone" and value else _plain(value)
                    for name, value in zip(names, row, strict=True)
                )
                for row in cursor.fetchall()
            ]
    return found


def _plain(value):
    return bytes(value) if isinstance(value, memoryview) else value


def test_the_same_seed_gives_the_same_rows_and_another_others():
    plan = Plan(requests=150, seed=3, until=UNTIL, months=2, courts=2, divisions=2)
    with connection.cursor() as cursor:
        first_ids = load.first_ids(cursor)
        before = load.catalogue(cursor, list(COLUMNS))

    def made(plan: Plan, tables=COLUMNS) -> dict[str, list[tuple]]:
        """Without what refers to people: they are founded anew, with other ids."""
        with connection.cursor() as cursor:
            load.continue_after(cursor, first_ids)
        with transaction.atomic():
            generate(plan)
            with connection.cursor() as cursor:
                assert load.catalogue(cursor, list(COLUMNS)) == before
            found = rows_of(tables)
            transaction.set_rollback(True)
        return found

    told = {"liaison_request", "liaison_timelineentry", "notices_contact"}

    def words(found: dict[str, list[tuple]]) -> list:
        names = ("title", "text", "number", "registered_at", "public_id", "at", "phone", "name")
        return [
            [value for name, value in zip(COLUMNS[table], row, strict=True) if name in names]
            for table, rows in found.items()
            for row in rows
        ]

    first = words(made(plan, told))
    assert words(made(plan, told)) == first
    assert words(made(Plan(**(vars(plan) | {"seed": 4})), told)) != first


def test_only_what_indicators_need():
    plan = Plan(
        requests=300, seed=5, until=UNTIL, months=2, courts=2, divisions=2, tables=INDICATORS
    )
    whole = Plan(**(vars(plan) | {"tables": frozenset(COLUMNS)}))
    figures = []
    for one in (plan, whole):
        with transaction.atomic():
            generate(one)
            month = board.read(Month(2026, 3), Scope.everything(), at=UNTIL)
            figures.append(
                [
                    (court.court.code, court.row.figures, court.row.rungs, court.row.overdue)
                    for court in month.courts
                ]
            )
            assert TimelineEntry.objects.exists() is (one is whole)
            transaction.set_rollback(True)
    assert figures[0] == figures[1]
    assert any(row[1][Indicator.COMPLETION].due for row in figures[0])


def test_a_real_name_is_refused():
    for name in ("广州市", "北京市"):
        with pytest.raises(NationalName):
            generate(Plan(requests=1, seed=1, until=UNTIL, name=name))
    assert not Jurisdiction.objects.exists()
    assert not Court.objects.exists()


def test_the_command_says_its_rate_and_refuses_what_cannot_be():
    def run(*words: str) -> str:
        out = StringIO()
        call_command("generate", *words, stdout=out)
        return out.getvalue()

    small = ("--requests=20", "--seed=1", "--courts=1", "--divisions=1", "--months=1")
    at = f"--until={UNTIL.astimezone(UTC).isoformat()}"
    with pytest.raises(CommandError, match="real court"):
        run(*small, at, "--city=广州市")
    with pytest.raises(CommandError, match="offset"):
        run(*small, "--until=2026-04-01T00:00")
    with pytest.raises(CommandError, match="--requests"):
        run("--requests=0", "--seed=1")
    with pytest.raises(CommandError, match="No policy"):
        run(*small, at, "--policy=nowhere")
    with override_settings(DEMONSTRATION=False), pytest.raises(CommandError, match="DEMONSTRATION"):
        run(*small, at)
    said = run(*small, at)
    assert re.match(r"20 requests, [\d,]+ rows in [\d.]+ s: [\d,]+ rows/s", said)
    with pytest.raises(CommandError, match="already"):
        run(*small, at)
    with pytest.raises(AlreadyThere):
        generate(SMALL)


@pytest.mark.full
def test_the_figures_of_two_hundred_thousand_equal_a_plain_count():
    plan = Plan(requests=200_000, seed=2, until=local(2026, 10, 1, 0))
    made = generate(plan)
    assert made.requests == plan.requests
    assert_figures(plan)
