"""Forms of the admin that know more than their model."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminDateWidget, AutocompleteSelect
from django.contrib.auth.forms import UserChangeForm
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from agencies import nip
from agencies.models import Official, Tenure
from agencies.roles import ADMINISTRATOR


class OfficialForm(forms.ModelForm):
    """Keeps the digits of a NIP, refuses what cannot be one, and remembers a mismatch to warn about."""

    # As people write it, with spaces; the column holds the digits.
    nip = forms.CharField(
        label=_("NIP"),
        required=False,
        max_length=40,
        help_text=_("18 angka, NIP atau NI PPPK; spasi dan titik boleh ikut. Contoh: 19860926 201505 1 001."),
    )
    warning: str | Promise = ""

    class Meta:
        model = Official
        fields = "__all__"  # noqa: DJ007 the admin lists them
        help_texts = {
            "title_after": _("Tanpa koma di depan. Contoh: S.Sos., M.Si."),
            "nip_absent_reason": _("Diisi hanya bila tidak ada NIP. Contoh: bukan ASN."),
            "user": _("Akun milik orang ini sendiri. Hanya dengan akun itu ia dapat menandatangani."),
        }

    def clean_nip(self) -> str | None:
        text = self.cleaned_data["nip"]
        if not text.strip():
            return None
        try:
            self._number = nip.parse(text, today=timezone.localdate())
        except nip.NipError as error:
            raise ValidationError(str(error)) from error
        return self._number.digits

    def clean(self) -> None:
        super().clean()
        sex = self.cleaned_data.get("sex")
        if sex and self.cleaned_data.get("nip") and self._number.sex != sex:
            self.warning = _("Jenis kelamin berbeda dari angka ke-15 NIP. Tersimpan; mohon periksa lagi.")


class AppointForm(forms.ModelForm):
    """Who holds the post from now on. The verb `appoint` ends the tenure before."""

    class Meta:
        model = Tenure
        fields = ["official", "capacity", "starts_on", "ends_on", "basis_letter", "basis_date"]
        widgets = {
            "official": AutocompleteSelect(Tenure._meta.get_field("official"), admin.site),
            **{name: AdminDateWidget() for name in ("starts_on", "ends_on", "basis_date")},
        }
        help_texts = {
            "starts_on": _("Hari pertama. Masa jabatan pemegang sekarang berakhir sehari sebelumnya."),
            "ends_on": _("Wajib untuk Plt., Plh., dan Pj. Sesudah Plh., pemegang sekarang menjabat lagi."),
        }


class OwnAccountForm(UserChangeForm):
    """Nobody locks the office out: the last administrator cannot take the role from the own account."""

    current_user: Any = None  # set by the admin

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.instance != self.current_user:
            return cleaned
        names = {group.name for group in cleaned.get("groups", [])}
        keeps_role = ADMINISTRATOR in names or self.instance.is_superuser
        if not keeps_role or not cleaned.get("is_active"):
            raise ValidationError(_("Anda tidak dapat mencabut peran Administrator atau akun Anda sendiri."))
        return cleaned
