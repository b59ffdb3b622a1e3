"""Pages of a party who has signed in: what we told you, my requests, my cases, my wishes."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.db import models, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases import wishes
from cases.course import course_of
from cases.sight import cases_of
from courts.client_address import client_address
from courts.errors import Refused, TooMany
from liaison import sign_in as signing
from liaison.models import Request
from liaison.portal import party as parties
from liaison.portal import visitors
from liaison.portal.party import Party, party_required
from liaison.portal.party_forms import CodeForm, PhoneForm, WishesForm
from liaison.portal.standing import state_label
from liaison.portal.told import page_of
from liaison.rating import ratings_of
from liaison.replies import disputable
from notices.channels import party_channels

_PAGE = 20
_OUTCOMES = {
    signing.Outcome.WRONG: "wrong_code",
    signing.Outcome.WHO: "who",
}


def _language() -> str:
    return "en" if (get_language() or "").lower().startswith("en") else "zh-hans"


def _page(
    request: HttpRequest, name: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    return render(request, f"portal/{name}.html", context, status=status)


def _mine(request: HttpRequest, here: str, party: Party, **context: Any) -> dict[str, Any]:
    """What every page of a signed-in party shows: its name and the tabs."""
    names = (
        ("told", _("What we told you"), "bell"),
        ("my_requests", _("My requests"), "message-circle"),
        ("my_cases", _("My cases"), "scale"),
        ("my_wishes", _("What to tell me"), "settings"),
    )
    tabs = [
        {"label": label, "url": reverse(f"portal:{name}"), "icon": icon, "active": name == here}
        for name, label, icon in names
    ]
    return {"party": party, "tabs": tabs} | context


def _refuse(form: forms.Form, error: Refused) -> None:
    field = error.field if error.field in form.fields else None
    form.add_error(field, forms.ValidationError(error.text, code=error.code))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for a code. The answer is the same, whether somebody is known by the number."""
    if request.method != "POST":
        if parties.current(request) is not None:
            return redirect("portal:told")
        return _page(request, "sign_in", {"form": PhoneForm()})
    form = PhoneForm(request.POST)
    status = 400
    if form.is_valid():
        try:
            asked = signing.ask(
                phone=form.cleaned_data["phone"],
                address=client_address(request),
                language=_language(),
            )
        except Refused as error:
            _refuse(form, error)
            status = error.status
        else:
            parties.asked_for(request, str(asked.public_id))
            return redirect("portal:code")
    return _page(request, "sign_in", {"form": form}, status=status)


def _asked(request: HttpRequest) -> uuid.UUID | None:
    try:
        return uuid.UUID(parties.asked_for(request))
    except ValueError:
        return None


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """Enter the code, in the session that asked for it."""
    asked = _asked(request)
    if asked is None:
        return redirect("portal:sign_in")
    shown = {"shown_code": signing.demonstrated(asked)}
    if request.method != "POST":
        return _page(request, "code", {"form": CodeForm()} | shown)
    form = CodeForm(request.POST)
    if not form.is_valid():
        return _page(request, "code", {"form": form} | shown, status=400)
    try:
        attempt = signing.enter(
            public_id=asked,
            code=form.cleaned_data["code"],
            id_number=form.cleaned_data["id_number"],
            address=client_address(request),
        )
    except TooMany as error:
        _refuse(form, error)
        return _page(request, "code", {"form": form} | shown, status=error.status)
    if attempt.outcome is signing.Outcome.ENTERED:
        parties.sign_in(request, attempt)
        return redirect("portal:told")
    form.add_error(
        "id_number" if attempt.outcome is signing.Outcome.WHO else "code",
        forms.ValidationError(_words(attempt.outcome), code=_OUTCOMES[attempt.outcome]),
    )
    return _page(request, "code", {"form": form} | shown, status=400)


def _words(outcome: signing.Outcome) -> str:
    if outcome is signing.Outcome.WHO:
        return _(
            "Several people are registered with this mobile number. Give the identity number "
            "under which the court knows you."
        )
    return _(
        "This code is wrong or has expired. No code is sent to a number that the court does not "
        "have; if yours is not registered, call 12368."
    )


