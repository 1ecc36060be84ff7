"""The history of a declaration, entry by entry, and the export that an auditor re-checks it with."""

import logging

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from agencies.http import Request
from commitments import chain, evidence
from commitments.models import Declaration
from commitments.models.salted import canonical
from commitments.permissions import may, published_declarations, requires

logger = logging.getLogger(__name__)
PER_PAGE = 100


def _declaration(request: Request, pk: int) -> Declaration:
    return get_object_or_404(published_declarations(request.user), pk=pk)


@require_safe
@requires("see_all")
def ledger(request: Request, pk: int) -> HttpResponse:
    """Newest first. `?periksa=1` re-checks the whole chain and says what does not fit."""
    declaration = _declaration(request, pk)
    entries = declaration.ledger.select_related("actor").order_by("-sequence")
    page = Paginator(entries, PER_PAGE).get_page(request.GET.get("page"))
    posts = dict(declaration.signatories.values_list("pk", "position__title"))
    context = {
        "declaration": declaration,
        "page": page,
        "rows": [(entry, posts.get(entry.payload.get("slot"), "")) for entry in page],
        "checked": "periksa" in request.GET,
        "faults": chain.verify(declaration) if "periksa" in request.GET else [],
        "may_audit": may(request.user, "audit"),
    }
    return render(request, "commitments/auditing/ledger.html", context)


@require_safe
@requires("audit")
def audit_export(request: Request, pk: int) -> HttpResponse:
    """Every row with its salt: NIPs and drawings, so only for whoever may, and never kept by a browser."""
    declaration = _declaration(request, pk)
    logger.warning("auditor's export of declaration %s taken by user %s", declaration.pk, request.user.pk)
    headers = {
        "Content-Disposition": f'attachment; filename="audit-{declaration.code}.json"',
        "Cache-Control": "private, no-store",
    }
    content = canonical(evidence.for_auditor(declaration))
    return HttpResponse(content, content_type="application/json", headers=headers)
