"""Signing without a login: by a personal link and a one-time code, or beside a host. See `doors`."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agencies.http import Request
from agencies.models import Tenure, User
from commitments import dates, doors, links, notifications, one_time
from commitments.doors import Door
from commitments.models import Signatory, Signature, SigningLink
from commitments.moves import MoveError
from commitments.permissions import may
from commitments.signing.forms import DeclineForm, SignForm
from commitments.signing.views import declined, page_context, received
from commitments.signing.ways import ByLink, Hosted, dead_link
from commitments.states import DECLINABLE, CodePurpose

SLOTS = Signatory.objects.select_related("declaration", "position__agency")
UNKNOWN = gettext_lazy(
    "Tautan ini tidak dikenal. Buka lagi dari pos-el, atau salin seluruh tautannya ke kotak di bawah."
)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def door(request: Request) -> HttpResponse:
    """Where a personal link leads. Its secret stands behind the #, which no browser sends: it comes in by POST."""
    if request.method != "POST":
        return render(request, "commitments/signing/door.html")
    link = links.find(request.POST.get("secret", ""))
    if link is None:
        return render(request, "commitments/signing/door.html", {"error": UNKNOWN}, status=422)
    if not link.is_alive(dates.now()):
        return _gone(request, link)
    doors.begin(request, Door(link=link.pk))
    return redirect("commitments:door_code")


def _gone(request: Request, link: SigningLink) -> HttpResponse:
    """410: what became of it, and of a signature only what the public page says too."""
    context = {"link": link, "signature": link.signatures.select_related("signatory__declaration").first()}
    return render(request, "commitments/signing/door_gone.html", context, status=410)


def _link_of(request: Request, *, opened: bool) -> SigningLink:
    """The link that this session stands before; 404 without one."""
    door = doors.of(request)
    if door is None or door.link is None or (opened and not door.opened):
        raise Http404
    return (
        SigningLink.objects.select_related(
            "signatory__declaration", "signatory__position__agency", "tenure__official__user"
        )
        .filter(pk=door.link)
        .get()
    )


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def door_code(request: Request) -> HttpResponse:
    """The one-time code: asked for by one button, typed into one field."""
    link = _link_of(request, opened=False)
    if not link.is_alive(dates.now()):
        return _gone(request, link)
    if request.method != "POST":
        return _code_page(request, link)
    if "send" in request.POST:
        return _send_code(request, link)
    outcome = one_time.check(CodePurpose.LINK, links.subject_of(link), request.POST.get("code", ""))
    if outcome == one_time.Outcome.OK:
        doors.begin(request, Door(link=link.pk, opened=True))
        return redirect("commitments:door_sign")
    wrong = _("Kode belum cocok. Periksa lagi enam angka pada surat terakhir.")
    dead = _("Kode ini tidak berlaku lagi. Minta kode baru.")
    return _code_page(request, link, error=wrong if outcome == one_time.Outcome.WRONG else dead, status=422)


def _send_code(request: Request, link: SigningLink) -> HttpResponse:
    code = one_time.issue(CodePurpose.LINK, links.subject_of(link))
    if code is None:
        error = _("Sudah lima kode dikirim dalam satu jam. Tunggu sebentar, lalu minta lagi.")
        return _code_page(request, link, error=error, status=429)
    if not notifications.send_code(link, code):
        error = _("Surat belum dapat dikirim. Tunggu sebentar, lalu minta lagi.")
        return _code_page(request, link, error=error, status=503)
    messages.success(request, _("Kode dikirim. Buka pos-el Anda, lalu ketik enam angkanya di sini."))
    return redirect("commitments:door_code")


def _code_page(request: Request, link: SigningLink, *, error: str = "", status: int = 200) -> HttpResponse:
    context = {"link": link, "address": masked(link.tenure.official.address), "error": error}
    return render(request, "commitments/signing/door_code.html", context, status=status)


def masked(address: str) -> str:
    """a•••@contoh.go.id: enough for its owner to know which one."""
    name, _at, host = address.partition("@")
    return f"{name[:1]}•••@{host}" if host else ""


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def door_sign(request: Request) -> HttpResponse:
    """The signing page of whoever came in by a door."""
    door = doors.of(request)
    if door and door.signature:  # signed, by this session: the page asks here what became of it
        return redirect("commitments:door_done")
    way, slot, holder = _opened(request)
    if not slot.may_be_signed:
        return _end(request, dead_link())
    if request.method != "POST":
        return _page(request, way, slot, holder)
    form, signature = received(request, slot, by=way, official=holder.official)
    if signature is None:
        return _page(request, way, slot, holder, form=form, status=422)
    doors.begin(request, Door(signature=signature.pk))
    return redirect("commitments:door_done")


@login_not_required
@require_POST
def door_decline(request: Request) -> HttpResponse:
    way, slot, holder = _opened(request)
    form = DeclineForm(request.POST)
    if slot.state in DECLINABLE and declined(request, slot, form, by=way):
        return redirect("commitments:door_sign")
    return _page(request, way, slot, holder, decline_form=form, status=422)


def _opened(request: Request) -> tuple[ByLink | Hosted, Signatory, Tenure]:
    """How this session signs, which slot, and for whom; 404 when nothing was opened, or not any more."""
    door = doors.of(request)
    if door is None:
        raise Http404
    way: ByLink | Hosted
    if door.host is not None:
        host = User.objects.filter(pk=door.host, is_active=True).first()
        slot = SLOTS.filter(pk=door.slot or 0).first()
        if host is None or slot is None or not _still_hosts(host, door):
            raise Http404
        way = Hosted(host)
    else:
        link = _link_of(request, opened=True)
        way, slot = ByLink(link), link.signatory
    try:
        return way, slot, way.tenure(slot, dates.now())
    except MoveError:
        raise Http404 from None


def _still_hosts(host: User, door: Door) -> bool:
    """A role that was taken away, and a new password, end what the host has opened."""
    return may(host, "host") and constant_time_compare(door.proof, host.get_session_auth_hash())


def _page(
    request: Request,
    way: ByLink | Hosted,
    slot: Signatory,
    holder: Tenure,
    *,
    form: SignForm | None = None,
    decline_form: DeclineForm | None = None,
    status: int = 200,
) -> HttpResponse:
    context = page_context(
        slot, holder=holder, official=holder.official, form=form, decline_form=decline_form
    ) | {
        "may_decline": isinstance(way, ByLink) and slot.state in DECLINABLE,
        "hosted_by": str(way.host) if isinstance(way, Hosted) else "",
        "sign_url": reverse("commitments:door_sign"),
        "decline_url": reverse("commitments:door_decline"),
        "draft_of": f"pintu-{holder.pk}",
    }
    return render(request, "commitments/signing/sign.html", context, status=status)


def _end(request: Request, sentence: str) -> HttpResponse:
    doors.leave(request)
    return render(request, "commitments/signing/door.html", {"error": sentence}, status=410)


@login_not_required
@require_safe
def door_done(request: Request) -> HttpResponse:
    """The receipt, as long as the session lasts. Whoever hands the device back ends it by one button."""
    door = doors.of(request)
    if door is None or door.signature is None:
        raise Http404
    signatures = Signature.objects.select_related("signatory__declaration", "signatory__position")
    signature = signatures.get(pk=door.signature)
    context = {"signature": signature, "declaration": signature.signatory.declaration}
    return render(request, "commitments/signing/door_done.html", context)


@login_not_required
@require_POST
def door_leave(request: Request) -> HttpResponse:
    doors.leave(request)
    return redirect("commitments:landing")
