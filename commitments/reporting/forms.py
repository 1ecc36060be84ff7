"""A quarter in figures and words, and what a verifier finds."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Column, Fieldset, Layout, Row, Submit
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from agencies.figures import CountField, FigureField
from commitments.models import Report
from commitments.seen import SeenForm
from commitments.states import Completion

COUNTS = ("men", "women", "unsplit")


class ReportForm(SeenForm):
    class Meta:
        model = Report
        fields = [
            "reached", "spent", "men", "women", "unsplit", "unsplit_reason", "narrative", "hindrance", "next_step",
            "claimed",
        ]  # fmt: skip
        widgets = {
            "unsplit_reason": forms.Textarea(attrs={"rows": 2}),
            "narrative": forms.Textarea(attrs={"rows": 4}),
            "hindrance": forms.Textarea(attrs={"rows": 2}),
            "next_step": forms.Textarea(attrs={"rows": 2}),
        }
        field_classes = dict.fromkeys(("reached", "spent"), FigureField) | dict.fromkeys(COUNTS, CountField)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["spent"].required = False
        if self.is_draft:
            for field in self.fields.values():
                field.required = False
        self.fields["reached"].help_text = _("Dihitung sejak Januari. Satuan: %(unit)s.") % {
            "unit": self.instance.action.unit
        }
        self.fields["unsplit"].help_text = _("Isi hanya bila laki-laki dan perempuan belum dapat dipisahkan.")
        if not self.instance.action.has_beneficiaries:
            for name in (*COUNTS, "unsplit_reason"):
                del self.fields[name]
            self.instance.men = self.instance.women = self.instance.unsplit = None
            self.instance.unsplit_reason = ""
        self.helper = self._helper()

    def _helper(self) -> FormHelper:
        helper = FormHelper()
        helper.attrs = {"novalidate": ""}
        people = [
            Fieldset(
                _("Penerima manfaat"),
                Row(Column("men"), Column("women"), Column("unsplit")),
                "unsplit_reason",
            )
        ]
        helper.layout = Layout(
            Fieldset(_("Capaian"), Row(Column("reached"), Column("spent")), "claimed"),
            *(people if "men" in self.fields else []),
            Fieldset(_("Uraian"), "narrative", "hindrance", "next_step"),
            "seen",
            HTML('<div class="cluster">'),
            Submit("ajukan", _("Simpan dan ajukan"), css_class="btn-lg"),
            Submit("simpan", _("Simpan draf"), css_class="btn-lg btn-outline"),
            HTML("</div>"),
        )
        return helper

    @property
    def is_draft(self) -> bool:
        """Whether only to be kept: then nothing has to be complete."""
        return self.is_bound and "ajukan" not in self.data

    def clean_claimed(self) -> str:
        return self.cleaned_data["claimed"] or Completion.NOT_STARTED

    def clean_spent(self) -> Any:
        return self.cleaned_data["spent"] or 0

    def clean(self) -> dict:
        super().clean()
        if "men" in self.fields and not self.is_draft and not any(name in self.errors for name in COUNTS):
            self._require_people()
        return self.cleaned_data

    def _require_people(self) -> None:
        """By sex, or in one sum with a reason: the total is computed, never typed."""
        given = self.cleaned_data
        men, women, unsplit = (given.get(name) for name in COUNTS)
        if unsplit is None:
            if (men is None) != (women is None):
                self.add_error(
                    "women" if women is None else "men", _("Isi keduanya; tulis 0 bila memang tidak ada.")
                )
            elif men is None:
                self.add_error(
                    "men", _("Isi jumlah laki-laki dan perempuan, atau jumlah yang belum terpilah.")
                )
            elif given.get("unsplit_reason"):
                self.add_error("unsplit_reason", _("Kosongkan: angkanya sudah terpilah."))
        elif men is not None or women is not None:
            self.add_error("unsplit", _("Pilih salah satu: angka terpilah, atau jumlah yang belum terpilah."))
        elif not given.get("unsplit_reason"):
            self.add_error("unsplit_reason", _("Tulis mengapa belum terpilah."))


class AcceptForm(forms.Form):
    found = forms.ChoiceField(
        label=_("Capaian menurut pemeriksa"),
        choices=[("", _("Belum dipilih")), *Completion.choices],
        error_messages={"required": _("Pilih capaiannya."), "invalid_choice": _("Pilih dari daftar.")},
    )

    def clean_found(self) -> Completion:
        return Completion(self.cleaned_data["found"])


class NoteForm(forms.Form):
    note = forms.CharField(
        label=_("Apa yang perlu diperbaiki"),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Tulis apa yang perlu diperbaiki.")},
    )

    def clean_note(self) -> str:
        note = self.cleaned_data["note"].strip()
        if not note:
            raise ValidationError(_("Tulis apa yang perlu diperbaiki."))
        return note
