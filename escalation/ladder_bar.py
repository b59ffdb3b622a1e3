"""The geometry of the ladder bar, the product's own sign; pure, drawn by ``ladder_bar.html``.

A line of days from day 0: business days are cells of one width, days off thin gaps. The rungs
stand where they fire: at the left edge of the day of their due instant, which is the end of the
last business day that they wait for. Lengths are SVG user units, y grows downwards.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Literal

DayKind = Literal["business", "weekend", "holiday", "make_up", "closure"]
Size = Literal["row", "detail", "print"]

_WORKED = ("business", "make_up")
_USUAL_DAYS = 10  # day 0 to business day 9, where the Guangzhou ladder ends


@dataclass(frozen=True)
class Day:
    """A calendar day. ``number`` is its business-day number from day 0, None if it has none."""

    on: date
    number: int | None
    kind: DayKind
    name: str = ""


@dataclass(frozen=True)
class Rung:
    """A step of the ladder.

    ``passed`` is its cumulative n, ``waited`` the same in words ("3 business days"), empty where
    it would not be true of the whole wait; ``due_at`` the aware instant at which it fires or
    fired, ``fired_at`` the instant of the firing. ``icon`` is a key of ``FIGURES``; ``label``
    the office in the reader's language, ``spoken`` the same inside a sentence ("the
    department's leader"), ``name`` the person, if known and if the reader may see it.
    ``offices`` says how many are named, ``is_warning`` that the step reminds and does not rise.
    ``was_told`` is false of a firing that was recorded and went to nobody.
    """

    key: str
    label: str
    icon: str
    passed: int
    due_at: datetime
    fired_at: datetime | None = None
    name: str = ""
    spoken: str = ""
    offices: int = 1
    is_warning: bool = False
    was_told: bool = True
    waited: str = ""


@dataclass(frozen=True)
class Ladder:
    """What the bar shows. ``days`` are consecutive, from day 0 on; ``limit_on`` is a local date.

    ``limit_at`` is the aware end of a limit in minutes, ``is_late`` whether it has come.
    ``provisional`` are the years of days shown whose schedule is not yet announced.
    """

    days: Sequence[Day]
    rungs: Sequence[Rung]
    today: date
    zone: tzinfo
    limit_on: date | None = None
    stopped_at: datetime | None = None
    provisional: Sequence[int] = ()
    limit_at: datetime | None = None
    is_late: bool = False


@dataclass(frozen=True)
class Cell:
    """A worked day, or day 0."""

    x: float
    width: float
    day: Day
    tone: str
    zero: bool

    @property
    def middle(self) -> float:
        """Where a figure under the cell is centred."""
        return round(self.x + self.width / 2, 1)


@dataclass(frozen=True)
class Gap:
    """A run of days off, drawn as one thin gap; ``names`` are those of holidays and closures."""

    x: float
    width: float
    first: date
    last: date
    names: tuple[str, ...]

    @property
    def x_end(self) -> float:
        """The right end of the gap."""
        return round(self.x + self.width, 1)


@dataclass(frozen=True)
class Mark:
    """A rung on the line. ``state`` is fired, next, ahead, or spared (an answer came before).

    ``unannounced`` is the year of its instant, if the schedule of that year is not announced.
    """

    x: float
    rung: Rung
    state: Literal["fired", "next", "ahead", "spared"]
    paths: tuple[str, ...]
    drawn: bool
    figure_x: float
    figure_y: float
    scale: float
    unannounced: int | None = None


@dataclass(frozen=True)
class Bar:
    """Everything the template needs, in one size."""

    size: Size
    width: float
    height: float
    line_y: float
    line_height: float
    cells: tuple[Cell, ...]
    gaps: tuple[Gap, ...]
    marks: tuple[Mark, ...]
    tone: str
    business_day: int
    limit_days: int | None
    limit_on: date | None
    limit_x: float | None
    today_x: float | None
    end_x: float | None
    folded: int
    folded_x: float
    stopped_on: date | None
    provisional: Sequence[int]
    limit_at: datetime | None
    is_late: bool

    @property
    def limit_unannounced(self) -> int | None:
        """The year of the limit's last day, if the schedule of that year is not announced."""
        if self.limit_on is None or self.limit_on.year not in self.provisional:
            return None
        return self.limit_on.year

    @property
    def line_bottom(self) -> float:
        """The lower edge of the line."""
        return self.line_y + self.line_height

    @property
    def line_middle(self) -> float:
        """The middle of the line's height."""
        return self.line_y + self.line_height / 2

    @property
    def sign_scale(self) -> float:
        """How large the signs for today and for the answer are drawn."""
        return 0.65 if self.size == "row" else 1.0

    @property
    def next_mark(self) -> Mark | None:
        """The rung that fires next, if the clock runs on."""
        return next((mark for mark in self.marks if mark.state == "next"), None)

    @property
    def last_fired(self) -> Mark | None:
        """The highest rung that fired and was told to anybody."""
        fired = [mark for mark in self.marks if mark.state == "fired" and mark.rung.was_told]
        return fired[-1] if fired else None

    @property
    def over_days(self) -> int:
        """Business days beyond the limit; 0 while within it."""
        return 0 if self.limit_days is None else max(self.business_day - self.limit_days, 0)


