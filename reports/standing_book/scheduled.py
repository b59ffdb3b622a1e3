"""Files that come by themselves: of every week or month, to the owner of a saved view (G11).

The platform has the file written when the week or month is over, and tells its owner in the
application and by their channel outside it (e-mail, a signed webhook, ...) that it is there. The
file itself goes nowhere: it is taken with a sign-in, and each taking is on record.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

import structlog
from django.db import transaction
from django.http import QueryDict
from django.utils import timezone

from courts.business_days import local_date
from courts.errors import Invalid
from courts.models import Department, Person
from escalation.opening_hours import staff_hours
from notices.outbox import NewNotice, put
from reports.models import Export, SavedView
from reports.scope import zones
from reports.standing_book.book import Book
from reports.standing_book.forms import BookForm
from reports.standing_book.rules import last_month, last_week, next_first, next_monday
from reports.standing_book.services import SUBJECT
from reports.standing_book.wishes import Wish

log = structlog.get_logger(__name__)
KIND = "export.ready"
Rhythm = SavedView.Rhythm
_PERIODS: Mapping[str, Callable[[date], tuple[date, date]]] = {
    Rhythm.WEEKLY: last_week,
    Rhythm.MONTHLY: last_month,
}
_OVER: Mapping[str, Callable[[date], date]] = {
    Rhythm.WEEKLY: next_monday,
    Rhythm.MONTHLY: next_first,
}


@transaction.atomic
def set_rhythm(
    *, person: Person, public_id: UUID, rhythm: str, form: str, at: datetime | None = None
) -> SavedView:
    """Have a view of one's own written to a file every week or month from now on, or no more.

    Its first file tells of the week or month of ``at``. Set again as it is, nothing changes.
    Raises ``SavedView.DoesNotExist`` and ``Invalid``.
    """
    if rhythm not in Rhythm.values:
        raise Invalid(field="rhythm")
    if form not in Export.Format.values:
        raise Invalid(field="form")
    view = SavedView.objects.select_for_update().get(person=person, public_id=public_id)
    if (view.rhythm, view.rhythm_format) == (rhythm, form):
        return view
    if view.rhythm != rhythm:
        view.rhythm_since = None if rhythm == Rhythm.NEVER else at or timezone.now()
    view.rhythm, view.rhythm_format = rhythm, form
    view.save(update_fields=["rhythm", "rhythm_format", "rhythm_since"])
    return view


def ask_for_due(*, at: datetime | None = None) -> int:
    """Ask for the files of the last week and month that are due at ``at``; how many.

    Each is asked for once, however many ask at once. What was not asked for while the platform
    stood still for longer than a whole week or month is left: its owner may ask for it by hand.
    """
    at = at or timezone.now()
    asked = 0
    views = SavedView.objects.exclude(rhythm=Rhythm.NEVER).select_related("person")
    for view in views.order_by("pk"):
        try:
            asked += _ask(view, at)
        except Exception:
            # One that cannot be asked for must not keep the others from theirs.
            log.exception("view_not_written", view=view.pk)
    return asked


def _ask(view: SavedView, at: datetime) -> bool:
    """Ask for the last file of one view, unless it was asked for or tells of days before."""
    book = Book.of(view.person, Wish.of(view.wish), at=at, until=at)
    zone = book.zone
    assert view.rhythm_since is not None
    if zone is None or not _is_readable(view, book):
        log.info("view_not_written", view=view.pk)
        return False
    first, last = _PERIODS[view.rhythm](local_date(at, zone))
    if last < local_date(view.rhythm_since, zone):
        return False
    period = {"registered_from": str(first), "registered_until": str(last), "limit_month": ""}
    wish = replace(book.wish, **period)
    with transaction.atomic():
        # Whoever waits here finds what the other has asked for, or that the view is gone.
        locked = SavedView.objects.select_for_update().filter(pk=view.pk, rhythm=view.rhythm)
        if not locked.exists():
            return False
        _export, is_new = Export.objects.get_or_create(
            view=view,
            rhythm=view.rhythm,
            written_for=first,
            defaults={
                "person": view.person,
                "courts": sorted(book.reach.courts),
                "departments": sorted(book.reach.departments),
                "wish": wish.kept(),
                "columns": view.columns,
                "language": view.person.language,
                "format": view.rhythm_format,
                "asked_at": at,
            },
        )
    return is_new


def _is_readable(view: SavedView, book: Book) -> bool:
    """Whether its owner reads what it asks for: a unit that they read no more is no filter."""
    filters = QueryDict(mutable=True)
    filters.update(view.wish)
    return view.person.is_active and BookForm(filters, reach=book.reach).is_valid()


def unwritten(views: Sequence[SavedView], *, at: datetime) -> set[int]:
    """The ids of those of one owner that are to come by themselves and cannot, as things stand."""
    # One that asks for no unit always can.
    coming = [
        view
        for view in views
        if view.rhythm != Rhythm.NEVER and (view.wish.get("court") or view.wish.get("department"))
    ]
    if not coming:
        return set()
    book = Book.of(coming[0].person, Wish(), at=at, until=at)
    return {view.pk for view in coming if book.zone is None or not _is_readable(view, book)}


def comes_on(view: SavedView, today: date) -> date | None:
    """The local day on which its next file is asked for; None if none comes by itself."""
    return None if view.rhythm == Rhythm.NEVER else _OVER[view.rhythm](today)


def tell_owner(export: Export, *, at: datetime) -> None:
    """Tell who keeps the view that its file is there, or could not be written.

    Outside the application within opening hours. A file that was asked for by hand is waited for:
    of that nobody is told. Call it in the transaction in which the file ends.
    """
    if export.written_for is None:
        return
    departments = Department.objects.filter(pk__in=export.departments)
    courts = [*export.courts, *departments.values_list("court_id", flat=True)]
    court_id = next((pk for pk in courts if pk in zones()), None)
    put(
        [
            NewNotice(
                key=f"{KIND}:{export.pk}",
                kind=KIND,
                subject_kind=SUBJECT,
                subject_id=export.pk,
                person_id=export.person_id,
            )
        ],
        at=at,
        outside_at=at if court_id is None else staff_hours(court_id, at),
    )
