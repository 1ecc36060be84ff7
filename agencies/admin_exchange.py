"""Import, export and template of a list, as pages of the admin."""

from contextlib import suppress
from typing import Any, ClassVar
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies import exchange, sheets
from agencies.http import Request, download
from agencies.resources import ListResource

FOLDER = "impor"  # below MEDIA_ROOT: a file waits here between the look and the confirmation
KEPT = 3600  # seconds


class UploadForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Berkas XLSX atau CSV"),
        help_text=gettext_lazy(
            "Paling besar 2 MB dan 10.000 baris. Baris pertama memuat nama kolom seperti pada templat."
        ),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        error_messages={
            "required": gettext_lazy("Pilih berkas yang hendak diimpor."),
            "empty": gettext_lazy("Berkas ini kosong. Pilih berkas lain."),
        },
    )


class Exchange:
    """For an admin of a list with a resource."""

    resource_class: ClassVar[type[ListResource]]
    change_list_template: ClassVar[Any] = "admin/agencies/exchange_list.html"
    model: Any
    admin_site: Any

    def get_urls(self) -> list[Any]:
        name = f"{self.model._meta.app_label}_{self.model._meta.model_name}"
        wrap = self.admin_site.admin_view
        return [
            path("impor/", wrap(self.import_view), name=f"{name}_import"),
            path("impor/templat.xlsx", wrap(self.template_view), name=f"{name}_template"),
            path("ekspor.<str:form>", wrap(self.export_view), name=f"{name}_export"),
            *super().get_urls(),  # type: ignore[misc]
        ]

    def export_view(self, request: HttpRequest, form: str) -> HttpResponse:
        """What the list shows under its filter and search."""
        self._check(request)
        if form not in sheets.TYPES:
            raise Http404
        rows = self.get_changelist_instance(request).get_queryset(request)  # type: ignore[attr-defined]
        return download(self._file_name(form), exchange.as_file(form, self.resource_class, rows))

    def template_view(self, request: HttpRequest) -> HttpResponse:
        self._check(request)
        return download(f"templat-{self._file_name('xlsx')}", exchange.template(self.resource_class))

    def import_view(self, request: Request) -> HttpResponse:
        self._check(request)
        if request.method == "POST" and "token" in request.POST:
            return self._confirmed(request)
        if request.method != "POST":
            return self._page(request, UploadForm())
        form = UploadForm(request.POST, request.FILES)
        return self._preview(request, form) if form.is_valid() else self._page(request, form)

    def _preview(self, request: Request, form: UploadForm) -> HttpResponse:
        upload = form.cleaned_data["file"]
        outcome = self._read(request, form, upload.name, upload.read(), dry_run=True)
        if outcome is None or outcome.faults or not (outcome.added or outcome.changed):
            return self._page(request, form, outcome=outcome, file_name=upload.name)
        upload.seek(0)
        token = signing.dumps([_keep(upload), upload.name], salt=self._salt(request))
        return self._page(request, form, outcome=outcome, file_name=upload.name, token=token)

    def _confirmed(self, request: Request) -> HttpResponse:
        form = UploadForm(None)
        try:
            kept, name = signing.loads(request.POST["token"], salt=self._salt(request), max_age=KEPT)
            with default_storage.open(kept) as file:
                body = file.read()
        except (signing.BadSignature, FileNotFoundError):
            messages.error(request, _("Pratinjau ini sudah tidak berlaku. Unggah berkasnya sekali lagi."))
            return redirect(request.path)
        outcome = self._read(request, form, name, body, dry_run=False)
        default_storage.delete(kept)
        if outcome is None or outcome.faults:
            return self._page(request, form, outcome=outcome, file_name=name)
        text = _("Impor selesai: %(added)d baru, %(changed)d berubah, %(unchanged)d tetap.")
        messages.success(request, text % vars(outcome))
        return redirect(f"admin:{self.model._meta.app_label}_{self.model._meta.model_name}_changelist")

    def _read(
        self, request: Request, form: UploadForm, name: str, body: bytes, *, dry_run: bool
    ) -> exchange.Outcome | None:
        try:
            sheet = sheets.read(name, body)
        except sheets.SheetError as error:
            form.errors["file"] = form.error_class([str(error)])
            return None
        return exchange.read_in(sheet, self.resource_class, by=request.user, file_name=name, dry_run=dry_run)

    def _page(self, request: Request, form: UploadForm, **context: Any) -> HttpResponse:
        title = _("Impor %(list)s") % {"list": self.model._meta.verbose_name_plural}
        context |= self.admin_site.each_context(request)
        context |= {
            "opts": self.model._meta,
            "title": title,
            "form": form,
            "columns": exchange.guide(self.resource_class()),
        }
        outcome = context.get("outcome")
        refused = form.errors or (outcome and outcome.faults)
        return render(request, "admin/agencies/import.html", context, status=422 if refused else 200)

    def _check(self, request: HttpRequest) -> None:
        if not self.has_add_permission(request):  # type: ignore[attr-defined]
            raise PermissionDenied

    def _salt(self, request: Request) -> str:
        return f"import:{self.model._meta.label}:{request.user.pk}"

    def _file_name(self, form: str) -> str:
        plural = str(self.model._meta.verbose_name_plural).replace(" ", "-")
        return f"{plural}.{form}"


def _keep(upload: Any) -> str:
    """Stores the file until it is confirmed."""
    sweep_uploads()
    return default_storage.save(f"{FOLDER}/{uuid4().hex}", ContentFile(upload.read()))


def sweep_uploads() -> None:
    """Away with what nobody confirmed within the hour."""
    _folders, files = default_storage.listdir(FOLDER) if default_storage.exists(FOLDER) else ([], [])
    for name in files:
        with suppress(FileNotFoundError):  # another process sweeps, too
            made = default_storage.get_modified_time(f"{FOLDER}/{name}")
            if (timezone.now() - made).total_seconds() > KEPT:
                default_storage.delete(f"{FOLDER}/{name}")
