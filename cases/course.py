"""The course of a case as a party reads it: the nodes they may know, the newest first."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from cases.models import Case, CaseNode
from cases.node_words import node_words
from cases.push_reading import zone_of
from cases.sight import Sight, rule_of

_MOST = 500


def course_of(
    case: Case, contact_ids: Collection[int], *, language: str, at: datetime
) -> list[dict[str, Any]]:
    """Entries for the timeline of a case. Its court and jurisdiction must be loaded.

    What is held back, withdrawn or not listed is not among them. Three statements.
    """
    nodes = list(case.nodes.all() & CaseNode.objects.standing())
    nodes.sort(key=lambda node: (node.occurred_at, node.pk), reverse=True)
    for node in nodes:
        node.case = case
    sight = Sight(nodes, contact_ids, at)
    entries = []
    for node in nodes[:_MOST]:
        rule = rule_of(node)
        if rule is None or not any(sight.may_know(node, one) for one in contact_ids):
            continue
        words = node_words(node, rule, language=language, zone=zone_of(node))
        entries.append(
            {
                "at": node.occurred_at,
                "title": words.title,
                "text": "\n".join((words.text, *words.lines)),
                "kind": "court",
                "icon": "check",
            }
        )
    return entries
