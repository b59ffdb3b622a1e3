"""Figures kept ready: what the rates and the ladder of a day and of a month came to, by unit.

Derived, and always to be had again from what it is counted from (``reports.summary``): nothing
here is the record of anything. Days are local to the court.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import models

from courts.models import Court, Department, Jurisdiction


def _unchecked(to: Any, *, null: bool = True) -> models.ForeignKey[Any, Any]:
    # Copies of ids that were checked where they come from; the rows are written by the thousand.
    return models.ForeignKey(
        to,
        on_delete=models.PROTECT,
        null=null,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )


class SummaryQuerySet(models.QuerySet["Summary"]):
    """Summaries by what they are added up for."""

    def added_up(self, *by: str) -> Iterable[tuple[Any, ...]]:
        """Tuples of the values of ``by``, each followed by the sums of ``COUNTS``."""
        sums = {f"{name}_sum": models.Sum(name) for name in COUNTS}
        return self.order_by().values_list(*by).annotate(**sums)


class Summary(models.Model):
    """Counts of a department of a court, and in it of whoever answered for the items by name.

    A rate counts in the day in which its limit ended, a step of the ladder in that in which it
    came due. A request of which several items were due is counted once for the court, once for
    the department and once for the person: in the first of them.
    """

    court = _unchecked(Court, null=False)
    department = _unchecked(Department)
    handler = _unchecked(settings.AUTH_USER_MODEL)

    acceptance_done = models.IntegerField(default=0)
    acceptance_due = models.IntegerField(default=0)
    acceptance_withdrawn = models.IntegerField(default=0)
    acceptance_merged = models.IntegerField(default=0)
    liaison_done = models.IntegerField(default=0)
    liaison_due = models.IntegerField(default=0)
    liaison_withdrawn = models.IntegerField(default=0)
    liaison_merged = models.IntegerField(default=0)
    completion_done = models.IntegerField(default=0)
    completion_due = models.IntegerField(default=0)
    completion_withdrawn = models.IntegerField(default=0)
    completion_merged = models.IntegerField(default=0)
    satisfied = models.IntegerField(default=0)
    rated = models.IntegerField(default=0)
    court_requests = models.IntegerField(default=0)
    department_requests = models.IntegerField(default=0)
    handler_requests = models.IntegerField(default=0)
    warnings = models.IntegerField(default=0)
    rungs_1 = models.IntegerField(default=0)
    rungs_2 = models.IntegerField(default=0)
    rungs_3 = models.IntegerField(default=0)
    rungs_4 = models.IntegerField(default=0)

    objects = SummaryQuerySet.as_manager()

    class Meta:
        abstract = True


class DaySummary(Summary):
    """What a day came to."""

    day = models.DateField()

    class Meta(Summary.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["day", "court", "department", "handler"],
                nulls_distinct=False,
                name="summary_day_uniq",
            )
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.court_id} {self.department_id} {self.handler_id}"


class MonthSummary(Summary):
    """The days of a month so far, added up; ``month`` is its first day."""

    month = models.DateField()

    class Meta(Summary.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["month", "court", "department", "handler"],
                nulls_distinct=False,
                name="summary_month_uniq",
            )
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.court_id} {self.department_id} {self.handler_id}"


class Summarised(models.Model):
    """Up to the end of which local day the limits of a jurisdiction are in its summaries.

    A jurisdiction without a row has none yet, or is to be counted anew from the beginning.
    """

    jurisdiction = models.OneToOneField(Jurisdiction, on_delete=models.CASCADE, related_name="+")
    until = models.DateField()

    def __str__(self) -> str:
        return f"{self.jurisdiction_id} {self.until}"


class Touched(models.Model):
    """That something behind a figure changed after its day was counted; written by triggers.

    Either a request, all of whose days are counted anew, or a day.
    """

    request_id = models.BigIntegerField(null=True)
    day = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(request_id__isnull=False) | models.Q(day__isnull=False),
                name="touched_something",
            )
        ]

    def __str__(self) -> str:
        return f"{self.request_id} {self.day}"


# What is counted, in the order of the columns.
COUNTS: tuple[str, ...] = tuple(
    field.name for field in Summary._meta.local_fields if isinstance(field, models.IntegerField)
)
# Those that count steps of the ladder, by level.
LEVELS = ("warnings", "rungs_1", "rungs_2", "rungs_3", "rungs_4")
