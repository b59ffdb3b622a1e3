"""Pages of the desk. Every one starts from what lies within the reach of the person's posts."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from courts.access import action_required, record_access, record_leader_look
from courts.compression import shows_a_secret
from courts.errors import WrongState
from courts.forms import renew_command, run
from courts.models import AccessRecord, Person
from courts.roles import require
from liaison import intake, services
from liaison.desk import context, searches
from liaison.desk.forms import (
    AnswerForm,
    DeskRequestForm,
    FilterForm,
    MergeForm,
    RouteForm,
    WithdrawForm,
)
from liaison.desk.queue import next_waiting
from liaison.kinds import SUBJECT
from liaison.lifecycle import MOVES
from liaison.models import Channel, Request
from liaison.portal.visitors import give_receipt

_triage = action_required("desk.triage")
_form_methods = require_http_methods(["GET", "HEAD", "POST"])


def _person(http: HttpRequest) -> Person:
    assert isinstance(http.user, Person)
    return http.user


def _found(http: HttpRequest, public_id: UUID) -> Request:
    """The request, if it lies within reach; else it does not exist."""
    rows = Request.objects.visible_to(_person(http), "desk.triage").select_related(
        "contact", "court", "department", "jurisdiction", "registered_by", "merged_into", "follows"
    )
    found = rows.filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found


@never_cache
@_triage
@_form_methods
def queue(http: HttpRequest) -> HttpResponse:
    """What the desk must take next. A search is sent by POST and kept out of the address."""
    if http.method == "POST":
        return _search(http)
    opened = http.GET.get("open", "")
    shown = context.list_context(http, _person(http), timezone.now(), opened)
    if http.htmx and http.htmx.target == "queue":  # type: ignore[attr-defined]
        if http.GET.get("digest") == shown["page"].digest:
            return HttpResponse(status=204)
        return render(http, "desk/_queue.html", shown)
    return render(http, "desk/queue.html", shown)


def _search(http: HttpRequest) -> HttpResponse:
    form = FilterForm(http.POST)
    form.is_valid()
    given = form.cleaned_data
    asked = {name: given.get(name) or "" for name in ("state", "matter", "channel")}
    words = (given.get("q") or "").strip()
    asked["search"] = searches.keep(http, words)
    if words:
        asked["state"] = ""  # a search looks through every state
    query = urlencode({name: value for name, value in asked.items() if value})
    return redirect(reverse("desk:queue") + (f"?{query}" if query else ""))


def _detail(
    http: HttpRequest,
    found: Request,
    verb: str = "",
    form: forms.BaseForm | None = None,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    """The request beside the list, with the form of ``verb`` open if one is given."""
    now = timezone.now()
    person = _person(http)
    shown = context.list_context(http, person, now, str(found.public_id))
    shown |= context.detail_context(http, person, found, now, verb)
    shown |= {"form": form} | more
    response = render(http, "desk/request.html", shown, status=status)
    return shows_a_secret(response) if shown["code"] else response


def _given(form: forms.BaseForm, found: Request, verb: str) -> dict[str, Any]:
    """What a valid form holds. That the state no longer fits is said before anything else."""
    if form.is_valid() and found.state in MOVES[verb].sources:
        return form.cleaned_data
    if found.state not in MOVES[verb].sources:
        form.errors.clear()
        form.add_error(None, forms.ValidationError(WrongState.text, code=WrongState.code))
    return {}


def _refused(http: HttpRequest, public_id: UUID, verb: str, form: forms.BaseForm) -> HttpResponse:
    """The page again with what was typed; 409 where the state no longer fits the verb."""
    codes = {error.code for errors in form.errors.as_data().values() for error in errors}
    status = 409 if "wrong_state" in codes else 403 if "not_allowed" in codes else 400
    return _detail(http, _found(http, public_id), verb, form, status)


def _next(http: HttpRequest, said: str) -> HttpResponse:
    """Back to the list, with what was done and a way to the next request to take."""
    following = next_waiting(_person(http))
    if following is not None:
        url = reverse("desk:request", args=[following.public_id])
        words = _("Take the next: %(number)s") % {"number": following.number}
        said = format_html('{} <a href="{}">{}</a>', said, url, words)
    messages.success(http, said)
    query = context.wish_query(http)
    return redirect(reverse("desk:queue") + query)


@never_cache
@_triage
@require_safe
def request(http: HttpRequest, public_id: UUID) -> HttpResponse:
    """One request beside the list. A leader's look is recorded."""
    found = _found(http, public_id)
    record_leader_look(person=_person(http), subject_kind=SUBJECT, subject_id=found.pk)
    return _detail(http, found)


