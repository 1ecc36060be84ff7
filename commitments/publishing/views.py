"""From a draft to a published, closed or withdrawn declaration: the pages."""

from collections.abc import Callable

from django.contrib import messages
from django.db.models import Count
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from agencies.http import Request
from commitments import dates
from commitments.models import Declaration, Letterhead
from commitments.moves import MoveError, impossible, not_open
from commitments.permissions import may, requires, visible_declarations
from commitments.publishing import checks, forms, texts, timeline, verbs
from commitments.states import HAS_SIGNED, DeclarationState, SignatoryState


def _declaration(request: Request, pk: int) -> Declaration:
    return get_object_or_404(
        visible_declarations(request.user).select_related("letterhead", "previous"), pk=pk
    )


@require_safe
def declaration_list(request: Request) -> HttpResponse:
    declarations = visible_declarations(request.user).annotate(
        total=Count("signatories", distinct=True), signed=timeline.SIGNED
    )
    context = {
        "declarations": declarations.order_by("-year", "-version", "-pk"),
        "may_prepare": may(request.user, "prepare"),
    }
    return render(request, "commitments/publishing/declaration_list.html", context)


@require_safe
def declaration_detail(request: Request, pk: int) -> HttpResponse:
    declaration = _declaration(request, pk)
    slots = list(declaration.signatories.select_related("position").in_protocol_order())
    states = [slot.state for slot in slots]
    context = {
        "declaration": declaration,
        "slots": slots,
        "signed": sum(state in HAS_SIGNED for state in states),
        "counts": [(state, states.count(state)) for state in SignatoryState if states.count(state)],
        "versions": timeline.versions_of(declaration),
        "timeline": timeline.timeline_of(declaration, slots),
        "may_prepare": may(request.user, "prepare"),
        "may_see_all": may(request.user, "see_all"),
    }
    return render(request, "commitments/publishing/declaration_detail.html", context)


@require_http_methods(["GET", "POST"])
@requires("prepare")
def declaration_new(request: Request) -> HttpResponse:
    today = dates.today()
    initial = {"year": today.year, "date": today, "city": True, "heads": True, "camat": True}
    initial |= {"letterhead": Letterhead.objects.first(), "title": texts.TITLE, "closing": texts.CLOSING}
    return _draft_form(request, Declaration(), initial)


@require_http_methods(["GET", "POST"])
@requires("prepare")
def declaration_edit(request: Request, pk: int) -> HttpResponse:
    declaration = _declaration(request, pk)
    if declaration.state != DeclarationState.DRAFT:
        return _too_late(request, declaration, verbs.no_draft())
    return _draft_form(request, declaration, None)


def _draft_form(request: Request, declaration: Declaration, initial: dict | None) -> HttpResponse:
    form = forms.DeclarationForm(request.POST or None, instance=declaration, initial=initial)
    if request.method == "POST" and form.is_valid():
        is_new = declaration.pk is None
        saved = form.save_draft(by=request.user)
        if is_new and checks.has_twin(saved):
            messages.warning(request, checks.twin_of(saved.year))
        messages.success(request, _("Draf tersimpan. Periksa pratinjaunya sebelum diterbitkan."))
        return redirect("commitments:declaration_detail", pk=saved.pk)
    context = {"form": form, "declaration": declaration}
    status = 422 if form.is_bound else 200
    return render(request, "commitments/publishing/declaration_form.html", context, status=status)


def _act(
    request: Request,
    declaration: Declaration,
    *,
    form: Form,
    act: Callable[[dict], Declaration | None],
    title: str,
    button: str,
    done: str,
    explain: str = "",
    facts: list[checks.Fact] | None = None,
    odd: list[str] | None = None,
    blocked: str = "",
) -> HttpResponse:
    """A page that explains, asks, and does: every action on a declaration, without any script.

    `blocked` says why it is impossible now; then nothing is offered to press.
    """
    error = blocked
    if request.method == "POST" and form.is_valid():
        try:
            result = act(form.cleaned_data)
        except MoveError as refused:
            error = str(refused)
        else:
            messages.success(request, done)
            if result is None:
                return redirect("commitments:declaration_list")
            return redirect("commitments:declaration_detail", pk=result.pk)
    context = {"declaration": declaration, "form": form, "title": title, "button": button, "error": error}
    context |= {"explain": explain, "facts": facts or [], "odd": odd or [], "blocked": blocked}
    return render(request, "commitments/publishing/act.html", context, status=422 if form.is_bound else 200)


