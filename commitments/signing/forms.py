"""The forms of signing: sign, say why not, hand a device over, bring in what was signed in ink."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.languages import in_indonesian
from commitments import dates
from commitments.models import Declaration, Point, Signatory
from commitments.signing.marks import Drawn, MarkError, Typed, check_typed, parse_drawing
from commitments.signing.scans import read_scan
from commitments.states import Method

PICK = gettext_lazy("Pilih cara menandatangani: gores di layar atau ketik nama.")
STALE = gettext_lazy("Halaman ini tidak lengkap. Periksa sekali lagi, lalu tekan Tanda tangani.")
OTHER_TEXT = gettext_lazy(
    "Naskah yang tadi tampil bukan naskah yang tersimpan. Baca lagi naskah di atas, lalu tanda tangani."
)


@lru_cache(maxsize=100)
def _number_of_points(declaration: int, digest: str) -> int:
    """A published text never changes, so it is counted once a process."""
    return Point.objects.filter(declaration=declaration).count()


@in_indonesian
def consent_sentence(declaration: Declaration) -> str:
    """What the signer agrees to, in the words that are shown and stored: Indonesian, like the text itself."""
    count = _number_of_points(declaration.pk, declaration.text_digest)
    number = dates.number_in_words(count).lower()
    points = _("butir di atas") if count == 1 else _("ke%(number)s butir") % {"number": number}
    return _(
        "Saya telah membaca %(points)s dan menandatanganinya atas nama jabatan saya, "
        "secara elektronik dan dengan kehendak sendiri."
    ) % {"points": points}


class SignForm(forms.Form):
    """One signature on one slot; `cleaned_data["mark"]` is what the signer left."""

    ANCHORS = {"method": "m-draw", "drawing": "pad", "typed_name": "typed-name", "consent": "consent"}

    key = forms.UUIDField(error_messages={"required": STALE, "invalid": STALE})
    digest = forms.CharField(required=False)
    method = forms.ChoiceField(
        choices=[(Method.DRAWN, gettext_lazy("Gores di layar")), (Method.TYPED, gettext_lazy("Ketik nama"))],
        error_messages={"required": PICK, "invalid_choice": PICK},
    )
    drawing = forms.CharField(required=False)
    typed_name = forms.CharField(required=False)
    consent = forms.BooleanField(
        error_messages={"required": gettext_lazy("Centang persetujuan sebelum menandatangani.")}
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, slot: Signatory, official: Any) -> None:
        super().__init__(data)
        self.slot, self.official = slot, official
        self.sentence = consent_sentence(slot.declaration)

    def clean_digest(self) -> str:
        """What is signed is what is stored: a page that showed another text is refused."""
        if self.cleaned_data["digest"] != self.slot.declaration.text_digest:
            raise ValidationError(OTHER_TEXT)
        return self.cleaned_data["digest"]

    def clean(self) -> dict[str, Any]:
        values = self.cleaned_data
        try:
            if values.get("method") == Method.DRAWN:
                values["mark"] = Drawn(parse_drawing(values.get("drawing", "")))
            elif values.get("method") == Method.TYPED:
                values["mark"] = Typed(check_typed(values.get("typed_name", ""), self.official))
        except MarkError as error:
            self.add_error("drawing" if values["method"] == Method.DRAWN else "typed_name", str(error))
        return values

    def current_key(self) -> str:
        """The key this page sends: the same again after a refusal, so that one attempt stays one attempt."""
        return str(self.cleaned_data["key"]) if self.is_bound and "key" not in self.errors else str(uuid4())

    def consent_given(self) -> bool:
        """Never ticked beforehand, and not kept for a text that was not the one shown."""
        return self.is_bound and "consent" not in self.errors and "digest" not in self.errors

    def problems(self) -> list[tuple[str, str]]:
        """For the summary, in the order of the page: where (empty for the whole page), and what."""
        names = [NON_FIELD_ERRORS, *self.fields]
        return [
            (self.ANCHORS.get(name, ""), str(text)) for name in names for text in self.errors.get(name, [])
        ]


class DeclineForm(forms.Form):
    reason = forms.CharField(
        max_length=500,
        error_messages={
            "required": gettext_lazy("Tulis alasan singkat, supaya DPPPA dapat menghubungi Anda."),
            "max_length": gettext_lazy("Alasan paling banyak 500 huruf. Ringkaskan."),
        },
    )


class HostForm(forms.Form):
    present = forms.BooleanField(
        error_messages={
            "required": gettext_lazy("Centang bahwa Anda mengenali pejabat ini dan mendampinginya.")
        }
    )


class ScanForm(forms.Form):
    """A picture of one signature in ink; `cleaned_data["mark"]` is what is kept of it."""

    file = forms.FileField(
        error_messages={"required": gettext_lazy("Pilih berkas gambar PNG atau JPEG dari pindaiannya.")}
    )
    present = forms.BooleanField(
        error_messages={
            "required": gettext_lazy("Centang bahwa pejabat ini menandatangani lembar itu sendiri.")
        }
    )

    def clean(self) -> dict[str, Any]:
        upload = self.cleaned_data.get("file")
        if upload:
            try:
                self.cleaned_data["mark"] = read_scan(upload)
            except MarkError as error:
                self.add_error("file", str(error))
        return self.cleaned_data

    @in_indonesian
    def consent(self) -> str:
        return _("Ditandatangani dengan tinta basah pada lembar tanda tangan naskah ini, lalu dipindai.")
