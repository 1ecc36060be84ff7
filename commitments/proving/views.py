"""The evidence of an action, its files, and the queue of whoever looks at them. To see is `visible_plans`: else 404."""

import logging
from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agencies.http import Request
from commitments.documents import stored
from commitments.models import Action, Evidence, EvidenceFile, Plan
from commitments.moves import MoveError
from commitments.permissions import verifiable_plans, visible_plans, workable_plans
from commitments.proving import kinds, verbs
from commitments.proving.forms import DecideForm, EvidenceForm, ReturnForm, UploadForm, problems_of
from commitments.proving.room import queue_of, room_of
from commitments.proving.verbs import Outcome
from commitments.seen import seen_of
from commitments.states import EDITABLE, WorkState

logger = logging.getLogger(__name__)
# A stranger's file runs nothing and loads nothing. Browsers show a PDF by a viewer of theirs, which `sandbox` forbids.
POLICY = (
    "default-src 'none'; img-src 'self'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'"
)
SANDBOX = f"{POLICY}; sandbox"


def _action(pk: int, plans: QuerySet[Plan]) -> Action:
    return get_object_or_404(Action.objects.select_related("plan__agency"), pk=pk, plan__in=plans)


def _evidence(pk: int, plans: QuerySet[Plan]) -> Evidence:
    found = Evidence.objects.select_related("action__plan__agency")
    return get_object_or_404(found, pk=pk, action__plan__in=plans)


@require_http_methods(["GET", "HEAD", "POST"])
def evidence_list(request: Request, pk: int) -> HttpResponse:
    """The room of an action; a POST brings files, and answers a script in JSON, file by file."""
    if request.method != "POST":
        return _room(request, _action(pk, visible_plans(request.user)))
    action = _action(pk, workable_plans(request.user))
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        problems = problems_of(form)
        return _told(request, [Outcome("", False, text) for text in problems]) or _room(
            request, action, problems=problems
        )
    outcomes = verbs.add_many(action, form.cleaned_data["file"], by=request.user)
    if told := _told(request, outcomes):
        return told
    if not all(outcome.kept for outcome in outcomes):
        return _room(request, action, outcomes=outcomes)
    text = ngettext("%(n)d berkas tersimpan.", "%(n)d berkas tersimpan.", len(outcomes))
    messages.success(request, text % {"n": len(outcomes)})
    return redirect("commitments:evidence_list", pk=pk)


def _told(request: Request, outcomes: list[Outcome]) -> JsonResponse | None:
    """The answer to static/js/evidence.js; nothing for who wants a page."""
    if request.get_preferred_type(["text/html", "application/json"]) != "application/json":
        return None
    told = [{"name": outcome.name, "kept": outcome.kept, "text": outcome.text} for outcome in outcomes]
    return JsonResponse({"files": told}, status=200 if any(outcome.kept for outcome in outcomes) else 422)


def _room(
    request: Request,
    action: Action,
    *,
    outcomes: list[Outcome] | None = None,
    problems: list[str] | None = None,
    piece: int = 0,
) -> HttpResponse:
    """`problems` belong to the piece of that number, or to the form for new files."""
    context = {
        "action": action,
        "room": room_of(action, request.user),
        "kept": [outcome for outcome in outcomes or [] if outcome.kept],
        "refused": [outcome for outcome in outcomes or [] if not outcome.kept],
        "problems": problems or [],
        "wrong": piece,
        "typed": request.POST.get("note", ""),
        "accept": kinds.ACCEPT,
        "megabytes": settings.LARGEST_FILE // kinds.MEGABYTE,
        "largest": settings.LARGEST_FILE,
        "most": verbs.MOST_FILES,
    }
    status = 422 if outcomes or problems else 200
    return render(request, "commitments/proving/room.html", context, status=status)


@require_POST
def evidence_replace(request: Request, pk: int) -> HttpResponse:
    evidence = _evidence(pk, workable_plans(request.user))
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _refused(request, evidence, problems_of(form))
    if len(form.cleaned_data["file"]) > 1:
        return _refused(request, evidence, [_("Pilih satu berkas saja untuk mengganti bukti ini.")])
    try:
        verbs.replace(evidence, form.cleaned_data["file"][0], by=request.user)
    except kinds.FileRefused as error:
        return _refused(request, evidence, [str(error)])
    except MoveError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Versi baru tersimpan. Ajukan bila sudah siap diperiksa."))
    return _back(evidence)


def _refused(request: Request, evidence: Evidence, problems: list[str]) -> HttpResponse:
    return _room(request, evidence.action, problems=problems, piece=evidence.pk)