@never_cache
@_triage
@_form_methods
def answer(http: HttpRequest, public_id: UUID) -> HttpResponse:
    """Answer a simple matter on the spot (G4, B5)."""
    found = _found(http, public_id)
    if http.method != "POST":
        matter = context.suggestion_for(found, timezone.now())["matter"]
        return _detail(http, found, "answer", AnswerForm(initial={"matter": matter}))
    form = AnswerForm(http.POST)
    given = _given(form, found, "answer")
    if run(form, services.answer, request_id=found.pk, by=_person(http), **given) is None:
        return _refused(http, public_id, "answer", form)
    return _next(http, _("%(number)s is answered.") % {"number": found.number})


@never_cache
@_triage
@_form_methods
def route(http: HttpRequest, public_id: UUID) -> HttpResponse:
    """Dispatch a request as a work order (G5, B6)."""
    found, now = _found(http, public_id), timezone.now()
    if http.method != "POST":
        suggested = context.suggestion_for(found, now)
        first = {
            "matter": suggested["matter"],
            "department": suggested["unit"],
            "handler": suggested["handler"],
        }
        return _detail(http, found, "route", RouteForm(initial=first, request=found, at=now))
    form = RouteForm(http.POST, request=found, at=now)
    given = _given(form, found, "route")
    if run(form, services.route, request_id=found.pk, by=_person(http), **given) is None:
        return _refused(http, public_id, "route", form)
    said = _("%(number)s is dispatched to %(unit)s.")
    return _next(http, said % {"number": found.number, "unit": given["department"]})


@never_cache
@_triage
@_form_methods
def merge(http: HttpRequest, public_id: UUID) -> HttpResponse:
    """Merge a request into another open one of the same party."""
    found = _found(http, public_id)
    candidates = context.merge_candidates(_person(http), found)
    if http.method != "POST":
        return _detail(http, found, "merge", MergeForm(candidates=candidates))
    form = MergeForm(http.POST, candidates=candidates)
    given = _given(form, found, "merge")
    into_id = given["into"].pk if given else 0
    into = run(form, services.merge, request_id=found.pk, into_id=into_id, by=_person(http))
    if into is None:
        return _refused(http, public_id, "merge", form)
    said = _("%(number)s goes on as %(into)s.")
    return _next(http, said % {"number": found.number, "into": into.number})


@never_cache
@_triage
@_form_methods
def withdraw(http: HttpRequest, public_id: UUID) -> HttpResponse:
    """Record that the party withdrew a request by telephone."""
    found = _found(http, public_id)
    if http.method != "POST":
        return _detail(http, found, "withdraw", WithdrawForm())
    form = WithdrawForm(http.POST)
    _given(form, found, "withdraw")
    if run(form, services.withdraw, request_id=found.pk, by=_person(http)) is None:
        return _refused(http, public_id, "withdraw", form)
    return _next(http, _("%(number)s is withdrawn.") % {"number": found.number})


@never_cache
@_triage
@require_POST
def reveal(http: HttpRequest, public_id: UUID) -> HttpResponse:
    """Show the party's telephone and e-mail; the look is recorded first."""
    found, person = _found(http, public_id), _person(http)
    require(person, "contact.reveal", court_id=found.court_id, department_id=found.department_id)
    record_access(
        person=person,
        action=AccessRecord.Action.REVEAL_CONTACT,
        subject_kind=SUBJECT,
        subject_id=found.pk,
    )
    if http.htmx:  # type: ignore[attr-defined]
        shown = {"contact": found.contact, "email": found.contact.email, "revealed": True}
        return render(http, "components/telephone.html", shown)
    return _detail(http, found, revealed=True)


@never_cache
@_triage
@_form_methods
def new(http: HttpRequest) -> HttpResponse:
    """Take down a request that came to the hall, the hotline or another channel (G3, B4)."""
    person = _person(http)
    if http.method != "POST":
        first = {"channel": Channel.HALL, "matter": "contact_judge"}
        form = DeskRequestForm(initial=first, person=person)
        return render(http, "desk/new.html", {"form": form})
    form = DeskRequestForm(http.POST, person=person)
    made = run(form, intake.register, by=person, **_registration(form))
    if made is None:
        renew_command(form)
        return render(http, "desk/new.html", {"form": form}, status=400)
    give_receipt(http, made)
    return redirect("desk:request", public_id=made.public_id)


def _registration(form: DeskRequestForm) -> dict[str, Any]:
    if not form.is_valid():
        return {}
    given = form.cleaned_data
    party = intake.Party(name=given["name"], phone=given["phone"], email=given["email"])
    return form.registration() | {"party": party, "channel": given["channel"]}
