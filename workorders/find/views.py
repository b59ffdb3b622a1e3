"""Find a page, a request or an order: the results of the palette, and a plain page of them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods

from courts.access import sign_in_required
from courts.models import Person
from liaison.desk import searches
from workorders.find.search import Finding, find

MOST_CHARACTERS = 100


def _finding(request: HttpRequest, words: str) -> Finding:
    assert isinstance(request.user, Person)
    return find(request.user, words)


@sign_in_required
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """To the palette, the options that fit; else a page. Words are sent by POST only.

    So a party's name stays out of addresses and logs, as at the desk.
    """
    if request.method == "POST":
        words = request.POST.get("q", "").replace("\0", "").strip()[:MOST_CHARACTERS]
        if request.htmx:  # type: ignore[attr-defined]
            return render(request, "find/_options.html", {"finding": _finding(request, words)})
        token = searches.keep(request, words)
        query = f"?{urlencode({'search': token})}" if token else ""
        return redirect(reverse("find:page") + query)
    words = searches.words_of(request, request.GET.get("search", ""))
    context = {"words": words, "finding": _finding(request, words)}
    return render(request, "find/page.html", context)
