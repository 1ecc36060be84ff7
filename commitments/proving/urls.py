from django.urls import path

from commitments.proving import views

urlpatterns = [
    path("tindak-lanjut/pemeriksaan-bukti/", views.evidence_queue, name="evidence_queue"),
    path("tindak-lanjut/aksi/<int:pk>/bukti/", views.evidence_list, name="evidence_list"),
    path("tindak-lanjut/aksi/<int:pk>/bukti/ajukan/", views.evidence_submit_all, name="evidence_submit_all"),
    path("tindak-lanjut/bukti/<int:pk>/ganti/", views.evidence_replace, name="evidence_replace"),
    path("tindak-lanjut/bukti/<int:pk>/ubah/", views.evidence_edit, name="evidence_edit"),
    path("tindak-lanjut/bukti/<int:pk>/ajukan/", views.evidence_submit, name="evidence_submit"),
    path("tindak-lanjut/bukti/<int:pk>/terima/", views.evidence_accept, name="evidence_accept"),
    path("tindak-lanjut/bukti/<int:pk>/kembalikan/", views.evidence_return, name="evidence_return"),
    path("tindak-lanjut/bukti/<int:pk>/versi/<int:version>/", views.evidence_file, name="evidence_file"),
]
