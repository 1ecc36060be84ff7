"""The matrix, the queue, and the page on which one signature is decided."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agencies.http import Request, download
from agencies.models import User
from agencies.sheets import Table, as_file
from commitments.documents.strokes import outline_of, remembered
from commitments.models import Declaration, Signature
from commitments.models.signatures import SignatureQuerySet
from commitments.moves import MoveError
from commitments.permissions import (
    may,
    published_declarations,
    requires,
    reviewable_signatures,
    visible_signatories,
)
from commitments.reviewing import verbs
from commitments.reviewing.forms import AcceptManyForm, ReturnForm, signed_list
from commitments.reviewing.history import history_of
from commitments.reviewing.matrix import matrix_of
from commitments.reviewing.sheets import matrix_table, queue_table
from commitments.states import Method, SignatoryState

BATCH = 12  # signatures on one page: as many as an eye still looks at one by one
FILTERS = {"state": "keadaan", "query": "q", "group": "kelompok"}


def _published(request: Request, pk: int) -> Declaration:
    return get_object_or_404(published_declarations(request.user), pk=pk)


def _asked(request: Request) -> dict[str, Any]:
    return {name: request.GET.get(key, "")[:100] for name, key in FILTERS.items()}


def _matrix(request: Request, pk: int, template: str) -> HttpResponse:
    declaration, asked = _published(request, pk), _asked(request)
    context = {
        "declaration": declaration,
        "matrix": matrix_of(declaration, **asked),
        "asked": request.GET.urlencode(),
        "may_review": may(request.user, "review"),
        "may_host": may(request.user, "host"),
        "may_prepare": may(request.user, "prepare"),
    }
    return render(request, template + ("#live" if request.htmx else ""), context)


@require_safe
@requires("see_all")
def matrix(request: Request, pk: int) -> HttpResponse:
    return _matrix(request, pk, "commitments/reviewing/matrix.html")


@require_safe
@requires("see_all")
def matrix_map(request: Request, pk: int) -> HttpResponse:
    return _matrix(request, pk, "commitments/reviewing/matrix_map.html")


@require_safe
@requires("see_all")
def matrix_sheet(request: Request, pk: int, form: str) -> HttpResponse:
    """The matrix as XLSX or CSV, filtered as the page is."""
    declaration = _published(request, pk)
    slots = declaration.signatories.for_matrix().prefetch_related("current_signature__reviews__by")
    table = matrix_table(matrix_of(declaration, slots=slots, **_asked(request)))
    return _sheet(form, f"matriks-{declaration.year}-versi-{declaration.version}", table)


@require_safe
@requires("see_all")
def slot_history(request: Request, pk: int) -> HttpResponse:
    """All that happened to one post on one declaration, and who held it."""
    slots = visible_signatories(request.user).select_related("declaration", "position__agency")
    slot = get_object_or_404(slots, pk=pk)
    events = history_of(slot)
    context = {
        "slot": slot,
        "events": events,
        "signed": slot.current_signature_id is not None,
        "may_host": may(request.user, "host"),
    }
    return render(request, "commitments/reviewing/slot_history.html", context)


def _sheet(form: str, name: str, table: Table) -> HttpResponse:
    return download(f"{name}.{form}", as_file(form, name, table))


def _queue(request: Request):
    waiting = reviewable_signatures(request.user).waiting_for_review()
    return waiting.select_related("signatory__declaration", "official", "link").defer("strokes", "scan")


def _with_path(signature: Signature) -> Signature:
    signature.path = outline_of(signature).d if signature.method == Method.DRAWN else ""  # type: ignore[attr-defined]
    return signature


def _with_paths(signatures: SignatureQuerySet, user: User) -> list[Signature]:
    """Each with its picture, and whether this user decides it.

    Drawings, the bulk of a row, are read only for pictures that this process has not made.
    """
    found = list(signatures)
    unknown = []
    for signature in found:
        known = remembered(signature)
        signature.path = known.d if known else ""
        signature.decides = not verbs.had_a_hand_in(signature, user)
        if signature.method == Method.DRAWN and not known:
            unknown.append(signature)
    strokes = Signature.objects.filter(pk__in=[signature.pk for signature in unknown]).values_list(
        "pk", "strokes"
    )
    drawn = dict(strokes) if unknown else {}
    for signature in unknown:
        signature.strokes = drawn[signature.pk]
        _with_path(signature)
    return found


@require_safe
@requires("review")
def review_queue(request: Request) -> HttpResponse:
    context = {"queue": _with_paths(_queue(request), request.user), "waiting": None}
    return render(request, "commitments/reviewing/queue.html", context)


@require_safe
@requires("review")
def queue_sheet(request: Request, form: str) -> HttpResponse:
    return _sheet(form, "menunggu-pemeriksaan", queue_table(_queue(request)))


@require_http_methods(["GET", "HEAD", "POST"])
@requires("review")
def review_many(request: Request) -> HttpResponse:
    """A page of signatures side by side; those that were looked at and ticked are accepted together."""
    form = AcceptManyForm(request.POST, by=request.user) if request.method == "POST" else None
    if form and form.is_valid():
        chosen = reviewable_signatures(request.user).filter(pk__in=form.cleaned_data["chosen"])
        accepted, refused = verbs.accept_many(
            chosen.select_related("signatory__declaration"), by=request.user
        )
        if accepted:
            text = ngettext("%(n)d tanda tangan diterima.", "%(n)d tanda tangan diterima.", accepted)
            messages.success(request, text % {"n": accepted})
        for sentence in refused:
            messages.error(request, sentence)
        return redirect("commitments:review_many" if _queue(request).exists() else "commitments:review_queue")
    queue = _with_paths(_queue(request)[:BATCH], request.user)
    context = {
        "queue": queue,
        "waiting": _queue(request).count(),
        "shown": signed_list(queue, by=request.user),
        "chosen": set(request.POST.getlist("chosen")) if form else set(),
        "errors": [error for errors in form.errors.values() for error in errors] if form else [],
    }
    return render(request, "commitments/reviewing/many.html", context, status=422 if form else 200)


@require_safe
def review(request: Request, pk: int) -> HttpResponse:
    return _review_page(request, _signature(request, pk), ReturnForm())


def _signature(request: Request, pk: int) -> Signature:
    signatures = reviewable_signatures(request.user)
    return get_object_or_404(
        signatures.select_related("signatory__declaration", "signatory__position__agency"), pk=pk
    )


def _review_page(request: Request, signature: Signature, form: ReturnForm, status: int = 200) -> HttpResponse:
    queue = list(_queue(request))
    places = [waiting.pk for waiting in queue]
    place = places.index(signature.pk) if signature.pk in places else None
    earlier = Signature.objects.filter(official=signature.official).exclude(pk=signature.pk)
    slot = signature.signatory
    is_current = slot.current_signature_id == signature.pk
    decides = is_current and not verbs.had_a_hand_in(signature, request.user)
    context = {
        "signature": _with_path(signature),
        "slot": slot,
        "form": form,
        "queue": queue,
        "place": None if place is None else place + 1,
        "previous": queue[place - 1] if place else None,
        "next": queue[place + 1] if place is not None and place + 1 < len(queue) else None,
        "earlier": [_with_path(other) for other in earlier.order_by("-signed_at")[:3]],
        "reviews": list(signature.reviews.select_related("by")),
        "is_current": is_current,
        "had_a_hand": is_current and not decides,
        "same_text": signature.text_digest == slot.declaration.text_digest,
        "may_accept": decides and slot.may_become(SignatoryState.ACCEPTED),
        "may_return": decides and slot.may_become(SignatoryState.RETURNED),
    }
    return render(request, "commitments/reviewing/review.html", context, status=status)


def _next(request: Request, *, after: Signature) -> HttpResponse:
    """The next in the queue; the queue's own page once it is empty."""
    waiting = _queue(request).exclude(pk=after.pk).first()
    return redirect("commitments:review", pk=waiting.pk) if waiting else redirect("commitments:review_queue")


