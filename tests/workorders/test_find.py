"""The palette finds what the posts held open anyway, and nothing else exists for it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from courts.models import AccessRecord, Person, Post
from liaison import intake
from liaison.models import Request
from tests.city import City
from workorders import services as orders
from workorders.find.search import MOST, find

FIND = "/find/"


def addresses(person: Person, words: str) -> list[str]:
    return [found.url for found in find(person, words).found]


def palette(client: Client, words: str) -> str:
    return client.post(FIND, {"q": words}, headers={"HX-Request": "true"}).content.decode()


@pytest.mark.parametrize("words", ["number", "钥匙何时", "欧阳明月", "（2026）示0101民初77号"])
def test_number_title_name_and_case_number_lead_to_the_request(town: City, words: str) -> None:
    now = timezone.now()
    one = town.request(
        at=now,
        party=intake.Party("欧阳明月", phone="13700137000"),
        case_number="（2026）示0101民初77号",
        title="钥匙何时归还",
    )
    town.request(at=now, title="何时开庭")
    asked = one.number.lower() if words == "number" else words
    url = reverse("desk:request", args=[one.public_id])
    assert addresses(town.staff(), asked) == [url]


def test_the_message_one_letter_and_wildcards_find_nothing(town: City) -> None:
    town.request(at=timezone.now(), title="保管箱", text="钥匙在哪里")
    staff = town.staff()
    assert addresses(staff, "钥匙在哪里") == []
    assert addresses(staff, "保") == addresses(staff, "  ") == addresses(staff, "%%") == []
    assert len(addresses(staff, "保管")) == 1


def test_each_is_led_to_where_they_work_on_it(town: City) -> None:
    order = town.order(at=timezone.now(), title="申请退还诉讼费")
    request = order.request
    leader = town.holder(Post.Kind.DEPARTMENT_LEADER, department=order.department)
    president = town.holder(Post.Kind.PRESIDENT)
    desk = reverse("desk:request", args=[request.public_id])
    handled = reverse("orders:order", args=[order.public_id])
    watched = reverse("supervision:request", args=[request.public_id])
    ways = {town.staff(): desk, order.handler: handled, leader: handled, president: watched}
    for person, url in ways.items():
        assert addresses(person, request.number) == [url], person
        client = Client()
        client.force_login(person)
        assert client.get(url).status_code == 200, person


def test_what_one_may_not_see_does_not_exist(town: City) -> None:
    order = town.order(at=timezone.now(), title="申请退还诉讼费")
    others = [
        town.staff(town.west),
        town.judge(town.division(index=1)),
        town.holder(Post.Kind.PRESIDENT, court=town.west),
        town.holder(Post.Kind.TECHNOLOGY, court=town.intermediate),
        Person.objects.create_superuser("root", "x", name="管理员"),
    ]
    for person in others:
        assert addresses(person, order.request.number) == [], person
        client = Client()
        client.force_login(person)
        assert order.request.title not in palette(client, order.request.number)


def test_an_order_that_left_the_hands_is_found_no_more(town: City) -> None:
    order = town.order(at=timezone.now())
    judge = order.handler
    assert judge is not None
    assert len(addresses(judge, order.request.number)) == 1
    Post.objects.filter(tenures__person=judge).update(is_open=False)
    assert addresses(judge, order.request.number) == []


def test_an_assisting_order_does_not_stand_beside_its_lead(town: City) -> None:
    order = town.order(at=timezone.now())
    leader = town.holder(Post.Kind.DEPARTMENT_LEADER, department=order.department)
    colleague = town.holder(Post.Kind.JUDGE_ASSISTANT, department=order.department)
    orders.assist(
        order_id=order.pk,
        department=order.department,
        handler=colleague,
        note="请协助查卷",
        by=order.handler,
    )
    lead = reverse("orders:order", args=[order.public_id])
    assert addresses(leader, order.request.number) == [lead]


def test_the_name_of_a_party_is_not_listed_to_a_supervisor(town: City) -> None:
    order = town.order(at=timezone.now(), party=intake.Party("欧阳明月", phone="13700137000"))
    president, client = town.holder(Post.Kind.PRESIDENT), Client()
    client.force_login(president)
    answer = palette(client, order.request.number)
    assert order.request.number in answer
    assert "欧阳明月" not in answer
    # A list is no look into a request; opening it is.
    assert not AccessRecord.objects.filter(person=president).exists()


def test_there_are_few_results_newest_first_and_it_says_that_there_are_more(
    town: City, client: Client
) -> None:
    now = timezone.now()
    made = [town.request(at=now - timedelta(hours=n), title="同名之事") for n in range(MOST + 1)]
    finding = find(town.staff(), "同名之事")
    assert [found.request for found in finding.found] == made[:MOST]
    assert finding.is_cut
    Request.objects.filter(pk=made[-1].pk).update(title="另一件事")
    assert not find(town.staff(), "同名之事").is_cut


def test_statements_do_not_grow_with_what_is_found(town: City) -> None:
    now = timezone.now()
    leader = town.holder(Post.Kind.DEPARTMENT_LEADER, department=town.division())

    def statements() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert find(leader, "同名之事").found
        return len(captured)

    town.order(at=now, title="同名之事")
    one = statements()
    for _ in range(5):
        town.order(at=now, title="同名之事")
    assert statements() == one <= 15


def test_without_scripts_the_same_is_a_page_and_no_name_is_in_its_address(
    town: City, client: Client
) -> None:
    one = town.request(at=timezone.now(), party=intake.Party("欧阳明月", phone="13700137000"))
    client.force_login(town.staff())
    sent = client.post(FIND, {"q": "欧阳明月"})
    assert sent.status_code == 302
    assert "search=" in sent["Location"]
    page = client.get(sent["Location"]).content.decode()
    url = reverse("desk:request", args=[one.public_id])
    assert url in page
    assert url in palette(client, "欧阳明月")
    assert client.get(FIND, {"q": "欧阳明月"}).context["words"] == ""
    empty = client.post(FIND, {"q": " "})
    assert empty["Location"] == FIND


def test_the_pages_of_ones_role_and_no_others_are_offered(town: City, client: Client) -> None:
    client.force_login(town.judge())
    urls = {place["url"] for place in client.get(FIND).context["places"]}
    own = {"/orders/", "/reports/follow-up/", "/reports/assessment/"}
    assert own | {"/notices/", "/calendar/", "/deadline/"} == urls


def test_a_session_that_has_ended_leads_the_whole_page_to_sign_in(client: Client) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/desk/"}
    answer = client.post(FIND, {"q": "xx"}, headers=headers)
    assert answer["HX-Redirect"] == "/sign-in/?next=/desk/"
