"""Once for each revision and person, in whatever order and however often it arrives."""

from __future__ import annotations

import random
import threading
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from django.db import connection, transaction

from cases import push
from cases.models import CaseNode, Push
from notices.models import Delivery, Notice
from tests import city
from tests.cases.mirrored import AT, arrive, case, node, participant, withdraw
from tests.city import City


@dataclass
class PlainModel:
    """What one person is told of one node, worked out step by step: the manner last told."""

    last: str = ""
    revision: int = 0
    told: list[tuple[int, str]] = field(default_factory=list)

    def arrives(self, current: int, revision: int, *, is_withdrawn: bool) -> None:
        """A revision arrives while ``current`` is the latest that the mirror knows."""
        if revision != current:
            return
        manner = ""
        if is_withdrawn:
            manner = "withdrawn" if self.last not in ("", "withdrawn") else ""
        elif not self.last:
            manner = "news"
        elif self.last == "withdrawn":
            manner = "restored"
        elif self.revision != revision:
            manner = "corrected"
        if manner:
            self.last, self.revision = manner, revision
            self.told.append((revision, manner))


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(12))
def test_against_a_plain_model(town: City, seed: int) -> None:
    """Nodes that arrive, again, late, corrected, withdrawn and standing again, at random."""
    dice = random.Random(seed)
    one = case(town.east)
    people = [participant(one).contact_id for _ in range(3)]
    revisions: dict[str, list[CaseNode]] = {}
    models: dict[str, PlainModel] = {}
    for _ in range(6):
        first = node(one, dice.choice(["hearing", "panel"]))
        revisions[first.node_id] = [first]
        models[first.node_id] = PlainModel()
    for step in range(60):
        batch: dict[int, CaseNode] = {}
        for name in dice.sample(sorted(revisions), dice.randint(1, 4)):
            known = revisions[name]
            move = dice.random()
            if move < 0.25:
                known.append(
                    node(one, known[0].kind, after=known[-1], details={"place": str(step)})
                )
            elif move < 0.5:
                withdraw(known[-1], is_withdrawn=not known[-1].is_withdrawn)
            arriving = dice.choice(known) if move > 0.75 else known[-1]
            batch[arriving.pk] = arriving
            models[name].arrives(
                known[-1].revision, arriving.revision, is_withdrawn=known[-1].is_withdrawn
            )
        for _ in range(dice.randint(1, 3)):
            arrive(batch.values(), at=AT + timedelta(hours=2 * step))
    for name, model in models.items():
        for contact_id in people:
            rows = Push.objects.filter(node__node_id=name, contact=contact_id).order_by("pk")
            assert list(rows.values_list("node__revision", "manner")) == model.told, name
    assert Notice.objects.filter(subject_kind=push.SUBJECT).count() == Push.objects.count()


@pytest.mark.django_db
def test_a_correction_and_a_withdrawal_are_told_however_old(town: City) -> None:
    one = case(town.east)
    participant(one)
    first = node(one, "archiving")  # not pushed by itself, so nothing is to be corrected
    hearing = node(one)
    arrive([first, hearing])
    later = AT + timedelta(days=90)
    arrive([node(one, after=first), node(one, after=hearing)], at=later)
    assert list(Push.objects.order_by("pk").values_list("manner", flat=True)) == [
        "news",
        "corrected",
    ]
    arrive([withdraw(CaseNode.objects.get(revision=2, kind="hearing"))], at=later)
    assert Push.objects.latest("pk").manner == "withdrawn"


@pytest.mark.django_db
def test_the_number_of_statements_does_not_grow(
    town: City, django_assert_num_queries: object
) -> None:
    counts = set()
    for size in (1, 10, 50):
        nodes = []
        for _ in range(size):
            one = case(town.east)
            participant(one)
            nodes.append(node(one))
        with transaction.atomic():
            before = _queries()
            push.push(node_ids=[one.pk for one in nodes], at=AT)
            counts.add(_queries() - before)
    assert len(counts) == 1


def _queries() -> int:
    connection.force_debug_cursor = True
    return len(connection.queries_log)


@pytest.mark.django_db(transaction=True)
def test_the_same_nodes_in_two_transactions_at_a_time() -> None:
    """Both begin before either ends; the constraint leaves one row of each, and fails neither."""
    town = city.build()
    one = case(town.east)
    for _ in range(5):
        participant(one)
    nodes = [node(one, "hearing") for _ in range(4)]
    assert _race(nodes) == Counter(told=1, waited=1)
    assert Push.objects.count() == 20
    assert Notice.objects.filter(subject_kind=push.SUBJECT).count() == 20
    assert Delivery.objects.count() == 20


@pytest.mark.django_db(transaction=True)
def test_without_the_constraint_each_would_be_told_twice() -> None:
    """The control: the same race without the two constraints that carry the promise."""
    town = city.build()
    one = case(town.east)
    participant(one)
    nodes = [node(one, "hearing")]
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE cases_push DROP CONSTRAINT push_once_uniq")
        cursor.execute("ALTER TABLE notices_notice DROP CONSTRAINT notice_key_uniq")
    try:
        _race(nodes)
        assert Notice.objects.count() == 2
    finally:
        with connection.cursor() as cursor:
            cursor.execute(
                "DELETE FROM notices_delivery WHERE notice_id ="
                " (SELECT max(id) FROM notices_notice)"
            )
            cursor.execute("ALTER TABLE notices_notice DISABLE TRIGGER USER")
            cursor.execute("ALTER TABLE cases_push DISABLE TRIGGER USER")
            cursor.execute(
                "DELETE FROM notices_notice WHERE id = (SELECT max(id) FROM notices_notice)"
            )
            cursor.execute("DELETE FROM cases_push WHERE id = (SELECT max(id) FROM cases_push)")
            cursor.execute("ALTER TABLE notices_notice ENABLE TRIGGER USER")
            cursor.execute("ALTER TABLE cases_push ENABLE TRIGGER USER")
            cursor.execute(
                "ALTER TABLE cases_push ADD CONSTRAINT push_once_uniq"
                " UNIQUE (node_id, contact_id, step)"
            )
            cursor.execute("ALTER TABLE notices_notice ADD CONSTRAINT notice_key_uniq UNIQUE (key)")


def _race(nodes: list[CaseNode]) -> Counter[str]:
    """Push the same nodes from two transactions, the second begun before the first commits."""
    became: Counter[str] = Counter()
    written, may_commit = threading.Event(), threading.Event()
    ids = [one.pk for one in nodes]

    def first() -> None:
        try:
            with transaction.atomic():
                became["told"] += push.push(node_ids=ids, at=AT) > 0
                written.set()
                may_commit.wait(20)
        finally:
            connection.close()

    def second() -> None:
        try:
            assert written.wait(20)
            threading.Timer(0.5, may_commit.set).start()
            with transaction.atomic():
                told = push.push(node_ids=ids, at=AT)
                became["waited"] += may_commit.is_set() and not told
        finally:
            connection.close()

    threads = [threading.Thread(target=target) for target in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return became
