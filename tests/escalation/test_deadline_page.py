"""The deadline calculator's page: a link that can be passed on, errors at the field."""

from __future__ import annotations

import re
from datetime import date
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from courts.models import Court, Jurisdiction, Post
from escalation.models import PolicyVersion
from tests.city import City

REPLY = "request.reply:ordinary"


@pytest.fixture
def client() -> Client:
    return Client(headers={"accept-language": "en"})


def asked(client: Client, status: int = 200, **question: str) -> str:
    """The page in English, its text with single spaces."""
    answer = client.get(f"/deadline/?{urlencode(question)}")
    assert answer.status_code == status
    without_tags = re.sub(r"<[^>]+>", " ", answer.content.decode())
    return re.sub(r"\s+", " ", without_tags)


def test_it_answers_with_the_day_the_ladder_and_every_day_between(
    town: City, client: Client
) -> None:
    page = asked(client, court="示0101", limit=REPLY, start="2020-06-24T14:00")
    assert "Until the end of Tue 30 Jun 2020" in page
    assert "business day 3 after Wed 24 Jun 2020, which is day 0 and does not count" in page
    assert "Thu 25 Jun – does not count Dragon Boat Festival" in page
    assert "Fri 26 Jun – does not count day off, worked on Sun 28 Jun" in page
    assert "Sun 28 Jun 1 make-up working day for Fri 26 Jun" in page
    assert "09:00 reminds the handler and the liaison officer" in page
    assert "24:00 the limit ends" in page
    assert "Wed 8 Jul 9 09:00 rises to the president of the superior court" in page
    assert "Provisional" not in page


def test_a_rung_for_courts_of_another_level_is_said_not_to_hold(town: City, client: Client) -> None:
    page = asked(client, court="示01", limit=REPLY, start="2020-06-24T14:00")
    assert "The president of the superior court: only for courts of this level: primary" in page
    assert "rises to the president of the superior court" not in page


def test_a_later_dispatch_stands_beside_the_start(town: City, client: Client) -> None:
    page = asked(
        client, court="示0101", limit=REPLY, start="2020-06-05T14:00", assigned="2020-06-09T09:00"
    )
    assert "Business day from the start Business day from the dispatch" in page
    assert "Fri 5 Jun 0 – does not count day 0 from the start" in page
    assert "Tue 9 Jun 2 0 day 0 from the dispatch" in page
    assert "Wed 10 Jun 3 1" in page
    assert "Until the end of Fri 12 Jun 2020" in page


def test_a_year_not_announced_is_marked(town: City, client: Client) -> None:
    page = asked(client, court="示0101", limit=REPLY, start="2026-12-31T10:00")
    assert "Provisional: the schedule of 2027 is not announced yet" in page
    assert "Mon 4 Jan 1 provisional" in page


def test_without_a_question_it_counts_a_reply_of_the_leading_court_from_now(
    town: City, client: Client
) -> None:
    answer = client.get("/deadline/")
    form = answer.context["form"]
    assert form["court"].value() == town.intermediate.code
    assert form["limit"].value() == REPLY
    assert answer.context["answer"].deadline.kind == "request.reply"


def test_staff_begin_with_their_own_court_in_their_own_frame(town: City, client: Client) -> None:
    assert 'class="public"' in client.get("/deadline/").content.decode()
    client.force_login(town.holder(Post.Kind.PRESIDENT, court=town.west))
    answer = client.get("/deadline/")
    assert answer.context["form"]["court"].value() == town.west.code
    assert 'class="staff"' in answer.content.decode()


