"""The engine against a second count in plain loops, over invented lives of several matters.

Anchors lie anywhere from 2018 to 2027; the people in the posts change, stand in for each other
and leave posts vacant; courts close, open and take it back; a schedule is announced in mid-course;
replies are given and rejected, matters reassigned, merged and taken up to another court; sweeps
come at any time or never. What is due when, for whom and to whom must be as plain loops say.
"""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.city import local
from tests.escalation.plain_life import ON_THE_WALL, Happening, Life
from tests.escalation.plain_town import Town, found
from tests.escalation.schedules import SERIES

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not SERIES.exists(), reason="the series 2007 to 2026 is not beside the "
                       "project, and the plain count reads the official years from it"),
]  # fmt: skip

BEGIN, DAYS = local(2018, 1, 1, 0), (local(2027, 12, 31, 0) - local(2018, 1, 1, 0)).days
VERBS = (
    "start", "wait", "assign", "assign", "move", "move", "stop", "resume", "attempt", "attempt",
    "merge", "merge", "sweep", "sweep", "sweep", "beat", "change", "change", "take_back",
    "begin_change", "announce", "declare",
)  # fmt: skip

gaps = st.one_of(
    st.integers(1, 60 * 24 * 6).map(lambda minutes: timedelta(minutes=minutes)),
    st.sampled_from(sorted(ON_THE_WALL)),
)
few = st.integers(0, 11)
# Days about the present one, and whether each is worked.
days = st.lists(st.tuples(st.integers(-4, 20), st.booleans()), max_size=5).map(tuple)
anything = st.builds(Happening, gaps, st.sampled_from(VERBS), few, few, days)
# Some matters registered, the first dispatched and, as often as not, answered; the answer
# rejected some days later.
registration = st.builds(Happening, gaps, st.just("start"), st.just(0), few)
dispatch = st.builds(Happening, gaps, st.just("assign"), st.just(0), few)
answer = st.builds(Happening, gaps, st.just("stop"), st.just(0))
rejection = st.builds(
    Happening, st.integers(1, 15).map(lambda n: timedelta(days=n)), st.just("resume"), st.just(0)
)
happenings = st.builds(
    lambda first, given_out, between, rejected, after: [
        *first, given_out, *between, *rejected, *after
    ],
    st.lists(registration, min_size=1, max_size=3),
    dispatch,
    st.lists(anything, max_size=6),
    st.one_of(st.just(()), st.tuples(answer, rejection)),
    st.lists(anything, max_size=7),
)  # fmt: skip
# One year not announced yet, or the next one too; or the Spring Festival of 2020 not prolonged.
years = st.one_of(
    st.just(frozenset[int]()),
    st.integers(2018, 2026).map(lambda year: frozenset({year})),
    st.integers(2018, 2025).map(lambda year: frozenset({year, year + 1})),
)


def _live_many(town: Town, examples: int, *, same_every_time: bool) -> None:
    @settings(
        max_examples=examples,
        deadline=None,
        derandomize=same_every_time,
        database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @given(st.integers(0, DAYS * 24 * 60), years, st.booleans(), happenings)
    def lives(
        minutes: int, unannounced: frozenset[int], prolonged: bool, life: list[Happening]
    ) -> None:
        with transaction.atomic():
            begin = BEGIN + timedelta(minutes=minutes)
            lived = Life(town, begin, unannounced, prolonged, keeps_off_known_faults=True)
            try:
                lived.lives(life)
            except AssertionError as error:
                error.add_note("\n".join(["It began so:", *lived.story]))
                raise
            transaction.set_rollback(True)

    lives()


@pytest.mark.parametrize("policy", ["guangzhou", "beijing"])
def test_the_record_is_what_plain_loops_say(policy: str) -> None:
    # Invented lives, not secrets.
    _live_many(found(policy, random.Random(1)), 60, same_every_time=True)


@pytest.mark.full
@pytest.mark.parametrize("seed", range(10, 14))
@pytest.mark.parametrize("policy", ["guangzhou", "beijing"])
def test_the_record_is_what_plain_loops_say_at_length(policy: str, seed: int) -> None:
    _live_many(found(policy, random.Random(seed)), 300, same_every_time=False)
