"""A generated city's rows are those that the services write for the same acts, row by row.

The same stories are told twice from the same start: to the services (register, triage, route,
reply, reject, return, reassign, merge, withdraw, sweeps and completion, with frozen time and the
notices delivered in the application), and to the generator, which writes lines for COPY. Every
row of every table is compared, ids and words included.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection, transaction

from courts.fields import unseal
from reports.generated import assumed, founding, load
from reports.generated.clockwork import Clockwork
from reports.generated.ground import Desk, Ground, survey
from reports.generated.scribe import Scribe
from reports.generated.stories import Inventor
from reports.generated.story import Act, Card, CaseParts, Party, Story
from reports.generated.tables import COLUMNS, Sheets, key_of
from tests.city import local
from tests.reports.told import Teller

pytestmark = pytest.mark.django_db
UNTIL = local(2020, 9, 30, 12)
# Made up by whoever writes the row, and so not the same twice: UUIDs, the instant of a
# transaction as the database has it, the ciphertext of a telephone number (its text is compared).
APART = {
    "public_id", "pgh_created_at", "pgh_context_id", "read_at", "sent_at", "text_id",
}  # fmt: skip


@pytest.fixture
def ground() -> Ground:
    town = founding.found(
        name="示例市", courts=3, divisions_each=4, judges=2, policy="guangzhou",
        first=local(2020, 6, 1),
    )  # fmt: skip
    return survey(town)


class Telling:
    """Stories by hand about the first primary court."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self.leading, self.desk, self.other = ground.desks.values()
        self.unit = self.desk.units[0]
        self.judge = self.unit.judges[0]
        self.clerk = self.desk.clerks[0]
        self.parties = 0
        self.numbers: dict[str, int] = {}
        self.stories: list[Story] = []

    def card(self, at: datetime, desk: Desk | None = None, **given: Any) -> Card:
        day = f"{at:%Y%m%d}"
        self.numbers[day] = self.numbers.get(day, 0) + 1
        if "party" not in given:
            self.parties += 1
            given["party"] = Party(f"赵{self.parties}", f"1000000{self.parties:04d}")
        values: dict[str, Any] = {
            "channel": "website",
            "matter": "contact_judge",
            "title": "请法官回电",
            "text": "开庭后一直没有消息，\n请法官与我联系。反斜线 \\ 和\t制表符。",
        }
        return Card(
            at=at.astimezone(UTC),
            number=f"SL{day}-{self.numbers[day]:05d}",
            court_id=(desk or self.desk).court_id,
            **(values | given),
        )

    def story(self, at: datetime, desk: Desk | None = None, **given: Any) -> Callable[..., None]:
        story = Story([Act(at.astimezone(UTC), "register", {"card": self.card(at, desk, **given)})])
        self.stories.append(story)

        def do(verb: str, at: datetime, *, again: bool = False, **given: Any) -> None:
            story.acts.append(Act(at.astimezone(UTC), verb, given, again))

        return do

    def to(self, unit: Any = None, judge: int = 0) -> dict[str, int]:
        unit = unit or self.unit
        return {"unit": unit.pk, "handler": unit.judges[judge], "court": unit.court_id}


