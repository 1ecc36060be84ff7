"""Who is still missing, and reminding them; the dates of what is open."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from agencies.http import Request
from commitments.notifications import reminder_text
from commitments.permissions import requires, visible_declarations
from commitments.reminding import verbs
from commitments.reminding.calendar import upcoming
from commitments.reminding.forms import RemindForm
from commitments.reminding.missing import missing_from
from commitments.states import DeclarationState


@require_http_methods(["GET", "HEAD", "POST"])
@requires("remind")
def remind(request: Request, pk: int) -> HttpResponse:
    """Every missing post: by mail where there is an address, with a ready text where there is none."""
    open_ones = visible_declarations(request.user).filter(state=DeclarationState.OPEN)
    declaration = get_object_or_404(open_ones, pk=pk)
    missing = missing_from(declaration)
    form = RemindForm(request.POST if request.method == "POST" else None, missing=missing)
    if form.is_bound and form.is_valid():
        sent = verbs.remind(form.slots)
        _tell(request, sent, of=len(form.slots))
        return redirect("commitments:remind", pk=pk)
    for slot in missing.without_address:
        slot.text = reminder_text(slot)  # type: ignore[attr-defined]
    context = {"declaration": declaration, "missing": missing, "form": form}
    return render(request, "commitments/reminding/remind.html", context, status=422 if form.is_bound else 200)


def _tell(request: Request, sent: int, *, of: int) -> None:
    if sent:
        text = ngettext("%(n)d pengingat dikirim.", "%(n)d pengingat dikirim.", sent)
        messages.success(request, text % {"n": sent})
    if sent < of:
        text = ngettext(
            "%(n)d jabatan sudah diingatkan hari ini dan tidak dikirimi lagi.",
            "%(n)d jabatan sudah diingatkan hari ini dan tidak dikirimi lagi.",
            of - sent,
        )
        messages.info(request, text % {"n": of - sent})


@require_safe
def calendar(request: Request) -> HttpResponse:
    """What is open and by when, for whoever has a part in it."""
    return render(request, "commitments/reminding/calendar.html", {"months": upcoming(request.user)})
