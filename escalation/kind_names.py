"""What the limits of a policy are called. A kind that has no name here shows its own key."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from escalation.ladder import Limit, TimedKind
from escalation.policy import Policy

KINDS: Mapping[str, Any] = {
    "request.reply": _("Reply to a request"),
    "request.acceptance": _("Acceptance of a request"),
    "complaint": _("Complaint"),
    "directory.report": _("Report of a directory change"),
    "directory.publication": _("Publication of a directory change"),
    "referral": _("Referral"),
    "agenda_matter": _("Agenda matter"),
    "problem": _("Listed problem"),
    "improvement": _("Improvement proposal"),
    "emergency.warning": _("Emergency warning"),
}
# Where a kind has several limits, what each is for.
_LIMITS: Mapping[tuple[str, str], Any] = {
    ("request.reply", "ordinary"): _("Reply to a request: given to a judge or department"),
    ("request.reply", "summary"): _("Reply to a request: simple, answered on the spot"),
    ("emergency.warning", "general"): _("Emergency warning: general"),
    ("emergency.warning", "major"): _("Emergency warning: major"),
}


def kind_name(kind: str) -> Any:
    """What a kind of clock is called, in the reader's language."""
    return KINDS.get(kind, kind)


def limit_label(kind: str, limit: str, timed: TimedKind) -> str:
    """What one limit of a kind is called, in the reader's language."""
    if len(timed.limits) == 1:
        return str(kind_name(kind))
    return str(_LIMITS.get((kind, limit)) or f"{kind_name(kind)}: {limit}")


def longest_limit(timed: TimedKind) -> str:
    """The limit of a kind that is meant where none is named: the longest that asks nothing."""
    return _longest_first(limit for limit in timed.limits.values() if not limit.instead_of)[0].name


def limits_of(policy: Policy) -> Iterator[tuple[str, str]]:
    """Every kind of a policy with each of its limits: known kinds first, longest limits first."""
    order = {kind: place for place, kind in enumerate(KINDS)}
    for kind in sorted(policy.clocks, key=lambda kind: (order.get(kind, len(order)), kind)):
        for limit in _longest_first(policy.clocks[kind].limits.values()):
            yield kind, limit.name


def _longest_first(limits: Iterable[Limit]) -> list[Limit]:
    return sorted(limits, key=lambda limit: (-limit.business_days, -limit.minutes, limit.name))
