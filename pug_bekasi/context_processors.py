"""What the frame of every page needs: where one may go, and whether this is the demo."""

from django.conf import settings
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from commitments.models import Signature
from commitments.permissions import agencies_of, may


def shell(request) -> dict:
    return {"DEMO": settings.DEMO, "navigation": SimpleLazyObject(lambda: navigation(request))}


def navigation(request) -> list[dict]:
    """The entries of the top row for this user, in the order of daily work."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return [
            _entry(request, "landing", _("Beranda")),
            _entry(request, "verify", _("Periksa keaslian")),
            _entry(request, "account_login", _("Masuk")),
        ]
    entries = [_entry(request, "tasks", _("Tugas"))]
    if may(user, "review"):
        waiting = Signature.objects.waiting_for_review().count()
        entries.append(_entry(request, "review_queue", _("Pemeriksaan"), count=waiting))
    entries.append(_entry(request, "declaration_list", _("Deklarasi")))
    if agencies_of(user).exists():
        entries.append(_entry(request, "office", _("Kantor saya")))
    entries.append(_entry(request, "sub_district_list", _("Kecamatan")))
    if may(user, "manage_master_data"):
        entries.append(_entry(request, "admin:index", _("Data induk")))
    return entries


SECTIONS = {
    "sign": "tasks", "receipt": "tasks", "review": "review_queue", "verify_code": "verify",
    "sub_district": "sub_district_list",
}  # fmt: skip


def _entry(request, name: str, label: str, count: int | None = None) -> dict:
    here = request.resolver_match.url_name if request.resolver_match else ""
    section = SECTIONS.get(here) or ("declaration_list" if here.startswith(("declaration", "matrix", "print")) else here)
    full = name if name.startswith(("account", "admin")) else f"commitments:{name}"
    return {"url": full, "label": label, "count": count, "current": section == name}
