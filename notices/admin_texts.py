"""The texts of notices for administrators: as they hold, worded anew with a preview, versions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from courts.admin import ReadOnlyAdmin
from courts.forms import run
from courts.models import Person
from notices import kinds, services, texts
from notices.models import NoticeText
from notices.text_samples import sample_values


class TextForm(forms.Form):
    """A text in one language, with the reason for wording it anew."""

    subject = forms.CharField(label=_("Subject"), max_length=texts.SUBJECT_LENGTH)
    body = forms.CharField(
        label=_("Words"),
        max_length=texts.BODY_LENGTH,
        widget=forms.Textarea(attrs={"rows": 12}),
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=200,
        required=False,
        help_text=_("Why it is worded anew, for those who come after."),
    )
    after = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


@admin.register(NoticeText)
class NoticeTextAdmin(ReadOnlyAdmin):
    """All versions that were ever written; the texts that hold lie on a page beside them."""

    change_list_template = "admin/notice_versions.html"
    list_display = ["name", "language", "version", "is_shipped", "reason", "written_by",
                    "written_at"]  # fmt: skip
    list_filter = ["language", "name"]
    list_select_related = ["written_by"]

    @admin.display(description=_("as it comes with the product"), boolean=True)
    def is_shipped(self, text: NoticeText) -> bool:
        """Whether the version gives the text of the product back."""
        return text.is_shipped

    def has_write_permission(self, request: HttpRequest) -> bool:
        """Who may word texts anew."""
        return bool(request.user.has_perm("notices.add_noticetext"))

    def get_urls(self) -> list[Any]:
        """With the page of all texts, and that of each."""
        view = self.admin_site.admin_view
        return [
            path("all/", view(self.texts_view), name="notice_texts"),
            path("<slug:name>/<slug:language>/", view(self.text_view), name="notice_text"),
            *super().get_urls(),
        ]

    def texts_view(self, request: HttpRequest) -> HttpResponse:
        """Every text by what it says, with the version that holds in each language."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        in_force = texts.in_force()
        rows = [
            {
                "name": name,
                "subject": _preview(name, translation.get_language() or "", None)[0],
                "kinds": used_by,
                "versions": [
                    (code, label, in_force.get((name, code))) for code, label in settings.LANGUAGES
                ],
            }
            for name, used_by in sorted(_used_by().items())
        ]
        context = self.admin_site.each_context(request) | {
            "title": _("Texts of notices"),
            "rows": rows,
            "opts": self.opts,
            "languages": settings.LANGUAGES,
        }
        return TemplateResponse(request, "admin/notice_texts.html", context)

    def text_view(self, request: HttpRequest, name: str, language: str) -> HttpResponse:
        """One text: its words, how they would read, its versions; it is worded anew here."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if name not in _used_by() or language not in dict(settings.LANGUAGES):
            raise Http404
        versions = list(
            NoticeText.objects.filter(name=name, language=language).select_related("written_by")
        )
        holds = versions[0] if versions else None
        form = TextForm(request.POST or None, initial=_initial(name, holds))
        fits = holds is None or holds.is_shipped or texts.fits(holds)
        shown = None if holds is None or holds.is_shipped or not fits else holds
        if request.method == "POST":
            if not self.has_write_permission(request):
                raise PermissionDenied
            if self._write(request, form, name, language):
                return redirect("admin:notice_text", name, language)
            shown = _draft(form, name, language) or shown
        shipped = texts.shipped(name)
        context = self.admin_site.each_context(request) | {
            "title": _preview(name, language, None)[0],
            "opts": self.opts,
            "form": form,
            "language": dict(settings.LANGUAGES)[language],
            "language_code": language,
            "may_write": self.has_write_permission(request),
            "holds": holds,
            "fits": fits,
            "versions": versions,
            "placeholders": [(one, texts.PLACEHOLDERS[one]) for one in shipped.offered],
            "required": {*shipped.required, *shipped.subject_required},
            "preview": _preview(name, language, shown),
            "as_shipped": _preview(name, language, None),
            "kinds": _used_by()[name],
        }
        status = 400 if form.errors else 200
        return TemplateResponse(request, "admin/notice_text.html", context, status=status)

    def _write(self, request: HttpRequest, form: TextForm, name: str, language: str) -> bool:
        """Write what was given, if that was asked for and it is valid."""
        assert isinstance(request.user, Person)
        if "preview" in request.POST:
            return False
        gives_back = "give_back" in request.POST
        if gives_back:
            form.fields["subject"].required = form.fields["body"].required = False
        if form.is_valid() and not form.cleaned_data["reason"]:
            form.add_error("reason", _("Give the reason."))
        if not form.is_valid():
            return False
        given = form.cleaned_data
        made = run(
            form,
            services.write_text,
            name=name,
            language=language,
            subject="" if gives_back else given["subject"].strip(),
            body="" if gives_back else given["body"].strip(),
            after=given["after"],
            reason=given["reason"],
            by=request.user,
        )
        if made is None:
            return False
        said = (
            _("The text of the product holds again.")
            if gives_back
            else _("Version %(n)d holds from now on.") % {"n": made.version}
        )
        self.message_user(request, said, messages.SUCCESS)
        return True


def _used_by() -> dict[str, list[str]]:
    """The kinds of notices by the text that words them."""
    found: dict[str, list[str]] = {}
    for kind in kinds.registered().values():
        for name in dict.fromkeys((kind.inside, kind.outside)):
            if name:
                found.setdefault(name, []).append(kind.name)
    return found


def _initial(name: str, holds: NoticeText | None) -> dict[str, Any]:
    subject, body = texts.shipped(name).outline
    if holds is not None and not holds.is_shipped:
        subject, body = holds.subject, holds.body
    return {"subject": subject, "body": body, "after": holds.version if holds else 0}


def _draft(form: TextForm, name: str, language: str) -> NoticeText | None:
    """What is being written, to be shown, if it can be; else the form says what is wrong."""
    if not form.is_valid():
        return None
    subject, body = form.cleaned_data["subject"].strip(), form.cleaned_data["body"].strip()
    run(form, texts.check, name=name, subject=subject, body=body)
    if not form.is_valid():
        return None
    return NoticeText(name=name, language=language, subject=subject, body=body)


def _preview(name: str, language: str, text: NoticeText | None) -> tuple[str, str]:
    """How a text would read, with invented values."""
    with translation.override(language):
        return texts.words(name, sample_values(timezone.localtime()), text)
