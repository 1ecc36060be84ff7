"""What the frame of every page needs: where one may go, and whether this is the demo."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from commitments.models import Signature
from commitments.permissions import may, parts_of
from pug_bekasi.middleware import own_path

Entry = tuple[str, str, int | None]  # name of the address, label, how many wait
# An entry is current on every page whose address begins like its own; these belong to another one.
SECTIONS = {
    "tanda-tangan": "tugas",
    "bukti": "tugas",
    "kop": "deklarasi",
    "jabatan-penanda-tangan": "deklarasi",
}


def shell(request: HttpRequest) -> dict[str, Any]:
    return {
        "DEMO": settings.DEMO,
        "SITE_HOST": urlsplit(settings.SITE_URL).netloc,
        "here": page_of(request),
        "languages": settings.LANGUAGES,  # each in its own words
        "navigation": SimpleLazyObject(lambda: navigation(request)),
    }


def page_of(request: HttpRequest) -> str:
    """The address of the page for a GET: of a refused form, the page that held it. Its own may take no GET."""
    if request.method == "POST" and "Referer" in request.headers:
        return own_path(request, "Referer")
    return request.get_full_path()


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """The entries of the top row for this user, in the order of daily work."""
    here = _section(request.path)
    return [
        {"url": reverse(name), "label": label, "count": count, "current": _section(reverse(name)) == here}
        for name, label, count in _entries(getattr(request, "user", None))
    ]


def _section(path: str) -> str:
    first = path.strip("/").partition("/")[0]
    return SECTIONS.get(first, first)


def _entries(user: Any) -> list[Entry]:
    if user is None or not user.is_authenticated:
        return [
            ("commitments:landing", _("Beranda"), None),
            ("commitments:verify", _("Periksa keaslian"), None),
            ("account_login", _("Masuk"), None),
        ]
    entries: list[Entry] = []
    signs, assists, verifies = parts_of(user)
    if signs:
        entries.append(("commitments:tasks", _("Tugas"), None))
    if may(user, "review"):
        waiting = Signature.objects.waiting_for_review().count()
        entries.append(("commitments:review_queue", _("Pemeriksaan"), waiting))
    entries.append(("commitments:declaration_list", _("Deklarasi"), None))
    if assists:
        entries.append(("commitments:office", _("Kantor saya"), None))
    if assists or verifies or may(user, "see_work"):
        entries.append(("commitments:plan_list", _("Tindak lanjut"), None))
    entries.append(("commitments:sub_district_list", _("Kecamatan"), None))
    if may(user, "manage_master_data"):
        entries.append(("admin:index", _("Data induk"), None))
    return entries
