"""What active push prevents, for leaders (G6, G7, B4)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from cases.node_rules import NodeRule
from cases.wishes import kinds_of_nodes
from courts.access import action_required
from reports.leadership.asking import month_asked, neighbours, reader
from reports.push_effect import WITHIN_BUSINESS_DAYS, Effect, effect
from reports.scope import ACTION, Scope, local_month


@require_safe
@action_required(ACTION)
def push(request: HttpRequest) -> HttpResponse:
    """Requests within ten business days after a node, told of and not told of, by kind."""
    at = timezone.now()
    scope = Scope.of(reader(request))
    present = local_month(at, scope)
    month = month_asked(request, present)
    found = effect(month, scope, at=at)
    rules = kinds_of_nodes()
    context = {
        "month": month.first_day,
        **neighbours(reverse("leadership:push"), month, present),
        "days": WITHIN_BUSINESS_DAYS,
        "total": found[0] if found else None,
        "rows": [_row(one, rules) for one in found[1:]],
    }
    return render(request, "leadership/push.html", context)


def _row(one: Effect, rules: Mapping[str, NodeRule]) -> dict[str, Any]:
    rule = rules.get(one.kind)
    language = (get_language() or "").lower()
    return {
        "kind": rule.title.in_language(language) if rule else one.kind,
        "pushed": one.pushed,
        "not_pushed": one.not_pushed,
    }