@dataclass(frozen=True)
class _Frame:
    width: float
    height: float
    margin: float
    line_y: float
    line_height: float
    gap: float
    between: float
    figure: float
    stem: float
    most_days: int


_FRAMES: dict[Size, _Frame] = {
    "row": _Frame(120, 24, 4, 15, 5, 2.5, 1, 11, 1.5, 10),
    "detail": _Frame(640, 92, 12, 50, 10, 12, 2, 26, 14, 15),
    "print": _Frame(640, 92, 12, 50, 10, 12, 2, 26, 14, 15),
}

# Small figures of the office a rung goes to, on a 16 by 16 grid: the same person for every office
# of the own court, under one, two or three bars as it stands higher; a court for the superior one.
_HEAD = "M8 2.2a2.9 2.9 0 1 1 0 5.8a2.9 2.9 0 1 1 0-5.8z"
_BODY = "M2.6 14.6c0-3.2 2.2-5.2 5.4-5.2s5.4 2 5.4 5.2z"
_LOW_HEAD = "M8 5.2a2.3 2.3 0 1 1 0 4.6a2.3 2.3 0 1 1 0-4.6z"
_LOW_BODY = "M2.9 15.4c0-2.6 2-4.3 5.1-4.3s5.1 1.7 5.1 4.3z"
_ONE_BAR = "M7.1 .6h1.8v2h-1.8z"
_TWO_BARS = ("M4.9 .6h1.8v2h-1.8z", "M9.3 .6h1.8v2h-1.8z")
_THREE_BARS = ("M2.7 .6h1.8v2h-1.8z", _ONE_BAR, "M11.5 .6h1.8v2h-1.8z")
FIGURES: dict[str, tuple[str, ...]] = {
    "unit": ("M3 13h10l-1.4-2.2V7.4a3.6 3.6 0 0 0-7.2 0v3.4z", "M6.8 14.6h2.4"),
    "officer": (_HEAD, _BODY, "M11.6 1.6h3v3h-3z"),
    "leader": (_LOW_HEAD, _LOW_BODY, _ONE_BAR),
    "deputy": (_LOW_HEAD, _LOW_BODY, *_TWO_BARS),
    "president": (_LOW_HEAD, _LOW_BODY, *_THREE_BARS),
    "superior": (
        "M8 1.2l6.6 3.6v1.5h-13.2v-1.5z",
        "M2.8 7.4h2v4.6h-2z",
        "M7 7.4h2v4.6h-2z",
        "M11.2 7.4h2v4.6h-2z",
        "M1.4 13h13.2v2h-13.2z",
    ),
}


def draw(ladder: Ladder, size: Size) -> Bar:
    """The bar of ``ladder`` in ``size``.

    Days past what fits are folded: ``Bar.folded`` counts the business days between the drawn
    end and today (or the answer), and rungs beyond it keep their place in the text only.
    ``ValueError`` if ``ladder`` has no day 0.
    """
    if not ladder.days:
        raise ValueError("a ladder bar needs at least day 0")
    frame = _FRAMES[size]
    stopped_on = _stopped_on(ladder)
    reached = _reached(ladder)
    shown = _shown(ladder, frame.most_days)
    cells, gaps, edges = _lay(ladder, shown, frame, stopped_on)
    business_day = _number_at(ladder.days, reached)
    last_drawn = max((day.number or 0 for day in shown), default=0)
    limit_cell = next((cell for cell in cells if cell.day.on == ladder.limit_on), None)
    reached_cell = [cell for cell in cells if cell.day.on <= reached][-1:]
    folded = max(business_day - last_drawn, 0)
    end_x = None
    if stopped_on:
        end_x = reached_cell[0].x + reached_cell[0].width if reached_cell else frame.margin
    marks = _marks(ladder, frame, edges)
    return Bar(
        size=size,
        width=frame.width,
        height=frame.height,
        line_y=frame.line_y,
        line_height=frame.line_height,
        cells=cells,
        gaps=gaps,
        marks=marks,
        tone=_tone(ladder, stopped_on),
        business_day=business_day,
        limit_days=_number_at(ladder.days, ladder.limit_on) if ladder.limit_on else None,
        limit_on=ladder.limit_on,
        limit_x=round(limit_cell.x + limit_cell.width, 1) if limit_cell else None,
        today_x=reached_cell[0].middle if reached_cell and not stopped_on and not folded else None,
        end_x=round(end_x, 1) if end_x is not None else None,
        folded=folded,
        folded_x=round(frame.width - frame.margin - (17 if size == "row" else 34), 1),
        stopped_on=stopped_on,
        provisional=ladder.provisional,
        limit_at=ladder.limit_at,
        is_late=ladder.is_late,
    )


def _stopped_on(ladder: Ladder) -> date | None:
    return ladder.stopped_at.astimezone(ladder.zone).date() if ladder.stopped_at else None


