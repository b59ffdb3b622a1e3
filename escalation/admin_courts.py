"""What the clocks ask of master data: a policy that there is, and a court that has one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from courts.admin import CourtAdmin, JurisdictionAdmin
from courts.models import Court, Jurisdiction
from escalation.models import Clock, PolicyVersion

admin.site.unregister(Jurisdiction)
admin.site.unregister(Court)


@admin.register(Jurisdiction)
class JurisdictionWithPolicyAdmin(JurisdictionAdmin):
    """Jurisdictions, of which each follows a policy that there is."""

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Choose the policy: where it is mistyped, no clock of the city could start."""
        if db_field.name != "policy":
            return super().formfield_for_dbfield(db_field, request, **kwargs)
        slugs = PolicyVersion.objects.order_by("slug").values_list("slug", flat=True).distinct()
        return forms.ChoiceField(
            label=capfirst(_("policy")), choices=[(slug, slug) for slug in slugs]
        )


class CourtForm(forms.ModelForm):
    """A court, which keeps its jurisdiction while clocks run there."""

    def clean(self) -> dict[str, Any]:
        """Refuse to take a court away from the policy that its clocks follow."""
        given = super().clean() or {}
        running = Clock.objects.running().filter(court=self.instance.pk)
        if "jurisdiction" in self.changed_data and running.exists():
            text = _("Clocks run at this court: it keeps its jurisdiction until they stop.")
            self.add_error("jurisdiction", text)
        return given


@admin.register(Court)
class CourtWithClocksAdmin(CourtAdmin):
    """Courts, none of which loses the policy of its running clocks."""

    form = CourtForm
