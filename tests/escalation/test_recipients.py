"""Who receives a rung: whoever holds the post, however the post stands."""

from __future__ import annotations

from datetime import datetime, timedelta

from courts import invented
from courts.models import Court, Department, Person, Post, Tenure
from tests.city import SINCE, City, local
from tests.escalation.timed import Timed, register_once

OPENED = local(2020, 6, 5, 14)
WARNING, RUNG1, RUNG2 = local(2020, 6, 10, 9), local(2020, 6, 11, 9), local(2020, 6, 15, 9)
RUNG4 = local(2020, 6, 18, 9)
LATE = local(2020, 8, 3, 9)


def _post(town: City, kind: str, where: str = "division") -> Post:
    if where == "division":
        return Post.objects.get(kind=kind, department=town.division())
    court = {"east": town.east, "intermediate": town.intermediate}[where]
    return Post.objects.get(kind=kind, court=court)


def _end(post: Post, at: datetime) -> Person:
    tenure = Tenure.objects.get(post=post, until_at=None, is_acting=False)
    tenure.until_at = at
    tenure.save()
    return tenure.person


def _newcomer(username: str) -> Person:
    return Person.objects.create_user(username, name=username)


def _hold(post: Post, person: Person, from_at: datetime, until_at: datetime | None = None,
          *, acting: bool = False) -> None:  # fmt: skip
    Tenure.objects.create(
        post=post, person=person, from_at=from_at, until_at=until_at, is_acting=acting
    )


def _named(town: City, kind: str, where: str = "division") -> str:
    return Tenure.objects.get(post=_post(town, kind, where), until_at=None).person.username


def test_each_rung_goes_to_its_post(town: City) -> None:
    timed = register_once(town, OPENED).swept(LATE)
    assert timed.went_to("warning") == {
        town.judge().username: "handler",
        _named(town, "liaison_officer"): "liaison_officer",
    }
    assert timed.went_to("rung1") == {_named(town, "department_leader"): "department_leader"}
    assert timed.went_to("rung2") == {_named(town, "deputy_president", "east"): "deputy_president"}
    assert timed.went_to("rung3") == {_named(town, "president", "east"): "president"}
    assert timed.went_to("rung4") == {
        _named(town, "president", "intermediate"): "superior_president"
    }
    assert all(firing.detail == {} for firing in timed.fired.values())


def test_whoever_acts_for_the_post_at_that_instant_receives_it(town: City) -> None:
    post, deputising = _post(town, "department_leader"), _newcomer("acting")
    _hold(post, deputising, RUNG1 - timedelta(days=1), RUNG1 + timedelta(days=60), acting=True)
    timed = register_once(town, OPENED).swept(RUNG1)
    assert timed.went_to("rung1") == {"acting": "department_leader"}


def test_acting_until_the_instant_is_not_acting_at_it(town: City) -> None:
    post, leader = _post(town, "department_leader"), _named(town, "department_leader")
    _hold(post, _newcomer("acting"), OPENED, RUNG1, acting=True)
    timed = register_once(town, OPENED).swept(RUNG1)
    assert timed.went_to("rung1") == {leader: "department_leader"}


def test_a_vacant_post_passes_it_to_the_next_one_up(town: City) -> None:
    _end(_post(town, "department_leader"), OPENED)
    timed = register_once(town, OPENED).swept(LATE)
    assert timed.went_to("rung1") == {_named(town, "deputy_president", "east"): "deputy_president"}
    assert timed.fired["rung1"].detail == {
        "vacant": ["department_leader"],
        "passed_to": ["deputy_president"],
    }
    # The deputy president has a rung of the own all the same.
    assert timed.went_to("rung2") == {_named(town, "deputy_president", "east"): "deputy_president"}


