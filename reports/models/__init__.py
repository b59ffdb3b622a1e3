"""What the reports keep; live figures are computed.

Editions and briefings, objections and sheets of the assessment, what follows from the figures,
views and files of the standing book, figures kept ready.
"""

from reports.models.assessment import Objection, Sheet
from reports.models.briefing import Briefing, BriefingReading, BriefingText, Edition
from reports.models.follow_up import FollowUpEntry
from reports.models.improvements import Improvement, Practice, PracticeAcknowledgement
from reports.models.interviews import Interview
from reports.models.issues import Issue, IssueMember, IssueSearch
from reports.models.problems import AgendaMatter, LookBack, Problem
from reports.models.referrals import ReferralItem, ReferralLot
from reports.models.standing_book import Export, ExportPart, SavedView
from reports.models.summary import DaySummary, MonthSummary, Summarised, Touched
from reports.models.watch import WatchEntry, WatchList

__all__ = [
    "AgendaMatter",
    "Briefing",
    "BriefingReading",
    "BriefingText",
    "DaySummary",
    "Edition",
    "Export",
    "ExportPart",
    "FollowUpEntry",
    "Improvement",
    "Interview",
    "Issue",
    "IssueMember",
    "IssueSearch",
    "LookBack",
    "MonthSummary",
    "Objection",
    "Practice",
    "PracticeAcknowledgement",
    "Problem",
    "ReferralItem",
    "ReferralLot",
    "SavedView",
    "Sheet",
    "Summarised",
    "Touched",
    "WatchEntry",
    "WatchList",
]
