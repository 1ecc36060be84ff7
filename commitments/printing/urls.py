from django.urls import path

from commitments.printing import views

urlpatterns = [
    path("deklarasi/<int:pk>/cetak/", views.print_page, name="print_page"),
    path("deklarasi/<int:pk>/cetak/terbitkan/", views.issue_final, name="issue_final"),
    path("deklarasi/<int:pk>/cetak/ulangi/", views.paper_again, name="paper_again"),
    path("deklarasi/<int:pk>/pratinjau.pdf", views.declaration_pdf, name="declaration_pdf"),
    path("deklarasi/<int:pk>/final.pdf", views.final_pdf, name="final_pdf"),
    path("deklarasi/<int:pk>/tinta-basah.pdf", views.wet_ink_pdf, name="wet_ink_pdf"),
    path("bukti/<int:pk>/bukti.pdf", views.receipt_pdf, name="receipt_pdf"),
]
