"""What the notices of active push say, and whether their recipient may still see it.

Outside the court's network nothing is said of the case but that it has news; of a sensitive one
not even that, unless the person chose otherwise. What it is about is read after signing in.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from cases.models import CaseNode, Push, PushPreference, SensitiveChoice
from cases.node_rules import Outside
from cases.node_words import changes, node_words
from cases.push import DIGEST_KIND, NODE_KINDS
from cases.sight import Sight, list_of, rule_of
from notices.kinds import NoticeContext, NoticeKind, register
from notices.models import Delivery, Notice

OPENS = "portal:told"
_WITHDRAWN = Push.Manner.WITHDRAWN


def register_kinds() -> None:
    """Make the notices of active push known."""
    register(
        *(
            NoticeKind(name, read_nodes, inside="case_node", outside="case_outside")
            for name in NODE_KINDS
        ),
        NoticeKind(DIGEST_KIND, read_digests, inside="case_digest", outside="case_outside"),
    )


def nodes_by_id(node_ids: Iterable[int]) -> dict[int, CaseNode]:
    """Nodes with what they are worded from: one statement."""
    rows = CaseNode.objects.filter(pk__in=set(node_ids))
    return {node.pk: node for node in rows.select_related("case__court__jurisdiction")}


def zone_of(node: CaseNode) -> ZoneInfo:
    """The zone in which a node's dates are read."""
    jurisdiction = node.case.court.jurisdiction
    assert jurisdiction is not None  # without one there is no list, and nothing is told
    return jurisdiction.zone


@dataclass(frozen=True)
class Told:
    """One telling of a node: to whom, how, and what it had been before."""

    node: CaseNode
    contact_id: int
    manner: str


class Reading:
    """How some tellings stand at an instant: a fixed number of statements, however many."""

    def __init__(self, told: Sequence[Told], at: datetime) -> None:
        nodes = {one.node.pk: one.node for one in told}
        contact_ids = {one.contact_id for one in told}
        self.sight = Sight(nodes.values(), contact_ids, at)
        wishes = PushPreference.objects.filter(contact__in=contact_ids)
        self._wishes = {(row.contact_id, row.kind): row.is_wanted for row in wishes}
        self._chosen = dict(
            SensitiveChoice.objects.filter(contact__in=contact_ids).values_list(
                "contact_id", "outside"
            )
        )

    def wants(self, node: CaseNode, contact_id: int) -> bool:
        """Whether somebody still lets themselves be told of such a node."""
        whole = self._wishes.get((contact_id, ""), True)
        return whole and self._wishes.get((contact_id, node.kind), True)

    def outside(self, node: CaseNode, contact_id: int) -> Outside:
        """How much a gateway may say of the node's case to somebody."""
        listed = list_of(node.case)
        if listed is None:
            return Outside.NOTHING
        return listed.outside(node.case.sensitivity, self._chosen.get(contact_id))

    def stands(self, told: Told) -> bool:
        """Whether what a telling says is so, and may be known by whom it is told."""
        node = told.node
        if not node.is_current or node.is_withdrawn != (told.manner == _WITHDRAWN):
            return False
        return self.sight.may_know(node, told.contact_id)


def _told(notices: Sequence[Notice]) -> dict[int, Told]:
    nodes = nodes_by_id(notice.subject_id for notice in notices)
    return {
        notice.pk: Told(nodes[notice.subject_id], notice.contact_id, notice.params["manner"])
        for notice in notices
        if notice.subject_id in nodes and notice.contact_id is not None
    }


