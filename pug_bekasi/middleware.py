"""What stands between every request and its view."""

import re
from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

# Control characters but tab, line feed and carriage return. PostgreSQL refuses NUL, and no text needs the others.
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
LONGEST_QUERY = 4000  # characters
PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()"
    for feature in ("camera", "geolocation", "microphone", "payment", "usb", "browsing-topics")
)
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


def security_headers(get_response):
    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if getattr(request, "user", None) and request.user.is_authenticated:
            # Pages of a person stay out of every cache, also the browser's own Back (shared tablets).
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    return middleware


def refuse_unreadable_input(get_response):
    """400 for control characters and over-long queries, wherever they stand, so that no view has to think of them."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if len(request.META.get("QUERY_STRING", "")) > LONGEST_QUERY or _unreadable(request.path):
            raise BadRequest
        values = [request.GET]
        if request.method == "POST" and request.content_type in FORMS:
            values.append(request.POST)
        for query in values:
            if any(_unreadable(key) or any(map(_unreadable, items)) for key, items in query.lists()):
                raise BadRequest
        return get_response(request)

    return middleware


def _unreadable(text: str) -> bool:
    return CONTROL.search(text) is not None


def htmx_login(get_response):
    """An expired session under htmx reloads to the login page, and is never pasted into a row."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        login = reverse(settings.LOGIN_URL)
        if request.htmx and response.headers.get("Location", "").startswith(login):
            here = request.htmx.current_url_abs_path or "/"
            return HttpResponseClientRedirect(f"{login}?{urlencode({'next': here})}")
        return response

    return middleware
