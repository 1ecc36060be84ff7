from django.urls import path

from commitments.auditing import views

urlpatterns = [
    path("deklarasi/<int:pk>/riwayat/", views.ledger, name="ledger"),
    path("deklarasi/<int:pk>/riwayat/audit.json", views.audit_export, name="audit_export"),
]
