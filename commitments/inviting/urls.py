from django.urls import path

from commitments.inviting import views

urlpatterns = [
    path("jabatan-penanda-tangan/<int:pk>/undang/", views.invite, name="invite"),
    path("jabatan-penanda-tangan/<int:pk>/undang/tautan/", views.link_make, name="link_make"),
    path("jabatan-penanda-tangan/<int:pk>/undang/cabut/", views.link_end, name="link_end"),
    path("jabatan-penanda-tangan/<int:pk>/undangan.pdf", views.letter_pdf, name="letter_pdf"),
    path("undangan/<str:code>-<int:pk>/", views.letter, name="letter"),
]
