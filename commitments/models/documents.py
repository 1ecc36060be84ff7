"""Papers that were issued."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agencies.models import User
from commitments import states
from commitments.models.declarations import Declaration
from commitments.models.salted import AppendOnly


class Document(AppendOnly):
    """An issued paper: rendered once, stored with its SHA-256, served from storage ever after."""

    declaration = models.ForeignKey(Declaration, models.PROTECT, related_name="documents")
    kind = models.CharField(max_length=20, choices=states.document_kinds)
    page_size = models.CharField(max_length=2, choices=states.page_sizes)
    file = models.FileField(upload_to="documents/")
    size = models.PositiveIntegerField()
    pages = models.PositiveSmallIntegerField()
    sha256 = models.CharField(max_length=64)
    # The chain's head that the paper carries: the one before its own entry.
    head_sequence = models.PositiveIntegerField()
    head_hash = models.CharField(max_length=64)
    issued_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    issued_at = models.DateTimeField()

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
