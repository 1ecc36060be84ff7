"""Master data in Django's admin, for Administrator DPPPA: found by role, not by Django's permissions."""

from typing import Any

from allauth.account.adapter import get_adapter
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from agencies import nip
from agencies.admin_exchange import Exchange
from agencies.admin_site import ByRole, MasterAdmin, ReadOnly, SearchedOnTheWay, StrictList, WithSuggestions
from agencies.forms import AccountForm, AppointForm, NewAccountForm, OfficialForm
from agencies.http import Request
from agencies.models import (
    Agency,
    FailedLogin,
    Membership,
    Official,
    Position,
    SubDistrict,
    Tenure,
    User,
    Village,
)
from agencies.people_resources import OfficialResource, UserResource
from agencies.resources import AgencyResource, PositionResource
from agencies.roles import ROLES
from agencies.tenures import appoint


class InForceFilter(admin.SimpleListFilter):
    """Today's rows first: those that ended long ago are kept, and are rarely wanted."""

    title = _("masa berlaku")
    parameter_name = "berlaku"

    def lookups(self, request, model_admin):
        return [("ya", _("Berlaku hari ini")), ("tidak", _("Tidak berlaku hari ini"))]

    def queryset(self, request, queryset):
        in_force = queryset.model.objects.in_force().values("pk")
        if self.value() == "ya":
            return queryset.filter(pk__in=in_force)
        return queryset.exclude(pk__in=in_force) if self.value() == "tidak" else queryset


class NamedRows(forms.BaseInlineFormSet):
    """Rows whose boxes to delete them say which row."""

    def add_fields(self, form, index):
        super().add_fields(form, index)
        if form.instance.pk and "DELETE" in form.fields:
            form.fields["DELETE"].widget.attrs["aria-label"] = _("Hapus %s") % form.instance


class Table(ByRole, WithSuggestions, admin.TabularInline):
    """Rows of a table whose fields have no label beside them, so each says its own name."""

    formset = NamedRows

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field:
            field.widget.attrs.setdefault("aria-label", str(db_field.verbose_name))
        return field


class VillageInline(Table):
    model = Village
    extra = 0
    fields = ["code", "name"]


class MembershipInline(Table):
    model = Membership
    extra = 0
    autocomplete_fields = ["agency"]


class TenureInline(ReadOnly, admin.TabularInline):
    """Who has held the post. Changed by "Ganti pemegang jabatan", which keeps the days apart."""

    model = Tenure
    fields = ["official", "capacity", "starts_on", "ends_on", "basis_letter", "basis_date"]
    ordering = ["-starts_on"]
    show_change_link = True

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("official", "position")


@admin.register(SubDistrict)
class SubDistrictAdmin(MasterAdmin):
    list_display = ["code", "name", "spelling_variant"]
    search_fields = ["search_key"]
    inlines = [VillageInline]


@admin.register(Agency)
class AgencyAdmin(Exchange, MasterAdmin):
    resource_class = AgencyResource
    list_display = ["name", "abbreviation", "kind", "valid_from", "valid_to"]
    list_filter = ["kind", InForceFilter]
    search_fields = ["search_key"]
    autocomplete_fields = ["sub_district"]


@admin.register(Position)
class PositionAdmin(Exchange, MasterAdmin):
    resource_class = PositionResource
    list_display = ["protocol_rank", "title", "holder", "agency_abbreviation", "category", "valid_to"]
    list_display_links = ["title"]
    list_filter = ["category", InForceFilter, "agency__kind"]
    list_select_related = ["agency"]
    search_fields = ["search_key", "agency__search_key"]
    autocomplete_fields = ["agency"]
    ordering = ["protocol_rank"]
    change_form_template = "admin/agencies/position/change_form.html"

    def get_inlines(self, request, obj):
        """An empty table that scrolls cannot be reached by keyboard, and says nothing."""
        return [TenureInline] if obj and obj.tenures.exists() else []

    def get_queryset(self, request):
        holders = Tenure.objects.in_force().select_related("official")
        return super().get_queryset(request).prefetch_related(Prefetch("tenures", holders, to_attr="holders"))

    @admin.display(description=_("perangkat daerah"), ordering="agency__abbreviation")
    def agency_abbreviation(self, position):
        return position.agency.abbreviation

    @admin.display(description=_("pemegang hari ini"))
    def holder(self, position):
        return " ".join(f"{tenure.label} {tenure.full_name}".strip() for tenure in position.holders) or None

    def get_urls(self):
        view = self.admin_site.admin_view(self.appoint_view)
        return [path("<int:pk>/pemegang/", view, name="agencies_position_appoint"), *super().get_urls()]

    def appoint_view(self, request: Request, pk: int) -> HttpResponse:
        position = get_object_or_404(self.get_queryset(request), pk=pk)
        form = AppointForm(request.POST or None, initial={"starts_on": timezone.localdate()})
        if request.method == "POST" and form.is_valid():
            try:
                tenure = appoint(position, by=request.user, **form.cleaned_data)
            except ValidationError as error:
                form.add_error(None, ValidationError(error.messages))
            else:
                self.log_change(request, position, [{"changed": {"fields": [str(_("pemegang"))]}}])
                messages.success(request, _("%s tercatat sebagai pemegang jabatan.") % tenure.full_name)
                return redirect("admin:agencies_position_change", position.pk)
        context = self.admin_site.each_context(request) | {
            "opts": self.opts,
            "original": position,
            "title": _("Ganti pemegang jabatan"),
            "form": form,
            "media": self.media + form.media,
        }
        page = "admin/agencies/position/appoint.html"
        return render(request, page, context, status=422 if form.errors else 200)