def _reached(ladder: Ladder) -> date:
    """The day that the count has come to: today, or the day of the answer."""
    return _stopped_on(ladder) or ladder.today


def _shown(ladder: Ladder, most: int) -> Sequence[Day]:
    """The days to draw: day 0 to business day 9, on to the last rung or today where it fits.

    At most ``most`` worked days, day 0 counted in, and no days off at the end.
    """
    last = max((rung.due_at.astimezone(ladder.zone).date() for rung in ladder.rungs), default=None)
    reached = _reached(ladder)
    wanted = max(reached, last) if last else reached
    worked = 0
    end = 0
    for index, day in enumerate(ladder.days):
        if index == 0 or day.kind in _WORKED:
            worked += 1
            if worked > most or (worked > _USUAL_DAYS and day.on > wanted):
                break
            end = index + 1
    return ladder.days[:end]


def _lay(
    ladder: Ladder, shown: Sequence[Day], frame: _Frame, stopped_on: date | None
) -> tuple[tuple[Cell, ...], tuple[Gap, ...], dict[date, float]]:
    """Cells, gaps, and the left edge of every shown day."""
    runs: list[list[Day]] = []
    for index, day in enumerate(shown):
        off = index > 0 and day.kind not in _WORKED
        if off and runs and runs[-1][0].kind not in _WORKED and runs[-1][0] is not shown[0]:
            runs[-1].append(day)
        else:
            runs.append([day])
    worked = sum(1 for run in runs if run[0] is shown[0] or run[0].kind in _WORKED)
    off_runs = len(runs) - worked
    folds = _number_at(ladder.days, _reached(ladder)) > max(day.number or 0 for day in shown)
    tail = (20.0 if frame.width < 200 else 40.0) if folds else 0.0
    room = frame.width - 2 * frame.margin - tail - off_runs * frame.gap - worked * frame.between
    width = min(room / max(worked, 1), frame.width / 7)
    x = frame.margin
    cells: list[Cell] = []
    gaps: list[Gap] = []
    edges: dict[date, float] = {}
    for run in runs:
        edges.update((day.on, round(x, 1)) for day in run)
        first = run[0]
        if first is shown[0] or first.kind in _WORKED:
            zero = first is shown[0]
            tone = "day-zero" if zero else _cell_tone(first.on, ladder, stopped_on)
            cells.append(Cell(round(x, 1), round(width, 1), first, tone, zero))
            x += width + frame.between
        else:
            names = tuple(dict.fromkeys(day.name for day in run if day.name))
            gaps.append(Gap(round(x, 1), frame.gap - frame.between, first.on, run[-1].on, names))
            x += frame.gap
    return tuple(cells), tuple(gaps), edges


def _cell_tone(on: date, ladder: Ladder, stopped_on: date | None) -> str:
    late = ladder.limit_on is not None and on > ladder.limit_on
    if stopped_on is not None:
        return "unused" if on > stopped_on else "late" if late else "done"
    if on > ladder.today:
        return "day"
    if late:
        return "late"
    if on == ladder.today and on == ladder.limit_on:
        return "due"
    return "today" if on == ladder.today else "passed"


def _marks(ladder: Ladder, frame: _Frame, edges: dict[date, float]) -> tuple[Mark, ...]:
    rungs = sorted(ladder.rungs, key=lambda rung: (rung.due_at, rung.passed))
    marks: list[Mark] = []
    next_named = ladder.stopped_at is not None
    scale = frame.figure / 16
    free_from = frame.margin - frame.figure / 2
    for rung in rungs:
        state: Literal["fired", "next", "ahead", "spared"]
        if rung.fired_at is not None:
            state = "fired"
        elif ladder.stopped_at is not None:
            state = "spared"
        elif not next_named:
            state, next_named = "next", True
        else:
            state = "ahead"
        due_on = rung.due_at.astimezone(ladder.zone).date()
        x = edges.get(due_on)
        drawn = x is not None and x - frame.figure / 2 >= free_from
        place = x if x is not None else frame.width
        if drawn:
            free_from = place + frame.figure / 2 - 1.5
        marks.append(
            Mark(
                x=round(place, 1),
                rung=rung,
                state=state,
                paths=FIGURES.get(rung.icon, FIGURES["leader"]),
                drawn=drawn,
                figure_x=round(place - frame.figure / 2, 1),
                figure_y=round(frame.line_y - frame.stem - frame.figure, 1),
                scale=round(scale, 3),
                unannounced=due_on.year if due_on.year in ladder.provisional else None,
            )
        )
    return tuple(marks)


def _number_at(days: Sequence[Day], on: date) -> int:
    """The business-day number reached by ``on``: that of the last worked day not after it."""
    return max((day.number for day in days if day.on <= on and day.number is not None), default=0)


def _tone(ladder: Ladder, stopped_on: date | None) -> str:
    if stopped_on is not None:
        return "done"
    if ladder.limit_on is not None and ladder.today > ladder.limit_on:
        return "late"
    if ladder.limit_on is not None and ladder.today == ladder.limit_on:
        return "due"
    return "running"
