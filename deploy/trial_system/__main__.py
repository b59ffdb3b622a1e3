"""Make a trial business system and let it speak.

    python -m deploy.trial_system --seed 7 --cases 1000 --database trial.sqlite \\
        --full full.csv --incremental news.jsonl --post http://127.0.0.1:8000 --key KEY

The first call with a database makes it; later calls go on with what it holds.
"""

from __future__ import annotations

import argparse
import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from deploy.trial_system import courts, files
from deploy.trial_system.calls import Refused, post_all
from deploy.trial_system.ledger import Disorder, Ledger
from deploy.trial_system.lives import Life


def _arguments(words: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m deploy.trial_system", description="An invented trial business system."
    )
    parser.add_argument("--database", type=Path, required=True, help="SQLite file, its own")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--cases", type=int, default=1000)
    parser.add_argument("--days", type=int, default=120, help="over how many days they are filed")
    parser.add_argument(
        "--until",
        type=lambda text: datetime.fromisoformat(text).replace(tzinfo=UTC),
        default=datetime(2026, 11, 25, tzinfo=UTC),
        help="the day on which the story stands (default: 2026-11-25)",
    )
    parser.add_argument("--courts", type=Path, help="file of courts; else the demonstration city's")
    parser.add_argument("--doubled", type=float, default=0.01, help="share that comes twice")
    parser.add_argument("--late", type=float, default=0.02, help="share that comes late")
    parser.add_argument("--faults", type=float, default=0, help="share of lines with a slip")
    parser.add_argument("--full", type=Path, help="write the present state (.csv or .jsonl)")
    parser.add_argument("--incremental", type=Path, help="write what was not written before")
    parser.add_argument("--post", metavar="URL", help="send what was not sent there before")
    parser.add_argument("--key", default=os.environ.get("TRIAL_SYSTEM_KEY", ""))
    parser.add_argument("--rate", type=float, default=0, help="records a second; 0: at once")
    parser.add_argument("--most", type=int, help="at most so many records")
    return parser.parse_args(words)


def main(words: list[str] | None = None) -> int:
    """Make the ledger if there is none, then write and send what is asked for."""
    given = _arguments(words)
    ledger = Ledger(given.database)
    try:
        if not ledger.is_made:
            print(f"{_make(ledger, given):,} records entered")
        if given.full:
            count = files.write(given.full, ledger.full(), seed=given.seed, faults=given.faults)
            print(f"{count:,} records in {given.full}")
        if given.incremental:
            news = ledger.unsent("file", given.most)
            records = (record for _place, record in news)
            count = files.write(given.incremental, records, seed=given.seed, faults=given.faults)
            if news:
                ledger.note_sent("file", news[-1][0])
            print(f"{count:,} records in {given.incremental}")
        if given.post:
            told = post_all(ledger, url=given.post, key=given.key, rate=given.rate, most=given.most)
            print(", ".join(f"{number:,} {outcome}" for outcome, number in sorted(told.items())))
    except Refused as refused:
        print(refused, file=sys.stderr)
        return 1
    finally:
        ledger.close()
    return 0


def _make(ledger: Ledger, given: argparse.Namespace) -> int:
    divisions = courts.read(given.courts) if given.courts else courts.built_in()
    begin = given.until - timedelta(days=given.days)
    entries = (
        entry
        for number in range(1, given.cases + 1)
        for entry in Life(given.seed, number, divisions, begin, given.days).entries()
    )
    disorder = Disorder(doubled=given.doubled, late=given.late)
    return ledger.make(entries, until=given.until, seed=given.seed, disorder=disorder)


if __name__ == "__main__":
    sys.exit(main())
