"""Which nodes somebody who takes part in a case may know (the 2018 rule, articles 1 and 8)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from cases import node_list
from cases.models import Case, CaseNode, CaseParticipant
from cases.node_rules import NodeList, NodeRule


def taking_part(contact_ids: Collection[int], at: datetime) -> QuerySet[CaseParticipant]:
    """The rows by which some people take part in cases at ``at``."""
    still = Q(left_at__isnull=True) | Q(left_at__gt=at)
    return CaseParticipant.objects.filter(still, contact__in=contact_ids, is_removed=False)


def cases_of(contact_ids: Collection[int], at: datetime) -> QuerySet[Case]:
    """The cases in which some people take part at ``at``."""
    mine = taking_part(contact_ids, at).values("case_id")
    return Case.objects.standing().filter(pk__in=mine, court__jurisdiction__isnull=False)


def list_of(case: Case) -> NodeList | None:
    """The list that holds for a case, whose court and jurisdiction must be loaded."""
    jurisdiction = case.court.jurisdiction
    return node_list.for_policy(jurisdiction.policy) if jurisdiction else None


def rule_of(node: CaseNode) -> NodeRule | None:
    """What the list says of a node, whose case must be loaded with court and jurisdiction."""
    listed = list_of(node.case)
    return listed.rules.get(node.kind) if listed else None


class Sight:
    """Who of some people may know which of some nodes: two statements, however many."""

    def __init__(
        self, nodes: Iterable[CaseNode], contact_ids: Collection[int], at: datetime
    ) -> None:
        nodes = list(nodes)
        case_ids = {node.case_id for node in nodes}
        self._ways: dict[tuple[int, int | None], set[tuple[str, str]]] = defaultdict(set)
        for row in taking_part(contact_ids, at).filter(case__in=case_ids):
            self._ways[row.case_id, row.contact_id].add((row.capacity, row.role))
        rules = [rule for node in nodes if (rule := rule_of(node)) is not None]
        until = {rule.held_back.until for rule in rules if rule.held_back}
        self._done: dict[tuple[int, str], datetime] = {}
        done: Any = CaseNode.objects.standing().filter(case__in=case_ids, kind__in=until)
        for case_id, kind, occurred_at in done.values_list("case_id", "kind", "occurred_at"):
            known = self._done.get((case_id, kind))
            self._done[case_id, kind] = max(known, occurred_at) if known else occurred_at

    def may_know(self, node: CaseNode, contact_id: int) -> bool:
        """Whether one of these people may know one of these nodes now."""
        rule = rule_of(node)
        if rule is None or node.case.is_withdrawn:
            return False
        is_done = self._is_done(node, rule)
        return any(
            rule.may_know(capacity, side, is_done=is_done)
            for capacity, side in self._ways[node.case_id, contact_id]
        )

    def takes_part(self, case_id: int, contact_id: int) -> bool:
        """Whether one of these people takes part in a case."""
        return bool(self._ways[case_id, contact_id])

    def _is_done(self, node: CaseNode, rule: NodeRule) -> bool:
        if rule.held_back is None:
            return True
        done_at = self._done.get((node.case_id, rule.held_back.until))
        return done_at is not None and done_at >= node.occurred_at
