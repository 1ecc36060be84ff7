"""Pages of the shell: whether all is well, what to say when it is not, and allauth's pages in our manner."""

from datetime import UTC, timedelta
from typing import Any

from allauth.account import views as allauth
from allauth.core import ratelimit
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.db import Error, connection
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django.views.i18n import set_language

from pug_bekasi.identity.mailboxes import mailbox

PLAIN = "text/plain; charset=utf-8"
BUSY_SECONDS = 5
SECURITY_TXT_KEPT = timedelta(days=90)


@login_not_required
@never_cache
@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """200 while the database answers, else 503: for the load balancer and the person on call."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return HttpResponse("basis data tidak menjawab\n", status=503, content_type=PLAIN)
    return HttpResponse("sehat\n", content_type=PLAIN)


@login_not_required
@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """Whom to tell of a fault (RFC 9116); 404 while nobody has been named."""
    contact = settings.SECURITY_CONTACT
    if not contact:
        raise Http404
    if "@" in contact and ":" not in contact:
        contact = f"mailto:{contact}"
    lines = [
        f"Contact: {contact}",
        f"Expires: {timezone.now().astimezone(UTC) + SECURITY_TXT_KEPT:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: id, en",
        f"Canonical: {settings.SITE_URL}{reverse('security_txt')}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type=PLAIN)


@login_not_required
@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """Browsers ask for this address where no page can name another: beside a PDF."""
    return redirect(static("favicon.svg"))


@login_not_required
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """The switch in the foot: remembers the language in a cookie and goes back to the page."""
    return set_language(request)


@login_not_required
def admin_login(request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
    """Who comes this far is logged in. The admin's own form, which counts no failures, is never shown."""
    if admin.site.has_permission(request):
        return redirect("admin:index")
    raise PermissionDenied


def bad_request(request: HttpRequest) -> HttpResponse:
    return render(request, "400.html", status=400)


def too_large(request: HttpRequest) -> HttpResponse:
    context = {"megabytes": settings.LARGEST_FILE // 2**20}
    return render(request, "413.html", context, status=413)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Leads back to the page, through the login when it has ended; a public form needs none."""
    view = request.resolver_match.func if request.resolver_match else None
    is_private = getattr(view, "login_required", True)  # as the middleware asks
    context = {"needs_login": is_private and not request.user.is_authenticated}
    return render(request, "403_csrf.html", context, status=403)


class Refusing:
    """A refused form answers 422, as everywhere in this house, and 503 when the server is busy; allauth says 200."""

    def form_invalid(self, form):
        response = super().form_invalid(form)  # type: ignore[misc]
        response.status_code = 422
        if any(error.code == "busy" for errors in form.errors.as_data().values() for error in errors):
            response.status_code = 503
            response.headers["Retry-After"] = str(BUSY_SECONDS)
        return response


class LoginView(Refusing, allauth.LoginView):
    pass


class PasswordChangeView(Refusing, allauth.PasswordChangeView):
    pass


class PasswordResetView(Refusing, allauth.PasswordResetView):
    def form_valid(self, form: Any) -> HttpResponse:
        """allauth counts addresses, of which every mailbox has as many as one likes."""
        box = mailbox(form.cleaned_data["email"])
        limited = ratelimit.consume_or_429(self.request, action="reset_mailbox", key=box)
        return limited or super().form_valid(form)


class PasswordResetFromKeyView(Refusing, allauth.PasswordResetFromKeyView):
    pass
