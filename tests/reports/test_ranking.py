"""The ranking of a month, on values: against a plain model, and by the sentences of the rule."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.indicators import Figure, Indicator
from reports.ranking import (
    Movement,
    Ranking,
    Reason,
    Rule,
    Standing,
    interviews,
    lifts,
    movement,
    peers,
    rank,
)

A, L, C = Indicator.ACCEPTANCE, Indicator.LIAISON, Indicator.COMPLETION
RULE = Rule()


def standing(
    *pairs: tuple[int, int],
    satisfied: tuple[int, int] = (0, 0),
    rungs: int = 0,
    requests: int | None = None,
) -> Standing:
    """The three rates as done and due, missing ones as nothing due."""
    figures = {one: Figure(*pair) for one, pair in zip(Indicator, pairs, strict=False)}
    figures = dict.fromkeys(Indicator, Figure()) | figures
    due = max(figure.due for figure in figures.values())
    return Standing(figures, Figure(*satisfied), rungs, due if requests is None else requests)


def places(ranking: Ranking[str]) -> dict[str, int | None]:
    return {row.unit: row.place for row in (*ranking.ranked, *ranking.unranked)}


# --- a model of our own ----------------------------------------------------------------------


def plain_score(one: Standing, weights: dict) -> Fraction | None:
    above, below = Fraction(0), 0
    for indicator in Indicator:
        figure = one.figures[indicator]
        if figure.due > 0 and weights[indicator] > 0:
            above += Fraction(weights[indicator] * figure.done, figure.due)
            below += weights[indicator]
    return above / below if below else None


def plain_better(one: Standing, other: Standing, weights: dict) -> bool:
    """Whether ``one`` stands before ``other``: the sentence of the rule, clause after clause."""
    mine, theirs = plain_score(one, weights), plain_score(other, weights)
    assert mine is not None
    assert theirs is not None
    if mine != theirs:
        return mine > theirs
    rated, others_rated = one.satisfaction.due > 0, other.satisfaction.due > 0
    if rated != others_rated:
        return rated
    if rated:
        left = one.satisfaction.done * other.satisfaction.due
        right = other.satisfaction.done * one.satisfaction.due
        if left != right:
            return left > right
    items = sum(one.figures[each].due for each in Indicator)
    others_items = sum(other.figures[each].due for each in Indicator)
    if one.rungs * others_items != other.rungs * items:
        return one.rungs * others_items < other.rungs * items
    return items > others_items


def plain(units: dict[str, Standing], rule: Rule) -> dict[str, tuple[int, set[str]]]:
    """Place and reasons of each ranked unit."""
    weights = dict(rule.weights)
    ranked = [
        unit
        for unit, one in units.items()
        if plain_score(one, weights) is not None and one.requests >= rule.least_requests
    ]
    place = {}
    for unit in ranked:
        place[unit] = 1
        for other in ranked:
            if plain_better(units[other], units[unit], weights):
                place[unit] += 1
    last = 0
    while last * 100 < len(ranked) * rule.lagging_last:
        last += 1
    found = {}
    for unit in ranked:
        reasons = set()
        mark = plain_score(units[unit], weights)
        assert mark is not None
        if mark < Fraction(rule.lagging_under, 100):
            reasons.add("low_score")
        # Among the last: fewer than that many stand after it.
        behind = 0
        for other in ranked:
            if plain_better(units[unit], units[other], weights):
                behind += 1
        if behind < last and mark < 1:
            reasons.add("among_last")
        found[unit] = (place[unit], reasons)
    return found


@st.composite
def standings(draw: st.DrawFn) -> Standing:
    """Small numbers, so that ties come about at every step of the order."""

    def figure(most: int) -> tuple[int, int]:
        due = draw(st.integers(0, most))
        return draw(st.integers(0, due)), due

    return standing(
        figure(4),
        figure(3),
        figure(2),
        satisfied=figure(2),
        rungs=draw(st.integers(0, 2)),
        requests=draw(st.integers(3, 7)),
    )


RULES = st.builds(
    lambda weights, least, under, last: Rule(
        dict(zip(Indicator, weights, strict=True)), least, under, last
    ),
    st.sampled_from([(1, 1, 1), (2, 1, 1), (0, 1, 3)]),
    st.integers(1, 6),
    st.sampled_from([0, 50, 95, 100]),
    st.sampled_from([0, 10, 34, 100]),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(standings(), max_size=12), RULES)
def test_places_and_lagging_equal_a_plain_model(rows: list[Standing], rule: Rule) -> None:
    units = {f"unit {number}": row for number, row in enumerate(rows)}
    ranking = rank(units, rule)
    expected = plain(units, rule)
    assert {row.unit: (row.place, set(row.lagging)) for row in ranking.ranked} == expected
    assert {row.unit for row in ranking.unranked} == set(units) - set(expected)
    assert [row.place for row in ranking.ranked] == sorted(row.place for row in ranking.ranked)
    for row in (*ranking.ranked, *ranking.unranked):
        assert row.score == plain_score(row.standing, dict(rule.weights))
        for indicator, steps in lifts(ranking, row.unit).items():
            for step in steps:  # a lift is what the ranking says of the lifted unit
                figure = row.standing.figures[indicator]
                figures = dict(row.standing.figures)
                figures[indicator] = Figure(figure.done + step.more, figure.due)
                better = Standing(
                    figures, row.standing.satisfaction, row.standing.rungs, row.standing.requests
                )
                lifted = rank(units | {row.unit: better}, rule).row(row.unit)
                assert lifted is not None
                assert (lifted.score, lifted.place) == (step.score, step.place)
                assert row.score is not None
                assert step.gain == step.score - row.score


# --- the sentences of the rule ----------------------------------------------------------------


def test_equal_in_all_is_the_same_place_and_the_next_is_skipped() -> None:
    same = standing((9, 10), (9, 10), (9, 10))
    ranking = rank({"d": standing((1, 10)), "b": same, "c": same, "a": standing((10, 10))}, RULE)
    assert places(ranking) == {"a": 1, "b": 2, "c": 2, "d": 4}
    assert [row.unit for row in ranking.ranked] == ["a", "b", "c", "d"]


def test_what_is_not_due_does_not_count_and_few_requests_are_unranked() -> None:
    ranking = rank(
        {
            "one rate": standing((5, 5)),
            "all rates": standing((5, 5), (4, 5), (3, 5)),
            "few": standing((4, 4), (4, 4), requests=4),
            "nothing": standing(),
        },
        RULE,
    )
    assert places(ranking) == {"one rate": 1, "all rates": 2, "few": None, "nothing": None}
    row = ranking.row("all rates")
    assert row is not None
    assert row.score == Fraction(1, 3) * (1 + Fraction(4, 5) + Fraction(3, 5))
    assert row.percent == "80.0"
    few, nothing = ranking.unranked
    assert (few.percent, few.lagging, nothing.percent) == ("100.0", (), None)


def test_scores_are_compared_exactly_and_a_hundred_is_shown_only_if_exact() -> None:
    ranking = rank({"a": standing((99_999, 100_000)), "b": standing((99_998, 100_000))}, RULE)
    assert places(ranking) == {"a": 1, "b": 2}
    assert [row.percent for row in ranking.ranked] == ["99.9", "99.9"]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"satisfied": (1, 2)}, {"satisfied": (4, 9)}),
        ({"satisfied": (0, 3)}, {}),
        ({"rungs": 1}, {"rungs": 2}),
        # Worse in what comes later decides nothing.
        ({"satisfied": (1, 1), "rungs": 9}, {"satisfied": (1, 2)}),
    ],
)
def test_the_order_among_equal_scores(first: dict, second: dict) -> None:
    ranking = rank({"b": standing((9, 10), **second), "a": standing((9, 10), **first)}, RULE)
    assert places(ranking) == {"a": 1, "b": 2}


def test_fewer_rungs_per_item_and_then_more_items() -> None:
    ranking = rank(
        {
            "more items": standing((18, 20), rungs=2),
            "fewer items": standing((9, 10), rungs=1),
            "fewer per item": standing((27, 30), rungs=2),
        },
        RULE,
    )
    assert places(ranking) == {"fewer per item": 1, "more items": 2, "fewer items": 3}


def test_lagging_is_a_low_score_or_the_last_tenth_under_a_hundred() -> None:
    good = {f"good {n:02d}": standing((100 + n, 100 + n)) for n in range(10)}
    # Of eleven the last tenth are two.
    ranking = rank(good | {"last": standing((99, 100))}, RULE)
    assert {row.unit: row.lagging for row in ranking.ranked if row.lagging} == {
        "last": (Reason.AMONG_LAST,)  # the other of the two has a hundred per cent
    }
    tied = {f"tied {n}": standing((99, 100)) for n in range(3)}
    ranking = rank(good | tied, RULE)
    assert {row.unit for row in ranking.ranked if row.lagging} == set(tied)
    ranking = rank(good | {"low": standing((94, 100)), "edge": standing((95, 100))}, RULE)
    assert {row.unit: row.lagging for row in ranking.ranked if row.lagging} == {
        "edge": (Reason.AMONG_LAST,),
        "low": (Reason.LOW_SCORE, Reason.AMONG_LAST),
    }


def test_movement_is_told_in_places() -> None:
    full, nine, eight = standing((10, 10)), standing((9, 10)), standing((8, 10))
    before = rank(
        {"up": eight, "down": full, "same": standing((7, 10)), "few": standing((4, 4)),
         "idle": standing()},
        RULE,
    )  # fmt: skip
    now = rank(
        {"up": full, "down": eight, "same": nine, "few": standing((7, 10)),
         "idle": standing((6, 10)), "founded": standing((5, 10))},
        RULE,
    )  # fmt: skip
    assert {row.unit: movement(row, before) for row in now.ranked} == {
        "up": (Movement.UP, 1),
        "same": (Movement.UP, 1),
        "down": (Movement.DOWN, 2),
        "few": (Movement.WAS_UNRANKED, 0),
        "idle": (Movement.NEW, 0),
        "founded": (Movement.NEW, 0),
    }
    assert {movement(row, now) for row in now.ranked} == {(Movement.SAME, 0)}


def test_an_interview_is_proposed_after_three_lagging_months_of_six() -> None:
    bad, good, few = standing((1, 10)), standing((10, 10)), standing((1, 3))

    def months(*story: Standing) -> list[Ranking[str]]:
        return [rank({"unit": one}, RULE) for one in story]

    assert interviews(months(bad, good, bad, good, good, bad), RULE) == {"unit": 3}
    assert interviews(months(bad, good, few, good, bad, few), RULE) == {}
    # The seventh month back does not count, whoever gives it.
    assert interviews(months(bad, good, bad, good, good, good, bad), RULE) == {}
    # This month need not be one of them, nor ranked.
    assert interviews(months(bad, bad, bad, good, good, few), RULE) == {"unit": 3}


def test_what_would_lift_a_unit_most() -> None:
    ranking = rank(
        {
            "us": standing((8, 10), (5, 10), (9, 10)),
            "next": standing((8, 10), (7, 10), (9, 10)),
            "first": standing((10, 10), (8, 10), (9, 10)),
            "few": standing((1, 2)),
        },
        RULE,
    )
    found = lifts(ranking, "us")
    assert list(found) == [L, A, C]
    one, rise, every = found[L]
    assert (one.more, one.gain, one.place) == (1, Fraction(1, 30), 3)
    assert (rise.more, rise.place) == (2, 2)  # as "next", whose place it shares
    assert (every.more, every.score, every.place) == (5, Fraction(27, 30), 1)
    medians = peers(ranking, "us")
    assert medians.number == 2
    assert medians.rates[L] == Fraction(3, 4)
    assert medians.score == (Fraction(24, 30) + Fraction(27, 30)) / 2
    alone = lifts(ranking, "few")[A]
    assert [(step.more, step.place) for step in alone] == [(1, None)]


def test_the_rule_is_what_a_policy_says() -> None:
    assert Rule.of({}) == RULE
    said = Rule.of({"weight_liaison": 2, "least_requests": 9, "interview_months": 4})
    assert said.weights == {A: 1, L: 2, C: 1}
    assert (said.least_requests, said.interview_months, said.lagging_under) == (9, 4, 95)
