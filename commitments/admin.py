"""For Administrator DPPPA: what the assessment asks for and who follows up, as lists; and windows on the record, in
which nothing is changed but a held mail."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from agencies.admin_exchange import Exchange
from agencies.admin_site import EditableAdmin, MasterAdmin, ReadOnly, SearchedOnTheWay, StrictList
from commitments import failures, outbox
from commitments.focal_points import FocalPointResource
from commitments.frameworks import CriterionResource, FrameworkResource
from commitments.models import (
    Criterion,
    Declaration,
    Document,
    FocalPoint,
    Framework,
    LedgerEntry,
    OutgoingMail,
    PaperJob,
    Review,
    Signature,
    Verifier,
)
from commitments.permissions import agencies_of


@admin.register(Framework)
class FrameworkAdmin(Exchange, SearchedOnTheWay, MasterAdmin):
    resource_class = FrameworkResource
    list_display = ["name", "code", "year", "is_verified", "in_use"]
    list_filter = ["year", "is_verified", "in_use"]
    search_fields = ["code", "name"]

    def has_delete_permission(self, request, obj=None):
        return False  # one that is no longer used is marked so; evidence goes on naming its criteria


@admin.register(Criterion)
class CriterionAdmin(Exchange, SearchedOnTheWay, MasterAdmin):
    resource_class = CriterionResource
    list_display = ["name", "number", "framework", "needed", "weight"]
    list_filter = ["framework"]
    list_select_related = ["framework"]
    search_fields = ["code", "name"]
    autocomplete_fields = ["framework"]

    def get_deleted_objects(self, objs, request):
        """The database would let go of what is only tagged with it; what somebody was to show stays legible."""
        deleted, counts, lacking, protected = super().get_deleted_objects(objs, request)
        tagged = [
            str(row)
            for item in objs
            for row in (*item.points.all(), *item.actions.all(), *item.evidence.all())
        ]
        return deleted, counts, lacking, [*protected, *tagged]


class VerifierForm(forms.ModelForm):
    class Meta:
        model = Verifier
        fields = ["user", "agency"]

    def clean(self):
        super().clean()
        user, agency = self.cleaned_data.get("user"), self.cleaned_data.get("agency")
        if user and agency and agencies_of(user).filter(pk=agency.pk).exists():
            text = _("%(user)s bekerja untuk kantor ini. Pilih pemeriksa dari kantor lain.")
            raise ValidationError({"user": text % {"user": user}})


@admin.register(Verifier)
class VerifierAdmin(EditableAdmin):
    form = VerifierForm
    list_display = ["user", "agency"]
    list_select_related = ["user", "agency"]
    search_fields = ["agency__search_key"]
    search_help_text = _("Nama atau singkatan perangkat daerah.")
    autocomplete_fields = ["user", "agency"]


@admin.register(FocalPoint)
class FocalPointAdmin(Exchange, MasterAdmin):
    resource_class = FocalPointResource
    list_display = ["name", "kind", "agency", "decree_number", "expires_on", "trained_on"]
    list_filter = ["kind", "sex"]
    list_select_related = ["agency"]
    search_fields = ["agency__search_key"]
    search_help_text = _("Nama atau singkatan perangkat daerah.")
    autocomplete_fields = ["agency"]


class Window(ReadOnly, StrictList, admin.ModelAdmin):
    """A list and a detail page without any button that writes."""


@admin.register(Declaration)
class DeclarationWindow(Window):
    list_display = ["title", "year", "version", "state", "number", "published_at"]
    list_filter = ["state", "year"]
    search_fields = ["title", "number", "code"]
    exclude = ["salt"]
    list_select_related = ["letterhead"]


@admin.register(Signature)
class SignatureWindow(Window):
    list_display = ["full_name", "position_title", "method", "signed_at", "number"]
    list_filter = ["method", "signatory__declaration__year"]
    search_fields = ["full_name", "position_title", "number"]
    # The drawing is shown to its signer and to reviewers on their own pages, and nowhere else.
    exclude = ["salt", "strokes", "scan", "idempotency_key"]


@admin.register(Review)
class ReviewWindow(Window):
    list_display = ["signature", "decision", "by", "at"]
    list_filter = ["decision"]
    list_select_related = ["signature", "by"]
    exclude = ["salt"]


@admin.register(LedgerEntry)
class LedgerWindow(Window):
    list_display = ["declaration_id", "sequence", "kind", "actor", "created_at", "hash"]
    list_filter = ["kind"]
    list_select_related = ["actor"]


@admin.register(Document)
class DocumentWindow(Window):
    list_display = ["declaration", "kind", "page_size", "pages", "seal_level", "issued_at"]
    list_select_related = ["declaration"]
    exclude = ["salt", "file"]


class OwedWindow(Window):
    """Of what a worker owes: tells in words why the last try failed."""

    exclude = ["last_error"]
    readonly_fields = ["failure"]

    @admin.display(description=_("kesalahan terakhir"), ordering="last_error")
    def failure(self, owed):
        return failures.in_words(owed.last_error)


@admin.register(PaperJob)
class PaperJobWindow(OwedWindow):
    list_display = ["declaration", "state", "attempts", "failure", "asked_at", "not_before"]
    list_filter = ["state"]
    list_select_related = ["declaration"]


@admin.register(OutgoingMail)
class OutgoingMailWindow(OwedWindow):
    list_display = ["subject", "to", "state", "attempts", "failure", "created_at", "sent_at"]
    list_filter = ["state"]
    search_fields = ["subject", "to"]
    actions = ["release"]

    @admin.action(description=_("Kirim lagi surat yang tertahan"))
    def release(self, request, queryset):
        released = sum(outbox.release(mail) for mail in queryset)
        text = ngettext("%(count)d surat akan dikirim lagi.", "%(count)d surat akan dikirim lagi.", released)
        messages.success(request, text % {"count": released})
