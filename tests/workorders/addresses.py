"""Addresses that the tests open."""

from __future__ import annotations

from django.urls import reverse

from liaison.models import Request
from workorders.models import WorkOrder


def of_order(order: WorkOrder, verb: str = "order") -> str:
    return reverse(f"orders:{verb}", args=[order.public_id])


def supervised(request: Request, verb: str = "request") -> str:
    return reverse(f"supervision:{verb}", args=[request.public_id])
