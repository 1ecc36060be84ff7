"""What the pages of the admin have in common: who may enter, how lists are searched, what the history shows."""

from collections.abc import Iterator
from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect
from django.db import IntegrityError
from django.db.models import CharField, Model, Q, QuerySet, Value
from django.db.models.functions import Concat, Lower, Replace
from django.forms import Media
from django.http import Http404, HttpRequest
from django.utils.translation import gettext_lazy as _
from simple_history.admin import SimpleHistoryAdmin
from simple_history.template_utils import HistoricalRecordContextHelper

from agencies.models import search_key, without_titles
from agencies.roles import ADMINISTRATOR, roles_of

# Their own pages would change logins and roles past our rules.
NOT_SHOWN = {"account", "auth", "mfa", "usersessions"}
NOTHING = _("Belum dipilih")
LONGEST_SEARCH = 100  # characters; each word becomes a condition, and SQLite takes no thousand of them


def is_key(text: str) -> bool:
    """Whether the text can be the number of a row; no database counts beyond 18 digits."""
    return text.isascii() and text.isdecimal() and len(text) <= 18


class MasterDataSite(admin.AdminSite):
    site_header = site_title = _("Komitmen PUG · Data induk")
    index_title = _("Data induk dan catatan (hanya dibaca)")
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        return ADMINISTRATOR in roles_of(request.user)

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        models: Any = [model_or_iterable] if isinstance(model_or_iterable, type) else model_or_iterable
        shown = [model for model in models if model._meta.app_label not in NOT_SHOWN]
        super().register(shown, admin_class, **options)


class ByRole:
    """Whoever may enter the admin may do everything in it that a model allows; Django's permissions are not used."""

    def _allowed(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return ADMINISTRATOR in roles_of(request.user)

    has_module_permission = has_view_permission = has_add_permission = _allowed
    has_change_permission = has_delete_permission = _allowed


class ReadOnly(ByRole):
    def _refused(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    has_add_permission = has_change_permission = has_delete_permission = _refused


class StrictList:
    """A list that takes from the address only what its own filters write there; anything else is a 400."""

    list_filter: ClassVar[Any]
    show_full_result_count = False

    @property
    def media(self) -> Media:
        """Django's own scripts, less those that fill one field from another: 45 kB for what no page of ours has."""
        names = (
            "vendor/jquery/jquery.min.js",
            "jquery.init.js",
            "core.js",
            "admin/RelatedObjectLookups.js",
            "actions.js",
        )
        return Media(js=[f"admin/js/{name}" for name in names])

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        return lookup in set(self._own_lookups())

    def _own_lookups(self) -> Iterator[str]:
        for item in self.list_filter:
            if isinstance(item, type):
                yield item.parameter_name  # type: ignore[attr-defined]
                continue
            field = item if isinstance(item, str) else item[0]
            yield from (f"{field}{suffix}" for suffix in ("__exact", "__isnull", "__id__exact", "__isempty"))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, search_term: str
    ) -> tuple[QuerySet, bool]:
        return super().get_search_results(request, queryset, search_term[:LONGEST_SEARCH])  # type: ignore[misc]


class Suggestions(AutocompleteSelect):
    """A field with suggestions that shows nothing chosen when what was sent is no key; Django would fail.

    The first choice is always the empty one, with a word: a required list without it has no valid HTML.
    """

    def build_attrs(self, base_attrs: Any, extra_attrs: Any = None) -> Any:
        return super().build_attrs(base_attrs, extra_attrs) | {"data-placeholder": str(NOTHING)}

    def optgroups(self, name: str, value: Any, attr: Any = None) -> Any:
        groups = super().optgroups(name, [key for key in value if is_key(str(key))], attr)
        chosen = [option for option in groups[0][1] if option["value"]]
        groups[0][1][:] = [self.create_option(name, "", str(NOTHING), False, 0), *chosen]
        return groups


class WithSuggestions:
    """For pages and tables whose `autocomplete_fields` are filled by hand-made requests too."""

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):  # type: ignore[attr-defined]
            kwargs.setdefault("widget", Suggestions(db_field, self.admin_site))  # type: ignore[attr-defined]
        return super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]


class ReadableChange(HistoricalRecordContextHelper):
    """Old and new values as people know them: labels for codes, a word for nothing, names of roles."""

    def prepare_delta_change_value(self, change: Any, value: Any) -> Any:
        value = super().prepare_delta_change_value(change, value)
        if value in (None, "", []):
            return _("(kosong)")
        if isinstance(value, bool):
            return _("ya") if value else _("tidak")
        if isinstance(value, list):
            return ", ".join(sorted(str(item) for item in value))
        labels = dict(getattr(self.model._meta.get_field(change.field), "flatchoices", ()))
        return labels.get(value, value)


class EditableAdmin(ByRole, StrictList, WithSuggestions, admin.ModelAdmin):
    """A list that is searched without spaces and titles, and written one row at a time."""

    list_per_page = 50
    actions = None  # of several rows at once nothing is changed or deleted
    search_help_text = _("Spasi, tanda baca, dan gelar tidak diperhatikan.")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, search_term: str
    ) -> tuple[QuerySet, bool]:
        """`search_fields` are paths to a search key."""
        if not search_term.strip():
            return queryset, False
        found = Q()
        for key in {search_key(search_term), search_key(without_titles(search_term))} - {""}:
            for path in self.get_search_fields(request):
                found |= Q(**{f"{path}__contains": key})
        return (queryset.filter(found) if found else queryset.none()), False

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, *args: Any, **kwargs: Any
    ) -> Any:
        """Two people at once: the form was right when it was checked. Show the row as it is now."""
        try:
            return super().changeform_view(request, object_id, *args, **kwargs)
        except IntegrityError:
            text = _("Tidak tersimpan: data ini baru saja diubah pengguna lain. Periksa, lalu coba lagi.")
            self.message_user(request, text, level="ERROR")
            request.method = "GET"
            response = super().changeform_view(request, object_id, *args, **kwargs)
            response.status_code = 409
            return response

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """What evidence names stays. That is the reason to give, not a missing right."""
        deleted, counts, lacking, protected = super().get_deleted_objects(objs, request)
        return deleted, counts, set() if protected else lacking, protected

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> Any:
        if not is_key(object_id):
            raise Http404
        return super().history_view(request, object_id, extra_context)


class SearchedOnTheWay:
    """For a table without a search key: its `search_fields` are put together while it is searched."""

    search_fields: ClassVar[Any]
    search_help_text: ClassVar[Any] = _("Spasi tidak diperhatikan.")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, search_term: str
    ) -> tuple[QuerySet, bool]:
        words = Concat(*self.search_fields, Value(""), output_field=CharField())
        key = "".join(search_term.lower().split())
        packed = queryset.alias(packed=Lower(Replace(words, Value(" "), Value(""))))
        return packed.filter(packed__contains=key), False


class MasterAdmin(EditableAdmin, SimpleHistoryAdmin):
    """With old and new values of every change. History is read, not restored."""

    def revert_disabled(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return True

    def history_form_view(
        self, request: HttpRequest, object_id: str, version_id: str, extra_context: Any = None
    ) -> Any:
        if not (is_key(object_id) and is_key(version_id)):
            raise Http404
        request.method = "GET"  # a former version is looked at; its form saves nothing
        return super().history_form_view(request, object_id, version_id, extra_context)

    def get_historical_record_context_helper(self, request: HttpRequest, record: Any) -> ReadableChange:
        return ReadableChange(self.model, record)
