from django.urls import path

from commitments.reminding import views

urlpatterns = [
    path("deklarasi/<int:pk>/ingatkan/", views.remind, name="remind"),
    path("kalender/", views.calendar, name="calendar"),
]
