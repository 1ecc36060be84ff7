from django.urls import path

from commitments.publishing import views

urlpatterns = [
    path("deklarasi/", views.declaration_list, name="declaration_list"),
    path("deklarasi/baru/", views.declaration_new, name="declaration_new"),
    path("deklarasi/<int:pk>/", views.declaration_detail, name="declaration_detail"),
    path("deklarasi/<int:pk>/ubah/", views.declaration_edit, name="declaration_edit"),
    path("deklarasi/<int:pk>/terbitkan/", views.declaration_publish, name="declaration_publish"),
    path("deklarasi/<int:pk>/tutup/", views.declaration_close, name="declaration_close"),
    path("deklarasi/<int:pk>/cabut/", views.declaration_withdraw, name="declaration_withdraw"),
    path("deklarasi/<int:pk>/versi-baru/", views.declaration_revise, name="declaration_revise"),
    path("deklarasi/<int:pk>/salin/", views.declaration_copy, name="declaration_copy"),
    path("deklarasi/<int:pk>/hapus/", views.declaration_discard, name="declaration_discard"),
    path("deklarasi/<int:pk>/nomor/", views.declaration_number, name="declaration_number"),
    path("deklarasi/<int:pk>/tambah-jabatan/", views.declaration_add_slot, name="declaration_add_slot"),
    path("deklarasi/<int:pk>/jabatan/<int:slot_pk>/bebaskan/", views.slot_excuse, name="slot_excuse"),
    path("kop/", views.letterhead_list, name="letterhead_list"),
    path("kop/baru/", views.letterhead_edit, name="letterhead_new"),
    path("kop/<int:pk>/", views.letterhead_edit, name="letterhead_edit"),
]
