"""Master data for administrators: courts, departments, posts, people, machines.

Nothing is ever deleted here: history and foreign keys protect it, and a post or a person that
is no more is closed or made inactive.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.decorators import login_required
from django.contrib.auth.forms import AdminUserCreationForm
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from courts.models import (
    AccessRecord,
    ApiClient,
    Court,
    Department,
    Jurisdiction,
    Person,
    Post,
    Tenure,
)

admin.site.site_header = _("Judge liaison: administration")
admin.site.site_title = _("Administration")
admin.site.index_title = _("Master data and operation")
# One door for all staff: it counts wrong passwords and speaks both languages.
admin.site.login = login_required(admin.site.login)  # type: ignore[method-assign]
admin.site.unregister(Group)


def _is_superuser(request: HttpRequest) -> bool:
    return bool(getattr(request.user, "is_superuser", False))


class KeptAdmin(admin.ModelAdmin):
    """Rows that may be added and changed, and are never deleted."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody."""
        return False


class ReadOnlyAdmin(KeptAdmin):
    """Rows that only the product itself writes."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody."""
        return False


@admin.register(Jurisdiction)
class JurisdictionAdmin(KeptAdmin):
    """Leading courts and the policies they follow."""

    list_display = ["code", "name", "name_en", "leading_court", "policy", "time_zone"]
    list_select_related = ["leading_court"]
    autocomplete_fields = ["leading_court"]
    readonly_fields = ["is_demonstration"]


class DepartmentInline(admin.TabularInline):
    """The departments of a court."""

    model = Department
    fields = ["name", "name_en", "kind", "is_open"]
    extra = 0
    can_delete = False


@admin.register(Court)
class CourtAdmin(KeptAdmin):
    """Courts with level, superior court and code."""

    list_display = ["code", "display_name", "level", "kind", "parent", "is_ranked", "status"]
    list_filter = ["jurisdiction", "level", "kind", "status", "is_ranked"]
    list_select_related = ["parent"]
    search_fields = ["code", "name", "name_en"]
    autocomplete_fields = ["parent"]
    inlines = [DepartmentInline]


@admin.register(Department)
class DepartmentAdmin(KeptAdmin):
    """Divisions and offices."""

    list_display = ["display_name", "court", "kind", "is_open"]
    list_filter = ["kind", "is_open", "court__jurisdiction"]
    list_select_related = ["court"]
    search_fields = ["name", "name_en", "court__name", "court__code"]
    autocomplete_fields = ["court"]


class TenureFormSet(forms.BaseInlineFormSet):
    """The holdings of a post as they will stand: of two that overlap the later is named."""

    def clean(self) -> None:
        """Refuse two holders, or two acting ones, at the same instant."""
        super().clean()
        rows = [form for form in self.forms if form.is_valid() and form.cleaned_data]
        rows.sort(key=lambda form: (form.instance.is_acting, form.instance.from_at))
        for before, after in pairwise(rows):
            first, then = before.instance, after.instance
            if first.is_acting == then.is_acting and (
                first.until_at is None or then.from_at < first.until_at
            ):
                after.add_error("from_at", _("Somebody else holds the post at that time."))


class TenureInline(admin.TabularInline):
    """Who held a post, or acted for it, from when to when."""

    model = Tenure
    formset = TenureFormSet
    fields = ["person", "is_acting", "from_at", "until_at"]
    autocomplete_fields = ["person"]
    extra = 0
    can_delete = False


class HolderFilter(admin.SimpleListFilter):
    """Posts that stand vacant at present."""

    title = _("holder")
    parameter_name = "holder"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Vacant or held."""
        return [("none", _("vacant")), ("some", _("held"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """Posts by whether anybody holds or acts for them now."""
        held = Tenure.objects.at(timezone.now()).values("post")
        if self.value() == "none":
            return queryset.exclude(pk__in=held)
        return queryset.filter(pk__in=held) if self.value() == "some" else queryset


class PostForm(forms.ModelForm):
    """A post, whose departments in charge are of its court."""

    def clean(self) -> dict[str, Any]:
        """Refuse departments of another court."""
        given = super().clean() or {}
        court, departments = given.get("court"), given.get("departments_in_charge") or ()
        if court and any(department.court_id != court.pk for department in departments):
            self.add_error("departments_in_charge", _("This department is of another court."))
        return given


@admin.register(Post)
class PostAdmin(KeptAdmin):
    """Posts, and who holds them from when to when."""

    form = PostForm

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Save the holdings, which the formset has judged together, in whatever order."""
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS tenure_one_holder_excl DEFERRED")
        super().save_formset(request, form, formset, change)

    list_display = ["__str__", "kind", "court", "department", "title", "is_open"]
    list_filter = ["kind", HolderFilter, "is_open", "court__jurisdiction"]
    list_select_related = ["court", "department"]
    search_fields = ["court__name", "department__name", "tenures__person__name", "title"]
    autocomplete_fields = ["court", "department", "departments_in_charge"]
    inlines = [TenureInline]


