"""What a signer sees: the tasks, the text to sign, the receipt."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, OuterRef, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agencies import nip
from agencies.http import Request
from agencies.models import Official, Tenure, User
from commitments import dates
from commitments.documents.strokes import outline_of
from commitments.models import Review, Signatory, Signature
from commitments.moves import MoveError
from commitments.permissions import visible_receipts
from commitments.signing import verbs
from commitments.signing.forms import DeclineForm, SignForm
from commitments.signing.marks import MAX_NAME, MAX_POINTS, MAX_STROKES
from commitments.signing.ways import Way
from commitments.states import DECLINABLE, Decision, DeclarationState, Method, SignatoryState

REFUSED = (SignatoryState.DECLINED, SignatoryState.EXCUSED)
LIMITS = {"strokes": MAX_STROKES, "points": MAX_POINTS, "name": MAX_NAME}


@require_GET
def tasks(request: Request) -> HttpResponse:
    slots = (
        Signatory.objects.held_by(request.user)
        .filter(declaration__state=DeclarationState.OPEN)
        .select_related("declaration", "position")
        .annotate(points=Count("declaration__points"))
        .with_return_reason()
        .with_holders()
        .in_protocol_order()
    )
    decisions = Review.objects.filter(signature=OuterRef("pk")).order_by("-at", "-pk").values("decision")
    signatures = (
        Signature.objects.of(request.user)
        .select_related("signatory__declaration")
        .annotate(decision=Subquery(decisions[:1]))
        .defer("strokes", "scan")
        .order_by("-signed_at", "-pk")
    )
    context = {
        "waiting": [slot for slot in slots if slot.state in DECLINABLE],
        "refused": [slot for slot in slots if slot.state in REFUSED],
        "signatures": signatures,
        "tenures": Tenure.objects.in_force().filter(official__user=request.user).select_related("position"),
    }
    return render(request, "commitments/signing/tasks.html", context)


@require_http_methods(["GET", "POST"])
def sign(request: Request, pk: int) -> HttpResponse:
    slot = _open_slot(request.user, pk)
    if slot is None:
        return _own_receipt(request.user, pk)
    if request.method == "GET":
        return _page(request, slot)
    form, signature = received(request, slot, by=request.user, official=SimpleLazyObject(_official(request)))
    if signature is None:
        return _page(request, slot, form=form, status=422)
    return redirect("commitments:receipt", signature.pk)


def _official(request: Request):
    return lambda: request.user.official


def received(
    request: HttpRequest, slot: Signatory, *, by: User | Way, official: Any
) -> tuple[SignForm, Signature | None]:
    """The form as it was sent, and the signature that came of it; None when the form says what is wrong."""
    form = SignForm(request.POST, slot=slot, official=official)
    if not form.is_valid():
        return form, None
    try:
        signature = verbs.sign(
            slot,
            mark=form.cleaned_data["mark"],
            consent=form.sentence,
            key=form.cleaned_data["key"],
            by=by,
            user_agent=request.headers.get("User-Agent", ""),
        )
    except MoveError as error:
        form.add_error(None, str(error))
        return form, None
    return form, signature


@require_POST
def decline(request: Request, pk: int) -> HttpResponse:
    slot = _open_slot(request.user, pk)
    if slot is None:
        return _own_receipt(request.user, pk)
    form = DeclineForm(request.POST)
    if declined(request, slot, form, by=request.user):
        return redirect("commitments:tasks")
    return _page(request, slot, decline_form=form, status=422)


def declined(request: HttpRequest, slot: Signatory, form: DeclineForm, *, by: User | Way) -> bool:
    """Whether the reason could be taken; a message says so, or why not."""
    if not form.is_valid():
        return False
    try:
        verbs.decline(slot, reason=form.cleaned_data["reason"], by=by)
    except MoveError as error:
        messages.error(request, str(error))
        return False
    messages.success(request, _("Alasan Anda tercatat. DPPPA akan menghubungi Anda."))
    return True


@require_GET
def receipt(request: Request, pk: int) -> HttpResponse:
    signatures = visible_receipts(request.user).select_related(
        "signatory__declaration", "signatory__position", "official__user"
    )
    signature = get_object_or_404(signatures, pk=pk)
    review = signature.reviews.order_by("-at", "-pk").first()
    context = {
        "signature": signature,
        "slot": signature.signatory,
        "declaration": signature.signatory.declaration,
        "review": review,
        "state": review.decision if review else SignatoryState.SIGNED,
        "own": request.user.pk in (signature.user_id, signature.official.user_id),
        "may_sign_again": _open_slot(request.user, signature.signatory_id) is not None,
        "path": outline_of(signature).d if signature.method == Method.DRAWN else "",
    }
    return render(request, "commitments/signing/receipt.html", context)


def _open_slot(user: User, pk: int) -> Signatory | None:
    """The slot, when this user may sign it now."""
    slot = Signatory.objects.open_for_signing().filter(pk=pk).select_related("declaration").first()
    tenure = slot.tenure_of(user, dates.today()) if slot else None
    if slot is None or tenure is None:
        return None
    slot.position = tenure.position
    return slot


def _own_receipt(user: User, pk: int) -> HttpResponse:
    """The receipt for whoever has signed this slot, so that a second tab shows the truth; else 404."""
    signatures = Signature.objects.of(user).filter(signatory__in=Signatory.objects.filter(pk=pk))
    signature = signatures.order_by("-signed_at", "-pk").first()
    if signature is None:
        raise Http404
    return redirect("commitments:receipt", signature.pk)


def _page(request: Request, slot: Signatory, *, status: int = 200, **forms) -> HttpResponse:
    official = request.user.official
    context = page_context(slot, holder=slot.holder, official=official, **forms) | {
        "may_decline": slot.state in DECLINABLE,
        "sign_url": reverse("commitments:sign", args=[slot.pk]),
        "decline_url": reverse("commitments:decline", args=[slot.pk]),
        "draft_of": request.user.pk,
    }
    return render(request, "commitments/signing/sign.html", context, status=status)


def page_context(
    slot: Signatory,
    *,
    holder: Tenure | None,
    official: Official,
    form: SignForm | None = None,
    decline_form: DeclineForm | None = None,
) -> dict[str, Any]:
    """What the page shows whoever signs, and however they came in."""
    returned = Review.objects.filter(signature__current_for=slot, decision=Decision.RETURNED)
    return {
        "slot": slot,
        "declaration": slot.declaration,
        "holder": holder,
        "nip": nip.masked(official.nip),
        "form": form or SignForm(slot=slot, official=official),
        "decline_form": decline_form or DeclineForm(),
        "returned": returned.first() if slot.state == SignatoryState.RETURNED else None,
        "limits": LIMITS,
    }
