from django.urls import path

from commitments.offices import views

urlpatterns = [
    path("kantor/", views.office, name="office"),
    path("kecamatan/", views.sub_district_list, name="sub_district_list"),
    path("kecamatan/<str:code>/", views.sub_district, name="sub_district"),
]
