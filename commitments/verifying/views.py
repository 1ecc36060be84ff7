"""The public pages: how far the city is, and what a printed code stands for. No login, no script, nothing private."""

import math
from functools import wraps

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from agencies.groups import grouped
from agencies.limits import Busy
from commitments import codes, dates, evidence
from commitments.models import Declaration
from commitments.states import HAS_SIGNED, DeclarationState
from commitments.verifying import limits, record, verbs
from commitments.verifying.forms import FileForm

COLUMNS = 25  # of the marks on the landing page
LONGEST_LINK = 300  # characters; people paste the address of a code into the box for it


@login_not_required
@require_safe
def landing(request: HttpRequest) -> HttpResponse:
    """The newest declaration being signed, and a line for each if there are more; else the newest closed one."""
    newest = Declaration.objects.order_by("-year", "-published_at", "-pk")
    being_signed = list(
        newest.filter(state=DeclarationState.OPEN).annotate(
            total=Count("signatories"),
            signed=Count("signatories", filter=Q(signatories__state__in=HAS_SIGNED)),
        )
    )
    declaration = being_signed[0] if being_signed else newest.filter(state=DeclarationState.CLOSED).first()
    context = {"declaration": declaration} | (_progress(declaration) if declaration else {})
    context["being_signed"] = being_signed if len(being_signed) > 1 else []
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
    typed = request.GET.get("kode", "").strip()[:LONGEST_LINK]
    if not typed:
        return render(request, "commitments/verifying/verify.html")
    code = codes.parse_code(codes.typed_code(typed))
    if code is None:
        return render(request, "commitments/verifying/not_found.html", _mistyped(typed), status=404)
    return redirect("commitments:verify_code", code=code)


def by_code(unknown):
    """View decorator: the view gets the declaration behind the code in its address. A code that is written otherwise
    leads to its one address, and one without a record is answered by `unknown`."""

    def decorate(view):
        @wraps(view)
        def found(request: HttpRequest, code: str) -> HttpResponse:
            parsed = codes.parse_code(code)
            if parsed is not None and parsed != code:
                return redirect(f"commitments:{view.__name__}", code=parsed)
            declaration = record.find(parsed)
            return view(request, declaration) if declaration else _later(unknown(request, code, parsed))

        return found

    return decorate


def _unknown_page(request: HttpRequest, code: str, parsed: str | None) -> HttpResponse:
    context = {"typed": code[:40]} if parsed else _mistyped(code[:40])
    return render(request, "commitments/verifying/not_found.html", context, status=_unknown(parsed))


def _unknown_json(request: HttpRequest, code: str, parsed: str | None) -> HttpResponse:
    return _json(record.unknown_as_json(mistyped=parsed is None), status=_unknown(parsed))


@login_not_required
@require_safe
@by_code(_unknown_page)
def verify_code(request: HttpRequest, declaration: Declaration) -> HttpResponse:
    context = {"record": record.record_of(declaration), "declaration": declaration}
    return render(request, "commitments/verifying/verify_code.html", context)


def _mistyped(typed: str) -> dict:
    """Why it cannot be a code: too many or too few letters, or else the last one does not fit."""
    length = len(codes.typed_code(typed))
    return {"typed": typed, "mistyped": True, "length": length, "wrong_length": length != codes.LENGTH + 1}


def _unknown(parsed: str | None) -> int:
    """404; 429 when this server has met too many unknown codes in a minute. A slip of the finger is not counted."""
    return 429 if parsed is not None and limits.too_many_unknown() else 404


def _later(response: HttpResponse) -> HttpResponse:
    if response.status_code in (429, 503):
        response.headers["Retry-After"] = "60"
    return response


@login_not_required
@require_safe
@by_code(_unknown_json)
def verify_json(request: HttpRequest, declaration: Declaration) -> HttpResponse:
    """The same facts, by the same look-up, for machines: docs/verification.md. No other site's script may read it."""
    return _json(record.as_json(record.record_of(declaration)))


def _json(facts: dict, status: int = 200) -> JsonResponse:
    headers = {"Cache-Control": "no-store"}  # a withdrawal shows at once
    return JsonResponse(
        facts, status=status, headers=headers, json_dumps_params={"ensure_ascii": False, "indent": 1}
    )


@login_not_required
@require_safe
@by_code(_unknown_json)
def evidence_json(request: HttpRequest, declaration: Declaration) -> HttpResponse:
    """bukti.json: the chain that anybody can check again, once signing is over.

    While it goes on, entries tell of posts what the public page does not: who said that they cannot sign yet.
    """
    if declaration.state == DeclarationState.OPEN:
        return _json(record.not_yet_as_json(), status=404)
    name = f"bukti-{declaration.printed_code}.json"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse(evidence.public_bytes(declaration), content_type="application/json", headers=headers)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def check_file(request: HttpRequest) -> HttpResponse:
    """A PDF against the record. It is read from memory, and forgotten with the request."""
    form = FileForm(request.POST, request.FILES) if request.method == "POST" else FileForm()
    context = {"form": form, "megabytes": settings.LARGEST_FILE // 2**20}
    if not form.is_valid():
        return _file_page(request, context, status=422 if form.is_bound else 200)
    try:
        context["finding"] = verbs.check(form.cleaned_data["file"].chunks())
    except Busy:
        return _later(_file_page(request, context | {"busy": True}, status=503))
    return _file_page(request, context)


def _file_page(request: HttpRequest, context: dict, status: int = 200) -> HttpResponse:
    return render(request, "commitments/verifying/check_file.html", context, status=status)
