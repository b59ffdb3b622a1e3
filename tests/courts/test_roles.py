"""How far an action reaches by the posts that somebody holds."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from courts.models import Post
from courts.roles import ACTIONS, Reach, Scope
from tests.city import City, build

K = Post.Kind


@pytest.fixture
def town(db: None) -> City:
    return build()


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("kind", [K.JUDGE_ASSISTANT, K.DEPARTMENT_LEADER, K.LIAISON_OFFICER])
def test_a_post_without_a_department_reaches_the_court_for_its_liaison_officer_alone(
    town: City, kind: str, action: str
) -> None:
    if ACTIONS[action].get(kind, Scope.OWN) in (Scope.OWN, Scope.OF_CHAMBER):
        return
    of_division = Post(kind=kind, court=town.east, department=town.division())
    of_none = Post(kind=kind, court=town.east)
    assert Reach.of_posts(1, [of_division], action).departments == {town.division().pk}
    reach = Reach.of_posts(1, [of_none], action)
    assert reach.departments == frozenset()
    assert reach.courts == ({town.east.pk} if kind == K.LIAISON_OFFICER else set())


@pytest.mark.parametrize("kind", [K.JUDGE, K.JUDGE_ASSISTANT, K.DEPARTMENT_LEADER])
def test_whoever_handles_orders_is_of_a_department(town: City, kind: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Post.objects.create(kind=kind, court=town.east)
