"""What a day off is called in the reader's language.

The public schedule names its holidays in Chinese, as the State Council does; a closure bears the
name that the court gave it, and keeps it in every language.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta, tzinfo
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from courts import date_words
from courts.business_days import BusinessCalendar, Day, DayKind

HOLIDAYS: Mapping[str, Any] = {
    "元旦": _("New Year’s Day"),
    "农历除夕": _("Lunar New Year’s Eve"),
    "春节": _("Spring Festival"),
    "春节延长假期": _("prolonged Spring Festival holiday"),
    "清明节": _("Tomb-Sweeping Day"),
    "劳动节": _("Labour Day"),
    "端午节": _("Dragon Boat Festival"),
    "中秋节": _("Mid-Autumn Festival"),
    "国庆节": _("National Day"),
    "中国人民抗日战争暨世界反法西斯战争胜利70周年纪念日": _("70th Victory Day"),
}
_OBSERVED = "（补假）"
# Two holidays on one day: as the installed schedule and as the notices write it.
_AND = re.compile(r"; |、")
# A day off in exchange for a weekend day worked: the schedule names the day worked.
_EXCHANGE = re.compile(r"由 (\d{4}-\d{2}-\d{2}) 调休")
# How far apart the schedule has ever set a day off and the day worked for it.
_FARTHEST_EXCHANGE = 40


def exchanged(day: Day) -> date | None:
    """For a day off in exchange: the weekend day that is worked for it."""
    found = _EXCHANGE.search(day.name) if day.kind is DayKind.HOLIDAY else None
    return date.fromisoformat(found[1]) if found else None


def worked_for(calendar: BusinessCalendar, day: Day) -> date | None:
    """For a make-up working day: the day off that it is worked for, if the schedule says so."""
    if day.kind is not DayKind.MAKE_UP:
        return None
    for distance in range(-_FARTHEST_EXCHANGE, _FARTHEST_EXCHANGE + 1):
        near = day.date + timedelta(days=distance)
        if calendar.first <= near <= calendar.last:
            other = calendar.describe(near)
            if exchanged(other) == day.date:
                return other.date
    return None


def holidays_of(day: Day) -> list[str]:
    """The public holidays that make a day one off, none of a day off in exchange.

    Of a make-up day, those that it is worked for, if an imported schedule names them.
    """
    if day.kind not in (DayKind.HOLIDAY, DayKind.MAKE_UP) or exchanged(day) or not day.name:
        return []
    names = (name.removesuffix(_OBSERVED) for name in _AND.split(day.name))
    return [str(HOLIDAYS.get(name, name)) for name in names]


def name_of(day: Day, zone: tzinfo) -> str:
    """The name of a holiday or closure, or for which day it is off in exchange; '' for none."""
    worked = exchanged(day)
    if worked is not None:
        words = date_words.day(worked, get_language() or "en", zone)
        return str(_("day off, worked on %(day)s")) % {"day": words}
    if day.kind not in (DayKind.HOLIDAY, DayKind.MAKE_UP):
        return day.name
    name = str(_(", ")).join(holidays_of(day))
    if _OBSERVED in day.name:
        return str(_("%(holiday)s (observed)")) % {"holiday": name}
    return name
