"""The user guide: one page a role, for everybody, without a login and without a script."""

from typing import NamedTuple

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe


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
