"""The forms of the evidence room: files of an office, and a verifier's decision."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from commitments.criteria import CriteriaField, criteria_asked
from commitments.models import Criterion, Evidence
from commitments.proving.verbs import MOST_FILES, Upload
from commitments.seen import SeenForm

NO_FILE = _("Pilih berkas yang akan diunggah.")
STALE = _("Halaman ini tidak lengkap. Muat ulang, lalu putuskan sekali lagi.")


class UploadForm(forms.Form):
    """Any number of files up to MOST_FILES; `cleaned_data["file"]` is a list of Upload. Each is judged by its verb."""

    file = forms.FileField(required=False, allow_empty_file=True)  # an empty one is refused by itself

    def clean_file(self) -> list[Upload]:
        sent = self.files.getlist(self.add_prefix("file")) if hasattr(self.files, "getlist") else []
        if not sent:
            raise ValidationError(NO_FILE)
        if len(sent) > MOST_FILES:
            raise ValidationError(
                _("Paling banyak %(n)d berkas sekaligus. Bagi menjadi beberapa kali unggah."),
                params={"n": MOST_FILES},
            )
        return [Upload(file.name or "", file.read()) for file in sent]


class DecideForm(forms.Form):
    version = forms.IntegerField(
        min_value=1, error_messages={"required": STALE, "invalid": STALE, "min_value": STALE}
    )


class ReturnForm(DecideForm):
    note = forms.CharField(
        max_length=400,
        error_messages={
            "required": _("Tulis apa yang perlu diperbaiki."),
            "max_length": _("Catatan paling banyak 400 huruf. Ringkaskan."),
        },
    )


class EvidenceForm(SeenForm):
    """What a piece is called, and what it is counted for."""

    criteria = CriteriaField(
        label=_("Kriteria penilaian"),
        queryset=Criterion.objects.none(),
        required=False,
        help_text=_("Boleh lebih dari satu, juga dari kerangka yang berbeda."),
    )

    class Meta:
        model = Evidence
        fields = ("title", "criteria")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        year, chosen = self.instance.plan.year, self.instance.criteria.all()
        self.fields["criteria"].queryset = criteria_asked(year, chosen)  # type: ignore[attr-defined]


def problems_of(form: forms.Form) -> list[str]:
    return [str(error) for errors in form.errors.values() for error in errors]
