"""The months before: what a city's courts do on ordinary days, mostly in time."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from liaison.models import Channel, Grade
from reports.demonstration.days import Days
from reports.demonstration.scenes import Scene

# How many came over which openings: the last weeks were busy. They must outweigh what is late
# today, also where both fall into one month.
_STRETCHES = ((28, 62, 24), (42, 23, 5))
# From this opening on only the scenes of today are late.
_IN_TIME_SINCE = 20
# From this opening on every third that is dispatched is about the same: a hot issue.
_HOT, _HOT_SINCE = "pay_out", 44
# Busier courts more often.
_COURTS = (
    "donghu", "xiling", "donghu", "nanping", "beiyuan",
    "donghu", "xiling", "shifan", "nanping", "beiyuan",
)  # fmt: skip
_OFFICE_HOURS = (Channel.HALL, Channel.HOTLINE, Channel.INQUIRY_MACHINE, Channel.SERVICE_MACHINE)
_CHANNELS = (
    Channel.WEBSITE, Channel.HOTLINE, Channel.WECHAT, Channel.HALL, Channel.MINI_PROGRAM,
    Channel.TEXT_MESSAGE, Channel.WEBSITE, Channel.SERVICE_MACHINE, Channel.HOTLINE,
    Channel.INQUIRY_MACHINE, Channel.WECHAT,
)  # fmt: skip
_OPINION_CHANNELS = (Channel.PRESIDENT_MAILBOX, Channel.ONLINE_COMPLAINT)
# What becomes of one after the other: the number of openings after dispatch, and how. In a
# month's stretch some ten in a hundred are late, so that the rates have something to say; a
# party who was called on the first day was reached in time even where the reply came late.
_COURSE: tuple[tuple[str, int], ...] = (
    ("written", 1), ("spoken", 1), ("spot", 0), ("written", 2), ("slow_desk", 1), ("spot", 0),
    ("written", 3), ("written", 4), ("uncalled", 1), ("spoken", 2), ("spot", 0), ("assisted", 2),
    ("called", 4), ("written", 2), ("spot", 0), ("slow_desk", 1), ("written", 1), ("spot", 0),
    ("spoken", 2), ("written", 6), ("written", 1), ("spoken", 1), ("withdrawn", 1), ("written", 2),
)  # fmt: skip
_LATEST = {12: 8}
# What parties say of the answers, one after the other; a third of them say nothing.
_RATINGS: tuple[tuple[str, str] | None, ...] = (
    None, (Grade.SATISFIED, ""), (Grade.VERY_SATISFIED, "电话里讲得很清楚，谢谢。"), None,
    (Grade.SATISFIED, ""), None, (Grade.PARTLY_SATISFIED, "答复了，但还要再跑一趟。"),
    (Grade.SATISFIED, ""), None, (Grade.VERY_SATISFIED, ""),
    (Grade.NOT_SATISFIED, "等了好几天，回复太笼统。"),
    (Grade.SATISFIED, "工作人员态度很好。"), None,
)  # fmt: skip


def history(
    days: Days,
    texts: Mapping[str, Mapping[str, Any]],
    has: Callable[[str, str], bool],
) -> Iterator[Scene]:
    """The ordinary scenes; ``has`` tells whether a court has a division for a branch.

    The same ``days`` give the same scenes.
    """
    chance = random.Random(20200515)  # noqa: S311 - variety, not secrecy
    on_the_spot = [key for key, text in texts.items() if "answer" in text]
    dispatched = [key for key, text in texts.items() if text["matter"] != "opinions"]
    spots = orders = 0
    for index, number in enumerate(_numbers()):
        course, wait = _COURSE[index % len(_COURSE)]
        wait = _LATEST.get(index, wait)
        if number <= _IN_TIME_SINCE:
            wait = min(wait, 2)
        if course == "spot":
            key, spots = on_the_spot[spots % len(on_the_spot)], spots + 1
        else:
            key, orders = dispatched[(orders * 5) % len(dispatched)], orders + 1
            if number <= _HOT_SINCE and orders % 3 == 0:
                key = _HOT
        branch = texts[key]["branch"]
        if branch == "any":
            branch = ("civil", "enforcement")[index % 2]
        slug = _court(index, branch, has)
        opened_at, taken_at = _arrival(days, number, index, chance)
        channel = _channel(index, texts[key]["matter"])
        if channel in _OFFICE_HOURS:
            opened_at = days.at(number, f"09:{chance.randrange(3, 30):02d}")
            taken_at = opened_at + timedelta(minutes=chance.randrange(6, 50))
        scene = Scene(
            f"past_{index:02d}", key, slug, branch, opened_at, channel, index % 2, index % 3 % 2
        )
        _play(scene, days, number, course, wait, taken_at, chance, _RATINGS[index % len(_RATINGS)])
        yield scene


def _numbers() -> Iterator[int]:
    """The openings on whose days they came."""
    for count, first, last in _STRETCHES:
        for index in range(count):
            yield first - index * (first - last) // (count - 1)


def _court(index: int, branch: str, has: Callable[[str, str], bool]) -> str:
    """The next court in turn that has the branch."""
    for step in range(len(_COURTS)):
        slug = _COURTS[(index + step) % len(_COURTS)]
        if has(slug, branch):
            return slug
    raise LookupError(branch)


def _channel(index: int, matter: str) -> str:
    channels: Sequence[str] = _OPINION_CHANNELS if matter == "opinions" else _CHANNELS
    return channels[index % len(channels)]


def _arrival(
    days: Days, number: int, index: int, chance: random.Random
) -> tuple[datetime, datetime]:
    """When it came (by day, in the evening or on the day off before) and when it was taken up."""
    minute = chance.randrange(60)
    if index % 4 == 3:
        return days.eve(number, f"20:{minute:02d}"), days.at(number, "09:20")
    opened_at = days.at(number, f"{chance.randrange(9, 15):02d}:{minute:02d}")
    return opened_at, opened_at + timedelta(minutes=chance.randrange(12, 130))


def _play(
    scene: Scene,
    days: Days,
    number: int,
    course: str,
    wait: int,
    taken_at: datetime,
    chance: random.Random,
    rating: tuple[str, str] | None,
) -> None:
    def on(later: int, hour: int) -> datetime:
        return days.at(number - later, f"{hour:02d}:{chance.randrange(60):02d}")

    def rated(later: int) -> None:
        """In the evening of the day on which the answer came."""
        if rating is not None:
            grade, remark = rating
            at = days.at(number - later, f"20:{number % 60:02d}")
            scene.do("rate", at, grade=grade, remark=remark)

    if course == "spot":
        scene.do("answer", taken_at)
        rated(0)
        return
    if course == "slow_desk":
        number -= 2  # taken up after the limit of acceptance
        taken_at = on(0, 10)
    scene.do("route", taken_at)
    if course == "withdrawn":
        scene.do("withdraw", on(wait, 12))
        return
    if wait > 1:
        scene.do("acknowledge", on(1, 9))
    if course == "assisted":
        scene.do("assist", on(1, 10), to=None, text="请协助核对本案送达与保全的情况。")
        scene.do("assist_reply", on(wait, 9), text="经核对，送达回证和保全裁定均已附卷。")
    if course == "spoken":
        scene.do("contact", on(wait, 16), reached=True, is_answer=True)
        rated(wait)
        return
    if course != "uncalled":
        scene.do("contact", on(1 if course == "called" else wait, 14), reached=True)
    scene.do("reply", on(wait, 15))
    rated(wait)
    if chance.random() < 0.5 and number - wait > 3:
        scene.do("complete", on(wait + 2, 11))