def test_several_vacant_posts_are_climbed_over(town: City) -> None:
    _end(_post(town, "department_leader"), OPENED)
    _end(_post(town, "deputy_president", "east"), OPENED)
    _end(_post(town, "president", "east"), OPENED)
    timed = register_once(town, OPENED).swept(LATE)
    superior = {_named(town, "president", "intermediate"): "superior_president"}
    assert [timed.went_to(f"rung{n}") for n in (1, 2, 3, 4)] == [superior] * 4


def test_if_nobody_is_left_the_filing_chamber_has_it(town: City) -> None:
    for kind, where in (
        ("department_leader", "division"), ("deputy_president", "east"),
        ("president", "east"), ("president", "intermediate"),
    ):  # fmt: skip
        _end(_post(town, kind, where), OPENED)
    timed = register_once(town, OPENED).swept(LATE)
    chamber = {_named(town, "filing_chamber", "intermediate"): "filing_chamber"}
    assert [timed.went_to(f"rung{n}") for n in (1, 2, 3, 4)] == [chamber] * 4


def test_without_any_holder_at_all_the_rung_is_recorded_still(town: City) -> None:
    Tenure.objects.filter(until_at=None).update(until_at=OPENED)
    timed = register_once(town, OPENED, handler=_newcomer("alone")).swept(LATE)
    assert list(timed.fired) == ["warning", "rung1", "rung2", "rung3", "rung4"]
    assert timed.went_to("rung4") == {}
    assert timed.fired["rung4"].detail["nobody"] is True


def test_a_holder_who_is_the_handler_gets_it_and_the_next_one_up_as_well(town: City) -> None:
    leader = town.holder("department_leader", department=town.division())
    timed = register_once(town, OPENED, handler=leader).swept(LATE)
    assert timed.went_to("rung1") == {
        leader.username: "department_leader",
        _named(town, "deputy_president", "east"): "deputy_president",
    }
    assert timed.fired["rung1"].detail["holder_is_handler"] == ["department_leader"]


def test_a_handler_who_holds_the_next_post_too_is_climbed_over(town: City) -> None:
    leader = town.holder("department_leader", department=town.division())
    _end(_post(town, "deputy_president", "east"), OPENED)
    _hold(_post(town, "deputy_president", "east"), leader, OPENED)
    timed = register_once(town, OPENED, handler=leader).swept(LATE)
    assert set(timed.went_to("rung1")) == {leader.username, _named(town, "president", "east")}


def test_who_left_since_is_followed_by_the_successor_and_the_record_says_so(town: City) -> None:
    timed = register_once(town, OPENED)
    post = _post(town, "department_leader")
    _end(post, RUNG1 + timedelta(hours=1))
    _hold(post, _newcomer("successor"), RUNG1 + timedelta(hours=1))
    timed.swept(RUNG1 + timedelta(hours=2))
    assert timed.went_to("rung1") == {"successor": "department_leader"}
    assert timed.fired["rung1"].detail == {"successor": ["department_leader"]}


def test_who_left_the_courts_is_followed_by_the_successor_too(town: City) -> None:
    timed = register_once(town, OPENED)
    post = _post(town, "department_leader")
    gone = _end(post, RUNG1 + timedelta(hours=1))
    _hold(post, _newcomer("successor"), RUNG1 + timedelta(hours=1))
    Person.objects.filter(pk=gone.pk).update(is_active=False)
    timed.swept(RUNG1 + timedelta(hours=2))
    assert timed.went_to("rung1") == {"successor": "department_leader"}
    assert timed.fired["rung1"].detail == {"successor": ["department_leader"]}


def test_who_still_holds_the_post_gets_it_although_another_acts_now(town: City) -> None:
    timed = register_once(town, OPENED)
    leader = _named(town, "department_leader")
    post = _post(town, "department_leader")
    _hold(post, _newcomer("acting"), RUNG1 + timedelta(minutes=1), acting=True)
    timed.swept(RUNG1 + timedelta(hours=2))
    assert timed.went_to("rung1") == {leader: "department_leader"}


