"""The records of a run as multisets, to be compared whole with those of another run.

Rows are named by what they are about and not by their numbers in the database. Instants of
firing are left out: nothing else may differ between two runs over the same lives.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable

from escalation.models import ClockEvent, Firing, FiringRecipient
from liaison.models import Request
from notices.models import Notice
from workorders.models import WorkOrder

Records = dict[str, Counter[Hashable]]
_FIRING = ("clock__kind", "clock__subject_id", "step", "occurrence", "due_at")


def records() -> Records:
    """Everything that the present database says of clocks and their notices."""
    lives = dict(Request.objects.values_list("pk", "title"))
    orders = dict(WorkOrder.objects.values_list("pk", "request__title"))

    def named(rows: Iterable[tuple]) -> Counter[Hashable]:
        """Rows that begin with kind and number of their subject."""
        return Counter(
            (kind, (orders if kind == "workorder" else lives)[subject], *rest)
            for kind, subject, *rest in rows
        )

    events = ClockEvent.objects.values_list(
        "clock__kind", "clock__subject_id", "kind", "at", "department__name", "handler__username"
    )
    firings = Firing.objects.values_list(
        *_FIRING, "level", "department__name", "handler__username", "is_silent", "was_attempted"
    )
    recipients = FiringRecipient.objects.values_list(
        *(f"firing__{name}" for name in _FIRING), "person__username", "role"
    )
    notices = Notice.objects.values_list(
        "subject_kind", "subject_id", "kind", "key", "params__step", "params__due_at",
        "person__username", "contact__email",
    )  # fmt: skip
    return {
        "events": named(events),
        "firings": named(firings),
        "recipients": named(recipients),
        "ladder notices": named(
            # the key is kind:subject:step:occurrence:person
            (subject_kind, subject, step, key.split(":")[3], due_at, person)
            for subject_kind, subject, kind, key, step, due_at, person, _party in notices
            if kind.startswith("ladder.")
        ),
        "other notices": named(
            (subject_kind, subject, kind, person, party)
            for subject_kind, subject, kind, _key, _step, _due_at, person, party in notices
            if not kind.startswith("ladder.")
        ),
    }


def differences(found: Records, reference: Records) -> tuple[list[str], list[str]]:
    """A line of counts for each kind of record, and a line for each row that differs."""
    counts, rows = [], []
    for name, expected in reference.items():
        missing, extra = expected - found[name], found[name] - expected
        counts.append(
            f"{name}: {found[name].total()} found, {expected.total()} in the reference run,"
            f" {missing.total()} missing, {extra.total()} too many"
        )
        rows += [f"{name}: missing {row}" for row in missing.elements()]
        rows += [f"{name}: too many {row}" for row in extra.elements()]
    return counts, rows
