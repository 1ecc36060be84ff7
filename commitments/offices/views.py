"""An operator's own office, and a page for each kecamatan."""

from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from agencies.http import Request
from agencies.models import Position, SubDistrict, Tenure
from commitments import notifications
from commitments.models import Signatory
from commitments.permissions import agencies_of
from commitments.states import SIGNABLE, DeclarationState


@require_safe
def office(request: Request) -> HttpResponse:
    """The posts of the offices this login works for, what is signed or missing, and a text to remind with."""
    agencies = list(agencies_of(request.user).order_by("name"))
    holders = Tenure.objects.in_force().select_related("official")
    positions = (
        Position.objects.in_force().filter(agency__in=agencies).select_related("agency").in_protocol_order()
    )
    slots = (
        Signatory.objects.exclude(declaration__state=DeclarationState.DRAFT)
        .filter(position__agency__in=agencies)
        .select_related("declaration", "position", "current_signature")
        .defer("current_signature__strokes", "current_signature__scan")
        .with_holders()
        .order_by("-declaration__year", "-declaration__version", "position__protocol_rank")
    )
    slots = list(slots)
    context = {
        "agencies": agencies,
        "positions": positions.prefetch_related(Prefetch("tenures", holders, to_attr="holders")),
        "slots": slots,
        "missing": [_missing(slot) for slot in slots if _is_missing(slot)],
    }
    return render(request, "commitments/offices/office.html", context)


def _is_missing(slot: Signatory) -> bool:
    return slot.declaration.state == DeclarationState.OPEN and slot.state in SIGNABLE


def _missing(slot: Signatory) -> dict:
    return {"slot": slot, "text": notifications.reminder_text(slot)}


@require_safe
def sub_district_list(request: Request) -> HttpResponse:
    holders = Tenure.objects.in_force().select_related("official")
    camat = Position.objects.in_force().filter(category="camat")
    camat = camat.prefetch_related(Prefetch("tenures", holders, to_attr="holders"))
    places = SubDistrict.objects.prefetch_related(
        "villages", Prefetch("agency__positions", camat, to_attr="camat")
    ).select_related("agency")
    return render(request, "commitments/offices/sub_district_list.html", {"places": places})


@require_safe
def sub_district(request: Request, code: str) -> HttpResponse:
    """The camat, the villages, and what the kecamatan's posts signed over the years: states and dates, no drawing."""
    place = get_object_or_404(SubDistrict.objects.select_related("agency"), code=code)
    holders = Tenure.objects.in_force().select_related("official")
    positions = Position.objects.in_force().filter(agency__sub_district=place).in_protocol_order()
    slots = (
        Signatory.objects.exclude(declaration__state=DeclarationState.DRAFT)
        .filter(position__agency__sub_district=place)
        .select_related("declaration", "position", "current_signature")
        .defer("current_signature__strokes", "current_signature__scan")
        .order_by("-declaration__year", "-declaration__version", "position__protocol_rank")
    )
    context = {
        "place": place,
        "villages": place.villages.all(),
        "positions": positions.prefetch_related(Prefetch("tenures", holders, to_attr="holders")),
        "slots": slots,
    }
    return render(request, "commitments/offices/sub_district.html", context)
