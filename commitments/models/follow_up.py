"""What an office does about its promise: actions of a year, what they reached quarter by quarter, and the evidence."""

from datetime import date
from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from agencies import kinds
from agencies.models import Agency, User
from agencies.one_line import OneLineField
from commitments import dates, states
from commitments.models.declarations import Point
from commitments.models.documents import SHA256
from commitments.models.frameworks import YEARS, Criterion
from commitments.models.ledger import GENESIS
from commitments.models.salted import AppendOnly, Salted, SaltedAppendOnly
from commitments.states import EDITABLE, Completion, FocalKind, WorkState

QUARTERS = (1, 2, 3, 4)
NOT_NEGATIVE = [MinValueValidator(0, _("Tulis angka nol atau lebih."))]


class Plan(models.Model):
    """The actions of one office in one year, and the history of what became of them."""

    agency = models.ForeignKey(
        Agency, models.PROTECT, related_name="plans", verbose_name=_("perangkat daerah")
    )
    year = models.PositiveSmallIntegerField(_("tahun"))
    # Where the history ends; its row lock puts entries in line, as LedgerHead's does.
    head_sequence = models.PositiveIntegerField(default=0, editable=False)
    head_hash = models.CharField(max_length=64, default=GENESIS, editable=False)

    class Meta:
        verbose_name = _("rencana aksi kantor")
        verbose_name_plural = _("rencana aksi kantor")
        ordering = ["-year", "agency"]
        constraints = [
            models.UniqueConstraint(fields=["agency", "year"], name="plan_once_a_year"),
            models.CheckConstraint(condition=Q(year__range=YEARS), name="plan_year_plausible"),
        ]

    def __str__(self):
        return f"{self.agency} {self.year}"


