"""Kesiapan kota: the page of all offices, and its tables to take away."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from agencies.http import Request, download
from agencies.sheets import as_file
from commitments import dates
from commitments.assessing import tables
from commitments.assessing.city import city_of
from commitments.assessing.register import register_of, register_table
from commitments.models.frameworks import YEARS
from commitments.permissions import may, requires


@require_safe
@requires("see_work")
def city_today(request: Request) -> HttpResponse:
    return redirect("commitments:city", year=dates.today().year)


@require_safe
@requires("see_work")
def city(request: Request, year: int) -> HttpResponse:
    _require_year(year)
    found = city_of(year, request.GET.get("kerangka", ""))
    return render(
        request,
        "commitments/assessing/city.html",
        {"city": found, "may_edit": may(request.user, "manage_master_data")},
    )


@require_safe
@requires("see_work")
def city_sheet(request: Request, year: int, matrix: str, form: str) -> HttpResponse:
    """rencana-pokja, rad-pug, or peta: the heat map under the framework that the page shows."""
    _require_year(year)
    if matrix == "peta":
        table = tables.heat_table(city_of(year, request.GET.get("kerangka", "")))
    elif matrix == "rencana-pokja":
        table = tables.pokja_table(tables.actions_of(year))
    elif matrix == "rad-pug":
        table = tables.rad_table(tables.actions_of(year))
    else:
        raise Http404
    return download(f"{matrix}-{year}.{form}", as_file(form, f"{matrix}-{year}", table))


@require_safe
def focal_points(request: Request) -> HttpResponse:
    context = {
        "register": register_of(request.user),
        "may_edit": may(request.user, "manage_master_data"),
        "may_see_city": may(request.user, "see_work"),
    }
    return render(request, "commitments/assessing/focal_points.html", context)


@require_safe
def focal_points_sheet(request: Request, form: str) -> HttpResponse:
    table = register_table(register_of(request.user))
    return download(f"focal-point.{form}", as_file(form, "focal-point", table))


def _require_year(year: int) -> None:
    if not YEARS[0] <= year <= YEARS[1]:
        raise Http404