def read_nodes(notices: Sequence[Notice]) -> Mapping[int, NoticeContext | None]:
    """For a gateway: that there is news; nothing of what was corrected or withdrawn since."""
    at = timezone.now()
    told = _told(notices)
    reading = Reading(list(told.values()), at)
    earlier = _earlier(told.values())
    brought = _brought(earlier)
    contexts: dict[int, NoticeContext | None] = {}
    for notice in notices:
        one = told.get(notice.pk)
        contexts[notice.pk] = None
        if one is None or not reading.stands(one):
            continue
        outside = reading.outside(one.node, one.contact_id)
        if outside is Outside.NOTHING or not reading.wants(one.node, one.contact_id):
            continue
        says = one.manner
        if says != Push.Manner.NEWS and not brought[_name(one.node), one.contact_id]:
            # What it changes never reached them.
            if says == _WITHDRAWN:
                continue
            says = Push.Manner.NEWS
        contexts[notice.pk] = _context(outside, says, zone_of(one.node))
    return contexts


def _context(outside: Outside, says: str, zone: ZoneInfo) -> NoticeContext:
    return NoticeContext(
        number="",
        limit_at=None,
        zone=zone,
        opens=(OPENS, {}),
        says=Outside.NEUTRAL.value if outside is Outside.NEUTRAL else says,
    )


def _name(node: CaseNode) -> tuple[str, str]:
    """What is the same for all revisions of a node."""
    return node.source, node.node_id


def revisions_of(nodes: Iterable[CaseNode]) -> dict[tuple[str, str], list[CaseNode]]:
    """All revisions of some nodes by source and node id, in order: one statement."""
    nodes = list(nodes)
    rows = CaseNode.objects.filter(
        source__in={node.source for node in nodes}, node_id__in={node.node_id for node in nodes}
    )
    found: dict[tuple[str, str], list[CaseNode]] = defaultdict(list)
    for row in rows.order_by("revision"):
        found[_name(row)].append(row)
    return found


def _earlier(told: Iterable[Told]) -> list[tuple[tuple[str, str], Push]]:
    """What was told before of the same nodes to the same people."""
    changed = [one for one in told if one.manner != Push.Manner.NEWS]
    revisions = revisions_of(one.node for one in changed) if changed else {}
    by_id = {node.pk: name for name, nodes in revisions.items() for node in nodes}
    pushes = Push.objects.filter(
        node__in=by_id, contact__in={one.contact_id for one in changed}
    ).exclude(manner=_WITHDRAWN)
    now = {(one.node.pk, one.contact_id): one.manner for one in changed}
    return [
        (by_id[push.node_id], push)
        for push in pushes
        if now.get((push.node_id, push.contact_id)) != push.manner
    ]


def _brought(
    earlier: Sequence[tuple[tuple[str, str], Push]],
) -> dict[tuple[tuple[str, str], int], bool]:
    """Whether what was told before may have reached its recipient.

    It has not where it was dropped, or has no words yet: they are made before it is sent, and
    will not be made of what holds no longer. What was only kept, or told by a digest, may have
    been read.
    """
    nodes = {push.node_id: name for name, push in earlier}
    revisions = CaseNode.objects.filter(pk__in=nodes).values_list("pk", "revision")
    number = dict(revisions)
    keys = {
        f"push:{source}:{node_id}:{number[push.node_id]}:{push.step}:{push.contact_id}": (
            (source, node_id),
            push.contact_id,
        )
        for (source, node_id), push in earlier
    }
    found: dict[tuple[tuple[str, str], int], bool] = defaultdict(bool)
    rows = Notice.objects.filter(key__in=keys)
    ways = rows.values_list("key", "deliveries__state", "deliveries__subject")
    for key, state, subject in ways:
        is_unsent = state == Delivery.State.PENDING and not subject
        found[keys[key]] |= state != Delivery.State.DROPPED and not is_unsent
    return found


def members_of(notices: Iterable[Notice]) -> dict[int, list[Push]]:
    """The pushes of digests, in order, by the digest: one statement."""
    ids = {notice.subject_id for notice in notices}
    found: dict[int, list[Push]] = defaultdict(list)
    rows = Push.objects.filter(digest__in=ids).order_by("pk")
    for row in rows.select_related("node__case__court__jurisdiction"):
        assert row.digest_id is not None
        found[row.digest_id].append(row)
    return found


