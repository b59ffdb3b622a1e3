"""Groups of requests that say much the same, and which of the groups are hot; pure.

Short clauses that come again and again word for word ("thank you", "please reply soon") are left
out. Chinese is read without cutting it into words: a text is its pairs of neighbouring characters,
and a pair weighs the more the fewer texts have it, in the subject three times. A text joins the
group whose centre it is most like, if it is like it enough, and may change over when all are there.
How this was found, and what it finds: ``docs/decisions/2026-11-27-issues.md``.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

# A text is like a group from this cosine on.
ALIKE = 0.18
# A clause of so many characters at most is a stock phrase once so many texts have it.
STOCK_LENGTH, STOCK_TEXTS, STOCK_SHARE = 14, 4, 0.004
# Pairs that fewer texts have tell of no group, those that more than a quarter have of none either
# (where there are more than a few: among four texts one group may be all).
LEAST_TEXTS, MOST_SHARE, FEW_TEXTS = 3, 0.25, 12
SUBJECT_WEIGHT = 3
# A text is known by so many pairs, the heaviest; a long one is no more like others for its length.
MOST_MARKS = 60
MOST_CHARACTERS = 2000
PASSES = 2
_CLAUSES = re.compile(r"[，。！？；：、,.!?;:\s…~～]+")
_RUN = re.compile(r"[\u4e00-\u9fff]{2,}|[A-Za-z]{2,}")


@dataclass(frozen=True, slots=True)
class Said:
    """What a request says, who asks, and of which court; ``is_now``: in the month in hand."""

    request_id: int
    party: int | str
    court_id: int
    subject: str
    text: str
    is_now: bool


@dataclass(frozen=True)
class Group:
    """Requests that say much the same.

    ``members`` are those of the month in hand, the most typical first. ``parties`` and ``courts``
    are counted over them, ``before`` is how many there were in the months before.
    """

    members: tuple[int, ...]
    parties: int
    courts: int
    before: int


def marks(text: str) -> frozenset[str]:
    """What a text is known by: pairs of neighbouring Chinese characters, and whole Latin words."""
    found: set[str] = set()
    for run in _RUN.findall(text):
        if run.isascii():
            found.add(run.lower())
        else:
            found.update(map("".join, pairwise(run)))
    return frozenset(found)


def groups(texts: Iterable[Said]) -> list[Group]:
    """The groups of two texts or more with anybody in the month in hand.

    The order in which the texts are given makes no difference.
    """
    rows = sorted(texts, key=lambda one: one.request_id)
    known = _known(rows)
    found = [_group(rows, known, places) for places in _gather(known)]
    return [group for group in found if group.members and len(group.members) + group.before > 1]


def _known(rows: Sequence[Said]) -> list[dict[str, float]]:
    """What each text is known by, with weights: of length 1 at most, or empty."""
    subjects = [marks(row.subject) for row in rows]
    texts = _without_stock_phrases([row.text[:MOST_CHARACTERS] for row in rows])
    read = [one | marks(text) for one, text in zip(subjects, texts, strict=True)]
    spread = Counter(mark for one in read for mark in one)
    most = max(FEW_TEXTS, int(len(rows) * MOST_SHARE))
    weight = {mark: math.log((len(rows) + 1) / number) for mark, number in spread.items()}
    known = []
    for subject, one in zip(subjects, read, strict=True):
        of = sorted(
            (-weight[mark] * (SUBJECT_WEIGHT if mark in subject else 1), mark)
            for mark in one
            if spread[mark] <= most
        )
        shared = [pair for pair in of if spread[pair[1]] >= LEAST_TEXTS][:MOST_MARKS]
        alone = [pair for pair in of if spread[pair[1]] < LEAST_TEXTS]
        # What it has alone makes it less like others.
        length = math.sqrt(sum(value * value for value, _mark in (*shared, *alone)))
        known.append({mark: -value / length for value, mark in shared})
    return known


def _without_stock_phrases(texts: Sequence[str]) -> list[str]:
    parted = [[clause for clause in _CLAUSES.split(text) if clause] for text in texts]
    spread = Counter(clause for clauses in parted for clause in set(clauses))
    least = max(STOCK_TEXTS, len(texts) * STOCK_SHARE)
    stock = {
        clause
        for clause, number in spread.items()
        if number >= least and len(clause) <= STOCK_LENGTH
    }
    return ["，".join(one for one in clauses if one not in stock) for clauses in parted]


class _Gathering:
    """Texts, by their places, in groups; a group's centre is the sum of its texts."""

    def __init__(self, known: Sequence[Mapping[str, float]]) -> None:
        self._known = known
        self.groups: list[set[int]] = []
        self._centres: dict[str, dict[int, float]] = defaultdict(dict)
        self._squares: list[float] = []  # of the lengths of the centres
        self._at: dict[int, int] = {}

    def place(self, place: int) -> None:
        """Put a text where it is most like, or by itself."""
        before = self._at.get(place)
        if before is not None:
            self._move(place, before, -1)
        group = self._most_like(place)
        if group is None:
            group = before if before is not None and not self.groups[before] else self._new()
        self._move(place, group, 1)

    def _new(self) -> int:
        self.groups.append(set())
        self._squares.append(0.0)
        return len(self.groups) - 1

    def _most_like(self, place: int) -> int | None:
        products: dict[int, float] = defaultdict(float)
        for mark, value in self._known[place].items():
            for group, of_centre in self._centres[mark].items():
                products[group] += value * of_centre
        like = {
            group: product / math.sqrt(self._squares[group])
            for group, product in products.items()
            if self.groups[group]
        }
        best = min(like, key=lambda group: (-like[group], group), default=None)
        return best if best is not None and like[best] >= ALIKE else None

    def _move(self, place: int, group: int, sign: int) -> None:
        grown = 0.0
        for mark, value in self._known[place].items():
            centre = self._centres[mark]
            old = centre.get(group, 0.0)
            centre[group] = new = old + sign * value
            grown += new * new - old * old
        self._squares[group] += grown
        if sign > 0:
            self.groups[group].add(place)
            self._at[place] = group
            return
        self.groups[group].discard(place)
        if not self.groups[group]:
            # Nothing is left of what sums leave behind.
            self._squares[group] = 0.0
            for mark in self._known[place]:
                self._centres[mark].pop(group, None)


