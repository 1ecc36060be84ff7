"""Read-only windows on the record, for Administrator DPPPA. Nothing here changes anything but a held mail."""

from django.contrib import admin, messages
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from agencies.admin_site import ReadOnly, StrictList
from commitments import failures, outbox
from commitments.models import Declaration, Document, LedgerEntry, OutgoingMail, PaperJob, Review, Signature


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
