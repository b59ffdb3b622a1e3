"""Celery tasks: thin. What is due is in the database, so a lost task loses nothing."""

from __future__ import annotations

from celery import shared_task

from reports.agenda.services import look_back_due
from reports.ahead.services import draw_all as draw_all_watch_lists
from reports.assessment.drafting import draft_all
from reports.briefing.services import draft_due
from reports.interviews.services import propose_all
from reports.issues.services import propose_all as propose_all_issues
from reports.standing_book import exporting, scheduled, services
from reports.summary.services import refresh

# Files take turns; a workbook is written in one go.
_SECONDS = 60


@shared_task
def refresh_summaries() -> int:
    """Count anew the days that changed or have ended; beat calls it. How many days."""
    return refresh()


@shared_task
def draft_assessment() -> int:
    """Draft the sheets of the year that are missing; beat calls it every day."""
    return draft_all()


@shared_task
def draft_briefings() -> int:
    """Draft the monthly briefings that are due; beat calls it every hour."""
    return draft_due()


@shared_task
def propose_interviews() -> int:
    """Propose the interviews that last month's ranking names; beat calls it early each month."""
    return propose_all()


@shared_task
def propose_issues() -> int:
    """Propose the hot and difficult issues of last month; beat calls it early each month."""
    return propose_all_issues()


@shared_task
def draw_watch_lists() -> int:
    """Draw the watch lists of this month that are due; beat calls it every morning."""
    return draw_all_watch_lists()


@shared_task
def look_back() -> int:
    """Draw the closed agenda matters that are looked at again; beat calls it every morning."""
    return look_back_due()


@shared_task
def write_exports() -> int | None:
    """Go on with the files of the standing book; beat calls it. The export, if any."""
    export = exporting.take_up(seconds=_SECONDS)
    return None if export is None else export.pk


@shared_task
def ask_for_due_exports() -> int:
    """Ask for the files that come by themselves; beat calls it every hour. How many."""
    return scheduled.ask_for_due()


@shared_task
def remove_old_exports() -> int:
    """Remove files that have lain long enough; how many."""
    return services.remove_old_exports()