def _too_late(request: Request, declaration: Declaration, sentence: str) -> HttpResponse:
    messages.error(request, sentence)
    return redirect("commitments:declaration_detail", pk=declaration.pk)


action = require_http_methods(["GET", "POST"])


def _data(request: Request):
    return request.POST if request.method == "POST" else None


@action
@requires("publish")
def declaration_publish(request: Request, pk: int) -> HttpResponse:
    declaration = _declaration(request, pk)
    if declaration.state != DeclarationState.DRAFT:
        return _too_late(request, declaration, _("Naskah ini sudah diterbitkan."))

    def act(data: dict) -> Declaration:
        verbs.publish(declaration, by=request.user)
        return declaration

    return _act(
        request,
        declaration,
        form=forms.ConfirmForm(_data(request)),
        act=act,
        title=_("Terbitkan naskah ini?"),
        button=_("Terbitkan"),
        done=_("Naskah diterbitkan dan terkunci. Undangan disiapkan untuk pejabat yang mempunyai pos-el."),
        explain=_(
            "Judul, pembuka, dasar hukum, butir, dan penutup dikunci dan diberi sidik. Setelah ini koreksi hanya dapat "
            "dibuat sebagai versi baru yang meminta tanda tangan baru."
        ),
        facts=checks.before_publishing(declaration),
        odd=checks.odd_in(declaration),
        blocked=verbs.lacking(declaration),
    )


@action
@requires("publish")
def declaration_close(request: Request, pk: int) -> HttpResponse:
    declaration = _declaration(request, pk)
    if declaration.state != DeclarationState.OPEN:
        return _too_late(request, declaration, not_open())
    waiting = declaration.signatories.filter(state=SignatoryState.SIGNED).count()
    unnumbered = _("Nomor naskah belum diisi. Setelah ditutup, nomor tidak dapat diisi lagi.")

    def act(data: dict) -> Declaration:
        verbs.close(declaration, by=request.user)
        return declaration

    return _act(
        request,
        declaration,
        form=forms.ConfirmForm(_data(request)),
        act=act,
        title=_("Tutup penandatanganan?"),
        button=_("Tutup penandatanganan"),
        done=_("Penandatanganan ditutup. Naskah final sedang disiapkan; lihat halaman cetak."),
        explain=_("Setelah ditutup tidak ada lagi yang dapat menandatangani naskah ini."),
        facts=checks.before_closing(declaration),
        odd=[] if declaration.number else [unnumbered],
        blocked=verbs.still_waiting(waiting) if waiting else "",
    )


@action
@requires("publish")
def declaration_withdraw(request: Request, pk: int) -> HttpResponse:
    declaration = _declaration(request, pk)

    def act(data: dict) -> Declaration:
        verbs.withdraw(declaration, reason=data["reason"], by=request.user)
        return declaration

    return _act(
        request,
        declaration,
        form=forms.ReasonForm(_data(request)),
        act=act,
        title=_("Cabut naskah ini?"),
        button=_("Cabut naskah"),
        done=_("Naskah dicabut. Halaman periksa keaslian sekarang menyatakan dicabut."),
        explain=_("Naskah tidak berlaku lagi. Tanda tangan dan riwayatnya tetap tersimpan."),
    )


@action
@requires("prepare")
def declaration_revise(request: Request, pk: int) -> HttpResponse:
    declaration = _declaration(request, pk)
    return _act(
        request,
        declaration,
        form=forms.ConfirmForm(_data(request)),
        act=lambda data: verbs.revise(declaration, by=request.user),
        title=_("Buat versi %(n)d?") % {"n": declaration.version + 1},
        button=_("Buat versi baru"),
        done=_("Draf versi baru dibuat. Versi lama tetap berlaku sampai versi ini diterbitkan."),
        explain=_(
            "Isinya disalin ke draf baru. Saat diterbitkan, versi lama digantikan "
            "dan semua jabatan diminta menandatangani lagi."
        ),
    )


