"""Policies for administrators: what each version says, by which clause, and who signed for it."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from courts.admin import ReadOnlyAdmin
from courts.forms import run
from courts.models import Court, Person
from escalation.models import PolicySignature, PolicyVersion
from escalation.policy_reader import ASSUMED
from escalation.reading import role_label
from escalation.signatures import (
    Sourced,
    sign,
    signatures_for,
    sourced_values,
    to_be_confirmed,
)

_NAMES: dict[str, Any] = {
    "opening_hour": _("opening hour"),
    "closing_hour": _("closing hour"),
    "party_notices_from": _("notices to parties from"),
    "party_notices_until": _("notices to parties until"),
    "complete_after_business_days": _("business days until an undisputed reply is complete"),
    "reopen_within_days": _("days in which a party may dispute a reply"),
    "attempts": _("attempts to reach the party"),
    "attempt_days": _("days on which they are made"),
    "ladder_shown_to_party": _("what the party is shown of the ladder"),
    "publish_mobile": _("who may see mobile numbers"),
    "ranking_weight_acceptance": _("weight of the timely acceptance rate in the ranking"),
    "ranking_weight_liaison": _("weight of the judge liaison rate in the ranking"),
    "ranking_weight_completion": _("weight of the timely completion rate in the ranking"),
    "ranking_least_requests": _("requests due that a ranked unit has at least"),
    "ranking_lagging_under": _("score in per cent under which a unit lags"),
    "ranking_lagging_last": _("last part of the ranking that lags, in per cent"),
    "ranking_interview_lagging": _("lagging months after which an interview is proposed"),
    "ranking_interview_months": _("months among which these are counted"),
    "issues_least_parties": _("different parties that a hot issue has at least"),
    "issues_months_before": _("months that a hot issue is compared with"),
    "issues_most": _("hot issues proposed for a month at most"),
    "ahead_percent": _("open cases on the watch list, in per cent at most"),
    "ahead_months": _("months from which the watch list is drawn"),
    "ahead_least_cases": _("cases in which an event must have been seen to count for it"),
    "referral_trial_management_classes": _("classes referred to the Trial Management Office"),
    "referral_trial_management_issues": _("issues of these that go there"),
    "referral_discipline_classes": _("classes referred to discipline inspection"),
    "referral_discipline_issues": _("issues of these that go there"),
    "referral_inspection_classes": _("classes referred to the Inspection Office"),
    "referral_inspection_issues": _("issues of these that go there"),
    "referral_conduct_classes": _("classes that are matters of conduct"),
    "look_back_after_days": _("days after which closed agenda matters are looked at again"),
    "look_back_percent": _("share of them that is looked at again, in per cent"),
    "objection_business_days": _("business days in which figures may be objected to"),
    "anchor": pgettext_lazy("anchor of a limit or step", "counted from"),
    "business_days": _("business days"),
    "minutes": _("minutes"),
    "instead_of": _("instead of the limit"),
    "matters": _("for matters"),
    "urgencies": _("for urgencies"),
    "channels": _("for channels"),
    "level": _("level"),
    "after": _("after more than"),
    "unit": _("counted in"),
    "to": _("goes to"),
    "every": _("again after every"),
    "at_most": _("times at most"),
    "court_levels": _("court levels"),
    "limits": pgettext_lazy("limits that a step holds for", "for limits"),
}
_WORDS: dict[str, dict[str, Any]] = {
    "anchor": {
        "opened": _("the event itself"),
        "assigned": _("the first dispatch to a unit"),
        "fixed_date": _("a fixed date"),
    },
    "unit": {
        "business_days": _("business days"),
        "minutes": _("minutes"),
        "seconds": _("seconds"),
    },
    "court_levels": dict(Court.Level.choices),
}


def _words(one: Sourced) -> str:
    """A value for the reader: roles, units and the like by their names."""
    names = _WORDS.get(one.name, {})
    if not isinstance(one.value, list):
        return str(names.get(one.value, one.value))
    parts = [role_label(part) if one.name == "to" else names.get(part, part) for part in one.value]
    return str(_(", ")).join(str(part) for part in parts) or str(_("all"))


def _name(one: Sourced) -> Any:
    """What a value is called; a value of no row by the last part of its key."""
    name = one.name or one.row.rpartition(".")[2]
    return _NAMES.get(name, name)


def _said(values: Iterable[Sourced]) -> SafeString:
    """What some values of one row say, each after its name."""
    return format_html_join("; ", "{}: <b>{}</b>", ((_name(one), _words(one)) for one in values))


def _rows(values: Iterable[Sourced]) -> list[tuple[str, list[Sourced]]]:
    return [(row, list(parts)) for row, parts in groupby(values, key=lambda one: one.row)]


def _table(head: Iterable[Any], rows: Iterable[tuple[Any, ...]]) -> str:
    """A table whose rows begin with a place in the policy; a dash where there are none."""
    lines = (
        (place, format_html_join("", "<td>{}</td>", ((cell,) for cell in cells)))
        for place, *cells in rows
    )
    body = format_html_join("", '<tr><th scope="row"><code>{}</code></th>{}</tr>', lines)
    if not body:
        return "–"
    return format_html(
        "<table><thead><tr>{}</tr></thead><tbody>{}</tbody></table>",
        format_html_join("", '<th scope="col">{}</th>', ((word,) for word in head)),
        body,
    )


class SignForm(forms.Form):
    """Which assumed values are signed for, by the limit or step that they belong to, and why."""

    values = forms.MultipleChoiceField(
        label=_("Values to be confirmed"), widget=forms.CheckboxSelectMultiple
    )
    note = forms.CharField(
        label=_("Note"),
        max_length=200,
        help_text=_("On what ground: a decision, a file number."),
    )

    def __init__(self, waiting: Iterable[Sourced], data: Any = None) -> None:
        super().__init__(data)
        self._rows = dict(_rows(waiting))
        field: Any = self.fields["values"]
        field.choices = [(row, _said(parts)) for row, parts in self._rows.items()]

    def keys(self) -> list[str]:
        """The values of the rows chosen in a valid form."""
        return [one.key for row in self.cleaned_data["values"] for one in self._rows[row]]


@admin.register(PolicyVersion)
class PolicyVersionAdmin(ReadOnlyAdmin):
    """Policy files as they were loaded, with what is still assumed in them."""

    change_form_template = "admin/policy_version.html"
    list_display = ["slug", "version", "holds_from", "loaded_at", "waiting_count"]
    list_filter = ["slug"]
    fields = [
        "slug", "version", "holds_from", "loaded_at", "waiting", "signed", "by_clause", "document",
    ]  # fmt: skip
    readonly_fields = ["waiting", "signed", "by_clause"]

    def has_sign_permission(self, request: HttpRequest) -> bool:
        """Those with the right to add signatures."""
        return bool(request.user.has_perm("escalation.add_policysignature"))

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        """With what is to be confirmed in each version, counted at once."""
        changes = super().get_changelist_instance(request)
        waiting = to_be_confirmed(changes.result_list)
        for policy in changes.result_list:
            policy.waiting = len(waiting[policy.pk])
        return changes

    @admin.display(description=_("values to be confirmed"))
    def waiting_count(self, policy: PolicyVersion) -> int:
        """How many values neither a clause nor a signature stands for."""
        return policy.waiting  # type: ignore[attr-defined]

    @admin.display(description=_("values to be confirmed"))
    def waiting(self, policy: PolicyVersion) -> str:
        """The values that no clause gives and nobody has signed for."""
        rows = _rows(to_be_confirmed([policy])[policy.pk])
        return _table((_("Place"), _("Value")), ((row, _said(parts)) for row, parts in rows))

    @admin.display(description=_("values signed for"))
    def signed(self, policy: PolicyVersion) -> str:
        """The values that no clause gives, with who signed for them, when and why."""
        found = signatures_for([policy])[policy.pk]
        values = (one for one in sourced_values(policy.document) if one.key in found)
        return _table(
            (_("Place"), _("Value"), _("Signed by"), _("Signed at"), _("Note"), _("Version")),
            (
                (row, _said(same), *signature)
                for row, parts in _rows(values)
                for signature, same in groupby(parts, key=lambda one: _signature(found[one.key]))
            ),
        )

    @admin.display(description=_("values by clause"))
    def by_clause(self, policy: PolicyVersion) -> str:
        """The values that a clause gives, each with the clause."""
        values = (one for one in sourced_values(policy.document) if one.source != ASSUMED)
        return _table(
            (_("Place"), _("Value"), _("Source")),
            (
                (row, _said(same), source or "–")
                for row, parts in _rows(values)
                for source, same in groupby(parts, key=lambda one: one.source)
            ),
        )

    def get_urls(self) -> list[URLPattern]:
        """With the page on which values are signed for."""
        view = self.admin_site.admin_view(self.sign_view)
        name = "escalation_policyversion_sign"
        return [path("<int:policy_id>/sign/", view, name=name), *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """With the way to the signing, for those who may."""
        extra = (extra_context or {}) | {"may_sign": self.has_sign_permission(request)}
        return super().change_view(request, object_id, form_url, extra)

    def sign_view(self, request: HttpRequest, policy_id: int) -> HttpResponse:
        """Ask which values are signed for, and on what ground."""
        if not self.has_sign_permission(request):
            raise PermissionDenied
        policy = self.get_object(request, str(policy_id))
        if policy is None:
            raise Http404
        waiting = to_be_confirmed([policy])[policy.pk]
        form = SignForm(waiting, request.POST if request.method == "POST" else None)
        if form.is_valid() and self._sign(request, form, policy):
            page = reverse("admin:escalation_policyversion_change", args=[policy.pk])
            return HttpResponseRedirect(page)
        context = self.admin_site.each_context(request) | {
            "title": _("Sign for values"),
            "form": form,
            "media": self.media,
            "opts": self.opts,
            "policy": policy,
            "nothing_waits": not waiting,
        }
        return TemplateResponse(request, "admin/policy_sign.html", context)

    def _sign(self, request: HttpRequest, form: SignForm, policy: PolicyVersion) -> bool:
        assert isinstance(request.user, Person)
        made = run(
            form,
            sign,
            policy_id=policy.pk,
            keys=form.keys(),
            by=request.user,
            note=form.cleaned_data["note"],
        )
        if made is None:
            return False
        words = ngettext("%(n)d value signed for.", "%(n)d values signed for.", len(made))
        self.message_user(request, words % {"n": len(made)}, messages.SUCCESS)
        return True


def _signature(row: PolicySignature) -> tuple[Any, ...]:
    """Who signed, when and why, and for which version first."""
    at = date_format(timezone.localtime(row.signed_at), "DATETIME_FORMAT")
    return row.signed_by, at, row.note, row.policy.version
