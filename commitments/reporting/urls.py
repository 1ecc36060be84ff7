from django.urls import path

from commitments.reporting import views

urlpatterns = [
    path("tindak-lanjut/aksi/<int:pk>/triwulan/<int:quarter>/", views.report, name="report"),
    path("tindak-lanjut/laporan/<int:pk>/terima/", views.report_accept, name="report_accept"),
    path("tindak-lanjut/laporan/<int:pk>/kembalikan/", views.report_return, name="report_return"),
    path("tindak-lanjut/pemeriksaan/", views.report_queue, name="report_queue"),
]