def read_digests(notices: Sequence[Notice]) -> Mapping[int, NoticeContext | None]:
    """For a gateway: that there is news, as little as the most sensitive of it allows."""
    members = members_of(notices)
    told = {
        digest: [Told(push.node, push.contact_id, push.manner) for push in pushes]
        for digest, pushes in members.items()
    }
    reading = Reading([one for ones in told.values() for one in ones], timezone.now())
    contexts: dict[int, NoticeContext | None] = {}
    for notice in notices:
        standing = [
            one
            for one in told.get(notice.subject_id, [])
            if one.contact_id == notice.contact_id
            and reading.stands(one)
            and reading.wants(one.node, one.contact_id)
        ]
        levels = {reading.outside(one.node, one.contact_id) for one in standing}
        said = levels - {Outside.NOTHING}
        if not said:
            contexts[notice.pk] = None
            continue
        outside = Outside.NEUTRAL if Outside.NEUTRAL in said else Outside.NEWS
        contexts[notice.pk] = _context(outside, "digest", zone_of(standing[0].node))
    return contexts


def read_to_person(
    notices: Sequence[Notice], *, language: str, at: datetime
) -> dict[int, dict[str, Any] | None]:
    """For the person, signed in: the inside words' values by notice; None for what is closed.

    Closed is what they may no longer know. What was corrected or withdrawn since is shown as it
    was told, and says so. A fixed number of statements.
    """
    told = _told([notice for notice in notices if notice.kind in NODE_KINDS])
    digests = [notice for notice in notices if notice.kind == DIGEST_KIND]
    members = members_of(digests)
    listed = [push for pushes in members.values() for push in pushes]
    everything = [*told.values(), *(Told(p.node, p.contact_id, p.manner) for p in listed)]
    reading = Reading(everything, at)
    revisions = revisions_of(one.node for one in told.values())
    values: dict[int, dict[str, Any] | None] = {}
    for notice in notices:
        one = told.get(notice.pk)
        if one is not None:
            values[notice.pk] = _node_values(one, reading, revisions, language)
        elif notice.kind == DIGEST_KIND:
            values[notice.pk] = _digest_values(
                members.get(notice.subject_id, []), reading, language
            )
    return values


def _node_values(
    told: Told,
    reading: Reading,
    revisions: Mapping[tuple[str, str], list[CaseNode]],
    language: str,
) -> dict[str, Any] | None:
    node, rule = told.node, rule_of(told.node)
    if rule is None or not reading.sight.may_know(node, told.contact_id):
        return None
    zone = zone_of(node)
    words = node_words(node, rule, language=language, zone=zone)
    before = [one for one in revisions[_name(node)] if one.revision < node.revision]
    corrected: tuple[str, ...] = ()
    if told.manner == Push.Manner.CORRECTED and before:
        corrected = changes(before[-1], node, rule, language=language, zone=zone)
    return {
        "manner": told.manner,
        "title": words.title,
        "text": words.text,
        "lines": words.lines,
        "changes": corrected,
        "case_number": node.case.number,
        "since": "" if reading.stands(told) else _since(told, revisions[_name(node)]),
    }


def _since(told: Told, revisions: Sequence[CaseNode]) -> str:
    """What became of what a telling says."""
    if told.manner == _WITHDRAWN:
        return "restored"
    return (
        "withdrawn"
        if any(one.is_current and one.is_withdrawn for one in revisions)
        else "corrected"
    )


def _digest_values(
    pushes: Sequence[Push], reading: Reading, language: str
) -> dict[str, Any] | None:
    lines = []
    for push in pushes:
        rule = rule_of(push.node)
        if rule is None or not reading.sight.may_know(push.node, push.contact_id):
            continue
        lines.append((push.node.case.number, rule.title.in_language(language)))
    return {"listed": lines} if lines else None
