"""A file cut into records, from any byte at which a line begins.

A record is one line, in CSV as in JSON lines: a line that cannot be read costs that line alone,
and every position between two lines is one to go on from. Text is UTF-8, with or without a mark.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from typing import Any, BinaryIO, NoReturn

from cases.imports.records import FIELDS, Faulty, Item, expand
from cases.models import ImportRun

Format = ImportRun.Format
MAX_LINE = 1 << 20  # bytes
_MARK = b"\xef\xbb\xbf"
_COLUMNS = frozenset[str]().union(*FIELDS.values())


class UnreadableFile(Exception):
    """The file as a whole is not what it should be; ``code`` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def columns_of(file: BinaryIO) -> tuple[list[str], int]:
    """The columns that the first line of a CSV file names, and where its second line begins.

    Raises ``UnreadableFile`` (``no_header``, ``unknown_columns``).
    """
    file.seek(0)
    line = file.readline(MAX_LINE)
    try:
        names = next(csv.reader([line.removeprefix(_MARK).decode()], strict=True), [])
    except (UnicodeDecodeError, csv.Error):
        raise UnreadableFile("no_header") from None
    names = [name.strip() for name in names]
    if "record" not in names or "sequence" not in names:
        raise UnreadableFile("no_header")
    if len(set(names)) < len(names) or not set(names) <= _COLUMNS:
        raise UnreadableFile("unknown_columns")
    return names, len(line)


def lines(
    file: BinaryIO, format: str, *, position: int = 0, line_number: int = 0
) -> Iterator[tuple[int, int, list[Item]]]:
    """Of each line from ``position`` on: its number, where the next begins, and its items.

    ``line_number`` is how many lines lie before. Blank lines count and give nothing. Raises
    ``UnreadableFile`` as ``columns_of`` does.
    """
    columns: list[str] = []
    if format == Format.CSV:
        columns, start = columns_of(file)
        if position < start:
            position, line_number = start, 1
    file.seek(position)
    while line := file.readline(MAX_LINE + 1):
        position += len(line)
        too_long = len(line) > MAX_LINE
        while too_long and line and not line.endswith(b"\n"):
            line = file.readline(MAX_LINE + 1)
            position += len(line)
        line_number += 1
        if too_long:
            fault = Faulty("", "line_too_long", maximum=MAX_LINE)
            yield line_number, position, [Item(line_number, "", "", fault=fault)]
            continue
        if line_number == 1:
            line = line.removeprefix(_MARK)
        yield line_number, position, _items(line, line_number, columns)


def _items(line: bytes, line_number: int, columns: list[str]) -> list[Item]:
    try:
        text = line.decode().strip("\r\n")
    except UnicodeDecodeError:
        fault = Faulty("", "not_utf8")
        return [Item(line_number, "", line.decode("utf-8", "replace"), fault=fault)]
    if not text.strip():
        return []
    try:
        raw = _row(text, columns) if columns else _object(text)
    except Faulty as fault:
        return [Item(line_number, "", text, fault=fault)]
    return list(expand(line_number, raw))


def _refuse(_constant: str) -> NoReturn:
    raise ValueError  # NaN and Infinity are no JSON


def _object(text: str) -> Any:
    try:
        return json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise Faulty("", "not_json") from None


def _row(text: str, columns: list[str]) -> dict[str, str]:
    try:
        cells = next(csv.reader([text], strict=True), [])
    except csv.Error:
        raise Faulty("", "not_csv") from None
    if len(cells) != len(columns):
        raise Faulty("", "wrong_columns", expected=len(columns))
    return {name: cell for name, cell in zip(columns, cells, strict=True) if cell}


class Sections(io.RawIOBase):
    """A file that lies in sections of equal size, fetched one at a time."""

    def __init__(self, fetch: Any, size: int, section: int) -> None:
        self._fetch, self._size, self._section = fetch, size, section
        self._position = 0
        self._number, self._held = -1, b""

    def readable(self) -> bool:
        """It may be read."""
        return True

    def seekable(self) -> bool:
        """It may be read from anywhere."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a byte."""
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._size}[whence]
        self._position = start + offset
        return self._position

    def tell(self) -> int:
        """Where it stands."""
        return self._position

    def readinto(self, buffer: Any) -> int:
        """Read on into a buffer; 0 at the end."""
        if self._position >= self._size:
            return 0
        number, offset = divmod(self._position, self._section)
        if number != self._number:
            self._number, self._held = number, self._fetch(number)
        piece = self._held[offset : offset + len(buffer)]
        buffer[: len(piece)] = piece
        self._position += len(piece)
        return len(piece)
