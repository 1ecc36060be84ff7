"""The product's addresses, and one behind which everything breaks."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import path

from pug_bekasi.urls import urlpatterns as product


@login_not_required
def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("broken on purpose")


urlpatterns = [path("rusak/", broken, name="broken"), *product]
