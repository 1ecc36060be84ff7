"""The second factor: who must have one, whether this session was opened with it, and how allauth keeps it."""

from typing import Any
from urllib.parse import urlsplit

import segno
from allauth.account.authentication import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.roles import ADMINISTRATOR, REVIEWER, roles_of
from pug_bekasi.identity import keys

DECIDE = {ADMINISTRATOR, REVIEWER}
# Recovery codes stand in for one of these, and are worth nothing without it.
OWN = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
NOT_RIGHT = gettext_lazy("Kode belum cocok atau sudah dipakai. Tunggu kode berikutnya, lalu coba lagi.")


def is_required(user: Any) -> bool:
    """Whoever decides about the signatures or the logins of others shows twice who it is."""
    known = getattr(user, "decides", None)  # came with the user of the session
    return user.is_superuser or known if known is not None else bool(roles_of(user) & DECIDE)


def was_used(request: HttpRequest) -> bool:
    """Whether a second factor opened this session, or was set up in it. Read from the session: it asks no query."""
    records = get_authentication_records(request, request.user)
    return any(record.get("method") == "mfa" for record in records)


def is_last(authenticator: Authenticator) -> bool:
    others = Authenticator.objects.filter(user_id=authenticator.user_id, type__in=OWN)
    return not others.exclude(pk=authenticator.pk).exists()


def may_remove(authenticator: Authenticator) -> bool:
    """Not the last one of somebody who must have one."""
    return not (is_required(authenticator.user) and is_last(authenticator))


class MFAAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_delete_authenticator": gettext_lazy(
            "Peran Anda memerlukan verifikasi dua langkah. Pasang cara lain dulu, baru hapus yang ini."
        ),
        "cannot_generate_recovery_codes": gettext_lazy(
            "Kode cadangan dibuat setelah ada aplikasi autentikator atau kunci sandi."
        ),
        "incorrect_code": NOT_RIGHT,
    }

    def encrypt(self, text: str) -> str:
        return keys.encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        return keys.decrypt(encrypted_text)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        return may_remove(authenticator)

    def get_totp_label(self, user: Any) -> str:
        return user.get_username()

    def build_totp_svg(self, url: str) -> str:
        """Drawn into the page itself: the secret is in no address, no cache and no log."""
        drawing = segno.make(url, error="m", micro=False)
        return drawing.svg_inline(
            scale=5, border=4, light="#fff", omitsize=True, svgclass=None, lineclass=None
        )

    def generate_authenticator_name(self, user: Any, type: str) -> str:
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return _("Kunci sandi %d") % number

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """A passkey belongs to the configured host, whatever Host header the request came with."""
        return {"id": urlsplit(settings.SITE_URL).hostname or "localhost", "name": settings.MFA_TOTP_ISSUER}

    def get_public_key_credential_user_entity(self, user: Any) -> dict:
        return super().get_public_key_credential_user_entity(user) | {"name": user.get_username()}
