"""Pages of the monthly briefings: the list, one briefing, and one address per verb (G12, B10)."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from courts import paging
from courts.access import action_required
from courts.forms import run
from courts.models import Jurisdiction, Person
from courts.roles import Reach
from reports.briefing import forms, page, services
from reports.briefing.lifecycle import BriefingState, Section
from reports.leadership.asking import reader
from reports.models import Briefing, BriefingText
from reports.months import Month

ACTION = "briefings.read"


def find(person: Person, public_id: uuid.UUID) -> Briefing:
    """The briefing, if the person may read it; else it does not exist."""
    rows = Briefing.objects.visible_to(person).select_related(
        "jurisdiction__leading_court",
        "edition",
        "drafted_by",
        "edited_by",
        "submitted_by",
        "returned_by",
        "published_by",
    )
    return get_object_or_404(rows, public_id=public_id)


def _home(person: Person) -> Jurisdiction | None:
    """The jurisdiction whose briefings the person writes; None for a reader."""
    courts = Reach.of(person, "briefings.write").courts
    return Jurisdiction.objects.filter(leading_court__in=courts).order_by("pk").first()


@action_required(ACTION)
@require_safe
def briefings(request: HttpRequest) -> HttpResponse:
    """The briefings that the person may read, the latest month first."""
    person = reader(request)
    form = forms.DraftForm(initial={"month": request.GET.get("month", "")})
    return _list(request, person, form)


def _list(
    request: HttpRequest, person: Person, form: forms.DraftForm, status: int = 200
) -> HttpResponse:
    rows = Briefing.objects.visible_to(person).defer("document").select_related("jurisdiction")
    found = paging.page(
        rows,
        "drafted_at",
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
        descending=True,
    )
    context = {
        "briefings": found.rows,
        "page": found,
        "form": form if _home(person) else None,
        "several": len({one.jurisdiction_id for one in found.rows}) > 1,
    }
    return render(request, "reports/briefing/list.html", context, status=status)


@action_required("briefings.write")
@require_POST
def draft(request: HttpRequest) -> HttpResponse:
    """Draft the briefing of a month, or a correction edition of a published one."""
    person = reader(request)
    home = _home(person)
    if home is None:
        raise Http404
    form = forms.DraftForm(request.POST)
    month: Month | None = form.cleaned_data["month"] if form.is_valid() else None
    made = run(form, services.draft, jurisdiction_id=home.pk, month=month, by=person)
    if made is None:
        return _list(request, person, form, status=400)
    return redirect("briefings:briefing", made.public_id)


@action_required(ACTION)
@require_safe
def briefing(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """One briefing, as it is read; whoever may write edits it here."""
    person = reader(request)
    found = find(person, public_id)
    context = page.briefing_page(found, person, at=timezone.now())
    return render(request, "reports/briefing/briefing.html", context)


@action_required(ACTION)
@require_safe
def history(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Who wrote what and when, and what it was before; for those who write and review."""
    person = reader(request)
    found = find(person, public_id)
    may = page.May.of(person, found.jurisdiction.leading_court_id)
    if not (may.write or may.review):
        raise Http404
    context = {"briefing": found, "versions": page.versions(found)}
    return render(request, "reports/briefing/history.html", context)


@action_required("briefings.write")
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, public_id: uuid.UUID, section: str) -> HttpResponse:
    """Edit a section in one language. What was typed stays, whatever is refused."""
    person = reader(request)
    found = _written_by(person, public_id)
    language = request.GET.get("language", "")
    held = services.standing_texts(found.pk).get((section, language))
    if held is None:
        raise Http404
    if request.method != "POST":
        if found.state != BriefingState.DRAFT:
            return redirect("briefings:briefing", found.public_id)
        form = forms.TextForm(initial={"version": held.version, "text": held.text})
        return _editor(request, found, held, form)
    form = forms.TextForm(request.POST)
    given = form.cleaned_data if form.is_valid() else {}
    saved = run(
        form,
        services.edit,
        briefing_id=found.pk,
        section=section,
        language=language,
        by=person,
        **given,
    )
    if saved is None:
        held = services.standing_texts(found.pk)[section, language]
        return _editor(request, found, held, form, status=400)
    messages.success(request, _("The section is saved."))
    return redirect(f"{reverse('briefings:briefing', args=[found.public_id])}#section-{section}")


