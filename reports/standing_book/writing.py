"""Writes entries of the standing book as CSV and as a workbook."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from typing import IO, Any

import xlsxwriter
from django.utils.translation import gettext as _
from xlsxwriter.utility import xl_col_to_name

from reports.standing_book.columns import TIMELINESS, Column, Value
from reports.standing_book.handling import Entry
from reports.standing_book.rules import Timeliness

BOM = "\ufeff".encode()
# A workbook cannot be continued; beyond this many requests CSV is the form to take.
MOST_ROWS_OF_A_SHEET = 200_000
# A spreadsheet takes a cell that begins so for a formula.
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
INSTANT, DAY = "%Y-%m-%d %H:%M", "%Y-%m-%d"


def harmless(text: str) -> str:
    """The text as a cell of CSV that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_DANGEROUS) else text


def words(column: Column, value: Value) -> str:
    """A cell in words."""
    if value is None:
        return ""
    if column.kind == "timeliness":
        return str(TIMELINESS[str(value)])
    if isinstance(value, datetime):
        return value.strftime(INSTANT)
    if isinstance(value, date):
        return value.strftime(DAY)
    return str(value)


def csv_head(columns: Sequence[Column]) -> bytes:
    """The mark by which a spreadsheet knows UTF-8, and the line of names."""
    return BOM + _csv([[harmless(str(column.label)) for column in columns]])


def csv_rows(columns: Sequence[Column], entries: Iterable[Entry]) -> bytes:
    """Entries as lines."""
    return _csv(
        [harmless(words(column, column.value(entry))) for column in columns] for entry in entries
    )


def _csv(rows: Iterable[Sequence[str]]) -> bytes:
    written = io.StringIO(newline="")
    csv.writer(written, lineterminator="\r\n").writerows(rows)
    return written.getvalue().encode()


class Workbook:
    """A workbook written line by line, with no more than a line of it in memory.

    The totals are formulas, given with the values they have. Leave by ``close``. Its lines lie in
    ``folder`` until then: whoever gives it empties it.
    """

    def __init__(
        self, file: IO[bytes], columns: Sequence[Column], *, made_at: datetime, folder: str
    ) -> None:
        options = {
            "tmpdir": folder,
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        self._book: Any = xlsxwriter.Workbook(file, options)
        # Else a file written again would differ by the instant of its making.
        self._book.set_properties({"created": made_at.replace(tzinfo=None)})
        self._columns = columns
        self._formats = {
            "head": self._book.add_format({"bold": True, "bottom": 1, "text_wrap": True}),
            "instant": self._book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
            "day": self._book.add_format({"num_format": "yyyy-mm-dd"}),
        }
        self._sheet: Any = self._book.add_worksheet(_("Standing book"))
        self._sheet.freeze_panes(1, 1)
        for number, column in enumerate(columns):
            self._sheet.set_column(number, number, column.width)
            self._sheet.write_string(0, number, str(column.label), self._formats["head"])
        self._row = 0
        self._tallies = [_Tally() for _column in columns]

    def write(self, entries: Iterable[Entry]) -> None:
        """Add lines."""
        for entry in entries:
            self._row += 1
            for number, column in enumerate(self._columns):
                value = column.value(entry)
                self._tallies[number].add(value)
                self._cell(number, column, value)

    def _cell(self, number: int, column: Column, value: Value) -> None:
        if value is None or value == "":
            return
        if isinstance(value, datetime):
            local = value.replace(tzinfo=None, second=0, microsecond=0)
            self._sheet.write_datetime(self._row, number, local, self._formats["instant"])
        elif isinstance(value, date):
            self._sheet.write_datetime(self._row, number, value, self._formats["day"])
        elif isinstance(value, int):
            self._sheet.write_number(self._row, number, value)
        else:
            self._sheet.write_string(self._row, number, words(column, value))

    def close(self, about: Sequence[tuple[str, str]]) -> None:
        """Write the totals, the sheet that says what this is, and end the file."""
        if self._row:
            self._sheet.autofilter(0, 0, self._row, len(self._columns) - 1)
            for number, column in enumerate(self._columns):
                if column.total:
                    self._total(number, column)
        sheet = self._book.add_worksheet(_("About this file"))
        sheet.set_column(0, 0, 24)
        sheet.set_column(1, 1, 60)
        for row, (term, fact) in enumerate(about):
            sheet.write_string(row, 0, term, self._formats["head"])
            sheet.write_string(row, 1, fact)
        self._book.close()

    def _total(self, number: int, column: Column) -> None:
        letter = xl_col_to_name(number)
        cells = f"{letter}2:{letter}{self._row + 1}"
        formula, number_format = FORMULAS[column.total](cells)
        style = {"bold": True, "top": 1, "num_format": number_format}
        # Two lines below, so that sorting and filtering leave it alone.
        self._sheet.write_formula(
            self._row + 2,
            number,
            formula,
            self._book.add_format(style),
            self._tallies[number].total(column),
        )


def _share(cells: str) -> tuple[str, str]:
    in_time = f'COUNTIF({cells},"{TIMELINESS[Timeliness.IN_TIME]}")'
    late = f'COUNTIF({cells},"{TIMELINESS[Timeliness.LATE]}")'
    return f'=IF({in_time}+{late}=0,"–",{in_time}/({in_time}+{late}))', "0.0%"


FORMULAS: dict[str, Callable[[str], tuple[str, str]]] = {
    "count": lambda cells: (f"=COUNTA({cells})", f'"{_("Total")}" 0'),
    "sum": lambda cells: (f"=SUM({cells})", "0"),
    "mean": lambda cells: (f'=IF(COUNT({cells})=0,"–",AVERAGE({cells}))', "0.0"),
    "share": _share,
}


class _Tally:
    """What a total comes to, for programs that show a workbook without counting."""

    def __init__(self) -> None:
        self._filled = self._sum = self._in_time = self._late = 0

    def add(self, value: Value) -> None:
        self._filled += value not in (None, "")
        self._sum += value if isinstance(value, int) else 0
        self._in_time += value == Timeliness.IN_TIME
        self._late += value == Timeliness.LATE

    def total(self, column: Column) -> float | int | str:
        if column.total == "mean":
            return self._sum / self._filled if self._filled else "–"
        if column.total == "share":
            due = self._in_time + self._late
            return self._in_time / due if due else "–"
        return self._filled if column.total == "count" else self._sum
