"""Laporan triwulan: an office writes and hands in, somebody of another office looks at it."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import BaseForm
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agencies.http import Request
from commitments import journal
from commitments.models import Action, Report
from commitments.models.follow_up import QUARTERS
from commitments.moves import MoveError
from commitments.permissions import verifiable_reports, visible_plans, workable_plans
from commitments.reporting import forms, verbs
from commitments.reporting.oddities import oddities_of
from commitments.seen import seen_of
from commitments.states import EDITABLE, WorkState

EDIT = ["GET", "HEAD", "POST"]


@require_http_methods(EDIT)
def report(request: Request, pk: int, quarter: int) -> HttpResponse:
    """One quarter of one action: a form for the office, else what it says and what was found."""
    action, found = _quarter(request, pk, quarter)
    works = workable_plans(request.user).filter(pk=action.plan_id).exists()
    may_write = works and (found is None or found.state in EDITABLE)
    if request.method == "POST" and may_write:
        return _write(request, action, found or Report(action=action, quarter=quarter))
    if not works and (found is None or found.state == WorkState.DRAFT):
        raise Http404  # the office's own until it is handed in
    if request.method == "POST" and not works:
        raise PermissionDenied
    if request.method == "POST":
        messages.error(request, _("Laporan ini sudah diajukan. Tunggu sampai diperiksa."))
        return redirect("commitments:report", pk=pk, quarter=quarter)
    form = forms.ReportForm(instance=found or Report(action=action, quarter=quarter)) if may_write else None
    return _page(request, action, quarter, found, form)


def _write(request: Request, action: Action, report: Report) -> HttpResponse:
    form = forms.ReportForm(request.POST, instance=report)
    if not form.is_valid():
        stored = Report.objects.filter(pk=report.pk).first() if report.pk else None
        return _page(request, action, report.quarter, stored, form)
    try:
        saved = verbs.save(form.save(commit=False), by=request.user)
        if "ajukan" in request.POST:
            verbs.submit(saved, by=request.user)
    except MoveError as error:
        messages.error(request, str(error))
        return redirect("commitments:report", pk=action.pk, quarter=report.quarter)
    handed_in = saved.state == WorkState.SUBMITTED
    messages.success(
        request, _("Laporan diajukan dan menunggu diperiksa.") if handed_in else _("Draf laporan tersimpan.")
    )
    return redirect("commitments:plan", pk=action.plan_id)


def _quarter(request: Request, pk: int, quarter: int) -> tuple[Action, Report | None]:
    if quarter not in QUARTERS:
        raise Http404
    seen = Action.objects.filter(plan__in=visible_plans(request.user)).select_related("plan__agency", "point")
    action = get_object_or_404(seen, pk=pk)
    reports = Report.objects.filter(action=action, quarter=quarter)
    return action, reports.select_related("reported_by", "decided_by", "action__plan").first()


def _page(
    request: Request,
    action: Action,
    quarter: int,
    report: Report | None,
    form: BaseForm | None,
    **refused: BaseForm,
) -> HttpResponse:
    """`refused` is a form that was sent and did not fit: it is shown again, with what was typed."""
    decides = report is not None and _decides(request, report)
    context = {
        "action": action,
        "plan": action.plan,
        "quarter": quarter,
        "target": action.targets[quarter - 1],
        "report": report,
        "oddities": oddities_of(report) if report and not form else [],
        "seen": seen_of(report) if report else "",
        "form": form,
        "may_accept": decides and report is not None and report.state == WorkState.SUBMITTED,
        "accept": forms.AcceptForm(),
        "give_back": forms.NoteForm() if decides else None,
    }
    status = 422 if refused or (form and form.is_bound) else 200
    return render(request, "commitments/reporting/report.html", context | refused, status=status)


def _decides(request: Request, report: Report) -> bool:
    """Whether to offer the decision: only of what is handed in."""
    return report.state not in EDITABLE and verifiable_reports(request.user).filter(pk=report.pk).exists()


@require_safe
def report_queue(request: Request) -> HttpResponse:
    """What waits for this user, the oldest first."""
    waiting = verifiable_reports(request.user).waiting_for_review()
    waiting = waiting.select_related("action__plan__agency", "reported_by")
    queue = waiting.annotate(submitted_at=journal.handed_in_at("report")).order_by("submitted_at", "pk")
    return render(request, "commitments/reporting/report_queue.html", {"queue": queue})


@require_POST
def report_accept(request: Request, pk: int) -> HttpResponse:
    report = _verifiable(request, pk)
    form = forms.AcceptForm(request.POST)
    if not form.is_valid():
        return _page(request, report.action, report.quarter, report, None, accept=form)
    found = form.cleaned_data["found"]
    return _decide(request, report, lambda: verbs.accept(report, found=found, by=request.user))


@require_POST
def report_return(request: Request, pk: int) -> HttpResponse:
    report = _verifiable(request, pk)
    form = forms.NoteForm(request.POST)
    if not form.is_valid():
        return _page(request, report.action, report.quarter, report, None, give_back=form)
    note = form.cleaned_data["note"]
    return _decide(request, report, lambda: verbs.give_back(report, note=note, by=request.user))


def _verifiable(request: Request, pk: int) -> Report:
    reports = verifiable_reports(request.user)
    return get_object_or_404(
        reports.select_related("action__plan__agency", "reported_by", "decided_by"), pk=pk
    )


def _decide(request: Request, report: Report, act: Callable[[], None]) -> HttpResponse:
    """Only about what was looked at: the page says what it showed. A POST without it is nobody's page."""
    try:
        if request.POST.get("seen", seen_of(report)) != seen_of(report):
            raise MoveError(_("Laporan ini berubah sejak Anda membukanya. Baca lagi, lalu putuskan."))
        act()
    except MoveError as error:
        messages.error(request, str(error))
        return redirect("commitments:report", pk=report.action_id, quarter=report.quarter)
    accepted = report.state == WorkState.ACCEPTED
    messages.success(
        request, _("Laporan diverifikasi.") if accepted else _("Laporan dikembalikan ke kantornya.")
    )
    return redirect("commitments:report_queue")
