"""The briefing of June 2020: written once for all, by two people, and corrected by an edition."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, InternalError, transaction
from django.test import Client
from django.urls import reverse

from courts.errors import Invalid, NotAllowed, WrongState
from courts.models import Person, Post
from notices.models import Notice
from reports.briefing import changes, document, services
from reports.briefing.lifecycle import BriefingState, Section
from reports.briefing.services import standing_texts
from reports.models import Briefing, BriefingReading, BriefingText, Edition
from reports.months import Month
from reports.published import Published
from tests import city
from tests.city import City, local
from tests.reports import briefed, ranked_city
from tests.reports.briefed import DECEMBER, JULY_1, JULY_2, JUNE

pytestmark = pytest.mark.django_db
K = Post.Kind
RATES, RANKING = reverse("leadership:rates"), reverse("leadership:ranking")
ITEMS = reverse("leadership:items")


@pytest.fixture
def town() -> City:
    town = city.build()
    ranked_city.tell(town)
    return town


def signed_in(client: Client, person: Person) -> Client:
    client.force_login(person)
    client.cookies["django_language"] = "en"
    return client


def words(briefing: Briefing, section: str, language: str = "en") -> str:
    return standing_texts(briefing.pk)[section, language].text


def edit(
    briefing: Briefing, by: Person, text: str, version: int = 1, **kwargs: Any
) -> BriefingText:
    return services.edit(
        briefing_id=briefing.pk,
        section=Section.BASIC,
        language="en",
        text=text,
        version=version,
        by=by,
        **kwargs,
    )


def test_a_late_event_leaves_the_edition_alone_and_makes_its_correction(
    town: City, client: Client
) -> None:
    june, jurisdiction = JUNE, town.jurisdiction
    first = document.of_month(jurisdiction, june, at=JULY_1)
    assert first == document.of_month(jurisdiction, june, at=DECEMBER)
    edition = briefed.published(town)
    assert bytes(edition.document) == first
    east = next(one for one in edition.values["courts"] if one["code"] == town.east.code)
    assert east["rates"]["completion"] | {"percent": ""} == {
        "done": 4, "due": 6, "rate": "2/3", "percent": "", "withdrawn": 0, "merged": 0,
    }  # fmt: skip
    with pytest.raises(Invalid, match="nothing_to_correct"):
        briefed.drafted(town, at=DECEMBER)

    order = briefed.found_improper(town)
    frozen = Edition.objects.get(pk=edition.pk)
    assert bytes(frozen.document) == first
    correction = briefed.drafted(town, at=DECEMBER)
    assert (correction.number, correction.is_correction) == (2, True)
    found = changes.compare(frozen.values, correction.values)
    number = order.request.number
    assert [(one.indicator, one.before, one.after) for one in found.figures] == [
        ("liaison", (4, 6), (3, 6)),
        ("completion", (4, 6), (3, 6)),
        # Its party was satisfied with the reply that stands no more.
        ("satisfaction", (1, 1), (0, 0)),
    ]
    assert [(one.number, one.indicator, one.before, one.after) for one in found.items] == [
        (number, "completion", "in_time", "late"),
        (number, "liaison", "in_time", "late"),
    ]
    told = words(correction, Section.CHANGES)
    assert "Timely completion rate: 66.7% (4/6), now 50.0% (3/6)." in told
    assert number in told

    # The pages show the month as published, with the switch, until the correction is published.
    signed_in(client, briefed.writer(town))
    page = client.get(RATES, {"month": "2020-06"})
    assert "As published on" in page.content.decode()
    # Three figures of a division, and the rungs that the clock would have seen.
    assert page.context["edition_line"]["differing"] == 3 + len(found.rungs)
    assert page.context["cards"][2]["note"] == "11 of 13 in time"
    live = client.get(RATES, {"month": "2020-06", "figures": "live"})
    assert live.context["cards"][2]["note"] == "10 of 13 in time"
    ranked = client.get(RANKING, {"month": "2020-06"})
    assert ranked.context["rows"][1]["score"] == "77.8"
    assert (
        client.get(RANKING, {"month": "2020-06", "figures": "live"}).context["rows"][1]["score"]
        == "66.7"
    )
    # The list behind a published figure adds up to it; that behind the live one does too.
    late = {"month": "2020-06", "indicator": "completion", "result": "late"}
    assert client.get(ITEMS, late | {"edition": "1"}).context["count"] == 2
    assert client.get(ITEMS, late).context["count"] == 3
    assert client.get(ITEMS, late | {"edition": "9"}).status_code == 404

    services.submit(briefing_id=correction.pk, by=briefed.writer(town), at=DECEMBER)
    services.publish(briefing_id=correction.pk, by=briefed.chief(town), at=DECEMBER)
    page = client.get(RATES, {"month": "2020-06"})
    assert page.context["edition_line"]["differing"] == 0
    assert page.context["cards"][2]["note"] == "10 of 13 in time"


def test_the_lists_of_an_edition_add_up_to_its_figures(town: City) -> None:
    values = json.loads(document.of_month(town.jurisdiction, JUNE, at=JULY_1))
    for court in values["courts"]:
        sums = {name: [0, 0] for name in ("acceptance", "liaison", "completion")}
        for one in court["departments"]:
            for name, figure in one["rates"].items():
                lists = one["items"][name]
                done, late = len(lists["in_time"]), len(lists["late"])
                assert (figure["done"], figure["due"]) == (done, done + late)
                sums[name][0] += done
                sums[name][1] += done + late
            fired = [row for row in values["fired"] if row[4] == one["id"]]
            assert len(fired) == sum(one["rungs"].values())
        for name, figure in court["rates"].items():
            assert [figure["done"], figure["due"]] == sums[name]
    # East answered four after a business day or two, west five and the leading court two after one.
    assert values["speed"]["answered"] == 11
    assert values["speed"]["unanswered"] == 2
    assert sum(values["received"]["now"]["matters"]["contact_judge"][:1]) == 13
    assert values["received"]["before"]["total"] == 10


def test_what_is_published_stays(town: City, django_assert_num_queries) -> None:
    edition = briefed.published(town)
    with django_assert_num_queries(2):  # however many departments it names
        named = Published(edition).departments.values()
        assert {one.court.code for one in named} == {"示01", "示0101", "示0102"}
    briefing = Briefing.objects.get(edition=edition)
    text = briefing.texts.first()
    assert text is not None
    attempts = (
        lambda: Edition.objects.filter(pk=edition.pk).update(number=7),
        lambda: Edition.objects.filter(pk=edition.pk)._raw_delete("default"),
        lambda: Briefing.objects.filter(pk=briefing.pk).update(return_reason="x"),
        lambda: BriefingText.objects.filter(pk=text.pk).update(text="x"),
        lambda: BriefingText.objects.create(
            briefing=briefing, section="basic", language="en", version=9, text="x"
        ),
    )
    for attempt in attempts:
        with pytest.raises(InternalError), transaction.atomic():
            attempt()
    # A document that is not the one whose digest is given is no edition.
    with pytest.raises(IntegrityError, match="edition_digest"), transaction.atomic():
        Edition.objects.create(
            jurisdiction=town.jurisdiction,
            month=edition.month,
            number=2,
            document=b"{}",
            sha256=edition.sha256,
            computed_at=JULY_2,
            published_by=edition.published_by,
        )
    with pytest.raises(WrongState):
        edit(briefing, briefed.writer(town), "x", at=JULY_2)


def test_a_second_person_reviews(town: City) -> None:
    first, second = briefed.writer(town), briefed.colleague(town)
    briefing = briefed.drafted(town, by=first)
    edit(briefing, second, "Edited.", at=JULY_1)
    with pytest.raises(WrongState):
        services.publish(briefing_id=briefing.pk, by=briefed.chief(town), at=JULY_1)
    services.submit(briefing_id=briefing.pk, by=first, at=JULY_1)
    with pytest.raises(WrongState):
        edit(briefing, first, "After it was sent.", 2, at=JULY_1)
    for by in (first, second, town.holder(K.PRESIDENT), town.judge()):
        with pytest.raises(NotAllowed):
            services.publish(briefing_id=briefing.pk, by=by, at=JULY_1)
    with pytest.raises(Invalid):
        services.send_back(briefing_id=briefing.pk, reason=" ", by=briefed.chief(town), at=JULY_1)
    services.send_back(
        briefing_id=briefing.pk, reason="Say why.", by=briefed.chief(town), at=JULY_1
    )
    edit(briefing, second, "Edited, and why.", 2, at=JULY_1)
    services.submit(briefing_id=briefing.pk, by=first, at=JULY_1)
    # The database says the same, whoever writes to it.
    edition = Edition.objects.create(
        jurisdiction=town.jurisdiction,
        month=briefing.month,
        number=1,
        document=briefing.document,
        sha256=hashlib.sha256(bytes(briefing.document)).hexdigest(),
        computed_at=JULY_1,
        published_by=second,
    )
    for hand in (first, second):
        with (
            pytest.raises(IntegrityError, match="briefing_second_person"),
            transaction.atomic(),
        ):
            Briefing.objects.filter(pk=briefing.pk).update(
                state="published", published_by=hand, published_at=JULY_1, edition=edition
            )


def test_publication_tells_both_court_levels_and_keeps_who_has_read(
    town: City, client: Client
) -> None:
    edition = briefed.published(town)
    briefing = Briefing.objects.get(edition=edition)
    presidents = [town.holder(K.PRESIDENT, court=one) for one in (town.east, town.west)]
    must = {briefed.chief(town).pk, briefed.writer(town).pk, *(one.pk for one in presidents)}
    told = Notice.objects.filter(kind="briefing.published")
    assert {one.person_id for one in told} == must
    assert set(briefing.readings.values_list("person_id", flat=True)) == must
    signed_in(client, presidents[0])
    address = reverse("briefings:briefing", args=[briefing.public_id])
    assert client.get(address).context["may_acknowledge"]
    acknowledge = reverse("briefings:acknowledge", args=[briefing.public_id])
    client.post(acknowledge)
    read = BriefingReading.objects.get(briefing=briefing, person=presidents[0])
    client.post(acknowledge)
    again = BriefingReading.objects.get(briefing=briefing, person=presidents[0])
    assert read.read_at is not None
    assert again.read_at == read.read_at
    page = client.get(address)
    assert not page.context["may_acknowledge"]
    assert "Read by 1 of 4" in page.content.decode()
    # A deputy president may read and acknowledge without having to; a judge sees nothing.
    deputy = town.holder(K.DEPUTY_PRESIDENT, court=town.west)
    signed_in(client, deputy).post(acknowledge)
    assert not BriefingReading.objects.get(briefing=briefing, person=deputy).must_read
    assert signed_in(client, town.judge()).get(address).status_code == 404
    with pytest.raises(NotAllowed):
        services.acknowledge(briefing_id=briefing.pk, by=town.judge())


def test_two_editors_do_not_overwrite_each_other_and_what_was_typed_stays(
    town: City, client: Client
) -> None:
    briefing = briefed.drafted(town)
    address = reverse("briefings:edit", args=[briefing.public_id, "basic"]) + "?language=en"
    signed_in(client, briefed.writer(town))
    held = client.get(address).context["form"].initial
    edit(briefing, briefed.colleague(town), "The colleague was faster.")
    typed = {"version": held["version"], "text": "Typed meanwhile."}
    page = client.post(address, typed)
    assert page.status_code == 400
    html = page.content.decode()
    assert page.context["form"]["text"].value() == "Typed meanwhile."
    assert ">\nTyped meanwhile.</textarea>" in html
    assert "The colleague was faster." in html
    assert words(briefing, "basic") == "The colleague was faster."
    # Saved again, knowingly, it goes over what is shown beside it.
    typed["version"] = page.context["form"]["version"].value()
    assert client.post(address, typed).status_code == 302
    assert words(briefing, "basic") == "Typed meanwhile."
    history = client.get(reverse("briefings:history", args=[briefing.public_id]))
    latest = history.context["versions"][0]
    assert (latest["text"], latest["before"], latest["by"]) == (
        "Typed meanwhile.",
        "The colleague was faster.",
        briefed.writer(town),
    )


def test_new_figures_are_taken_in_and_edited_words_are_left(town: City) -> None:
    briefing = briefed.drafted(town)
    edit(briefing, briefed.writer(town), "Written by hand.", at=JULY_1)
    before = words(briefing, Section.COMPLETION)
    briefed.found_improper(town)
    edited = services.take_figures(briefing_id=briefing.pk, by=briefed.writer(town), at=DECEMBER)
    assert edited == [Section.BASIC]
    assert words(briefing, Section.BASIC) == "Written by hand."
    assert "84.6%" in before
    assert "2 satisfied or very satisfied (66.7%)" in before
    after = words(briefing, Section.COMPLETION)
    assert "76.9% (10 of 13 in time)" in after
    assert "1 satisfied or very satisfied (50.0%)" in after


def test_typical_cases_name_nobody(town: City) -> None:
    briefing = briefed.drafted(town)
    for language in ("en", "zh-hans"):
        told = "".join(
            one.text for (_s, lang), one in standing_texts(briefing.pk).items() if lang == language
        )
        for secret in ("张三", "13800138000", "party@example.org", "开庭后一直没有消息"):
            assert secret not in told
        assert town.judge().name not in told
    issues = words(briefing, Section.ISSUES)
    assert "Typical case 1: a request to Donghu District Court" in issues
    assert "rose up the ladder 4 times, as far as rung 4" in issues


def test_beat_drafts_from_the_first_business_day_on_once(town: City) -> None:
    # The first of August 2020 is a Saturday; the courts work again on Monday the third.
    town.order(at=local(2020, 7, 6))
    assert services.draft_due(local(2020, 8, 1, 12)) == 0
    assert services.draft_due(local(2020, 8, 2, 12)) == 0
    assert services.draft_due(local(2020, 8, 3, 7)) == 1
    assert services.draft_due(local(2020, 8, 3, 8)) == 0
    assert services.draft_due(local(2020, 8, 20)) == 0
    july = Briefing.objects.get()
    assert (july.month, july.number, july.drafted_by) == (local(2020, 7, 1).date(), 1, None)
    # A month in which beat did not run is drafted by command, as often as it is asked for.
    for _again in range(2):
        call_command("briefing", "--month", "2020-06")
    assert Briefing.objects.filter(month=local(2020, 6, 1).date()).count() == 1
    with pytest.raises(CommandError):
        call_command("briefing", "--month", "June")
    with pytest.raises(Invalid, match="month_open"):
        services.draft(
            jurisdiction_id=town.jurisdiction.pk,
            month=Month(2020, 8),
            by=briefed.writer(town),
            at=local(2020, 8, 31, 23),
        )


def test_only_the_leading_courts_chamber_drafts(town: City) -> None:
    for by in (town.holder(K.PRESIDENT), briefed.chief(town), town.judge()):
        with pytest.raises(NotAllowed):
            briefed.drafted(town, by=by)


def test_drafts_are_seen_by_who_writes_and_reviews_them(town: City) -> None:
    briefing = briefed.drafted(town)
    seen = {
        person: Briefing.objects.visible_to(person).filter(pk=briefing.pk).exists()
        for person in (
            briefed.writer(town),
            briefed.chief(town),
            town.holder(K.PRESIDENT),
            town.holder(K.DEPUTY_PRESIDENT, court=town.intermediate),
        )
    }
    assert list(seen.values()) == [True, True, False, False]
    assert briefing.state == BriefingState.DRAFT


def test_the_page_takes_as_many_statements_whatever_it_shows(
    town: City, client: Client, django_assert_num_queries, django_assert_max_num_queries
) -> None:
    signed_in(client, briefed.writer(town))
    edition = briefed.published(town)
    address = reverse("briefings:briefing", args=[Briefing.objects.get(edition=edition).public_id])
    client.get(address)
    with django_assert_max_num_queries(35) as before:
        client.get(address)
    briefing = Briefing.objects.get(edition=edition)
    people = Person.objects.exclude(pk__in=briefing.readings.values("person"))[:10]
    BriefingReading.objects.bulk_create(
        [BriefingReading(briefing=briefing, person=one, court=town.west) for one in people]
    )
    with django_assert_num_queries(len(before)):
        client.get(address)
