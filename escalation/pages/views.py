"""The deadline calculator. Anyone may come here, and a link to an answer can be passed on."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from courts.forms import courts_that_answer, run
from courts.models import Court, Person
from courts.roles import posts_of
from escalation.calculator import calculate
from escalation.pages.answer import answer
from escalation.pages.forms import SHOWN, DeadlineForm, limit_choices


@require_safe
def calculator(request: HttpRequest) -> HttpResponse:
    """Lay open how a limit is counted: what was asked, or the first limit from now on."""
    court = _first_court(request)
    asked = _asked(request.GET, court) if court is not None else QueryDict()
    form = DeadlineForm(asked or None)
    found = run(form, calculate, **form.cleaned_data) if form.is_valid() else None
    context = {
        "form": form,
        "answer": answer(found) if found else None,
        "address": f"{request.build_absolute_uri(request.path)}?{asked.urlencode()}",
        "frame": "base/staff.html" if isinstance(request.user, Person) else "base/public.html",
    }
    return render(request, "escalation/deadline.html", context, status=400 if form.errors else 200)


def _asked(given: QueryDict, court: Court) -> QueryDict:
    """The question; what it leaves out is that court, the first limit of its policy, and now."""
    assert court.jurisdiction is not None
    now = timezone.now()
    asked = QueryDict(mutable=True)
    asked["court"] = given.get("court", court.code)
    asked["limit"] = given.get("limit", limit_choices([court.jurisdiction], now)[0][0])
    asked["start"] = given.get("start", timezone.localtime(now).strftime(SHOWN))
    asked["assigned"] = given.get("assigned", "")
    asked["fixed_on"] = given.get("fixed_on", "")
    return asked


def _first_court(request: HttpRequest) -> Court | None:
    """The court of whoever has signed in, else the first leading one."""
    courts = courts_that_answer().select_related("jurisdiction")
    posts = posts_of(request.user) if isinstance(request.user, Person) else []
    return courts.filter(pk__in=[post.court_id for post in posts]).first() or courts.first()
