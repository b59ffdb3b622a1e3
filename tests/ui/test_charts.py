"""Charts: every value has its place, and the words stand beside the colours."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from django.template import Context, Template
from django.utils import translation

from courts import charts
from courts.charts import Amount, Series

MONTHS = ["Nov", "Dec", "Jan", "Feb"]


def shown(source: str, **context: object) -> str:
    with translation.override("en"):
        return Template("{% load charts %}" + source).render(Context(context))


def words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).strip()


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0.81, 1, [0.8, 0.85, 0.9, 0.95, 1]),
        (7, 81, [0, 20, 40, 60, 80, 100]),
        (0, 100, [0, 20, 40, 60, 80, 100]),
        (3, 3, [3, 4]),
        (0, 0, [0, 0.2]),
        (-5, 5, [-6, -4, -2, 0, 2, 4, 6]),
    ],
)
def test_an_axis_has_round_values_around_all_of_its_own(low, high, expected):
    assert charts.ticks(low, high) == expected


def test_lines_are_drawn_where_their_values_are():
    chart = charts.line_chart([Series("A", [0, 50, 100, 50])], MONTHS, show="{:g}".format)
    (line,) = chart.lines
    assert [point.x for point in line.points] == [0, 33.33, 66.67, 100]
    tops = [point.y for point in line.points]
    assert tops[0] > tops[1] > tops[2] < tops[3] == tops[1]
    by_text = {tick.text: tick.y for tick in chart.ticks}
    assert (tops[0], tops[2]) == (by_text["0"], by_text["100"])
    assert len(line.segments) == 3
    assert line.last.text == "50"
    assert line.lowest.label == "Nov"


def test_a_missing_value_leaves_a_gap_and_is_no_zero():
    chart = charts.line_chart([Series("A", [1, None, 3, 4])], MONTHS)
    (line,) = chart.lines
    assert [(one.start.label, one.end.label) for one in line.segments] == [("Jan", "Feb")]
    assert [point.label for point in line.points] == ["Nov", "Jan", "Feb"]
    assert [texts for _label, texts in chart.rows] == [["1"], [""], ["3"], ["4"]]


def test_the_target_lies_on_the_axis_even_beyond_all_values():
    chart = charts.line_chart([Series("A", [0.5, 0.6, 0.5, 0.6])], MONTHS, target=1)
    assert chart.target_y == chart.ticks[-1].y
    assert chart.target_y < min(point.y for point in chart.lines[0].points)


def test_a_chart_without_figures_says_so():
    chart = charts.line_chart([Series("A", [None] * 4)], MONTHS, target=1)
    assert chart.is_empty
    assert chart.lines[0].last is None
    html = shown("{% line_chart 'T' series months target=1 %}", series=[Series("A", [None] * 4)],
                 months=MONTHS)  # fmt: skip
    assert "A: no figures." in words(html)
    assert "No figures yet" in words(html)


def test_lines_are_told_apart_by_their_signs_and_no_more_than_there_are():
    series = [Series(name, [1, 2, 3, 4]) for name in "ABCD"]
    marks = [line.mark for line in charts.line_chart(series, MONTHS).lines]
    assert len(set(marks)) == 4
    with pytest.raises(ValueError, match="apart"):
        charts.line_chart([*series, Series("E", [1, 2, 3, 4])], MONTHS)
    with pytest.raises(ValueError, match="each label"):
        charts.line_chart([Series("A", [1])], MONTHS)


def test_words_at_the_ends_do_not_lie_on_each_other():
    series = [
        Series(name, [1, 2, 3, value]) for name, value in zip("ABC", (9, 9, 8.9), strict=True)
    ]
    places = sorted(line.label_y for line in charts.line_chart(series, MONTHS).lines)
    assert all(lower - upper >= 30 for upper, lower in pairwise(places))


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ([10, 100], [10, 100]),
        ([50, 52], [50, 70]),
        ([100, 98], [100, 80]),
        ([0, 0, 0], [0, 20, 40]),
        ([95, 100, 90], [80, 100, 60]),
    ],
)
def test_words_are_moved_no_farther_than_they_must(wanted, expected):
    assert charts.spread(wanted, least=20, low=0, high=100) == expected


def test_the_last_label_is_kept_where_it_is_narrow():
    labels = charts.line_chart([Series("A", [1] * 12)], [str(n) for n in range(12)]).labels
    assert [label.text for label in labels if not label.minor] == ["2", "5", "8", "11"]


def test_a_line_chart_reads_without_seeing_it():
    html = shown(
        "{% line_chart 'Rates' series months target=1 unit='share' axis='Month' %}",
        series=[Series("Completion", [0.9, 0.88, None, 0.962])],
        months=MONTHS,
    )
    assert "Completion: 96.2% in Feb; lowest 88.0% in Dec." in words(html)
    assert "Target: 100%." in words(html)
    table = words(html[html.index("<table") :])
    assert table == "Month Completion Nov 90.0% Dec 88.0% Jan – Feb 96.2%"
    drawing = html[html.index('class="chart-drawing"') : html.index("<details")]
    assert 'aria-hidden="true"' in drawing
    assert "style=" not in html


def test_bars_are_measured_against_the_longest_and_never_vanish():
    bars = charts.bar_chart([Amount("a", 400), Amount("b", 100), Amount("c", 1), Amount("d", 0)])
    assert [(bar.width, bar.text) for bar in bars] == [
        (100, "400"), (25, "100"), (1, "1"), (0, "–"),
    ]  # fmt: skip
    assert charts.bar_chart([]) == []
    assert charts.bar_chart([Amount("a", 0)])[0].width == 0


def test_bars_are_a_table_with_the_figure_in_words():
    amounts = [Amount("Rung 1", 21, note="leader", tone="late", url="/list/")]
    html = shown("{% bar_chart 'Rungs' amounts %}", amounts=amounts)
    assert words(html) == "Rungs Rung 1 leader 21"
    assert 'href="/list/"' in html
    assert "tone-late" in html
    assert 'aria-labelledby="title"' in shown(
        "{% bar_chart 'Rungs' amounts labelled_by='title' %}", amounts=amounts
    )


def test_a_heat_map_colours_in_equal_steps_and_shows_every_figure():
    found = charts.heat_map([("A", [0, 1, 4, 5]), ("B", [20, 19, 17, None])], MONTHS)
    assert [cell.level for cell in found.rows[0].cells] == [0, 1, 1, 2]
    assert [cell.level for cell in found.rows[1].cells] == [5, 5, 5, 0]
    assert [cell.text for cell in found.rows[1].cells] == ["20", "19", "17", "–"]
    assert dict(found.key) == {0: "0", 1: "1–4", 2: "5–8", 3: "9–12", 4: "13–16", 5: "17–20"}


def test_a_heat_map_of_few_counts_leaves_levels_out():
    assert dict(charts.heat_map([("A", [0, 2])], MONTHS[:2]).key) == {0: "0", 3: "1", 5: "2"}
    assert dict(charts.heat_map([("A", [0, None])], MONTHS[:2]).key) == {0: "0"}
    with pytest.raises(ValueError, match="each column"):
        charts.heat_map([("A", [1])], MONTHS)


def test_a_heat_map_heads_its_rows_and_columns():
    html = shown(
        "{% heat_map 'Weeks' rows columns row_head='Unit' %}",
        rows=[("East", [1, None])],
        columns=["1 Jun", "8 Jun"],
    )
    assert html.count('scope="col"') == 3
    assert html.count('scope="row"') == 1
    assert words(html).startswith("Weeks Unit 1 Jun 8 Jun East 1 –")