def by_hand(ground: Ground) -> list[Story]:
    """Every verb, every rung, a holiday, a month's edge, and what was never taken up."""
    tell = Telling(ground)
    clerk, judge, unit = tell.clerk, tell.judge, tell.unit
    officer = unit.officer
    second = tell.desk.units[1]

    do = tell.story(
        local(2020, 6, 1), matter="consultation", channel="hall", by=clerk,
        case=CaseParts("（2020）例0101民初12号", 2020, "例0101", "民初", "12"),
    )  # fmt: skip
    do("answer", local(2020, 6, 1, 10, 40), by=clerk, text="可在线查询。")
    do("rate", local(2020, 6, 1, 11), grade="very_satisfied", remark="谢谢。")

    do = tell.story(local(2020, 6, 2, 22))  # at night, dispatched, replied after three rungs
    do("route", local(2020, 6, 3, 9, 30), by=clerk, **tell.to())
    do("acknowledge", local(2020, 6, 3, 14), by=judge)
    for day, hour in ((4, 9), (4, 15), (5, 10)):
        do(
            "record_contact", local(2020, 6, day, hour), by=judge, means="call",
            outcome="not_reached", summary="电话无人接听。",
        )  # fmt: skip
    do("instruct", local(2020, 6, 9, 16), by=officer, kind="urge", text="")
    do("instruct", local(2020, 6, 10, 16), by=officer, kind="instruct", text="请今日联系。")
    do("reply", local(2020, 6, 16, 18, 30), by=judge, text="已安排开庭。")

    do = tell.story(local(2020, 6, 22))  # over the Dragon Boat Festival, spoken, by hand
    do("route", local(2020, 6, 22, 11), by=clerk, **tell.to(judge=1))
    do(
        "record_contact", local(2020, 6, 22, 15), by=unit.judges[1], means="call",
        outcome="reached", summary="已通话。",
    )  # fmt: skip
    do(
        "record_contact", local(2020, 6, 24, 15), by=unit.judges[1], means="meeting",
        outcome="reached", summary="已当面答复。", is_answer=True,
    )  # fmt: skip
    do("complete", local(2020, 6, 28, 9, 15), by=unit.judges[1])

    do = tell.story(local(2020, 7, 1))  # assisted, reassigned, returned, dispatched elsewhere
    do("route", local(2020, 7, 1, 11), by=clerk, **tell.to())
    do("assist", local(2020, 7, 1, 15), by=judge, note="请协助。", **tell.to(second))
    do("assist_reply", local(2020, 7, 2, 15), text="已附卷。")
    do("reassign", local(2020, 7, 2, 16), by=judge, reason="已变更承办人。", **tell.to(judge=1))
    do("return_to_desk", local(2020, 7, 6, 10), by=unit.judges[1], reason="不归本庭。")
    do("route", local(2020, 7, 7, 10), by=clerk, **tell.to(second))
    do("reply", local(2020, 7, 8, 10), by=second.judges[0], text="已办理。")

    do = tell.story(local(2020, 7, 13))  # disputed and dismissed, then found improper after all
    do("route", local(2020, 7, 13, 11), by=clerk, **tell.to())
    do("reply", local(2020, 7, 14, 10), by=judge, text="正在办理。")
    do("rate", local(2020, 7, 14, 20), grade="not_satisfied", remark="还是不知道何时开庭。")
    do("dispute", local(2020, 7, 15, 21), text="没有说到我问的事。")
    do("dismiss_dispute", local(2020, 7, 27, 10), by=officer, reason="并无不当。")
    do("reject_reply", local(2020, 7, 30, 10), by=officer, reason="没有时间。")
    do("reply", local(2020, 8, 3, 10), by=judge, text="八月十日开庭。")
    do("rate", local(2020, 8, 4, 8), grade="not_satisfied", remark="")

    do = tell.story(local(2020, 8, 3), matter="case_inquiry")  # the desk's answer disputed
    do("answer", local(2020, 8, 4, 9, 30), by=clerk, text="已立案。")
    do("rate", local(2020, 8, 4, 9, 45), grade="not_satisfied", remark="不是我的案子。")
    do("dispute", local(2020, 8, 10, 20), text="不是我的案子。")
    do("route", local(2020, 8, 12, 9), by=clerk, **tell.to())
    do("withdraw", local(2020, 8, 13, 9))

    do = tell.story(local(2020, 8, 31, 23, 59), matter="case_inquiry")  # at a month's edge, late
    do("route", local(2020, 9, 2, 9, 30), by=clerk, **tell.to())
    do("return_to_desk", local(2020, 9, 2, 10), by=judge, reason="不归本庭。")
    do("answer", local(2020, 9, 2, 17), by=clerk, text="经查，已移送执行。")

    party = Party("钱一", "10000009999")
    do = tell.story(local(2020, 9, 3), party=party)  # sent twice
    again = tell.card(local(2020, 9, 3, 10, 5), party=party)
    do("register", again.at, card=again)
    do("merge", local(2020, 9, 3, 11), again=True, by=clerk)
    do("route", local(2020, 9, 3, 11, 30), by=clerk, **tell.to())
    do("reply", local(2020, 9, 4, 11, 30), by=judge, text="已办理。")

    do = tell.story(local(2020, 9, 4), party=party)  # the same again; merged when taken up
    again = tell.card(local(2020, 9, 4, 10, 5), party=party)
    do("register", again.at, card=again)
    do("route", local(2020, 9, 4, 10, 30), by=clerk, **tell.to())
    do("merge", local(2020, 9, 4, 11), again=True, by=clerk)

    tell.story(local(2020, 9, 7))  # never taken up
    do = tell.story(local(2020, 9, 8), tell.leading)  # in the leading court, never replied
    lead_unit = tell.leading.units[0]
    do("route", local(2020, 9, 8, 11), by=tell.leading.clerks[0], **tell.to(lead_unit))
    do = tell.story(local(2020, 9, 9))
    do("withdraw", local(2020, 9, 9, 20))
    return tell.stories


def snapshot() -> dict[str, dict[int, dict[str, Any]]]:
    """Every row of every table that is written, by its id."""
    found = {}
    with connection.cursor() as cursor:
        for table, columns in COLUMNS.items():
            cursor.execute(f"SELECT * FROM {table}")
            names = [column[0] for column in cursor.description]
            rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
            assert set(columns) <= set(names)
            found[table] = {row[key_of(table)]: _comparable(row) for row in rows}
    # One statement of a sweep writes many, and their order is the planner's.
    deliveries = found["notices_delivery"].values()
    found["notices_delivery"] = {
        row["notice_id"]: {name: value for name, value in row.items() if name != "id"}
        for row in deliveries
    }
    return found


def _comparable(row: dict[str, Any]) -> dict[str, Any]:
    row = {name: value for name, value in row.items() if name not in APART}
    if row.get("phone"):
        row["phone"] = unseal(row["phone"])
    return row


