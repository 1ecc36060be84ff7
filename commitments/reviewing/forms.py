from collections.abc import Iterable

from django import forms
from django.core import signing
from django.utils.translation import gettext_lazy as _

from agencies.models import User
from commitments.models import Signature

# What is stored and sent stays Indonesian; the label beside it speaks the reviewer's language.
REASONS = [
    ("", _("Pilih alasan")),
    ("Goresan tidak terbaca. Mohon tanda tangan ulang.", _("Goresan tidak terbaca")),
    ("Nama atau gelar pada data Anda perlu dibetulkan dulu.", _("Nama atau gelar keliru")),
    ("Jabatan ini bukan milik penanda tangan.", _("Jabatan bukan milik penanda tangan")),
    ("Surat dasar Plt./Plh. belum dilampirkan.", _("Surat dasar Plt./Plh. belum ada")),
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
            sentence = _("Pilih atau tulis alasan, supaya pejabat tahu apa yang perlu diperbaiki.")
            self.add_error("reason", sentence)
        wrong = next(iter(self.errors), None)
        if wrong:  # the form stands far down its page: the browser goes to what is wrong
            self.fields[wrong].widget.attrs["autofocus"] = True
        cleaned["text"] = text
        return cleaned


class AcceptManyForm(forms.Form):
    """Accepts what this reviewer's page has shown and nothing else: the page carries a signed list of it."""

    shown = forms.CharField(widget=forms.HiddenInput)
    chosen = forms.TypedMultipleChoiceField(
        coerce=int,
        error_messages={
            "required": _("Belum ada yang dipilih. Lihat gambarnya, lalu centang yang disetujui."),
            "invalid_choice": _("Sebagian pilihan tidak ada di halaman ini. Lihat lagi, lalu pilih ulang."),
        },
    )

    def __init__(self, data, *, by: User):
        super().__init__(data)
        self.fields["chosen"].choices = [(pk, pk) for pk in _seen(self.data.get("shown", ""), by)]  # type: ignore[attr-defined]


def signed_list(signatures: Iterable[Signature], *, by: User) -> str:
    """Which signatures were shown to whom, as text that only this server can write."""
    return signing.dumps([signature.pk for signature in signatures], salt=_salt(by))


def _seen(listed: str, by: User) -> list[int]:
    try:
        return signing.loads(listed, salt=_salt(by), max_age=12 * 3600)
    except signing.BadSignature:
        return []


def _salt(by: User) -> str:
    return f"accept-many:{by.pk}"
