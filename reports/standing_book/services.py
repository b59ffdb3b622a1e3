"""What a reader of the standing book does: keep views, ask for files, give them up."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from courts.access import record_access
from courts.errors import Invalid, NotAllowed, Refused
from courts.models import AccessRecord, Person
from reports.models import Export, ExportPart, SavedView
from reports.standing_book.book import Book
from reports.standing_book.columns import chosen
from reports.standing_book.wishes import Wish

SUBJECT = "export"
MOST_VIEWS = 30
MOST_OPEN = 3
# A file that came by itself lies for longer: a holiday may come before its owner.
KEPT_LONGER = timedelta(days=28)
State = Export.State


@transaction.atomic
def save_view(
    *, person: Person, name: str, wish: Wish, columns: Sequence[str], at: datetime | None = None
) -> SavedView:
    """Keep a filter and a choice of columns under a name; the same name again takes its place.

    Raises ``Invalid`` for no name and for more than ``MOST_VIEWS`` of them.
    """
    name = " ".join(name.split())
    if not 1 <= len(name) <= 40:
        raise Invalid(_("Give the view a name of up to 40 characters."), field="name")
    Person.objects.select_for_update().get(pk=person.pk)
    mine = SavedView.objects.filter(person=person)
    if mine.exclude(name=name).count() >= MOST_VIEWS:
        raise Invalid(_("These are too many views. Delete one first."), field="name")
    view, _made = SavedView.objects.update_or_create(
        person=person,
        name=name,
        defaults={
            "wish": wish.kept(),
            "columns": [column.name for column in chosen(columns)],
            "saved_at": at or timezone.now(),
        },
    )
    return view


def delete_view(*, person: Person, public_id: UUID) -> None:
    """Delete a view of one's own. Deleted twice it is gone once; another's is none of one's own."""
    SavedView.objects.filter(person=person, public_id=public_id).delete()


@transaction.atomic
def ask_for_export(
    *,
    person: Person,
    wish: Wish,
    columns: Sequence[str],
    form: str,
    at: datetime | None = None,
) -> Export:
    """Have a file written of what fits ``wish``; a worker takes it up.

    Raises ``NotAllowed`` for who reads no book, ``Invalid`` for an unknown form, and ``Refused``
    while ``MOST_OPEN`` files are being written for the person. Asked again for the same while
    it is being written, that one is returned.
    """
    at = at or timezone.now()
    if form not in Export.Format.values:
        raise Invalid(field="form")
    Person.objects.select_for_update().get(pk=person.pk)
    book = Book.of(person, wish, at=at, until=at)
    if book.reach.is_empty:
        raise NotAllowed
    names = [column.name for column in chosen(columns)]
    mine = Export.objects.filter(person=person, state__in=(State.WAITING, State.RUNNING))
    same = mine.filter(wish=wish.kept(), columns=names, format=form).first()
    if same is not None:
        return same
    if mine.count() >= MOST_OPEN:
        raise Refused(_("Three files are being written for you. Wait for one of them."))
    return Export.objects.create(
        person=person,
        courts=sorted(book.reach.courts),
        departments=sorted(book.reach.departments),
        wish=wish.kept(),
        columns=names,
        language=get_language() or settings.LANGUAGE_CODE,
        format=form,
        asked_at=at,
    )


@transaction.atomic
def remove_export(*, person: Person, public_id: UUID, at: datetime | None = None) -> Export:
    """Give up a file of one's own, or the writing of it. Raises ``Export.DoesNotExist``."""
    export = Export.objects.select_for_update().get(person=person, public_id=public_id)
    _remove(export, at or timezone.now())
    return export


def remove_old_exports(*, at: datetime | None = None) -> int:
    """Remove files that have lain for ``EXPORT_KEEP_DAYS`` days; how many.

    Those that came by themselves lie ``KEPT_LONGER``. The record of who asked for what stays.
    """
    at = at or timezone.now()
    until = at - timedelta(days=settings.EXPORT_KEEP_DAYS)
    removed = 0
    ended = Q(written_for=None, ended_at__lte=until) | Q(ended_at__lte=until - KEPT_LONGER)
    old = Export.objects.filter(ended, state__in=(State.DONE, State.FAILED))
    for pk in old.order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            export = Export.objects.select_for_update().get(pk=pk)
            removed += _remove(export, at)
    return removed


def _remove(export: Export, at: datetime) -> bool:
    if export.state == State.REMOVED:
        return False
    ExportPart.objects.filter(export=export).delete()
    export.state, export.ended_at = State.REMOVED, export.ended_at or at
    export.save(update_fields=["state", "ended_at"])
    return True


def may_take(export: Export, person: Person, *, at: datetime | None = None) -> bool:
    """Whether ``person`` may have the file: the own one, while they still may read all of it."""
    if export.person_id != person.pk or export.state != State.DONE:
        return False
    book = Book.of(person, Wish(), at=at or timezone.now())
    return book.covers(export.courts, export.departments)


def record_download(*, export: Export, person: Person, at: datetime | None = None) -> None:
    """Put on record that the file, or a part of it, was handed out."""
    record_access(
        person=person,
        action=AccessRecord.Action.DOWNLOAD,
        subject_kind=SUBJECT,
        subject_id=export.pk,
        at=at,
    )
