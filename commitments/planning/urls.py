from django.urls import path

from commitments.planning import views

urlpatterns = [
    path("tindak-lanjut/", views.plan_list, name="plan_list"),
    path("tindak-lanjut/<int:pk>/", views.plan, name="plan"),
    path("tindak-lanjut/kantor/<int:pk>/baru/", views.plan_new, name="plan_new"),
    path("tindak-lanjut/<int:pk>/salin/", views.plan_copy, name="plan_copy"),
    path("tindak-lanjut/<int:pk>/bagikan/", views.plan_share, name="plan_share"),
    path("tindak-lanjut/<int:pk>/riwayat/", views.plan_history, name="plan_history"),
    path("tindak-lanjut/<int:pk>/aksi/baru/", views.action_new, name="action_new"),
    path("deklarasi/<int:pk>/kriteria/", views.point_criteria, name="point_criteria"),
    path("tindak-lanjut/aksi/<int:pk>/ubah/", views.action_edit, name="action_edit"),
    path("tindak-lanjut/aksi/<int:pk>/hapus/", views.action_remove, name="action_remove"),
]
