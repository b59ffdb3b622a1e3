"""States and moves of an objection and of a sheet; the only table of them (G16, B14)."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from courts.lifecycle import Move, table
from courts.models import Post


class ObjectionState(TextChoices):
    """What became of an objection."""

    OPEN = "open", pgettext_lazy("objection", "waits for its answer")
    UPHELD = "upheld", pgettext_lazy("objection", "upheld")
    NOT_UPHELD = "not_upheld", pgettext_lazy("objection", "not upheld")


class SheetKind(TextChoices):
    """Whose year a sheet is about."""

    JUDGE = "judge", _("judge")
    DEPARTMENT = "department", _("department")
    COURT = "court", _("court")


class SheetState(TextChoices):
    """Where a sheet stands. No assessment is set by a score alone: the comment comes first."""

    DRAFT = "draft", pgettext_lazy("sheet", "draft")
    COMMENTED = "commented", pgettext_lazy("sheet", "commented")
    SIGNED = "signed", pgettext_lazy("sheet", "signed")


_O, _S = ObjectionState, SheetState

OBJECTION_MOVES = table(
    Move("uphold", (_O.OPEN,), _O.UPHELD, "objections.answer", _("Uphold"), needs=("answer",)),
    Move(
        "not_uphold",
        (_O.OPEN,),
        _O.NOT_UPHELD,
        "objections.answer",
        _("Do not uphold"),
        needs=("answer",),
    ),
)
SHEET_MOVES = table(
    Move(
        "comment_on",
        (_S.DRAFT,),
        _S.COMMENTED,
        "assessment.comment",
        _("Comment"),
        needs=("comment",),
    ),
    Move("sign", (_S.COMMENTED,), _S.SIGNED, "assessment.sign", _("Sign")),
)

# The posts that comment on a sheet of each kind, within their reach. The deputy president may do
# it for a judge where the department has no leader, or where the judge leads it.
COMMENTERS: dict[str, frozenset[str]] = {
    SheetKind.JUDGE: frozenset({Post.Kind.DEPARTMENT_LEADER, Post.Kind.DEPUTY_PRESIDENT}),
    SheetKind.DEPARTMENT: frozenset({Post.Kind.DEPUTY_PRESIDENT}),
    SheetKind.COURT: frozenset({Post.Kind.FILING_CHAMBER}),
}
