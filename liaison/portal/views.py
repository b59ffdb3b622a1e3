"""Pages of the portal. Anyone may come here; nobody signs in."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import segno
from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from courts import site
from courts.client_address import client_address
from courts.compression import shows_a_secret
from courts.errors import Invalid, TooMany
from courts.forms import CommandForm, courts_that_answer, renew_command, run
from liaison import access, intake, rating, services
from liaison.forms import RequestForm
from liaison.models import Channel, Procedure, Request
from liaison.portal import case_number as case_numbers
from liaison.portal import visitors
from liaison.portal.expectation import expectation
from liaison.portal.forms import DisputeForm, OfficersForm, RateForm, TrackForm
from liaison.portal.officers import directory
from liaison.portal.standing import state_label, state_sentence
from liaison.replies import may_dispute, standing_reply
from liaison.timeline_texts import party_history


def _page(
    request: HttpRequest, name: str, context: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    return render(request, f"portal/{name}.html", context, status=status)


def _refusal_status(form: forms.BaseForm) -> int:
    """409 where the state no longer fits, else 400: the page says it in words."""
    codes = {error.code for errors in form.errors.as_data().values() for error in errors}
    return 409 if "wrong_state" in codes else 400


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Three doors: make a request, track a request, liaison officers."""
    return _page(request, "home")


