"""What is announced is heard: a signal without its listener would lose a work order."""

from __future__ import annotations

import pytest
from django.dispatch import Signal

from cases import signals as of_cases
from liaison import signals

SIGNALS = {
    name: value
    for module in (of_cases, signals)
    for name, value in vars(module).items()
    if isinstance(value, Signal)
}
HEARD_BY = {
    "nodes_arrived": "cases",
    "people_arrived": "cases",
    "request_routed": "workorders",
    "request_withdrawn": "workorders",
    "reply_disputed": "workorders",
    "request_answered_at_desk": "workorders",
    "request_merged": "workorders",
}


def test_every_signal_names_who_must_hear_it() -> None:
    assert set(SIGNALS) == set(HEARD_BY)


@pytest.mark.parametrize("name", sorted(HEARD_BY))
def test_each_signal_has_its_listener(name: str) -> None:
    receivers, asynchronous = SIGNALS[name]._live_receivers(sender=None)
    assert not asynchronous
    apps = {receiver.__module__.partition(".")[0] for receiver in receivers}
    assert HEARD_BY[name] in apps
