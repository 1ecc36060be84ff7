"""The public pages: how far the city is, and what a printed code stands for. No login, no script, nothing private."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from agencies.groups import grouped
from commitments import codes
from commitments.models import Declaration
from commitments.states import HAS_SIGNED, DeclarationState


@login_not_required
@require_safe
def landing(request: HttpRequest) -> HttpResponse:
    """The declaration that is being signed, else the newest closed one."""
    shown = Declaration.objects.filter(state__in=[DeclarationState.OPEN, DeclarationState.CLOSED])
    # "open" sorts after "closed", so open comes first.
    declaration = shown.order_by("-state", "-year", "-version").first()
    context: dict = {"declaration": declaration}
    if declaration:
        slots = list(declaration.signatories.select_related("position__agency").in_protocol_order())
        groups = [
            {"name": name, "total": len(run), "signed": sum(slot.state in HAS_SIGNED for slot in run)}
            for name, run in grouped(slots)
        ]
        context |= {
            "slots": slots,
            "signed": sum(slot.state in HAS_SIGNED for slot in slots),
            "groups": groups,
            "points": declaration.points.all(),
        }
    return render(request, "commitments/verifying/landing.html", context)


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
    }
    return render(request, "commitments/verifying/verify_code.html", context)


def _successor(declaration: Declaration) -> Declaration | None:
    successor = getattr(declaration, "successor", None)
    return successor if successor and successor.state != DeclarationState.DRAFT else None
