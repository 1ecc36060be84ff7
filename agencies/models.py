"""Who exists: places, bodies, posts, persons, and who holds which post when."""

import re
from datetime import date

from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from agencies import kinds
from agencies.kinds import AgencyKind, Capacity, LoginStep
from agencies.one_line import OneLineField, one_line

YEARS = range(1950, 2101)  # in which anybody holds a post; a slip of the finger gives the year 0226 or 20226


def search_key(*texts: str) -> str:
    """Lower case letters and digits only, so that "Pondok Gede" and "Pondokgede" find the same row."""
    return re.sub(r"[\W_]+", "", " ".join(texts).lower())


def without_titles(name: str) -> str:
    """A person's name as somebody may type it: what follows the first comma goes, and words with a full stop."""
    words = name.partition(",")[0].split()
    return " ".join(word for word in words if not word.endswith("."))


class User(AbstractUser):
    """A login. What it may do follows from its roles, its memberships and the official it belongs to."""

    email = models.EmailField(_("pos-el"), blank=True)
    history = HistoricalRecords(excluded_fields=["password", "last_login"], m2m_fields=["groups"])

    class Meta(AbstractUser.Meta):
        verbose_name = _("pengguna")  # type: ignore[assignment]
        verbose_name_plural = _("pengguna")  # type: ignore[assignment]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                condition=~Q(email=""),
                name="user_email_unique",
                violation_error_message=_("Pos-el ini sudah dipakai akun lain."),
            )
        ]

    def __str__(self):
        return self.get_full_name() or self.username

    def clean(self):
        super().clean()
        self.first_name, self.last_name = one_line(self.first_name), one_line(self.last_name)

    def save(self, *args, **kwargs):
        # A login is no change of who may do what, so it leaves no line in the history.
        logs_in = kwargs.get("update_fields") == ["last_login"]
        if logs_in and not hasattr(self, "skip_history_when_saving"):
            # It comes back here, told to leave no line.
            return self.save_without_historical_record(*args, **kwargs)  # type: ignore[attr-defined]
        if not self.is_active:
            self.end_sessions()  # else they would live again when the login is switched on again
        return super().save(*args, **kwargs)

    def end_sessions(self) -> None:
        """Everywhere. None is open before the login has a number."""
        for session in self.usersession_set.all() if self.pk else []:  # type: ignore[attr-defined]
            session.end()


class FailedLogin(models.Model):
    """Somebody did not get in: the owner should know. Neither the name nor the password typed is ever kept."""

    # Nobody when no login has the name that was typed.
    user = models.ForeignKey(
        User,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="failed_logins",
        verbose_name=_("pengguna"),
    )
    at = models.DateTimeField(_("waktu"), default=timezone.now, db_index=True)
    step = models.CharField(_("langkah"), max_length=20, choices=kinds.login_steps)
    device = models.CharField(_("perangkat"), max_length=60)

    class Meta:
        verbose_name = _("masuk yang gagal")
        verbose_name_plural = _("masuk yang gagal")
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(step__in=LoginStep.values), name="failed_login_step_known")
        ]

    def __str__(self):
        return f"{LoginStep(self.step).label} · {self.user or '–'}"


class SubDistrict(models.Model):
    """A kecamatan, with its Kemendagri code (32.75.01 …)."""

    code = models.CharField(_("kode"), max_length=8, unique=True)
    name = OneLineField(_("nama"), max_length=100)
    spelling_variant = OneLineField(_("ejaan lain"), max_length=100, blank=True)
    search_key = models.CharField(max_length=200, editable=False, db_index=True)
    history = HistoricalRecords(excluded_fields=["search_key"])

    class Meta:
        verbose_name = _("kecamatan")
        verbose_name_plural = _("kecamatan")
        ordering = ["code"]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        self.search_key = search_key(self.name, self.spelling_variant)
        super().save(*args, **kwargs)


class Village(models.Model):
    """A kelurahan. Codes have gaps: they are never generated."""

    sub_district = models.ForeignKey(
        SubDistrict, models.PROTECT, related_name="villages", verbose_name=_("kecamatan")
    )
    code = models.CharField(_("kode"), max_length=13, unique=True)
    name = OneLineField(_("nama"), max_length=100)
    search_key = models.CharField(max_length=200, editable=False, db_index=True)
    history = HistoricalRecords(excluded_fields=["search_key"])

    class Meta:
        verbose_name = _("kelurahan")
        verbose_name_plural = _("kelurahan")
        ordering = ["code"]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        self.search_key = search_key(self.name)
        super().save(*args, **kwargs)


class ValidQuerySet(models.QuerySet):
    def in_force(self, on: date | None = None):
        """What exists on that day (today in WIB when not given)."""
        on = on or timezone.localdate()
        started = Q(valid_from__isnull=True) | Q(valid_from__lte=on)
        return self.filter(started, Q(valid_to__isnull=True) | Q(valid_to__gte=on))


