from django.urls import path

from commitments.guide import views

urlpatterns = [
    path("petunjuk/", views.guide, name="guide"),
    path("privasi/", views.privacy, name="privacy"),
    path("petunjuk/<str:role>/", views.guide_role, name="guide_role"),
]
