"""What came of earlier referrals, for the next briefing (G12, B10: feedback of supervision)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q

from courts.models import Department, Jurisdiction
from reports.models import ReferralItem, ReferralLot
from reports.months import Month
from reports.referrals.lifecycle import ItemState, LotState


@dataclass(frozen=True)
class FeedbackLine:
    """What an office made of one item; of matters of conduct only how many there were.

    ``category`` and ``issue`` are codes (``reports.follow_up.words.class_name``). A line with
    ``sealed`` counts items of conduct, and is otherwise empty.
    """

    office: Department
    month: date
    category: str = ""
    issue: str = ""
    title: str = ""
    answer: str = ""
    accepted_at: datetime | None = None
    sealed: int = 0


@dataclass(frozen=True)
class Feedback:
    """What a briefing of a month says of earlier referrals.

    ``lines`` are the answers accepted in the month; ``nil`` the offices to which nothing was
    referred in it; ``open_lots`` how many lots sent by its end were still to be answered then.
    """

    lines: tuple[FeedbackLine, ...]
    nil: tuple[Department, ...]
    open_lots: int


def feedback_lines(jurisdiction: Jurisdiction, month: Month) -> list[FeedbackLine]:
    """The answers to referrals that were accepted in a local month, in the order of acceptance.

    Five statements at most. Nobody's conduct is told: such items are counted by office and month.
    """
    start, end = month.bounds(jurisdiction.zone)
    items = ReferralItem.objects.filter(
        court=jurisdiction.leading_court_id,
        state=ItemState.ACCEPTED,
        judged_at__gte=start,
        judged_at__lt=end,
    )
    told = items.filter(is_conduct=False).select_related("department").order_by("judged_at", "pk")
    lines = [
        FeedbackLine(
            office=item.department,
            month=item.month,
            category=item.category,
            issue=item.issue,
            title=item.title,
            answer=item.answer,
            accepted_at=item.judged_at,
        )
        for item in told
        if item.department is not None
    ]
    sealed = items.filter(is_conduct=True).values("department", "month")
    counted = list(sealed.annotate(number=Count("pk")).order_by("department", "month"))
    offices = Department.objects.in_bulk([row["department"] for row in counted])
    return lines + [
        FeedbackLine(offices[row["department"]], row["month"], sealed=row["number"])
        for row in counted
    ]


def feedback(jurisdiction: Jurisdiction, month: Month) -> Feedback:
    """The same with the nil lots of the month and the lots still open at its end."""
    _start, end = month.bounds(jurisdiction.zone)
    lots = ReferralLot.objects.filter(court=jurisdiction.leading_court_id)
    nil = lots.filter(state=LotState.NIL, month=month.first_day)
    nil = nil.select_related("department").order_by("department")
    late = Q(answered_at__isnull=True) | Q(answered_at__gte=end)
    return Feedback(
        lines=tuple(feedback_lines(jurisdiction, month)),
        nil=tuple(lot.department for lot in nil if lot.department is not None),
        open_lots=lots.filter(late, sent_at__lt=end).count(),
    )
