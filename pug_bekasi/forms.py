"""allauth's forms with the words of our guide, and without placeholders: those vanish when one types."""

from typing import Any

from allauth.account import forms as allauth
from allauth.account.adapter import get_adapter
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from agencies.models import User
from pug_bekasi.identity.mailboxes import write_to_stranger

LABELS = {
    "login": _("Nama pengguna atau pos-el dinas"),
    "password": _("Kata sandi"),
    "email": _("Pos-el dinas"),
    "oldpassword": _("Kata sandi saat ini"),
    "password1": _("Kata sandi baru"),
    "password2": _("Kata sandi baru, sekali lagi"),
}
NEW_PASSWORD_HELP = _(
    "Sedikitnya 10 karakter. Bukan kata sandi umum, bukan angka saja, dan tidak mirip nama Anda."
)
NO_ADDRESS = _("tulis alamat pos-el yang lengkap, misalnya nama@contoh.go.id.")
REQUIRED = {"login": _("tulis nama pengguna atau pos-el Anda."), "email": _("tulis alamat pos-el Anda.")}


class _OurWords:
    fields: dict

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = LABELS[name]
            field.error_messages["required"] = REQUIRED.get(name, _("tulis kata sandi Anda."))
            field.error_messages |= {"invalid": NO_ADDRESS} if name == "email" else {}
            field.help_text = NEW_PASSWORD_HELP if name == "password1" else ""  # no links, no list
            field.widget.attrs.pop("placeholder", None)
            field.widget.attrs["class"] = "form-control-lg"


class LoginForm(_OurWords, allauth.LoginForm):
    """The session ends with the browser, for tablets are shared: hence no "remember me"."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["login"].widget.attrs |= {
            "autocomplete": "username",
            "autocapitalize": "none",
            "spellcheck": "false",
        }

    def clean_login(self) -> str:
        login = super().clean_login()
        if len(login) > 254:  # no mail address is longer; what is looked up and counted stays small
            raise get_adapter().validation_error("username_password_mismatch")
        return login


class ChangePasswordForm(_OurWords, allauth.ChangePasswordForm):
    pass


class ResetPasswordForm(_OurWords, allauth.ResetPasswordForm):
    users: list[User]

    def clean_email(self) -> str:
        """Only today's address counts; allauth also remembers those that an administrator has replaced."""
        email = super().clean_email()
        self.users = [user for user in self.users if user.email.casefold() == email.casefold()]
        return email

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        """Neither the page nor its speed tells which addresses exist: unknown ones get a mail too, within a limit."""
        if self.users:
            return super().save(request, **kwargs)
        email = self.cleaned_data["email"]
        write_to_stranger(request, "account/email/unknown_account", email)
        return email


class ResetPasswordKeyForm(_OurWords, allauth.ResetPasswordKeyForm):
    pass
