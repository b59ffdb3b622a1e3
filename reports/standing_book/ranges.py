"""Parts of a file by HTTP (RFC 9110, 14); pure."""

from __future__ import annotations

import re

_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


class Unsatisfiable(ValueError):
    """A range that begins behind the end of the file."""


def wanted(header: str, if_range: str, *, etag: str, size: int) -> tuple[int, int] | None:
    """First and last byte that a ``Range`` header asks for; None for the whole file.

    What is not understood, several ranges, and a range of another version of the file
    (``If-Range``) give the whole. Raises ``Unsatisfiable``.
    """
    found = _RANGE.fullmatch(header.strip())
    if found is None or (if_range and if_range.strip() != etag):
        return None
    first, last = found[1], found[2]
    if not first:
        if not last:
            return None
        if not int(last) or not size:
            raise Unsatisfiable
        return max(0, size - int(last)), size - 1
    if last and int(last) < int(first):
        return None
    if int(first) >= size:
        raise Unsatisfiable
    return int(first), min(int(last), size - 1) if last else size - 1
