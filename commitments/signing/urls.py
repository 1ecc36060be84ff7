from django.urls import path

from commitments.signing import door_views, host_views, views

urlpatterns = [
    path("tugas/", views.tasks, name="tasks"),
    path("tanda-tangan/<int:pk>/", views.sign, name="sign"),
    path("tanda-tangan/<int:pk>/belum-dapat/", views.decline, name="decline"),
    path("bukti/<int:pk>/", views.receipt, name="receipt"),
    path("ttd/", door_views.door, name="door"),
    path("ttd/kode/", door_views.door_code, name="door_code"),
    path("ttd/naskah/", door_views.door_sign, name="door_sign"),
    path("ttd/belum-dapat/", door_views.door_decline, name="door_decline"),
    path("ttd/bukti/", door_views.door_done, name="door_done"),
    path("ttd/selesai/", door_views.door_leave, name="door_leave"),
    path("jabatan-penanda-tangan/<int:pk>/dampingi/", host_views.host, name="host"),
    path("jabatan-penanda-tangan/<int:pk>/pindaian/", host_views.scan, name="scan"),
]