@never_cache
@require_safe
@party_required
def told(request: HttpRequest, party: Party) -> HttpResponse:
    """What we told you: every notice, with the words that were sent (keyset paging)."""
    rows, older = page_of(
        party.contact_ids,
        after=request.GET.get("after", ""),
        language=_language(),
        at=timezone.now(),
    )
    return _page(request, "told", _mine(request, "told", party, rows=rows, older=older))


def _paged(rows: models.QuerySet[Any], request: HttpRequest) -> tuple[list[Any], str]:
    """A page of rows, the newest first, after the row whose public id the address names."""
    try:
        last = rows.filter(public_id=uuid.UUID(request.GET.get("after", ""))).first()
    except ValueError:
        last = None
    rows = rows.order_by("-pk")
    found = list((rows.filter(pk__lt=last.pk) if last else rows)[: _PAGE + 1])
    shown = found[:_PAGE]
    return shown, str(shown[-1].public_id) if len(found) > _PAGE else ""


@never_cache
@require_safe
@party_required
def my_requests(request: HttpRequest, party: Party) -> HttpResponse:
    """The requests that were made with this telephone."""
    rows, older = _paged(
        Request.objects.filter(contact__in=party.contact_ids).select_related("court"), request
    )
    given, ratable = ratings_of(rows), disputable(rows, timezone.now())
    listed = [
        {
            "row": row,
            "state": state_label(row.state),
            "rating": given.get(row.pk),
            "may_rate": row.pk in ratable,
        }
        for row in rows
    ]
    context = _mine(request, "my_requests", party, rows=listed, older=older)
    return _page(request, "my_requests", context)


@never_cache
@require_POST
@party_required
def my_request(request: HttpRequest, party: Party, public_id: uuid.UUID) -> HttpResponse:
    """Open one's own request without its access code, at its rating if that was asked for."""
    found = get_object_or_404(Request, public_id=public_id, contact__in=party.contact_ids)
    visitors.open_for(request, found)
    address = reverse("portal:tracking", args=[found.public_id])
    return redirect(f"{address}#rating" if request.POST.get("to") == "rating" else address)


@never_cache
@require_safe
@party_required
def my_cases(request: HttpRequest, party: Party) -> HttpResponse:
    """The cases in which the party takes part."""
    rows, older = _paged(
        cases_of(party.contact_ids, timezone.now()).select_related("court"), request
    )
    return _page(request, "my_cases", _mine(request, "my_cases", party, rows=rows, older=older))


@never_cache
@require_safe
@party_required
def my_case(request: HttpRequest, party: Party, public_id: uuid.UUID) -> HttpResponse:
    """One case and its course, as far as the party may know it; anybody else's is not there."""
    at = timezone.now()
    rows = cases_of(party.contact_ids, at).select_related("court__jurisdiction", "judge")
    found = get_object_or_404(rows, public_id=public_id)
    entries = course_of(found, party.contact_ids, language=_language(), at=at)
    context = _mine(request, "my_cases", party, found=found, entries=entries)
    return _page(request, "my_case", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@party_required
def my_wishes(request: HttpRequest, party: Party) -> HttpResponse:
    """What to be told, by which way, and how much outside; for whom the court's records know."""
    if party.registered is None:
        if request.method == "POST":
            raise Http404
        return _page(request, "my_wishes", _mine(request, "my_wishes", party, form=None))
    contact = party.registered
    if request.method != "POST":
        present = wishes.wanted_by(contact.pk)
        first = {
            "is_wanted": present[""],
            "kinds": [kind for kind, wish in present.items() if kind and wish],
            "channels": [n for n in party_channels() if n not in contact.refused_channels],
            "outside": wishes.chosen_outside(contact.pk),
        }
        form = WishesForm(initial=first, contact_id=contact.pk)
        return _page(request, "my_wishes", _mine(request, "my_wishes", party, form=form))
    form = WishesForm(request.POST, contact_id=contact.pk)
    if not form.is_valid():
        context = _mine(request, "my_wishes", party, form=form)
        return _page(request, "my_wishes", context, status=400)
    with transaction.atomic():
        wishes.set_wishes(contact_id=contact.pk, wanted=form.wanted())
        wishes.choose_outside(contact_id=contact.pk, outside=form.cleaned_data["outside"])
        wishes.refuse_channels(contact_ids=party.contact_ids, refused=form.refused())
    messages.success(request, _("Saved."))
    return redirect("portal:my_wishes")
