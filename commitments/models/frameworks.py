"""What the assessment asks for: frameworks and criteria are data by year, for rules change."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from agencies.one_line import LinesField, OneLineField

YEARS = (2000, 2100)


class Framework(models.Model):
    """A list of criteria as one rule or one year's worksheet (LKE) has them."""

    code = models.SlugField(_("kode"), max_length=40, unique=True, help_text=_("Misalnya: prasyarat-2026."))
    name = OneLineField(_("nama"), max_length=200)
    year = models.PositiveSmallIntegerField(_("tahun"))
    source = OneLineField(
        _("sumber"),
        max_length=300,
        blank=True,
        help_text=_("Peraturan atau dokumen tempat daftar ini diambil."),
    )
    is_verified = models.BooleanField(
        _("sudah dicocokkan dengan sumbernya"),
        default=False,
        help_text=_("Kosongkan sampai DPPPA mencocokkannya dengan naskah peraturan."),
    )
    in_use = models.BooleanField(_("dipakai"), default=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("kerangka penilaian")
        verbose_name_plural = _("kerangka penilaian")
        ordering = ["-year", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(year__range=YEARS),
                name="framework_year_plausible",
                violation_error_message=_("Tulis tahun dengan empat angka, misalnya 2026."),
            ),
        ]

    def __str__(self):
        return f"{self.name} ({self.year})"


class Criterion(models.Model):
    """One thing that is asked for, with the evidence that shows it. Weights stay empty until the office enters them."""

    framework = models.ForeignKey(
        Framework, models.PROTECT, related_name="criteria", verbose_name=_("kerangka penilaian")
    )
    code = models.SlugField(
        _("kode"), max_length=60, unique=True, help_text=_("Kode kerangka, lalu nomornya: prasyarat-2026-1.")
    )
    number = OneLineField(
        _("nomor"), max_length=20, help_text=_("Seperti tertulis pada lembar kerja, misalnya 3.2.")
    )
    name = OneLineField(_("nama"), max_length=200)
    evidence_needed = LinesField(_("bukti yang diminta"), max_length=1000, blank=True)
    needed = models.PositiveSmallIntegerField(
        _("jumlah bukti per kantor"),
        default=1,
        help_text=_("Berapa bukti terverifikasi yang membuatnya lengkap."),
    )
    weight = models.DecimalField(
        _("bobot"), max_digits=7, decimal_places=3, null=True, blank=True,
        help_text=_("Kosong sampai DPPPA mengisinya dari dokumen resmi."),
    )  # fmt: skip
    order = models.PositiveSmallIntegerField(_("urutan"), default=0)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("kriteria")
        verbose_name_plural = _("kriteria")
        ordering = ["framework", "order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["framework", "number"],
                name="criterion_number_unique",
                violation_error_message=_("Nomor ini sudah ada pada kerangka itu."),
            ),
            models.CheckConstraint(
                condition=Q(needed__range=(1, 100)),
                name="criterion_needs_something",
                violation_error_message=_("Tulis jumlah bukti dari 1 sampai 100."),
            ),
            models.CheckConstraint(
                condition=Q(weight__isnull=True) | Q(weight__gte=0),
                name="criterion_weight_not_negative",
                violation_error_message=_("Bobot tidak boleh di bawah nol."),
            ),
        ]

    def __str__(self):
        return f"{self.number}. {self.name}"