class Agency(models.Model):
    """A perangkat daerah. A kecamatan's office points at its sub-district, and only such an office does."""

    abbreviation = OneLineField(_("singkatan"), max_length=40, unique=True)
    name = OneLineField(_("nama"), max_length=200)
    kind = models.CharField(_("jenis"), max_length=20, choices=kinds.agency_kinds)
    sub_district = models.OneToOneField(
        SubDistrict, models.PROTECT, null=True, blank=True, related_name="agency", verbose_name=_("kecamatan")
    )
    valid_from = models.DateField(_("berlaku sejak"), null=True, blank=True)
    valid_to = models.DateField(_("berlaku sampai"), null=True, blank=True)
    source = OneLineField(_("sumber"), max_length=200, blank=True)
    search_key = models.CharField(max_length=300, editable=False, db_index=True)
    history = HistoricalRecords(excluded_fields=["search_key"])

    objects = ValidQuerySet.as_manager()

    class Meta:
        verbose_name = _("perangkat daerah")
        verbose_name_plural = _("perangkat daerah")
        ordering = ["abbreviation"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=AgencyKind.values), name="agency_kind_known"),
            models.CheckConstraint(
                condition=Q(kind="kecamatan", sub_district__isnull=False)
                | (~Q(kind="kecamatan") & Q(sub_district__isnull=True)),
                name="agency_sub_district_iff_kecamatan",
                violation_error_message=_(
                    "Pilih kecamatan hanya untuk jenis Kecamatan, dan wajib untuk jenis itu."
                ),
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True)
                | Q(valid_from__isnull=True)
                | Q(valid_to__gte=F("valid_from")),
                name="agency_validity_in_order",
                violation_error_message=_("Tanggal berakhir tidak boleh sebelum tanggal mulai."),
            ),
        ]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        self.search_key = search_key(self.name, self.abbreviation)
        super().save(*args, **kwargs)


class PositionQuerySet(ValidQuerySet):
    def in_protocol_order(self):
        return self.order_by("protocol_rank", "pk")


class Position(models.Model):
    """A post that can sign. Its protocol rank orders every list and every paper."""

    agency = models.ForeignKey(
        Agency, models.PROTECT, related_name="positions", verbose_name=_("perangkat daerah")
    )
    title = OneLineField(_("jabatan"), max_length=250, unique=True)
    short = OneLineField(_("singkatan"), max_length=40, blank=True)
    category = models.CharField(_("kelompok"), max_length=20, choices=kinds.position_categories)
    protocol_rank = models.PositiveIntegerField(_("urutan protokol"), unique=True)
    # Permendagri 1/2023 art. 44: heads of agencies show titles, NIP and rank; the Sekda does not show NIP and rank.
    show_titles = models.BooleanField(_("cetak gelar"), default=True)
    show_nip = models.BooleanField(_("cetak NIP"), default=True)
    show_rank = models.BooleanField(_("cetak pangkat"), default=True)
    valid_from = models.DateField(_("berlaku sejak"), null=True, blank=True)
    valid_to = models.DateField(_("berlaku sampai"), null=True, blank=True)
    source = OneLineField(_("sumber"), max_length=200, blank=True)
    search_key = models.CharField(max_length=600, editable=False, db_index=True)
    history = HistoricalRecords(excluded_fields=["search_key"])

    objects = PositionQuerySet.as_manager()

    class Meta:
        verbose_name = _("jabatan")
        verbose_name_plural = _("jabatan")
        ordering = ["protocol_rank"]

    def __str__(self):
        return self.title

    def save(self, *args, **kwargs):
        self.search_key = search_key(self.title, self.short, self.agency.abbreviation)
        super().save(*args, **kwargs)


class Official(models.Model):
    """A person. Titles stand apart from the bare name, because lists sort by the name and some papers omit titles."""

    title_before = OneLineField(_("gelar depan"), max_length=60, blank=True)
    name = OneLineField(_("nama tanpa gelar"), max_length=150)
    title_after = OneLineField(_("gelar belakang"), max_length=100, blank=True)
    nip = models.CharField(_("NIP"), max_length=18, null=True, blank=True, unique=True)
    nip_absent_reason = OneLineField(_("alasan tanpa NIP"), max_length=200, blank=True)
    rank = models.CharField(_("pangkat/golongan"), max_length=5, blank=True, choices=kinds.ranks)
    sex = models.CharField(_("jenis kelamin"), max_length=1, choices=kinds.sexes)
    email = models.EmailField(_("pos-el dinas"), blank=True)
    phone = OneLineField(_("nomor telepon"), max_length=20, blank=True)
    user = models.OneToOneField(
        User, models.SET_NULL, null=True, blank=True, related_name="official", verbose_name=_("akun")
    )
    is_sample = models.BooleanField(_("data contoh"), default=False, editable=False)
    search_key = models.CharField(max_length=400, editable=False, db_index=True)
    history = HistoricalRecords(excluded_fields=["search_key"])

    class Meta:
        verbose_name = _("pejabat")
        verbose_name_plural = _("pejabat")
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(nip__isnull=False) | ~Q(nip_absent_reason=""),
                name="official_nip_or_reason",
                violation_error_message=_("Isi NIP, atau tulis alasan mengapa tidak ada NIP."),
            ),
            models.CheckConstraint(condition=Q(sex__in=["L", "P"]), name="official_sex_known"),
        ]

    def __str__(self):
        return self.full_name

    def save(self, *args, **kwargs):
        self.nip = self.nip or None
        self.search_key = search_key(self.title_before, self.name, self.title_after)
        super().save(*args, **kwargs)

    @property
    def full_name(self) -> str:
        before = f"{self.title_before} " if self.title_before else ""
        after = f", {self.title_after}" if self.title_after else ""
        return f"{before}{self.name}{after}"

    @property
    def address(self) -> str:
        """Where mail for this person goes; empty when there is none."""
        return self.email or (self.user.email if self.user else "")


