"""Posts and their holders in the administration: what cannot be is named at its field."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from courts.models import ApiClient, Person, Post, Tenure
from courts.roles import Reach
from escalation.models import Clock
from tests import city
from tests.city import City

pytestmark = pytest.mark.django_db
NOW = timezone.now().replace(microsecond=0)


@pytest.fixture
def root(client: Client) -> Client:
    client.force_login(Person.objects.create_superuser("root", "x", name="管理员"))
    return client


@pytest.fixture
def town() -> City:
    return city.build()


@pytest.fixture
def tenure(town: City) -> Tenure:
    leader = town.holder("department_leader", department=town.division())
    return Tenure.objects.get(person=leader, post__kind="department_leader")


def _local(at: Any) -> dict[str, str]:
    at = timezone.localtime(at)
    return {"0": at.strftime("%Y-%m-%d"), "1": at.strftime("%H:%M:%S")}


def _rows(post: Post, *rows: dict[str, Any]) -> dict[str, Any]:
    """The page of a post with its holdings, as the browser sends it."""
    given: dict[str, Any] = {
        "court": post.court_id,
        "department": post.department_id or "",
        "kind": post.kind,
        "is_open": "on",
        "tenures-TOTAL_FORMS": len(rows),
        "tenures-INITIAL_FORMS": sum("id" in row for row in rows),
    }
    for number, row in enumerate(rows):
        for name, value in (row | {"post": post.pk}).items():
            if name in ("from_at", "until_at"):
                for part, text in _local(value).items():
                    given[f"tenures-{number}-{name}_{part}"] = text
            else:
                given[f"tenures-{number}-{name}"] = value
    return given


def _save(root: Client, post: Post, *rows: dict[str, Any]) -> Any:
    return root.post(reverse("admin:courts_post_change", args=[post.pk]), _rows(post, *rows))


def _kept(tenure: Tenure, **changes: Any) -> dict[str, Any]:
    return {"id": tenure.pk, "person": tenure.person_id, "from_at": tenure.from_at} | changes


def test_a_post_is_handed_over_in_one_go(root: Client, town: City, tenure: Tenure) -> None:
    successor = town.judge()
    at = NOW + timedelta(days=1)
    answer = _save(
        root, tenure.post, _kept(tenure, until_at=at), {"person": successor.pk, "from_at": at}
    )
    assert answer.status_code == 302
    held = list(tenure.post.tenures.order_by("from_at").values_list("person", "until_at"))
    assert held == [(tenure.person_id, at), (successor.pk, None)]


@pytest.mark.django_db(transaction=True)
def test_a_handover_is_moved_earlier_in_one_go(root: Client, town: City, tenure: Tenure) -> None:
    at, earlier = NOW + timedelta(days=9), NOW + timedelta(days=2)
    tenure.until_at = at
    tenure.save()
    after = Tenure.objects.create(post=tenure.post, person=town.judge(), from_at=at)
    moved = _kept(after, from_at=earlier), _kept(tenure, until_at=earlier)
    assert _save(root, tenure.post, *moved).status_code == 302
    after.refresh_from_db()
    assert after.from_at == earlier


def test_two_holders_at_once_are_named(root: Client, town: City, tenure: Tenure) -> None:
    answer = _save(root, tenure.post, _kept(tenure), {"person": town.judge().pk, "from_at": NOW})
    assert answer.status_code == 200
    forms = answer.context["inline_admin_formsets"][0].formset.forms
    assert [list(form.errors) for form in forms] == [[], ["from_at"]]
    assert tenure.post.tenures.count() == 1


def test_an_end_before_the_start_is_named(root: Client, tenure: Tenure) -> None:
    before = tenure.from_at - timedelta(days=1)
    answer = _save(root, tenure.post, _kept(tenure, until_at=before))
    formset = answer.context["inline_admin_formsets"][0].formset
    assert list(formset.forms[0].errors) == ["until_at"]
    given = {"post": tenure.post_id, "person": tenure.person_id}
    for name, at in (("from_at", tenure.from_at), ("until_at", before)):
        given |= {f"{name}_{part}": text for part, text in _local(at).items()}
    answer = root.post(reverse("admin:courts_tenure_change", args=[tenure.pk]), given)
    assert list(answer.context["adminform"].form.errors) == ["until_at"]


def test_a_post_reaches_into_no_other_court(root: Client, town: City, tenure: Tenure) -> None:
    elsewhere = town.division(town.west)
    post = tenure.post
    given = _rows(post, _kept(tenure)) | {"department": elsewhere.pk}
    answer = root.post(reverse("admin:courts_post_change", args=[post.pk]), given)
    assert list(answer.context["adminform"].form.errors) == ["department"]
    deputy = Post.objects.get(kind=Post.Kind.DEPUTY_PRESIDENT, court=town.east)
    given = _rows(deputy) | {"departments_in_charge": [elsewhere.pk]}
    answer = root.post(reverse("admin:courts_post_change", args=[deputy.pk]), given)
    assert list(answer.context["adminform"].form.errors) == ["departments_in_charge"]


def test_a_court_above_reaches_no_city_of_another_jurisdiction(town: City) -> None:
    president = town.holder("president", court=town.intermediate)
    assert town.east.pk in Reach.of(president, "leadership.read").courts
    other = type(town.jurisdiction).objects.create(
        code="other", name="别市", name_en="Other", number_prefix="QT", policy="guangzhou"
    )
    type(town.east).objects.filter(pk=town.east.pk).update(jurisdiction=other)
    assert town.east.pk not in Reach.of(president, "leadership.read").courts


def test_a_machine_may_do_some_of_what_there_is_or_nothing(root: Client, town: City) -> None:
    machine, _key = ApiClient.objects.issue(
        name="kiosk", jurisdiction=town.jurisdiction, channel="hall", scopes=["requests:write"]
    )
    url = reverse("admin:courts_apiclient_change", args=[machine.pk])
    answer = root.post(url, {"name": "kiosk", "is_active": "on", "scopes": ["5"]})
    assert list(answer.context["adminform"].form.errors) == ["scopes"]
    assert root.post(url, {"name": "kiosk", "is_active": "on"}).status_code == 302
    machine.refresh_from_db()
    assert machine.scopes == []


def test_a_jurisdiction_follows_a_policy_that_there_is(root: Client, town: City) -> None:
    url = reverse("admin:courts_jurisdiction_change", args=[town.jurisdiction.pk])
    given = {
        "code": "shifan", "name": "示范市", "name_en": "Shifan", "number_prefix": "SF",
        "time_zone": "Asia/Shanghai", "leading_court": town.intermediate.pk,
    }  # fmt: skip
    answer = root.post(url, given | {"policy": "guangzhuo"})
    assert list(answer.context["adminform"].form.errors) == ["policy"]
    assert root.post(url, given | {"policy": "beijing"}).status_code == 302


def test_a_court_keeps_its_jurisdiction_while_clocks_run_there(root: Client, town: City) -> None:
    url = reverse("admin:courts_court_change", args=[town.east.pk])
    given = {
        "code": town.east.code, "name": town.east.name, "level": town.east.level,
        "kind": town.east.kind, "status": town.east.status, "parent": town.intermediate.pk,
        "code_confidence": town.east.code_confidence, "jurisdiction": "",
        "departments-TOTAL_FORMS": 0, "departments-INITIAL_FORMS": 0,
    }  # fmt: skip
    town.request(at=NOW)
    answer = root.post(url, given)
    assert list(answer.context["adminform"].form.errors) == ["jurisdiction"]
    Clock.objects.update(stopped_at=NOW, next_due_at=None)
    assert root.post(url, given).status_code == 302
