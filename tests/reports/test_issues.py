"""Hot, difficult and key issues: found by rule, once a month, and judged by the chamber."""

from __future__ import annotations

import json
import uuid
from datetime import datetime
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import translation

from courts.errors import Invalid, NotAllowed, Refused, WrongState
from courts.models import Person, Post
from liaison.intake import Party
from reports.briefing import services as briefings
from reports.issues import grouping, services
from reports.issues.finding import masked
from reports.issues.grouping import Said
from reports.issues.lifecycle import IssueState
from reports.models import Issue, IssueMember, IssueSearch
from reports.months import Month
from reports.tasks import propose_issues
from tests import city
from tests.city import City, local
from tests.reports.follow_up_city import chamber

JUNE = Month(2020, 6)
JULY_1 = local(2020, 7, 1, 9)
REAL = Path(__file__).parents[3] / "shared" / "data" / "hotspots" / "citizen_hot.jsonl"

LATE_MONEY = (
    "执行款到账两个月了，法院一直没有发放给我。",
    "请问执行款到账以后多久发放？我还没有收到。",
    "我的执行款到账快三个月还没有发放，孩子等着交学费。",
    "执行款发放太慢了，到账三个月还没有发放给申请人。",
)
OTHERS = (
    "想查一下我的离婚案件什么时候开庭，传票丢了。",
    "网上立案的材料提交一周了，显示待审核。",
    "判决书里我的名字写错了一个字，怎么更正？",
    "对方一直不肯签收起诉状，会影响开庭吗？",
    "孩子抚养费的标准是怎么算的？",
    "律师阅卷要预约吗，在哪个窗口？",
)


def said(texts: tuple[str, ...], *, first: int, is_now: bool = True, court: int = 1) -> list[Said]:
    return [
        Said(first + n, first + n, court, text[:12], f"您好，{text}谢谢法官，盼复。", is_now)
        for n, text in enumerate(texts)
    ]


def test_what_says_much_the_same_is_one_group_and_polite_words_make_none() -> None:
    texts = [*said(OTHERS, first=1), *said(LATE_MONEY, first=20)]
    found = grouping.groups(texts)
    hot = grouping.hot(found, least_parties=3, months_before=3, most=10)
    assert [sorted(group.members) for group in hot] == [[20, 21, 22, 23]]
    assert grouping.groups(reversed(texts)) == found


def test_a_month_in_which_all_say_the_same_is_one_group() -> None:
    found = grouping.groups(said(LATE_MONEY[:1] * 9, first=1))
    assert [len(group.members) for group in found] == [9]


def test_a_group_is_hot_by_parties_growth_and_courts() -> None:
    def group(number: int, parties: int, before: int, courts: int = 1) -> grouping.Group:
        members = tuple(range(number, number + max(parties, 3)))
        return grouping.Group(members, parties, courts, before)

    many, grown, wide, waning, few = (
        group(100, 6, 9), group(200, 5, 1), group(300, 5, 1, courts=3), group(400, 5, 16),
        group(500, 2, 0),
    )  # fmt: skip
    found = grouping.hot(
        [few, waning, grown, wide, many], least_parties=3, months_before=3, most=10
    )
    assert found == [many, wide, grown]
    assert grouping.hot([many, grown], least_parties=3, months_before=3, most=1) == [many]


@pytest.mark.skipif(not REAL.is_file(), reason="the messages with known hot issues are not there")
def test_known_hot_issues_of_real_messages_are_among_the_first() -> None:
    rows = [json.loads(line) for line in REAL.read_text(encoding="utf-8").splitlines()]
    people = {user: n for n, user in enumerate({row["user"]: None for row in rows})}
    texts = [
        Said(n, people[row["user"]], 1, row["title"], row["text"], True)
        for n, row in enumerate(rows)
    ]
    found = grouping.hot(grouping.groups(texts), least_parties=5, months_before=3, most=10)
    for issue, least in (("lifa_concrete_plant", 50), ("talent_subsidy", 12),
                         ("forced_internship", 5)):  # fmt: skip
        right = [sum(rows[n].get("issue") == issue for n in one.members) for one in found]
        best = max(range(len(found)), key=right.__getitem__)
        assert right[best] >= least
        assert right[best] >= 0.6 * len(found[best].members)


