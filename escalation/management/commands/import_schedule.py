"""Import a public schedule of the State Council from a JSON file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation

from courts import calendar
from courts.errors import Refused
from courts.models import Jurisdiction, Person
from courts.schedule_import import Difference, FaultySchedule, Schedule, read
from escalation.public_schedules import Preview, announced_by, import_schedule, preview


class Command(BaseCommand):
    """``manage.py import_schedule FILE --reason WHY``; a second time it changes nothing."""

    help = (
        "Import a public schedule, {date: {workday, name}}: shows what changes, then makes one "
        "version of the calendar and counts running clocks anew."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """The file, and who and why."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--reason", required=True, help="why the calendar changes")
        parser.add_argument(
            "--official-year",
            type=int,
            nargs="+",
            default=[],
            metavar="YEAR",
            help="years whose whole schedule this is: official from now on",
        )
        parser.add_argument("--source", default="", help="the notice that announces these years")
        parser.add_argument("--jurisdiction", help="its code; without it, all courts")
        parser.add_argument("--by", metavar="USERNAME", help="the administrator who answers for it")
        parser.add_argument("--dry-run", action="store_true", help="only show what would change")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, show, change."""
        with translation.override("en"):  # as every command speaks
            schedule = _read(options["file"])
            jurisdiction = _jurisdiction(options["jurisdiction"])
            by = _person(options["by"])
            self._show(schedule, preview(schedule, jurisdiction=jurisdiction))
            if options["dry_run"]:
                return
            try:
                version = import_schedule(
                    schedule,
                    reason=options["reason"],
                    by=by,
                    jurisdiction=jurisdiction,
                    official_years=options["official_year"],
                    source=options["source"],
                )
            except Refused as refused:
                raise CommandError(str(refused.text)) from None
        if version is None:
            self.stdout.write("nothing changed: the calendar has it so already")
        else:
            self.stdout.write(f"calendar version {version.pk} made; running clocks counted anew")

    def _show(self, schedule: Schedule, shown: Preview) -> None:
        for remark in schedule.remarks:
            self.stderr.write(f"note: {remark}")
        for year in shown.years:
            self.stdout.write(f"{year.year}: {year.before} business days, {year.after} then")
            self._list("becomes a business day", year.added)
            self._list("becomes a day off", year.removed)
        if waited_for := announced_by(schedule):
            years = ", ".join(str(year) for year in waited_for)
            self.stdout.write(f"whole schedule of years not official yet: {years}")

    def _list(self, what: str, days: Sequence[Difference]) -> None:
        for one in days:
            self.stdout.write(f"  {what}: {one.date:%a %Y-%m-%d} {one.name}".rstrip())


def _read(path: Path) -> Schedule:
    try:
        return read(path.read_text(encoding="utf-8-sig"), calendar.YEARS)
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(str(error)) from None
    except FaultySchedule as faulty:
        raise CommandError("\n".join(str(fault) for fault in faulty.faults)) from None


def _jurisdiction(code: str | None) -> Jurisdiction | None:
    if code is None:
        return None
    try:
        return Jurisdiction.objects.get(code=code)
    except Jurisdiction.DoesNotExist:
        raise CommandError(f"there is no jurisdiction {code!r}") from None


def _person(username: str | None) -> Person | None:
    if username is None:
        return None
    try:
        return Person.objects.get(username=username)
    except Person.DoesNotExist:
        raise CommandError(f"there is no person {username!r}") from None
