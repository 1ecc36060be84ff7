"""How allauth behaves in this house: no sign-up, limits by name, links and words of our own."""

import logging
from typing import cast

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import ratelimit
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import AbstractBaseUser
from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agencies.languages import in_indonesian
from agencies.models import User
from commitments.models import Signatory
from commitments.permissions import agencies_of, may

logger = logging.getLogger(__name__)
# One sentence for a wrong name and for a wrong password, so that it does not tell which names exist.
NO_MATCH = _("Nama pengguna atau kata sandi belum cocok. Periksa lagi, lalu coba masuk.")


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
        """One count a name. allauth's own key holds the Host header too, whose port the client may choose."""
        return (credentials.get("email") or credentials.get("username") or "").casefold()

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
