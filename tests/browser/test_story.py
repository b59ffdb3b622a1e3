"""The whole story in Chromium: asked on a phone, triaged, answered by the judge, read by tracking.

And the other one: nobody answered, and the president of the court sees it.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from courts.models import AccessRecord, Post
from escalation.sweep import sweep
from liaison.models import Rating, Request
from tests.browser.conftest import Visitor, sign_in
from tests.city import City
from workorders.models import WorkOrder

pytestmark = pytest.mark.browser


def test_a_request_is_made_on_a_phone_triaged_answered_and_read(
    town: City, visitor: Visitor
) -> None:
    division = town.division()
    judge = town.judge(division)

    party = visitor(width=360)
    party.goto("/")
    party.click("a[href='/requests/new/']")
    party.select_option("#id_court", label=town.east.name)
    party.check("input[name=matter][value=contact_judge]")
    party.fill("#id_case_number", "(2026)示0101民初1234号")
    party.wait_for_selector("#case-number-parts:has-text('1234')")
    party.fill("#id_text", "开庭已经两个月，一直没有收到判决，想请法官与我联系。")
    party.fill("#id_name", "周小满")
    party.fill("#id_phone", "138")
    party.click("form.request-form button[type=submit]")
    # The telephone is wrong: said at the field, and what was typed stays.
    assert party.get_attribute("#id_phone", "aria-invalid") == "true"
    assert party.input_value("#id_name") == "周小满"
    party.fill("#id_phone", "13800138000")
    party.click("form.request-form button[type=submit]")
    number = party.inner_text("#receipt-number").strip()
    code = party.inner_text("#receipt-code").strip()
    request = Request.objects.get(number=number)
    assert request.case_number == "（2026）示0101民初1234号"
    assert request.contact.phone == "13800138000"

    clerk = visitor()
    sign_in(clerk, town.staff())
    clerk.goto("/desk/")
    clerk.click(f"#row-{request.public_id}")
    assert "138****8000" in clerk.inner_text("#contact")
    clerk.click(f"a[href^='/desk/{request.public_id}/route/']")
    clerk.select_option("#id_department", str(division.pk))
    clerk.select_option("#id_handler", str(judge.pk))
    clerk.click("#act form button[type=submit]")
    clerk.wait_for_load_state()
    order = WorkOrder.objects.get(request=request)
    assert order.handler == judge

    handler = visitor()
    sign_in(handler, judge)
    handler.goto("/orders/")
    handler.click(f"a[href='/orders/{order.public_id}/']")
    assert "一直没有收到判决" in handler.inner_text("main")
    handler.click(f"form[action='/orders/{order.public_id}/acknowledge/'] button")
    reply_form = f"form[action='/orders/{order.public_id}/reply/']"
    handler.fill(f"{reply_form} textarea", "判决书已于今日寄出，预计三日内送达。")
    handler.click(f"{reply_form} button[type=submit]")
    handler.wait_for_load_state()

    reader = visitor(width=360)
    reader.goto("/track/")
    reader.fill("#id_number", number)
    reader.fill("#id_code", "AAAA-AAAA")
    reader.click("form.narrow button[type=submit]")
    assert "判决书已于今日寄出" not in reader.inner_text("main")
    reader.fill("#id_code", code)
    reader.click("form.narrow button[type=submit]")
    reader.wait_for_url(f"**/track/{request.public_id}/")
    assert "判决书已于今日寄出" in reader.inner_text("main")
    reader.check("#rating input[value=very_satisfied]")
    reader.click("#rating button[type=submit]")
    reader.wait_for_selector("#rating .rated")
    assert Rating.objects.get(request=request).grade == "very_satisfied"
    handler.reload()
    assert handler.query_selector("#the-rating + .rated [href$='#mood-happy']")


def test_what_nobody_answered_is_before_the_president(town: City, visitor: Visitor) -> None:
    now = timezone.now()
    order = town.order(at=now - timedelta(days=40), title="三次来电未接")
    sweep(now)
    president = town.holder(Post.Kind.PRESIDENT, court=town.east)
    page = visitor()
    sign_in(page, president)
    page.goto("/supervision/")
    page.click(f"a[href='/supervision/{order.request.public_id}/']")
    assert "开庭后一直没有消息" in page.inner_text("main")
    looks = AccessRecord.objects.filter(person=president, action="leader_look")
    assert looks.count() == 1