@action
@requires("prepare")
def declaration_copy(request: Request, pk: int) -> HttpResponse:
    declaration = _declaration(request, pk)

    def act(data: dict) -> Declaration:
        copy = verbs.copy_year(declaration, year=data["year"], by=request.user)
        if checks.has_twin(copy):
            messages.warning(request, checks.twin_of(copy.year))
        return copy

    return _act(
        request,
        declaration,
        form=forms.YearForm(_data(request), initial={"year": declaration.year + 1}),
        act=act,
        title=_("Salin ke tahun lain"),
        button=_("Salin"),
        done=_(
            "Draf baru dibuat dari salinan. Periksa tanggal, pembuka, dan butirnya, lalu isi batas waktunya."
        ),
        explain=_(
            "Naskah, kop, dan daftar jabatan disalin ke draf baru, bertanggal sama pada tahun itu. "
            "Nomor dan batas waktu dikosongkan."
        ),
    )


@action
@requires("prepare")
def declaration_discard(request: Request, pk: int) -> HttpResponse:
    declaration = _declaration(request, pk)
    return _act(
        request,
        declaration,
        form=forms.ConfirmForm(_data(request)),
        act=lambda data: verbs.discard(declaration, by=request.user),
        title=_("Hapus draf ini?"),
        button=_("Hapus draf"),
        done=_("Draf dihapus."),
        explain=_("Draf yang dihapus tidak dapat dikembalikan."),
    )


@action
@requires("prepare")
def declaration_number(request: Request, pk: int) -> HttpResponse:
    declaration = _declaration(request, pk)
    if declaration.state not in (DeclarationState.DRAFT, DeclarationState.OPEN):
        sentence = _("Nomor tidak dapat diisi lagi: penandatanganan naskah ini sudah berakhir.")
        return _too_late(request, declaration, sentence)

    def act(data: dict) -> Declaration:
        verbs.set_number(declaration, number=data["number"], by=request.user)
        return declaration

    return _act(
        request,
        declaration,
        form=forms.NumberForm(_data(request), initial={"number": declaration.number}),
        act=act,
        title=_("Isi nomor naskah"),
        button=_("Simpan nomor"),
        done=_("Nomor tersimpan."),
        explain=_(
            "Nomor dapat diisi atau dibetulkan sampai penandatanganan ditutup; setiap perubahan tercatat di riwayat."
        ),
    )


@action
@requires("prepare")
def declaration_add_slot(request: Request, pk: int) -> HttpResponse:
    declaration = _declaration(request, pk)

    def act(data: dict) -> Declaration:
        verbs.add_slot(declaration, position=data["position"], by=request.user)
        return declaration

    form = forms.SlotForm(_data(request), declaration=declaration)
    some_left = form.fields["position"].queryset.exists()  # type: ignore[attr-defined]
    return _act(
        request,
        declaration,
        form=form,
        act=act,
        title=_("Tambah jabatan penanda tangan"),
        button=_("Tambah jabatan"),
        done=_("Jabatan ditambahkan dan undangan disiapkan."),
        blocked="" if some_left else _("Semua jabatan sudah ada di naskah ini."),
    )


@action
@requires("prepare")
def slot_excuse(request: Request, pk: int, slot_pk: int) -> HttpResponse:
    declaration = _declaration(request, pk)
    slot = get_object_or_404(declaration.signatories.select_related("position", "declaration"), pk=slot_pk)
    if not slot.may_be_excused:
        return _too_late(request, declaration, impossible())

    def act(data: dict) -> Declaration:
        verbs.excuse(slot, reason=data["reason"], by=request.user)
        return declaration

    return _act(
        request,
        declaration,
        form=forms.ReasonForm(_data(request)),
        act=act,
        title=_("Bebaskan %(post)s?") % {"post": slot.position},
        button=_("Bebaskan"),
        done=_("Jabatan dibebaskan dari penandatanganan."),
        explain=_("Jabatan ini tidak lagi diminta menandatangani. Alasannya tersimpan di riwayat."),
    )


@require_safe
@requires("prepare")
def letterhead_list(request: Request) -> HttpResponse:
    context = {"letterheads": Letterhead.objects.defer("logo")}
    return render(request, "commitments/publishing/letterhead_list.html", context)


@require_http_methods(["GET", "POST"])
@requires("prepare")
def letterhead_edit(request: Request, pk: int | None = None) -> HttpResponse:
    letterhead = get_object_or_404(Letterhead, pk=pk) if pk else Letterhead()
    form = forms.LetterheadForm(_data(request), request.FILES or None, instance=letterhead)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Kop naskah tersimpan."))
        return redirect("commitments:letterhead_list")
    context = {"form": form, "letterhead": letterhead}
    status = 422 if form.is_bound else 200
    return render(request, "commitments/publishing/letterhead_form.html", context, status=status)
