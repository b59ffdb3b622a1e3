"""Threads with connections of their own, let loose at the same moment."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from tests import city


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """Run calls in threads that begin together; what each returned, or its exception."""
    barrier = threading.Barrier(len(calls))
    results: list[Any] = [None] * len(calls)

    def run(index: int, call: Callable[[], Any]) -> None:
        try:
            connection.ensure_connection()
            barrier.wait(20)
            results[index] = call()
        except Exception as error:
            results[index] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive(), "a thread waits for ever"
    return results


def behind(hold: Callable[[], Any], verb: Callable[[], Any]) -> datetime:
    """Make a verb wait for what another holds for a second; when the other let go of it."""
    is_held, let_go = threading.Event(), []

    def first() -> None:
        with transaction.atomic():
            hold()
            is_held.set()
            time.sleep(1)
            let_go.append(timezone.now())

    def second() -> Any:
        is_held.wait(20)
        return verb()

    for result in at_once(first, second):
        if isinstance(result, Exception):
            raise result
    return let_go[0]


@contextmanager
def constraint_dropped(table: str, name: str) -> Iterator[None]:
    """For a control: the same without a constraint. It is put back, doubles removed."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = %s", [name]
        )
        row = cursor.fetchone()
        if row is None:  # a partial one is an index
            cursor.execute("SELECT indexdef FROM pg_indexes WHERE indexname = %s", [name])
            remake = cursor.fetchone()[0]
            drop = f'DROP INDEX "{name}"'
        else:
            remake = f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {row[0]}'
            drop = f'ALTER TABLE {table} DROP CONSTRAINT "{name}"'
        cursor.execute(drop)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE {table} CASCADE")
            cursor.execute(remake)


@contextmanager
def promise_dropped() -> Iterator[None]:
    """For a control: neither a rung nor its notice is kept from being written twice."""
    with (
        constraint_dropped("escalation_firing", "firing_once_uniq"),
        constraint_dropped("notices_notice", "notice_key_uniq"),
    ):
        yield


@pytest.fixture
def town(transactional_db: None) -> city.City:
    return city.build()
