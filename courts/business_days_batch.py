"""Counting business days for many dates at once, as arrays of ``numpy``; pure.

The same count as ``BusinessCalendar``, one look-up for a whole column. It is for whoever has such
columns (a replay, an analysis, a benchmark); the servers need no ``numpy`` and do not import this.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from courts.business_days import BusinessCalendar, OutOfCalendar

Dates = NDArray[np.datetime64]


class BatchCalendar:
    """The business days of one court for columns of local dates (``datetime64[D]``)."""

    def __init__(self, calendar: BusinessCalendar) -> None:
        business, passed = calendar.as_arrays()
        self._first = np.datetime64(calendar.first, "D")
        self._business: Dates = np.array(business, dtype="datetime64[D]")
        self._passed: NDArray[np.intp] = np.array(passed, dtype=np.intp)

    def nth_after(self, day0: Dates, n: int) -> Dates:
        """Business day ``n`` (1 or more) after each date; see ``BusinessCalendar.nth_after``.

        Raises ``OutOfCalendar`` when any date, or the day found for it, lies in a year the
        calendar does not know (or is not a date at all).
        """
        if n < 1:
            raise ValueError("business days are counted from 1")
        known = self._passed[self._passed + n <= len(self._business)]
        # One answer for every date of the calendar, then one look-up for every date asked.
        answers = self._business[known + (n - 1)]
        return answers[self._offsets(day0, len(answers))]

    def number_of(self, day0: Dates, day: Dates) -> NDArray[np.intp]:
        """How many business days lie after each ``day0`` up to and including ``day`` (0 if none).

        Raises ``OutOfCalendar`` when any date lies in a year the calendar does not know.
        """
        known = len(self._passed)
        counted = self._passed[self._offsets(day, known)] - self._passed[self._offsets(day0, known)]
        return np.maximum(counted, 0)

    def _offsets(self, days: Dates, known: int) -> NDArray[np.int64]:
        """Days since the first of the calendar, all of them among the ``known`` first ones."""
        offsets = (days.astype("datetime64[D]", copy=False) - self._first).view(np.int64)
        # Read without a sign, a date before the first (and no date at all) is a huge offset.
        unsigned = offsets.view(np.uint64)
        if unsigned.size and unsigned.max() >= known:
            raise OutOfCalendar(str(days.flat[int(unsigned.argmax())]))
        return offsets
