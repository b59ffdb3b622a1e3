"""A database full of running clocks is upgraded, and its policy and calendar change under them.

The clocks stand in the tables as the engine before wrote them, half-way up their ladders. After
the migrations, a new version of the policy, and a change of the calendar whose job is killed in
the middle of a batch and taken up again, every clock fires what plain loops over the days say.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from courts.models import Department
from escalation import policy as policies
from escalation.models import Clock, ClockEvent, Firing, FiringRecipient, PolicyVersion
from escalation.retiming import retime_stale
from escalation.sweep import sweep
from liaison.kinds import REPLY
from tests import city
from tests.city import SHANGHAI, City, local
from tests.escalation.plain_ladder import GUANGZHOU
from tests.escalation.schedules import Worked, embedded, walk, worked_by
from tests.faults.conftest import ROOT, Processes
from tests.faults.own_servers import kill

HERE = Path(__file__).parent
# The state in which the first release left a database.
BEFORE = [("escalation", "0003_calendar_and_sweep_indexes")]
NOW = local(2020, 6, 24, 12)
END = local(2020, 8, 3, 12)
# In June after the Dragon Boat holiday two days fall away, and a Saturday is worked for them.
CHANGED = {date(2020, 6, 29): False, date(2020, 6, 30): False, date(2020, 7, 4): True}
BATCHES_BEFORE_KILL = 5

_CHANGE = """
import sys, time
from types import SimpleNamespace
import django
django.setup()
from datetime import date, datetime
from escalation import firing, retiming
from escalation.calendar_changes import DayChange, change_calendar

retiming.BATCH = int(sys.argv[1])
written = 0

def record(batch, **how):
    global written
    recorded = firing.record(batch, **how)
    written += 1
    if written > int(sys.argv[2]):
        print("in the middle", flush=True)
        time.sleep(3600)
    return recorded

