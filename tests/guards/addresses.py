"""The tables of the role matrix: every address of the product, and which posts get a page there.

Looked at by ``test_url_matrix``. ``inside`` is an order of the department, ``near`` one of another
department of the same court, ``west`` one of another court, and ``foreign`` one of another
jurisdiction.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field

from courts.models import Post

K = Post.Kind
ALL = frozenset(K.values)
DESK = frozenset({K.SERVICE_STAFF, K.HOTLINE_AGENT})
HANDLERS = frozenset({K.JUDGE, K.JUDGE_ASSISTANT, K.DEPARTMENT_LEADER})
SUPERVISORS = frozenset(
    {K.LIAISON_OFFICER, K.DEPARTMENT_LEADER, K.DEPUTY_PRESIDENT, K.PRESIDENT, K.FILING_CHAMBER}
)
LEADERSHIP = frozenset(
    {K.DEPARTMENT_LEADER, K.DEPUTY_PRESIDENT, K.PRESIDENT, K.FILING_CHAMBER, K.TRIAL_MANAGEMENT}
)
BOOK = LEADERSHIP - {K.TRIAL_MANAGEMENT}
# Who reads the published briefing of the city; its draft is the leading court's chamber's own.
BRIEFED = frozenset({K.PRESIDENT, K.DEPUTY_PRESIDENT, K.FILING_CHAMBER})
CHAMBER = frozenset({K.FILING_CHAMBER})
# Posts that only the leading court has.
OFFICES = frozenset(
    {K.FILING_CHAMBER, K.TRIAL_MANAGEMENT, K.DISCIPLINE, K.INSPECTION, K.TECHNOLOGY}
)
BODIES = frozenset({K.DEPUTY_PRESIDENT, K.PRESIDENT, K.FILING_CHAMBER})
# Who sees the sheet of a judge: the judge, and whoever leads or watches over the department.
SHEETS = LEADERSHIP | {K.JUDGE}
ASSESSED = SHEETS | HANDLERS
# How far each post sees beyond its own department.
OWN_DEPARTMENT = frozenset({"inside"})
OWN_COURT = frozenset({"inside", "near"})
COURTS_BELOW = frozenset({"inside", "near", "west"})
SIGHT = {
    K.JUDGE: OWN_DEPARTMENT,
    K.JUDGE_ASSISTANT: OWN_DEPARTMENT,
    K.LIAISON_OFFICER: OWN_DEPARTMENT,
    K.DEPARTMENT_LEADER: OWN_DEPARTMENT,
    K.SERVICE_STAFF: OWN_COURT,
    K.HOTLINE_AGENT: OWN_COURT,
    K.DEPUTY_PRESIDENT: OWN_COURT,  # in charge of all departments of a small court
    K.PRESIDENT: OWN_COURT,
    K.FILING_CHAMBER: COURTS_BELOW,
    K.TRIAL_MANAGEMENT: COURTS_BELOW,
    K.DISCIPLINE: frozenset(),
    K.INSPECTION: frozenset(),
    K.TECHNOLOGY: frozenset(),
}


@dataclass(frozen=True)
class Page:
    """A page for those who hold one of ``posts``; anyone else gets 404, a stranger signs in."""

    posts: frozenset[str]
    get: int = 200
    # What its address names: nothing, a 'request', an 'order', its handler's 'sheet', or an
    # 'objection' of that handler.
    of: str = ""
    query: str = ""
    # Whether it takes a post at all, where each will do.
    needs_post: bool = False


@dataclass(frozen=True)
class Open:
    """A page that asks for no sign-in; ``get`` is its answer, to whomever."""

    get: int
    args: tuple[object, ...] = field(default=())


STAFF = {
    "start": Page(ALL, get=302),
    "change_password": Page(ALL),
    "notices:list": Page(ALL),
    "notices:read_all": Page(ALL, get=405),
    "notices:open": Page(frozenset(), of="notice"),
    "desk:queue": Page(DESK),
    "desk:new": Page(DESK),
    "desk:request": Page(DESK, of="request"),
    "desk:answer": Page(DESK, of="request"),
    "desk:route": Page(DESK, of="request"),
    "desk:merge": Page(DESK, of="request"),
    "desk:withdraw": Page(DESK, of="request"),
    "desk:reveal": Page(DESK, get=405, of="request"),
    "orders:queue": Page(HANDLERS),
    "orders:by_request": Page(HANDLERS | SUPERVISORS, get=302, of="request"),
    "orders:order": Page(HANDLERS, of="order"),
    "orders:print": Page(HANDLERS, of="order"),
    "orders:acknowledge": Page(HANDLERS, get=302, of="order"),
    "orders:contact": Page(HANDLERS, get=302, of="order"),
    "orders:reply": Page(HANDLERS, get=302, of="order"),
    "orders:return": Page(HANDLERS, get=302, of="order"),
    "orders:reassign": Page(HANDLERS, get=302, of="order"),
    "orders:assist": Page(HANDLERS, get=302, of="order"),
    "orders:complete": Page(HANDLERS, get=302, of="order"),
    "orders:reveal": Page(HANDLERS, get=302, of="order"),
    "supervision:queue": Page(SUPERVISORS),
    "supervision:request": Page(SUPERVISORS, of="request"),
    "supervision:instruct": Page(SUPERVISORS, get=302, of="request"),
    "supervision:reject": Page(SUPERVISORS, get=302, of="request"),
    "supervision:dismiss": Page(SUPERVISORS, get=302, of="request"),
    "supervision:reassign": Page(SUPERVISORS, get=302, of="request"),
    "find:page": Page(ALL),
    "leadership:rates": Page(LEADERSHIP),
    "leadership:push": Page(LEADERSHIP),
    "leadership:trends": Page(LEADERSHIP),
    "leadership:ranking": Page(LEADERSHIP),
    # Which unit is asked for is in the query: see the lists beyond reach below.
    "leadership:ranking_unit": Page(LEADERSHIP, get=404),
    "leadership:items": Page(LEADERSHIP, query="?indicator=acceptance"),
    "book:list": Page(BOOK),
    "book:cases": Page(BOOK),
    "book:ahead": Page(BOOK),
    "book:exports": Page(BOOK),
    "book:save_view": Page(BOOK, get=405),
    "briefings:list": Page(BRIEFED),
    "briefings:draft": Page(CHAMBER, get=405),
    "briefings:briefing": Page(BRIEFED, of="briefing"),
    "briefings:acknowledge": Page(BRIEFED, get=302, of="briefing"),
    "briefings:pdf": Page(BRIEFED, of="briefing"),
    "briefings:xlsx": Page(BRIEFED, of="briefing"),
    "briefings:json": Page(CHAMBER, of="briefing"),
    "briefings:history": Page(CHAMBER, of="briefing"),
    "briefings:take_figures": Page(CHAMBER, get=302, of="briefing"),
    "briefings:submit": Page(CHAMBER, get=302, of="briefing"),
    # Reviewers of the leading court, and whoever reads it as the president of a court.
    "briefings:send_back": Page(frozenset({K.FILING_CHAMBER, K.PRESIDENT}), get=302, of="briefing"),
    "briefings:publish": Page(frozenset({K.FILING_CHAMBER, K.PRESIDENT}), get=302, of="briefing"),
    "briefings:edit": Page(CHAMBER, get=302, of="briefing"),
    # What is on these lists is said for each kind of matter: tests/reports, tests/regulations.
    "follow_up:start": Page(ALL, get=302, needs_post=True),
    "follow_up:referrals": Page(ALL, needs_post=True),
    "follow_up:items": Page(ALL, needs_post=True),
    "follow_up:issues": Page(ALL, needs_post=True),
    "follow_up:problems": Page(ALL, needs_post=True),
    "follow_up:agenda": Page(ALL, needs_post=True),
    "follow_up:interviews": Page(ALL, needs_post=True),
    "follow_up:improvements": Page(ALL, needs_post=True),
    "follow_up:practices": Page(ALL, needs_post=True),
    "follow_up:compile": Page(frozenset({K.FILING_CHAMBER}), get=302),
    "follow_up:item_new": Page(frozenset({K.FILING_CHAMBER})),
    "follow_up:issue_new": Page(frozenset({K.FILING_CHAMBER})),
    "follow_up:problem_new": Page(frozenset({K.FILING_CHAMBER})),
    "follow_up:agenda_matter_new": Page(BODIES),
    "follow_up:interview_new": Page(BODIES),
    "follow_up:improvement_new": Page(ALL, needs_post=True),
    "follow_up:practice_new": Page(ALL, needs_post=True),
    "assessment:start": Page(ASSESSED, get=302),
    "assessment:own": Page(HANDLERS),
    # Which item is objected to is in the query; tests/reports/test_objection.py
    "assessment:object": Page(HANDLERS, get=404),
    "assessment:objections": Page(CHAMBER),
    "assessment:objection": Page(CHAMBER, of="objection"),
    "assessment:sheets": Page(ASSESSED),
    "assessment:sheet": Page(SHEETS, of="sheet"),
    "assessment:sheet_items": Page(SHEETS, of="sheet", query="?indicator=completion"),
    "assessment:sheet_state": Page(SHEETS, get=302, of="sheet"),
    "assessment:sheet_comment": Page(SHEETS, get=302, of="sheet"),
    "assessment:sheet_sign": Page(SHEETS, get=302, of="sheet"),
}
ID = uuid.UUID(int=1)
OPEN = {
    "sign_out": Open(405),
    "set_language": Open(405),
    "set_display": Open(405),
    "calendar": Open(302),
    "calendar_year": Open(200, (2026,)),
    "healthz": Open(200),
    "metrics": Open(404),  # unless a token is set; tests/escalation/test_metrics.py
    "portal:home": Open(200),
    "portal:new": Open(200),
    "portal:receipt": Open(404, (ID,)),
    "portal:track": Open(200),
    # Without the code the way leads to where it is asked for, whether there is such a request.
    "portal:tracking": Open(302, (ID,)),
    "portal:finish": Open(405),
    "portal:withdraw": Open(302, (ID,)),
    "portal:dispute": Open(302, (ID,)),
    "portal:rate": Open(302, (ID,)),
    "portal:officers": Open(200),
    "portal:case_number": Open(405),
    "portal:sign_in": Open(200),
    # Without a code that this session asked for, or without having signed in, to the door.
    "portal:code": Open(302),
    "portal:told": Open(302),
    "portal:my_requests": Open(302),
    "portal:my_request": Open(405, (ID,)),
    "portal:my_cases": Open(302),
    "portal:my_case": Open(302, (ID,)),
    "portal:my_wishes": Open(302),
    "deadline:calculator": Open(200),
    # Unless a deployment asks for it; tests/guards/test_catalogue.py
    "catalogue:start": Open(404),
    "catalogue:page": Open(404, ("forms",)),
    "catalogue:frame": Open(404, ("kiosk",)),
    "catalogue:part": Open(404),
    # Asks for no key, but for a question.
    "deadlines:deadlines": Open(400),
    # Unless a secret of receipts is set; tests/notices/test_receipts.py
    "notices:receipts": Open(404, ("sms",)),
    # Machines sign with their key; see tests/api.
    "mirror:cases": Open(401),
    "mirror:nodes": Open(401),
    "api:requests": Open(401),
    "api:request": Open(401, (ID,)),
    "api:rating": Open(401, (ID,)),
    "figures:indicators": Open(401),
    "figures:ranking": Open(401),
    "figures:briefings": Open(401),
    "figures:briefing": Open(401, (ID,)),
    "figures:book": Open(401),
    "figures:matters": Open(401, ("problems",)),
    "figures:matter": Open(401, ("problems", ID)),
    "api:schema": Open(200),
    "api:docs": Open(200),
}
# Addresses with a rule of their own, each with a test below or elsewhere.
SPECIAL = {
    "sign_in",  # for strangers; tests/courts/test_sign_in.py
    # One matter and its verbs: tests/reports/test_follow_up_sight.py
    *(
        f"follow_up:{page}{verb}"
        for page in (
            "lot",
            "item",
            "problem",
            "issue",
            "agenda_matter",
            "interview",
            "improvement",
            "practice",
        )
        for verb in ("", "_verb")
    ),
    "follow_up:practice_acknowledge",
    "notices:bell",  # part of a page: stops asking when nobody is signed in
    "unknown address below /api/",
    "book:watched",  # those of units within reach; tests/reports/test_ahead.py
    # Each person's own; tests/reports/test_standing_book.py, test_book_export.py
    "book:delete_view",
    "book:set_rhythm",
    "book:export",
    "book:export_progress",
    "book:remove_export",
    "book:file",
}
