"""The verbs of referrals (G12, B9). Locks are taken in the order lot, item, clock."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.models import Case
from courts import commands
from courts.errors import Invalid, WrongState
from courts.models import Court, Department, Jurisdiction, Person, Tenure
from courts.roles import require
from liaison.models import Request
from liaison.services import written
from reports.follow_up.verbs import (
    announce,
    check,
    heading,
    holders,
    lock,
    made_before,
    record,
    resume_clock,
    rules_of,
    start_clock,
    stop_clock,
    take,
)
from reports.models import ReferralItem, ReferralLot
from reports.months import Month
from reports.referrals.lifecycle import ItemState, LotState
from reports.referrals.offices import Offices


@dataclass(frozen=True)
class Evidence:
    """What an item rests on besides its text: any of these, or none.

    ``month`` is the month of the ranking in which the court or department stands.
    """

    request: Request | None = None
    case: Case | None = None
    court: Court | None = None
    department: Department | None = None
    month: date | None = None

    @property
    def ids(self) -> tuple[int | str | None, ...]:
        """What tells it from other evidence."""
        rows = (self.request, self.case, self.court, self.department)
        month = self.month.isoformat() if self.month else None
        return (*(row.pk if row else None for row in rows), month)


def offices_of(court: Court, at: datetime) -> Offices:
    """The offices that the policy of the court's jurisdiction names at ``at``."""
    return Offices.of(rules_of(court, at).referrals)


def leading_court(jurisdiction: Jurisdiction) -> Court:
    """The court whose chamber refers and whose offices answer."""
    court = jurisdiction.leading_court
    if court is None:
        raise Invalid(_("The jurisdiction has no leading court."))
    return court


@transaction.atomic
def refer(
    *,
    jurisdiction: Jurisdiction,
    category: str,
    issue: str,
    title: str,
    text: str,
    by: Person,
    evidence: Evidence | None = None,
    named: Person | None = None,
    command_id: uuid.UUID | None = None,
    at: datetime | None = None,
) -> ReferralItem:
    """Record something to be referred with the lot of its month (G12, B9).

    Which office takes it follows from its class and issue by the policy. ``named`` is the person
    whose conduct it is about, who never reads it. Raises ``Invalid`` for a class or issue that no
    office takes, and for a person who sits in the office itself.
    """
    at = at or timezone.now()
    court = leading_court(jurisdiction)
    require(by, "referrals.make", court_id=court.pk, department_id=None, at=at)
    rests_on = evidence or Evidence()
    named_id = named.pk if named else None
    before = made_before(
        ReferralItem, command_id, "referral.refer", by.pk, category, issue, title, text, named_id,
        *rests_on.ids,
    )  # fmt: skip
    if before:
        return before
    offices = offices_of(court, at)
    taken_by = offices.office_for(category, issue)
    if taken_by is None:
        raise Invalid(_("No office takes this kind of issue of this class."), field="issue")
    office = Department.objects.filter(court=court, kind=taken_by.kind).order_by("pk").first()
    if office is None:
        raise Invalid(_("The leading court has no such office."), field="category")
    is_conduct = offices.is_conduct(category)
    _check_named(named, by, office, is_conduct=is_conduct, at=at)
    item = ReferralItem.objects.create(
        court=court,
        department=office,
        title=heading(title),
        text=written(text),
        raised_by=by,
        raised_at=at,
        month=Month.of(at, jurisdiction.zone).first_day,
        category=category,
        issue=issue,
        is_conduct=is_conduct,
        named=named,
        request=rests_on.request,
        case=rests_on.case,
        unit_court=rests_on.court,
        unit_department=rests_on.department,
        ranking_month=rests_on.month if rests_on.court else None,
    )
    commands.applied(command_id, item.pk)
    record(item, "recorded", at=at, by=by)
    return item


def _check_named(
    named: Person | None, by: Person, office: Department, *, is_conduct: bool, at: datetime
) -> None:
    if named is None:
        return
    if not is_conduct:
        raise Invalid(_("A person is named in matters of conduct only."), field="named")
    if named == by:
        raise Invalid(_("You are named yourself; somebody else has to refer this."), field="named")
    sits_there = Tenure.objects.at(at).filter(person=named, post__department=office)
    if sits_there.exists():
        raise Invalid(
            _("This person belongs to the office itself. Turn to that of the superior court."),
            field="named",
        )


@transaction.atomic
def take_back(*, item_id: int, text: str, by: Person, at: datetime | None = None) -> ReferralItem:
    """Take back an item that has not been sent, with a reason."""
    item, at = take(ReferralItem, item_id, "take_back", by=by, at=at)
    item.take_back()
    item.lot = None
    item.save()
    record(item, "taken_back", at=at, by=by, text=written(text))
    return item


