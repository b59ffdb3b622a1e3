"""Finds what is hot and what is difficult in a month that has ended (G12, B9)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import models
from django.db.models import Value
from django.db.models.functions import Cast, Coalesce, NullIf

from courts.models import Jurisdiction
from escalation import policy
from liaison.lifecycle import RequestState
from liaison.models import Request
from reports.briefing.issues import difficult, fired_steps
from reports.facts import month_outcomes
from reports.issues import grouping
from reports.issues.grouping import Said
from reports.models import Issue
from reports.models.follow_up import LONGEST_TITLE
from reports.months import Month
from reports.scope import Scope

# Where a policy was kept before there were issues.
DEFAULTS = {"least_parties": 3, "months_before": 3, "most": 10}
_NUMBER = re.compile(r"[0-9０-９]{3,}")
LONGEST_WORDING = 600


@dataclass(frozen=True)
class Found:
    """An issue to be proposed; ``request_ids`` with the most typical first."""

    sort: str
    key: str
    name: str
    wording: str
    request_ids: Sequence[int]
    parties: int
    courts: int
    before: int = 0


def numbers(jurisdiction: Jurisdiction, month: Month) -> dict[str, int]:
    """The numbers of the search: those of the policy that held when the month began."""
    return DEFAULTS | dict(policy.present(jurisdiction.policy, month.first_day).issues)


def find(jurisdiction: Jurisdiction, month: Month, *, at: datetime) -> list[Found]:
    """The hot and the difficult issues of a month: a constant number of statements."""
    rule = numbers(jurisdiction, month)
    found = grouping.groups(_texts(jurisdiction, month, rule["months_before"]))
    hot = grouping.hot(
        found,
        least_parties=rule["least_parties"],
        months_before=rule["months_before"],
        most=rule["most"],
    )
    end = month.bounds(jurisdiction.zone)[1]
    scope = Scope.of_city(jurisdiction)
    items = month_outcomes(month, scope, at=at)
    worst = difficult(items, fired_steps(month, scope), before=end)
    by_number = {item.number: item.request_id for item in items}
    typical = [group.members[0] for group in hot]
    hard = [by_number[one["number"]] for one in worst]
    requests = Request.objects.in_bulk([*typical, *hard])
    return [
        *(
            _found(
                Issue.Sort.HOT, requests, group.members, group.parties, group.courts, group.before
            )
            for group in hot
        ),
        *(_found(Issue.Sort.DIFFICULT, requests, [pk], 1, 1, 0) for pk in hard),
    ]


def _found(
    sort: str,
    requests: Mapping[int, Request],
    request_ids: Sequence[int],
    parties: int,
    courts: int,
    before: int,
) -> Found:
    typical = requests[request_ids[0]]
    return Found(
        sort, typical.number, masked(typical.title)[:LONGEST_TITLE],
        masked(typical.text)[:LONGEST_WORDING], request_ids, parties, courts, before,
    )  # fmt: skip


def masked(text: str) -> str:
    """A text without its numbers: of cases, identity cards, telephones, accounts."""
    return _NUMBER.sub("××", text).strip()


def _texts(jurisdiction: Jurisdiction, month: Month, before: int) -> Iterator[Said]:
    """What was asked in the month and in those before it; of merged requests the one that goes
    on."""
    start, end = month.bounds(jurisdiction.zone)
    earliest, _end = month.plus(-before).bounds(jurisdiction.zone)
    rows = Request.objects.filter(
        jurisdiction=jurisdiction, registered_at__gte=earliest, registered_at__lt=end
    ).exclude(state=RequestState.MERGED)
    # One telephone is one party, as on the portal: each request may have made a contact of its own.
    party = Coalesce(
        NullIf("contact__phone_index", Value("")), Cast("contact_id", models.CharField())
    )
    for pk, party_key, court_id, title, text, at in rows.values_list(
        "pk", party, "court_id", "title", "text", "registered_at"
    ).iterator(chunk_size=5000):
        yield Said(pk, party_key, court_id, title, text, at >= start)