class PlanEntry(AppendOnly):
    """One line of a plan's history: an append-only hash chain, as LedgerEntry is one of a declaration."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="entries")
    sequence = models.PositiveIntegerField(_("urutan"))
    kind = models.CharField(_("kejadian"), max_length=20, choices=states.plan_entry_kinds)
    payload = models.JSONField(_("isi"))
    actor = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("pelaku"))
    created_at = models.DateTimeField(_("waktu"))
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("riwayat rencana aksi")
        verbose_name_plural = _("riwayat rencana aksi")
        ordering = ["plan", "sequence"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "sequence"], name="plan_entry_sequence_unique"),
            models.UniqueConstraint(fields=["plan", "previous_hash"], name="plan_entry_never_forks"),
        ]

    def __str__(self):
        return f"{self.plan_id} · {self.sequence} {self.get_kind_display()}"


class Action(Salted):
    """A rencana aksi: what is to be done about a point, by how much, until when, with what money, by whom."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="actions")
    point = models.ForeignKey(
        Point, models.PROTECT, null=True, blank=True, related_name="actions", verbose_name=_("butir komitmen")
    )
    criteria = models.ManyToManyField(
        Criterion, blank=True, related_name="actions", verbose_name=_("kriteria")
    )
    title = OneLineField(_("rencana aksi"), max_length=200)
    indicator = OneLineField(_("indikator"), max_length=200)
    unit = OneLineField(_("satuan"), max_length=40)
    baseline = models.DecimalField(
        _("data dasar"), max_digits=14, decimal_places=2, null=True, blank=True, validators=NOT_NEGATIVE
    )
    # Reached until the end of each quarter, counted from January: percentages and sums read the same way.
    target_1 = models.DecimalField(
        _("TW I"), max_digits=14, decimal_places=2, null=True, blank=True, validators=NOT_NEGATIVE
    )
    target_2 = models.DecimalField(
        _("TW II"), max_digits=14, decimal_places=2, null=True, blank=True, validators=NOT_NEGATIVE
    )
    target_3 = models.DecimalField(
        _("TW III"), max_digits=14, decimal_places=2, null=True, blank=True, validators=NOT_NEGATIVE
    )
    target_4 = models.DecimalField(
        _("target tahun ini"), max_digits=14, decimal_places=2, validators=NOT_NEGATIVE
    )
    budget = models.DecimalField(
        _("anggaran (Rp)"), max_digits=15, decimal_places=0, default=0, validators=NOT_NEGATIVE
    )
    budget_source = OneLineField(_("sumber dana"), max_length=100, blank=True)
    person_in_charge = OneLineField(_("penanggung jawab"), max_length=200)
    partner = OneLineField(_("mitra"), max_length=200, blank=True)
    due_on = models.DateField(_("batas waktu"))
    has_beneficiaries = models.BooleanField(
        _("ada penerima manfaat"),
        default=True,
        help_text=_("Bila ada, laporan meminta jumlah laki-laki dan perempuan."),
    )
    weight = models.DecimalField(
        _("bobot"), max_digits=7, decimal_places=3, default=1, validators=NOT_NEGATIVE
    )

    class Meta:
        verbose_name = _("rencana aksi")
        verbose_name_plural = _("rencana aksi")
        ordering = ["plan", "point__order", "due_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "title"],
                name="action_title_unique",
                violation_error_message=_("Rencana aksi dengan nama ini sudah ada di kantor ini tahun ini."),
            ),
            models.CheckConstraint(
                condition=Q(target_4__gt=0),
                name="action_has_a_target",
                violation_error_message=_("Tulis target tahun ini lebih dari nol."),
            ),
            models.CheckConstraint(
                condition=Q(budget__gte=0) & Q(weight__gte=0), name="action_money_not_negative"
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def targets(self) -> list[Decimal | None]:
        return [self.target_1, self.target_2, self.target_3, self.target_4]

    def days_left(self, today: date) -> int:
        """Below zero from the day after on, in WIB."""
        return (self.due_on - today).days


class WorkQuerySet(models.QuerySet):
    def waiting_for_review(self):
        return self.filter(state=WorkState.SUBMITTED)


class Report(Salted):
    """What an action had reached by the end of a quarter: claimed by the office, found by a verifier. Both stay."""

    action = models.ForeignKey(Action, models.PROTECT, related_name="reports", verbose_name=_("rencana aksi"))
    quarter = models.PositiveSmallIntegerField(_("triwulan"))
    state = models.CharField(
        _("keadaan"), max_length=12, choices=states.work_states, default=WorkState.DRAFT, editable=False
    )
    reached = models.DecimalField(
        _("capaian sampai triwulan ini"), max_digits=14, decimal_places=2, null=True, validators=NOT_NEGATIVE
    )
    spent = models.DecimalField(
        _("anggaran terpakai (Rp)"), max_digits=15, decimal_places=0, default=0, validators=NOT_NEGATIVE
    )
    men = models.PositiveIntegerField(_("laki-laki"), null=True, blank=True)
    women = models.PositiveIntegerField(_("perempuan"), null=True, blank=True)
    unsplit = models.PositiveIntegerField(_("jumlah, belum terpilah"), null=True, blank=True)
    unsplit_reason = models.TextField(_("mengapa belum terpilah"), max_length=400, blank=True)
    narrative = models.TextField(_("uraian"), max_length=2000)
    hindrance = models.TextField(_("hambatan"), max_length=1000, blank=True)
    next_step = models.TextField(_("langkah berikutnya"), max_length=1000, blank=True)
    claimed = models.CharField(_("capaian menurut kantor"), max_length=12, choices=states.completions)
    found = models.CharField(
        _("capaian menurut pemeriksa"), max_length=12, choices=states.completions, blank=True, editable=False
    )
    note = models.TextField(_("catatan pemeriksa"), max_length=400, blank=True, editable=False)
    reported_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", editable=False, verbose_name=_("dilaporkan oleh")
    )
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", editable=False, verbose_name=_("diperiksa oleh")
    )
    decided_at = models.DateTimeField(_("diperiksa"), null=True, editable=False)

    objects = WorkQuerySet.as_manager()

    class Meta:
        verbose_name = _("laporan triwulan")
        verbose_name_plural = _("laporan triwulan")
        ordering = ["action", "quarter"]
        constraints = [
            models.UniqueConstraint(fields=["action", "quarter"], name="report_once_a_quarter"),
            models.CheckConstraint(condition=Q(quarter__range=(1, 4)), name="report_quarter_is_one"),
            models.CheckConstraint(condition=Q(state__in=WorkState.values), name="report_state_known"),
            models.CheckConstraint(condition=Q(claimed__in=Completion.values), name="report_claim_known"),
            # People are counted by sex, or in one sum with a reason, or not at all.
            models.CheckConstraint(
                condition=Q(men__isnull=False, women__isnull=False, unsplit__isnull=True, unsplit_reason="")
                | (Q(men__isnull=True, women__isnull=True, unsplit__isnull=False) & ~Q(unsplit_reason=""))
                | Q(men__isnull=True, women__isnull=True, unsplit__isnull=True, unsplit_reason="")
                | Q(state__in=EDITABLE),
                name="report_people_by_sex_or_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(reached__isnull=False) & ~Q(narrative="") | Q(state__in=EDITABLE),
                name="report_complete_when_handed_in",
            ),
            models.CheckConstraint(
                condition=(
                    Q(state=WorkState.ACCEPTED) & Q(found__in=Completion.values, decided_by__isnull=False)
                )
                | (~Q(state=WorkState.ACCEPTED) & Q(found="")),
                name="report_found_when_accepted",
            ),
        ]

    def __str__(self):
        return f"{self.action} · TW {self.quarter}"

    @property
    def plan(self) -> Plan:
        return self.action.plan

    @property
    def is_complete(self) -> bool:
        """As its constraints ask of what is handed in."""
        by_sex = self.men is not None and self.women is not None and self.unsplit is None
        in_one = (
            self.men is None
            and self.women is None
            and bool(self.unsplit_reason) == (self.unsplit is not None)
        )
        return (
            self.reached is not None
            and bool(self.narrative)
            and ((by_sex and not self.unsplit_reason) or in_one)
        )

    @property
    def people(self) -> int | None:
        """All who benefited; None where nobody is counted."""
        if self.men is None or self.women is None:
            return self.unsplit
        return self.men + self.women


