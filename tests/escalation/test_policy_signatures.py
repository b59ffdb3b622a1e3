"""Assumed values are to be confirmed until an administrator has signed for them (G19)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.auth.models import Permission
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from courts.errors import Invalid
from courts.models import Person
from escalation import policy
from escalation.models import PolicySignature, PolicyVersion
from escalation.signatures import sign, signatures_for, to_be_confirmed
from tests.city import local

TEXT = Path(__file__).with_name("cities").joinpath("third.toml").read_text(encoding="utf-8")
AT = local(2026, 11, 20)
OPENS = "values.party_notices_from"
REMIND = "clocks.request.reply.steps.remind"
pytestmark = pytest.mark.django_db


@pytest.fixture
def load(tmp_path: Path) -> Callable[..., PolicyVersion]:
    """Load the third city, with some words of its file instead of others."""

    def load(*changes: tuple[str, str]) -> PolicyVersion:
        text = TEXT
        for old, new in changes:
            assert text.count(old) == 1, old
            text = text.replace(old, new)
        path = tmp_path / "third.toml"
        path.write_text(text, encoding="utf-8")
        return policy.load_file(path)

    return load


@pytest.fixture
def chief() -> Person:
    return Person.objects.create_superuser("chief", "x", name="管理员")


def _waiting(version: PolicyVersion) -> set[str]:
    return {one.key for one in to_be_confirmed([version])[version.pk]}


def _sign(version: PolicyVersion, chief: Person, *keys: str) -> list[PolicySignature]:
    return sign(policy_id=version.pk, keys=keys, by=chief, note="立案庭会议纪要", at=AT)


def test_only_what_no_clause_gives_waits(load: Callable[..., PolicyVersion]) -> None:
    assert _waiting(load()) == {
        OPENS,
        "values.party_notices_until",
        "values.complete_after_business_days",
        "values.attempts",
        "values.attempt_days",
        "values.ladder_shown_to_party",
        "values.publish_mobile",
        *(
            f"values.ranking_{name}"
            for name in (
                "weight_acceptance", "weight_liaison", "weight_completion", "least_requests",
                "lagging_under", "lagging_last", "interview_lagging", "interview_months",
            )
        ),
        *(f"values.issues_{name}" for name in ("least_parties", "months_before", "most")),
        *(f"values.ahead_{name}" for name in ("percent", "months", "least_cases")),
        "values.objection_business_days",
        "clocks.request.reply.limits.at_counter.business_days",
        *(
            f"{REMIND}.{name}"
            for name in (
                "level", "anchor", "after", "every", "at_most", "to", "limits", "unit",
                "court_levels",
            )
        ),
    }  # fmt: skip


def test_who_signed_when_and_why_is_kept_with_the_value(
    load: Callable[..., PolicyVersion], chief: Person
) -> None:
    version = load()
    made = _sign(version, chief, f"{REMIND}.to", OPENS)
    assert len(made) == 2
    assert not {OPENS, f"{REMIND}.to"} & _waiting(version)
    row = signatures_for([version])[version.pk][f"{REMIND}.to"]
    assert (row.value, row.signed_by, row.signed_at, row.note) == (
        ["handler"],
        chief,
        AT,
        "立案庭会议纪要",
    )


def test_signing_again_changes_nothing(load: Callable[..., PolicyVersion], chief: Person) -> None:
    version = load()
    _sign(version, chief, OPENS)
    other = Person.objects.create_superuser("other", "x", name="另一人")
    assert sign(policy_id=version.pk, keys=[OPENS], by=other, note="又签") == []
    assert PolicySignature.objects.get().signed_by == chief
    with pytest.raises(IntegrityError), transaction.atomic():
        PolicySignature.objects.create(
            policy=version, key=OPENS, value="09:00", signed_by=other, note="又签"
        )


@pytest.mark.parametrize(
    ("keys", "note", "field"),
    [
        ([OPENS], "  ", "note"),
        ([], "理由", "values"),
        (["values.opening_hour"], "理由", "values"),  # a clause gives it
        (["values.nothing"], "理由", "values"),
        ([OPENS, "values.nothing"], "理由", "values"),
    ],
)
def test_what_cannot_be_signed_for_is_refused(
    load: Callable[..., PolicyVersion], chief: Person, keys: list[str], note: str, field: str
) -> None:
    version = load()
    with pytest.raises(Invalid) as refused:
        sign(policy_id=version.pk, keys=keys, by=chief, note=note)
    assert refused.value.field == field
    assert not PolicySignature.objects.exists()


def test_an_unchanged_value_stays_signed_in_a_later_version(
    load: Callable[..., PolicyVersion], chief: Person
) -> None:
    first = load()
    _sign(first, chief, OPENS, "values.attempts")
    second = load(("attempts = { value = 2", "attempts = { value = 4"))
    assert OPENS not in _waiting(second)
    assert "values.attempts" in _waiting(second)
    assert sign(policy_id=second.pk, keys=[OPENS], by=chief, note="又签") == []
    _sign(second, chief, "values.attempts")
    # What is signed for later says nothing of an earlier version, nor of another policy.
    assert signatures_for([first])[first.pk]["values.attempts"].value == 2
    assert signatures_for([second])[second.pk]["values.attempts"].value == 4
    guangzhou = policy.version_for("guangzhou", AT.date())
    assert "values.attempts" in _waiting(guangzhou)
    third = load()
    assert third.version == 3
    assert "values.attempts" not in _waiting(third)  # as the first version said, and was signed


@pytest.mark.parametrize(
    ("old", "new", "waits"),
    [
        ('to = ["handler"]\nlimits = ["ordinary"]', 'to = ["handler"]', "limits"),
        ("every = 1\nat_most = 2\n", "", "at_most"),
        ("every = 1\nat_most = 2\n", 'every = 1\nat_most = 2\nunit = "minutes"\n', "unit"),
    ],
)
def test_taking_a_condition_out_of_a_signed_step_needs_a_new_signature(
    load: Callable[..., PolicyVersion], chief: Person, old: str, new: str, waits: str
) -> None:
    first = load()
    _sign(first, chief, *_waiting(first))
    assert _waiting(first) == set()
    assert _waiting(load((old, new))) == {f"{REMIND}.{waits}"}


def test_a_value_that_a_clause_has_come_to_give_waits_no_longer(
    load: Callable[..., PolicyVersion],
) -> None:
    load()
    old = 'party_notices_from = { value = "09:00", source = "assumed" }'
    assert OPENS not in _waiting(load((old, old.replace("assumed", "clause 12"))))


# The administration.

EN = {"accept-language": "en"}


def _url(version: PolicyVersion, page: str) -> str:
    return reverse(f"admin:escalation_policyversion_{page}", args=[version.pk])


def test_selected_values_are_signed_for_with_a_note(
    load: Callable[..., PolicyVersion], chief: Person, client: Client
) -> None:
    version = load()
    client.force_login(chief)
    shown = client.get(_url(version, "change"), headers=EN).content.decode()
    assert _url(version, "sign") in shown
    asked = client.get(_url(version, "sign"), headers=EN)
    rows = [row for row, _label in asked.context["form"].fields["values"].choices]
    assert rows[-1] == REMIND  # a step is signed for as a whole
    assert "handler" in asked.content.decode()
    without = client.post(_url(version, "sign"), {"values": [OPENS, REMIND]}, headers=EN)
    assert list(without.context["form"].errors) == ["note"]
    nothing = client.post(_url(version, "sign"), {"note": "会议纪要"}, headers=EN)
    assert list(nothing.context["form"].errors) == ["values"]
    given = {"values": [OPENS, REMIND], "note": "会议纪要"}
    done = client.post(_url(version, "sign"), given, headers=EN, follow=True)
    assert done.redirect_chain == [(_url(version, "change"), 302)]
    assert "10 values signed for." in done.content.decode()
    assert "会议纪要" in done.content.decode()
    assert PolicySignature.objects.count() == 10
    assert not {key for key in _waiting(version) if key.startswith(REMIND)}


def test_the_page_lists_what_a_clause_gives_what_waits_and_what_is_signed(
    load: Callable[..., PolicyVersion], chief: Person, client: Client
) -> None:
    version = load()
    _sign(version, chief, "values.attempts")
    client.force_login(chief)
    page = client.get(_url(version, "change"), headers=EN)
    (fieldset,) = page.context["adminform"]
    said = {cell.field["name"]: str(cell.contents()) for line in fieldset for cell in line}
    assert OPENS in said["waiting"]
    assert "values.attempts" not in said["waiting"]
    assert "values.attempts" in said["signed"]
    assert "管理员" in said["signed"]
    assert "Nov. 20, 2026" in said["signed"]
    assert "values.opening_hour" in said["by_clause"]
    assert "clause 2" in said["by_clause"]
    assert "第五条" in said["by_clause"]
    assert "attempts" not in said["by_clause"]


def test_once_all_is_signed_for_there_is_nothing_to_choose(
    load: Callable[..., PolicyVersion], chief: Person, client: Client
) -> None:
    version = load()
    _sign(version, chief, *_waiting(version))
    client.force_login(chief)
    page = client.get(_url(version, "sign"), headers=EN).content.decode()
    assert "Sign for selected values" not in page
    assert "given by a clause or signed for" in page


def test_only_those_with_the_right_may_sign(
    load: Callable[..., PolicyVersion], chief: Person, client: Client
) -> None:
    version = load()
    reader = Person.objects.create_user("reader", "x", name="读者", is_staff=True)
    reader.user_permissions.add(_permission("view_policyversion"))
    client.force_login(reader)
    shown = client.get(_url(version, "change"), headers=EN)
    assert shown.status_code == 200
    assert _url(version, "sign") not in shown.content.decode()
    given = {"values": [OPENS], "note": "会议纪要"}
    assert client.get(_url(version, "sign")).status_code == 403
    assert client.post(_url(version, "sign"), given).status_code == 403
    reader.user_permissions.add(_permission("add_policysignature"))
    assert client.post(_url(version, "sign"), given).status_code == 302
    assert PolicySignature.objects.get().signed_by == reader
    missing = reverse("admin:escalation_policyversion_sign", args=[0])
    assert client.get(missing).status_code == 404


def _permission(codename: str) -> Permission:
    return Permission.objects.get(codename=codename)


def test_the_list_asks_the_same_questions_for_one_version_and_for_ten(
    load: Callable[..., PolicyVersion], chief: Person, client: Client
) -> None:
    client.force_login(chief)
    url = reverse("admin:escalation_policyversion_changelist") + "?slug=third"
    counts = []
    for number in range(1, 11):
        version = load(("attempts = { value = 2", f"attempts = {{ value = {number}"))
        _sign(version, chief, "values.attempts")
        if number in (1, 10):
            with CaptureQueriesContext(connection) as captured:
                page = client.get(url, headers=EN)
            assert [row.waiting for row in page.context["cl"].result_list] == [31] * number
            counts.append(len(captured))
    assert counts[0] == counts[1]
