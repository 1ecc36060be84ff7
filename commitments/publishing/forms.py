"""Forms of the declaration and its letterhead. Layouts live here; templates say {% crispy form %}."""

import io

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Column, Fieldset, Layout, Row, Submit
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _
from PIL import Image

from agencies.models import Position
from agencies.widgets import DateInput, ManyOf
from commitments import pictures
from commitments.models import Declaration, Letterhead
from commitments.publishing import texts, verbs

LOGO_BYTES, LOGO_PIXELS = 2_000_000, 20_000_000
FIRST_YEAR, LAST_YEAR = 2000, 2100  # of a declaration


class DeclarationForm(forms.ModelForm):
    points = forms.CharField(
        label=_("Butir komitmen"),
        help_text=_(
            "Satu baris satu butir. Awali subbutir dengan tanda hubung, misalnya: - pencegahan perkawinan anak;"
        ),
        max_length=30_000,
        widget=forms.Textarea(attrs={"rows": 12}),
    )
    basis = forms.CharField(
        label=_("Dasar hukum"),
        help_text=_("Satu baris satu peraturan. Boleh kosong."),
        required=False,
        max_length=30_000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    city = forms.BooleanField(label=_("Sekda, Asisten, dan Staf Ahli Wali Kota"), required=False)
    heads = forms.BooleanField(label=_("Semua kepala perangkat daerah"), required=False)
    camat = forms.BooleanField(label=_("Semua camat"), required=False)
    named = ManyOf(label=_("Jabatan lain, dipilih sendiri"), queryset=Position.objects.none(), required=False)

    class Meta:
        model = Declaration
        fields = [
            "year", "title", "date", "venue", "place", "opening", "closing", "number", "sign_by", "letterhead",
            "page_size", "note",
        ]  # fmt: skip
        widgets = {
            "title": forms.Textarea(attrs={"rows": 2}),
            "opening": forms.Textarea(attrs={"rows": 5}),
            "closing": forms.Textarea(attrs={"rows": 3}),
            "date": DateInput(),
            "sign_by": DateInput(),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["named"].queryset = Position.objects.in_force().in_protocol_order()  # type: ignore[attr-defined]
        self.fields["year"].widget.attrs |= {"min": FIRST_YEAR, "max": LAST_YEAR}
        self.fields["opening"].required = False
        for name in ("opening", "closing"):
            self.fields[name].validators.append(MaxLengthValidator(5000))
        self.fields["opening"].help_text = _("Kosongkan untuk menyusunnya dari tanggal dan lokasi acara.")
        if self.instance.pk:
            self._fill_from_rows()
        self.helper = self._helper()

    def _fill_from_rows(self) -> None:
        self.initial.setdefault("points", texts.points_as_text(self.instance.points.all()))
        self.initial.setdefault("basis", "\n".join(row.text for row in self.instance.legal_basis.all()))
        chosen = set(self.instance.signatories.values_list("position_id", flat=True))
        rules = {
            "city": verbs.positions_by_rule(city=True),
            "heads": verbs.positions_by_rule(heads=True),
            "camat": verbs.positions_by_rule(camat=True),
        }
        for name, positions in rules.items():
            posts = set(positions.values_list("pk", flat=True))
            if posts and posts <= chosen:
                self.initial.setdefault(name, True)
                chosen -= posts
        self.initial.setdefault("named", sorted(chosen))

    def _helper(self) -> FormHelper:
        helper = FormHelper()
        helper.attrs = {"novalidate": ""}
        helper.layout = Layout(
            Fieldset(
                _("Naskah"),
                Row(
                    Column("year", css_class="col-md-3"),
                    Column("date", css_class="col-md-4"),
                    Column("venue"),
                ),
                "title",
                "opening",
                "points",
                "closing",
                "basis",
            ),
            Fieldset(
                _("Penanda tangan"),
                "city",
                "heads",
                "camat",
                HTML(
                    '<details class="more mb-3"><summary>'
                    + str(_("Pilih jabatan satu per satu"))
                    + "</summary><div>"
                ),
                "named",
                HTML("</div></details>"),
            ),
            Fieldset(
                _("Kertas"),
                Row(Column("letterhead"), Column("page_size"), Column("place")),
                Row(Column("number"), Column("sign_by", css_class="col-md-4")),
                "note",
            ),
            Submit("simpan", _("Simpan draf"), css_class="btn-lg"),
        )
        return helper

    def clean_year(self):
        year = self.cleaned_data["year"]
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise ValidationError(_("Tulis tahun dengan empat angka, misalnya 2026."))
        return year

    def clean_points(self):
        return texts.parse_points(self.cleaned_data["points"])

    def clean_basis(self):
        return texts.parse_basis(self.cleaned_data["basis"])

    def clean(self):
        super().clean()
        cleaned = self.cleaned_data
        if not cleaned.get("opening") and cleaned.get("date"):
            cleaned["opening"] = texts.opening_for(cleaned["date"], cleaned.get("venue", ""))
            self.instance.opening = cleaned["opening"]
        elif self.instance.pk and cleaned.get("date") and cleaned.get("opening"):
            was = (self.initial["date"], self.initial["venue"])
            now = (cleaned["date"], cleaned.get("venue", ""))
            cleaned["opening"] = texts.opening_moved(cleaned["opening"], was=was, now=now)
        if cleaned.get("sign_by") and cleaned.get("date") and cleaned["sign_by"].year < cleaned["date"].year:
            self.add_error("sign_by", _("Batas waktu terlalu jauh sebelum tanggal naskah. Periksa tahunnya."))
        return cleaned

    def save_draft(self, *, by) -> Declaration:
        data = self.cleaned_data
        named = data["named"]
        positions = verbs.positions_by_rule(
            heads=data["heads"], camat=data["camat"], city=data["city"], named=named
        )
        return verbs.save_draft(
            self.instance, points=data["points"], basis=data["basis"], positions=positions, by=by
        )


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Alasan"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class NumberForm(forms.Form):
    number = forms.CharField(
        label=_("Nomor naskah"),
        max_length=80,
        help_text=_("Seperti tertulis di buku agenda."),
        required=False,  # refused by the verb, in a sentence that says what to do
    )


class YearForm(forms.Form):
    year = forms.IntegerField(label=_("Untuk tahun"), min_value=FIRST_YEAR, max_value=LAST_YEAR)


class SlotForm(forms.Form):
    position = forms.ModelChoiceField(label=_("Jabatan"), queryset=Position.objects.none())

    def __init__(self, *args, declaration: Declaration, **kwargs):
        super().__init__(*args, **kwargs)
        taken = declaration.signatories.values("position")
        self.fields["position"].queryset = (  # type: ignore[attr-defined]
            Position.objects.in_force().exclude(pk__in=taken).in_protocol_order()
        )


class ConfirmForm(forms.Form):
    """Nothing to fill in: pressing the button is the answer."""


class LetterheadForm(forms.ModelForm):
    upload = forms.FileField(
        label=_("Lambang"),
        help_text=_(
            "PNG atau JPEG, paling besar 2 MB. Pakai lambang resmi hanya dengan izin dan dari berkas aslinya."
        ),
        required=False,
    )

    class Meta:
        model = Letterhead
        fields = ["name", "line1", "line2", "address", "contact"]

    def clean_upload(self) -> bytes | None:
        """Judged by its bytes, not by its name, and stored re-encoded as PNG."""
        upload = self.cleaned_data.get("upload")
        if not upload:
            return None
        refused = ValidationError(
            _("Berkas ini bukan gambar PNG atau JPEG yang dapat dipakai. Pilih berkas lain.")
        )
        if upload.size > LOGO_BYTES:
            raise ValidationError(_("Berkas lebih dari 2 MB. Perkecil gambarnya, lalu unggah lagi."))
        try:
            with Image.open(upload, formats=["PNG", "JPEG"]) as picture:
                if picture.width * picture.height > LOGO_PIXELS:
                    raise refused
                picture.load()
                picture.thumbnail((800, 960))
                out = io.BytesIO()
                picture.convert("RGBA").save(out, format="PNG")
        except pictures.FAULTS as error:
            raise refused from error
        return out.getvalue()

    def save(self, commit=True):
        if self.cleaned_data.get("upload"):
            self.instance.logo = self.cleaned_data["upload"]
        return super().save(commit)
