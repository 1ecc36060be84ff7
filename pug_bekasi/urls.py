from allauth.account import views as account
from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path

from pug_bekasi import views

admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

# Of allauth only what this house needs: no sign-up, no change of address by oneself.
account_urls = [
    path("masuk/", account.login, name="account_login"),
    path("keluar/", account.logout, name="account_logout"),
    path("nonaktif/", account.account_inactive, name="account_inactive"),
    path("kata-sandi/", account.password_change, name="account_change_password"),
    path("kata-sandi/lupa/", account.password_reset, name="account_reset_password"),
    path("kata-sandi/lupa/terkirim/", account.password_reset_done, name="account_reset_password_done"),
    path(
        "kata-sandi/baru/<str:uidb36>-<str:key>/",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "kata-sandi/baru/selesai/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
]

urlpatterns = [
    path("sehat/", views.health, name="health"),
    path("akun/", include(account_urls)),
    path("admin/", admin.site.urls),
    path("", include("commitments.urls")),
]
