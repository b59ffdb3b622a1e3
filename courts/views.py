"""Sign-in of court staff, the language of a page, the calendar, and the product's health."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import LoginView, LogoutView, PasswordChangeView
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views import i18n
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from courts import calendar, display, health
from courts.calendar_page import KIND_MARKS, KIND_WORDS, year_at_a_glance
from courts.forms import CalendarForm, ChangePasswordForm, SignInForm
from courts.models import Court, Person
from courts.navigation import first_screen

_LANGUAGES = dict(settings.LANGUAGES)
# Says that the language was switched by hand before anyone signed in.
_SWITCHED = "language_switched"


def _keep_cookie(response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(
        name,
        value,
        max_age=365 * 24 * 60 * 60,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )


def _keep_language_cookie(response: HttpResponse, language: str) -> None:
    _keep_cookie(response, settings.LANGUAGE_COOKIE_NAME, language)


def _keep_language(person: Person, language: str) -> None:
    if person.language != language:
        person.language = language
        person.save(update_fields=["language"])


class SignIn(LoginView):
    """Sign-in of court staff. Too many wrong passwords are refused for a while (axes)."""

    template_name = "registration/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def form_valid(self, form: Any) -> HttpResponse:
        """Sign in, in the language that was switched to before, or else in the person's own.

        What was switched to is kept with the person. A cookie alone may be that of whoever
        signed in here before.
        """
        response = super().form_valid(form)
        person: Person = form.get_user()
        chosen = self.request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        if _SWITCHED in self.request.COOKIES and chosen in _LANGUAGES:
            _keep_language(person, chosen)
        _keep_language_cookie(response, person.language)
        response.delete_cookie(_SWITCHED)
        return response


class SignOut(LogoutView):
    """Ends the session; asked for by a form, never by a link."""


@login_required
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Send a member of staff to the first screen of the post held."""
    assert isinstance(request.user, Person)
    url = first_screen(request.user)
    if not url:
        raise Http404
    return redirect(url)


class ChangePassword(PasswordChangeView):
    """One's own password: who was given one by an administrator need not keep it."""

    template_name = "registration/change_password.html"
    form_class = ChangePasswordForm
    success_url = reverse_lazy("start")

    def form_valid(self, form: Any) -> HttpResponse:
        """Keep it, and end all other sessions of the person."""
        response = super().form_valid(form)
        messages.success(self.request, _("Your password is changed."))
        return response


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Choose the language of the pages; kept in a cookie, and for staff with the person."""
    response = i18n.set_language(request)
    language = request.POST.get("language", "")
    if language in _LANGUAGES:
        _keep_language_cookie(response, language)
        if isinstance(request.user, Person):
            _keep_language(request.user, language)
        else:
            response.set_cookie(
                _SWITCHED,
                "1",
                httponly=True,
                secure=settings.SESSION_COOKIE_SECURE,
                samesite="Lax",
            )
    return response


@require_POST
def set_display(request: HttpRequest) -> HttpResponse:
    """Choose how this browser shows the pages (larger type, compact rows), and go back there."""
    here = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(here, {request.get_host()}, request.is_secure()):
        here = "/"
    response = redirect(here)
    for name, value in display.chosen(request.POST).items():
        _keep_cookie(response, name, value)
    return response


@require_safe
def this_year(request: HttpRequest) -> HttpResponse:
    """Send everyone to the calendar of the present year."""
    return redirect("calendar_year", year=timezone.localdate().year)


@require_safe
def calendar_year(request: HttpRequest, year: int) -> HttpResponse:
    """A year of the calendar at a glance, for all courts or for one (``?court=CODE``)."""
    form = CalendarForm(request.GET)
    if year not in calendar.YEARS or not form.is_valid():
        raise Http404
    court: Court | None = form.cleaned_data["court"]
    zone = court.jurisdiction.zone if court and court.jurisdiction else None
    context = {
        "form": form,
        "shown": year_at_a_glance(year, court, timezone.localdate(timezone=zone)),
        "kinds": [(kind, word, KIND_MARKS.get(kind, "")) for kind, word in KIND_WORDS.items()],
        "weekdays": [date(2024, 1, day) for day in range(1, 8)],  # Monday to Sunday
        "earlier": year - 1 if year - 1 in calendar.YEARS else None,
        "later": year + 1 if year + 1 in calendar.YEARS else None,
    }
    return render(request, "calendar/year.html", context)


@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """Answers at all: alive. Status 200: ready to serve; 503: not, and why."""
    ready, checks = health.examine()
    return JsonResponse(
        {"live": True, "ready": ready, "checks": checks}, status=200 if ready else 503
    )
