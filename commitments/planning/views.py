"""Tindak lanjut: the plans of the offices, and the actions in them."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from agencies.http import Request
from agencies.models import Agency
from commitments import dates, journal
from commitments.models import Action, Plan
from commitments.moves import MoveError
from commitments.permissions import (
    agencies_of,
    may,
    published_declarations,
    requires,
    verifiable_evidence,
    verifiable_reports,
    visible_plans,
    workable_plans,
)
from commitments.planning import forms, verbs
from commitments.planning.history import history_of
from commitments.standing import by_point, office_of

PER_PAGE = 100
EDIT = ["GET", "HEAD", "POST"]


@require_safe
def plan_list(request: Request) -> HttpResponse:
    """The plans this user may see, and a way to begin one for an own office; whoever sees the city sees a year."""
    plans = visible_plans(request.user)
    years = list(plans.order_by("-year").values_list("year", flat=True).distinct())
    year = _chosen(request, years) if may(request.user, "see_work") else None
    if year:
        plans = plans.filter(year=year)
    plans = plans.select_related("agency").annotate(total=Count("actions", distinct=True))
    mine = agencies_of(request.user).order_by("name")
    context = {
        "plans": plans.order_by("-year", "agency__name"),
        "years": years,
        "year": year,
        "offices": mine,
        "may_see_city": may(request.user, "see_work"),
        "pieces": verifiable_evidence(request.user).waiting_for_review().count(),
        "waiting": verifiable_reports(request.user).waiting_for_review().count(),
    }
    return render(request, "commitments/planning/plan_list.html", context)


def _chosen(request: Request, years: list[int]) -> int | None:
    """The year that is asked for, or this one, or the newest; None where there is none."""
    asked = request.GET.get("tahun", "")
    this_year = str(dates.today().year)
    wanted = [year for choice in (asked, this_year) for year in years if str(year) == choice]
    return next(iter(wanted or years), None)


@require_safe
def plan(request: Request, pk: int) -> HttpResponse:
    found = get_object_or_404(visible_plans(request.user).select_related("agency"), pk=pk)
    office = office_of(found)
    page = Paginator(office.ordered, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "plan": found,
        "office": office,
        "page": page,
        "groups": by_point(page),
        "may_work": _workable(request).filter(pk=pk).exists(),
        "may_share": may(request.user, "prepare"),
    }
    return render(request, "commitments/planning/plan.html", context)


@require_http_methods(EDIT)
def plan_new(request: Request, pk: int) -> HttpResponse:
    """Begin a year of an own office."""
    agency = get_object_or_404(agencies_of(request.user), pk=pk)
    form = forms.YearForm(request.POST or None)
    if form.is_valid():
        plan = verbs.plan_of(agency, form.cleaned_data["year"])
        if plan.actions.exists():
            messages.info(request, _("Rencana aksi tahun itu sudah ada. Lanjutkan di sini."))
        return redirect("commitments:plan", pk=plan.pk)
    context = {"form": form, "title": _("Mulai rencana aksi"), "about": agency, "button": _("Mulai")}
    return _form_page(request, form, context)


@require_http_methods(EDIT)
def plan_copy(request: Request, pk: int) -> HttpResponse:
    """Bring in the actions of another year of this office."""
    target = _own_plan(request, pk)
    others = verbs.copyable_into(target)
    if not others:
        messages.info(
            request,
            _("Kantor ini belum punya rencana aksi tahun lain. Tulis rencana aksi tahun ini satu per satu."),
        )
        return redirect("commitments:plan", pk=pk)
    form = forms.CopyForm(request.POST or None, plans=others)
    if form.is_valid():
        number = verbs.copy(form.cleaned_data["source"], target, by=request.user)
        _tell_copied(request, number)
        return redirect("commitments:plan", pk=pk)
    explain = _(
        "Rencana aksi yang namanya sudah ada tidak ditimpa. Target tahun lalu menjadi data dasar; "
        "butir dan kriteria dipilih lagi."
    )
    context = {
        "form": form,
        "title": _("Salin rencana aksi"),
        "plan": target,
        "button": _("Salin"),
        "explain": explain,
    }
    return _form_page(request, form, context)


@require_http_methods(EDIT)
@requires("prepare")
def plan_share(request: Request, pk: int) -> HttpResponse:
    """Hand a plan out as the template of other offices."""
    source = get_object_or_404(visible_plans(request.user).select_related("agency"), pk=pk)
    others = Agency.objects.in_force().exclude(pk=source.agency_id).order_by("name")
    form = forms.TemplateForm(request.POST or None, agencies=others)
    if form.is_valid():
        _tell_copied(request, verbs.copy_to_all(source, form.cleaned_data["agencies"], by=request.user))
        return redirect("commitments:plan", pk=pk)
    explain = _(
        "Setiap kantor mendapat salinan yang dapat diubahnya sendiri. Yang sudah ada tidak ditimpa. "
        "Semua kantor tercentang; hapus centang yang tidak perlu."
    )
    context = {"form": form, "title": _("Bagikan sebagai templat"), "plan": source, "button": _("Bagikan")}
    return _form_page(request, form, context | {"explain": explain})


def _tell_copied(request: Request, number: int) -> None:
    if not number:
        messages.warning(request, _("Tidak ada yang disalin: semua rencana aksi itu sudah ada."))
        return
    text = ngettext("%(n)d rencana aksi disalin.", "%(n)d rencana aksi disalin.", number) % {"n": number}
    messages.success(request, text)


@require_http_methods(EDIT)
@requires("prepare")
def point_criteria(request: Request, pk: int) -> HttpResponse:
    """What each point of a published declaration counts for; a draft's points are still written."""
    declaration = get_object_or_404(published_declarations(request.user), pk=pk)
    form = forms.PointCriteriaForm(request.POST or None, declaration=declaration)
    if form.is_valid():
        verbs.tag(form.chosen)
        messages.success(request, _("Kriteria butir tersimpan."))
        return redirect("commitments:declaration_detail", pk=pk)
    context = {"form": form, "declaration": declaration}
    status = 422 if form.is_bound else 200
    return render(request, "commitments/planning/point_criteria.html", context, status=status)


