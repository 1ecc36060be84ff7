from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from agencies import nip
from agencies.models import Official


class OfficialForm(forms.ModelForm):
    """Keeps the digits of a NIP, refuses what cannot be one, and remembers a mismatch to warn about."""

    # As people write it, with spaces; the column holds the digits.
    nip = forms.CharField(label=_("NIP"), required=False, max_length=40)
    warning: str | Promise = ""

    class Meta:
        model = Official
        fields = "__all__"  # noqa: DJ007 the admin lists them

    def clean_nip(self):
        text = self.cleaned_data["nip"]
        if not text.strip():
            return None
        try:
            return nip.parse(text, today=timezone.localdate()).digits
        except nip.NipError as error:
            raise ValidationError(str(error)) from error

    def clean(self):
        super().clean()
        cleaned = self.cleaned_data
        digits, sex = cleaned.get("nip"), cleaned.get("sex")
        if digits and sex and nip.parse(digits, today=timezone.localdate()).sex != sex:
            self.warning = _("Jenis kelamin berbeda dari angka ke-15 NIP. Tersimpan; mohon periksa lagi.")
        return cleaned
