"""The geometry of the ladder bar, on the awkward rows of the calendar."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from django.template import Context, Template
from django.utils import translation

from escalation.ladder_bar import FIGURES, Day, Ladder, Rung, draw

SHANGHAI = ZoneInfo("Asia/Shanghai")
STEPS = ((3, "leader"), (5, "deputy"), (7, "president"), (8, "superior"))
NATIONAL_DAY = {date(2026, 10, day): "National Day" for day in range(1, 8)}
WORKED_SATURDAY = date(2026, 10, 10)


def days_from(start: date, how_many: int) -> list[Day]:
    days, number = [], 0
    for offset in range(how_many):
        on = start + timedelta(days=offset)
        name = NATIONAL_DAY.get(on, "")
        worked = on == WORKED_SATURDAY or (on.weekday() < 5 and not name)
        number += worked and offset > 0
        kind = "make_up" if on == WORKED_SATURDAY else "business" if worked else "weekend"
        days.append(
            Day(on, number if worked and offset else None, "holiday" if name else kind, name)
        )
    return days


def ladder(start: date, today: date, *, span: int = 40, stopped_at: datetime | None = None):
    days = days_from(start, span)
    opening = {
        day.number: datetime.combine(day.on, time(9), SHANGHAI) for day in days if day.number
    }
    now = stopped_at or datetime.combine(today, time(12), SHANGHAI)
    rungs = [
        Rung(
            key=icon,
            label=icon.title(),
            icon=icon,
            passed=after,
            due_at=opening[after + 1],
            fired_at=opening[after + 1] if opening[after + 1] <= now else None,
        )
        for after, icon in STEPS
    ]
    limit_on = next(day.on for day in days if day.number == 3)
    return Ladder(days, rungs, today, SHANGHAI, limit_on=limit_on, stopped_at=stopped_at)


FRIDAY = date(2026, 5, 22)
BEFORE_NATIONAL_DAY = date(2026, 9, 30)


@pytest.mark.parametrize("size", ["row", "detail", "print"])
@pytest.mark.parametrize("start", [FRIDAY, BEFORE_NATIONAL_DAY])
@pytest.mark.parametrize("passed", [0, 3, 12, 30])
def test_nothing_overlaps_and_nothing_leaves_the_frame(size, start, passed):
    bar = draw(ladder(start, start + timedelta(days=passed)), size)
    pieces = sorted([(c.x, c.x + c.width) for c in bar.cells] + [(g.x, g.x_end) for g in bar.gaps])
    assert all(left[1] <= right[0] + 0.11 for left, right in pairwise(pieces))
    assert pieces[0][0] >= 0
    assert pieces[-1][1] <= bar.width
    drawn = [mark for mark in bar.marks if mark.drawn]
    assert all(mark.figure_y >= 0 for mark in drawn)
    assert all(mark.figure_x + 16 * mark.scale <= bar.width + 1 for mark in drawn)


def test_the_line_runs_from_day_0_to_business_day_9():
    bar = draw(ladder(FRIDAY, FRIDAY), "row")
    assert bar.cells[0].zero
    assert [cell.day.number for cell in bar.cells[1:]] == list(range(1, 10))
    assert len({cell.width for cell in bar.cells}) == 1


def test_days_off_are_thin_gaps_that_know_the_holiday():
    bar = draw(ladder(BEFORE_NATIONAL_DAY, BEFORE_NATIONAL_DAY), "detail")
    holiday = bar.gaps[0]
    assert (holiday.first, holiday.last) == (date(2026, 10, 1), date(2026, 10, 7))
    assert holiday.names == ("National Day",)
    assert holiday.width < bar.cells[0].width / 3
    made_up = [cell.day.number for cell in bar.cells if cell.day.kind == "make_up"]
    assert made_up == [3]


def test_a_rung_stands_at_the_opening_of_the_day_it_fires():
    bar = draw(ladder(FRIDAY, FRIDAY), "detail")
    left_edge = {cell.day.number: cell.x for cell in bar.cells}
    assert [mark.x for mark in bar.marks] == [left_edge[n] for n in (4, 6, 8, 9)]
    assert all(mark.drawn for mark in bar.marks)


@pytest.mark.parametrize(
    ("today", "tone", "number", "over", "states"),
    [
        (FRIDAY, "running", 0, 0, ["next", "ahead", "ahead", "ahead"]),
        (date(2026, 5, 26), "running", 2, 0, ["next", "ahead", "ahead", "ahead"]),
        (date(2026, 5, 27), "due", 3, 0, ["next", "ahead", "ahead", "ahead"]),
        (date(2026, 5, 28), "late", 4, 1, ["fired", "next", "ahead", "ahead"]),
        (date(2026, 5, 31), "late", 5, 2, ["fired", "next", "ahead", "ahead"]),
        (date(2026, 6, 4), "late", 9, 6, ["fired", "fired", "fired", "fired"]),
    ],
)
def test_where_the_clock_stands(today, tone, number, over, states):
    bar = draw(ladder(FRIDAY, today), "row")
    assert (bar.tone, bar.business_day, bar.over_days) == (tone, number, over)
    assert [mark.state for mark in bar.marks] == states
    assert bar.limit_days == 3


def test_an_answer_ends_the_line_with_a_check_and_spares_the_rest():
    answered = datetime(2026, 5, 28, 15, tzinfo=SHANGHAI)
    bar = draw(ladder(FRIDAY, date(2026, 7, 20), stopped_at=answered), "detail")
    fourth = next(cell for cell in bar.cells if cell.day.number == 4)
    assert bar.tone == "done"
    assert bar.end_x == pytest.approx(fourth.x + fourth.width, abs=0.11)
    assert bar.today_x is None
    assert bar.folded == 0
    assert [mark.state for mark in bar.marks] == ["fired", "spared", "spared", "spared"]
    assert [cell.tone for cell in bar.cells[:6]] == [
        "day-zero",
        "done",
        "done",
        "done",
        "late",
        "unused",
    ]


def test_a_very_late_clock_is_folded_not_squeezed():
    bar = draw(ladder(FRIDAY, FRIDAY + timedelta(days=35)), "row")
    assert bar.business_day == 25
    assert bar.folded == 25 - bar.cells[-1].day.number
    assert bar.today_x is None
    assert bar.cells[-1].x + bar.cells[-1].width <= bar.folded_x


def test_every_office_has_a_figure_of_its_own():
    assert len(set(FIGURES.values())) == len(FIGURES)
    assert {icon for _, icon in STEPS} <= set(FIGURES)


def test_a_warning_reminds_and_does_not_rise():
    bar = ladder(FRIDAY, date(2026, 5, 26))
    warning = replace(bar.rungs[0], spoken="the handler and the liaison officer", offices=2)
    page = Template("{% load ladder %}{% ladder_bar ladder 'row' %}{% ladder_sentence ladder %}")
    warned = replace(bar, rungs=[replace(warning, is_warning=True), *bar.rungs[1:]])
    with translation.override("en"):
        html = " ".join(page.render(Context({"ladder": warned})).split())
    assert "Reminds the handler and the liaison officer Thu 28 May" in html
    assert "Rises" not in html
    assert "the handler and the liaison officer are told on" in html


def test_no_days_is_an_error():
    with pytest.raises(ValueError, match="day 0"):
        draw(Ladder([], [], FRIDAY, SHANGHAI), "row")


def test_the_drawing_says_the_same_in_words_and_has_no_inline_style():
    page = Template(
        "{% load ladder %}{% ladder_bar ladder 'detail' %}{% ladder_bar ladder 'row' %}"
    )
    with translation.override("en"):
        html = page.render(Context({"ladder": ladder(FRIDAY, date(2026, 5, 27))}))
    html = " ".join(html.split())
    assert "Business day 3 of 3, until Wed 27 May." in html
    assert "Rises to Leader Thu 28 May 09:00" in html
    assert "style=" not in html
    titles = [part.split('"')[0] for part in html.split('aria-labelledby="')[1:]]
    assert len(set(titles)) == 2
    assert all(f'<title id="{title}">' in html for title in titles)


@pytest.mark.parametrize(
    ("today", "shown", "words"),
    [
        (
            date(2026, 5, 26),
            "full",
            "The court has until Wed 27 May. If no one answers, Leader is told on Thu 28 May.",
        ),
        (date(2026, 5, 26), "limit_only", "The court has until Wed 27 May."),
        (
            date(2026, 5, 28),
            "full",
            "The court should have answered by Wed 27 May. Leader was told on Thu 28 May. "
            "If no one answers, Deputy is told on Mon 1 June.",
        ),
    ],
)
def test_a_party_reads_it_as_a_sentence(today, shown, words):
    page = Template("{% load ladder %}{% ladder_sentence ladder shown %}")
    with translation.override("en"):
        html = page.render(Context({"ladder": ladder(FRIDAY, today), "shown": shown}))
    assert " ".join(html.split()) == f'<p class="ladder-sentence"> {words} </p>'