def test_if_the_holder_left_and_nobody_followed_it_passes_on(town: City) -> None:
    timed = register_once(town, OPENED)
    _end(_post(town, "department_leader"), RUNG1 + timedelta(hours=1))
    timed.swept(RUNG1 + timedelta(hours=2))
    assert timed.went_to("rung1") == {_named(town, "deputy_president", "east"): "deputy_president"}
    assert timed.fired["rung1"].detail["successor"] == ["department_leader"]


def test_one_person_in_two_posts_gets_one_notice(town: City) -> None:
    # Guangzhou's own arrangement: the department's leader is its liaison officer.
    leader = town.holder("department_leader", department=town.division())
    officer = _post(town, "liaison_officer")
    _end(officer, OPENED)
    _hold(officer, leader, OPENED)
    # The judge is away, so the warning goes to the leader in the judge's place as well.
    Person.objects.filter(pk=town.judge().pk).update(is_active=False)
    timed = register_once(town, OPENED, handler=Person.objects.get(pk=town.judge().pk))
    timed.swept(WARNING)
    assert timed.went_to("warning") == {leader.username: "department_leader"}
    assert timed.notices == [("warning", leader.username)]


def test_an_order_without_a_named_person_warns_the_departments_leader(town: City) -> None:
    timed = Timed(town, town.east).start(OPENED).assign(OPENED).swept(WARNING)
    assert timed.went_to("warning") == {
        _named(town, "department_leader"): "department_leader",
        _named(town, "liaison_officer"): "liaison_officer",
    }


def test_a_closed_post_receives_nothing(town: City) -> None:
    Post.objects.filter(pk=_post(town, "department_leader").pk).update(is_open=False)
    timed = register_once(town, OPENED).swept(RUNG1)
    assert set(timed.went_to("rung1").values()) == {"deputy_president"}


def test_once_the_acting_holder_has_gone_the_holder_has_it_again(town: City) -> None:
    timed, leader = register_once(town, OPENED), _named(town, "department_leader")
    post = _post(town, "department_leader")
    _hold(post, _newcomer("acting"), OPENED, RUNG1 + timedelta(hours=1), acting=True)
    timed.swept(RUNG1 + timedelta(hours=2))
    assert timed.went_to("rung1") == {leader: "department_leader"}
    assert timed.fired["rung1"].detail == {"successor": ["department_leader"]}


def test_who_acts_for_a_vacant_post_fills_it(town: City) -> None:
    post = _post(town, "department_leader")
    _end(post, OPENED)
    _hold(post, _newcomer("acting"), OPENED, acting=True)
    timed = register_once(town, OPENED).swept(RUNG1)
    assert timed.went_to("rung1") == {"acting": "department_leader"}
    assert timed.fired["rung1"].detail == {}


def test_the_handler_who_acts_for_the_post_sends_it_up_as_well(town: City) -> None:
    _hold(_post(town, "department_leader"), town.judge(), OPENED, acting=True)
    timed = register_once(town, OPENED).swept(RUNG1)
    assert timed.went_to("rung1") == {
        town.judge().username: "department_leader",
        _named(town, "deputy_president", "east"): "deputy_president",
    }


def test_the_handler_who_is_liaison_officer_sends_the_warning_to_the_leader(town: City) -> None:
    officer = town.holder("liaison_officer", department=town.division())
    timed = register_once(town, OPENED, handler=officer).swept(WARNING)
    assert timed.went_to("warning") == {
        officer.username: "handler",
        _named(town, "department_leader"): "department_leader",
    }
    assert timed.fired["warning"].detail["holder_is_handler"] == ["liaison_officer"]


def test_whoever_takes_the_post_at_that_very_instant_holds_it(town: City) -> None:
    post = _post(town, "department_leader")
    _end(post, RUNG1)
    _hold(post, _newcomer("punctual"), RUNG1)
    timed = register_once(town, OPENED).swept(RUNG1)
    assert timed.went_to("rung1") == {"punctual": "department_leader"}
    assert timed.fired["rung1"].detail == {}


