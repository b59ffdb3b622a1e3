"""Dates in both languages, always with their weekday and in local time."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.template import Context, Template
from django.utils import translation

from courts import date_words

SHANGHAI = ZoneInfo("Asia/Shanghai")
# 01:30 on 27 May in Shanghai is still 26 May in London.
INSTANT = datetime(2026, 5, 26, 17, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("words", "chinese", "english"),
    [
        (date_words.day, "5月27日 周三", "Wed 27 May"),
        (date_words.day_long, "2026年5月27日 周三", "Wed 27 May 2026"),
        (date_words.day_spoken, "5月27日（周三）", "Wed 27 May"),
        (date_words.moment, "5月27日 周三 01:30", "Wed 27 May 01:30"),
        (date_words.moment_long, "2026年5月27日 周三 01:30", "Wed 27 May 2026 01:30"),
        (date_words.day_signed, "2026年5月27日", "27 May 2026"),
        (date_words.month, "2026年5月", "May 2026"),
    ],
)
def test_an_instant_reads_in_local_time(words, chinese, english):
    assert words(INSTANT, "zh-hans", SHANGHAI) == chinese
    assert words(INSTANT, "en", SHANGHAI) == english


def test_every_weekday_has_its_word():
    week = [date(2026, 6, day) for day in range(1, 8)]
    assert [date_words.day(on, "en", SHANGHAI)[:3] for on in week] == [f"{on:%a}" for on in week]
    assert "".join(date_words.day(on, "zh", SHANGHAI)[-1] for on in week) == "一二三四五六日"


def test_a_limit_at_midnight_names_the_day_it_closes():
    midnight = datetime(2026, 5, 28, 0, 0, tzinfo=SHANGHAI)
    assert date_words.last_day(midnight, SHANGHAI) == date(2026, 5, 27)
    assert date_words.last_day(INSTANT, SHANGHAI) == date(2026, 5, 27)


def test_an_instant_without_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        date_words.day(datetime(2026, 5, 27), "en", SHANGHAI)  # noqa: DTZ001 the point


@pytest.mark.parametrize(
    ("language", "shown"),
    [("zh-hans", "5月27日 周三|5月27日 周三 01:30|"), ("en", "Wed 27 May|Wed 27 May 01:30|")],
)
def test_the_filters_follow_the_language_and_show_nothing_for_nothing(language, shown):
    page = Template("{% load ui %}{{ at|day }}|{{ at|moment }}|{{ none|day }}")
    with translation.override(language):
        assert page.render(Context({"at": INSTANT, "none": None})) == shown
