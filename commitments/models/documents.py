"""Papers that were issued."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agencies.models import User
from commitments import states
from commitments.models.declarations import Declaration
from commitments.models.salted import SaltedAppendOnly


class Document(SaltedAppendOnly):
    """An issued paper: rendered once, stored with its SHA-256, served from storage ever after."""

    declaration = models.ForeignKey(
        Declaration, models.PROTECT, related_name="documents", verbose_name=_("deklarasi")
    )
    kind = models.CharField(_("jenis"), max_length=20, choices=states.document_kinds)
    page_size = models.CharField(_("ukuran kertas"), max_length=2, choices=states.page_sizes)
    file = models.FileField(_("berkas"), upload_to="documents/")
    size = models.PositiveIntegerField(_("ukuran (bita)"))
    pages = models.PositiveSmallIntegerField(_("halaman"))
    sha256 = models.CharField(_("sidik berkas"), max_length=64)
    # The chain's head that the paper carries: the one before its own entry.
    head_sequence = models.PositiveIntegerField(_("urutan ujung riwayat"))
    head_hash = models.CharField(_("sidik ujung riwayat"), max_length=64)
    issued_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("disimpan oleh"))
    issued_at = models.DateTimeField(_("disimpan"))

    class Meta:
        verbose_name = _("dokumen")
        verbose_name_plural = _("dokumen")
        constraints = [
            models.UniqueConstraint(fields=["declaration", "kind"], name="document_once_per_kind"),
            models.CheckConstraint(condition=Q(size__gt=0), name="document_not_empty"),
            models.CheckConstraint(condition=~Q(file="") & ~Q(sha256=""), name="document_has_file"),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} · {self.declaration}"
