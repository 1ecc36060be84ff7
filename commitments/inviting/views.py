"""The page of one post from which its holder is invited: by personal link, by letter, or beside a host."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from agencies.http import Request
from commitments.documents import invitation
from commitments.inviting import verbs
from commitments.models import Signatory
from commitments.moves import MoveError
from commitments.notifications import invitation_text
from commitments.permissions import may, requires, visible_signatories
from commitments.states import DeclarationState


def _slot(request: Request, pk: int) -> Signatory:
    slots = visible_signatories(request.user).select_related("declaration", "position__agency")
    return get_object_or_404(slots, pk=pk)


@require_safe
@requires("host")
def invite(request: Request, pk: int) -> HttpResponse:
    slot = _slot(request, pk)
    context = {
        "slot": slot,
        "holder": slot.holder,
        "links": slot.links.select_related("tenure__official__user", "made_by"),
        "text": invitation_text(slot) if slot.holder and slot.may_be_signed else "",
        "may_invite": may(request.user, "invite"),
        "may_edit": may(request.user, "manage_master_data"),
    }
    return render(request, "commitments/inviting/invite.html", context)


@require_POST
@requires("invite")
def link_make(request: Request, pk: int) -> HttpResponse:
    slot = _slot(request, pk)
    try:
        verbs.make_link(slot, by=request.user)
    except MoveError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Tautan pribadi dikirim ke pos-el pejabat ini."))
    return redirect("commitments:invite", pk=pk)


@require_POST
@requires("invite")
def link_end(request: Request, pk: int) -> HttpResponse:
    slot = _slot(request, pk)
    try:
        verbs.end_link(slot, by=request.user)
    except MoveError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Tautan dicabut dan tidak membuka apa pun lagi."))
    return redirect("commitments:invite", pk=pk)


@require_safe
@requires("host")
def letter_pdf(request: Request, pk: int) -> HttpResponse:
    """The invitation on paper, for a holder without an address. Its QR leads to a page that opens nothing by itself."""
    slot = _slot(request, pk)
    if not slot.may_be_signed or not slot.holder:
        messages.info(
            request, _("Surat undangan tersedia selama jabatan ini terisi dan belum menandatangani.")
        )
        return redirect("commitments:invite", pk=pk)
    paper = invitation.invitation_pdf(slot)
    headers = {
        "Content-Disposition": f'inline; filename="undangan-{slot.declaration.code}-{slot.pk}.pdf"',
        "Cache-Control": "no-store",
    }
    return HttpResponse(paper.content, content_type="application/pdf", headers=headers)


@login_not_required
@require_safe
def letter(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Where the QR of an invitation leads. Whoever may host goes on from here; everybody else learns where to go."""
    slots = Signatory.objects.exclude(declaration__state=DeclarationState.DRAFT)
    slot = get_object_or_404(slots.select_related("declaration", "position"), pk=pk, declaration__code=code)
    context = {"slot": slot, "may_host": may(request.user, "host")}
    return render(request, "commitments/inviting/letter.html", context)
