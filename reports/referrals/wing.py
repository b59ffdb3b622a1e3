"""The pages of referrals: the lots of months, and the items in them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from courts.access import action_required
from courts.models import Person
from courts.roles import Reach, may
from reports.follow_up.evidence import Sources
from reports.follow_up.forms import ActForm, RemarkForm, WordsForm
from reports.follow_up.pages import Acts, panels, rows_of
from reports.follow_up.wing import Act, Facts, Wing
from reports.follow_up.words import class_name
from reports.leadership.asking import reader
from reports.models import ReferralItem, ReferralLot
from reports.months import Month
from reports.referrals import services
from reports.referrals.forms import CompileForm, ReferralForm, home_of
from reports.referrals.lifecycle import ItemState, LotState
from workorders.submission import submitted

MAKE = "referrals.make"


def lot_facts(lot: ReferralLot) -> Facts:
    """What is known of a lot."""
    return [
        (_("Office"), lot.department),
        (_("Compiled by"), lot.raised_by),
        (_("Sent by"), lot.sent_by),
    ]


def item_facts(item: ReferralItem) -> Facts:
    """What is known of an item."""
    return [
        (_("Class"), class_name(item.category)),
        (_("Kind of issue"), item.get_issue_display()),
        (_("Office"), item.department),
        (_("Person concerned"), item.named),
        (_("Recorded by"), item.raised_by),
        (_("Answered by"), item.answered_by),
        (_("Accepted by"), item.judged_by),
    ]


LOTS = Wing(
    name="referrals",
    model=ReferralLot,
    argument="lot_id",
    title=_("Referrals"),
    lead=_("What each month was referred to the offices of the leading court, and their answers."),
    none=_("No lot is compiled or with an office"),
    icon="send",
    open_states=(LotState.COMPILED, LotState.SENT, LotState.ANSWERED),
    read=(MAKE, "referrals.answer"),
    related=("sent_by",),
    facts=lot_facts,
    meta=lambda one: "",
    acts=(
        Act(
            "send", services.send, _("Sent. The limit of the answer has begun."), ActForm,
            icon="send", tone="primary",
        ),
    ),
)  # fmt: skip
ITEMS = Wing(
    name="items",
    model=ReferralItem,
    argument="item_id",
    title=_("Items referred"),
    lead=_("What was recorded to be referred; it is sent with the next lot of its office."),
    none=_("Nothing waits to be referred"),
    icon="note",
    open_states=(ItemState.RECORDED, ItemState.SENT, ItemState.ANSWERED),
    read=(MAKE, "referrals.answer"),
    related=(
        "lot__department", "named", "answered_by", "judged_by", "request", "case", "unit_court",
        "unit_department",
    ),
    facts=item_facts,
    meta=lambda one: f"{class_name(one.category)} · {one.department}",
    make=MAKE,
    new=_("Refer something"),
    new_lead=_("It is sent with the next lot of its office."),
    new_form=ReferralForm,
    create=services.refer,
    acts=(
        Act(
            "give_answer", services.answer_item, _("Answered."), WordsForm,
            ask=_("Answer"), icon="message-circle", tone="primary",
        ),
        Act(
            "accept", services.accept_item, _("The answer is accepted."), RemarkForm,
            icon="circle-check", tone="primary",
        ),
        Act(
            "send_back", services.send_back_item, _("The answer is sent back."), WordsForm,
            ask=_("Reason"), icon="refresh", tone="danger",
        ),
        Act(
            "take_back", services.take_back, _("Taken back."), WordsForm,
            ask=_("Reason"), icon="arrow-back-up",
        ),
    ),
)  # fmt: skip


def items_of(lot: ReferralLot, person: Person) -> dict[str, Any]:
    """The items of a lot that the reader may read, with their forms; the others are counted."""
    items = list(rows_of(ITEMS, person).filter(lot=lot).order_by("raised_at", "pk"))
    acts, sources = Acts(person), Sources(person, items)
    return {
        "extra": "reports/follow_up/_items.html",
        "items": [
            {
                "item": item,
                "class_name": class_name(item.category),
                "evidence": sources.of(item),
                "panels": panels(ITEMS, item, person, acts),
            }
            for item in items
        ],
        "sealed": lot.items.count() - len(items),
    }


def beside_lots(request: HttpRequest, person: Person, now: datetime) -> dict[str, Any]:
    """Beside the list of lots, for the chamber: what waits, and the lot to be compiled."""
    items_url = reverse("follow_up:items")
    found: dict[str, Any] = {"items_url": items_url, "items_label": ITEMS.title}
    if not may(person, MAKE):
        return found
    home = home_of(person)
    assert home is not None
    month = Month.of(now, home.zone)
    initial = {"month": str(month)}
    return found | {
        "extra": "reports/follow_up/_compile.html",
        "compile_form": CompileForm(person=person, initial=initial),
        "new_url": reverse("follow_up:item_new"),
        "new_label": ITEMS.new,
        # Also those that others recorded and only they may read: somebody must compile them.
        "waiting": ReferralItem.objects.filter(
            Reach.of(person, MAKE).courts_q("court"), state=ItemState.RECORDED
        ).count(),
    }


@action_required(MAKE)
@require_http_methods(["GET", "HEAD", "POST"])
def compile_lot(request: HttpRequest) -> HttpResponse:
    """Compile the lot of a month for an office, or record that there is nothing to refer."""
    person = reader(request)
    lots: list[ReferralLot] = []
    if request.method != "POST":
        return redirect("follow_up:referrals")
    form = CompileForm(request.POST, person=person)

    def compiled(**given: Any) -> None:
        lots.append(services.compile_lot(by=person, **given))

    if not submitted(form, compiled):
        context = {"wing": LOTS, "form": form, "title": _("Compile a lot")}
        return render(request, "reports/follow_up/new.html", context, status=400)
    lot = lots[0]
    if lot.state == LotState.NIL:
        messages.success(request, gettext("Recorded: there was nothing to refer."))
    elif lot.state == LotState.COMPILED:
        text = gettext("The lot is compiled. Read it once more, then send it.")
        messages.success(request, text)
    else:
        text = gettext("The lot of this month was sent before. What waits goes with the next one.")
        messages.warning(request, text)
    return redirect("follow_up:lot", lot.public_id)
