"""Master data in Django's admin, for Administrator DPPPA: found by role, not by Django's permissions."""

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group
from django.utils.translation import gettext_lazy as _
from simple_history.admin import SimpleHistoryAdmin

from agencies.forms import OfficialForm
from agencies.models import (
    Agency,
    Membership,
    Official,
    Position,
    SubDistrict,
    Tenure,
    User,
    Village,
    search_key,
)
from agencies.roles import ADMINISTRATOR, ROLES, roles_of

admin.site.site_header = admin.site.site_title = _("Komitmen PUG · Data induk")
admin.site.index_title = _("Data induk dan jendela catatan")
admin.site.enable_nav_sidebar = False
admin.site.has_permission = lambda request: ADMINISTRATOR in roles_of(request.user)  # type: ignore[method-assign]
admin.site.unregister(Group)  # the three roles are fixed


class ByRole:
    """Whoever may enter the admin may do everything in it that a model allows."""

    def _allowed(self, request, obj=None) -> bool:
        return ADMINISTRATOR in roles_of(request.user)

    has_module_permission = has_view_permission = has_add_permission = _allowed
    has_change_permission = has_delete_permission = _allowed


class MasterAdmin(ByRole, SimpleHistoryAdmin):
    """A list that is searched without spaces and titles, and a history that shows old and new values."""

    list_per_page = 50
    history_list_display = ["changed_fields"]
    search_help_text = _("Spasi dan tanda baca tidak diperhatikan.")

    def get_search_results(self, request, queryset, search_term):
        key = search_key(search_term)
        path = getattr(self, "search_path", "search_key")
        return (queryset.filter(**{f"{path}__contains": key}) if key else queryset), False

    @admin.display(description=_("yang berubah"))
    def changed_fields(self, record):
        previous = record.prev_record
        if previous is None:
            return _("dibuat")
        delta = record.diff_against(previous)
        return "; ".join(f"{change.field}: {change.old} → {change.new}" for change in delta.changes)


class VillageInline(ByRole, admin.TabularInline):
    model = Village
    extra = 0
    fields = ["code", "name"]


class MembershipInline(ByRole, admin.TabularInline):
    model = Membership
    extra = 0
    autocomplete_fields = ["agency"]


class TenureInline(ByRole, admin.TabularInline):
    model = Tenure
    extra = 0
    fields = ["official", "capacity", "basis_letter", "basis_date", "starts_on", "ends_on"]
    autocomplete_fields = ["official"]


@admin.register(SubDistrict)
class SubDistrictAdmin(MasterAdmin):
    list_display = ["code", "name", "spelling_variant"]
    search_fields = ["search_key"]
    inlines = [VillageInline]


@admin.register(Agency)
class AgencyAdmin(MasterAdmin):
    list_display = ["name", "abbreviation", "kind", "valid_from", "valid_to"]
    list_filter = ["kind"]
    search_fields = ["search_key"]
    autocomplete_fields = ["sub_district"]


@admin.register(Position)
class PositionAdmin(MasterAdmin):
    list_display = ["protocol_rank", "title", "agency", "category", "valid_to"]
    list_display_links = ["title"]
    list_filter = ["category", "agency__kind"]
    list_select_related = ["agency"]
    search_fields = ["search_key"]
    autocomplete_fields = ["agency"]
    ordering = ["protocol_rank"]
    inlines = [TenureInline]


@admin.register(Official)
class OfficialAdmin(MasterAdmin):
    form = OfficialForm
    list_display = ["full_name", "rank", "sex", "has_login"]
    list_filter = ["sex", "rank"]
    list_select_related = ["user"]
    search_fields = ["search_key"]
    autocomplete_fields = ["user"]

    @admin.display(description=_("akun"), boolean=True)
    def has_login(self, official):
        return official.user_id is not None

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if form.warning:
            messages.warning(request, form.warning)


@admin.register(Tenure)
class TenureAdmin(MasterAdmin):
    list_display = ["position", "official", "capacity", "starts_on", "ends_on"]
    list_filter = ["capacity"]
    list_select_related = ["position", "official"]
    autocomplete_fields = ["position", "official"]
    search_fields = ["official__search_key"]
    search_path = "official__search_key"


@admin.register(Membership)
class MembershipAdmin(MasterAdmin):
    list_display = ["user", "agency"]
    list_select_related = ["user", "agency"]
    autocomplete_fields = ["user", "agency"]
    search_fields = ["agency__search_key"]
    search_path = "agency__search_key"


@admin.register(User)
class UserAdmin(ByRole, SimpleHistoryAdmin, DjangoUserAdmin):
    list_display = ["username", "first_name", "last_name", "email", "is_active"]
    list_filter = ["is_active", "groups"]
    search_fields = ["username", "first_name", "last_name", "email"]
    inlines = [MembershipInline]
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        (_("Orang"), {"fields": ["first_name", "last_name", "email"]}),
        (_("Peran"), {"fields": ["is_active", "groups"]}),
        (_("Waktu"), {"fields": ["last_login", "date_joined"]}),
    ]
    readonly_fields = ["last_login", "date_joined"]
    filter_horizontal = []

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        if db_field.name == "groups":
            kwargs |= {
                "widget": forms.CheckboxSelectMultiple,
                "queryset": Group.objects.filter(name__in=ROLES),
            }
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def has_delete_permission(self, request, obj=None):
        return False  # a login is ended by making it inactive; evidence goes on naming it
