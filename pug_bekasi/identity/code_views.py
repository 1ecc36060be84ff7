"""The two pages of a login by code: to which address, and which code."""

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.account.utils import get_next_redirect_url
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from agencies.kinds import LoginStep
from commitments.one_time import Outcome
from pug_bekasi.identity import code_login
from pug_bekasi.identity.failures import note_failure
from pug_bekasi.identity.forms import AddressForm, LoginCodeForm

ASKED = "login_code_asked"  # in the session: the address that was typed, and the page that was asked for


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def request_login_code(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return redirect(settings.LOGIN_REDIRECT_URL)
    form = AddressForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        address = form.cleaned_data["email"]
        request.session[ASKED] = {"address": address, "next": get_next_redirect_url(request)}
        code_login.send(request, address)
        return redirect("account_confirm_login_code")
    context = {"form": form, "next": get_next_redirect_url(request)}
    return render(request, "account/request_login_code.html", context, status=_status(request))


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("code")
def confirm_login_code(request: HttpRequest) -> HttpResponse:
    asked = request.session.get(ASKED)
    if request.user.is_authenticated or not asked:
        return redirect("account_request_login_code")
    form = LoginCodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        outcome, user = code_login.check(asked["address"], form.cleaned_data["code"])
        if outcome is Outcome.OK and user:
            del request.session[ASKED]
            record_authentication(request, user, method="code")
            return perform_login(request, Login(user=user, redirect_url=asked["next"]))
        note_failure(request, LoginStep.CODE, user=user)
        form.add_error("code", _sentence(outcome))
    context = {"form": form, "address": asked["address"]}
    return render(request, "account/confirm_login_code.html", context, status=_status(request))


def _sentence(outcome: Outcome) -> str:
    if outcome is Outcome.DEAD:
        return _(
            "Kode ini sudah tidak berlaku: lewat 10 menit, sudah dipakai, atau keliru lima kali. Minta kode baru."
        )
    return _("Kode belum cocok. Periksa lagi surat yang terakhir datang.")


def _status(request: HttpRequest) -> int:
    return 422 if request.method == "POST" else 200
