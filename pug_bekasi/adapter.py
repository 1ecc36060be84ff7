"""How allauth behaves in this house: no sign-up, limits by name, links and words of our own."""

import logging
import time
from typing import Any, cast

from allauth.account import app_settings as account
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from allauth.core import ratelimit
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agencies import limits
from agencies.kinds import LoginStep
from agencies.languages import in_indonesian
from agencies.logins import called
from agencies.models import User
from commitments.models import Signatory
from commitments.permissions import agencies_of, may
from pug_bekasi.identity import known_devices
from pug_bekasi.identity.backend import typed_name
from pug_bekasi.identity.failures import note_failure

logger = logging.getLogger(__name__)
# One sentence for a wrong name and for a wrong password, so that it does not tell which names exist.
NO_MATCH = _("Nama pengguna atau kata sandi belum cocok. Periksa lagi, lalu coba masuk.")
# The ways to show once more who one is, as allauth numbers them.
WAYS = {
    "reauthenticate": _("Pakai kata sandi"),
    "mfa_reauthenticate": _("Pakai kode dari aplikasi atau kode cadangan"),
    "mfa_reauthenticate:webauthn": _("Pakai kunci sandi"),
}
# Passwords hashed at once, each half a second of a processor: of eight threads (docs/operations.md) some stay free for
# everybody else's pages, and two of the places for devices that their owners have logged in on before.
CHECKS, CHECKS_OF_STRANGERS = 6, 4
UNKNOWN_ADDRESS = "0.0.0.0"  # noqa: S104 not bound to; allauth's column wants an address


def start_of(user: User) -> str:
    """The page with this login's daily work: what only the holder can do comes first, then the role."""
    if Signatory.objects.held_by(user).to_sign().exists():
        return "commitments:tasks"
    if may(user, "prepare"):
        return "commitments:declaration_list"
    if may(user, "review"):
        return "commitments:review_queue"
    if may(user, "see_all"):
        return "commitments:declaration_list"
    if agencies_of(user).exists():
        return "commitments:office"
    return settings.LOGIN_REDIRECT_URL


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "busy": _("Banyak yang sedang masuk bersamaan. Tunggu beberapa detik, lalu tekan lagi."),
        "account_inactive": _("Akun ini tidak aktif. Hubungi Administrator DPPPA."),
        "email_password_mismatch": NO_MATCH,
        "enter_current_password": _("kata sandi saat ini belum cocok."),
        "invalid_password_reset": _("Tautan ini sudah dipakai atau kedaluwarsa. Minta tautan baru."),
        "rate_limited": _("Terlalu banyak percobaan. Tunggu beberapa menit, lalu coba lagi."),
        "too_many_login_attempts": _(
            "Terlalu banyak percobaan untuk nama ini. Tunggu lima menit, atau buat kata sandi baru."
        ),
        "username_password_mismatch": NO_MATCH,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up: `createsuperuser` and an administrator are the only ways to a login."""
        return False

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: str) -> str:
        """One count a name for strangers, and one for each device its owner has logged in on.

        allauth's own key holds the Host header too, whose port the client may choose.
        """
        typed = typed_name(credentials)
        device = known_devices.token_for(request, typed)
        return f"device|{device}" if device else typed.casefold()

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """Raises a ValidationError, told as 503 and counted for nobody, when too many passwords are being checked."""
        is_known = known_devices.token_for(request, typed_name(credentials))
        try:
            with limits.one_of(CHECKS if is_known else CHECKS_OF_STRANGERS, "password"):
                return super().authenticate(request, **credentials)
        except limits.Busy:
            raise self.validation_error("busy") from None

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """The same one query and one row whether the name is known or not."""
        note_failure(request, LoginStep.PASSWORD, user=called(typed_name(credentials)))

    def is_safe_url(self, url: str) -> bool:
        """allauth fails on an address that is none, such as `https://[`."""
        try:
            return super().is_safe_url(url)
        except ValueError:
            return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """Shown to the owner of a session, and used for nothing else: a server behind a socket has none."""
        try:
            return super().get_client_ip(request)
        except (PermissionDenied, ImproperlyConfigured, ValueError):
            return UNKNOWN_ADDRESS

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Whoever has typed password or second factor within five minutes need not do so again."""
        records = get_authentication_records(self.request, self.request.user)
        strong = [record["at"] for record in records if record.get("method") in {"password", "mfa"}]
        return not strong or time.time() - strong[-1] > account.REAUTHENTICATION_TIMEOUT

    def get_reauthentication_methods(self, user: Any) -> list[dict]:
        found = super().get_reauthentication_methods(user)
        return [method | {"description": WAYS[method["id"]]} for method in found]

    def set_password(self, user: AbstractBaseUser, password: str) -> None:
        """A new password also ends the wait after too many failed attempts with the old one."""
        super().set_password(user, password)
        for name in (user.get_username(), getattr(user, "email", "")):
            key = self._get_login_attempts_cache_key(self.request, username=name)
            ratelimit.clear(self.request, action="login_failed", key=key)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Where this login's day begins. The page that was asked for comes before it."""
        return resolve_url(start_of(cast(User, request.user)))

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return resolve_url(settings.LOGIN_REDIRECT_URL)

    def get_reset_password_from_key_url(self, key: str) -> str:
        """On the configured host, whatever Host header the request came with."""
        user, _hyphen, token = key.partition("-")
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": user, "key": token})
        return settings.SITE_URL + path

    def send_password_link(self, user: User) -> None:
        """The only way an administrator helps somebody to a password: to the person's own address, and nowhere else."""
        key = f"{user_pk_to_url_str(user)}-{default_token_generator.make_token(user)}"
        link = {"password_reset_url": self.get_reset_password_from_key_url(key), "username": user.username}
        self.send_mail("account/email/set_password", user.email, link)

    def send_notification_mail(self, template_prefix, user, context=None, email=None):
        """To the address an administrator entered; allauth's own table of addresses is not in use."""
        if user.email:
            self.send_mail(template_prefix, user.email, {"timestamp": timezone.now()})

    @in_indonesian
    def send_mail(self, template_prefix: str, email: str, context: dict) -> None:
        """Straight to the server: a link that sets a password must not lie readable in the outbox table."""
        try:
            super().send_mail(template_prefix, email, {"site_url": settings.SITE_URL} | context)
        except OSError as error:  # every SMTPException is one
            logger.error("%s was not sent: %s", template_prefix, type(error).__name__)
            messages.error(self.request, _("Surat belum dapat dikirim. Tunggu sebentar, lalu coba lagi."))
