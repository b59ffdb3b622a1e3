"""When a gateway is left alone, and for how long."""

from __future__ import annotations

from datetime import timedelta

from notices.breaker import FIRST_WAIT, LONGEST_WAIT, TRIAL, Breaker, Position
from tests.city import local

AT = local(2020, 6, 5)


def test_two_failures_are_borne_the_third_opens() -> None:
    breaker = Breaker().after_failure(AT).after_failure(AT)
    assert breaker.position(AT) is Position.CLOSED
    breaker = breaker.after_failure(AT)
    assert breaker.position(AT) is Position.OPEN
    assert breaker.position(AT + FIRST_WAIT - timedelta(seconds=1)) is Position.OPEN
    assert breaker.position(AT + FIRST_WAIT) is Position.TRYING


def test_each_failed_trial_doubles_the_wait_to_the_longest() -> None:
    breaker, at, waits = Breaker(failures=2), AT, []
    for _again in range(9):
        breaker = breaker.after_failure(at)
        assert breaker.open_until is not None
        waits.append(breaker.open_until - at)
        at = breaker.open_until
    assert waits[:3] == [FIRST_WAIT, FIRST_WAIT * 2, FIRST_WAIT * 4]
    assert waits[-1] == LONGEST_WAIT
    assert breaker.opened_at == AT  # since when it is out of order


def test_a_success_forgets_the_failures() -> None:
    breaker = Breaker(failures=7, opened_at=AT, open_until=AT).after_success()
    assert breaker == Breaker()
    assert breaker.after_failure(AT).position(AT) is Position.CLOSED


def test_one_worker_tries_at_a_time() -> None:
    breaker = Breaker(failures=3, opened_at=AT, open_until=AT)
    assert breaker.position(AT) is Position.TRYING
    trying = breaker.while_trying(AT)
    assert trying.position(AT + TRIAL / 2) is Position.OPEN
    assert trying.position(AT + TRIAL) is Position.TRYING  # that worker is dead