def _editor(
    request: HttpRequest,
    found: Briefing,
    held: BriefingText,
    form: forms.TextForm,
    status: int = 200,
) -> HttpResponse:
    address = reverse("briefings:edit", args=[found.public_id, held.section])
    is_overtaken = form.has_error("text", "changed_meanwhile")
    if is_overtaken:
        # Saved again, the typed words go over the version that is now shown beside them.
        # Read one by one: unpacked, a submission gives lists instead of words.
        given = {name: form.data.get(name) for name in form.data}
        form.data = given | {"version": str(held.version)}
    context = {
        "briefing": found,
        "held": held,
        "section": Section(held.section).label,
        "form": form,
        "is_overtaken": is_overtaken,
        "tabs": [
            {
                "label": label,
                "url": f"{address}?language={code}",
                "active": code == held.language,
            }
            for code, label in BriefingText._meta.get_field("language").choices or ()
        ],
    }
    return render(request, "reports/briefing/edit.html", context, status=status)


def _written_by(person: Person, public_id: uuid.UUID) -> Briefing:
    """The briefing, if it is the person's to write."""
    found = find(person, public_id)
    if not page.May.of(person, found.jurisdiction.leading_court_id).write:
        raise Http404
    return found


def _verb(
    action: str,
) -> Callable[[Callable[[HttpRequest, Briefing], HttpResponse]], Callable[..., HttpResponse]]:
    """A verb's address takes a submission; opened by a link it leads to the briefing."""

    def decorate(
        view: Callable[[HttpRequest, Briefing], HttpResponse],
    ) -> Callable[..., HttpResponse]:
        @action_required(action)
        @require_http_methods(["GET", "HEAD", "POST"])
        @never_cache
        @wraps(view)
        def taken(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
            found = find(reader(request), public_id)
            if request.method != "POST" and view.__name__ != "send_back":
                return redirect("briefings:briefing", found.public_id)
            return view(request, found)

        return taken

    return decorate


def _done(request: HttpRequest, found: Briefing, text: str) -> HttpResponse:
    messages.success(request, text)
    return redirect("briefings:briefing", found.public_id)


@_verb("briefings.write")
def take_figures(request: HttpRequest, found: Briefing) -> HttpResponse:
    """Take in the figures as they are now."""
    edited = services.take_figures(briefing_id=found.pk, by=reader(request))
    if edited:
        names: Any = _(", ")
        which = names.join(str(Section(one).label) for one in edited)
        text = _("The figures are taken in. Read again what people wrote: %(sections)s.")
        return _done(request, found, text % {"sections": which})
    return _done(request, found, _("The figures are taken in."))


@_verb("briefings.write")
def submit(request: HttpRequest, found: Briefing) -> HttpResponse:
    """Send to review."""
    services.submit(briefing_id=found.pk, by=reader(request))
    return _done(request, found, _("The briefing is sent to review, by a second person."))


@_verb("briefings.review")
def send_back(request: HttpRequest, found: Briefing) -> HttpResponse:
    """Send back with a reason; opened by a link it asks for it."""
    if found.state != BriefingState.IN_REVIEW and request.method != "POST":
        return redirect("briefings:briefing", found.public_id)
    form = forms.SendBackForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        given = form.cleaned_data if form.is_valid() else {}
        made = run(form, services.send_back, briefing_id=found.pk, by=reader(request), **given)
        if made is not None:
            return _done(request, found, _("The briefing is sent back."))
    context = {"briefing": found, "form": form}
    return render(
        request, "reports/briefing/send_back.html", context, status=400 if form.errors else 200
    )


@_verb("briefings.review")
def publish(request: HttpRequest, found: Briefing) -> HttpResponse:
    """Publish what was reviewed."""
    services.publish(briefing_id=found.pk, by=reader(request))
    return _done(request, found, _("The briefing is published, and its readers are told."))


@_verb(ACTION)
def acknowledge(request: HttpRequest, found: Briefing) -> HttpResponse:
    """Acknowledge to have read it."""
    services.acknowledge(briefing_id=found.pk, by=reader(request))
    return _done(request, found, _("You have acknowledged that you read it."))