@pytest.mark.parametrize(
    ("changed", "field", "words"),
    [
        ({"start": "yesterday"}, "start", "Enter a date and a time, such as 2026-05-27 09:30."),
        ({"start": ""}, "start", "Enter the day on which it started."),
        ({"start": "0001-01-01T00:00:00+14:00"}, "start", "Enter a date and a time, such as"),
        ({"start": "9999-12-31T23:59:59-12:00"}, "start", "Enter a date and a time, such as"),
        ({"start": "2060-01-01T10:00"}, "start", "The calendar knows the years 2007 to 2040"),
        ({"assigned": "2020-06-01T10:00"}, "assigned", "This lies before the start."),
        ({"court": "示9999"}, "court", "Select a valid choice."),
        ({"limit": "request.nothing:x"}, "limit", "Select a valid choice."),
    ],
)
def test_an_error_stands_at_its_field_and_what_was_typed_stays(
    town: City, client: Client, changed: dict[str, str], field: str, words: str
) -> None:
    question = {"court": "示0101", "limit": REPLY, "start": "2020-06-05T10:00"} | changed
    answer = client.get("/deadline/", question)
    assert answer.status_code == 400
    assert answer.context["answer"] is None
    [error] = answer.context["form"].errors[field]
    assert words in error
    assert answer.context["form"][field].value() == changed[field]


def test_a_limit_that_only_another_city_counts_is_refused_at_the_field(
    town: City, client: Client
) -> None:
    document = PolicyVersion.objects.get(slug="beijing").document
    clocks = {"complaint": document["clocks"]["request.acceptance"]}
    PolicyVersion.objects.create(
        slug="third",
        version=1,
        holds_from=date(2020, 1, 1),
        document={**document, "slug": "third", "clocks": clocks},
        digest="x",
    )
    third = Jurisdiction.objects.create(code="c", number_prefix="C", policy="third", name="丙市")
    Court.objects.create(code="丙01", name="丙院", level="intermediate", jurisdiction=third)
    question = {"limit": "complaint:acceptance", "start": "2020-06-05T10:00"}
    assert "Complaint · 丙院" in asked(client, court="丙01", **question)
    refused = client.get("/deadline/", {"court": "示0101", **question})
    assert refused.status_code == 400
    assert refused.context["form"].errors["limit"] == [
        "The policy of this court counts no such limit."
    ]


def test_what_recurs_is_listed_each_time(town: City, client: Client) -> None:
    town.jurisdiction.policy = "beijing"
    town.jurisdiction.save()
    page = asked(client, court="示0101", limit=REPLY, start="2020-06-05T10:00")
    assert "Wed 10 Jun 3 09:00 reminds the liaison officer (1 of 20 times)" in page
    assert "Wed 8 Jul 22 09:00 reminds the liaison officer (20 of 20 times)" in page


def test_an_emergency_is_counted_in_minutes(town: City, client: Client) -> None:
    page = asked(client, court="示0101", limit="emergency.warning:major", start="2020-10-03T23:45")
    assert "Emergency warning: major" in page
    assert "Until Sun 4 Oct 2020 00:45" in page
    assert "60 minutes, day and night: no business days are counted." in page
    assert "23:45 rises to the Case Filing Chamber" in page
    assert "00:00 reminds the handler and the liaison officer (1 of 3 times)" in page
    assert "00:45 the limit ends" in page
    assert "Business day" not in page.split("Day by day")[1]


def test_a_day_without_an_hour_will_do(town: City, client: Client) -> None:
    page = asked(client, court="示0101", limit=REPLY, start="2020-06-05")
    assert "Until the end of Wed 10 Jun 2020" in page


def test_the_link_to_an_answer_has_the_whole_question(town: City, client: Client) -> None:
    address = client.get("/deadline/").context["address"]
    again = client.get(address)
    assert again.context["form"]["start"].value() in address.replace("%3A", ":")
    assert again.context["address"] == address


def test_no_court_no_answer(db: None, client: Client) -> None:
    assert "No court answers here yet" in asked(client)


def test_the_statements_do_not_grow_with_the_days(town: City, client: Client) -> None:
    def statements(start: str) -> int:
        asked(client, court="示0101", limit=REPLY, start=start)  # the calendar is kept then
        with CaptureQueriesContext(connection) as found:
            asked(client, court="示0101", limit=REPLY, start=start)
        return len(found)

    assert statements("2026-06-05T10:00") == statements("2026-02-12T10:00")
