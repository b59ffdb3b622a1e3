"""Dates in the words of a language, always with their weekday; pure.

``zone`` is the jurisdiction's; an aware instant is turned to its local date first, a date is
taken as it stands. ``language`` is a language code: every ``zh*`` reads Chinese, the rest English.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta, tzinfo

_WEEKDAYS_ZH = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
_WEEKDAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS_EN = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def local_date(value: date, zone: tzinfo) -> date:
    """The local date of an instant; a plain date is its own. ``ValueError`` if naive."""
    if isinstance(value, datetime):
        return _local(value, zone).date()
    return value


def last_day(end: datetime, zone: tzinfo) -> date:
    """The last local day before an exclusive ``end``: a limit ending at 24:00 names its own day."""
    return (_local(end, zone) - timedelta(microseconds=1)).date()


def weekday(value: date, language: str, zone: tzinfo) -> str:
    """``周三``, ``Wed``."""
    on = local_date(value, zone)
    return (_WEEKDAYS_ZH if _is_chinese(language) else _WEEKDAYS_EN)[on.weekday()]


def day(value: date, language: str, zone: tzinfo) -> str:
    """``5月27日 周三``, ``Wed 27 May``."""
    on = local_date(value, zone)
    if _is_chinese(language):
        return f"{on.month}月{on.day}日 {_WEEKDAYS_ZH[on.weekday()]}"
    return f"{_WEEKDAYS_EN[on.weekday()]} {on.day} {_MONTHS_EN[on.month - 1][:3]}"


def day_long(value: date, language: str, zone: tzinfo) -> str:
    """``2026年5月27日 周三``, ``Wed 27 May 2026``."""
    on = local_date(value, zone)
    if _is_chinese(language):
        return f"{on.year}年{day(on, language, zone)}"
    return f"{day(on, language, zone)} {on.year}"


def day_spoken(value: date, language: str, zone: tzinfo) -> str:
    """For sentences: ``6月10日（周三）``, ``Wed 10 June``."""
    on = local_date(value, zone)
    if _is_chinese(language):
        return f"{on.month}月{on.day}日（{_WEEKDAYS_ZH[on.weekday()]}）"
    return f"{_WEEKDAYS_EN[on.weekday()]} {on.day} {_MONTHS_EN[on.month - 1]}"


def moment(value: datetime, language: str, zone: tzinfo) -> str:
    """``5月27日 周三 09:00``, ``Wed 27 May 09:00``."""
    return f"{day(value, language, zone)} {_local(value, zone):%H:%M}"


def moment_long(value: datetime, language: str, zone: tzinfo) -> str:
    """``2026年5月27日 周三 09:00``, ``Wed 27 May 2026 09:00``."""
    return f"{day_long(value, language, zone)} {_local(value, zone):%H:%M}"


def month(value: date, language: str, zone: tzinfo) -> str:
    """``2026年5月``, ``May 2026``."""
    on = local_date(value, zone)
    if _is_chinese(language):
        return f"{on.year}年{on.month}月"
    return f"{_MONTHS_EN[on.month - 1]} {on.year}"


def day_signed(value: date, language: str, zone: tzinfo) -> str:
    """``2026年5月27日``, ``27 May 2026``: under a document, without its weekday."""
    on = local_date(value, zone)
    if _is_chinese(language):
        return f"{on.year}年{on.month}月{on.day}日"
    return f"{on.day} {_MONTHS_EN[on.month - 1]} {on.year}"


def day_short(value: date, language: str, zone: tzinfo) -> str:
    """``5月27日``, ``27 May``: for a column of a table that says what it counts."""
    on = local_date(value, zone)
    if _is_chinese(language):
        return f"{on.month}月{on.day}日"
    return f"{on.day} {_MONTHS_EN[on.month - 1][:3]}"


def month_short(value: date, language: str, zone: tzinfo) -> str:
    """``5月``, ``May``: for the axis of a chart, which is headed by its year."""
    on = local_date(value, zone)
    return f"{on.month}月" if _is_chinese(language) else _MONTHS_EN[on.month - 1][:3]


def _local(value: datetime, zone: tzinfo) -> datetime:
    if value.tzinfo is None:
        raise ValueError("an instant without a time zone has no local date")
    return value.astimezone(zone)


def _is_chinese(language: str) -> bool:
    return language.lower().startswith("zh")
