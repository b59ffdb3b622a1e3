"""An administrator signs for the values of a policy: nothing for axe to find, no mouse needed."""

from __future__ import annotations

import pytest

from courts.models import Person
from escalation.models import PolicySignature
from escalation.policy import version_for
from tests.browser.conftest import Visitor, sign_in
from tests.browser.inspection import READINGS, inspect
from tests.city import City, local

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("language", "widths"), READINGS)
def test_the_pages_are_free_of_faults(
    town: City, visitor: Visitor, language: str, widths: tuple[int, ...]
) -> None:
    kept = "zh-hans" if language.startswith("zh") else "en"
    chief = Person.objects.create_superuser("chief", "x", name="管理员", language=kept)
    version = version_for("guangzhou", local(2026, 11, 20).date())
    page = visitor(width=widths[-1], language=language)
    sign_in(page, chief)
    address = f"/admin/escalation/policyversion/{version.pk}"
    wrong = inspect(page, f"{address}/sign/", widths=widths)
    wrong += inspect(page, f"{address}/change/", widths=widths)
    assert not wrong, "\n".join(wrong)


def test_values_are_signed_for_from_the_keyboard(town: City, visitor: Visitor) -> None:
    chief = Person.objects.create_superuser("chief", "x", name="管理员", language="en")
    version = version_for("guangzhou", local(2026, 11, 20).date())
    page = visitor(language="en")
    sign_in(page, chief)
    page.goto(f"/admin/escalation/policyversion/{version.pk}/change/")
    page.get_by_role("link", name="Sign for values").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/sign/")
    page.locator("input[name=values]").first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.locator("#id_note").focus()
    page.keyboard.type("Minutes of 20 November")
    page.keyboard.press("Enter")
    page.wait_for_url("**/change/")
    signed = PolicySignature.objects.order_by("pk").values_list("key", "note")
    assert {key for key, _note in signed} == {"values.opening_hour", "values.closing_hour"}
    assert {note for _key, note in signed} == {"Minutes of 20 November"}
