"""Lives that chance seldom finds, lived by the engine and the plain ladder side by side."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.city import local
from tests.escalation.plain_life import Happening, Life
from tests.escalation.plain_town import Town, found
from tests.escalation.schedules import SERIES

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("promises"),
    pytest.mark.skipif(not SERIES.exists(), reason="the series 2007 to 2026 is not beside the "
                       "project, and the plain count reads the official years from it"),
]  # fmt: skip

FRIDAY = local(2020, 6, 5, 14)
SECOND = timedelta(seconds=1)
EAST, WEST = 0, 2  # the first division of each
# At whose word days change.
ALL, COURT = 0, 2


@pytest.fixture
def town() -> Town:
    return found("guangzhou", random.Random(1))


def _live(town: Town, *happenings: Happening, begin: datetime = FRIDAY, **as_it_stood: Any) -> Life:
    """A matter registered and dispatched to the eastern court, and what comes then."""
    life = Life(town, begin, **as_it_stood)
    dispatched = [Happening(SECOND, "start"), Happening(SECOND, "assign", where=EAST)]
    life.lives([*dispatched, *happenings])
    return life


def _fired(life: Life, matter: int = 0) -> list[tuple[str, datetime]]:
    fired = life.ladder.matters[matter].fired.values()
    return [(one.due.step.key, one.due.at) for one in fired]


def test_the_spring_festival_of_2020_is_prolonged_in_mid_course(town: Town) -> None:
    life = _live(
        town,
        Happening(local(2020, 1, 27, 12), "announce"),
        *[Happening(local(2020, 2, day, 9), "beat") for day in (1, 3, 4, 5)],
        begin=local(2020, 1, 22, 14),
        prolonged=False,
    )
    assert _fired(life)[:2] == [
        ("warning", local(2020, 2, 4, 9)),
        ("rung1", local(2020, 2, 5, 9)),
    ]


def test_a_schedule_announced_when_a_rung_has_fired_leaves_it(town: Town) -> None:
    # By the projected schedule Friday 26 June is worked, and Sunday the 28th is not.
    life = _live(
        town,
        Happening(local(2020, 6, 26, 9), "beat"),
        Happening(local(2020, 6, 26, 12), "announce"),
        begin=local(2020, 6, 22, 14),
        unannounced=frozenset({2020}),
    )
    assert _fired(life)[:2] == [
        ("warning", local(2020, 6, 26, 9)),
        ("rung1", local(2020, 6, 29, 9)),
    ]


def test_nothing_fires_by_an_old_date_when_a_change_was_cut_off(town: Town) -> None:
    life = _live(
        town,
        Happening(local(2020, 6, 8, 12), "begin_change", who=ALL, days=((1, False),)),
        Happening(local(2020, 6, 10, 9), "sweep"),
        Happening(local(2020, 6, 10, 10), "stop"),
    )
    assert _fired(life) == []


def test_an_answer_finds_a_date_that_moved_forward_when_the_change_was_cut_off(town: Town) -> None:
    life = _live(
        town,
        Happening(local(2020, 6, 6, 12), "begin_change", who=ALL, days=((1, True),)),
        Happening(local(2020, 6, 9, 10), "stop"),
    )
    assert _fired(life) == [("warning", local(2020, 6, 9, 9))]


def test_what_a_change_moves_into_the_past_is_recorded_by_whoever_looks_next(town: Town) -> None:
    life = _live(
        town,
        Happening(local(2020, 6, 9, 12), "change", who=ALL, days=((-2, True),)),
        Happening(local(2020, 6, 9, 13), "stop"),
    )
    (warning,) = life.ladder.matters[0].fired.values()
    assert (warning.due.at, warning.at) == (local(2020, 6, 9, 9), local(2020, 6, 9, 13))


def test_of_two_that_are_alike_but_for_the_attempts_one_is_marked(town: Town) -> None:
    life = _live(
        town,
        Happening(local(2020, 6, 5, 15), "start"),
        Happening(local(2020, 6, 5, 16), "assign", who=1, where=EAST),
        *[Happening(local(2020, 6, day, 12), "attempt", who=1) for day in (6, 7, 8)],
    )
    marked = [[one.attempted for one in matter.fired.values()] for matter in life.ladder.matters]
    assert marked == [[False] * 5, [True] * 5]


def test_a_change_settles_what_one_before_it_that_was_cut_off_has_moved_forward(
    town: Town,
) -> None:
    life = _live(
        town,
        Happening(local(2020, 6, 6, 12), "begin_change", who=ALL, days=((1, True),)),
        Happening(local(2020, 6, 9, 10), "take_back"),
    )
    assert _fired(life)[:2] == [
        ("warning", local(2020, 6, 9, 9)),
        ("rung1", local(2020, 6, 11, 9)),
    ]


def test_a_rejection_waits_for_the_opening_hour_of_a_change_that_was_cut_off(town: Town) -> None:
    _live(
        town,
        Happening(local(2020, 6, 9, 15), "stop"),
        Happening(local(2020, 6, 12, 16), "resume"),
        # The Monday that it waits for is closed.
        Happening(local(2020, 6, 13, 12), "begin_change", who=ALL, days=((2, False),)),
        Happening(local(2020, 6, 15, 9), "sweep"),
        Happening(local(2020, 6, 16, 9), "sweep"),
    )


def test_a_rejection_waits_for_the_opening_hour_of_the_court_that_it_moves_to(town: Town) -> None:
    _live(
        town,
        Happening(local(2020, 6, 9, 15), "stop"),
        Happening(local(2020, 6, 10, 12), "change", who=COURT, where=1, days=((6, False),)),
        Happening(local(2020, 6, 15, 16), "resume"),
        Happening(local(2020, 6, 15, 17), "move", where=WEST),
        Happening(local(2020, 6, 16, 9), "beat"),
        Happening(local(2020, 6, 17, 9), "beat"),
    )


def test_merging_lets_no_missed_rung_out_before_the_opening_hour(town: Town) -> None:
    life = _live(
        town,
        Happening(local(2020, 6, 9, 15), "stop"),
        Happening(local(2020, 6, 11, 15), "start"),
        Happening(local(2020, 6, 11, 16), "assign", who=1, where=EAST),
        Happening(local(2020, 6, 15, 16), "resume"),
        Happening(local(2020, 6, 15, 17), "merge", who=1, where=0),
        Happening(local(2020, 6, 15, 18), "beat"),
        Happening(local(2020, 6, 16, 9), "beat"),
    )
    assert {one.at for one in life.ladder.matters[1].fired.values()} >= {local(2020, 6, 16, 9)}
    assert [one.silent for one in life.ladder.matters[1].fired.values()][:3] == [True, True, False]


def test_one_not_dispatched_takes_the_limit_of_the_dispatched_one_merged_into_it(
    town: Town,
) -> None:
    _live(
        town,
        Happening(local(2020, 6, 8, 15), "start"),
        Happening(local(2020, 6, 8, 16), "merge", who=1, where=0),
    )


def test_of_two_rejected_ones_the_later_rejection_holds(town: Town) -> None:
    """Both wait for the same opening hour."""
    _live(
        town,
        Happening(SECOND, "start"),
        Happening(SECOND, "assign", who=1, where=EAST),
        Happening(local(2020, 6, 9, 15), "stop", who=0),
        Happening(local(2020, 6, 9, 16), "stop", who=1),
        Happening(local(2020, 6, 12, 16), "resume", who=1),
        Happening(local(2020, 6, 13, 16), "resume", who=0),
        Happening(local(2020, 6, 13, 17), "merge", who=1, where=0),
        Happening(local(2020, 6, 13, 18), "change", who=ALL, days=((0, True),)),
        Happening(local(2020, 6, 15, 9), "beat"),
    )


def test_a_fixed_date_ends_at_its_midnight_and_is_late_from_the_next_opening(town: Town) -> None:
    life = _live(
        town,
        # Eight days on is Sunday the 14th.
        Happening(local(2020, 6, 6, 15), "promise", who=8),
        Happening(local(2020, 6, 12, 12), "change", who=ALL, days=((3, False),)),
        Happening(local(2020, 6, 16, 9), "beat"),
        Happening(local(2020, 6, 16, 10), "move", who=1, where=10),
    )
    promise = life.ladder.matters[1]
    assert promise.limit == local(2020, 6, 15, 0)
    assert _fired(life, 1)[3:] == [
        ("late", local(2020, 6, 16, 9)),
        ("later", local(2020, 6, 18, 9)),
        ("later", local(2020, 6, 19, 9)),
    ]


def test_of_two_promises_the_earlier_date_holds(town: Town) -> None:
    life = _live(
        town,
        Happening(local(2020, 6, 6, 15), "promise", who=11),
        Happening(local(2020, 6, 7, 15), "promise", who=2),
        Happening(local(2020, 6, 8, 15), "merge", who=1, where=2),
    )
    assert life.ladder.matters[1].limit == local(2020, 6, 10, 0)


def test_the_attempts_of_two_that_are_merged_count_together(town: Town) -> None:
    life = _live(
        town,
        Happening(local(2020, 6, 5, 15), "start"),
        Happening(local(2020, 6, 5, 16), "assign", who=1, where=EAST),
        Happening(local(2020, 6, 6, 12), "attempt", who=0),
        Happening(local(2020, 6, 7, 12), "attempt", who=1),
        Happening(local(2020, 6, 7, 13), "attempt", who=1),
        Happening(local(2020, 6, 10, 12), "merge", who=1, where=0),
    )
    marked = [one.attempted for one in life.ladder.matters[1].fired.values()]
    assert marked == [False, True, True, True, True]


def test_an_attempt_after_a_merger_adds_to_those_before_it(town: Town) -> None:
    life = _live(
        town,
        Happening(local(2020, 6, 5, 15), "start"),
        Happening(local(2020, 6, 5, 16), "assign", who=1, where=EAST),
        Happening(local(2020, 6, 6, 12), "attempt", who=0),
        Happening(local(2020, 6, 7, 12), "attempt", who=1),
        Happening(local(2020, 6, 8, 12), "merge", who=1, where=0),
        Happening(local(2020, 6, 11, 12), "attempt", who=1),
    )
    marked = [one.attempted for one in life.ladder.matters[1].fired.values()]
    assert marked == [False, False, True, True, True]
