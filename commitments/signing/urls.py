from django.urls import path

from commitments.signing import views

urlpatterns = [
    path("tugas/", views.tasks, name="tasks"),
    path("tanda-tangan/<int:pk>/", views.sign, name="sign"),
    path("tanda-tangan/<int:pk>/belum-dapat/", views.decline, name="decline"),
    path("bukti/<int:pk>/", views.receipt, name="receipt"),
]
