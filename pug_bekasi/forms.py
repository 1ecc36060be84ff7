"""allauth's forms with the words of our guide: labels, and hints instead of placeholders."""

from allauth.account import forms as allauth
from django.utils.translation import gettext_lazy as _

LABELS = {
    "login": _("Nama pengguna atau pos-el dinas"),
    "password": _("Kata sandi"),
    "email": _("Pos-el dinas"),
    "oldpassword": _("Kata sandi saat ini"),
    "password1": _("Kata sandi baru"),
    "password2": _("Kata sandi baru, sekali lagi"),
}
REQUIRED = {
    "login": _("tulis nama pengguna atau pos-el Anda."),
    "password": _("tulis kata sandi Anda."),
    "email": _("tulis alamat pos-el Anda."),
}


class _OurWords:
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():  # type: ignore[attr-defined]
            field.label = LABELS[name]
            field.error_messages = field.error_messages | {
                "required": REQUIRED.get(name, _("tulis kata sandi."))
            }
            field.widget.attrs.pop("placeholder", None)
            field.widget.attrs["class"] = "form-control-lg"

    def clean(self):
        cleaned = super().clean()  # type: ignore[misc]
        errors = self.errors.get("password2")  # type: ignore[attr-defined]
        if errors and cleaned.get("password1") and self.data.get("password2"):  # type: ignore[attr-defined]
            errors[:] = [_("kedua kata sandi belum sama. Tulis lagi.")]
        return cleaned


class LoginForm(_OurWords, allauth.LoginForm):
    """The session ends with the browser, for tablets are shared: hence no "remember me"."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["login"].widget.attrs |= {"autocomplete": "username", "autocapitalize": "none"}
        self.fields["login"].max_length = 254
        self.fields["password"].help_text = ""  # the page has its own link to a new password


class ResetPasswordForm(_OurWords, allauth.ResetPasswordForm):
    pass


class ResetPasswordKeyForm(_OurWords, allauth.ResetPasswordKeyForm):
    pass


class ChangePasswordForm(_OurWords, allauth.ChangePasswordForm):
    pass
