"""Papers that were issued, and papers that are owed."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agencies.models import User
from commitments import dates, states
from commitments.models.declarations import Declaration
from commitments.models.salted import SaltedAppendOnly
from commitments.states import DocumentKind, JobState, SealLevel

SHA256 = "^[0-9a-f]{64}$"


class Document(SaltedAppendOnly):
    """An issued paper: rendered once, stored with its SHA-256, served from storage ever after."""

    FOLDER = "documents"  # below MEDIA_ROOT

    declaration = models.ForeignKey(
        Declaration, models.PROTECT, related_name="documents", verbose_name=_("deklarasi")
    )
    kind = models.CharField(_("jenis"), max_length=20, choices=states.document_kinds)
    page_size = models.CharField(_("ukuran kertas"), max_length=2, choices=states.page_sizes)
    file = models.FileField(_("berkas"), upload_to=f"{FOLDER}/")
    size = models.PositiveIntegerField(_("ukuran (byte)"))
    pages = models.PositiveSmallIntegerField(_("halaman"))
    sha256 = models.CharField(_("sidik berkas"), max_length=64)
    # The chain's head that the paper carries: the one before its own entry.
    head_sequence = models.PositiveIntegerField(_("urutan ujung riwayat"))
    head_hash = models.CharField(_("sidik ujung riwayat"), max_length=64)
    issued_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("disimpan oleh"))
    issued_at = models.DateTimeField(_("disimpan"))
    seal_level = models.CharField(
        _("segel"), max_length=4, choices=states.seal_levels, default=SealLevel.NONE
    )
    seal_fingerprint = models.CharField(_("sidik sertifikat segel"), max_length=64, blank=True)
    sealed_at = models.DateTimeField(_("disegel"), null=True, blank=True)
    timestamped_at = models.DateTimeField(_("stempel waktu"), null=True, blank=True)

    class Meta:
        verbose_name = _("dokumen")
        verbose_name_plural = _("dokumen")
        constraints = [
            models.UniqueConstraint(fields=["declaration", "kind"], name="document_once_per_kind"),
            models.CheckConstraint(condition=Q(size__gt=0), name="document_not_empty"),
            models.CheckConstraint(condition=~Q(file="") & ~Q(sha256=""), name="document_has_file"),
            models.CheckConstraint(condition=Q(sha256__regex=SHA256), name="document_hash_is_one"),
            models.CheckConstraint(
                condition=Q(
                    seal_level=SealLevel.NONE,
                    seal_fingerprint="",
                    sealed_at__isnull=True,
                    timestamped_at__isnull=True,
                )
                | Q(
                    seal_level=SealLevel.B_B,
                    seal_fingerprint__regex=SHA256,
                    sealed_at__isnull=False,
                    timestamped_at__isnull=True,
                )
                | Q(
                    seal_level=SealLevel.B_T,
                    seal_fingerprint__regex=SHA256,
                    sealed_at__isnull=False,
                    timestamped_at__isnull=False,
                ),
                name="document_seal_is_whole",
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} · {self.declaration}"


class PaperJobQuerySet(models.QuerySet):
    def ask(self, declaration: Declaration, *, by: User, at: datetime | None = None):
        """Owe the final paper. Written in the transaction of its cause; whoever asks again gets the same row."""
        asked = {"asked_by": by, "asked_at": at or dates.now()}
        return self.get_or_create(declaration=declaration, kind=DocumentKind.DECLARATION, defaults=asked)[0]

    def due(self, now: datetime):
        """What waits and may be tried now, and what a dead worker holds, however old."""
        ripe = Q(not_before__isnull=True) | Q(not_before__lte=now)
        return self.filter(Q(ripe, state=JobState.WAITING) | Q(state=JobState.WORKING, claimed_until__lt=now))


class PaperJob(models.Model):
    """A paper that is owed. Made by a worker, which may die: after `claimed_until` the next one makes it."""

    declaration = models.ForeignKey(
        Declaration, models.PROTECT, related_name="paper_jobs", verbose_name=_("deklarasi")
    )
    kind = models.CharField(_("jenis"), max_length=20, choices=states.document_kinds)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("diminta oleh"))
    asked_at = models.DateTimeField(_("diminta"))
    state = models.CharField(_("keadaan"), max_length=10, choices=states.job_states, default=JobState.WAITING)
    unsealed = models.BooleanField(_("tanpa segel"), default=False)  # an administrator decided so
    claimed_until = models.DateTimeField(_("dikerjakan sampai"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("percobaan"), default=0)
    not_before = models.DateTimeField(_("tidak sebelum"), null=True, blank=True)
    last_error = models.CharField(_("kesalahan terakhir"), max_length=60, blank=True)  # its kind only

    objects = PaperJobQuerySet.as_manager()

    class Meta:
        verbose_name = _("pekerjaan naskah")
        verbose_name_plural = _("pekerjaan naskah")
        ordering = ["asked_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["declaration", "kind"], name="paper_job_once_per_kind"),
            models.CheckConstraint(condition=Q(state__in=JobState.values), name="paper_job_state_known"),
            models.CheckConstraint(
                condition=~Q(state="working") | Q(claimed_until__isnull=False), name="paper_job_claim_ends"
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} · {self.declaration}"
