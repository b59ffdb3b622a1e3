"""The geometry of charts; pure, drawn by ``templates/components/chart_*.html``.

Along a chart lengths are hundredths of its width and downwards they are CSS pixels: so it is as
wide as its place, and its words stay as large as the page's, on a phone and on paper.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

# The signs of a chart's lines, in their order; a line is known by its sign as much as its colour.
MARKS = (
    "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0z",
    "M-3.6-3.6h7.2v7.2h-7.2z",
    "M0-4.8l4.8 8h-9.6z",
    "M0-5.2l4.8 5.2l-4.8 5.2l-4.8-5.2z",
)
HEIGHT = 224
_TOP, _BOTTOM = 14, HEIGHT - 14
_MOST_TICKS = 5
_NICE = (1, 2, 2.5, 5, 10)
# What two words at the lines' ends need: a line for the figure, one for the name.
_LABEL_HEIGHT = 34
# On a narrow screen every so many labels of the axis are shown, the last among them.
_LABEL_STRIDE = 3
HEAT_LEVELS = 5

Show = Callable[[float], str]


@dataclass(frozen=True)
class Series:
    """One line: its name and a value for each place of the axis, None where there is none."""

    name: str
    values: Sequence[float | None]


@dataclass(frozen=True)
class Point:
    """A value on a line; ``label`` is that of its place on the axis."""

    x: float
    y: float
    value: float
    text: str
    label: str


@dataclass(frozen=True)
class Segment:
    """A straight piece between two neighbouring values."""

    start: Point
    end: Point


@dataclass(frozen=True)
class Line:
    """A series as it is drawn. ``number`` counts from 1; ``label_y`` is where its words stand.

    ``texts`` are its values in words, one for each place, '' for none.
    """

    name: str
    number: int
    mark: str
    points: tuple[Point, ...]
    segments: tuple[Segment, ...]
    texts: tuple[str, ...]
    label_y: float

    @property
    def last(self) -> Point | None:
        """The newest value; None of a line without any."""
        return self.points[-1] if self.points else None

    @property
    def lowest(self) -> Point | None:
        """The lowest value, of equal ones the newest."""
        return min(reversed(self.points), key=lambda point: point.value, default=None)


@dataclass(frozen=True)
class Tick:
    """A value of the upright axis."""

    y: float
    text: str


@dataclass(frozen=True)
class Label:
    """A place of the level axis; a ``minor`` one is left out where it is narrow."""

    x: float
    text: str
    minor: bool


@dataclass(frozen=True)
class LineChart:
    """Everything that ``chart_line.html`` needs. ``target_y`` is None without a target."""

    height: float
    lines: tuple[Line, ...]
    ticks: tuple[Tick, ...]
    labels: tuple[Label, ...]
    target_y: float | None
    target_text: str

    @property
    def is_empty(self) -> bool:
        """Whether there is not one value to draw."""
        return not any(line.points for line in self.lines)

    @property
    def rows(self) -> list[tuple[str, list[str]]]:
        """The table beneath: each place of the axis with the value of every line."""
        return [
            (label.text, [line.texts[index] for line in self.lines])
            for index, label in enumerate(self.labels)
        ]


def line_chart(
    series: Sequence[Series],
    labels: Sequence[str],
    *,
    target: float | None = None,
    show: Show = str,
    show_tick: Show | None = None,
) -> LineChart:
    """Lines over the places ``labels``, with a target line where there is a ``target``.

    ``show`` puts a value into words, ``show_tick`` one of the axis. ``ValueError`` for more lines
    than there are signs to tell them apart, and for a series of another length than ``labels``.
    """
    if len(series) > len(MARKS):
        raise ValueError(f"a chart tells {len(MARKS)} lines apart, not {len(series)}")
    if any(len(one.values) != len(labels) for one in series):
        raise ValueError("a line has one value for each label")
    known = [value for one in series for value in one.values if value is not None]
    if target is not None:
        known.append(target)
    # Where there is but one value, the axis begins with nothing.
    least = min(known, default=0.0)
    values = ticks(least if least < max(known, default=1.0) else 0.0, max(known, default=1.0))
    low, high = values[0], values[-1]

    def y_of(value: float) -> float:
        return round(_BOTTOM - (value - low) / (high - low) * (_BOTTOM - _TOP), 1)

    place = [_share(index, len(labels)) for index in range(len(labels))]
    drawn = []
    for number, one in enumerate(series, 1):
        found = [
            None if value is None else Point(place[i], y_of(value), value, show(value), labels[i])
            for i, value in enumerate(one.values)
        ]
        segments = tuple(
            Segment(start, end)
            for start, end in pairwise(found)
            if start is not None and end is not None
        )
        points = tuple(point for point in found if point is not None)
        texts = tuple(point.text if point else "" for point in found)
        drawn.append((one.name, number, points, segments, texts))
    ends = [points[-1].y if points else _BOTTOM for _n, _i, points, _s, _t in drawn]
    words = spread(ends, least=_LABEL_HEIGHT, low=_TOP, high=_BOTTOM)
    last = len(labels) - 1
    return LineChart(
        height=HEIGHT,
        lines=tuple(
            Line(name, number, MARKS[number - 1], points, segments, texts, label_y)
            for (name, number, points, segments, texts), label_y in zip(drawn, words, strict=True)
        ),
        ticks=tuple(Tick(y_of(value), (show_tick or show)(value)) for value in values),
        labels=tuple(
            Label(place[index], text, bool((last - index) % _LABEL_STRIDE))
            for index, text in enumerate(labels)
        ),
        target_y=None if target is None else y_of(target),
        target_text="" if target is None else (show_tick or show)(target),
    )


def _share(index: int, count: int) -> float:
    """Where a place stands, in hundredths; a single one in the middle."""
    return round(index / (count - 1) * 100, 2) if count > 1 else 50.0


def ticks(low: float, high: float) -> list[float]:
    """Two to six round values, evenly apart, from at or below ``low`` to at or above ``high``."""
    span = high - low or abs(high) or 1.0
    power = 10 ** math.floor(math.log10(span / _MOST_TICKS))
    step = next(nice * power for nice in _NICE if span / (nice * power) <= _MOST_TICKS)
    first = math.floor(low / step + 1e-9)
    last = max(math.ceil(high / step - 1e-9), first + 1)
    return [round(number * step, 10) for number in range(first, last + 1)]


def spread(wanted: Sequence[float], *, least: float, low: float, high: float) -> list[float]:
    """Heights as near to ``wanted`` as can be, in the same order, at least ``least`` apart.

    Between ``low`` and ``high``, as far as there is room for all of them.
    """
    order = sorted(range(len(wanted)), key=lambda index: wanted[index])
    found = list(wanted)
    floor = low
    for index in order:
        found[index] = max(found[index], floor)
        floor = found[index] + least
    ceiling = high
    for index in reversed(order):
        found[index] = min(found[index], ceiling)
        ceiling = found[index] - least
    return [round(height, 1) for height in found]


@dataclass(frozen=True)
class Amount:
    """One bar: what it counts, how many, and where the figure leads.

    ``note`` stands under ``label``; ``tone`` is one of the tones of a state, '' for none.
    """

    label: str
    value: float
    note: str = ""
    tone: str = ""
    url: str = ""


@dataclass(frozen=True)
class Bar:
    """An amount as it is drawn; ``width`` in hundredths of the longest."""

    amount: Amount
    width: float
    text: str


def bar_chart(amounts: Sequence[Amount], *, show: Show = str) -> list[Bar]:
    """Bars against the longest of them; an amount that is not nothing is never drawn as nothing."""
    most = max((amount.value for amount in amounts), default=0)
    return [
        Bar(amount, _width(amount.value, most), show(amount.value) if amount.value else "–")
        for amount in amounts
    ]


def _width(value: float, most: float) -> float:
    return max(round(value / most * 100, 1), 1.0) if value else 0.0


@dataclass(frozen=True)
class HeatCell:
    """A figure and how strong its colour is: 0 for none, up to ``HEAT_LEVELS``.

    ``text`` is a dash where nothing is known, which is not the same as 0.
    """

    text: str
    level: int


@dataclass(frozen=True)
class HeatRow:
    """A row of the map."""

    label: str
    cells: tuple[HeatCell, ...]


@dataclass(frozen=True)
class HeatMap:
    """Counts by row and column; ``key`` gives each level that is used the counts it stands for."""

    columns: tuple[str, ...]
    rows: tuple[HeatRow, ...]
    key: tuple[tuple[int, str], ...]


def heat_map(rows: Sequence[tuple[str, Sequence[int | None]]], columns: Sequence[str]) -> HeatMap:
    """Counts as colours of equal steps up to the largest, each with its figure.

    ``ValueError`` for a row of another length than ``columns``.
    """
    if any(len(values) != len(columns) for _label, values in rows):
        raise ValueError("a row has one value for each column")
    most = max((value or 0 for _label, values in rows for value in values), default=0)
    return HeatMap(
        columns=tuple(columns),
        rows=tuple(
            HeatRow(label, tuple(_cell(value, most) for value in values)) for label, values in rows
        ),
        key=tuple(_key(most)),
    )


def _level(value: int, most: int) -> int:
    return math.ceil(value * HEAT_LEVELS / most) if value else 0


def _cell(value: int | None, most: int) -> HeatCell:
    if value is None:
        return HeatCell("–", 0)
    return HeatCell(str(value), _level(value, most))


def _key(most: int) -> list[tuple[int, str]]:
    """The counts of each level, '1-3' or '4'; few counts leave some levels unused."""
    found: dict[int, list[int]] = {}
    for value in range(most + 1):
        found.setdefault(_level(value, most), []).append(value)
    return [
        (level, str(counts[0]) if len(counts) == 1 else f"{counts[0]}–{counts[-1]}")
        for level, counts in found.items()
    ]
