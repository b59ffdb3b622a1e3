"""What the import announces, heard in its own transaction."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.dispatch import receiver

from cases import push, signals


@receiver(signals.nodes_arrived, dispatch_uid="active push")
def tell_of_nodes(sender: Any, node_ids: Collection[int], at: datetime, **kwargs: Any) -> None:
    """Tell those who may know the nodes that arrived."""
    push.push(node_ids=node_ids, at=at)


@receiver(signals.people_arrived, dispatch_uid="active push to latecomers")
def tell_latecomers(
    sender: Any,
    contact_ids: Collection[int],
    node_ids: Collection[int],
    at: datetime,
    **kwargs: Any,
) -> None:
    """Tell people of what came in their cases before they did."""
    push.push(node_ids=node_ids, at=at, only=contact_ids)
