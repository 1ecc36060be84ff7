from django import forms
from django.utils.translation import gettext_lazy as _

REASONS = [
    ("", _("Pilih alasan")),
    (_("Goresan tidak terbaca. Mohon tanda tangan ulang."), _("Goresan tidak terbaca")),
    (_("Nama atau gelar pada data Anda perlu dibetulkan dulu."), _("Nama atau gelar keliru")),
    (_("Jabatan ini bukan milik penanda tangan."), _("Jabatan bukan milik penanda tangan")),
    (_("Surat dasar Plt./Plh. belum dilampirkan."), _("Surat dasar Plt./Plh. belum ada")),
]


class ReturnForm(forms.Form):
    """A reason to pick, words of one's own, or both; never nothing."""

    reason = forms.ChoiceField(label=_("Alasan"), choices=REASONS, required=False)
    note = forms.CharField(
        label=_("Catatan untuk pejabat"),
        help_text=_("Dikirim apa adanya. Tulis singkat dan sopan."),
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def clean(self):
        super().clean()
        cleaned = self.cleaned_data
        text = " ".join(part for part in (cleaned.get("reason"), cleaned.get("note")) if part)
        if not text.strip() and not self.errors:
            raise forms.ValidationError(
                _("Pilih atau tulis alasan, supaya pejabat tahu apa yang perlu diperbaiki.")
            )
        cleaned["text"] = text
        return cleaned
