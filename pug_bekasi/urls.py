"""All addresses begin here: the health check, the login, the admin, and then commitments' own."""

from allauth.account import views as allauth
from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path, re_path

from pug_bekasi import views

admin.site.login = secure_admin_login(views.admin_login)  # type: ignore[method-assign]

# Of allauth only what this house needs: no sign-up, no change of address by oneself. The names are allauth's.
password_is_set = allauth.password_reset_from_key_done
account_urls = [
    path("masuk/", views.LoginView.as_view(), name="account_login"),
    # Open to all: it also ends a login that stopped at the second step.
    path("keluar/", login_not_required(allauth.logout), name="account_logout"),
    path("nonaktif/", allauth.account_inactive, name="account_inactive"),
    path("kata-sandi/", views.PasswordChangeView.as_view(), name="account_change_password"),
    path("kata-sandi/lupa/", views.PasswordResetView.as_view(), name="account_reset_password"),
    path("kata-sandi/lupa/terkirim/", allauth.password_reset_done, name="account_reset_password_done"),
    # The key itself holds a hyphen, the user's number none.
    re_path(
        r"^kata-sandi/baru/(?P<uidb36>[0-9a-z]+)-(?P<key>[^/]+)/$",
        views.PasswordResetFromKeyView.as_view(),
        name="account_reset_password_from_key",
    ),
    path("kata-sandi/baru/selesai/", password_is_set, name="account_reset_password_from_key_done"),
]

urlpatterns = [
    path("sehat/", views.health, name="health"),
    path(".well-known/security.txt", views.security_txt, name="security_txt"),
    path("favicon.ico", views.favicon, name="favicon"),
    path("bahasa/", views.language, name="language"),
    path("akun/", include(account_urls)),
    path("akun/", include("pug_bekasi.identity.urls")),
    path("admin/", admin.site.urls),
    path("", include("commitments.urls")),
]