@transaction.atomic
def compile_lot(
    *, office: Department, month: Month, by: Person, at: datetime | None = None
) -> ReferralLot:
    """Gather what waits for an office into the lot of a month; of nothing, record a nil lot.

    Items of earlier months that missed their own lot are gathered too. Compiled again, a lot that
    has not been sent takes in what came meanwhile; one that is away stays as it is. Raises
    ``Invalid`` for a month to come, and for a nil lot of a month that is not over.
    """
    at = at or timezone.now()
    court = office.court
    require(by, "referrals.make", court_id=court.pk, department_id=None, at=at)
    jurisdiction = court.jurisdiction
    assert jurisdiction is not None
    present = Month.of(at, jurisdiction.zone)
    if month > present:
        raise Invalid(_("This month is still to come."), field="month")
    lot = _lot_of(office, month, by, at)
    if lot.state != LotState.COMPILED:
        return lot
    waiting = ReferralItem.objects.filter(
        department=office, state=ItemState.RECORDED, lot=None, month__lte=month.first_day
    )
    waiting.update(lot=lot)
    if not lot.items.exists():
        if month == present:
            raise Invalid(_("Nothing waits, and the month is not over yet."), field="month")
        lot.record_nil()
        lot.save()
        record(lot, "nil", at=at, by=by)
    return lot


def _lot_of(office: Department, month: Month, by: Person, at: datetime) -> ReferralLot:
    """The lot of an office and month, locked; made if there is none. Of two makers one waits."""
    try:
        with transaction.atomic():
            made = ReferralLot.objects.create(
                court=office.court,
                department=office,
                month=month.first_day,
                raised_by=by,
                raised_at=at,
            )
    except IntegrityError:
        pk = ReferralLot.objects.values_list("pk", flat=True).get(
            department=office, month=month.first_day
        )
        return lock(ReferralLot, pk)
    record(made, "compiled", at=at, by=by)
    return made


@transaction.atomic
def send(*, lot_id: int, by: Person, at: datetime | None = None) -> ReferralLot:
    """Send a lot to its office: the limit of the answer begins, and its holders are told."""
    lot, at = take(ReferralLot, lot_id, "send", by=by, at=at)
    items = list(lot.items.select_for_update().filter(state=ItemState.RECORDED))
    if not items:
        raise WrongState
    for item in items:
        item.send()
        item.sent_at = at
        item.save()
    lot.send()
    lot.sent_at, lot.sent_by = at, by
    lot.save()
    entry = record(lot, "sent", at=at, by=by)
    named = {item.named_id for item in items}
    office = [one for one in _office(lot, at) if one.pk not in named]
    start_clock(lot, at=at, handler_id=office[0].pk if office else None)
    announce(lot, entry, [one.pk for one in office], at=at)
    return lot


def _office(lot: ReferralLot, at: datetime) -> list[Person]:
    """Those who answer for the office of a lot."""
    office = lot.department
    assert office is not None
    return holders(office.kind, department_id=office.pk, at=at)


def _with_lot(
    item_id: int, move: str, *, by: Person, at: datetime | None
) -> tuple[ReferralItem, ReferralLot, datetime]:
    """An item of a lot and the lot, both locked, the lot first, and the instant like ``take``."""
    lot_id = ReferralItem.objects.values_list("lot_id", flat=True).get(pk=item_id)
    if lot_id is None:
        raise WrongState
    lot = lock(ReferralLot, lot_id)
    item = lock(ReferralItem, item_id)
    at = at or timezone.now()
    check(item, move, by=by, at=at)
    return item, lot, at


@transaction.atomic
def answer_item(*, item_id: int, text: str, by: Person, at: datetime | None = None) -> ReferralItem:
    """Answer one item. With the last of its lot the limit is settled and the clock stops."""
    item, lot, at = _with_lot(item_id, "give_answer", by=by, at=at)
    item.give_answer()
    item.answer = written(text)
    item.answered_at, item.answered_by = at, by
    item.save()
    entry = record(item, "answered", at=at, by=by, text=item.answer)
    announce(item, entry, [item.raised_by_id], at=at)
    if not lot.items.filter(state=ItemState.SENT).exists():
        lot.complete()
        lot.answered_at = at
        lot.save()
        record(lot, "answered", at=at, by=by)
        stop_clock(lot, "answered", at=at)
    return item


@transaction.atomic
def accept_item(
    *, item_id: int, text: str = "", by: Person, at: datetime | None = None
) -> ReferralItem:
    """Accept the answer to an item; with the last of its lot the lot is closed."""
    item, lot, at = _with_lot(item_id, "accept", by=by, at=at)
    item.accept()
    item.judged_at, item.judged_by = at, by
    item.save()
    record(item, "accepted", at=at, by=by, text=text.strip())
    if lot.state == LotState.ANSWERED and not _left(lot):
        lot.close()
        lot.closed_at = at
        lot.save()
        record(lot, "closed", at=at, by=by)
    return item


def _left(lot: ReferralLot) -> bool:
    return lot.items.exclude(state=ItemState.ACCEPTED).exists()


@transaction.atomic
def send_back_item(
    *, item_id: int, text: str, by: Person, at: datetime | None = None
) -> ReferralItem:
    """Send an answer back with a reason. The clock runs on as if it had never been given."""
    item, lot, at = _with_lot(item_id, "send_back", by=by, at=at)
    answered_at = item.answered_at
    assert answered_at is not None
    item.send_back()
    item.answer, item.answered_at, item.answered_by = "", None, None
    item.save()
    entry = record(item, "sent_back", at=at, by=by, text=written(text))
    announce(item, entry, [one.pk for one in _office(lot, at) if one.pk != item.named_id], at=at)
    if lot.state == LotState.ANSWERED:
        lot.take_up_again()
        lot.answered_at = None
        lot.save()
        resume_clock(lot, entry, replied_at=answered_at, at=at)
    return item
