"""The briefing of last month in the city of today, with its issues: judged, written, published."""

from __future__ import annotations

from datetime import datetime

from reports.briefing import services
from reports.demonstration.city import City
from reports.demonstration.days import REACH, Days
from reports.issues import services as issues
from reports.models import Issue
from reports.months import Month


def play_briefing(city: City, days: Days) -> None:
    """Draft it on the first opening of a month, send it to review, and publish it the day after.

    What lies after ``days.now`` has not happened: early in a month it is still in review.
    """
    jurisdiction = city.jurisdiction
    month_of = [Month.of(days.at(back, "09:10"), jurisdiction.zone) for back in range(REACH)]
    first = next(
        back
        for back in range(REACH - 1)
        if month_of[back] != month_of[back + 1] and days.at(back, "10:30") <= days.now
    )

    month = month_of[first].plus(-1)
    issues.propose(jurisdiction_id=jurisdiction.pk, month=month, at=days.at(first, "09:05"))
    briefing = services.draft(
        jurisdiction_id=jurisdiction.pk, month=month, by=None, at=days.at(first, "09:10")
    )
    _judge_issues(city, month, days.at(first, "10:05"))
    services.submit(briefing_id=briefing.pk, by=city.chamber, at=days.at(first, "10:30"))
    published_at = days.at(max(first - 1, 0), "15:20")
    if not days.at(first, "10:30") < published_at <= days.now:
        return
    chief = city.president(city.leading)
    services.publish(briefing_id=briefing.pk, by=chief, at=published_at)
    read_at = days.at(max(first - 2, 0), "11:00")
    if not published_at < read_at <= days.now:
        return
    for slug in ("xiling", "nanping"):
        services.acknowledge(briefing_id=briefing.pk, by=city.president(slug), at=read_at)


def _judge_issues(city: City, month: Month, at: datetime) -> None:
    """The chamber takes the hottest issue in and dismisses the last; the others wait."""
    hot = list(Issue.objects.filter(month=month.first_day, sort=Issue.Sort.HOT).order_by("pk"))
    if hot:
        issues.rename(issue_id=hot[0].pk, title="联系不上承办法官", by=city.chamber, at=at)
        issues.take_in(issue_id=hot[0].pk, by=city.chamber, at=at)
    if len(hot) > 2:
        issues.dismiss(
            issue_id=hot[-1].pk, text="多为咨询流程，已在网站首页说明。", by=city.chamber, at=at
        )
