"""Officials with their tenures, and users with their roles, as lists. A password is never in one."""

from collections.abc import Iterable, Iterator
from copy import deepcopy
from typing import Any, ClassVar

from django.contrib.auth.models import Group
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import Prefetch
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from import_export import fields
from import_export.results import RowResult

from agencies.cells import ChoiceCell, DayCell, NipCell, TextCell, YesNoCell
from agencies.kinds import Capacity, Rank, Sex
from agencies.models import Agency, Membership, Official, Position, Tenure, User
from agencies.resources import ListResource, NamedCell
from agencies.roles import ROLES, refuse_lockout
from agencies.tenures import appoint

# Column → field of the tenure and its cell.
TENURE_CELLS: dict[str, tuple[str, Any]] = {
    "jabatan": ("position", NamedCell(Position, "title")),
    "sebagai": ("capacity", ChoiceCell(Capacity)),
    "mulai": ("starts_on", DayCell()),
    "sampai": ("ends_on", DayCell()),
    "nomor_surat": ("basis_letter", TextCell()),
    "tanggal_surat": ("basis_date", DayCell()),
}


class OfficialResource(ListResource):
    """A row is one official in one post; an official with two tenures has two rows, one without any has one."""

    nip = fields.Field("nip", "nip", NipCell())
    nip_absent_reason = fields.Field("nip_absent_reason", "alasan_tanpa_nip", TextCell())
    title_before = fields.Field("title_before", "gelar_depan", TextCell())
    name = fields.Field("name", "nama", TextCell())
    title_after = fields.Field("title_after", "gelar_belakang", TextCell())
    rank = fields.Field("rank", "pangkat", ChoiceCell(Rank))
    sex = fields.Field("sex", "jenis_kelamin", ChoiceCell(Sex))
    email = fields.Field("email", "pos_el", TextCell())
    phone = fields.Field("phone", "telepon", TextCell())
    user = fields.Field("user", "akun", NamedCell(User, "username"))

    required = ("nama", "jenis_kelamin")
    guide: ClassVar[dict[str, Any]] = {
        "nip": _(
            "18 angka, format sel Teks. Pengenal orang: NIP yang sudah ada diubah. Boleh kosong dengan alasan."
        ),
        "alasan_tanpa_nip": _("Wajib bila NIP kosong, misalnya: bukan ASN."),
        "nama": _("Tanpa gelar. Pengenal orang bila NIP kosong."),
        "gelar_depan": _("Misalnya Dr. atau Ir."),
        "pos_el": _("Ke sini undangan dan pengingat dikirim."),
        "telepon": _("Hanya untuk DPPPA."),
        "gelar_belakang": _("Tanpa koma di depan, misalnya S.Sos., M.Si."),
        "akun": _("Nama pengguna yang sudah ada; hanya dengan akun itu ia dapat menandatangani."),
        "jabatan": _("Nama jabatan seperti di daftar jabatan. Kosong: orang tanpa jabatan."),
        "sebagai": _("Kosong: definitif."),
        "mulai": _("Wajib bila jabatan diisi. Masa jabatan pemegang sebelumnya berakhir sehari sebelumnya."),
        "sampai": _("Wajib untuk plt, plh, dan pj."),
        "nomor_surat": _("Wajib untuk plt, plh, dan pj."),
        "tanggal_surat": _("Wajib untuk plt, plh, dan pj."),
    }

    class Meta:
        model = Official
        fields = (
            "nip", "nip_absent_reason", "title_before", "name", "title_after", "rank", "sex", "email", "phone", "user",
        )  # fmt: skip
        import_id_fields = ("nip",)

    @property
    def columns(self) -> list[str]:
        return [*super().columns, *TENURE_CELLS]

    def __init__(self, **kwargs: Any):
        super().__init__(**kwargs)
        self._tenure_cells = deepcopy(TENURE_CELLS)  # they remember the posts they have read

    # --- Out

    def table(self, officials: Iterable[Official]) -> Iterator[list[str]]:
        """The rows of a list, tenures in the order in which they began, so that reading them in again is allowed."""
        for official in officials:
            person = [str(self.export_field(field, official)) for field in self.get_import_fields()]
            for cells in [_tenure_cells(tenure) for tenure in official.tenures.all()] or [
                _tenure_cells(None)
            ]:
                yield [*person, *cells]

    @staticmethod
    def prefetched(officials: Any) -> Any:
        tenures = Tenure.objects.select_related("position").order_by("starts_on", "pk")
        return officials.select_related("user").prefetch_related(Prefetch("tenures", tenures))

    # --- In

    def before_import(self, dataset: Any, **kwargs: Any) -> None:
        super().before_import(dataset, **kwargs)
        nameless = Official.objects.filter(nip__isnull=True)
        self._without_nip = {official.full_name: official for official in nameless}
        self._tenures = {_identity(tenure): tenure for tenure in Tenure.objects.select_related("position")}
        self._said: dict[str, list[str]] = {}

    def get_instance(self, instance_loader: Any, row: Any) -> Official | None:
        try:
            number = self.fields["nip"].clean(row)
        except ValueError:
            return None  # told when the field is read
        return self._rows.get(number) if number else self._without_nip.get(_name_in(row))

    def import_instance(self, instance: Official, row: Any, **kwargs: Any) -> None:
        """Two rows of one person must agree on the person."""
        said = [row.get(field.column_name, "") for field in self.get_import_fields()]
        errors = {}
        if self._said.setdefault(row.get("nip") or _name_in(row), said) != said:
            sentence = _("Orang ini sudah ada di baris lain dengan data berbeda. Samakan data orangnya.")
            errors = {"name": [ValidationError(sentence)]}
        try:
            super().import_instance(instance, row, **kwargs)
        except ValidationError as error:
            errors = error.update_error_dict(errors)
        if errors:
            raise ValidationError(errors)

    def other_faults(self, row: Any) -> dict[str, Any]:
        if not row.get("jabatan"):
            return {}
        values, errors = _read_tenure(row, self._tenure_cells)
        return errors | _broken_rules(values)

    def after_save_instance(self, instance: Official, row: Any, **kwargs: Any) -> None:
        super().after_save_instance(instance, row, **kwargs)
        self._without_nip[instance.full_name] = instance

    def after_import_row(self, row: Any, row_result: RowResult, **kwargs: Any) -> None:
        values = _tenure_values(row, self._tenure_cells)
        if values is None:
            return
        official = row_result.instance
        known = self._tenures.get((values["position"].pk, official.pk, values["starts_on"]))
        before = _tenure_text(known)
        if known is None:
            tenure = appoint(values.pop("position"), official=official, by=kwargs["user"], **values)
        elif all(getattr(known, name) == value for name, value in values.items()):
            return
        else:
            tenure = _changed(known, values, reason=self.reason)
        self._tenures[_identity(tenure)] = tenure
        row_result.diff = [*row_result.diff, (str(_("masa jabatan")), before, _tenure_text(tenure))]
        if row_result.import_type == RowResult.IMPORT_TYPE_SKIP:
            row_result.import_type = RowResult.IMPORT_TYPE_UPDATE


