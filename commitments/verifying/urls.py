from django.urls import path

from commitments.verifying import views

urlpatterns = [
    path("", views.landing, name="landing"),
    path("v/", views.verify, name="verify"),
    path("v/<str:code>", views.verify_code, name="verify_code"),
    path("v/<str:code>/", views.verify_code),
]