@require_POST
def review_accept(request: Request, pk: int) -> HttpResponse:
    signature = _signature(request, pk)
    try:
        verbs.accept(signature, by=request.user)
        messages.success(request, _("Tanda tangan %(post)s diterima.") % {"post": signature.position_title})
    except MoveError as error:
        messages.error(request, str(error))
    if not request.htmx:
        return _next(request, after=signature)
    signature.signatory.refresh_from_db()
    context = {"signature": _with_path(signature), "waiting": _queue(request).count()}
    return render(request, "commitments/reviewing/queue.html#row", context)


@require_POST
def review_return(request: Request, pk: int) -> HttpResponse:
    signature = _signature(request, pk)
    form = ReturnForm(request.POST)
    if not form.is_valid():
        return _review_page(request, signature, form, status=422)
    try:
        verbs.give_back(signature, reason=form.cleaned_data["text"], by=request.user)
        messages.success(request, _("Dikembalikan kepada %(post)s.") % {"post": signature.position_title})
    except MoveError as error:
        messages.error(request, str(error))
    return _next(request, after=signature)


@require_safe
def review_scan(request: Request, pk: int) -> HttpResponse:
    signature = get_object_or_404(reviewable_signatures(request.user), pk=pk, method=Method.SCANNED)
    return HttpResponse(
        bytes(signature.scan or b""), content_type="image/png", headers={"Cache-Control": "no-store"}
    )
