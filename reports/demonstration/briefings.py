"""The briefing of last month in the city of today, written and published as people would."""

from __future__ import annotations

from reports.briefing import services
from reports.demonstration.city import City
from reports.demonstration.days import REACH, Days
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

    briefing = services.draft(
        jurisdiction_id=jurisdiction.pk,
        month=month_of[first].plus(-1),
        by=None,
        at=days.at(first, "09:10"),
    )
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