class Evidence(Salted):
    """A piece of evidence for an action. Its files are versions; the newest counts."""

    action = models.ForeignKey(
        Action, models.PROTECT, related_name="evidence", verbose_name=_("rencana aksi")
    )
    criteria = models.ManyToManyField(
        Criterion, blank=True, related_name="evidence", verbose_name=_("kriteria")
    )
    title = OneLineField(_("nama bukti"), max_length=200)
    state = models.CharField(
        _("keadaan"), max_length=12, choices=states.work_states, default=WorkState.DRAFT, editable=False
    )
    note = models.TextField(_("catatan pemeriksa"), max_length=400, blank=True, editable=False)
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", editable=False, verbose_name=_("diperiksa oleh")
    )
    decided_at = models.DateTimeField(_("diperiksa"), null=True, editable=False)

    objects = WorkQuerySet.as_manager()

    class Meta:
        verbose_name = _("bukti dukung")
        verbose_name_plural = _("bukti dukung")
        ordering = ["action", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=WorkState.values), name="evidence_state_known"),
            models.CheckConstraint(
                condition=~Q(state=WorkState.ACCEPTED) | Q(decided_by__isnull=False),
                name="evidence_accepted_by_somebody",
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def plan(self) -> Plan:
        return self.action.plan


class EvidenceFile(SaltedAppendOnly):
    """One version of a piece of evidence: never changed, never served by its address on disk."""

    FOLDER = "evidence"  # below MEDIA_ROOT

    evidence = models.ForeignKey(Evidence, models.PROTECT, related_name="files")
    version = models.PositiveSmallIntegerField(_("versi"))
    file = models.FileField(_("berkas"), upload_to=f"{FOLDER}/%Y/")
    name = OneLineField(_("nama berkas"), max_length=200)
    kind = models.CharField(_("jenis"), max_length=10)
    size = models.PositiveIntegerField(_("ukuran (byte)"))
    sha256 = models.CharField(_("sidik berkas"), max_length=64)
    uploaded_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("diunggah oleh"))
    uploaded_at = models.DateTimeField(_("diunggah"), default=dates.now)

    class Meta:
        verbose_name = _("berkas bukti")
        verbose_name_plural = _("berkas bukti")
        ordering = ["evidence", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["evidence", "version"], name="evidence_version_unique"),
            models.CheckConstraint(condition=Q(size__gt=0) & ~Q(file=""), name="evidence_file_not_empty"),
            models.CheckConstraint(condition=Q(sha256__regex=SHA256), name="evidence_hash_is_one"),
        ]

    def __str__(self):
        return f"{self.name} · {self.version}"


