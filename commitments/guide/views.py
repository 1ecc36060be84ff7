"""The user guide: one page a role, for everybody, without a login and without a script."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

# Address → whose page it is; the template is named in English, as everything in the code.
ROLES = {
    "penanda-tangan": _("Penanda tangan"),
    "operator": _("Operator kantor"),
    "peninjau": _("Peninjau DPPPA"),
    "administrator": _("Administrator DPPPA"),
    "pemantau": _("Pemantau"),
}
PAGES = {
    "penanda-tangan": "commitments/guide/signer.html",
    "operator": "commitments/guide/operator.html",
    "peninjau": "commitments/guide/reviewer.html",
    "administrator": "commitments/guide/administrator.html",
    "pemantau": "commitments/guide/monitor.html",
}


@login_not_required
@require_safe
def guide(request: HttpRequest) -> HttpResponse:
    return render(request, "commitments/guide/guide.html", {"roles": ROLES})


@login_not_required
@require_safe
def guide_role(request: HttpRequest, role: str) -> HttpResponse:
    if role not in PAGES:
        raise Http404
    return render(request, PAGES[role], {"roles": ROLES, "role": role})