def _back(evidence: Evidence) -> HttpResponse:
    room = reverse("commitments:evidence_list", args=[evidence.action_id])
    return redirect(f"{room}#bukti-{evidence.pk}")


def _moved(request: Request, evidence: Evidence, move: Callable[[], None], done: str) -> HttpResponse:
    """Only about what was looked at, where the page says what it showed."""
    try:
        if request.POST.get("seen", seen_of(evidence)) != seen_of(evidence):
            raise MoveError(_("Bukti ini berubah sejak Anda membukanya. Lihat lagi, lalu putuskan."))
        move()
    except MoveError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done)
    return _back(evidence)


@require_http_methods(["GET", "HEAD", "POST"])
def evidence_edit(request: Request, pk: int) -> HttpResponse:
    evidence = _evidence(pk, workable_plans(request.user))
    if evidence.state not in EDITABLE:
        messages.info(
            request, _("Bukti ini sudah diajukan. Nama dan kriterianya tidak dapat diubah sekarang.")
        )
        return _back(evidence)
    form = EvidenceForm(request.POST or None, instance=evidence)
    if form.is_valid():  # and so nobody changed it meanwhile: the form has compared
        try:
            verbs.describe(evidence, title=form.cleaned_data["title"], criteria=form.cleaned_data["criteria"])
        except MoveError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("Nama dan kriteria tersimpan."))
        return _back(evidence)
    context = {"form": form, "evidence": evidence, "action": evidence.action}
    status = 422 if form.is_bound else 200
    return render(request, "commitments/proving/evidence_form.html", context, status=status)


@require_POST
def evidence_submit(request: Request, pk: int) -> HttpResponse:
    evidence = _evidence(pk, workable_plans(request.user))
    return _moved(
        request,
        evidence,
        lambda: verbs.submit(evidence, by=request.user),
        _("Bukti diajukan untuk diperiksa."),
    )


@require_POST
def evidence_submit_all(request: Request, pk: int) -> HttpResponse:
    action = _action(pk, workable_plans(request.user))
    submitted, refused = verbs.submit_drafts(action, by=request.user)
    if submitted:
        text = ngettext("%(n)d bukti diajukan.", "%(n)d bukti diajukan.", submitted)
        messages.success(request, text % {"n": submitted})
    for sentence in refused:
        messages.error(request, sentence)
    if not submitted and not refused:
        messages.info(request, _("Tidak ada draf yang dapat diajukan."))
    return redirect("commitments:evidence_list", pk=pk)


@require_POST
def evidence_accept(request: Request, pk: int) -> HttpResponse:
    evidence = _evidence(pk, verifiable_plans(request.user))
    form = DecideForm(request.POST)
    if not form.is_valid():
        return _refused(request, evidence, problems_of(form))
    version = form.cleaned_data["version"]
    return _moved(
        request,
        evidence,
        lambda: verbs.accept(evidence, version=version, by=request.user),
        _("Bukti diterima."),
    )


@require_POST
def evidence_return(request: Request, pk: int) -> HttpResponse:
    evidence = _evidence(pk, verifiable_plans(request.user))
    form = ReturnForm(request.POST)
    if not form.is_valid():
        return _refused(request, evidence, problems_of(form))
    values = form.cleaned_data
    return _moved(
        request,
        evidence,
        lambda: verbs.give_back(evidence, version=values["version"], note=values["note"], by=request.user),
        _("Bukti dikembalikan untuk diperbaiki."),
    )


@require_safe
def evidence_file(request: Request, pk: int, version: int) -> HttpResponse:
    """The bytes of one version, after its hash was checked: pictures and PDFs to look at, all else to keep."""
    evidence = _evidence(pk, visible_plans(request.user))
    if evidence.state == WorkState.DRAFT:
        _evidence(pk, workable_plans(request.user))  # the office's own until it is handed in
    file = get_object_or_404(EvidenceFile, evidence=evidence, version=version)
    try:
        content = stored.content_of(file)
    except stored.DamagedFile:
        logger.error("evidence file %s is missing or was changed", file.pk)
        return render(request, "commitments/proving/damaged.html", {"evidence": file.evidence}, status=503)
    kind = kinds.KINDS[file.kind]
    headers = {
        "Content-Disposition": content_disposition_header(not kind.inline, file.name) or "attachment",
        "Content-Security-Policy": POLICY if kind == kinds.PDF else SANDBOX,
    }
    return HttpResponse(content, content_type=kind.media_type, headers=headers)


@require_safe
def evidence_queue(request: Request) -> HttpResponse:
    return render(request, "commitments/proving/queue.html", {"queue": queue_of(request.user)})
