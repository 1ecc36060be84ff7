"""The printer's page of a declaration, and its papers."""

import logging

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from agencies.http import Request
from commitments.documents import declaration as papers
from commitments.documents import keys, receipt, stored, wet_ink
from commitments.models import Declaration
from commitments.moves import MoveError
from commitments.permissions import may, requires, visible_declarations, visible_receipts
from commitments.printing import jobs
from commitments.states import MISSING, DeclarationState, PageSize

logger = logging.getLogger(__name__)


def _declaration(request: Request, pk: int) -> Declaration:
    return get_object_or_404(visible_declarations(request.user).select_related("letterhead"), pk=pk)


def _page_size(request: Request, declaration: Declaration) -> str:
    asked = request.GET.get("kertas", "")
    return asked if asked in PageSize.values else declaration.page_size


def _pdf(content: bytes, declaration: Declaration, what: str) -> HttpResponse:
    name = f"{slugify(what)}-{declaration.year}-v{declaration.version}-{slugify(declaration.code)}.pdf"
    headers = {"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "private, no-store"}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


@require_safe
def print_page(request: Request, pk: int) -> HttpResponse:
    """While the final paper is being made, htmx asks again and again for the part that changes."""
    declaration = _declaration(request, pk)
    job = jobs.of(declaration)
    context = {
        "declaration": declaration,
        "final": declaration.final(),
        "job": job,
        "may_run_again": job and jobs.may_run_again(job),
        "seal": keys.state(),
        "may_issue": may(request.user, "print"),
        "may_mend": may(request.user, "publish"),
        "sizes": PageSize.choices,
    }
    part = "#paper" if request.htmx else ""
    return render(request, f"commitments/printing/print_page.html{part}", context)


@require_POST
@requires("print")
def issue_final(request: Request, pk: int) -> HttpResponse:
    declaration = _declaration(request, pk)
    try:
        jobs.ask(declaration, by=request.user)
    except MoveError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Naskah final sedang disiapkan."))
    return redirect("commitments:print_page", pk=pk)


@require_POST
@requires("publish")
def paper_again(request: Request, pk: int) -> HttpResponse:
    """An administrator has a stuck paper made again, or one without a seal where there is none."""
    declaration = _declaration(request, pk)
    job = get_object_or_404(declaration.paper_jobs)
    try:
        again = jobs.run_again(job, unsealed="unsealed" in request.POST)
    except MoveError as error:
        messages.error(request, str(error))
    else:
        text = (
            _("Naskah final dibuat ulang.")
            if again
            else _("Naskah final sedang dibuat atau sudah tersimpan.")
        )
        messages.success(request, text)
    return redirect("commitments:print_page", pk=pk)


@require_safe
def declaration_pdf(request: Request, pk: int) -> HttpResponse:
    """A preview, marked DRAF, at any time."""
    declaration = _declaration(request, pk)
    size = _page_size(request, declaration)
    paper = papers.declaration_pdf(declaration, final=False, page_size=size)
    return _pdf(paper.content, declaration, "pratinjau")


@require_safe
def final_pdf(request: Request, pk: int) -> HttpResponse:
    """The issued paper, from storage, after its hash was checked."""
    declaration = _declaration(request, pk)
    document = declaration.final()
    if document is None:
        messages.info(request, _("Naskah final belum terbit."))
        return redirect("commitments:print_page", pk=pk)
    try:
        content = stored.content_of(document)
    except stored.DamagedFile:
        logger.error("document %s is missing or was changed", document.pk)
        return render(request, "commitments/printing/damaged.html", {"declaration": declaration}, status=503)
    return _pdf(content, declaration, "final")


@require_safe
def wet_ink_pdf(request: Request, pk: int) -> HttpResponse:
    """Blank, so only while there is something to sign: not before the text is frozen, not after the close."""
    declaration = _declaration(request, pk)
    if declaration.state != DeclarationState.OPEN:
        messages.info(request, _("Lembar tanda tangan basah tersedia selama penandatanganan dibuka."))
        return redirect("commitments:print_page", pk=pk)
    if not declaration.signatories.filter(state__in=MISSING).exists():
        messages.info(
            request, _("Semua jabatan sudah menandatangani, jadi tidak ada baris untuk lembar ini.")
        )
        return redirect("commitments:print_page", pk=pk)
    size, whole = _page_size(request, declaration), may(request.user, "review")
    paper = wet_ink.wet_ink_pdf(declaration, page_size=size, whole_nips=whole)
    return _pdf(paper.content, declaration, "tinta-basah")


@require_safe
def receipt_pdf(request: Request, pk: int) -> HttpResponse:
    signatures = visible_receipts(request.user).select_related(
        "signatory__declaration", "signatory__position"
    )
    signature = get_object_or_404(signatures, pk=pk)
    paper = receipt.receipt_pdf(signature)
    return _pdf(paper.content, signature.signatory.declaration, f"bukti-{signature.number}")