@require_safe
def plan_history(request: Request, pk: int) -> HttpResponse:
    found = get_object_or_404(visible_plans(request.user).select_related("agency"), pk=pk)
    context = {"plan": found, "events": history_of(found), "faults": journal.faults_of(found)}
    return render(request, "commitments/planning/plan_history.html", context)


@require_http_methods(EDIT)
def action_new(request: Request, pk: int) -> HttpResponse:
    return _action_form(request, Action(plan=_own_plan(request, pk)))


@require_http_methods(EDIT)
def action_edit(request: Request, pk: int) -> HttpResponse:
    return _action_form(request, _own_action(request, pk))


def _action_form(request: Request, action: Action) -> HttpResponse:
    form = forms.ActionForm(request.POST or None, instance=action)
    if form.is_valid():
        try:
            saved = verbs.save(form.save(commit=False), form.cleaned_data["criteria"], by=request.user)
        except MoveError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Rencana aksi tersimpan."))
            return redirect("commitments:plan", pk=saved.plan_id)
    people = action.plan.agency.focal_points.in_force(dates.today()).values_list("name", flat=True)
    context = {"form": form, "action": action, "plan": action.plan, "focal_points": people.distinct()}
    context["may_remove"] = action.pk and not (action.reports.exists() or action.evidence.exists())
    status = 422 if form.is_bound else 200
    return render(request, "commitments/planning/action_form.html", context, status=status)


@require_http_methods(EDIT)
def action_remove(request: Request, pk: int) -> HttpResponse:
    action = _own_action(request, pk)
    error = ""
    if request.method == "POST":
        try:
            verbs.remove(action, by=request.user)
        except MoveError as refused:
            error = str(refused)
        else:
            messages.success(request, _("Rencana aksi dihapus."))
            return redirect("commitments:plan", pk=action.plan_id)
    context = {"action": action, "plan": action.plan, "error": error}
    return render(request, "commitments/planning/action_remove.html", context, status=422 if error else 200)


def _form_page(request: Request, form, context: dict) -> HttpResponse:
    status = 422 if form.is_bound else 200
    return render(request, "commitments/planning/form.html", context, status=status)


def _workable(request: Request) -> QuerySet[Plan]:
    return workable_plans(request.user)


def _own_plan(request: Request, pk: int) -> Plan:
    return get_object_or_404(_workable(request).select_related("agency"), pk=pk)


def _own_action(request: Request, pk: int) -> Action:
    own = Action.objects.filter(plan__in=_workable(request))
    return get_object_or_404(own.select_related("plan__agency", "point"), pk=pk)
