from django.urls import path

import agencies.converters  # noqa: F401 <sheet:form>
from commitments.reviewing import views

urlpatterns = [
    path("deklarasi/<int:pk>/matriks/", views.matrix, name="matrix"),
    path("deklarasi/<int:pk>/matriks/ringkas/", views.matrix_map, name="matrix_map"),
    path("deklarasi/<int:pk>/matriks.<sheet:form>", views.matrix_sheet, name="matrix_sheet"),
    path("jabatan-penanda-tangan/<int:pk>/riwayat/", views.slot_history, name="slot_history"),
    path("pemeriksaan.<sheet:form>", views.queue_sheet, name="queue_sheet"),
    path("pemeriksaan/", views.review_queue, name="review_queue"),
    path("pemeriksaan/sekaligus/", views.review_many, name="review_many"),
    path("pemeriksaan/<int:pk>/", views.review, name="review"),
    path("pemeriksaan/<int:pk>/setujui/", views.review_accept, name="review_accept"),
    path("pemeriksaan/<int:pk>/kembalikan/", views.review_return, name="review_return"),
    path("pemeriksaan/<int:pk>/pindaian.png", views.review_scan, name="review_scan"),
]
