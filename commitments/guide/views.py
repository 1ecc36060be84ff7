"""The user guide, one page a role, and the page on privacy: for everybody, without a login and without a script."""

from typing import NamedTuple

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from commitments import one_time, outbox


class Role(NamedTuple):
    label: Promise
    page: str


# By address; the template is named in English, as everything in the code.
ROLES = {
    "penanda-tangan": Role(_("Penanda tangan"), "commitments/guide/signer.html"),
    "operator": Role(_("Operator kantor"), "commitments/guide/operator.html"),
    "peninjau": Role(_("Peninjau DPPPA"), "commitments/guide/reviewer.html"),
    "administrator": Role(_("Administrator DPPPA"), "commitments/guide/administrator.html"),
    "pemantau": Role(_("Pemantau"), "commitments/guide/monitor.html"),
}


@login_not_required
@require_safe
def guide(request: HttpRequest) -> HttpResponse:
    return render(request, "commitments/guide/guide.html")


@login_not_required
@require_safe
def guide_role(request: HttpRequest, role: str) -> HttpResponse:
    if role not in ROLES:
        raise Http404
    return render(request, ROLES[role].page, {"roles": ROLES, "role": role})


@login_not_required
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What is kept of a person, why and how long. Its figures are those that the code works with."""
    context = {
        "contact": settings.PRIVACY_CONTACT,
        "session_hours": settings.SESSION_COOKIE_AGE // 3600,
        "code_minutes": int(one_time.LIFETIME.total_seconds()) // 60,
        "code_hours": int(one_time.KEPT.total_seconds()) // 3600,
        "mail_days": outbox.KEPT.days,
        "session_cookie": settings.SESSION_COOKIE_NAME,
        "csrf_cookie": settings.CSRF_COOKIE_NAME,
        "device_cookie": settings.DEVICE_COOKIE_NAME,
        "device_days": settings.DEVICE_COOKIE_AGE // (24 * 3600),
        "language_cookie": settings.LANGUAGE_COOKIE_NAME,
    }
    return render(request, "commitments/guide/privacy.html", context)
