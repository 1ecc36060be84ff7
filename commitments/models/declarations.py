"""The text that is promised: declarations with their legal basis and points, and the letterhead they are printed on."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from agencies.models import User
from agencies.one_line import OneLineField
from commitments import codes, states
from commitments.models.salted import Salted, digest_of
from commitments.states import DeclarationState, DocumentKind, PageSize


class Letterhead(models.Model):
    """Kop: whose paper it is. The logo is stored re-encoded as PNG."""

    name = OneLineField(_("nama kop"), max_length=80, unique=True)
    line1 = OneLineField(_("baris pertama"), max_length=120, default="Pemerintah Kota Bekasi")
    line2 = OneLineField(_("baris kedua"), max_length=160)
    address = OneLineField(_("alamat"), max_length=200, blank=True)
    contact = OneLineField(_("telepon, laman, pos-el"), max_length=200, blank=True)
    logo = models.BinaryField(_("lambang"), null=True, blank=True)

    class Meta:
        verbose_name = _("kop naskah")
        verbose_name_plural = _("kop naskah")
        ordering = ["name"]

    def __str__(self):
        return self.name


class DeclarationQuerySet(models.QuerySet):
    def published(self):
        return self.exclude(state=DeclarationState.DRAFT)


class Declaration(Salted):
    """One version of a joint declaration. Publishing freezes its text; triggers keep it frozen."""

    # What the digest covers, in writing. Number and late slots are ledger events until close.
    DIGESTED = ("title", "opening", "basis", "points", "closing")
    # What may still change once published; the triggers refuse every other column.
    MUTABLE = ("state", "number", "closed_at", "ended_at", "end_reason")

    code = models.CharField(_("kode"), max_length=9, unique=True, default=codes.new_code, editable=False)
    year = models.PositiveSmallIntegerField(_("tahun"))
    version = models.PositiveSmallIntegerField(_("versi"), default=1, editable=False)
    previous = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, editable=False, related_name="successor"
    )
    state = models.CharField(
        _("keadaan"),
        max_length=12,
        choices=states.declaration_states,
        default=DeclarationState.DRAFT,
        editable=False,
    )
    title = OneLineField(_("judul"), max_length=300)
    opening = models.TextField(_("pembuka"))
    closing = models.TextField(_("penutup"), blank=True)
    place = OneLineField(_("tempat penandatanganan pada naskah"), max_length=80, default="Bekasi")
    venue = OneLineField(_("lokasi acara"), max_length=150, blank=True)
    date = models.DateField(_("tanggal naskah"))
    sign_by = models.DateField(_("batas waktu tanda tangan"), null=True, blank=True)
    number = OneLineField(_("nomor naskah"), max_length=80, blank=True)
    letterhead = models.ForeignKey(Letterhead, models.PROTECT, verbose_name=_("kop naskah"))
    page_size = models.CharField(
        _("ukuran kertas"), max_length=2, choices=states.page_sizes, default=PageSize.F4
    )
    note = OneLineField(_("catatan pada naskah"), max_length=200, blank=True)
    is_sample = models.BooleanField(_("data contoh"), default=False, editable=False)
    created_by = models.ForeignKey(
        User, models.PROTECT, editable=False, related_name="+", verbose_name=_("dibuat oleh")
    )
    created_at = models.DateTimeField(_("dibuat"), editable=False)
    text_digest = models.CharField(_("sidik naskah"), max_length=64, blank=True, editable=False)
    published_at = models.DateTimeField(_("diterbitkan"), null=True, blank=True, editable=False)
    closed_at = models.DateTimeField(_("ditutup"), null=True, blank=True, editable=False)
    # Withdrawn or superseded.
    ended_at = models.DateTimeField(_("berakhir"), null=True, blank=True, editable=False)
    end_reason = models.CharField(_("alasan berakhir"), max_length=500, blank=True, editable=False)

    objects = DeclarationQuerySet.as_manager()

    class Meta:
        verbose_name = _("deklarasi")
        verbose_name_plural = _("deklarasi")
        ordering = ["-year", "-version", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=DeclarationState.values), name="declaration_state_known"
            ),
            models.CheckConstraint(
                condition=Q(page_size__in=PageSize.values), name="declaration_page_size_known"
            ),
            models.CheckConstraint(
                condition=Q(state="draft", published_at__isnull=True, text_digest="")
                | (~Q(state="draft") & Q(published_at__isnull=False) & ~Q(text_digest="")),
                name="declaration_frozen_once_published",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["withdrawn", "superseded"])
                | (Q(ended_at__isnull=False) & ~Q(end_reason="")),
                name="declaration_end_has_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state="closed") | Q(closed_at__isnull=False), name="declaration_closed_is_dated"
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(closed_at__gte=F("published_at")),
                name="declaration_closed_after_published",
            ),
            models.UniqueConstraint(
                fields=["number"],
                condition=~Q(number="") & Q(state__in=["open", "closed"]),
                name="declaration_number_unique",
                violation_error_message=_("Nomor ini sudah dipakai naskah lain. Periksa lagi nomornya."),
            ),
        ]

    def __str__(self):
        return f"{self.title} ({self.year}, {_('versi')} {self.version})"

    @property
    def declaration(self):
        """Everything that moves names the declaration whose ledger it belongs to."""
        return self

    @property
    def printed_code(self) -> str:
        return codes.printed(self.code)

    def text(self) -> dict:
        """What is promised, as the digest sees it. Reads the rows, not a copy."""
        points = [
            {"text": point.text, "sub_points": list(point.sub_points)}
            for point in self.points.order_by("order", "pk")
        ]
        basis = [row.text for row in self.legal_basis.order_by("order", "pk")]
        values = {"title": self.title, "opening": self.opening, "closing": self.closing}
        return {name: {**values, "points": points, "basis": basis}[name] for name in self.DIGESTED}

    def final(self):
        """The final paper; None until it is issued."""
        return self.documents.filter(kind=DocumentKind.DECLARATION).first()

    def compute_digest(self) -> str:
        return digest_of(self.text())


class LegalBasis(Salted):
    declaration = models.ForeignKey(Declaration, models.CASCADE, related_name="legal_basis")
    order = models.PositiveSmallIntegerField()
    text = models.CharField(_("dasar hukum"), max_length=500)

    class Meta:
        verbose_name = _("dasar hukum")
        verbose_name_plural = _("dasar hukum")
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["declaration", "order"], name="legal_basis_order_unique")
        ]

    def __str__(self):
        return self.text


class Point(Salted):
    """One butir, with sub-points as a list of texts."""

    declaration = models.ForeignKey(Declaration, models.CASCADE, related_name="points")
    order = models.PositiveSmallIntegerField()
    text = models.CharField(_("butir"), max_length=1000)
    sub_points = models.JSONField(_("subbutir"), default=list, blank=True)
    # What DPPPA counts the point for; no part of what was promised, and so in no seal.
    criteria: models.ManyToManyField = models.ManyToManyField(
        "Criterion", blank=True, related_name="points", verbose_name=_("kriteria")
    )

    class Meta:
        verbose_name = _("butir")
        verbose_name_plural = _("butir")
        ordering = ["order", "pk"]
        constraints = [models.UniqueConstraint(fields=["declaration", "order"], name="point_order_unique")]

    def __str__(self):
        return self.text