def test_whoever_took_a_vacant_post_after_the_instant_did_not_hold_it(town: City) -> None:
    post = _post(town, "department_leader")
    _end(post, OPENED)
    _hold(post, _newcomer("too.late"), RUNG1 + timedelta(minutes=1))
    timed = register_once(town, OPENED).swept(RUNG1 + timedelta(hours=2))
    assert timed.went_to("rung1") == {_named(town, "deputy_president", "east"): "deputy_president"}
    assert timed.fired["rung1"].detail["vacant"] == ["department_leader"]


def test_who_went_and_came_back_before_the_firing_receives_it(town: City) -> None:
    timed, post = register_once(town, OPENED), _post(town, "department_leader")
    leader = _end(post, RUNG1 + timedelta(hours=1))
    _hold(post, _newcomer("between"), RUNG1 + timedelta(hours=1), RUNG1 + timedelta(hours=2))
    _hold(post, leader, RUNG1 + timedelta(hours=2))
    timed.swept(RUNG1 + timedelta(hours=3))
    assert timed.went_to("rung1") == {leader.username: "department_leader"}
    assert timed.fired["rung1"].detail == {}


def test_of_two_who_followed_each_other_the_present_one_receives_it(town: City) -> None:
    timed, post = register_once(town, OPENED), _post(town, "department_leader")
    _end(post, RUNG1 + timedelta(hours=1))
    _hold(post, _newcomer("second"), RUNG1 + timedelta(hours=1), RUNG1 + timedelta(hours=2))
    _hold(post, _newcomer("third"), RUNG1 + timedelta(hours=2))
    timed.swept(RUNG1 + timedelta(hours=3))
    assert timed.went_to("rung1") == {"third": "department_leader"}


def test_the_deputy_president_is_the_one_in_charge_of_the_department(town: City) -> None:
    first, second = town.division(), town.division(index=1)
    _post(town, "deputy_president", "east").departments_in_charge.remove(second)
    theirs = Post.objects.create(court=town.east, kind="deputy_president")
    theirs.departments_in_charge.set([second])
    _hold(theirs, _newcomer("other.deputy"), OPENED)
    here = register_once(town, OPENED).swept(RUNG2)
    there = Timed(town, town.east).start(OPENED).assign(OPENED, second).swept(RUNG2)
    usual = Tenure.objects.get(post__departments_in_charge=first, until_at=None).person.username
    assert here.went_to("rung2") == {usual: "deputy_president"}
    assert there.went_to("rung2") == {"other.deputy": "deputy_president"}


def test_a_department_in_nobodys_charge_tells_the_president(town: City) -> None:
    _post(town, "deputy_president", "east").departments_in_charge.remove(town.division())
    timed = register_once(town, OPENED).swept(RUNG2)
    assert timed.went_to("rung2") == {_named(town, "president", "east"): "president"}
    assert timed.fired["rung2"].detail == {
        "vacant": ["deputy_president"],
        "passed_to": ["president"],
    }


def test_a_department_without_an_officer_has_that_of_its_court(town: City) -> None:
    Post.objects.filter(pk=_post(town, "liaison_officer").pk).update(is_open=False)
    of_the_court = Post.objects.create(court=town.east, kind="liaison_officer")
    _hold(of_the_court, _newcomer("court.officer"), OPENED)
    timed = register_once(town, OPENED).swept(WARNING)
    assert timed.went_to("warning") == {
        town.judge().username: "handler",
        "court.officer": "liaison_officer",
    }


