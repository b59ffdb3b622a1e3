"""States and moves of a briefing, and its sections; the only table of them (G12, B10)."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from courts.lifecycle import Move, table


class BriefingState(TextChoices):
    """Where a briefing stands."""

    DRAFT = "draft", _("draft")
    IN_REVIEW = "in_review", _("in review")
    PUBLISHED = "published", _("published")


class Section(TextChoices):
    """The parts of a briefing, in their order. Only a correction says what changed."""

    CHANGES = "changes", _("What this edition corrects")
    BASIC = "basic", _("Basic situation")
    COMPLETION = "completion", _("Completion of requests")
    RANKING = "ranking", _("Ranking of courts and departments")
    ISSUES = "issues", _("Hot and difficult issues")
    FEEDBACK = "feedback", _("Feedback of earlier supervision")
    PROPOSALS = "proposals", _("Opinions and proposals")


_S = BriefingState

# Who publishes is the second person: the review is what publication needs.
MOVES = table(
    Move("submit", (_S.DRAFT,), _S.IN_REVIEW, "briefings.write", _("Send to review")),
    Move(
        "send_back",
        (_S.IN_REVIEW,),
        _S.DRAFT,
        "briefings.review",
        _("Send back"),
        needs=("reason",),
    ),
    Move("publish", (_S.IN_REVIEW,), _S.PUBLISHED, "briefings.review", _("Publish")),
)