def told_to_services(stories: list[Story]) -> dict[str, dict[int, dict[str, Any]]]:
    """What the services write; undone again, the sequences too."""
    start = transaction.savepoint()  # a block of its own would be in the way of a worker's
    with connection.cursor() as cursor:
        before = load.first_ids(cursor)
        teller = Teller(UNTIL)
        for story in stories:
            teller.tell(story)
        found = snapshot()
        transaction.savepoint_rollback(start)
        load.continue_after(cursor, before)
    return found


def generated(ground: Ground, stories: list[Story]) -> dict[str, dict[int, dict[str, Any]]]:
    """What the generator writes."""
    with connection.cursor() as cursor:
        sheets = Sheets(load.first_ids(cursor), seed=1)
        scribe = Scribe(Clockwork(ground), sheets, UNTIL)
        parties: dict[Party, int] = {}
        for story in stories:
            tell_known(scribe, story, parties)
        with load.laid_bare(cursor, list(COLUMNS)), load.Copying() as copying:
            copying.put(sheets.take())
        load.continue_after(cursor, sheets.next_ids)
    return snapshot()


def tell_known(scribe: Scribe, story: Story, parties: dict[Party, int]) -> None:
    """A party who came before is the same contact, though their card does not say so."""
    acts = []
    for act in story.acts:
        if act.verb == "register":
            card = act.given["card"]
            party = card.party
            known = Party(party.name, party.phone, parties.get(party))
            act = act._replace(given={"card": _with(card, known)})
        acts.append(act)
    first = story.card.party
    parties[first] = scribe.write_down(Story(acts))


def _with(card: Card, party: Party) -> Card:
    return replace(card, party=party)


def invented(ground: Ground, requests: int, seed: int) -> list[Story]:
    """Stories as a city gets them, each contact numbered as the first told of it would be."""
    clockwork = Clockwork(ground)
    inventor = Inventor(
        clockwork, requests=requests, first=date(2020, 6, 15), last=date(2020, 9, 20), seed=seed
    )
    found, parties = [], 0
    for story in inventor.stories():
        found.append(story)
        if story.card.party.contact_id is None:
            parties += 1
            inventor.remember(story.card.party, parties)
    return found


def _forget_contacts(stories: list[Story]) -> list[Story]:
    """Parties as a court meets them: by name and telephone."""
    met = []
    for story in stories:
        acts = []
        for act in story.acts:
            if act.verb == "register":
                card = act.given["card"]
                party = Party(card.party.name, card.party.phone)
                act = act._replace(given={"card": _with(replace(card, file=None), party)})
            acts.append(act)
        met.append(Story(acts))
    return met


OFTEN = {
    "FORGOTTEN": 0.05, "SLOW_DESK": 0.15, "NEVER_REPLIED": 0.1, "RETURNED": 0.2, "REASSIGNED": 0.3,
    "ASSISTED": 0.3, "WITHDRAWN": 0.1, "MERGED": 0.15, "DISPUTED": 0.2, "REJECTED": 0.3,
    "DESK_ANSWER_DISPUTED": 0.3, "RATED": 0.7, "NOT_REACHED": 0.5, "COMPLETED_BY_HAND": 0.5,
}  # fmt: skip


@pytest.mark.parametrize(
    ("requests", "seed"), [(12, 1), pytest.param(300, 2, marks=pytest.mark.full)]
)
def test_invented_stories_are_possible_and_their_rows_the_same(ground, monkeypatch, requests, seed):
    """What seldom happens made often: no service refuses an act, and every row is its own."""
    for name, share in OFTEN.items():
        monkeypatch.setattr(assumed, name, share)
    stories = _forget_contacts(invented(ground, requests, seed))
    expected = told_to_services(stories)
    found = generated(ground, stories)
    verbs = {act.verb for story in stories for act in story.acts}
    assert len(verbs) > (6 if requests < 100 else 14)
    assert_same(expected, found, without={"courts_numberseries"})


def assert_same(expected: dict[str, Any], found: dict[str, Any], *, without: set[str]) -> None:
    for table in COLUMNS:
        if table in without:
            continue
        for pk in sorted(expected[table].keys() | found[table].keys()):
            assert found[table].get(pk) == expected[table].get(pk), (table, pk)


def test_every_row_is_the_services_own(ground):
    stories = by_hand(ground)
    expected = told_to_services(stories)
    found = generated(ground, stories)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), count(DISTINCT notice_id) FROM notices_delivery")
        assert len(set(cursor.fetchone())) == 1  # one each, so that none hides behind another
    written = {table for table in COLUMNS if expected[table]}
    assert written >= set(COLUMNS) - {"cases_case", "cases_caseparticipant"}
    assert {firing["step"] for firing in expected["escalation_firing"].values()} == {
        "warning", "rung1", "rung2", "rung3", "rung4", "late", "filing",
    }  # fmt: skip
    assert_same(expected, found, without={"courts_numberseries"})