def _new_page(
    request: HttpRequest, form: RequestForm, follows: Request | None, status: int = 200
) -> HttpResponse:
    raw, court = form["case_number"].value() or "", form["court"].value() or ""
    context = {
        "form": form,
        "follows": follows,
        "checked": case_numbers.check(str(raw)[:200], str(court)[:20]),
    }
    return _page(request, "new", context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Make a request (G3, B4). Never kept by the browser, so each form has its own command."""
    follows = _followed(request)
    if request.method != "POST":
        form = RequestForm(initial=_first_values(request, follows))
        return _new_page(request, form, follows)
    form = RequestForm(request.POST)
    try:
        if form.is_valid():
            visitors.count_registration(request)
        made = run(form, intake.register, **_registration(form, follows))
    except TooMany as error:
        form.add_error(None, forms.ValidationError(error.text, code=error.code))
        return _new_page(request, form, follows, status=error.status)
    if made is None:
        renew_command(form)
        return _new_page(request, form, follows, status=400)
    visitors.give_receipt(request, made)
    visitors.open_for(request, made)
    return redirect("portal:receipt", public_id=made.public_id)


def _registration(form: RequestForm, follows: Request | None) -> dict[str, Any]:
    if not form.is_valid():
        return {}
    given = form.cleaned_data
    language = (get_language() or "").lower()
    party = intake.Party(
        name=given["name"],
        phone=given["phone"],
        email=given["email"],
        language="en" if language.startswith("en") else "zh-hans",
    )
    return form.registration() | {
        "party": party,
        "channel": Channel.WEBSITE,
        "follows": follows,
    }


def _followed(request: HttpRequest) -> Request | None:
    """The earlier request that a new one is linked to, if this session may read it."""
    raw = request.POST.get("follows") or request.GET.get("follows") or ""
    try:
        public_id = UUID(raw)
    except ValueError:
        return None
    if not visitors.may_read(request, public_id):
        return None
    return Request.objects.select_related("court", "contact").filter(public_id=public_id).first()


def _first_values(request: HttpRequest, follows: Request | None) -> dict[str, Any]:
    """What a fresh form holds: the party and the case of the request it follows, the only court.

    The particulars are the party's own, who has given the access code in this session.
    """
    values: dict[str, Any] = {"matter": "contact_judge", "court": request.GET.get("court", "")}
    if follows is not None:
        values |= {
            "court": follows.court.code,
            "matter": follows.matter,
            "case_number": follows.case_number,
            "judge_name": follows.judge_name,
            "name": follows.contact.name,
            "phone": follows.contact.phone,
            "email": follows.contact.email,
        }
    courts = list(courts_that_answer()[:2])
    if len(courts) == 1:
        values["court"] = courts[0].code
    return values


@never_cache
@require_safe
def receipt(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Number, access code, QR code and what to expect, for the session that made the request."""
    if not visitors.has_receipt(request, public_id):
        if not visitors.had_receipt(request, public_id):
            raise Http404
        messages.info(request, _("The receipt is no longer shown: its quarter of an hour is over."))
        return redirect("portal:tracking", public_id=public_id)
    made = _request(public_id)
    # The link carries the number only: who finds the paper without the code reads nothing.
    query = urlencode({"number": made.number})
    link = f"{site.address(reverse('portal:track'))}?{query}"
    code = access.access_code(made)
    page = _page(
        request,
        "receipt",
        {
            "made": made,
            "code": f"{code[:4]}-{code[4:]}",
            "link": link,
            "qr": segno.make(link, error="m").svg_data_uri(scale=4, border=2, dark="#0f1e3a"),
            "expectation": expectation(made, timezone.now()),
        },
    )
    return shows_a_secret(page)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def track(request: HttpRequest) -> HttpResponse:
    """Open a request by number and access code; a wrong one never says which was wrong."""
    if request.method != "POST":
        form = TrackForm(initial={"number": request.GET.get("number", "")[:40]})
        return _page(request, "track", {"form": form})
    form = TrackForm(request.POST)
    if not form.is_valid():
        return _page(request, "track", {"form": form}, status=400)
    number, code = form.cleaned_data["number"], form.cleaned_data["code"]
    try:
        found = access.find(number, code, address=client_address(request))
    except TooMany as error:
        form.add_error(None, forms.ValidationError(error.text, code=error.code))
        return _page(request, "track", {"form": form}, status=error.status)
    if found is None:
        form.add_error(
            None,
            forms.ValidationError(
                _(
                    "Number and access code do not fit together. Please compare both with your "
                    "receipt, or call 12368."
                ),
                code="no_match",
            ),
        )
        return _page(request, "track", {"form": form}, status=400)
    visitors.open_for(request, found)
    return redirect("portal:tracking", public_id=found.public_id)


@never_cache
@require_POST
def finish(request: HttpRequest) -> HttpResponse:
    """Close all that this session opened, before the next person comes to the machine."""
    if visitors.PARTY in request.session:
        text = _("You are signed out.")
    else:
        text = _("Closed. Your request can be opened again with its access code.")
    visitors.forget(request)
    messages.success(request, text)
    return redirect("portal:home")


def _request(public_id: UUID) -> Request:
    rows = Request.objects.select_related(
        "court", "jurisdiction", "department", "merged_into", "follows"
    )
    found = rows.filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found


def _opened(request: HttpRequest, public_id: UUID) -> Request | None:
    """The request, if this session gave its code within the last hour."""
    return _request(public_id) if visitors.may_read(request, public_id) else None


def _to_the_door(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Ask for the access code: a stranger for both, and who had the request open for the code.

    What was typed when the hour was over is shown there, so that it can be sent once more.
    """
    if not visitors.had_opened(request, public_id):
        return redirect("portal:track")
    form = TrackForm(initial={"number": _request(public_id).number})
    context = {"form": form, "was_closed": True}
    return _page(request, "track", context, status=403 if request.method == "POST" else 200)


@never_cache
@require_safe
def tracking(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """What became of a request, for who opened it by number and access code."""
    found = _opened(request, public_id)
    if found is None:
        return _to_the_door(request, public_id)
    return _tracking_page(request, found)


def _tracking_page(
    request: HttpRequest,
    found: Request,
    dispute_form: DisputeForm | None = None,
    rate_form: RateForm | None = None,
    status: int = 200,
) -> HttpResponse:
    now = timezone.now()
    expected = expectation(found, now)
    reply = standing_reply(found)
    given = rating.rating_of(found) if reply else None
    may_judge = may_dispute(found, now)
    if may_judge and rate_form is None:
        rate_form = RateForm.of(found, given)
    context = {
        "found": found,
        "state_label": state_label(found.state),
        "state_words": state_sentence(found),
        "reply": reply,
        "timeline": party_history(found, with_ladder=expected.with_ladder, quoted=reply),
        "expectation": expected,
        "rating": given,
        "rate_form": rate_form,
        "dispute_form": dispute_form or (DisputeForm.of(found) if may_judge else None),
    }
    return _page(request, "tracking", context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Ask whether to withdraw, then do so: the party's own act, by the code of this session."""
    found = _opened(request, public_id)
    if found is None:
        return _to_the_door(request, public_id)
    if request.method != "POST":
        if not found.is_open:
            return redirect("portal:tracking", public_id=public_id)
        return _page(request, "withdraw", {"found": found, "form": CommandForm()})
    form = CommandForm(request.POST)
    if form.is_valid():
        try:
            services.withdraw(request_id=found.pk, command_id=form.cleaned_data["command_id"])
        except Invalid as error:  # the button of another request: here it gets a fresh one
            messages.error(request, error.text)
        else:
            messages.success(request, _("Your request is withdrawn."))
    return redirect("portal:tracking", public_id=public_id)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def dispute(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Say that the reply is no answer. The form stands on the tracking page, which GET opens."""
    found = _opened(request, public_id)
    if found is None:
        return _to_the_door(request, public_id)
    if request.method != "POST":
        return redirect("portal:tracking", public_id=public_id)
    form = DisputeForm.of(found, request.POST)
    given = form.cleaned_data if form.is_valid() else {}
    if run(form, services.dispute, request_id=found.pk, **given) is None:
        renew_command(form)
        return _tracking_page(request, found, form, status=_refusal_status(form))
    if found.procedure == Procedure.SUMMARY:
        text = _("Thank you. The court is taking your request up again.")
    else:
        text = _("Thank you. The liaison officer reads your words beside the reply.")
    messages.success(request, text)
    return redirect("portal:tracking", public_id=public_id)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def rate(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Rate the reply. The form stands on the tracking page, which GET opens."""
    found = _opened(request, public_id)
    if found is None:
        return _to_the_door(request, public_id)
    if request.method != "POST":
        return redirect("portal:tracking", public_id=public_id)
    form = RateForm(request.POST)
    given = form.cleaned_data if form.is_valid() else {}
    if run(form, rating.rate, request_id=found.pk, **given) is None:
        renew_command(form)
        if found.answered_at is not None:  # what is sent next is about the reply shown with it
            form.data = dict(form.data.items()) | {"answered_at": found.answered_at.isoformat()}
        return _tracking_page(request, found, rate_form=form, status=_refusal_status(form))
    messages.success(request, _("Thank you. The court reads your rating."))
    return redirect("portal:tracking", public_id=public_id)


@require_safe
def officers(request: HttpRequest) -> HttpResponse:
    """The liaison officers of all courts, or of one (G9, B7)."""
    form = OfficersForm(request.GET or None)
    courts = courts_that_answer().select_related("jurisdiction")
    chosen = form.cleaned_data["court"] if form.is_bound and form.is_valid() else None
    if chosen is not None:
        courts = courts.filter(pk=chosen.pk)
    entries = directory(courts, timezone.now())
    return _page(request, "officers", {"form": form, "entries": entries})


@require_POST
def case_number(request: HttpRequest) -> HttpResponse:
    """Explain the parts of the case number typed so far. Sent by POST: it stays out of logs."""
    raw, court = request.POST.get("case_number", ""), request.POST.get("court", "")
    checked = case_numbers.check(raw[:200], court[:20])
    return render(request, "portal/_case_number.html", {"checked": checked})
