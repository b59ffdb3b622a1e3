"""The verbs of objections and of assessment sheets (G16, B14).

Done twice with the same words by the same person, a verb does nothing the second time; done by
two at once, one of them stands and the other is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_fsm import can_proceed

from courts.errors import Invalid, NotAllowed, WrongState
from courts.models import Court, Department, Person, Post, Tenure
from courts.roles import Reach, posts_of
from liaison.services import written
from reports.assessment import reading
from reports.assessment.document import document
from reports.assessment.lifecycle import COMMENTERS, ObjectionState, SheetKind, SheetState
from reports.assessment.telling import tell_author, tell_chamber
from reports.assessment.window import Rejections, Window, closes_at
from reports.assessment.year import MonthOf, Year
from reports.edition import as_text
from reports.indicators import Indicator, Outcome, Result
from reports.models import Objection, Sheet
from reports.months import Month
from reports.scope import city_of


def own_item(
    person: Person, request_id: int, indicator: Indicator, month: Month, *, at: datetime
) -> Outcome | None:
    """The item of a month that counts for ``person``; None where it counts for somebody else."""
    city = city_of(reading.scope_of(person))
    if city is None:
        return None
    months: tuple[MonthOf, ...] = reading.of_person(person, city, [month], at=at).months
    return next((item for item in months[0].of(indicator) if item.request_id == request_id), None)


@transaction.atomic
def object_to(
    *,
    request_id: int,
    indicator: Indicator,
    month: Month,
    reason: str,
    by: Person,
    at: datetime | None = None,
) -> Objection:
    """Object to a late item that counts for ``by``, with the reason; the Chamber is told.

    Open until the end of the policy's business days after the month, or after the rejection that
    made it late. Raises ``NotAllowed`` for an item that is not the own, ``Invalid`` for one that
    is not late, after the last day, and for no reason, ``WrongState`` where it was objected to with
    other words.
    """
    reason = written(reason, "reason")
    _keep_unsigned(by, month)
    at = at or timezone.now()
    item = own_item(by, request_id, indicator, month, at=at)
    if item is None:
        raise NotAllowed
    if item.result is not Result.LATE:
        raise Invalid(_("Only an item that counts as late can be objected to."))
    court = Court.objects.select_related("jurisdiction").get(pk=item.unit.court_id)
    late_at = Rejections([request_id]).made_late_at(request_id, indicator, item.limit_at)
    until = Window.of(court, month).closes_at(late_at)
    if at >= until:
        raise Invalid(_("The days in which this could be objected to are over."), code="too_late")
    try:
        with transaction.atomic():
            objection = Objection.objects.create(
                person=by,
                request_id=request_id,
                indicator=indicator.value,
                month=month.first_day,
                court=court,
                department_id=item.unit.department_id,
                limit_at=item.limit_at,
                closes_at=until,
                reason=reason,
                made_at=at,
            )
    except IntegrityError:
        made = Objection.objects.filter(
            person=by, request=request_id, indicator=indicator.value, month=month.first_day
        )
        found = made.select_related("court__jurisdiction").first()
        if found is None or found.reason != reason:
            raise WrongState from None
        return found
    tell_chamber(objection, at=at)
    return objection


def _keep_unsigned(person: Person, month: Month) -> None:
    """Lock the sheets that an item of ``person`` may count in, until the transaction ends.

    Whoever signs one meanwhile waits, and then finds the objection; and an objection that waited
    for a signature is too late by the clock that is read behind it.
    """
    departments = reading.scope_of(person).departments
    courts = Department.objects.filter(pk__in=departments).values("court_id")
    of_unit = Q(kind=SheetKind.DEPARTMENT, department__in=departments) | Q(
        kind=SheetKind.COURT, court__in=courts
    )
    rows = Sheet.objects.filter(Q(person=person) | of_unit, year=month.year)
    list(rows.select_for_update(of=("self",)).order_by("pk").values_list("pk"))


@transaction.atomic
def answer_objection(
    *, objection_id: int, upheld: bool, answer: str, by: Person, at: datetime | None = None
) -> Objection:
    """Uphold an objection or not, with the reason; who objected is told. It changes no figure.

    For the Case Filing Chamber of the leading court, and nobody in the own matter
    (``NotAllowed``). ``WrongState`` where it has another answer.
    """
    at = at or timezone.now()
    answer = written(answer, "answer")
    rows = Objection.objects.select_for_update(of=("self",)).select_related("court__jurisdiction")
    objection = rows.get(pk=objection_id)
    may = Objection.objects.answerable_by(by, at).filter(pk=objection_id).exists()
    if not may or objection.person_id == by.pk:
        raise NotAllowed
    state = ObjectionState.UPHELD if upheld else ObjectionState.NOT_UPHELD
    if objection.state != ObjectionState.OPEN:
        if (objection.state, objection.answer, objection.answered_by_id) == (state, answer, by.pk):
            return objection
        raise WrongState
    if upheld:
        objection.uphold()
    else:
        objection.not_uphold()
    objection.answer, objection.answered_by, objection.answered_at = answer, by, at
    objection.save()
    tell_author(objection, at=at)
    return objection


def lock(sheet_id: int) -> Sheet:
    """The sheet, locked until the transaction ends."""
    rows = Sheet.objects.select_for_update(of=("self",))
    return rows.select_related("court__jurisdiction", "department", "person").get(pk=sheet_id)


@transaction.atomic
def make_statement(
    *, sheet_id: int, statement: str, by: Person, at: datetime | None = None
) -> Sheet:
    """The judge's own word on the year, once, before the sheet is signed."""
    sheet = lock(sheet_id)
    at = at or timezone.now()
    statement = written(statement, "statement")
    if sheet.person_id != by.pk:
        raise NotAllowed
    if sheet.statement == statement:
        return sheet
    if sheet.statement or sheet.state == SheetState.SIGNED:
        raise WrongState
    sheet.statement, sheet.stated_at = statement, at
    sheet.save(update_fields=["statement", "stated_at"])
    return sheet


