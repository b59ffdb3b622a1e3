"""Courts, people and posts, the business calendar, and the machines that may call."""

from courts.models.access import AccessRecord, ApiClient, AppliedCommand, IdempotencyRecord
from courts.models.calendar import CalendarEntry, CalendarVersion, OfficialYear, PublicSchedule
from courts.models.organisation import Court, Department, Jurisdiction, NumberSeries
from courts.models.people import Person, Post, Tenure

__all__ = [
    "AccessRecord",
    "ApiClient",
    "AppliedCommand",
    "CalendarEntry",
    "CalendarVersion",
    "Court",
    "Department",
    "IdempotencyRecord",
    "Jurisdiction",
    "NumberSeries",
    "OfficialYear",
    "Person",
    "Post",
    "PublicSchedule",
    "Tenure",
]