@admin.register(Official)
class OfficialAdmin(Exchange, MasterAdmin):
    resource_class = OfficialResource
    form = OfficialForm
    list_display = ["full_name", "spaced_nip", "rank", "sex", "user"]
    list_filter = ["sex", "rank", ("user", admin.EmptyFieldListFilter)]
    list_select_related = ["user"]
    search_fields = ["search_key"]
    autocomplete_fields = ["user"]

    @admin.display(description=_("nama"), ordering="name")
    def full_name(self, official):
        return official.full_name

    @admin.display(description=_("NIP"), ordering="nip")
    def spaced_nip(self, official):
        return nip.spaced(official.nip) or None

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if form.warning:
            messages.warning(request, form.warning)


@admin.register(Tenure)
class TenureAdmin(MasterAdmin):
    list_display = ["position", "official", "capacity", "starts_on", "ends_on"]
    list_filter = ["capacity", InForceFilter]
    list_select_related = ["position", "official"]
    autocomplete_fields = ["position", "official"]
    search_fields = ["official__search_key", "position__search_key"]

    def get_readonly_fields(self, request, obj=None):
        # Another person in the same row would rewrite who held the post; a new tenure says who holds it now.
        return ["position", "official"] if obj else []


@admin.register(Membership)
class MembershipAdmin(MasterAdmin):
    list_display = ["user", "agency"]
    list_select_related = ["user", "agency"]
    autocomplete_fields = ["user", "agency"]
    search_fields = ["agency__search_key"]


@admin.register(User)
class UserAdmin(Exchange, SearchedOnTheWay, MasterAdmin, DjangoUserAdmin):
    resource_class = UserResource
    form = AccountForm
    add_form = NewAccountForm
    add_form_template = "admin/change_form.html"
    list_display = ["username", "first_name", "last_name", "email", "is_active"]
    list_filter = ["is_active", "groups"]
    search_fields = ["username", "first_name", "last_name", "email"]
    search_help_text = _("Nama pengguna, nama, atau pos-el. Spasi tidak diperhatikan.")
    inlines = [MembershipInline]
    fieldsets = [
        (None, {"fields": ["username", "new_password"]}),
        (_("Orang"), {"fields": ["first_name", "last_name", "email"]}),
        (_("Peran"), {"fields": ["is_active", "groups"]}),
        (_("Waktu"), {"fields": ["last_login", "date_joined"]}),
    ]
    add_fieldsets = [
        (None, {"fields": ["username"]}),
        (_("Orang"), {"fields": ["first_name", "last_name", "email"]}),
        (_("Peran"), {"fields": ["groups"]}),
    ]
    readonly_fields = ["new_password", "last_login", "date_joined"]
    filter_horizontal = []

    @admin.display(description=_("kata sandi"))
    def new_password(self, user):
        page = reverse("admin:agencies_user_password_link", args=[user.pk])
        return format_html('<a href="{}">{}</a>', page, _("Kirim tautan kata sandi"))

    def get_urls(self):
        """Nobody sets the password of another, who could then sign as that person: Django's page for it is left out."""
        view = self.admin_site.admin_view(self.password_link_view)
        others = [page for page in super().get_urls() if page.name != "auth_user_password_change"]
        return [path("<int:pk>/kata-sandi/", view, name="agencies_user_password_link"), *others]

    def password_link_view(self, request: Request, pk: int) -> HttpResponse:
        user = get_object_or_404(self.get_queryset(request), pk=pk)
        if request.method == "POST" and user.email and user.is_active:
            self._send_link(request, user)
            return redirect("admin:agencies_user_change", user.pk)
        context = self.admin_site.each_context(request) | {
            "opts": self.opts,
            "original": user,
            "title": _("Kirim tautan kata sandi"),
            "can_be_sent": bool(user.email and user.is_active),
        }
        refused = request.method == "POST"
        return render(
            request, "admin/agencies/user/password_link.html", context, status=422 if refused else 200
        )

    def _send_link(self, request: HttpRequest, user: User) -> None:
        get_adapter().send_password_link(user)
        self.log_change(request, user, [{"changed": {"fields": [str(_("tautan kata sandi"))]}}])
        messages.success(request, _("Tautan untuk membuat kata sandi dikirim ke pos-el orangnya."))

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """A new login gets a link by which its person sets a password."""
        super().save_model(request, obj, form, change)
        if not change:
            self._send_link(request, obj)

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        if obj:
            form.current_user = request.user  # type: ignore[attr-defined]
        return form

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        if db_field.name == "groups":
            kwargs |= {
                "widget": forms.CheckboxSelectMultiple,
                "queryset": Group.objects.filter(name__in=ROLES),
                "to_field_name": "name",  # what is sent is looked up as text, however long
                "label": _("Peran"),
                "help_text": "",
            }
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def has_delete_permission(self, request, obj=None):
        return False  # a login is ended by making it inactive; evidence goes on naming it


@admin.register(FailedLogin)
class FailedLoginWindow(ReadOnly, StrictList, admin.ModelAdmin):
    """Who did not get in. Read, never written."""

    list_display = ["at", "user", "step", "device"]
    list_filter = ["step"]
    list_select_related = ["user"]
