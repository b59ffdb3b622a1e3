"""The engine against a second count in plain loops, over invented lives of several matters.

Anchors lie anywhere from 2018 to 2027; the people in the posts change, stand in for each other
and leave posts vacant; courts close, open and take it back; a schedule is announced in mid-course;
replies are given and rejected, matters reassigned, merged and taken up to another court; sweeps
come at any time or never. What is due when, for whom and to whom must be as plain loops say.
"""

from __future__ import annotations

import itertools
import random
from datetime import datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from courts import calendar as product_calendar
from tests.city import local
from tests.escalation.plain_calendar import PUBLISHED
from tests.escalation.plain_life import ON_THE_WALL, Gap, Happening, Life
from tests.escalation.plain_town import Town, found
from tests.escalation.schedules import SERIES

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("promises"),
    pytest.mark.skipif(not SERIES.exists(), reason="the series 2007 to 2026 is not beside the "
                       "project, and the plain count reads the official years from it"),
]  # fmt: skip

BEGIN, DAYS = local(2018, 1, 1, 0), (local(2027, 12, 31, 0) - local(2018, 1, 1, 0)).days
VERBS = (
    "start", "wait", "promise", "promise", "assign", "assign", "move", "move", "stop", "resume",
    "attempt", "attempt", "merge", "merge", "sweep", "sweep", "sweep", "beat", "change", "change",
    "take_back", "begin_change", "announce", "declare",
)  # fmt: skip

gaps = st.one_of(
    st.integers(1, 60 * 24 * 6).map(lambda minutes: timedelta(minutes=minutes)),
    st.sampled_from(sorted(ON_THE_WALL)),
)
few = st.integers(0, 11)
# Days about the present one, and whether each is worked.
days = st.lists(st.tuples(st.integers(-4, 20), st.booleans()), max_size=5).map(tuple)
anything = st.builds(Happening, gaps, st.sampled_from(VERBS), few, few, days)


def _act(verb: str, who: int = 0, gap: st.SearchStrategy[Gap] = gaps) -> st.SearchStrategy:
    return st.builds(Happening, gap, st.just(verb), st.just(who), few, days)


some_days = st.integers(1, 15).map(lambda n: timedelta(days=n))
some_hours = st.integers(1, 30).map(lambda n: timedelta(hours=n))
# What chance alone would seldom put together: an answer that is rejected some days later; attempts
# enough; two matters dispatched, and made one when the first has come some way up the ladder; a
# change that is cut off, and a sweep before anything is counted anew; a schedule in mid-course.
scene = st.one_of(
    st.tuples(_act("stop"), _act("resume", gap=some_days)),
    st.tuples(*[_act("attempt", gap=some_hours)] * 3),
    st.tuples(_act("start"), _act("assign", 1), _act("merge", 1, some_days)),
    st.tuples(_act("begin_change"), _act("sweep")),
    st.tuples(_act("announce", gap=some_days)),
)
happenings = st.builds(
    lambda first, given_out, then: [*first, given_out, *itertools.chain(*then)],
    st.lists(_act("start"), min_size=1, max_size=3),
    _act("assign"),
    st.lists(st.one_of(st.tuples(anything), st.tuples(anything), scene), max_size=9),
)
# Any minute of ten years; or, as likely, one about the holidays, where days are exchanged.
begins = st.one_of(
    st.integers(0, DAYS * 24 * 60).map(lambda minutes: BEGIN + timedelta(minutes=minutes)),
    st.builds(
        lambda year, day, hours: local(year, *day, 0) + timedelta(hours=hours),
        st.integers(2018, 2027),
        st.sampled_from([(1, 18), (1, 26), (2, 8), (4, 1), (4, 26), (6, 10), (6, 21), (9, 12),
                         (9, 25), (12, 27)]),
        st.integers(0, 24 * 8),
    ),
)  # fmt: skip
# Which years are not announced yet, counted from that of the beginning.
unannounced_years = st.sampled_from([(), (), (0,), (1,), (0, 1)])


def _live_many(town: Town, examples: int, *, same_every_time: bool) -> None:
    @settings(
        max_examples=examples,
        deadline=None,
        derandomize=same_every_time,
        database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        print_blob=True,
    )
    @given(begins, unannounced_years, st.booleans(), happenings)
    def lives(
        begin: datetime, ahead: tuple[int, ...], prolonged: bool, life: list[Happening]
    ) -> None:
        unannounced = frozenset({begin.year + years for years in ahead} & {*PUBLISHED})
        with transaction.atomic():
            lived = Life(town, begin, unannounced, prolonged)
            try:
                lived.lives(life)
            except AssertionError as error:
                error.add_note("\n".join(["It began so:", *lived.story]))
                raise
            transaction.set_rollback(True)
        product_calendar.forget()

    lives()


@pytest.mark.parametrize("policy", ["guangzhou", "beijing"])
def test_the_record_is_what_plain_loops_say(policy: str) -> None:
    # Invented lives, not secrets.
    _live_many(found(policy, random.Random(1)), 100, same_every_time=True)


@pytest.mark.full
@pytest.mark.parametrize("seed", range(10, 14))
@pytest.mark.parametrize("policy", ["guangzhou", "beijing"])
def test_the_record_is_what_plain_loops_say_at_length(policy: str, seed: int) -> None:
    _live_many(found(policy, random.Random(seed)), 300, same_every_time=False)
