"""The shape of a lifecycle: one table of moves from which everything else is made.

Buttons, API actions, the tests' matrix and the diagram in the documentation come from the
tables in ``liaison.lifecycle`` and ``workorders.lifecycle``; django-fsm enforces them on the
model through ``enforced``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import TextChoices
from django_fsm import transition


@dataclass(frozen=True)
class Move:
    """A move from one of ``sources`` to ``target``.

    ``action`` names who may (see ``courts.roles``; '' is the party or the platform itself),
    ``needs`` what must be given, ``label`` what the button says.
    """

    name: str
    sources: tuple[str, ...]
    target: str
    action: str
    label: Any
    needs: tuple[str, ...] = ()


def table(*moves: Move) -> Mapping[str, Move]:
    """The moves by name."""
    return {move.name: move for move in moves}


def leaving(moves: Mapping[str, Move], state: str) -> list[Move]:
    """The moves that lead out of ``state``, in the order of the table: its buttons."""
    return [move for move in moves.values() if state in move.sources]


def enforced(field: str, move: Move) -> Callable[[Any], None]:
    """The method that makes ``move`` on a model's protected FSM field, and nothing else."""

    def make(instance: Any) -> None:
        """Only the state changes here; the service that calls it does the rest."""

    make.__name__ = move.name
    make.__qualname__ = move.name
    decorate = transition(field=field, source=list(move.sources), target=move.target)
    method: Callable[[Any], None] = decorate(make)
    return method


def diagram(states: type[TextChoices], moves: Mapping[str, Move], first: str) -> str:
    """The lifecycle as a Mermaid state diagram, for the documentation.

    ``tests/guards/test_lifecycle_diagram.py`` keeps the README's in step with the table.
    """
    lines = ["stateDiagram-v2", f"    [*] --> {first}"]
    for move in moves.values():
        lines += [f"    {source} --> {move.target}: {move.name}" for source in move.sources]
    ends = set(states.values) - {source for move in moves.values() for source in move.sources}
    lines += [f"    {state} --> [*]" for state in states.values if state in ends]
    return "\n".join(lines)
