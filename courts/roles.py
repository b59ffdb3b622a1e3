"""The table of roles: who may do what, and how far it reaches.

A role is the kind of post that a person holds or acts for at the moment. Every view names an
action of this table; what lies outside a person's reach does not exist for them (404). The
test ``tests/guards/test_url_matrix.py`` walks every URL with every role.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING

from django.db.models import F, Q
from django.utils import timezone

from courts.errors import NotAllowed
from courts.models.organisation import Court, Department
from courts.models.people import Post, Tenure

if TYPE_CHECKING:
    from courts.models.people import Person


class Scope(Enum):
    """How far an action of a post reaches."""

    OWN = "own"
    DEPARTMENT = "department"
    IN_CHARGE = "in_charge"
    COURT = "court"
    COURTS_BELOW = "courts_below"
    # The whole court, for a post in its Case Filing Chamber; nothing for any other.
    OF_CHAMBER = "of_chamber"


_K = Post.Kind
_SUPERVISORS: Mapping[str, Scope] = {
    _K.LIAISON_OFFICER: Scope.DEPARTMENT,
    _K.DEPARTMENT_LEADER: Scope.DEPARTMENT,
    _K.DEPUTY_PRESIDENT: Scope.IN_CHARGE,
    _K.PRESIDENT: Scope.COURT,
    _K.FILING_CHAMBER: Scope.COURTS_BELOW,
}

_EVERYONES_OWN: Mapping[str, Scope] = dict.fromkeys(_K.values, Scope.OWN)
# Who is of a department speaks for it; the others speak for their court.
_EVERYONES_COURT: Mapping[str, Scope] = dict.fromkeys(_K.values, Scope.COURT) | dict.fromkeys(
    [_K.JUDGE, _K.JUDGE_ASSISTANT, _K.LIAISON_OFFICER, _K.DEPARTMENT_LEADER], Scope.DEPARTMENT
)
_LEADERS_AND_OFFICES: Mapping[str, Scope] = {
    _K.DEPARTMENT_LEADER: Scope.DEPARTMENT,
    _K.DEPUTY_PRESIDENT: Scope.IN_CHARGE,
    _K.PRESIDENT: Scope.COURT,
    _K.FILING_CHAMBER: Scope.COURTS_BELOW,
    _K.TRIAL_MANAGEMENT: Scope.COURTS_BELOW,
}
_AGENDA_HOLDERS: Mapping[str, Scope] = {
    _K.DEPUTY_PRESIDENT: Scope.COURT,
    _K.PRESIDENT: Scope.COURT,
    _K.FILING_CHAMBER: Scope.COURTS_BELOW,
}

# action -> kind of post -> scope
ACTIONS: Mapping[str, Mapping[str, Scope]] = {
    "desk.triage": {
        _K.SERVICE_STAFF: Scope.COURT,
        _K.HOTLINE_AGENT: Scope.COURT,
    },
    "requests.read": {
        _K.SERVICE_STAFF: Scope.COURT,
        _K.HOTLINE_AGENT: Scope.COURT,
        **_SUPERVISORS,
    },
    "contact.reveal": {
        _K.SERVICE_STAFF: Scope.COURT,
        _K.HOTLINE_AGENT: Scope.COURT,
        _K.JUDGE: Scope.OWN,
        _K.JUDGE_ASSISTANT: Scope.DEPARTMENT,
        _K.LIAISON_OFFICER: Scope.DEPARTMENT,
    },
    "orders.read": {
        _K.JUDGE: Scope.OWN,
        _K.JUDGE_ASSISTANT: Scope.DEPARTMENT,
        **_SUPERVISORS,
    },
    "orders.handle": {
        _K.JUDGE: Scope.OWN,
        _K.JUDGE_ASSISTANT: Scope.DEPARTMENT,
        _K.DEPARTMENT_LEADER: Scope.DEPARTMENT,
    },
    "orders.reassign": {
        _K.JUDGE: Scope.OWN,
        _K.DEPARTMENT_LEADER: Scope.DEPARTMENT,
        _K.LIAISON_OFFICER: Scope.DEPARTMENT,
    },
    "mirror.read": {
        _K.SERVICE_STAFF: Scope.COURT,
        _K.HOTLINE_AGENT: Scope.COURT,
        _K.JUDGE: Scope.OWN,
        _K.JUDGE_ASSISTANT: Scope.DEPARTMENT,
        **_SUPERVISORS,
    },
    "supervision.read": _SUPERVISORS,
    "supervision.urge": _SUPERVISORS,
    "supervision.reject": {
        _K.LIAISON_OFFICER: Scope.DEPARTMENT,
        _K.FILING_CHAMBER: Scope.COURTS_BELOW,
    },
    "leadership.read": {
        _K.DEPARTMENT_LEADER: Scope.DEPARTMENT,
        _K.DEPUTY_PRESIDENT: Scope.IN_CHARGE,
        _K.PRESIDENT: Scope.COURTS_BELOW,
        _K.FILING_CHAMBER: Scope.COURTS_BELOW,
        _K.TRIAL_MANAGEMENT: Scope.COURTS_BELOW,
    },
    # The standing book (G11, B11): for those readers of figures who answer for single requests.
    "book.read": {
        _K.DEPARTMENT_LEADER: Scope.DEPARTMENT,
        _K.DEPUTY_PRESIDENT: Scope.IN_CHARGE,
        _K.PRESIDENT: Scope.COURTS_BELOW,
        _K.FILING_CHAMBER: Scope.COURTS_BELOW,
    },
    "watch.act": {
        _K.DEPARTMENT_LEADER: Scope.DEPARTMENT,
        _K.FILING_CHAMBER: Scope.COURTS_BELOW,
    },
    # Drafts are the leading court's own business: its courts alone are asked for (G12, B10).
    "briefings.write": {_K.FILING_CHAMBER: Scope.COURT},
    "briefings.review": {
        _K.FILING_CHAMBER: Scope.COURT,
        _K.DEPARTMENT_LEADER: Scope.OF_CHAMBER,
        _K.PRESIDENT: Scope.COURT,
    },
    "briefings.read": {
        _K.FILING_CHAMBER: Scope.COURT,
        _K.DEPARTMENT_LEADER: Scope.OF_CHAMBER,
        _K.DEPUTY_PRESIDENT: Scope.COURT,
        _K.PRESIDENT: Scope.COURT,
    },
    # The own figures: of everyone whom orders are given to by name.
    "assessment.own": {
        _K.JUDGE: Scope.OWN,
        _K.JUDGE_ASSISTANT: Scope.OWN,
        _K.DEPARTMENT_LEADER: Scope.OWN,
    },
    "assessment.read": {
        _K.JUDGE: Scope.OWN,
        _K.JUDGE_ASSISTANT: Scope.OWN,
        _K.DEPARTMENT_LEADER: Scope.DEPARTMENT,
        _K.DEPUTY_PRESIDENT: Scope.IN_CHARGE,
        _K.PRESIDENT: Scope.COURTS_BELOW,
        _K.FILING_CHAMBER: Scope.COURTS_BELOW,
        _K.TRIAL_MANAGEMENT: Scope.COURTS_BELOW,
    },
    # Which of them comments on what: reports.assessment.lifecycle.COMMENTERS.
    "assessment.comment": {
        _K.DEPARTMENT_LEADER: Scope.DEPARTMENT,
        _K.DEPUTY_PRESIDENT: Scope.IN_CHARGE,
        _K.FILING_CHAMBER: Scope.COURTS_BELOW,
    },
    "assessment.sign": {_K.PRESIDENT: Scope.COURT},
    # Of the leading court only: reports.models.Objection.answerable_by.
    "objections.answer": {_K.FILING_CHAMBER: Scope.COURTS_BELOW},
    "directory.edit": {_K.TECHNOLOGY: Scope.COURTS_BELOW},
    # What follows from the figures. The pages stand open to every post; what is on them is said
    # by the actions below, and by who owns, wrote or was sent a thing.
    "follow_up.open": _EVERYONES_OWN,
    "issues.read": {_K.PRESIDENT: Scope.COURT, _K.FILING_CHAMBER: Scope.COURTS_BELOW},
    "issues.judge": {_K.FILING_CHAMBER: Scope.COURTS_BELOW},
    "referrals.make": {_K.FILING_CHAMBER: Scope.COURTS_BELOW},
    "referrals.answer": {
        _K.TRIAL_MANAGEMENT: Scope.DEPARTMENT,
        _K.DISCIPLINE: Scope.DEPARTMENT,
        _K.INSPECTION: Scope.DEPARTMENT,
    },
    "problems.read": {**_LEADERS_AND_OFFICES, _K.PRESIDENT: Scope.COURTS_BELOW},
    "problems.make": {_K.FILING_CHAMBER: Scope.COURTS_BELOW},
    "problems.rectify": _EVERYONES_OWN,
    "problems.strike": {
        _K.DEPUTY_PRESIDENT: Scope.IN_CHARGE,
        _K.PRESIDENT: Scope.COURT,
        _K.FILING_CHAMBER: Scope.COURTS_BELOW,
    },
    "agenda.read": {
        _K.DEPARTMENT_LEADER: Scope.DEPARTMENT,
        _K.DEPUTY_PRESIDENT: Scope.COURT,
        _K.PRESIDENT: Scope.COURT,
        _K.FILING_CHAMBER: Scope.COURTS_BELOW,
    },
    "agenda.make": _AGENDA_HOLDERS,
    "agenda.result": _EVERYONES_OWN,
    "agenda.close": _AGENDA_HOLDERS,
    "interviews.read": _LEADERS_AND_OFFICES,
    "interviews.hold": {
        _K.DEPUTY_PRESIDENT: Scope.COURTS_BELOW,
        _K.PRESIDENT: Scope.COURTS_BELOW,
        _K.FILING_CHAMBER: Scope.COURTS_BELOW,
    },
    "interviews.confirm": {
        _K.DEPARTMENT_LEADER: Scope.DEPARTMENT,
        _K.PRESIDENT: Scope.COURT,
    },
    "improvements.read": {_K.FILING_CHAMBER: Scope.COURTS_BELOW},
    "improvements.make": _EVERYONES_COURT,
    "improvements.answer": {_K.FILING_CHAMBER: Scope.COURTS_BELOW},
    "practices.make": _EVERYONES_COURT,
    "practices.circulate": {_K.FILING_CHAMBER: Scope.COURTS_BELOW},
    "practices.acknowledge": {
        _K.LIAISON_OFFICER: Scope.DEPARTMENT,
        _K.DEPUTY_PRESIDENT: Scope.COURT,
        _K.PRESIDENT: Scope.COURT,
        _K.FILING_CHAMBER: Scope.COURT,
    },
}

# A liaison officer without a department is the officer of the whole court. Nobody else reaches
# further by the lack of one: such a post reaches nothing.
_OF_THE_WHOLE_COURT = frozenset({_K.LIAISON_OFFICER})

# Leaders: each look of theirs into a request is recorded.
LEADERS = frozenset({_K.DEPARTMENT_LEADER, _K.DEPUTY_PRESIDENT, _K.PRESIDENT})


def _is_of_filing_chamber(post: Post) -> bool:
    department = post.department
    return department is not None and department.kind == Department.Kind.FILING_CHAMBER


def posts_of(person: Person, at: datetime | None = None) -> list[Post]:
    """The posts that ``person`` holds or acts for at ``at`` (default: now)."""
    tenures = (
        Tenure.objects.at(at or timezone.now())
        .filter(person=person, post__is_open=True)
        .select_related("post__court", "post__department")
        .prefetch_related("post__departments_in_charge")
    )
    return [tenure.post for tenure in tenures]


def posts_by_person(person_ids: Iterable[int], at: datetime | None = None) -> dict[int, list[Post]]:
    """``posts_of`` for many people at once: two statements, however many."""
    wanted = set(person_ids)
    posts: dict[int, list[Post]] = {person_id: [] for person_id in wanted}
    tenures = Tenure.objects.at(at or timezone.now()).filter(person__in=wanted, post__is_open=True)
    tenures = tenures.select_related("post__department")
    for tenure in tenures.prefetch_related("post__departments_in_charge"):
        posts[tenure.person_id].append(tenure.post)
    return posts


def courts_below(court_ids: Iterable[int]) -> set[int]:
    """The given courts and every court beneath them in the same jurisdiction."""
    found = set(court_ids)
    edge = set(found)
    while edge:
        edge = set(
            Court.objects.filter(parent_id__in=edge, jurisdiction=F("parent__jurisdiction"))
            .exclude(pk__in=found)
            .values_list("pk", flat=True)
        )
        found |= edge
    return found


@dataclass(frozen=True)
class Reach:
    """What an action of a person covers: whole courts, departments, and their own."""

    person_id: int
    courts: frozenset[int]
    departments: frozenset[int]
    own: bool

    @classmethod
    def of(cls, person: Person, action: str, at: datetime | None = None) -> Reach:
        """How far ``action`` reaches for ``person`` at ``at`` (default: now)."""
        return cls.of_posts(person.pk, posts_of(person, at), action)

    @classmethod
    def of_posts(
        cls,
        person_id: int,
        posts: Iterable[Post],
        action: str,
        below_of: Callable[[Iterable[int]], set[int]] | None = None,
    ) -> Reach:
        """How far ``action`` reaches by the given posts; raises ``KeyError`` for no action.

        ``below_of`` finds the courts beneath some courts (default: ``courts_below``).
        """
        scopes = ACTIONS[action]
        courts: set[int] = set()
        below: set[int] = set()
        departments: set[int] = set()
        own = False
        for post in posts:
            scope = scopes.get(post.kind)
            if scope is Scope.OWN:
                own = True
            elif scope is Scope.COURT or (
                scope is Scope.OF_CHAMBER and _is_of_filing_chamber(post)
            ):
                courts.add(post.court_id)
            elif scope is Scope.COURTS_BELOW:
                below.add(post.court_id)
            elif scope is Scope.DEPARTMENT and post.department_id:
                departments.add(post.department_id)
            elif scope is Scope.DEPARTMENT and post.kind in _OF_THE_WHOLE_COURT:
                courts.add(post.court_id)
            elif scope is Scope.IN_CHARGE:
                departments |= {department.pk for department in post.departments_in_charge.all()}
        if below:
            courts |= (below_of or courts_below)(below)
        return cls(person_id, frozenset(courts), frozenset(departments), own)

    @property
    def is_empty(self) -> bool:
        """Whether the person may not do this anywhere."""
        return not (self.courts or self.departments or self.own)

    def courts_q(self, field: str) -> Q:
        """A condition on a court's column."""
        return Q(**{f"{field}__in": self.courts})

    def departments_q(self, field: str) -> Q:
        """A condition on a department's column."""
        return Q(**{f"{field}__in": self.departments})

    def covers(
        self, *, court_id: int, department_id: int | None, handler_id: int | None = None
    ) -> bool:
        """Whether a thing of this court, department and handler lies within reach."""
        return (
            court_id in self.courts
            or (department_id is not None and department_id in self.departments)
            or (self.own and handler_id == self.person_id)
        )


