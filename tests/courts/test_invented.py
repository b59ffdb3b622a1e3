"""The invented courts: every post is another person's."""

from __future__ import annotations

import re

import pytest

from courts.models import Person, Post, Tenure
from tests import city


@pytest.mark.django_db
def test_every_post_is_held_by_another_person_with_a_telephone_of_their_own() -> None:
    city.build()
    assert Tenure.objects.values("person").distinct().count() == Post.objects.count()
    telephones = list(Person.objects.values_list("office_phone", flat=True))
    assert len(set(telephones)) == len(telephones)
    assert all(re.fullmatch(r"000-55[0-9]{5}", telephone) for telephone in telephones)
