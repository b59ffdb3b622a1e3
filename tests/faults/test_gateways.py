"""Real workers, killed while they speak to a provider; and two at once, within one rate."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection
from django.utils import timezone

from liaison.intake import Party
from notices.delivery import RECORD_AT_ONCE
from notices.models import Delivery
from tests import city
from tests.city import City
from tests.faults.conftest import ROOT
from tests.notices.provider import Answer, Got, Provider, running

IN_FLIGHT = 4
_WORK = """
import django
django.setup()
from django.utils import timezone
from notices.delivery import deliver_channel
print(dict(deliver_channel("sms", for_seconds=60)))
"""


@pytest.fixture
def provider() -> Iterator[Provider]:
    with running() as found:
        yield found


@pytest.fixture
def town(transactional_db: None, settings: object, provider: Provider) -> City:
    """The city, whose parties are told by text message."""
    settings.PARTY_CHANNELS = ["sms"]
    settings.SMS_URL = provider.url
    return city.build()


def _tell(town: City, count: int) -> set[str]:
    """So many parties with a notice each; the idempotency keys."""
    for index in range(count):
        town.request(at=timezone.now(), party=Party(f"当事人{index}", phone=f"1380013{index:04}"))
    Delivery.objects.filter(channel="sms").update(next_attempt_at=timezone.now())
    idents = Delivery.objects.filter(channel="sms").values_list("notice__public_id", flat=True)
    return {f"{ident}-sms" for ident in idents}


def _worker(provider: Provider, logs: Path, **more: str) -> subprocess.Popen[bytes]:
    database = urlsplit(os.environ["DATABASE_URL"])._replace(
        path="/" + connection.settings_dict["NAME"]
    )
    environment = os.environ | {
        "DATABASE_URL": urlunsplit(database),
        "HTTPS_ONLY": "false",
        "PARTY_CHANNELS": "sms",
        "SMS_URL": provider.url,
        "SMS_OPTIONS": "sign_name=示范法院",
        "SMS_SECRET": "of the gateway",
        "GATEWAY_IN_FLIGHT": str(IN_FLIGHT),
        "GATEWAY_TIMEOUT": "5",
    }
    with (logs / "worker.log").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-c", _WORK], cwd=ROOT, env=environment | more, stdout=log, stderr=log
        )


def _wait(condition: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


def test_killed_between_sending_and_recording_nothing_is_lost_and_repeats_are_counted(
    town: City, provider: Provider, tmp_path: Path
) -> None:
    keys = _tell(town, 40)
    killed = 0

    def kill_at(counts: set[int]) -> Callable[[Got], Answer]:
        def answer(got: Got) -> Answer:
            nonlocal killed
            if len(provider.got) in counts and worker.poll() is None:
                worker.send_signal(signal.SIGKILL)
                killed += 1
            return 200, {"code": 0, "id": f"{got.key}-{len(provider.got)}"}

        return answer

    provider.answer = kill_at({7, 30, 55})
    for _life in range(4):
        # What a dead worker has in hand comes due when its lease ends: here at once.
        Delivery.objects.filter(state="pending").update(next_attempt_at=timezone.now())
        worker = _worker(provider, tmp_path)
        _wait(lambda worker=worker: worker.poll() is not None)
    assert killed == 3
    assert {got.key for got in provider.got} == keys
    states = Counter(Delivery.objects.filter(channel="sms").values_list("state", flat=True))
    assert states == {"sent": 40}
    # No kill repeats more than what was sent and not recorded.
    assert 0 < provider.repeats() <= killed * (RECORD_AT_ONCE + IN_FLIGHT)
    counted = sum(one.possible_repeats for one in Delivery.objects.filter(channel="sms"))
    assert counted >= provider.repeats()
    words = {got.key: {other.body for other in provider.got if other.key == got.key}
             for got in provider.got}  # fmt: skip
    assert [forms for forms in words.values() if len(forms) > 1] == []


def test_two_workers_send_each_message_once_and_keep_one_rate(
    town: City, provider: Provider, tmp_path: Path
) -> None:
    keys = _tell(town, 60)
    workers = [_worker(provider, tmp_path, GATEWAY_RATES="sms=20") for _number in range(2)]
    _wait(lambda: all(worker.poll() == 0 for worker in workers))
    assert Counter(got.key for got in provider.got) == Counter(keys)
    at = sorted(got.at for got in provider.got)
    for first, last in zip(at, at[20:], strict=False):
        # Twenty further messages take a second, but for what a slow machine lets bunch together.
        assert last - first > 0.85
    assert at[-1] - at[0] < 20


def test_without_a_rate_the_same_messages_are_sent_much_faster(
    town: City, provider: Provider, tmp_path: Path
) -> None:
    """The control: what keeps the rate above is the rate."""
    _tell(town, 60)
    worker = _worker(provider, tmp_path)
    _wait(lambda: worker.poll() == 0)
    at = sorted(got.at for got in provider.got)
    assert at[-1] - at[0] < 2
