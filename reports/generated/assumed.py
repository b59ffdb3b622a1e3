"""What is assumed of an invented city: how many, when, about what, and how it goes on.

None of these figures is a measurement. That some thirty-five in a hundred want to reach their
judge and as many ask about a case is the order of magnitude that courts have published of their
hotlines; the rhythm of days and hours, and what becomes of a request, are the authors' own guess.
"""

from __future__ import annotations

from collections.abc import Sequence

# How long a city's past is.
MONTHS = 30
# Requests grow so much a year.
GROWTH = 0.12

# By the weekday, Monday first; then days off, and the first day after a long pause.
WEEKDAYS = (1.25, 1.1, 1.0, 0.95, 0.9, 0.85, 0.85)
WEEKEND, HOLIDAY = 0.16, 0.07
LONG_PAUSE, AFTER_LONG_PAUSE = 3, 1.5
# By the hour of the day, on business days and on others.
BUSINESS_HOURS = (
    1, 1, 0, 0, 0, 1, 2, 8, 40, 90, 95, 60, 25, 35, 85, 90, 70, 30, 14, 14, 16, 14, 8, 3,
)  # fmt: skip
OFF_HOURS = (2, 1, 1, 0, 0, 1, 3, 8, 20, 30, 32, 26, 18, 20, 26, 28, 26, 22, 20, 24, 28, 24, 14, 5)

# In a hundred, by what they are about.
MATTERS = {
    "contact_judge": 35,
    "case_inquiry": 31,
    "consultation": 14,
    "issue_documents": 7,
    "materials": 6,
    "opinions": 4,
    "other": 3,
}
# By which door they come; only the first in office hours, and opinions by their own as well.
CHANNELS = {
    "hotline": 38,
    "hall": 16,
    "inquiry_machine": 3,
    "service_machine": 5,
    "website": 10,
    "wechat": 12,
    "mini_program": 12,
    "text_message": 4,
}
OFFICE_CHANNELS = ("hotline", "hall", "inquiry_machine", "service_machine")
OPINION_CHANNELS = {"president_mailbox": 45, "online_complaint": 35, "website": 20}
BY_STAFF = {"hall", "hotline"}

# Of those that the desk can answer, it answers so many on the spot.
ON_THE_SPOT = 0.62
# The party comes for the first time.
NEW_PARTY = 0.58
REMEMBERED_PARTIES = 4000

# Taken up within the day; else one, two or three business days later, and a few never.
SLOW_DESK, FORGOTTEN = 0.035, 0.002
# Business days from the dispatch to the reply, and how many of a hundred.
REPLY_DAYS: Sequence[tuple[int, int]] = (
    (0, 16), (1, 33), (2, 23), (3, 16), (4, 4), (5, 3), (6, 2), (7, 1), (8, 1), (10, 1),
)  # fmt: skip
NEVER_REPLIED = 0.004
# What else happens to a request, each so often.
ACKNOWLEDGED = 0.55
CALLED = 0.5
NOT_REACHED = 0.14
SPOKEN = 0.3
REASSIGNED, TO_ANOTHER_UNIT = 0.05, 0.6
RETURNED = 0.025
ASSISTED = 0.03
WITHDRAWN = 0.02
MERGED = 0.012
COMPLETED_BY_HAND = 0.35
DISPUTED, DISPUTE_UPHELD = 0.02, 0.4
REJECTED = 0.012
DESK_ANSWER_DISPUTED = 0.012
URGED = 0.4
# Of the parties whose reply stands so many rate it, within two days; grades in a hundred, by
# whether the reply came within a few days.
RATED, RATED_WITHIN_MINUTES = 0.24, 2880
PROMPT_DAYS = 4
GRADES = {"very_satisfied": 36, "satisfied": 42, "partly_satisfied": 15, "not_satisfied": 7}
GRADES_LATE = {"very_satisfied": 8, "satisfied": 24, "partly_satisfied": 34, "not_satisfied": 34}
READ_AFTER_MINUTES = (5, 400)
