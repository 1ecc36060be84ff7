"""Addresses of one's own login, below /akun/. The names are allauth's where the view is."""

from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.webauthn import views as webauthn
from django.urls import path

from pug_bekasi.identity import code_views, views

urlpatterns = [
    path("masuk/langkah-kedua/", views.AuthenticateView.as_view(), name="mfa_authenticate"),
    path("masuk/kunci-sandi/", views.LoginWebAuthnView.as_view(), name="mfa_login_webauthn"),
    path("masuk/kode/", code_views.request_login_code, name="account_request_login_code"),
    path("masuk/kode/ketik/", code_views.confirm_login_code, name="account_confirm_login_code"),
    path("keamanan/", views.security, name="mfa_index"),
    path("keamanan/aplikasi/", views.ActivateTOTPView.as_view(), name="mfa_activate_totp"),
    path("keamanan/aplikasi/hapus/", views.DeactivateTOTPView.as_view(), name="mfa_deactivate_totp"),
    path("keamanan/kode-cadangan/", recovery.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "keamanan/kode-cadangan/baru/",
        views.GenerateRecoveryCodesView.as_view(),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "keamanan/kode-cadangan/unduh/",
        views.DownloadRecoveryCodesView.as_view(),
        name="mfa_download_recovery_codes",
    ),
    path("keamanan/kunci-sandi/", webauthn.list_webauthn, name="mfa_list_webauthn"),
    path("keamanan/kunci-sandi/baru/", views.AddWebAuthnView.as_view(), name="mfa_add_webauthn"),
    path("keamanan/kunci-sandi/<int:pk>/nama/", views.EditWebAuthnView.as_view(), name="mfa_edit_webauthn"),
    path(
        "keamanan/kunci-sandi/<int:pk>/hapus/", views.RemoveWebAuthnView.as_view(), name="mfa_remove_webauthn"
    ),
    path("keamanan/perangkat/", views.SessionListView.as_view(), name="usersessions_list"),
    path("keamanan/perangkat/<int:pk>/keluarkan/", views.end_session, name="end_session"),
    path("pastikan/", views.ReauthenticateView.as_view(), name="account_reauthenticate"),
    path("pastikan/kode/", views.ReauthenticateByCodeView.as_view(), name="mfa_reauthenticate"),
    path(
        "pastikan/kunci-sandi/",
        views.ReauthenticateByPasskeyView.as_view(),
        name="mfa_reauthenticate_webauthn",
    ),
]

# What somebody who still has to set up a second factor may open: the pages for that, the way out, and the frame.
OPEN_BEFORE = {
    "mfa_index",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "account_reauthenticate",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
    "account_logout",
    "language",
    "health",
    "commitments:guide",
    "commitments:guide_role",
    "commitments:privacy",
    "favicon",
}
