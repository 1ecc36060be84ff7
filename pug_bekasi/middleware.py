"""What stands between every request and its view. The order is in the settings, with the reasons."""

import re
from collections.abc import Callable
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django_htmx.http import HttpResponseClientRedirect

from pug_bekasi.identity import factors, sessions
from pug_bekasi.identity.urls import OPEN_BEFORE
from pug_bekasi.views import bad_request, too_large

Next = Callable[[HttpRequest], HttpResponse]

# Control characters, halves of surrogate pairs, and the mark that Django leaves for bytes that are not UTF-8.
# PostgreSQL refuses the first, and no text of ours needs any. A form field may hold tabs and new lines.
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffd-\uffff]")
CONTROL_IN_A_FIELD = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffd-\uffff]")
LONGEST_QUERY = 4000  # characters
FORMS = {"application/x-www-form-urlencoded", "multipart/form-data"}
FORBIDDEN_FEATURES = ("camera", "geolocation", "microphone", "payment", "usb", "browsing-topics")
PERMISSIONS_POLICY = ", ".join(f"{feature}=()" for feature in FORBIDDEN_FEATURES)


def chosen_language(get_response: Next) -> Next:
    """Indonesian, unless the reader has pressed the switch in the foot. What the browser prefers is not asked:

    many phones of the office are set to English by their makers.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        with translation.override(chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE):
            response = get_response(request)
            if response.headers.get("Content-Type", "").startswith("text/html"):  # papers are Indonesian
                response.headers.setdefault("Content-Language", translation.get_language())
            patch_vary_headers(response, ["Cookie"])
            return response

    return middleware


def security_headers(get_response: Next) -> Next:
    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        # Pages stay out of every cache, the browser's too: tablets are shared. Static files say otherwise.
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    return middleware


def refuse_large_bodies(get_response: Next) -> Next:
    """413 by the announced length. Django's own limit does not count files; without a length it reads nothing."""

    def middleware(request: HttpRequest) -> HttpResponse:
        announced = request.META.get("CONTENT_LENGTH") or "0"
        if announced.isdecimal() and (len(announced) > 12 or int(announced) > settings.LARGEST_BODY):
            return too_large(request)
        return get_response(request)

    return middleware


def refuse_unreadable_input(get_response: Next) -> Next:
    """400 for control characters and over-long queries, so that no view has to think of them."""

    def middleware(request: HttpRequest) -> HttpResponse:
        return get_response(request) if _readable(request) else bad_request(request)

    return middleware


def _readable(request: HttpRequest) -> bool:
    if len(request.META.get("QUERY_STRING", "")) > LONGEST_QUERY:
        return False
    words = [request.path, *(word for key, values in request.GET.lists() for word in (key, *values))]
    if any(CONTROL.search(word) for word in words):
        return False
    if request.method != "POST" or request.content_type not in FORMS:
        return True
    try:
        fields = [word for key, values in request.POST.lists() for word in (key, *values)]
    except UnreadablePostError:  # the sender is gone
        return False
    return not any(CONTROL_IN_A_FIELD.search(word) for word in fields)


def back_after_login(get_response: Next) -> Next:
    """When the session has ended, login leads back to the page that was open, and never into a row of it.

    Under htmx the whole page goes to the login. The address of a POST takes no GET, so the page that held the
    form is the one to return to.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        login = reverse(settings.LOGIN_URL)
        if urlsplit(response.headers.get("Location", "")).path != login:
            return response
        if request.htmx:  # type: ignore[attr-defined]
            return HttpResponseClientRedirect(_login_to(own_path(request, "HX-Current-URL")))
        own = request.path.startswith(login) or request.path == reverse("account_logout")
        if request.method == "POST" and not own:
            response.headers["Location"] = _login_to(own_path(request, "Referer"))
        return response

    return middleware


def _login_to(path: str) -> str:
    return f"{reverse(settings.LOGIN_URL)}?{urlencode({'next': path})}"


def own_path(request: HttpRequest, header: str) -> str:
    """Path and query of the address in that header if it is ours, else the landing page."""
    try:
        address = urlsplit(request.headers.get(header, ""))
    except ValueError:
        return "/"
    if address.netloc != request.get_host():
        return "/"
    return address._replace(scheme="", netloc="", fragment="").geturl() or "/"


def ask_second_factor(get_response: Next) -> Next:
    """Who decides about others works in a session that a second factor has opened, the admin's pages included.

    Everybody else goes on; the session knows, and no query is asked. Without one, everything leads to the page where
    it is set up, which says why.
    """

    def process_view(request: HttpRequest, view: Callable, args: tuple, kwargs: dict) -> HttpResponse | None:
        name = request.resolver_match.view_name if request.resolver_match else ""
        if name in OPEN_BEFORE or not request.user.is_authenticated:
            return None
        if factors.was_used(request) or not factors.is_required(request.user):
            return None
        page = reverse("mfa_index")
        return HttpResponseClientRedirect(page) if request.htmx else redirect(page)  # type: ignore[attr-defined]

    def middleware(request: HttpRequest) -> HttpResponse:
        return get_response(request)

    middleware.process_view = process_view  # type: ignore[attr-defined]
    return middleware


def note_last_seen(get_response: Next) -> Next:
    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        # The health check asks for no session, so none is looked up for it.
        if request.session.accessed and request.user.is_authenticated:
            sessions.note_seen(request)
        return response

    return middleware


def explain_wrong_method(get_response: Next) -> Next:
    """Django answers 405 with an empty page; whoever reloads the address of a form deserves a sentence."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.status_code != 405 or response.content:
            return response
        page = render(request, "405.html", status=405)
        page.headers["Allow"] = response.headers.get("Allow", "")
        return page

    return middleware