retiming.firing = SimpleNamespace(record=record)
change_calendar(
    [DayChange(date.fromisoformat(day), worked == "True", "台风")
     for day, worked in (word.split("=") for word in sys.argv[4:])],
    reason="typhoon", by=None, at=datetime.fromisoformat(sys.argv[3]),
)
retiming.retime_stale(datetime.fromisoformat(sys.argv[3]))
"""


@dataclass(frozen=True)
class Sort:
    """Clocks that read alike: unit and anchors."""

    department: Department
    handler: int | None
    opened: datetime
    assigned: datetime | None

    def limit(self, worked: Worked) -> tuple[str, datetime]:
        anchor, name, days = (
            (self.assigned, "ordinary", 3) if self.assigned else (self.opened, "summary", 1)
        )
        return name, _at(walk(anchor.date(), days, worked) + timedelta(days=1), time(0))

    def rungs(self, worked: Worked) -> dict[str, datetime]:
        """When each rung is due, counted day by day."""
        found = {}
        for step in GUANGZHOU:
            anchor = self.opened if step.anchor == "opened" else self.assigned
            if anchor is not None:
                found[step.key] = _at(walk(anchor.date(), step.more_than + 1, worked), time(9))
        return found

    def whole(self, before: Worked, after: Worked) -> dict[str, datetime]:
        """What must have fired at the end: what was due before the change stands as it was."""
        fired = {key: due for key, due in self.rungs(before).items() if due <= NOW}
        return self.rungs(after) | fired


def _at(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, tzinfo=SHANGHAI)


def _sorts(town: City) -> list[Sort]:
    found = []
    for court in (town.east, town.west):
        division = town.division(court)
        service = Department.objects.get(court=court, kind="litigation_service")
        judge = town.judge(division).pk
        for days in range(2, 30):
            opened = NOW - timedelta(days=days, hours=days % 5)
            found.append(Sort(service, None, opened, None))
            for later in (0, 1, 4):
                assigned = opened + timedelta(days=later)
                if assigned < NOW:
                    found.append(Sort(division, judge, opened, assigned))
    return found


def _step_by_step() -> MigrationLoader:
    """The migrations one by one, not those that take them together for a new database."""
    return MigrationLoader(connection, replace_migrations=False)


def _keep_as_they_were(*names: str) -> list[int]:
    """Let there be these policy files alone, kept as the first release did; their numbers."""
    state = _step_by_step().project_state(BEFORE)
    versions = state.apps.get_model("escalation", "PolicyVersion").objects
    versions.all().delete()
    kept = []
    for name in names:
        document = json.loads(json.dumps(tomllib.loads((HERE / name).read_text()), default=str))
        version = versions.create(
            slug=document["slug"], version=1, holds_from=document["holds_from"],
            document=document, digest="as it was",
        )  # fmt: skip
        kept.append(version.pk)
    return kept


def _fill(sorts: list[Sort], clocks: int, worked: Worked) -> None:
    """Write clocks as the first release kept them, swept until ``NOW``; some have stopped.

    By SQL, for the models are those of the present. A clock's subject is its number, and its
    sort the remainder of that.
    """
    policy, other = _keep_as_they_were("first_guangzhou.toml", "first_rehearsal.toml")
    rows, fired = [], []
    for number, sort in enumerate(sorts):
        name, limit_at = sort.limit(worked)
        rungs = sort.rungs(worked)
        waiting = [due for due in rungs.values() if due > NOW]
        rows.append(
            (
                number,
                sort.department.court_id,
                sort.department.pk,
                sort.handler,
                sort.opened,
                sort.assigned,
                name,
                limit_at,
                min(waiting, default=None),
            )
        )
        levels = {step.key: step.level for step in GUANGZHOU}
        fired += [(number, key, levels[key], due) for key, due in rungs.items() if due <= NOW]
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE sort (no int, court_id bigint, department_id bigint,"
            " handler_id bigint, opened_at timestamptz, assigned_at timestamptz,"
            " limit_name text, limit_at timestamptz, next_due_at timestamptz)"
        )
        cursor.executemany("INSERT INTO sort VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)", rows)
        cursor.execute("CREATE TEMP TABLE fired (no int, step text, level int, due_at timestamptz)")
        cursor.executemany("INSERT INTO fired VALUES (%s, %s, %s, %s)", fired)
        cursor.execute(
            """
            INSERT INTO escalation_clock
                   (kind, subject_id, policy_id, calendar_version_id, court_id, department_id,
                    handler_id, opened_at, assigned_at, limit_name, limit_at, next_due_at,
                    stopped_at, set_aside)
            SELECT %(kind)s, n, CASE WHEN n %% 50 = 1 THEN %(other)s ELSE %(policy)s END,
                   (SELECT max(id) FROM courts_calendarversion), court_id, department_id,
                   handler_id, opened_at, assigned_at, limit_name, limit_at,
                   CASE WHEN n %% 50 > 1 THEN next_due_at END,
                   CASE WHEN n %% 50 <= 1 THEN %(now)s END, ''
              FROM generate_series(1, %(clocks)s) AS n JOIN sort ON sort.no = n %% %(sorts)s
            """,
            {
                "kind": REPLY,
                "policy": policy,
                "other": other,
                "now": NOW,
                "clocks": clocks,
                "sorts": len(sorts),
            },
        )
        cursor.execute(
            """
            INSERT INTO escalation_firing
                   (clock_id, step, occurrence, level, due_at, fired_at, court_id, department_id,
                    handler_id, was_attempted, was_settled, is_silent, detail)
            SELECT clock.id, step, 1, level, due_at, due_at, court_id, department_id, handler_id,
                   false, false, false, '{}'
              FROM escalation_clock AS clock JOIN fired ON fired.no = clock.subject_id %% %(sorts)s
            """,
            {"sorts": len(sorts)},
        )  # fmt: skip


def _has_stopped(number: int) -> bool:
    return number % 50 <= 1


def _fired_bits(sorts: list[Sort], worked: Worked) -> Callable[[int], int]:
    """What the column of a clock must say after the migration, by its number."""
    bits = policies.by_version(PolicyVersion.objects.get(slug="guangzhou", version=1).pk)
    places = bits.clocks[REPLY].bits
    of_sort = [
        sum(places[key, 1] for key, due in sort.rungs(worked).items() if due <= NOW)
        for sort in sorts
    ]
    return lambda number: of_sort[number % len(sorts)]


def _change_and_kill(processes: Processes, clocks: int) -> int:
    """Change the calendar in a process that is killed in a batch; how many clocks it had timed."""
    changed = [f"{day}={worked}" for day, worked in CHANGED.items()]
    batch = str(clocks // (3 * BATCHES_BEFORE_KILL))
    with subprocess.Popen(
        [sys.executable, "-c", _CHANGE, batch, str(BATCHES_BEFORE_KILL), NOW.isoformat(),
         *changed],
        cwd=ROOT, stdout=subprocess.PIPE, text=True,
        env=processes.environment | {"DJANGO_SETTINGS_MODULE": "config.settings"},
    ) as process:  # fmt: skip
        assert process.stdout is not None
        try:
            assert process.stdout.readline() == "in the middle\n"
        finally:
            kill(process.pid)
    newest = Clock.objects.order_by("-calendar_version_id")[0].calendar_version_id
    timed = Clock.objects.filter(calendar_version_id=newest).count()
    assert timed == BATCHES_BEFORE_KILL * int(batch)
    return timed


def _openings(until: datetime) -> Iterator[datetime]:
    day = NOW.date()
    while day < until.date():
        day += timedelta(days=1)
        yield _at(day, time(9))


def _upgrade(processes: Processes, clocks: int, tmp_path: Path) -> None:
    before = worked_by(embedded())
    after = worked_by(embedded() | CHANGED)
    town = city.build()
    sorts = _sorts(town)
    executor = MigrationExecutor(connection)
    executor.loader = _step_by_step()
    executor.migrate(BEFORE)
    _fill(sorts, clocks, before)
    assert Firing.objects.count() > 0
    old_policies = dict(Clock.objects.values_list("subject_id", "policy_id"))
    limits = dict(Clock.objects.values_list("subject_id", "limit_at"))

    call_command("migrate", verbosity=0)
    bits = _fired_bits(sorts, before)
    fired = Clock.objects.exclude(subject_id__in=_of_the_other(clocks))
    assert all(number_bits == bits(number)
               for number, number_bits in fired.values_list("subject_id", "fired"))  # fmt: skip
    minutes = Clock.objects.filter(counts_minutes=True).values_list("subject_id", flat=True)
    assert sorted(minutes) == _of_the_other(clocks)

    _new_policy(tmp_path)
    assert dict(Clock.objects.values_list("subject_id", "policy_id")) == old_policies

    timed = _change_and_kill(processes, clocks)
    running = Clock.objects.running()
    print(f"\n{clocks} clocks, {running.count()} running, {timed} timed anew before the kill")
    retime_stale(NOW)
    newest = Clock.objects.order_by("-calendar_version_id")[0].calendar_version_id
    assert not running.exclude(calendar_version_id=newest).exists()
    stopped = Clock.objects.filter(stopped_at__isnull=False)
    assert not stopped.filter(calendar_version_id=newest).exists()
    assert all(_has_stopped(number) and limits[number] == limit_at
               for number, limit_at in stopped.values_list("subject_id", "limit_at"))  # fmt: skip
    _check_retimed(sorts, clocks, before, after)

    for at in _openings(END):
        sweep(at, record=False)
    _check_firings(sorts, clocks, before, after)
    _check_recipients(town)
    assert not Clock.objects.exclude(set_aside="").exists()


def _of_the_other(clocks: int) -> list[int]:
    """The clocks of the policy that counts in seconds."""
    return [number for number in range(1, clocks + 1) if number % 50 == 1]


def _new_policy(tmp_path: Path) -> None:
    """A version in which the warning comes a day sooner; running clocks keep theirs."""
    document = (policies.FOLDER / "guangzhou.toml").read_text()
    newer = tmp_path / "guangzhou.toml"
    newer.write_text(document.replace("after = { value = 2,", "after = { value = 1,", 1))
    assert newer.read_text() != document
    version = policies.load_file(newer)
    assert version == policies.version_for("guangzhou", NOW.date())


def _check_retimed(sorts: list[Sort], clocks: int, before: Worked, after: Worked) -> None:
    """One event for each clock whose dates moved, none for the others."""

    def dates(sort: Sort, worked: Worked) -> tuple[datetime | None, datetime]:
        due = [sort.rungs(worked)[key] for key, old in sort.rungs(before).items() if old > NOW]
        return min(due, default=None), sort.limit(worked)[1]

    moved = [dates(sort, before) != dates(sort, after) for sort in sorts]
    expected = Counter(
        number for number in range(1, clocks + 1)
        if moved[number % len(sorts)] and not _has_stopped(number)
    )  # fmt: skip
    events = ClockEvent.objects.filter(kind=ClockEvent.Kind.RETIMED)
    found = Counter(events.values_list("clock__subject_id", flat=True))
    print(f"dates moved of {expected.total()} clocks, told of {found.total()}")
    assert expected
    assert found == expected


def _check_firings(sorts: list[Sort], clocks: int, before: Worked, after: Worked) -> None:
    whole = [sort.whole(before, after) for sort in sorts]
    then = [sort.rungs(before) for sort in sorts]
    expected: Counter[tuple[int, str, datetime]] = Counter()
    for number in range(1, clocks + 1):
        sort = number % len(sorts)
        rungs = (
            {key: due for key, due in then[sort].items() if due <= NOW}
            if _has_stopped(number)
            else whole[sort]
        )
        expected.update((number, key, due) for key, due in rungs.items())
    found = Counter(
        (number, step, due.astimezone(SHANGHAI))
        for number, step, due in Firing.objects.values_list("clock__subject_id", "step", "due_at")
    )
    print(f"firings: {found.total()} found, {expected.total()} counted day by day")
    assert found - expected == Counter()
    assert expected - found == Counter()


def _check_recipients(town: City) -> None:
    """Those of the firings since the upgrade, by court and step."""
    found: dict[tuple[int, str], set[int]] = {}
    rows = FiringRecipient.objects.exclude(firing__department__kind="litigation_service")
    for court, step, person in rows.values_list(
        "firing__court_id", "firing__step", "person_id"
    ).distinct():
        found.setdefault((court, step), set()).add(person)
    expected = {}
    for court in (town.east, town.west):
        division = town.division(court)
        people = {
            "warning": {town.judge(division),
                        town.holder("liaison_officer", department=division)},
            "rung1": {town.holder("department_leader", department=division)},
            "rung2": {town.holder("deputy_president", court=court)},
            "rung3": {town.holder("president", court=court)},
            "rung4": {town.holder("president", court=town.intermediate)},
        }  # fmt: skip
        for step, persons in people.items():
            expected[court.pk, step] = {person.pk for person in persons}
    assert found == expected
    since = Firing.objects.filter(fired_at__gt=NOW)
    warnings = since.filter(step="warning").count()
    assert warnings
    assert FiringRecipient.objects.count() == since.count() + warnings


def test_running_clocks_outlive_an_upgrade(own_processes: Processes, tmp_path: Path) -> None:
    _upgrade(own_processes, 2_000, tmp_path)


@pytest.mark.full
def test_a_hundred_thousand_running_clocks_outlive_an_upgrade(
    own_processes: Processes, tmp_path: Path
) -> None:
    _upgrade(own_processes, 100_000, tmp_path)