class Verifier(models.Model):
    """A named verifier: looks at the reports and evidence of an office that is not their own."""

    user = models.ForeignKey(User, models.PROTECT, related_name="verifies", verbose_name=_("pemeriksa"))
    agency = models.ForeignKey(
        Agency, models.PROTECT, related_name="verifiers", verbose_name=_("perangkat daerah")
    )

    class Meta:
        verbose_name = _("pemeriksa tindak lanjut")
        verbose_name_plural = _("pemeriksa tindak lanjut")
        ordering = ["agency", "user"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "agency"],
                name="verifier_once_an_office",
                violation_error_message=_("Pengguna ini sudah menjadi pemeriksa kantor itu."),
            )
        ]

    def __str__(self):
        return f"{self.user} → {self.agency}"


class FocalPointQuerySet(models.QuerySet):
    def in_force(self, day: date):
        """Whose decree counts on that day, its last day included."""
        return self.filter(decree_date__lte=day).exclude(expires_on__lt=day)


class FocalPoint(models.Model):
    """Who carries PUG in an office, or sits in the Pokja, by which decree and until when."""

    agency = models.ForeignKey(
        Agency, models.PROTECT, related_name="focal_points", verbose_name=_("perangkat daerah")
    )
    kind = models.CharField(
        _("peran"), max_length=12, choices=states.focal_kinds, default=FocalKind.FOCAL_POINT
    )
    name = OneLineField(_("nama"), max_length=200)
    sex = models.CharField(_("jenis kelamin"), max_length=1, choices=kinds.sexes)
    decree_number = OneLineField(_("nomor SK"), max_length=100)
    decree_date = models.DateField(_("tanggal SK"))
    expires_on = models.DateField(_("berlaku sampai"), null=True, blank=True)
    trained_on = models.DateField(_("dilatih PUG pada"), null=True, blank=True)
    history = HistoricalRecords()

    objects = FocalPointQuerySet.as_manager()

    class Meta:
        verbose_name = _("focal point atau anggota Pokja")
        verbose_name_plural = _("focal point dan anggota Pokja")
        ordering = ["agency", "kind", "name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_on__isnull=True) | Q(expires_on__gte=F("decree_date")),
                name="focal_point_decree_in_order",
                violation_error_message=_("SK tidak dapat berakhir sebelum tanggalnya."),
            ),
            models.UniqueConstraint(
                fields=["agency", "kind", "name", "decree_number"],
                name="focal_point_once_a_decree",
                violation_error_message=_(
                    "Orang ini sudah tercatat di kantor itu dengan peran dan SK yang sama."
                ),
            ),
        ]

    def __str__(self):
        return f"{self.name} · {self.agency}"

    def has_expired(self, today: date) -> bool:
        return self.expires_on is not None and self.expires_on < today
