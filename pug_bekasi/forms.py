from allauth.account.forms import LoginForm as AllauthLoginForm
from django.utils.translation import gettext_lazy as _


class LoginForm(AllauthLoginForm):
    """User name or mail address, and password. The session ends with the browser: tablets are shared."""

    error_messages = AllauthLoginForm.error_messages | {
        "username_email_password_mismatch": _("Nama pengguna atau kata sandi belum cocok. Periksa lagi, lalu coba masuk."),
        "too_many_login_attempts": _("Terlalu banyak percobaan untuk nama ini. Tunggu lima menit, lalu coba lagi."),
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields.pop("remember", None)
        self.fields["login"].label = _("Nama pengguna atau pos-el dinas")
        self.fields["password"].label = _("Kata sandi")
        self.fields["password"].help_text = ""
        for name, autocomplete in (("login", "username"), ("password", "current-password")):
            widget = self.fields[name].widget
            widget.attrs = {"class": "form-control form-control-lg", "autocomplete": autocomplete}
