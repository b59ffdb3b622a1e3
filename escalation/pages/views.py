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
    """Lay open how a limit is counted: what was asked, or a reply from now on."""
    asked = _asked(request)
    form = DeadlineForm(asked)
    found = run(form, calculate, **form.cleaned_data) if form.is_valid() else None
    context = {
        "form": form,
        "answer": answer(found) if found else None,
        "address": f"{request.build_absolute_uri(request.path)}?{asked.urlencode()}",
        "frame": "base/staff.html" if isinstance(request.user, Person) else "base/public.html",
    }
    return render(request, "escalation/deadline.html", context, status=400 if form.errors else 200)


def _asked(request: HttpRequest) -> QueryDict:
    """The question, with what it leaves out: the own or leading court, its first limit, now."""
    now = timezone.now()
    asked = QueryDict(mutable=True)
    for name in ("court", "limit", "start", "assigned"):
        if name in request.GET:
            asked[name] = request.GET[name]
    court = _first_court(request)
    if court is not None and court.jurisdiction is not None:
        asked.setdefault("court", court.code)
        asked.setdefault("limit", limit_choices([court.jurisdiction], now)[0][0])
    asked.setdefault("start", timezone.localtime(now).strftime(SHOWN))
    return asked


def _first_court(request: HttpRequest) -> Court | None:
    """The court of whoever has signed in, else the leading one."""
    if isinstance(request.user, Person):
        for post in posts_of(request.user):
            return post.court
    return courts_that_answer().select_related("jurisdiction").first()
