"""The README's diagrams come from the lifecycle tables."""

from pathlib import Path

import pytest
from django.conf import settings

from courts.lifecycle import diagram
from liaison.lifecycle import MOVES as REQUEST_MOVES
from liaison.lifecycle import RequestState
from reports.assessment.lifecycle import SHEET_MOVES, SheetState
from workorders.lifecycle import MOVES as ORDER_MOVES
from workorders.lifecycle import OrderState


@pytest.mark.parametrize(
    ("states", "moves", "first"),
    [
        (RequestState, REQUEST_MOVES, RequestState.REGISTERED),
        (OrderState, ORDER_MOVES, OrderState.DISPATCHED),
        (SheetState, SHEET_MOVES, SheetState.DRAFT),
    ],
    ids=["request", "order", "sheet"],
)
def test_the_documented_lifecycle_is_the_table(states, moves, first) -> None:
    documented = (Path(settings.BASE_DIR) / "docs" / "architecture.md").read_text(encoding="utf-8")
    assert diagram(states, moves, first) in documented