def _name_in(row: Any) -> str:
    person = Official(
        title_before=row.get("gelar_depan", ""),
        name=row.get("nama", ""),
        title_after=row.get("gelar_belakang", ""),
    )
    return person.full_name


def _identity(tenure: Tenure) -> tuple:
    return tenure.position_id, tenure.official_id, tenure.starts_on


def _tenure_cells(tenure: Tenure | None) -> list[str]:
    if tenure is None:
        return [""] * len(TENURE_CELLS)
    values = {name: getattr(tenure, name) for name, _cell in TENURE_CELLS.values()}
    return [str(cell.render(values[name])) for name, cell in TENURE_CELLS.values()]


def _tenure_text(tenure: Tenure | None) -> str:
    return ", ".join(filter(None, _tenure_cells(tenure)))


def _tenure_values(row: Any, cells: dict[str, tuple[str, Any]]) -> dict[str, Any] | None:
    """The tenure that a row speaks of; None when it names no post. Raises ValidationError by column."""
    if not row.get("jabatan"):
        return None
    values, errors = _read_tenure(row, cells)
    if errors:
        raise ValidationError(errors | _broken_rules(values))
    return values


def _read_tenure(row: Any, cells: dict[str, tuple[str, Any]]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The values of the tenure by field, and the faults by column."""
    values, errors = {}, {}
    for column, (name, cell) in cells.items():
        try:
            values[name] = cell.clean(row.get(column, ""))
        except ValueError as error:
            errors[column] = [str(error)]
    if "mulai" not in errors and not values["starts_on"]:
        errors["mulai"] = [str(_("Isi tanggal mulai memegang jabatan ini."))]
    if not values.get("capacity", "-"):
        values["capacity"] = Capacity.DEFINITIVE.value
    return values, errors


def _broken_rules(values: dict[str, Any]) -> dict[str, Any]:
    """Rules between the cells of a tenure that could be read; who held the post before is the appointing's matter."""
    unread = {name for name, _cell in TENURE_CELLS.values()} - values.keys()
    try:
        Tenure(**values).validate_constraints(exclude={"official", "position", *unread})
    except ValidationError as error:
        return {NON_FIELD_ERRORS: error.messages}
    return {}


def _changed(tenure: Tenure, values: dict[str, Any], *, reason: str) -> Tenure:
    for name, value in values.items():
        setattr(tenure, name, value)
    tenure.full_clean()
    tenure._change_reason = reason[:100] or None  # type: ignore[attr-defined]
    tenure.save()
    return tenure


class UserResource(ListResource):
    """Logins with their roles and offices. A new one has no password: its owner makes one by "Lupa kata sandi"."""

    username = fields.Field("username", "nama_pengguna", TextCell())
    first_name = fields.Field("first_name", "nama_depan", TextCell())
    last_name = fields.Field("last_name", "nama_belakang", TextCell())
    email = fields.Field("email", "pos_el", TextCell())
    is_active = fields.Field("is_active", "aktif", YesNoCell())

    required = ("nama_pengguna", "aktif")
    guide: ClassVar[dict[str, Any]] = {
        "nama_pengguna": _(
            "Pengenal baris. Yang sudah ada diubah, yang belum ada ditambahkan tanpa kata sandi."
        ),
        "nama_depan": _("Nama yang tampil di layar."),
        "nama_belakang": _("Boleh kosong."),
        "pos_el": _("Ke sini tautan “Lupa kata sandi” dikirim; tanpa ini akun baru tidak dapat masuk."),
        "aktif": _("ya atau tidak."),
        "peran": format_lazy(
            _("Pisahkan dengan titik koma. Pilihan: {roles}. Kosong: tanpa peran."), roles="; ".join(ROLES)
        ),
        "kantor": _("Singkatan perangkat daerah tempat ia operator, pisahkan dengan titik koma."),
    }

    class Meta:
        model = User
        fields = ("username", "first_name", "last_name", "email", "is_active")
        import_id_fields = ("username",)

    @property
    def columns(self) -> list[str]:
        return [*super().columns, "peran", "kantor"]

    def table(self, users: Iterable[User]) -> Iterator[list[str]]:
        for user in users:
            person = [str(self.export_field(field, user)) for field in self.get_import_fields()]
            yield [*person, "; ".join(_roles(user)), "; ".join(_offices(user))]

    @staticmethod
    def prefetched(users: Any) -> Any:
        return users.prefetch_related("groups", "memberships__agency")

    def before_import(self, dataset: Any, **kwargs: Any) -> None:
        super().before_import(dataset, **kwargs)
        self._groups = {group.name: group for group in Group.objects.filter(name__in=ROLES)}
        self._agencies = {agency.abbreviation: agency for agency in Agency.objects.all()}

    def after_init_instance(self, instance: User, new: bool, row: Any, **kwargs: Any) -> None:
        super().after_init_instance(instance, new, row, **kwargs)
        if new:
            instance.set_unusable_password()

    def other_faults(self, row: Any) -> dict[str, Any]:
        unknown = {
            "peran": _unknown(_listed(row.get("peran", "")), self._groups),
            "kantor": _unknown(_listed(row.get("kantor", "")), self._agencies),
        }
        return {column: texts for column, texts in unknown.items() if texts}

    def after_import_row(self, row: Any, row_result: RowResult, **kwargs: Any) -> None:
        faults = self.other_faults(row)
        if faults:
            raise ValidationError(faults)
        user = row_result.instance
        changes = [
            *(self._set_roles(user, _listed(row["peran"])) if "peran" in row else []),
            *(self._set_offices(user, _listed(row["kantor"])) if "kantor" in row else []),
        ]
        refuse_lockout(user, by=kwargs["user"], roles=_roles(user))
        row_result.diff = [*row_result.diff, *changes]
        if changes and row_result.import_type == RowResult.IMPORT_TYPE_SKIP:
            row_result.import_type = RowResult.IMPORT_TYPE_UPDATE

    def _set_roles(self, user: User, names: list[str]) -> list[tuple[str, str, str]]:
        before = _roles(user)
        if set(names) == set(before):
            return []
        user.groups.set([self._groups[name] for name in names])
        return [("peran", "; ".join(before), "; ".join(names))]

    def _set_offices(self, user: User, names: list[str]) -> list[tuple[str, str, str]]:
        before = _offices(user)
        for name in sorted(set(names) - set(before)):
            Membership.objects.create(user=user, agency=self._agencies[name])
        for membership in user.memberships.exclude(agency__abbreviation__in=names):
            membership.delete()
        return [("kantor", "; ".join(before), "; ".join(names))] if set(names) != set(before) else []


def _listed(cell: str) -> list[str]:
    return [part.strip() for part in cell.split(";") if part.strip()]


def _roles(user: User) -> list[str]:
    return sorted({group.name for group in user.groups.all()} & set(ROLES))


def _offices(user: User) -> list[str]:
    return sorted(membership.agency.abbreviation for membership in user.memberships.all())


def _unknown(names: Iterable[str], known: Any) -> list[str]:
    return [str(_("“%s” tidak dikenal. Periksa ejaannya.") % name) for name in names if name not in known]
