"""What the product is compared with: the least that the same stack can do, and Django's stock admin."""

from django.contrib import admin
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path
from django.views.decorators.http import require_POST, require_safe

from agencies.models import Official
from pug_bekasi.urls import urlpatterns as product

FLOOR_TABLE = (
    "CREATE TABLE bench_floor (id bigserial PRIMARY KEY, user_id bigint NOT NULL, body text NOT NULL)"
)


@require_POST
def floor(request: HttpRequest) -> HttpResponse:
    """Session, login, CSRF, one row as large as a drawing."""
    with connection.cursor() as cursor:
        values = [request.user.pk, request.POST["drawing"]]
        cursor.execute("INSERT INTO bench_floor (user_id, body) VALUES (%s, %s)", values)
    return HttpResponseRedirect("/kosong/")


@require_safe
def empty(request: HttpRequest) -> HttpResponse:
    """Session and login, and nothing to say."""
    return HttpResponse(f"{request.user.pk}")


class StockOfficials(admin.ModelAdmin):
    list_display = ("name", "nip", "rank", "sex", "email")
    list_per_page = 100

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        response = super().changelist_view(request, extra_context)
        # The templates that come with Django: ours dress the admin as the product.
        response.using = "stock"  # type: ignore[attr-defined]
        return response


stock = admin.AdminSite(name="stock")
stock.register(Official, StockOfficials)

urlpatterns = [
    path("lantai/", floor),
    path("kosong/", empty),
    path("stok/", stock.urls),
    *product,
]