def may_comment(sheet: Sheet, by: Person, at: datetime | None = None) -> bool:
    """Whether ``by`` is who comments on this sheet, by post; nobody does so on the own."""
    at = at or timezone.now()
    posts = [post for post in posts_of(by, at) if _comments(post, sheet, at)]
    reach = Reach.of_posts(by.pk, posts, "assessment.comment")
    covers = reach.covers(court_id=sheet.court_id, department_id=sheet.department_id)
    return covers and sheet.person_id != by.pk


def _comments(post: Post, sheet: Sheet, at: datetime) -> bool:
    """Whether this post comments on such a sheet, wherever it reaches."""
    if post.kind == Post.Kind.FILING_CHAMBER and sheet.kind != SheetKind.COURT:
        return _has_nobody_else(sheet, at)
    if post.kind not in COMMENTERS[sheet.kind]:
        return False
    if sheet.kind == SheetKind.COURT:
        assert sheet.court.jurisdiction is not None
        return post.court_id == sheet.court.jurisdiction.leading_court_id
    if sheet.kind == SheetKind.JUDGE and post.kind == Post.Kind.DEPUTY_PRESIDENT:
        leaders = Tenure.objects.at(at).filter(
            post__kind=Post.Kind.DEPARTMENT_LEADER,
            post__department=sheet.department_id,
            post__is_open=True,
            person__is_active=True,
        )
        return not leaders.exclude(person=sheet.person_id).exists()
    return True


def _has_nobody_else(sheet: Sheet, at: datetime) -> bool:
    """Whether no leader and no deputy president in charge is there to comment on a sheet.

    The president signs, and so does not comment: the Case Filing Chamber does then.
    """
    held = Tenure.objects.at(at).filter(post__is_open=True, person__is_active=True)
    deputy = Q(
        post__kind=Post.Kind.DEPUTY_PRESIDENT,
        post__departments_in_charge=sheet.department_id,
    )
    leader = Q(post__kind=Post.Kind.DEPARTMENT_LEADER, post__department=sheet.department_id)
    others = deputy | leader if sheet.kind == SheetKind.JUDGE else deputy
    return not held.filter(others).exclude(person=sheet.person_id).exists()


