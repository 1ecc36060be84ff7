"""Forms of the admin that know more than their model."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminDateWidget
from django.contrib.auth.forms import UserChangeForm, UsernameField
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from agencies import nip
from agencies.admin_site import Suggestions
from agencies.models import Official, Tenure, User
from agencies.roles import refuse_lockout

USERNAME_HELP = _("Untuk masuk. Huruf, angka, dan @ . + - _ saja.")


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
            "official": Suggestions(Tenure._meta.get_field("official"), admin.site),
            **{name: AdminDateWidget() for name in ("starts_on", "ends_on", "basis_date")},
        }
        help_texts = {
            "starts_on": _("Hari pertama. Masa jabatan pemegang sekarang berakhir sehari sebelumnya."),
            "ends_on": _("Wajib untuk Plt., Plh., dan Pj. Sesudah Plh., pemegang sekarang menjabat lagi."),
        }


class NewAccountForm(forms.ModelForm):
    """Without a password, which only the person may know: a link to set one goes to the address."""

    class Meta:
        model = User
        fields = ["username", "first_name", "last_name", "email", "groups"]
        field_classes = {"username": UsernameField}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["username"].help_text = USERNAME_HELP
        if "email" in self.fields:
            self.fields["email"].required = True
            self.fields["email"].help_text = _("Milik orangnya sendiri; ke sini tautan kata sandi dikirim.")

    def clean_username(self) -> str:
        """Names that differ in case only would be taken for one another."""
        name = self.cleaned_data["username"]
        if User.objects.filter(username__iexact=name).exists():
            raise ValidationError(self.instance.unique_error_message(User, ["username"]))
        return name

    def save(self, commit: bool = True) -> User:
        self.instance.set_unusable_password()
        return super().save(commit)


class AccountForm(UserChangeForm):
    """Nobody locks the office out: an administrator cannot take the role from the own account."""

    current_user: Any = None  # set by the admin

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["username"].help_text = USERNAME_HELP

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self.instance.is_active = cleaned.get("is_active", False)
        roles = {group.name for group in cleaned.get("groups", [])}
        refuse_lockout(self.instance, by=self.current_user, roles=roles)
        return cleaned