def test_numbers_are_masked() -> None:
    text = "案号（2026）示0101民初123号，电话13800138000，2 件"
    assert masked(text) == "案号（××）示××民初××号，电话××，2 件"


@pytest.fixture
def town(db: None) -> City:
    return city.build()


def ask(town: City, text: str, n: int, at: datetime) -> None:
    town.request(
        at=at, court=town.east if n % 2 else town.west, title=text[:12], text=text,
        party=Party(f"当事人{n}", phone=f"1380013{n:04}"),
    )  # fmt: skip


def lively(town: City) -> None:
    """Four parties of two courts wait for their money in June, one did in May."""
    ask(town, LATE_MONEY[0], 90, local(2020, 5, 12))
    for n, text in enumerate(LATE_MONEY):
        ask(town, text, n, local(2020, 6, 3 + n))
    for n, text in enumerate(OTHERS):
        ask(town, text, 50 + n, local(2020, 6, 10 + n))


def proposed(town: City) -> Issue:
    lively(town)
    services.propose(jurisdiction_id=town.jurisdiction.pk, month=JUNE, at=JULY_1)
    return Issue.objects.get(sort="hot")


def test_a_month_is_searched_once(town: City) -> None:
    one = proposed(town)
    assert (one.requests, one.parties, one.courts, one.before) == (4, 4, 2, 1)
    assert one.state == IssueState.PROPOSED
    assert one.members.count() == 4
    before = Issue.objects.count()
    ask(town, LATE_MONEY[1], 200, local(2020, 6, 29))
    assert not services.propose(jurisdiction_id=town.jurisdiction.pk, month=JUNE, at=JULY_1)
    assert Issue.objects.count() == before
    with pytest.raises(Invalid):
        services.propose(jurisdiction_id=town.jurisdiction.pk, month=Month(2020, 7), at=JULY_1)
    with pytest.raises(IntegrityError), transaction.atomic():
        IssueSearch.objects.create(jurisdiction=town.jurisdiction, month=JUNE.first_day, found=0)
    assert propose_issues() == 0  # of the present's last month: nothing was asked in it
    assert IssueSearch.objects.count() == 2


def test_the_chamber_renames_refers_dismisses_and_proposes_again(town: City) -> None:
    one, by = proposed(town), chamber(town)
    with pytest.raises(NotAllowed):
        services.dismiss(issue_id=one.pk, text="无", by=town.staff(), at=JULY_1)
    services.rename(issue_id=one.pk, title=" 执行款发放慢 ", by=by, at=JULY_1)
    services.dismiss(issue_id=one.pk, text="已专项整治。", by=by, at=JULY_1)
    with pytest.raises(WrongState):
        services.take_in(issue_id=one.pk, by=by, at=JULY_1)
    services.reopen(issue_id=one.pk, text="仍在增加。", by=by, at=JULY_1)
    for category in ("judicial_conduct", "no_such_class"):
        with pytest.raises(Invalid) as caught:
            services.refer(issue_id=one.pk, category=category, text="请研究。", by=by, at=JULY_1)
        assert caught.value.field == "category"
    done = services.refer(
        issue_id=one.pk, category="case_process", text="请研究。", by=by, at=JULY_1
    )
    assert (done.state, done.name, done.referral.title) == (
        IssueState.REFERRED, "执行款发放慢", "执行款发放慢",
    )  # fmt: skip
    assert done.referral.issue == "hot"
    assert done.referral.department.kind == "trial_management"
    with pytest.raises(WrongState):
        services.refer(issue_id=one.pk, category="case_process", text="再", by=by, at=JULY_1)