def reaches(person_ids: Iterable[int], action: str, at: datetime | None = None) -> dict[int, Reach]:
    """``Reach.of`` for many people at once: three statements, however many."""
    posts = posts_by_person(person_ids, at)
    below = Court.objects.filter(jurisdiction=F("parent__jurisdiction"))
    parents = dict(below.values_list("pk", "parent_id"))

    def below_of(tops: Iterable[int]) -> set[int]:
        found = set(tops)
        return found | {pk for pk in parents if found & _above(pk, parents)}

    return {
        person_id: Reach.of_posts(person_id, held, action, below_of)
        for person_id, held in posts.items()
    }


def _above(court_id: int, parents: Mapping[int, int | None]) -> set[int]:
    """The courts above one; it ends even where the table has been led in a circle."""
    found: set[int] = set()
    above = parents.get(court_id)
    while above is not None and above not in found:
        found.add(above)
        above = parents.get(above)
    return found


def opens(person_id: int, posts: Iterable[Post], action: str) -> bool:
    """Whether ``action`` reaches anything at all by the given posts, as ``posts_of`` reads them.

    It asks the database nothing: which courts lie below is no matter here.
    """
    return not Reach.of_posts(person_id, posts, action, below_of=set).is_empty


def may(person: Person, action: str, at: datetime | None = None) -> bool:
    """Whether ``person`` may do ``action`` anywhere at all."""
    return opens(person.pk, posts_of(person, at), action)


def require(
    person: Person | None,
    action: str,
    *,
    court_id: int,
    department_id: int | None,
    handler_id: int | None = None,
    at: datetime | None = None,
) -> None:
    """Raise ``NotAllowed`` unless ``person`` may do ``action`` to this thing at ``at``.

    ``None`` is the platform itself (a listener, a replay), which its callers answer for.
    """
    if person is None:
        return
    reach = Reach.of(person, action, at)
    if not reach.covers(court_id=court_id, department_id=department_id, handler_id=handler_id):
        raise NotAllowed


def leader_post(person: Person) -> bool:
    """Whether ``person`` reads as a leader, so that each look into a request is recorded."""
    return any(post.kind in LEADERS for post in posts_of(person))
