"""The public pages: how far the city is, and what a printed code stands for. No login, no script, nothing private."""

import math

from django.contrib.auth.decorators import login_not_required
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from agencies.groups import grouped
from commitments import codes, dates
from commitments.models import Declaration
from commitments.states import HAS_SIGNED, DeclarationState, DocumentKind

COLUMNS = 25  # of the marks on the landing page


@login_not_required
@require_safe
def landing(request: HttpRequest) -> HttpResponse:
    """The newest declaration that is being signed, else the newest closed one."""
    declaration = (
        Declaration.objects.filter(state__in=[DeclarationState.OPEN, DeclarationState.CLOSED])
        .annotate(is_open=Q(state=DeclarationState.OPEN))
        .order_by("-is_open", "-year", "-version", "-pk")
        .first()
    )
    context = {"declaration": declaration} | (_progress(declaration) if declaration else {})
    return render(request, "commitments/verifying/landing.html", context)


def _progress(declaration: Declaration) -> dict:
    """How far the signing is: in all, post by post, and group by group."""
    slots = list(declaration.signatories.select_related("position__agency").in_protocol_order())
    points = list(declaration.points.all())
    return {
        "total": len(slots),
        "signed": sum(slot.state in HAS_SIGNED for slot in slots),
        # Squares of 3 x 3 on a grid of 4, as attributes of an SVG: the policy forbids inline styles.
        "marks": [
            {"x": 4 * (index % COLUMNS), "y": 4 * (index // COLUMNS), "signed": slot.state in HAS_SIGNED}
            for index, slot in enumerate(slots)
        ],
        "marks_height": 4 * math.ceil(len(slots) / COLUMNS) - 0.6,
        "groups": [
            {"name": name, "total": len(run), "signed": sum(slot.state in HAS_SIGNED for slot in run)}
            for name, run in grouped(slots)
        ],
        "points": points,
        "points_in_words": dates.number_in_words(len(points)),
        "now": dates.now(),
    }


@login_not_required
@require_safe
def verify(request: HttpRequest) -> HttpResponse:
    """The box for a code from paper; with ?kode= it leads to that code's page."""
    typed = request.GET.get("kode", "").strip()[:40]
    if not typed:
        return render(request, "commitments/verifying/verify.html")
    code = codes.parse_code(typed.upper().removeprefix("PUG-"))
    if code is None:
        return render(
            request, "commitments/verifying/not_found.html", {"typed": typed, "mistyped": True}, status=404
        )
    return redirect("commitments:verify_code", code=code)


@login_not_required
@require_safe
def verify_code(request: HttpRequest, code: str) -> HttpResponse:
    parsed = codes.parse_code(code)
    if parsed is not None and parsed != code:
        return redirect("commitments:verify_code", code=parsed)
    # One query whether the code exists or not; a draft has no paper, so nobody can hold its code.
    declaration = (
        Declaration.objects.published().select_related("successor").filter(code=parsed or "").first()
    )
    if declaration is None:
        context = {"typed": code[:40], "mistyped": parsed is None}
        return render(request, "commitments/verifying/not_found.html", context, status=404)
    slots = declaration.signatories.values_list("state", flat=True)
    context = {
        "declaration": declaration,
        "total": len(slots),
        "signed": sum(state in HAS_SIGNED for state in slots),
        "successor": _successor(declaration),
        "final": declaration.documents.filter(kind=DocumentKind.DECLARATION).first(),
    }
    return render(request, "commitments/verifying/verify_code.html", context)


def _successor(declaration: Declaration) -> Declaration | None:
    successor = getattr(declaration, "successor", None)
    return successor if successor and successor.state != DeclarationState.DRAFT else None