def _gather(known: Sequence[Mapping[str, float]]) -> list[list[int]]:
    """Places of ``known``, by group."""
    gathering = _Gathering(known)
    for _pass in range(PASSES):
        for place, one in enumerate(known):
            if one:
                gathering.place(place)
    return [sorted(group) for group in gathering.groups if group]


def _group(
    rows: Sequence[Said], known: Sequence[Mapping[str, float]], places: Sequence[int]
) -> Group:
    centre: dict[str, float] = defaultdict(float)
    for place in places:
        for mark, value in known[place].items():
            centre[mark] += value

    def nearness(place: int) -> float:
        return sum(value * centre[mark] for mark, value in known[place].items())

    now = [place for place in places if rows[place].is_now]
    now.sort(key=lambda place: (-nearness(place), rows[place].request_id))
    return Group(
        members=tuple(rows[place].request_id for place in now),
        parties=len({rows[place].party for place in now}),
        courts=len({rows[place].court_id for place in now}),
        before=len(places) - len(now),
    )


def hot(
    found: Iterable[Group], *, least_parties: int, months_before: int, most: int
) -> list[Group]:
    """The hottest groups, at most ``most``: of ``least_parties`` different parties or more, and not
    fewer requests than in a month of the ``months_before`` before it."""
    fitting = [
        group
        for group in found
        if group.parties >= least_parties and len(group.members) * months_before >= group.before
    ]
    fitting.sort(
        key=lambda one: (
            -one.parties,
            one.before / len(one.members),  # the less there was before, the more it has grown
            -one.courts,
            one.members,
        )
    )
    return fitting[:most]