@transaction.atomic
def comment_on(*, sheet_id: int, comment: str, by: Person, at: datetime | None = None) -> Sheet:
    """Comment on a year that is over: for a judge the leader, or where there is none but the judge
    the deputy president; for a department the deputy president; for a court the Case Filing
    Chamber of the leading court, which also stands in where there is nobody else.

    Raises ``NotAllowed``, ``Invalid`` before the end of the year, ``WrongState``.
    """
    sheet = lock(sheet_id)
    at = at or timezone.now()
    comment = written(comment, "comment")
    if not may_comment(sheet, by, at):
        raise NotAllowed
    if (sheet.commented_by_id, sheet.comment) == (by.pk, comment):
        return sheet
    if not can_proceed(sheet.comment_on):
        raise WrongState
    if at < year_ends_at(sheet):
        raise Invalid(_("The year is not over yet."), code="too_early")
    sheet.comment_on()
    sheet.comment, sheet.commented_by, sheet.commented_at = comment, by, at
    sheet.save()
    return sheet


def year_ends_at(sheet: Sheet) -> datetime:
    """The instant at which the year of a sheet ends where its court is."""
    assert sheet.court.jurisdiction is not None
    return sheet.months[-1].bounds(sheet.court.jurisdiction.zone)[1]


def may_sign(sheet: Sheet, by: Person, at: datetime | None = None) -> bool:
    """Whether ``by`` is president of the sheet's court, and neither its judge nor commentator."""
    reach = Reach.of(by, "assessment.sign", at)
    covers = reach.covers(court_id=sheet.court_id, department_id=sheet.department_id)
    return covers and by.pk not in (sheet.person_id, sheet.commented_by_id)


def hindrance(sheet: Sheet, year: Year, at: datetime) -> Invalid | None:
    """Why a sheet about ``year`` cannot be signed yet: objections may come, or are unanswered."""
    courts = {court.pk: court for court in reading.courts_of(sheet)}
    if at < max(closes_at(court, sheet.months[-1]) for court in courts.values()):
        return Invalid(_("The last month of the year can still be objected to."), code="too_early")
    if at < _made_late_until(sheet, year, courts, at):
        text = _("An item that a rejection made late can still be objected to.")
        return Invalid(text, code="too_early")
    if reading.objections_to(sheet).waiting().exists():
        return Invalid(_("An objection to its figures waits for an answer."), code="objections")
    return None


def _made_late_until(
    sheet: Sheet, year: Year, courts: Mapping[int, Court], at: datetime
) -> datetime:
    """Until when items can be objected to that rejections made late, if after their months."""
    late = [
        (found.month, item)
        for found in year.months
        for item in found.items
        if item.result is Result.LATE
    ]
    rejections = Rejections(item.request_id for _month, item in late)
    made_late = [
        (month, courts.get(item.unit.court_id, sheet.court), late_at)
        for month, item in late
        if (late_at := rejections.made_late_at(item.request_id, item.indicator, item.limit_at))
    ]
    windows = {(court, month): Window.of(court, month) for month, court, _late_at in made_late}
    ends = (windows[court, month].closes_at(late_at) for month, court, late_at in made_late)
    return max(ends, default=at)


@transaction.atomic
def sign(*, sheet_id: int, by: Person, at: datetime | None = None) -> Sheet:
    """Sign a commented sheet: its figures, with the items behind them, are frozen.

    For the president of the court (``NotAllowed``). ``Invalid`` while its figures can be objected
    to or an objection waits, ``WrongState`` without a comment.
    """
    sheet = lock(sheet_id)
    at = at or timezone.now()
    if not may_sign(sheet, by, at):
        raise NotAllowed
    if sheet.state == SheetState.SIGNED and sheet.signed_by_id == by.pk:
        return sheet
    if not can_proceed(sheet.sign):
        raise WrongState
    year = reading.of_sheet(sheet, at=at)
    hindered = hindrance(sheet, year, at)
    if hindered is not None:
        raise hindered
    sheet.frozen = as_text(document(year))
    sheet.sign()
    sheet.signed_by, sheet.signed_at = by, at
    sheet.save()
    return sheet
