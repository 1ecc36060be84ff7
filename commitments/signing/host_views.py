"""Beside a holder who has no way in of their own: handing a device over, and bringing in what was signed in ink."""

from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agencies.http import Request
from agencies.models import Tenure
from commitments import dates, doors
from commitments.doors import Door
from commitments.models import Signatory
from commitments.moves import MoveError
from commitments.permissions import requires, visible_signatories
from commitments.signing import verbs
from commitments.signing.forms import HostForm, ScanForm
from commitments.signing.ways import Hosted


@require_http_methods(["GET", "HEAD", "POST"])
@requires("host")
def host(request: Request, pk: int) -> HttpResponse:
    """The host answers for who is there; then the login ends here, and the device is the holder's for one signature."""
    slot, holder, refused = _hosted_slot(request, pk)
    form = HostForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid() and not refused:
        by = request.user
        doors.begin(request, Door(host=by.pk, proof=by.get_session_auth_hash(), slot=slot.pk))
        return redirect("commitments:door_sign")
    context = {"slot": slot, "holder": holder, "form": form, "refused": refused}
    return render(request, "commitments/signing/host.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("host")
def scan(request: Request, pk: int) -> HttpResponse:
    """A row of the wet-ink sheet, scanned: the signature of its post, with the name of whoever brought it in."""
    slot, holder, refused = _hosted_slot(request, pk)
    form = ScanForm(request.POST, request.FILES) if request.method == "POST" else ScanForm()
    if form.is_bound and not refused and form.is_valid():
        try:
            verbs.sign(
                slot,
                mark=form.cleaned_data["mark"],
                consent=form.consent(),
                key=uuid4(),
                by=Hosted(request.user),
                user_agent=request.headers.get("User-Agent", ""),
            )
        except MoveError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Tanda tangan tinta basah tersimpan dan menunggu diperiksa."))
            return redirect("commitments:slot_history", pk=slot.pk)
    context = {"slot": slot, "holder": holder, "form": form, "refused": refused}
    return render(request, "commitments/signing/scan.html", context, status=422 if form.is_bound else 200)


def _hosted_slot(request: Request, pk: int) -> tuple[Signatory, Tenure | None, str]:
    """The slot, who would sign, and why that is impossible now."""
    slots = visible_signatories(request.user).select_related("declaration", "position__agency")
    slot = get_object_or_404(slots, pk=pk)
    if not slot.may_be_signed:
        return slot, slot.holder, _("Jabatan ini tidak dapat ditandatangani pada keadaan sekarang.")
    try:
        return slot, Hosted(request.user).tenure(slot, dates.now()), ""
    except MoveError as error:
        return slot, slot.holder, str(error)
