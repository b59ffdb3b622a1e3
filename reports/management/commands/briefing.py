"""``manage.py briefing --month 2026-10``: draft the monthly briefing of any closed month."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from courts.errors import Refused
from courts.models import Jurisdiction
from reports.briefing import services
from reports.months import Month


class Command(BaseCommand):
    """See the module."""

    help = (
        "Draft the monthly briefing of a month that has ended; after its publication, a "
        "correction edition if the figures have changed. Run twice it drafts one."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The month, and for whom."""
        parser.add_argument("--month", required=True, help="the month, such as 2026-10")
        parser.add_argument(
            "--jurisdiction", metavar="CODE", help="only this jurisdiction (default: all)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Draft and say what stands."""
        try:
            month = Month.parse(options["month"])
        except ValueError:
            raise CommandError("A month is written like 2026-10.") from None
        rows = Jurisdiction.objects.filter(leading_court__isnull=False).order_by("pk")
        if options["jurisdiction"]:
            rows = rows.filter(code=options["jurisdiction"])
        if not rows:
            raise CommandError("There is no such jurisdiction.")
        for one in rows:
            try:
                briefing = services.draft(jurisdiction_id=one.pk, month=month, by=None)
            except Refused as refused:
                raise CommandError(f"{one.code}: {refused.text}") from None
            self.stdout.write(
                f"{one.code} {month}: edition {briefing.number}, {briefing.state}, "
                f"{briefing.public_id}"
            )
