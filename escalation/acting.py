"""Who acted for the post that a rung went to, and did not hold it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from courts.models import Post, Tenure
from escalation.models import Firing
from escalation.recipients import Unit


def acting_tenures(person_ids: Iterable[int]) -> dict[int, list[Tenure]]:
    """For which posts people act or acted, by person: two statements."""
    found: dict[int, list[Tenure]] = defaultdict(list)
    rows = Tenure.objects.filter(person__in=set(person_ids), is_acting=True)
    for tenure in rows.select_related("post").prefetch_related("post__departments_in_charge"):
        found[tenure.person_id].append(tenure)
    return found


def is_acting(role: str, unit: Unit, tenures: Sequence[Tenure], *instants: datetime) -> bool:
    """Whether one of the tenures is of a post that ``role`` means for ``unit``.

    It must have been held at one of the instants: those at which a rung was due and fired.
    """
    return any(
        _is_seat(tenure.post, role, unit) and any(_holds(tenure, at) for at in instants)
        for tenure in tenures
    )


def acted(firing: Firing, role: str, tenures: Sequence[Tenure]) -> bool:
    """Whether a recipient of a firing acted for the post, when it was due or when it fired."""
    unit = Unit(firing.court_id, firing.department_id, firing.handler_id)
    return is_acting(role, unit, tenures, firing.due_at, firing.fired_at)


def _is_seat(post: Post, role: str, unit: Unit) -> bool:
    """Whether the role of a unit means this post; see ``Roster``."""
    if role in ("superior_president", "filing_chamber"):
        return role.removeprefix("superior_") == post.kind
    if role != post.kind or post.court_id != unit.court_id:
        return False
    if role == Post.Kind.DEPUTY_PRESIDENT:
        charge = post.departments_in_charge.all()
        return unit.department_id in {department.pk for department in charge}
    return post.department_id in (None, unit.department_id)


def _holds(tenure: Tenure, at: datetime) -> bool:
    return tenure.from_at <= at and (tenure.until_at is None or at < tenure.until_at)
