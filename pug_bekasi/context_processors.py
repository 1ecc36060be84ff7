"""What the frame of every page needs: where one may go, and whether this is the demo."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from commitments.models import Signature
from commitments.permissions import agencies_of, may

# Pages that belong to an entry of the top row; a declaration's own pages begin with these words.
SECTIONS = {"sign": "tasks", "receipt": "tasks", "decline": "tasks", "review": "review_queue"} | {
    "verify_code": "verify",
    "sub_district": "sub_district_list",
    "account_reset_password": "account_login",
}
OF_A_DECLARATION = ("declaration", "matrix", "print")


Entry = tuple[str, str, int | None]  # name of the address, label, how many wait


def shell(request: HttpRequest) -> dict[str, Any]:
    return {
        "DEMO": settings.DEMO,
        "SITE_HOST": urlsplit(settings.SITE_URL).netloc,
        "navigation": SimpleLazyObject(lambda: navigation(request)),
    }


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """The entries of the top row for this user, in the order of daily work."""
    here = _section(request)
    return [
        {"url": url, "label": label, "count": count, "current": here == name.rpartition(":")[2]}
        for name, label, count in _entries(getattr(request, "user", None))
        if (url := _address(name))
    ]


def _entries(user: Any) -> list[Entry]:
    if user is None or not user.is_authenticated:
        return [
            ("commitments:landing", _("Beranda"), None),
            ("commitments:verify", _("Periksa keaslian"), None),
            ("account_login", _("Masuk"), None),
        ]
    entries: list[Entry] = [("commitments:tasks", _("Tugas"), None)]
    if may(user, "review"):
        waiting = Signature.objects.waiting_for_review().count()
        entries.append(("commitments:review_queue", _("Pemeriksaan"), waiting))
    entries.append(("commitments:declaration_list", _("Deklarasi"), None))
    if agencies_of(user).exists():
        entries.append(("commitments:office", _("Kantor saya"), None))
    entries.append(("commitments:sub_district_list", _("Kecamatan"), None))
    if may(user, "manage_master_data"):
        entries.append(("admin:index", _("Data induk"), None))
    return entries


def _section(request: HttpRequest) -> str:
    match = request.resolver_match
    here = (match.url_name or "") if match else ""
    return SECTIONS.get(here) or ("declaration_list" if here.startswith(OF_A_DECLARATION) else here)


def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
