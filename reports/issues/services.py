"""The verbs of hot, difficult and key issues (G12, B9)."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courts import commands
from courts.errors import Invalid, Refused
from courts.models import Court, Jurisdiction, Person
from courts.roles import require
from liaison.models import Request
from liaison.services import written
from reports.briefing.lifecycle import BriefingState
from reports.briefing.services import take_figures
from reports.follow_up.verbs import heading, made_before, record, take
from reports.issues import finding
from reports.issues.finding import Found
from reports.models import Briefing, Issue, IssueMember, IssueSearch
from reports.months import Month
from reports.referrals import services as referrals


def propose_all(at: datetime | None = None) -> int:
    """Propose the issues of the last month of every jurisdiction; returns how many are new."""
    at = at or timezone.now()
    return sum(
        propose(jurisdiction_id=one.pk, month=Month.of(at, one.zone).plus(-1), at=at)
        for one in Jurisdiction.objects.filter(leading_court__isnull=False).order_by("pk")
    )


@transaction.atomic
def propose(*, jurisdiction_id: int, month: Month, at: datetime | None = None) -> int:
    """Look for the hot and difficult issues of a month that has ended; how many are proposed.

    A month is searched once: asked again, or by two at once, nothing more is proposed. Raises
    ``Invalid`` for a month that has not ended at ``at``.
    """
    at = at or timezone.now()
    # Another search of this jurisdiction waits; requests go on being registered.
    jurisdiction = Jurisdiction.objects.select_for_update(no_key=True).get(pk=jurisdiction_id)
    court = referrals.leading_court(jurisdiction)
    if month.bounds(jurisdiction.zone)[1] > at:
        raise Invalid(_("This month has not ended yet."), code="month_open", field="month")
    searches = IssueSearch.objects.filter(jurisdiction=jurisdiction, month=month.first_day)
    if searches.exists():
        return 0
    found = finding.find(jurisdiction, month, at=at)
    for one in found:
        record(_write(court, month, one, by=None, at=at), "proposed_issue", at=at, by=None)
    IssueSearch.objects.create(
        jurisdiction=jurisdiction, month=month.first_day, found=len(found), at=at
    )
    return len(found)


def _write(court: Court, month: Month, found: Found, *, by: Person | None, at: datetime) -> Issue:
    issue = Issue.objects.create(
        court=court,
        department=None,
        month=month.first_day,
        sort=found.sort,
        key=found.key,
        title=found.name,
        name=found.name,
        text=found.wording,
        requests=len(found.request_ids),
        parties=found.parties,
        courts=found.courts,
        before=found.before,
        raised_by=by,
        raised_at=at,
    )
    _members(issue, found.request_ids)
    return issue


def _members(issue: Issue, request_ids: Sequence[int]) -> None:
    IssueMember.objects.bulk_create(
        IssueMember(issue=issue, request_id=pk, place=place)
        for place, pk in enumerate(request_ids, start=1)
    )


@transaction.atomic
def mark_key(
    *,
    request: Request,
    title: str,
    text: str,
    by: Person,
    command_id: uuid.UUID | None = None,
    at: datetime | None = None,
) -> Issue:
    """Mark a request as a key issue of this month (an emergency, say), with the reason.

    Matters of conduct are referred instead, where they are sealed. Raises ``Invalid`` for a request
    that is a key issue of the month already.
    """
    at = at or timezone.now()
    jurisdiction = request.jurisdiction
    court = referrals.leading_court(jurisdiction)
    require(by, "issues.judge", court_id=court.pk, department_id=None, at=at)
    before = made_before(Issue, command_id, "issue.mark_key", by.pk, request.pk, title, text)
    if before:
        return before
    key = Found(
        Issue.Sort.KEY, request.number, heading(title), written(text), [request.pk], 1, 1
    )  # fmt: skip
    try:
        with transaction.atomic():
            issue = _write(court, Month.of(at, jurisdiction.zone), key, by=by, at=at)
    except IntegrityError:
        raise Invalid(_("It is a key issue of this month already."), field="request") from None
    commands.applied(command_id, issue.pk)
    record(issue, "marked_key", at=at, by=by)
    return issue


@transaction.atomic
def rename(*, issue_id: int, title: str, by: Person, at: datetime | None = None) -> Issue:
    """Give an issue another name; the name that was proposed is kept beside it."""
    issue, at = take(Issue, issue_id, "rename", by=by, at=at)
    name = heading(title)
    if name == issue.name:
        return issue
    issue.rename()
    issue.name = name
    issue.save()
    record(issue, "renamed", at=at, by=by, text=name)
    return issue


@transaction.atomic
def take_in(*, issue_id: int, by: Person, at: datetime | None = None) -> Issue:
    """Take an issue into the briefing of its month; a draft that there is takes it in now.

    Raises ``Refused`` once that briefing is in review or published: what follows is referred. And
    while the issue bears the name that was proposed, which is a party's own subject: no rule can
    take the names out of that.
    """
    issue, at = take(Issue, issue_id, "take_in", by=by, at=at)
    # A briefing that is being drafted has either read this one, or waits for it.
    Jurisdiction.objects.select_for_update(no_key=True).get(courts=issue.court_id)
    if issue.sort != Issue.Sort.KEY and issue.name == issue.title:
        raise Refused(
            _("Rename it first: the proposed name is what a party wrote, and may name people.")
        )
    briefings = Briefing.objects.filter(jurisdiction=issue.court.jurisdiction_id, month=issue.month)
    # Whoever sends it to review meanwhile waits, or has done so.
    found = list(briefings.select_for_update(of=("self",)))
    if any(one.state != BriefingState.DRAFT for one in found):
        raise Refused(
            _("The briefing of this month is in review or published. Refer the issue instead.")
        )
    issue.take_in()
    issue.taken_in_at = at
    issue.save()
    record(issue, "taken_in", at=at, by=by)
    for briefing in found:
        take_figures(briefing_id=briefing.pk, by=by, at=at)
    return issue


@transaction.atomic
def refer(
    *, issue_id: int, category: str, text: str, by: Person, at: datetime | None = None
) -> Issue:
    """Refer an issue: the office that the policy names for the class answers within its limit.

    The limit begins when the lot of the month is sent. Raises ``Invalid`` for a class of conduct,
    and for one of which no office takes this kind of issue.
    """
    issue, at = take(Issue, issue_id, "refer", by=by, at=at)
    jurisdiction = issue.court.jurisdiction
    assert jurisdiction is not None
    offices = referrals.offices_of(issue.court, at)
    if offices.is_conduct(category):
        raise Invalid(_("Conduct is referred by itself, sealed."), field="category")
    if offices.office_for(category, issue.sort) is None:
        raise Invalid(_("No office takes this kind of issue of this class."), field="category")
    typical = Request.objects.get(number=issue.key)
    item = referrals.refer(
        jurisdiction=jurisdiction,
        category=category,
        issue=issue.sort,
        title=issue.name,
        text=text,
        evidence=referrals.Evidence(request=typical),
        by=by,
        at=at,
    )
    issue.refer()
    issue.referral = item
    issue.save()
    record(issue, "referred", at=at, by=by, text=written(text))
    return issue


@transaction.atomic
def dismiss(*, issue_id: int, text: str, by: Person, at: datetime | None = None) -> Issue:
    """Find that it is no issue, with the reason."""
    return _moved(issue_id, "dismiss", "dismissed_issue", text, by, at)


@transaction.atomic
def reopen(*, issue_id: int, text: str, by: Person, at: datetime | None = None) -> Issue:
    """Propose a dismissed issue again, with the reason."""
    return _moved(issue_id, "reopen", "proposed_again", text, by, at)


def _moved(
    issue_id: int, move: str, code: str, text: str, by: Person, at: datetime | None
) -> Issue:
    issue, at = take(Issue, issue_id, move, by=by, at=at)
    getattr(issue, move)()
    issue.save()
    record(issue, code, at=at, by=by, text=written(text))
    return issue
