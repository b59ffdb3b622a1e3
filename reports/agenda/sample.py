"""The random sample of the look back; pure, and repeatable by anyone who has the seed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable


def draw(ids: Iterable[int], *, percent: int, seed: str) -> list[int]:
    """So many per cent of ``ids``, at least one if there are any, chosen by ``seed``; sorted.

    Each id is ranked by the digest of the seed and itself, and the first are taken: the same seed
    draws the same ones, whatever the order in which they are given.
    """
    known = sorted(set(ids))
    number = -(-len(known) * percent // 100)

    def place(one: int) -> str:
        return hashlib.sha256(f"{seed}:{one}".encode()).hexdigest()

    return sorted(sorted(known, key=place)[:number])
