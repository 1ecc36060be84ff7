from django.urls import path

import agencies.converters  # noqa: F401 <sheet:form>
from commitments.assessing import views

urlpatterns = [
    path("tindak-lanjut/kota/", views.city_today, name="city_today"),
    path("tindak-lanjut/focal-point/", views.focal_points, name="focal_points"),
    path("tindak-lanjut/focal-point.<sheet:form>", views.focal_points_sheet, name="focal_points_sheet"),
    path("tindak-lanjut/kota/<int:year>/", views.city, name="city"),
    path("tindak-lanjut/kota/<int:year>/<str:matrix>.<sheet:form>", views.city_sheet, name="city_sheet"),
]
