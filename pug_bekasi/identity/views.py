"""Keamanan akun: second factors, open logins, failed ones. The pages are ours, the steps allauth's."""

import json
from typing import Any

from allauth.account import views as account
from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import get_next_redirect_url, passthrough_next_redirect_url
from allauth.mfa.base import views as base
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from allauth.mfa.webauthn.internal import auth as passkeys
from allauth.usersessions import views as usersessions
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from pug_bekasi.identity import devices, factors, sessions
from pug_bekasi.views import Refusing

FAILURES_SHOWN = 20


@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """Keamanan akun: what protects this login, and who tried to get in."""
    found = list(Authenticator.objects.filter(user=request.user).order_by("pk"))
    own = [factor for factor in found if factor.type in factors.OWN]
    context = {
        "totp": next((factor for factor in own if factor.type == Authenticator.Type.TOTP), None),
        "passkeys": [factor for factor in own if factor.type == Authenticator.Type.WEBAUTHN],
        "codes_left": next((_codes_left(factor) for factor in found if factor not in own), None),
        "must_set_up": factors.is_required(request.user) and not factors.was_used(request),
        "is_required": factors.is_required(request.user),
        "failures": request.user.failed_logins.all()[:FAILURES_SHOWN],  # type: ignore[union-attr]
    }
    return render(request, "mfa/index.html", context)


def _codes_left(codes: Authenticator) -> int:
    """Counted without reading them."""
    return settings.MFA_RECOVERY_CODE_COUNT - codes.data["used_mask"].bit_count()


class _CountsInThisSession:
    """Whoever has just set up a factor has shown it: the session counts as opened with it."""

    request: HttpRequest

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)  # type: ignore[misc]
        new = Authenticator.objects.filter(user=self.request.user, type__in=factors.OWN).latest("pk")
        record_authentication(self.request, self.request.user, "mfa", id=new.pk, type=new.type)
        return response


class ActivateTOTPView(_CountsInThisSession, Refusing, totp.ActivateTOTPView):
    pass


class DeactivateTOTPView(Refusing, totp.DeactivateTOTPView):
    pass


class AddWebAuthnView(_CountsInThisSession, Refusing, webauthn.AddWebAuthnView):
    def get_context_data(self, **kwargs: Any) -> dict:
        """A refused form shows what was wrong, and asks the device anew."""
        context = {"form": self.get_form(), **kwargs}
        return context | {"options_json": _as_json(passkeys.begin_registration(self.request.user, True))}


class EditWebAuthnView(Refusing, webauthn.EditWebAuthnView):
    pass


class RemoveWebAuthnView(webauthn.RemoveWebAuthnView):
    def get_context_data(self, **kwargs: Any) -> dict:
        return super().get_context_data(**kwargs) | {"may_remove": factors.may_remove(self.object)}

    def form_valid(self, form: Any) -> HttpResponse:
        if not factors.may_remove(self.object):
            page = self.render_to_response(self.get_context_data())
            page.status_code = 422
            return page
        return super().form_valid(form)


def _as_json(options: dict) -> str:
    return json.dumps(options)


class AuthenticateView(Refusing, base.AuthenticateView):
    """The login step. A passkey is offered to whoever has one, a field for codes likewise."""

    def get_context_data(self, **kwargs: Any) -> dict:
        context = super().get_context_data(**kwargs)
        found = Authenticator.objects.filter(user=self.stage.login.user).values_list("type", flat=True)
        options = context["js_data"]["request_options"] if Authenticator.Type.WEBAUTHN in found else None
        return context | {
            "has_codes": set(found) != {Authenticator.Type.WEBAUTHN},
            "options_json": _as_json(options) if options else "",
        }


class ReauthenticateView(Refusing, account.ReauthenticateView):
    pass


class ReauthenticateByCodeView(Refusing, base.ReauthenticateView):
    pass


class ReauthenticateByPasskeyView(webauthn.ReauthenticateWebAuthnView):
    """What was wrong is told on the page itself; allauth would send to the login page, and that one onwards."""

    def form_invalid(self, form: Any) -> HttpResponse:
        page = self.render_to_response(self.get_context_data(form=form))
        page.status_code = 422
        return page

    def get_context_data(self, **kwargs: Any) -> dict:
        context = super().get_context_data()
        return context | {"options_json": _as_json(context["js_data"]["request_options"])} | kwargs


class LoginWebAuthnView(webauthn.LoginWebAuthnView):
    """allauth forgets the page that was asked for, whether it lets in or not."""

    def form_invalid(self, form: Any) -> HttpResponse:
        super().form_invalid(form)  # tells what was wrong
        return redirect(passthrough_next_redirect_url(self.request, reverse("account_login"), "next"))

    def form_valid(self, form: Any) -> HttpResponse:
        passkey = form.cleaned_data["credential"]
        login = webauthn.Login(user=passkey.user, redirect_url=get_next_redirect_url(self.request))
        return webauthn.flows.perform_passwordless_login(self.request, passkey, login)


class GenerateRecoveryCodesView(Refusing, recovery.GenerateRecoveryCodesView):
    pass


class DownloadRecoveryCodesView(recovery.DownloadRecoveryCodesView):
    def render_to_response(self, context: dict, **kwargs: Any) -> HttpResponse:
        response = super().render_to_response(context, **kwargs)
        response["Content-Disposition"] = 'attachment; filename="kode-cadangan-komitmen-pug.txt"'
        return response


class SessionListView(usersessions.ListUserSessionsView):
    """Open logins of this person, to this person alone."""

    def get_context_data(self, **kwargs: Any) -> dict:
        found = sessions.open_sessions(self.request.user)
        rows = [(session, devices.in_words(session.user_agent)) for session in found]
        return {"rows": rows, "others": len(found) > 1, **kwargs}


@require_POST
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    session = get_object_or_404(UserSession, pk=pk, user=request.user)
    if session.is_current():
        return redirect("account_logout")
    session.end()
    messages.success(request, _("Perangkat itu sudah dikeluarkan."))
    return redirect("usersessions_list")
