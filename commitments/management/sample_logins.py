"""The demo's logins, and the refusal to mix with real data. Light: it knows nothing of paper, so it starts fast."""

import time

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.mfa.utils import decrypt
from django.conf import settings
from django.core.management.base import CommandError

from agencies.models import Official, Position, User
from agencies.roles import ADMINISTRATOR, MONITOR, REVIEWER
from commitments.models import Declaration

PASSWORD = "contoh-komitmen-2026"  # noqa: S105 printed by the demo for everybody to use
STAFF = {
    "admin": ("Administrator DPPPA", ADMINISTRATOR),
    "peninjau": ("Peninjau DPPPA", REVIEWER),
    "pemantau": ("Pemantau (Sekda, Bappelitbangda, Inspektorat)", MONITOR),
}
SECOND_STEP = ("admin", "peninjau")  # asked for a code of an app when they log in
OPERATOR_OF = "Disdik"
ACTING = 24  # the post, by its place in protocol order, that its neighbour before leads as Plt.


def made_by_demo() -> bool:
    """Whether this database began as a demo, whatever was added since: nothing but the demo makes sample rows."""
    return (
        Declaration.objects.filter(is_sample=True).exists()
        and Official.objects.filter(is_sample=True).exists()
    )


def refuse_real_data() -> None:
    """The demo never begins in a database that somebody else has begun, be it by a single login."""
    if Declaration.objects.exists() or Official.objects.exists() or User.objects.exists():
        raise CommandError(
            "Basis data ini memuat data sungguhan, jadi demo tidak memakainya. Pilih DATA_DIR lain yang kosong; "
            "atau, bila isinya tidak diperlukan lagi, hapus DATA_DIR lalu jalankan lagi."
        )


def logins() -> list[dict[str, str]]:
    """One login per role, and what it is for; with `totp_secret` where a second step is asked."""
    secrets = totp_secrets()
    rows = _logins()
    return [
        row | {"totp_secret": secrets[row["username"]]} if row["username"] in secrets else row for row in rows
    ]


def totp_secrets() -> dict[str, str]:
    """Login → what an app needs to show its codes."""
    apps = Authenticator.objects.filter(type=Authenticator.Type.TOTP, user__username__in=STAFF)
    return {app.user.username: decrypt(app.data["secret"]) for app in apps.select_related("user")}


def code_of(secret: str) -> str:
    """What the app shows now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // settings.MFA_TOTP_PERIOD))


def _logins() -> list[dict[str, str]]:
    rows = [{"role": role, "username": name, "password": PASSWORD} for name, (role, _) in STAFF.items()]
    rows.append({"role": f"Operator {OPERATOR_OF}", "username": "operator", "password": PASSWORD})
    for number, role in ((2, "Penanda tangan"), (ACTING - 1, "Penanda tangan, juga Plt. kantor lain")):
        rows.append(
            {
                "role": f"{role}: {Position.objects.in_protocol_order()[number - 1]}",
                "username": f"pejabat{number:02d}",
                "password": PASSWORD,
            }
        )
    return rows
