"""How the gateways stand, their addresses, and what was returned, for administrators."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from courts.admin import KeptAdmin, ReadOnlyAdmin
from notices import bounces, services, standing
from notices.channels import Channel
from notices.models import Address, BouncingAddress, GatewayState


@admin.register(GatewayState)
class GatewayStateAdmin(ReadOnlyAdmin):
    """Breakers as they stand; the page of all gateways lies beside it."""

    list_display = ["channel", "failures", "opened_at", "open_until", "reason"]
    exclude = ["next_slot_at"]

    def get_urls(self) -> list[Any]:
        """With the page of the gateways, and its one verb."""
        view = self.admin_site.admin_view
        return [
            path("all/", require_safe(view(self.gateways_view)), name="gateways"),
            path("again/", require_POST(view(self.again_view)), name="gateways_again"),
            *super().get_urls(),
        ]

    def gateways_view(self, request: HttpRequest) -> HttpResponse:
        """The page, for those who may read gateways and deliveries."""
        if not request.user.has_perms(["notices.view_gatewaystate", "notices.view_delivery"]):
            raise PermissionDenied
        at = timezone.now()
        found = standing.standings(at)
        context = self.admin_site.each_context(request) | {
            "title": _("State of the gateways"),
            "at": at,
            "gateways": found,
            "is_well": all(one.is_well for one in found),
            "costs": standing.costs(at),
            "may_retry": request.user.has_perm("notices.change_delivery"),
        }
        return TemplateResponse(request, "admin/gateways.html", context)

    def again_view(self, request: HttpRequest) -> HttpResponse:
        """Put back in line what one gateway gave up."""
        if not request.user.has_perm("notices.change_delivery"):
            raise PermissionDenied
        channel = request.POST.get("channel", "")
        if channel in Channel.values:
            count = services.try_all_again(channel=channel)
            text = ngettext(
                "%(n)d delivery is tried again.", "%(n)d deliveries are tried again.", count
            )
            self.message_user(request, text % {"n": count}, messages.SUCCESS)
        return redirect("admin:gateways")


class AddressForm(forms.ModelForm):
    """An address is written and never shown again."""

    address = forms.CharField(
        label=_("address"),
        max_length=500,
        widget=forms.PasswordInput(render_value=False),
        required=False,
        help_text=_("It is kept in cipher and not shown again. Left empty it stays as it is."),
    )

    class Meta:
        model = Address
        fields = ["channel", "person", "contact", "address"]

    def clean_address(self) -> str:
        """The one given, or the one that was there."""
        given = self.cleaned_data["address"].strip()
        if not given and not self.instance.pk:
            raise forms.ValidationError(_("Give an address."))
        return given or self.instance.address


@admin.register(Address)
class AddressAdmin(admin.ModelAdmin):
    """Followers of the official account, and the chats of members of staff."""

    form = AddressForm
    list_display = ["channel", "person", "contact", "created_at"]
    list_filter = ["channel"]
    list_select_related = ["person", "contact"]
    raw_id_fields = ["person", "contact"]


@admin.register(BouncingAddress)
class BouncingAddressAdmin(KeptAdmin):
    """Addresses to which mail was returned; only their digests are known."""

    list_display = ["pk", "status", "bounces", "first_at", "last_at", "cleared_at"]
    list_filter = [("cleared_at", admin.EmptyFieldListFilter)]
    fields = ("status", "bounces", "first_at", "last_at", "cleared_at")
    readonly_fields = fields
    actions = ["use_again"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Only returned mail marks an address."""
        return False

    def has_use_permission(self, request: HttpRequest) -> bool:
        """Who may change them may use them again."""
        return request.user.has_perm("notices.change_bouncingaddress")

    @admin.action(description=_("Use these addresses again"), permissions=["use"])
    def use_again(self, request: HttpRequest, queryset: QuerySet[BouncingAddress]) -> None:
        """Somebody has looked: mail may go there again."""
        count = bounces.clear(ids=queryset.values_list("pk", flat=True))
        text = ngettext("%(n)d address is used again.", "%(n)d addresses are used again.", count)
        self.message_user(request, text % {"n": count}, messages.SUCCESS)
