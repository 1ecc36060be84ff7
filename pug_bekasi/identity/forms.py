"""allauth's forms of the second step with our words and sizes. Whatever a browser sends, none of them fails."""

import logging
from typing import Any

from allauth.account import forms as account
from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as base
from allauth.mfa.totp import forms as totp
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY, generate_totp_secret
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from agencies.kinds import LoginStep
from pug_bekasi.forms import LABELS, NO_ADDRESS, REQUIRED
from pug_bekasi.identity import keys
from pug_bekasi.identity.failures import note_failure

logger = logging.getLogger(__name__)
LONGEST_CODE = 20  # characters; people type blanks and hyphens too
LONGEST_NAME = 60
LONGEST_CREDENTIAL = 20_000
NO_PASSKEY = _("Kunci sandi tidak dikenali. Coba lagi, atau pakai cara lain.")


def dress_code(field: Any, label: str | Promise) -> None:
    """A field for digits, as the keyboards of phones know it."""
    field.label = label
    field.error_messages["required"] = _("tulis kodenya.")
    field.widget.attrs.pop("placeholder", None)
    field.widget.attrs |= {
        "class": "form-control-lg",
        "inputmode": "numeric",
        "autocomplete": "one-time-code",
        "maxlength": LONGEST_CODE,
    }


class _CheckedCode:
    fields: dict

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        dress_code(self.fields["code"], _("Kode 6 angka, atau satu kode cadangan"))

    def clean_code(self) -> str:
        """A code is good once: allauth forgets a used one after 30 seconds, and takes it for up to 90."""
        try:
            code = super().clean_code()  # type: ignore[misc]
        except keys.Unreadable:
            logger.error("A second factor cannot be read: SECRET_KEY has changed, see SECRET_KEY_FALLBACKS")
            raise get_adapter().validation_error("incorrect_code") from None
        used = self.authenticator  # type: ignore[attr-defined]
        if used.type == used.Type.TOTP:
            cache.set(used.wrap()._get_used_cache_key(code), "y", timeout=120)
        return code

    def _emit_authentication_failed(self, authenticator: Any) -> None:
        note_failure(context.request, LoginStep.SECOND_FACTOR, user=authenticator.user)


class AuthenticateForm(_CheckedCode, base.AuthenticateForm):
    pass


class ReauthenticateForm(_CheckedCode, base.ReauthenticateForm):
    pass


class ActivateTOTPForm(totp.ActivateTOTPForm):
    def __init__(self, *args: Any, user: Any, **kwargs: Any):
        forms.Form.__init__(self, *args, **kwargs)
        dress_code(self.fields["code"], _("Kode 6 angka dari aplikasi"))
        self.user = user
        self.secret = pending_secret(context.request.session, renew=not self.is_bound)

    @property
    def groups(self) -> list[str]:
        """The secret as people type it: in groups of four."""
        return [self.secret[start : start + 4] for start in range(0, len(self.secret), 4)]


def pending_secret(session: Any, *, renew: bool) -> str:
    """The secret of a set-up that is not finished waits in the session, which is a row like any other: encrypted."""
    kept = session.get(SECRET_SESSION_KEY)
    if kept and not renew:
        return keys.decrypt(kept)
    secret = generate_totp_secret()
    session[SECRET_SESSION_KEY] = keys.encrypt(secret)
    return secret


class CredentialField(forms.JSONField):
    """What the browser's passkey answers. Long or deeply nested text is refused before anybody reads it."""

    widget = forms.HiddenInput

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str) and len(value) > LONGEST_CREDENTIAL:
            raise ValidationError(NO_PASSKEY)
        try:
            return super().to_python(value)
        except (ValidationError, RecursionError):
            raise ValidationError(NO_PASSKEY) from None

    def bound_data(self, data: Any, initial: Any) -> None:
        """A refused answer is not shown again: the device is asked anew."""

    def prepare_value(self, value: Any) -> str:
        return ""


class _Passkey:
    """The readers of fido2 raise whatever a broken piece raises; to the person all of it is one sentence."""

    fields: dict

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["credential"] = CredentialField(error_messages={"required": NO_PASSKEY})

    def clean_credential(self) -> Any:
        try:
            return super().clean_credential()  # type: ignore[misc]
        except Exception as error:
            user = getattr(self, "user", None)
            if user is not None:
                note_failure(context.request, LoginStep.SECOND_FACTOR, user=user)
            raise _said(error) from error


def _said(error: Exception) -> ValidationError:
    """Too many attempts are told as such."""
    limited = isinstance(error, ValidationError) and error.code == "too_many_login_attempts"
    return error if limited else ValidationError(NO_PASSKEY)  # type: ignore[return-value]


class AuthenticateWebAuthnForm(_Passkey, webauthn.AuthenticateWebAuthnForm):
    pass


class LoginWebAuthnForm(_Passkey, webauthn.LoginWebAuthnForm):
    pass


class ReauthenticateWebAuthnForm(_Passkey, webauthn.ReauthenticateWebAuthnForm):
    pass


def dress_name(field: Any) -> None:
    field.label = _("Nama kunci")
    field.help_text = _("Agar Anda mengenalinya nanti, misalnya: Ponsel kantor.")
    field.max_length = LONGEST_NAME
    field.validators.append(_not_too_long)
    field.error_messages["required"] = _("tulis nama kunci.")
    field.widget.attrs |= {"class": "form-control-lg", "maxlength": LONGEST_NAME, "autocomplete": "off"}


def _not_too_long(name: str) -> None:
    if len(name) > LONGEST_NAME:
        raise ValidationError(_("Nama paling panjang 60 karakter."))


class AddWebAuthnForm(webauthn.AddWebAuthnForm):
    """Always a passkey: it asks for finger, face or PIN, so that it is two factors by itself."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        del self.fields["passwordless"]
        self.fields["credential"] = CredentialField(error_messages={"required": NO_PASSKEY})
        dress_name(self.fields["name"])

    def clean(self) -> dict:
        self.cleaned_data["passwordless"] = True
        try:
            return super().clean()
        except Exception as error:
            raise ValidationError(NO_PASSKEY) from error


class EditWebAuthnForm(webauthn.EditWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        dress_name(self.fields["name"])


class ReauthenticatePasswordForm(account.ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        field = self.fields["password"]
        field.label = LABELS["password"]
        field.error_messages["required"] = _("tulis kata sandi Anda.")
        field.widget.attrs.pop("placeholder", None)
        field.widget.attrs |= {"class": "form-control-lg", "autocomplete": "current-password"}


class AddressForm(forms.Form):
    email = forms.EmailField(label=LABELS["email"], max_length=254, error_messages={"invalid": NO_ADDRESS})

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        field = self.fields["email"]
        field.error_messages["required"] = REQUIRED["email"]
        field.widget.attrs |= {"class": "form-control-lg", "autocomplete": "username"}


class LoginCodeForm(forms.Form):
    code = forms.CharField(max_length=LONGEST_CODE)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        dress_code(self.fields["code"], _("Kode 6 angka dari surat"))
