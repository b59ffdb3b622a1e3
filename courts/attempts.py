"""How often something was tried of late: counted in the cache, forgotten when the window ends."""

from __future__ import annotations

from django.core.cache import cache


def tried(key: str) -> int:
    """How often ``key`` was counted in its present window."""
    return int(cache.get(key) or 0)


def count(key: str, *, window_seconds: int) -> int:
    """Count ``key`` once more and return how often that makes in its window.

    The window begins with the first count, and the count ends with it.
    """
    cache.add(key, 0, window_seconds)
    try:
        return int(cache.incr(key))
    except ValueError:  # the window ended between the two lines
        cache.set(key, 1, window_seconds)
        return 1
