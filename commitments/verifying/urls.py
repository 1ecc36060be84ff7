from django.urls import path

from commitments.verifying import views

urlpatterns = [
    path("", views.landing, name="landing"),
    path("v/", views.verify, name="verify"),
    path("v/berkas/", views.check_file, name="check_file"),  # no code: those have nine characters
    path("v/<str:code>.json", views.verify_json, name="verify_json"),
    path("v/<str:code>/bukti.json", views.evidence_json, name="evidence_json"),
    path("v/<str:code>", views.verify_code, name="verify_code"),
    path("v/<str:code>/", views.verify_code),
]
