"""Import a file of the trial business system into the case mirror."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation

from cases.imports import runs
from cases.imports.batch import COUNTED
from cases.imports.reasons import file_error_words, reason_words
from cases.models import ImportRun, RejectedLine
from cases.models.case import DEFAULT_SOURCE
from cases.services import open_run
from courts.errors import Refused

_WORDS = {name: name.replace("_", " ") for name in COUNTED}


class Command(BaseCommand):
    """``manage.py import_cases FILE``; run again after a kill, it goes on where it was."""

    help = (
        "Import cases, participants and nodes from a CSV file or JSON lines. Goes on where a run "
        "of the same file was left; a second time it changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """The file, and what it is."""
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--incremental", action="store_true", help="not all cases, only what has changed"
        )
        parser.add_argument(
            "--source", default=DEFAULT_SOURCE, help="which trial business system (default: trial)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Open, import, report."""
        path: Path = options["file"]
        kind = ImportRun.Kind.INCREMENTAL if options["incremental"] else ImportRun.Kind.FULL
        with translation.override("en"):  # as every command speaks
            try:
                with path.open("rb") as file:
                    run = open_run(file, file_name=path.name, kind=kind, source=options["source"])
                    if run.bytes_done:
                        self.stdout.write(f"going on after line {run.lines_done:,}")
                    run = runs.carry_on(run, file, progress=self._progress())
            except OSError as error:
                raise CommandError(str(error)) from None
            except Refused as refused:
                raise CommandError(str(refused.text)) from None
            if run.state == ImportRun.State.FAILED:
                raise CommandError(file_error_words(run.error))
            self._report(run)

    def _progress(self) -> Any:
        last = time.monotonic()

        def show(run: ImportRun) -> None:
            nonlocal last
            if time.monotonic() - last >= 2:
                last = time.monotonic()
                self.stdout.write(f"  {run.share_done:.0%}, line {run.lines_done:,}")

        return show

    def _report(self, run: ImportRun) -> None:
        lines = RejectedLine.objects.filter(run=run).order_by("line_number", "id")
        for line in lines.iterator():
            where = f"line {line.line_number}" + (f", {line.field}" if line.field else "")
            state = "" if line.state == RejectedLine.State.QUARANTINED else f" ({line.state})"
            self.stderr.write(f"{where}: {reason_words(line.reason, line.params)}{state}")
        counts = ", ".join(f"{getattr(run, name):,} {_WORDS[name]}" for name in COUNTED)
        self.stdout.write(f"run {run.pk}: {run.lines_done:,} lines; {counts}")
        if run.replayed:
            self.stdout.write(f"{run.replayed:,} records taken from quarantine")
        if run.not_in_file:
            self.stdout.write(f"{run.not_in_file:,} cases are not in this file; they are kept")
        if not (run.created or run.updated or run.replayed):
            self.stdout.write("nothing changed: the mirror has it so already")
