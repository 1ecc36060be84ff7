"""The one file that is held against the record."""

from django import forms
from django.utils.translation import gettext_lazy as _

NO_FILE = _("Pilih berkas PDF yang akan diperiksa.")


class FileForm(forms.Form):
    file = forms.FileField(
        label=_("Berkas PDF"),
        max_length=None,
        widget=forms.FileInput(
            attrs={"accept": "application/pdf,.pdf", "class": "form-control form-control-lg"}
        ),
        error_messages={
            "required": NO_FILE,
            "missing": NO_FILE,
            "invalid": NO_FILE,
            "empty": _("Berkas ini kosong. Unduh atau salin lagi berkasnya, lalu coba sekali lagi."),
        },
    )
