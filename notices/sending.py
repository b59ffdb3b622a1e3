"""Sending what a worker has in hand: in lanes, several messages under way together.

What one recipient gets through a channel is a lane, sent one after the other in its order; lanes
go side by side, where the gateway is so far away that this is faster. Threads only speak to the
gateway: the database is left to the thread that began, so outcomes come back to it as they happen.
"""

from __future__ import annotations

import queue
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime

import structlog

from notices.gateways import Gateway, Session, Undelivered, Unreachable
from notices.recording import Outcome
from notices.wording import Worded

log = structlog.get_logger(__name__)

# Messages that break off one after the other, until the gateway is taken for unreachable.
BROKEN_OFF = 2
# A gateway that takes a message in so few seconds is waited for, since threads would cost more than
# they save; it may be so much slower in all (seconds).
NEAR, HICCUP = 0.003, 0.04
# How often the first thread looks up while all others wait (seconds).
_LOOK_UP = 0.2


class Pace:
    """When the next message may be sent: ``wait`` seconds from now, then one an ``interval``.

    Who comes late makes nothing up: the rate holds for whatever stretch of time.
    """

    def __init__(self, wait: float = 0.0, interval: float = 0.0) -> None:
        self._next, self._interval = time.monotonic() + wait, interval
        self._lock = threading.Lock()

    def keep(self) -> None:
        """Wait for one's slot."""
        if not self._interval:
            return
        with self._lock:
            slot = max(self._next, time.monotonic())
            self._next = slot + self._interval
        if (left := slot - time.monotonic()) > 0:
            time.sleep(left)


@dataclass
class Hand:
    """What a worker has in hand: until when by its own clocks, and whether it is to go on.

    ``reason`` says why it is not. A thread looks before each message, so none is sent that another
    worker may have taken since.
    """

    seconds: float
    lost: set[int] = field(default_factory=set)
    reason: str = ""
    broken_off: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _held: tuple[float, float] = (0.0, 0.0)

    def hold(self) -> None:
        """The lease begins, or begins anew."""
        self._held = (time.monotonic(), time.time())

    @property
    def left(self) -> float:
        """Seconds left of the lease; a machine that slept has the clock on the wall tell."""
        passed = max(time.monotonic() - self._held[0], time.time() - self._held[1])
        return self.seconds - passed

    def stop(self, reason: str) -> None:
        """Nothing more is to be tried."""
        with self._lock:
            self.reason = self.reason or reason

    def note(self, error: Undelivered | None) -> None:
        """Count what broke off one after the other."""
        with self._lock:
            self.broken_off = self.broken_off + 1 if error is not None and error.suspect else 0
            if error is not None and self.broken_off >= BROKEN_OFF:
                self.reason = self.reason or error.reason


def lanes_of(ready: Sequence[Worded]) -> list[list[Worded]]:
    """The messages by recipient, each in its order, the longest lane first."""
    lanes: dict[object, list[Worded]] = defaultdict(list)
    for worded in ready:
        lanes[worded.lane].append(worded)
    return sorted(lanes.values(), key=len, reverse=True)


def send_all(
    gateway: Gateway,
    session: Session,
    ready: Sequence[Worded],
    hand: Hand,
    pace: Pace,
    now: Callable[[], datetime],
) -> Iterator[Outcome | None]:
    """Send messages; what became of each, as it happens. None now and then, while all wait.

    What was not tried when the hand is stopped, or lost, comes not at all. A gateway that is near
    gets one lane after the other; once it turns out to be far, the lanes left go side by side.
    """
    one_by_one = gateway.in_flight <= 1
    lanes = [ready] if one_by_one else lanes_of(ready)
    allowed = HICCUP
    for place, lane in enumerate(lanes):
        for tried, worded in enumerate(lane, start=1):
            began = time.monotonic()
            outcome = _send(session, worded, hand, pace, now)
            allowed += NEAR - (time.monotonic() - began)
            if outcome is not None:
                yield outcome
            if hand.reason:
                return
            if allowed < 0 and not one_by_one:
                left = [lane[tried:], *lanes[place + 1 :]]
                yield from _side_by_side(gateway, session, left, hand, pace, now)
                return


def _side_by_side(
    gateway: Gateway,
    session: Session,
    lanes: Sequence[Sequence[Worded]],
    hand: Hand,
    pace: Pace,
    now: Callable[[], datetime],
) -> Iterator[Outcome | None]:
    done: queue.SimpleQueue[Outcome | BaseException | None] = queue.SimpleQueue()

    def send_lane(lane: Sequence[Worded]) -> None:
        try:
            for worded in lane:
                if hand.reason:
                    break
                outcome = _send(session, worded, hand, pace, now)
                if outcome is not None:
                    done.put(outcome)
        except BaseException as error:  # carried to the first thread, which raises it
            hand.stop(type(error).__name__)
            done.put(error)
        finally:
            done.put(None)

    left = len(lanes)
    with ThreadPoolExecutor(gateway.in_flight, thread_name_prefix=gateway.channel) as threads:
        for lane in lanes:
            threads.submit(send_lane, lane)
        try:
            while left:
                try:
                    found = done.get(timeout=_LOOK_UP)
                except queue.Empty:
                    yield None
                    continue
                if isinstance(found, BaseException):
                    raise found
                if found is None:
                    left -= 1
                else:
                    yield found
        except BaseException as error:
            # Also who takes the outcomes may have failed, and what nobody records is sent twice.
            hand.stop(type(error).__name__)
            raise


def _send(
    session: Session, worded: Worded, hand: Hand, pace: Pace, now: Callable[[], datetime]
) -> Outcome | None:
    pace.keep()
    delivery = worded.delivery
    if hand.reason or delivery.pk in hand.lost or hand.left <= 0:
        return None
    try:
        taken = session.send(worded.message)
    except Undelivered as error:
        hand.note(error)
        return Outcome(delivery, now(), error=error)
    except Unreachable as error:
        hand.stop(error.reason)
        return None
    except Exception as error:  # one message that cannot even be written stops no other
        # Its own words may hold the address.
        log.error("notice_not_sendable", notice=delivery.notice_id, error=type(error).__name__)
        return Outcome(delivery, now(), error=Undelivered(type(error).__name__))
    hand.note(None)
    return Outcome(delivery, now(), taken=taken)