def test_what_is_taken_in_stands_in_the_briefing_and_stays(town: City) -> None:
    one, by = proposed(town), chamber(town)
    draft = briefings.draft(jurisdiction_id=town.jurisdiction.pk, month=JUNE, by=None, at=JULY_1)
    assert draft.values["issues"] == []
    with pytest.raises(Refused):
        services.take_in(issue_id=one.pk, by=by, at=JULY_1)  # the name is a party's subject yet
    services.rename(issue_id=one.pk, title="执行款发放慢", by=by, at=JULY_1)
    services.take_in(issue_id=one.pk, by=by, at=JULY_1)
    draft.refresh_from_db()
    draft.__dict__.pop("values", None)
    assert [line["name"] for line in draft.values["issues"]] == ["执行款发放慢"]
    texts = briefings.standing_texts(draft.pk)
    assert "Hot issue 1: 执行款发放慢. 4 requests of 4 parties" in texts["issues", "en"].text
    assert "执行款发放慢" in texts["issues", "zh-hans"].text
    kept = bytes(draft.document)
    services.refer(issue_id=one.pk, category="case_process", text="请研究。", by=by, at=JULY_1)
    briefings.take_figures(briefing_id=draft.pk, by=by, at=JULY_1)
    draft.refresh_from_db()
    assert bytes(draft.document) == kept
    other = services.mark_key(
        request=town.request(at=local(2020, 6, 20)), title="扬言轻生", text="须跟进。", by=by,
        at=local(2020, 6, 20, 12),
    )  # fmt: skip
    briefings.submit(briefing_id=draft.pk, by=by, at=JULY_1)
    with pytest.raises(Refused):
        services.take_in(issue_id=other.pk, by=by, at=JULY_1)


def test_a_request_is_marked_as_key_once_a_month(town: City) -> None:
    by, command = chamber(town), uuid.uuid4()
    request = town.request(at=local(2020, 6, 3))
    given = {"request": request, "title": "扬言轻生", "text": "须连续跟进。", "by": by}
    one = services.mark_key(**given, command_id=command, at=local(2020, 6, 3, 12))
    assert services.mark_key(**given, command_id=command, at=local(2020, 6, 3, 12)) == one
    with pytest.raises(Invalid) as caught:
        services.mark_key(**given, at=local(2020, 6, 20))
    assert caught.value.field == "request"
    with pytest.raises(NotAllowed):
        services.mark_key(**(given | {"by": town.staff()}), at=local(2020, 6, 3))


def _page(person: Person, address: str) -> tuple[int, str]:
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(person)
    answer = client.get(address)
    return answer.status_code, answer.content.decode()


def test_the_leadership_page_names_the_hottest_to_who_reads_them(town: City) -> None:
    one = proposed(town)
    chief = town.holder(Post.Kind.PRESIDENT, court=town.intermediate)
    address = "/leadership/?month=2020-06"
    assert f"/reports/issues/{one.public_id}/" in _page(chief, address)[1]
    assert one.name not in _page(town.holder(Post.Kind.PRESIDENT), address)[1]
    services.dismiss(issue_id=one.pk, text="已整治。", by=chamber(town), at=JULY_1)
    assert one.name not in _page(chief, address)[1]


def test_who_reads_it_and_what_stands_on_its_page(town: City) -> None:
    one = proposed(town)
    with translation.override("zh-hans"):
        for person in (chamber(town), town.holder(Post.Kind.PRESIDENT, court=town.intermediate)):
            status, listed = _page(person, "/reports/issues/")
            assert status == 200
            assert one.name in listed
            status, page = _page(person, f"/reports/issues/{one.public_id}/")
            assert status == 200
            for member in IssueMember.objects.filter(issue=one).select_related("request"):
                assert member.request.number in page
        for person in (town.holder(Post.Kind.PRESIDENT), town.judge(), town.staff()):
            assert _page(person, f"/reports/issues/{one.public_id}/")[0] == 404
            assert one.name not in _page(person, "/reports/issues/")[1]