class TenureQuerySet(models.QuerySet):
    def in_force(self, on: date | None = None):
        """Tenures that cover that day (today in WIB when not given)."""
        on = on or timezone.localdate()
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=on), starts_on__lte=on)


class Tenure(models.Model):
    """Who holds a post, from when to when (both days included), and as what. Never two on one day: see 0002."""

    position = models.ForeignKey(Position, models.PROTECT, related_name="tenures", verbose_name=_("jabatan"))
    official = models.ForeignKey(Official, models.PROTECT, related_name="tenures", verbose_name=_("pejabat"))
    capacity = models.CharField(
        _("sebagai"), max_length=10, choices=kinds.capacities, default=Capacity.DEFINITIVE
    )
    basis_letter = OneLineField(_("nomor surat dasar"), max_length=150, blank=True)
    basis_date = models.DateField(_("tanggal surat dasar"), null=True, blank=True)
    starts_on = models.DateField(_("mulai"))
    ends_on = models.DateField(_("sampai"), null=True, blank=True)
    history = HistoricalRecords()

    objects = TenureQuerySet.as_manager()

    class Meta:
        verbose_name = _("masa jabatan")
        verbose_name_plural = _("masa jabatan")
        ordering = ["position__protocol_rank", "-starts_on"]
        constraints = [
            models.CheckConstraint(condition=Q(capacity__in=Capacity.values), name="tenure_capacity_known"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="tenure_dates_in_order",
                violation_error_message=_("Tanggal akhir tidak boleh sebelum tanggal mulai."),
            ),
            models.CheckConstraint(
                condition=Q(capacity="definitif")
                | (~Q(basis_letter="") & Q(basis_date__isnull=False) & Q(ends_on__isnull=False)),
                name="tenure_acting_has_basis",
                violation_error_message=_(
                    "Plt., Plh., dan Pj. memerlukan nomor dan tanggal surat dasar serta tanggal akhir."
                ),
            ),
            models.UniqueConstraint(
                fields=["position"],
                condition=Q(ends_on__isnull=True),
                name="tenure_one_open_per_position",
                violation_error_message=_("Jabatan ini masih ada pemegangnya. Isi tanggal akhirnya dulu."),
            ),
        ]

    def __str__(self):
        return f"{self.official} · {self.label} {self.position}".replace("  ", " ")

    @property
    def full_name(self) -> str:
        return self.official.full_name

    def is_in_force(self, on: date) -> bool:
        return self.starts_on <= on and (self.ends_on is None or on <= self.ends_on)

    @property
    def basis(self) -> str:
        """The letter that a Plt., Plh. or Pj. stands on, as printed; empty for a definitive holder."""
        return "" if self.capacity == Capacity.DEFINITIVE else self.basis_letter

    @property
    def label(self) -> str:
        return kinds.acting(self.capacity)

    def clean(self):
        super().clean()
        days = [day for day in (self.starts_on, self.ends_on, self.basis_date) if day]
        if any(day.year not in YEARS for day in days):
            raise ValidationError(_("Tahun pada tanggal tidak mungkin. Periksa lagi tahunnya."))
        if not self.starts_on or not self.position_id:
            return
        others = Tenure.objects.filter(position_id=self.position_id).exclude(pk=self.pk)
        others = others.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=self.starts_on))
        if self.ends_on:
            others = others.filter(starts_on__lte=self.ends_on)
        other = others.select_related("official").first()
        if other:
            raise ValidationError(
                _("%(name)s memegang jabatan ini pada tanggal yang sama. Akhiri dulu masa jabatan itu."),
                params={"name": other.official.full_name},
            )


class Membership(models.Model):
    """An operator: this login works for that agency. It prepares and reminds; it has no power to sign."""

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships", verbose_name=_("pengguna"))
    agency = models.ForeignKey(
        Agency, models.PROTECT, related_name="memberships", verbose_name=_("perangkat daerah")
    )
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("keanggotaan operator")
        verbose_name_plural = _("keanggotaan operator")
        constraints = [models.UniqueConstraint(fields=["user", "agency"], name="membership_unique")]

    def __str__(self):
        return f"{self.user} · {self.agency.abbreviation}"