@admin.register(Tenure)
class TenureAdmin(KeptAdmin):
    """Every holding of a post."""

    list_display = ["post", "person", "is_acting", "from_at", "until_at"]
    list_filter = ["is_acting", "post__kind", "post__court__jurisdiction"]
    list_select_related = ["post__court", "post__department", "person"]
    search_fields = ["person__name", "person__username", "post__court__name"]
    autocomplete_fields = ["post", "person"]


class PersonCreationForm(AdminUserCreationForm):
    """A new member of the court staff."""

    class Meta(AdminUserCreationForm.Meta):
        model = Person
        fields = ("username", "name")


# What would let an administrator make more of themselves, or enter as another.
_OF_SUPERUSERS = ("is_superuser", "groups", "user_permissions")


@admin.register(Person)
class PersonAdmin(UserAdmin):
    """Court staff. Parties are no users.

    Rights and the passwords of others are a superuser's affair, and so is a superuser's own row.
    """

    add_form = PersonCreationForm
    add_fieldsets = (
        (None, {"fields": ("username", "name", "usable_password", "password1", "password2")}),
    )
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (
            _("person"),
            {"fields": ("name", "name_en", "email", "office_phone", "mobile", "language")},
        ),
        (
            _("rights"),
            {"fields": ("is_active", "is_staff", "is_superuser", "user_permissions")},
        ),
    )
    list_display = ["username", "name", "name_en", "office_phone", "is_active", "is_staff"]
    list_filter = ["is_active", "is_staff", "is_superuser"]
    search_fields = ["username", "name", "name_en"]
    ordering = ["username"]
    filter_horizontal = ["user_permissions"]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Without the way to a password that is not for this administrator to set."""
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or self._may_set_password(request, obj):
            return fieldsets
        return ((None, {"fields": ("username",)}), *fieldsets[1:])

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Rights are given by superusers only."""
        fields = super().get_readonly_fields(request, obj)
        return fields if _is_superuser(request) else (*fields, *_OF_SUPERUSERS)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """As granted; of a superuser, superusers only."""
        if obj is not None and obj.is_superuser and not _is_superuser(request):
            return False
        return super().has_change_permission(request, obj)

    def user_change_password(
        self, request: HttpRequest, id: str, form_url: str = ""
    ) -> HttpResponse:
        """One's own; that of others for superusers only."""
        person = self.get_object(request, unquote(id))
        if person is not None and not self._may_set_password(request, person):
            raise PermissionDenied
        return super().user_change_password(request, id, form_url)

    def _may_set_password(self, request: HttpRequest, person: Any) -> bool:
        return _is_superuser(request) or person.pk == request.user.pk

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody: a person who leaves is made inactive."""
        return False


class ApiClientForm(forms.ModelForm):
    """A machine, which may do some of what there is, or nothing."""

    scopes = forms.MultipleChoiceField(
        label=capfirst(_("scopes")),
        choices=ApiClient.Scope.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


@admin.register(ApiClient)
class ApiClientAdmin(KeptAdmin):
    """Machines. Their keys are issued by ``manage.py issue_api_key`` and shown once, there."""

    form = ApiClientForm
    list_display = ["name", "jurisdiction", "channel", "key_hint", "is_active", "last_used_at"]
    list_filter = ["jurisdiction", "channel", "is_active"]
    list_select_related = ["jurisdiction"]
    fields = ["name", "jurisdiction", "channel", "scopes", "is_active", "key_hint", "last_used_at"]
    readonly_fields = ["jurisdiction", "channel", "key_hint", "last_used_at"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A key is shown once, on the command line."""
        return False


@admin.register(AccessRecord)
class AccessRecordAdmin(ReadOnlyAdmin):
    """Looks that must be answered for."""

    list_display = ["at", "person", "action", "subject_kind", "subject_id"]
    list_filter = ["action", "at"]
    list_select_related = ["person"]
    search_fields = ["person__name", "person__username"]
    date_hierarchy = "at"
