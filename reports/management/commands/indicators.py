"""``manage.py indicators 2026-10``: the three rates of a month in the terminal (G2, G16)."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from unicodedata import east_asian_width
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from courts import date_words
from courts.models import Court
from reports import board, edition
from reports.indicators import Figure, Indicator
from reports.months import Month
from reports.scope import Scope

DASH = "–"


class Command(BaseCommand):
    """See the module."""

    help = (
        "Show the rates of timely acceptance, judge liaison and timely completion of a month, "
        "by court and department."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The month and how to show it."""
        parser.add_argument("month", help="the month, such as 2026-10")
        parser.add_argument("--court", metavar="CODE", help="only the court with this code")
        parser.add_argument(
            "--at",
            type=datetime.fromisoformat,
            help="as things stand at this instant (ISO 8601 with offset; default: now)",
        )
        parser.add_argument(
            "--language",
            choices=[code for code, _name in settings.LANGUAGES],
            default=settings.LANGUAGE_CODE,
            help="the language of the table",
        )
        parser.add_argument(
            "--json",
            action="store_true",
            help="canonical JSON with the requests behind each figure: the same bytes each time",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Read the month and print it."""
        try:
            month = Month.parse(options["month"])
        except ValueError:
            raise CommandError("A month is written like 2026-10.") from None
        at = options["at"] or timezone.now()
        if at.tzinfo is None:
            raise CommandError("--at needs its offset from UTC, such as 2026-11-02T09:00+08:00.")
        found = board.read(month, self._scope(options["court"]), at=at)
        if options["json"]:
            self.stdout.write(edition.canonical(found))
            return
        with translation.override(options["language"]):
            for line in table(found, options["language"]):
                self.stdout.write(line)

    def _scope(self, code: str | None) -> Scope:
        scope = Scope.everything()
        if code is None:
            return scope
        court = Court.objects.filter(code=code, status=Court.Status.CURRENT).first()
        if court is None or court.pk not in scope.courts:
            raise CommandError(f"No court of a jurisdiction has the code {code}.")
        return scope.only_court(court)


def table(found: board.Board, language: str) -> list[str]:
    """The month as lines of text, columns aligned also where characters are two wide."""
    zone = ZoneInfo(settings.TIME_ZONE)
    head = [
        "",
        _("timely acceptance"),
        _("judge liaison"),
        _("timely completion"),
        _("satisfied of rated"),
        _("withdrawn"),
        _("merged"),
        _("rungs 1 · 2 · 3 · 4"),
        _("overdue now"),
        _("oldest"),
    ]
    lines: list[list[str]] = []
    for court in found.courts:
        lines.append(_line(str(court.court), court.row, language, zone))
        for one in court.departments:
            name = str(one.department) if one.department else _("no department")
            lines.append(_line(f"  {name}", one.row, language, zone))
    lines.append(_line(_("All"), found.total, language, zone))
    widths = [max(_width(line[column]) for line in [head, *lines]) for column in range(len(head))]
    rule = "─" * (sum(widths) + 2 * (len(widths) - 1))
    title = date_words.month(found.month.first_day, language, zone)
    note = _("items whose limit ended in this month: in time / due")
    text = [_aligned(line, widths) for line in lines]
    return [f"{title} · {note}", "", _aligned(head, widths), rule, *text[:-1], rule, text[-1]]


def _line(name: str, row: board.Row, language: str, zone: ZoneInfo) -> list[str]:
    # The reply limit is the wider cohort; its items left out are those of both its rates.
    figures = row.figures
    left_out = figures[Indicator.COMPLETION]
    rungs = " · ".join(str(row.rungs[level] or DASH) for level in board.LEVELS[1:])
    oldest = date_words.last_day(row.oldest, zone) if row.oldest else None
    return [
        name,
        *(_rate(figures[indicator]) for indicator in Indicator),
        _rate(row.satisfaction),
        str(left_out.withdrawn or DASH),
        str(left_out.merged or DASH),
        rungs,
        str(row.overdue or DASH),
        date_words.day_long(oldest, language, zone) if oldest else DASH,
    ]


def _rate(figure: Figure) -> str:
    if figure.percent is None:
        return DASH
    return f"{figure.done}/{figure.due} {figure.percent:>5}%"


def _width(text: str) -> int:
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in text)


def _aligned(cells: Sequence[str], widths: Sequence[int]) -> str:
    first, *rest = (
        (cell, " " * (width - _width(cell))) for cell, width in zip(cells, widths, strict=True)
    )
    return "  ".join([first[0] + first[1], *(space + cell for cell, space in rest)]).rstrip()
