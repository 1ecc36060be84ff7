"""An operator's own office, and a page for each kecamatan."""

from django.db.models import Prefetch, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from agencies.http import Request
from agencies.kinds import PositionCategory
from agencies.models import Position, SubDistrict, Tenure
from commitments import notifications
from commitments.models import Signatory
from commitments.models.signatures import SignatoryQuerySet
from commitments.permissions import agencies_of
from commitments.states import MISSING, DeclarationState


@require_safe
def office(request: Request) -> HttpResponse:
    """The posts of the offices this login works for, what is signed or missing, and a text to remind with."""
    agencies = list(agencies_of(request.user).order_by("name"))
    slots = list(_published_slots().filter(position__agency__in=agencies).with_holders().with_return_reason())
    context = {
        "agencies": agencies,
        "positions": _positions_in_force().filter(agency__in=agencies),
        "slots": slots,
        "missing": [_missing(slot) for slot in slots if _is_missing(slot)],
    }
    return render(request, "commitments/offices/office.html", context)


def _is_missing(slot: Signatory) -> bool:
    return slot.declaration.state == DeclarationState.OPEN and slot.state in MISSING


def _missing(slot: Signatory) -> dict:
    """The slot, and a text to remind its holder with; none when the post is vacant."""
    return {"slot": slot, "text": notifications.reminder_text(slot) if slot.holder else ""}


@require_safe
def sub_district_list(request: Request) -> HttpResponse:
    camat = _positions_in_force().filter(category=PositionCategory.CAMAT)
    places = SubDistrict.objects.select_related("agency").prefetch_related(
        "villages", Prefetch("agency__positions", camat, to_attr="camat")
    )
    return render(request, "commitments/offices/sub_district_list.html", {"places": places})


@require_safe
def sub_district(request: Request, code: str) -> HttpResponse:
    """The camat, the villages, and what the kecamatan's posts signed over the years: state and time, no drawing."""
    place = get_object_or_404(SubDistrict.objects.select_related("agency"), code=code)
    context = {
        "place": place,
        "villages": place.villages.all(),
        "positions": _positions_in_force().filter(agency__sub_district=place),
        "slots": _published_slots().filter(position__agency__sub_district=place),
    }
    return render(request, "commitments/offices/sub_district.html", context)


def _positions_in_force() -> QuerySet[Position]:
    """Today's posts, each with today's holder as `holders`."""
    holders = Tenure.objects.in_force().select_related("official")
    positions = Position.objects.in_force().in_protocol_order()
    return positions.prefetch_related(Prefetch("tenures", holders, to_attr="holders"))


def _published_slots() -> SignatoryQuerySet:
    """The newest declaration first. A draft belongs to those who prepare it."""
    return (
        Signatory.objects.published()
        .select_related("declaration", "position", "current_signature")
        .defer("current_signature__strokes", "current_signature__scan")
        .order_by(
            "-declaration__year", "-declaration__version", "-declaration", "position__protocol_rank", "pk"
        )
    )