def test_a_post_vacant_behind_a_vacant_one_is_named_too(town: City) -> None:
    _end(_post(town, "department_leader"), OPENED)
    _end(_post(town, "deputy_president", "east"), OPENED)
    timed = register_once(town, OPENED).swept(LATE)
    president = {_named(town, "president", "east"): "president"}
    assert [timed.went_to(f"rung{n}") for n in (1, 2, 3)] == [president] * 3
    assert timed.fired["rung1"].detail == {
        "vacant": ["department_leader"],
        "passed_to": ["president"],
    }


def test_each_later_rung_reaches_the_same_person_again(town: City) -> None:
    deputy = _named(town, "deputy_president", "east")
    _end(_post(town, "department_leader"), OPENED)
    timed = register_once(town, OPENED).swept(RUNG2)
    assert [row for row in timed.notices if row[1] == deputy] == [
        ("rung1", deputy),
        ("rung2", deputy),
    ]


def test_leader_and_officer_in_one_person_get_one_notice(town: City) -> None:
    request = town.request(at=OPENED)
    service = Department.objects.get(court=town.east, kind="litigation_service")
    head = town.holder("department_leader", department=service)
    officer = Post.objects.get(kind="liaison_officer", department=service)
    _end(officer, OPENED)
    _hold(officer, head, OPENED)
    waiting = Timed(town, town.east, kind="request.acceptance", subject_id=request.pk)
    waiting.swept(local(2020, 6, 9, 9))
    assert waiting.went_to("late") == {head.username: "department_leader"}
    assert waiting.notices == [("late", head.username)]


def _court_elsewhere(town: City) -> tuple[Court, Court]:
    """A primary court under another intermediate court, and that court; both staffed."""
    other = invented.found_jurisdiction(
        code="linshi", prefix="LS", policy="guangzhou", name="邻市", name_en="Lin",
        court_code="邻01", court_name="邻市中级人民法院", court_name_en="Lin Intermediate Court",
    )  # fmt: skip
    primary = invented.add_primary_court(
        other, code="邻0101", name="邻市南山区人民法院", name_en="Nanshan District Court"
    )
    parent = other.leading_court
    assert parent is not None
    for prefix, court in (("ls", parent), ("ns", primary)):
        invented.staff_court(court, invented.Plan(), since=SINCE, prefix=prefix)
    return primary, parent


def test_rung_4_goes_to_the_parent_of_the_court_that_has_it_now(town: City) -> None:
    primary, parent = _court_elsewhere(town)
    moved = register_once(town, OPENED).move(RUNG2, town.division(primary)).swept(LATE)
    president = town.holder("president", court=parent).username
    assert moved.fired["rung4"].due_at == RUNG4
    assert moved.went_to("rung4") == {president: "superior_president"}
    # What came due before the move was the first court's affair.
    assert moved.went_to("rung2") == {_named(town, "deputy_president", "east"): "deputy_president"}


def test_if_nobody_is_left_it_is_the_filing_chamber_of_the_courts_own_city(town: City) -> None:
    primary, parent = _court_elsewhere(town)
    Tenure.objects.filter(post__court__in=[primary, parent]).exclude(
        post__kind="filing_chamber"
    ).update(until_at=OPENED)
    timed = Timed(town, primary).start(OPENED).assign(OPENED).swept(LATE)
    chamber = {town.holder("filing_chamber", court=parent).username: "filing_chamber"}
    assert [timed.went_to(f"rung{n}") for n in (1, 2, 3, 4)] == [chamber] * 4


def test_the_highest_court_of_a_city_passes_a_vacant_presidency_to_its_chamber(
    town: City,
) -> None:
    division = town.division(town.intermediate)
    _end(_post(town, "president", "intermediate"), OPENED)
    timed = Timed(town, town.intermediate).start(OPENED).assign(OPENED, division).swept(LATE)
    chamber = {_named(town, "filing_chamber", "intermediate"): "filing_chamber"}
    assert list(timed.fired) == ["warning", "rung1", "rung2", "rung3"]
    assert timed.went_to("rung3") == chamber
