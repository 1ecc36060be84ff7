"""Addresses of the promise. Names are flat: grep the word on the screen and find view, address and test."""

from django.urls import URLPattern, URLResolver, include, path

app_name = "commitments"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("commitments.assessing.urls")),
    path("", include("commitments.auditing.urls")),
    path("", include("commitments.guide.urls")),
    path("", include("commitments.inviting.urls")),
    path("", include("commitments.offices.urls")),
    path("", include("commitments.planning.urls")),
    path("", include("commitments.printing.urls")),
    path("", include("commitments.proving.urls")),
    path("", include("commitments.publishing.urls")),
    path("", include("commitments.reminding.urls")),
    path("", include("commitments.reporting.urls")),
    path("", include("commitments.reviewing.urls")),
    path("", include("commitments.signing.urls")),
    path("", include("commitments.verifying.urls")),
]
