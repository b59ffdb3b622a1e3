"""`manage.py replay FILE.jsonl --policy guangzhou`: play recorded messages, print the funnel."""

from __future__ import annotations

import itertools
import json
import sys
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from courts.models import Court
from escalation.models import PolicyVersion
from reports.replay import database
from reports.replay.funnel import funnel
from reports.replay.lines import Message, Rejected, read
from reports.replay.player import Player, known_level

_LOCAL = ZoneInfo("Asia/Shanghai")


class Command(BaseCommand):
    """Plays messages through the same services as the screens, at their recorded times."""

    help = (
        "Play recorded messages through the same services as the screens, in a database of "
        "their own, and print what became of them."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What can be given."""
        parser.add_argument("file", type=Path, help="JSON lines: time, title, text, reply, ...")
        parser.add_argument("--policy", required=True, help="guangzhou, beijing, ...")
        parser.add_argument("--court", help="all messages to one court with this court's level")
        parser.add_argument("--limit", type=int, help="play the first N readable lines")
        parser.add_argument("--fresh", action="store_true", help="empty the database first")
        parser.add_argument("--json", action="store_true", help="print the counts as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, play, count."""
        path: Path = options["file"]
        try:
            text = path.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"{path}: {error}") from None
        level = known_level(options["court"]) if options["court"] else None
        if options["court"] and level is None:
            self.stderr.write(f"No court is known by {options['court']}; taken as a primary court.")
        database.enter(fresh=options["fresh"])
        if not PolicyVersion.objects.filter(slug=options["policy"]).exists():
            known = ", ".join(sorted({version.slug for version in PolicyVersion.objects.all()}))
            raise CommandError(f"No policy {options['policy']}. There are: {known}.")
        # Not splitlines(): a JSON text may hold other characters that it takes for line ends.
        rows = list(read(text.split("\n"), _LOCAL))
        rejected = [row for row in rows if isinstance(row, Rejected)]
        readable = (row for row in rows if isinstance(row, Message))
        messages = list(itertools.islice(readable, options["limit"]))
        player = Player(options["policy"], options["court"], level or Court.Level.PRIMARY)
        started = time.monotonic()
        with tqdm(total=len(messages), unit="message", file=sys.stderr) as bar:
            found = player.play(messages, progress=bar.update)
            played = bar.n
        seconds = time.monotonic() - started
        rejected += player.rejected
        for row in sorted(rejected + player.repeated, key=lambda row: row.line):
            self.stderr.write(f"line {row.line}: {row.reason}")
        result = funnel(found, len(rejected))
        if options["json"]:
            self.stdout.write(json.dumps(result, ensure_ascii=False))
            return
        self._print(result)
        rate = f", {played / seconds * 60:,.0f} messages a minute" if played else ""
        self.stderr.write(f"{played} messages played in {seconds:.1f} s{rate}")

    def _print(self, result: dict[str, Any]) -> None:
        lines = [
            ("requests", result["requests"]),
            ("  replied in time", result["replied_in_time"]),
            ("  replied late", result["replied_late"]),
            ("  never replied (open)", result["never_replied"]),
            ("warnings", result["warnings"]),
            *((f"rung {level}", count) for level, count in result["rungs"].items()),
            ("notices sent by the ladder", sum(result["notices"].values())),
            *((f"  to {post.replace('_', ' ')}", n) for post, n in result["notices"].items()),
            ("lines rejected", result["rejected_lines"]),
        ]
        for label, count in lines:
            self.stdout.write(f"{label:<34}{count:>8,}")
