"""Who sees which matter of the follow-up: on its page, by its verbs, and in notices of it."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from courts.models import Person, Post
from courts.roles import Reach
from escalation.sweep import sweep
from notices import kinds
from notices.kinds import Level
from notices.models import Notice
from reports.follow_up.notice_kinds import MODELS
from reports.follow_up.urls import WINGS
from reports.follow_up.words import ENTRIES, NEWS
from reports.interviews import services as interviews
from reports.models.follow_up import Matter
from reports.practices import services as practices
from reports.referrals import services as referrals
from reports.referrals.wing import ITEMS
from tests import city
from tests.city import City, local
from tests.reports.follow_up_city import (
    K,
    agenda_matter,
    chamber,
    improvement,
    officer,
    problem,
    sent_lot,
)

pytestmark = pytest.mark.django_db
AT = local(2020, 6, 5, 14)
EAST_LEADERS = {K.DEPARTMENT_LEADER, K.DEPUTY_PRESIDENT, K.PRESIDENT}
WINGS_BY_KIND = {wing.model.KIND: wing for wing in (*WINGS, ITEMS)}


@pytest.fixture
def town() -> City:
    return city.build()


@pytest.fixture
def matters(town: City) -> dict[str, Matter]:
    """One of each kind: those of the east, and a lot that is answered."""
    lot = sent_lot(town, AT, count=1)
    (item,) = lot.items.all()
    referrals.answer_item(item_id=item.pk, text="已通报。", by=officer(town), at=AT)
    deputy = town.holder(K.DEPUTY_PRESIDENT, court=town.intermediate)
    practice = practices.record_practice(
        court=town.east, department=None, title="晨会", text="每日。",
        by=town.holder(K.PRESIDENT), at=AT,
    )  # fmt: skip
    return {
        "referral": lot,
        "referral_item": item,
        "problem": problem(town, AT),
        "agenda_matter": agenda_matter(town, AT),
        "improvement": improvement(town, AT),
        "practice": practice,
        "interview": interviews.propose_by_hand(
            court=town.east, department=town.division(), title="约谈", text="靠后。", by=deputy,
            at=AT,
        ),
    }  # fmt: skip


# Who reads each, of the posts of the east, of the west and of the leading court.
READERS: dict[str, tuple[set[str], set[str], set[str]]] = {
    "referral": (set(), set(), {K.FILING_CHAMBER, K.TRIAL_MANAGEMENT}),
    "referral_item": (set(), set(), {K.FILING_CHAMBER, K.TRIAL_MANAGEMENT}),
    "problem": (EAST_LEADERS, set(), {K.PRESIDENT, K.FILING_CHAMBER, K.TRIAL_MANAGEMENT}),
    "agenda_matter": (EAST_LEADERS, set(), {K.FILING_CHAMBER}),
    "improvement": ({K.JUDGE}, set(), {K.FILING_CHAMBER}),
    "practice": (
        {*K.values} - {K.FILING_CHAMBER, K.TRIAL_MANAGEMENT, K.DISCIPLINE, K.INSPECTION,
                       K.TECHNOLOGY},
        set(),
        {K.FILING_CHAMBER},
    ),
    "interview": (
        EAST_LEADERS,
        set(),
        {K.PRESIDENT, K.DEPUTY_PRESIDENT, K.FILING_CHAMBER, K.TRIAL_MANAGEMENT},
    ),
}  # fmt: skip


def _people(town: City) -> dict[tuple[int, str], Person]:
    """A holder of each kind of post in each court; of the east's division where it has one."""
    rows = Post.objects.order_by("-pk").prefetch_related("tenures__person")
    found = {(row.court_id, row.kind): row.tenures.all()[0].person for row in rows}
    leader = town.holder(K.DEPARTMENT_LEADER, department=town.division())
    return found | {(town.east.pk, K.DEPARTMENT_LEADER): leader}


def test_each_post_reads_its_own_and_nothing_else(town: City, matters: dict[str, Matter]) -> None:
    wrong = []
    for (court_id, post), person in _people(town).items():
        client = Client()
        client.force_login(person)
        place = [town.east.pk, town.west.pk, town.intermediate.pk].index(court_id)
        for kind, matter in matters.items():
            wing, seen = WINGS_BY_KIND[kind], post in READERS[kind][place]
            page = reverse(f"follow_up:{wing.page}", args=[matter.public_id])
            got = client.get(page).status_code
            if got != (200 if seen else 404):
                wrong.append(f"{kind} by {post} of {court_id}: {got}")
            for act in wing.acts:
                verb = reverse(f"follow_up:{wing.page}_verb", args=[matter.public_id, act.move])
                # Whom it is shown to, it would be done by; the others are sent away from the page.
                answer = client.get(verb) if seen else client.post(verb, {"text": "x"})
                if answer.status_code != (302 if seen else 404):
                    wrong.append(f"{kind} {act.move} by {post} of {court_id}")
            listed = client.get(reverse(f"follow_up:{wing.name}"), {"show": "all"})
            if (page in listed.content.decode()) != seen:
                wrong.append(f"{kind} on the list of {post} of {court_id}")
    assert not wrong, "\n".join(wrong)


def test_notices_are_read_by_whoever_the_pages_let_read(
    town: City, matters: dict[str, Matter]
) -> None:
    """``seen_by`` is a second writing of ``visible_to``; nothing rose here."""
    for kind, matter in matters.items():
        model: Any = MODELS[kind]
        for person in _people(town).values():
            reach = {action: Reach.of(person, action) for action in model.SIGHT}
            fresh = model.objects.get(pk=matter.pk)
            sees = model.objects.filter(pk=matter.pk).visible_to(person).exists()
            if kind == "practice":
                continue  # told to those only who take note for a court, when it is circulated
            assert fresh.seen_by(person.pk, reach) == sees, (kind, person)


def test_every_notice_is_worded_inside_and_outside(town: City, matters: dict[str, Matter]) -> None:
    practice = matters["practice"]
    practices.circulate(practice_id=practice.pk, by=chamber(town), at=AT)
    sweep(local(2020, 7, 20, 12))
    rows = list(Notice.objects.all())
    contexts = kinds.read(rows)
    assert {row.kind for row in rows} == {"follow_up.news", "ladder.follow_up"}
    secrets = {matter.title for matter in matters.values() if matter.title}
    for row in rows:
        context = contexts[row.pk]
        assert context is not None, row.key
        for level in Level:
            for language in ("zh-hans", "en"):
                subject, body = kinds.words(
                    kinds.of(row.kind), context, level, language=language, url="https://u/"
                )
                assert context.number in subject
                assert "https://u/" in body
                assert "{" not in subject + body
                assert "None" not in subject + body
                if level is Level.OUTSIDE:
                    assert not [one for one in secrets if one in subject + body]


def test_what_is_told_can_be_said() -> None:
    assert {code for _kind, code in NEWS} <= set(ENTRIES)


def test_a_list_takes_as_many_statements_whatever_its_size(
    town: City, django_assert_num_queries, django_assert_max_num_queries
) -> None:
    client = Client()
    client.force_login(chamber(town))
    problem(town, AT)
    address = reverse("follow_up:problems")
    client.get(address)
    with django_assert_max_num_queries(40) as before:
        client.get(address)
    for _number in range(30):
        problem(town, AT)
    with django_assert_num_queries(len(before)):
        page = client.get(address)
    assert len(page.context["rows"]) == 25
    older = client.get(address, {"after": page.context["page"].older})
    assert len(older.context["rows"]) == 6
