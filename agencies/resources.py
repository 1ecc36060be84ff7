"""The one importer of lists: which column is which field, and how a row finds what it speaks of.

A list may be loaded again and again. `keep_edits=True` leaves alone what a person has changed by hand since:
offices are renamed between two releases of our lists, and the administrator knows first.
"""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any, ClassVar

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext_lazy as _
from import_export import fields, resources
from import_export.widgets import ForeignKeyWidget

from agencies.cells import ChoiceCell, DayCell, NumberCell, TextCell, YesNoCell
from agencies.kinds import AgencyKind, PositionCategory
from agencies.models import Agency, Position, SubDistrict, Village


class Known:
    """The rows of a table by their key, the present one or else a former one. Read once an import."""

    def __init__(self, model: type[models.Model], key: str):
        self.key = key
        rows = {row.pk: row for row in model._default_manager.all()}
        self.now = {getattr(row, key): row for row in rows.values()}
        once = model.history.values_list(key, "id")  # type: ignore[attr-defined]
        self.before = {value: rows[pk] for value, pk in once if pk in rows}

    def get(self, value: Any) -> Any:
        return self.now.get(value) or self.before.get(value)

    def add(self, row: models.Model) -> None:
        self.now[getattr(row, self.key)] = row


def edited_by_hand(row: models.Model) -> set[str]:
    """The fields that somebody who was logged in has changed since the row was made."""
    records = row.history.order_by("history_date", "history_id")  # type: ignore[attr-defined]
    edits = [newer.diff_against(older) for older, newer in pairwise(records) if newer.history_user_id]
    return {change.field for edit in edits for change in edit.changes}


class NamedCell(ForeignKeyWidget):
    """A cell that names another row by its key, the present one or a former one."""

    _known: Known | None = None  # a resource copies its cells for each import

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> models.Model | None:
        if not value:
            return None
        self._known = self._known or Known(self.model, self.field)
        found = self._known.get(value)
        if found is None:
            raise ValueError(
                _(
                    "%(what)s “%(value)s” tidak ditemukan. Periksa ejaannya, atau tambahkan dulu di data induk."
                )
                % {"what": str(self.model._meta.verbose_name).capitalize(), "value": value}
            )
        return found


class Changes(resources.Diff):
    """What a row changes, as (column, before, after); the library's own is HTML with inline styles."""

    def as_html(self) -> list[tuple[str, str, str]]:
        columns = [field.column_name for field in self.resource.get_export_fields()]
        return [
            change for change in zip(columns, self.left, self.right, strict=True) if change[1] != change[2]
        ]

    def __init__(self, resource: Any, instance: Any, new: bool):
        super().__init__(resource, instance, new)
        self.resource = resource


MOST_ASKED = 200  # rows with a fault of which the database is asked for more: as many as are shown


class ListResource(resources.ModelResource):
    """Rows are found by the first column that identifies them; a row that says nothing new is not touched."""

    # For the template to fill in: column → what to write in it. Those in `required` may not be empty.
    guide: ClassVar[dict[str, Any]] = {}
    required: ClassVar[tuple[str, ...]] = ()
    # Columns in which an empty cell says nothing: the value stays as it is, or is the default.
    defaulted: ClassVar[tuple[str, ...]] = ()

    class Meta:
        skip_unchanged = True
        report_skipped = True
        use_transactions = True
        store_instance = True

    def __init__(self, *, keep_edits: bool = False, reason: str = "", **kwargs: Any):
        super().__init__(**kwargs)
        self.keep_edits = keep_edits
        self.reason = reason  # stands beside each change in the history
        self._kept: set[str] = set()
        self._row: Any = {}
        self._asked = 0

    def get_diff_class(self) -> type[Changes]:
        return Changes

    @property
    def columns(self) -> list[str]:
        return [field.column_name for field in self.get_import_fields()]

    @property
    def needed(self) -> list[str]:
        """The columns that must be there: the one that identifies a row, though it may be empty, and the required."""
        (key,) = self.get_import_id_fields()
        return list(dict.fromkeys([self.fields[key].column_name, *self.required]))

    def table(self, rows: Iterable[Any]) -> Iterator[list[str]]:
        """The rows of a list as they would be read in again. `rows` come from `prefetched()`."""
        for row in rows:
            yield [str(self.export_field(field, row)) for field in self.get_import_fields()]

    @staticmethod
    def prefetched(rows: Any) -> Any:
        return rows

    def before_import(self, dataset: Any, **kwargs: Any) -> None:
        (key,) = self.get_import_id_fields()
        self._rows: Any = Known(self._meta.model, self.fields[key].attribute)
        by_people = self._meta.model.history.filter(history_user__isnull=False)
        self._edited_rows = set(by_people.values_list("id", flat=True)) if self.keep_edits else set()

    def after_import(self, dataset: Any, result: Any, **kwargs: Any) -> None:
        """No file brings numbers of rows, so no sequence has to be set: the application's role may not either."""

    def get_instance(self, instance_loader: Any, row: Any) -> models.Model | None:
        (key,) = self.get_import_id_fields()
        return self._rows.get(row[self.fields[key].column_name])

    def after_init_instance(self, instance: Any, new: bool, row: Any, **kwargs: Any) -> None:
        self._kept = edited_by_hand(instance) if instance.pk in self._edited_rows else set()

    def import_field(self, field: Any, instance: Any, row: Any, is_m2m: bool = False, **kwargs: Any) -> None:
        if field.attribute in self._kept:
            return
        if field.column_name in self.defaulted and not row.get(field.column_name):
            return
        super().import_field(field, instance, row, is_m2m, **kwargs)

    def import_instance(self, instance: Any, row: Any, **kwargs: Any) -> None:
        self._row = row
        super().import_instance(instance, row, **kwargs)

    def other_faults(self, row: Any) -> dict[str, Any]:
        """What is wrong in the columns that are no fields of the row's own."""
        return {}

    def validate_instance(
        self, instance: Any, import_validation_errors: Any = None, validate_unique: bool = True
    ) -> None:
        """Fields first. What only the database knows it judges itself; a row it refuses is asked why.

        A row with one fault is asked for all of them, so that nobody mends a file in rounds.
        """
        errors = dict(import_validation_errors or {})
        try:
            instance.full_clean(exclude=errors.keys(), validate_unique=False, validate_constraints=False)
        except ValidationError as error:
            errors = error.update_error_dict(errors)
        if not errors:
            return
        self._asked += 1
        if self._asked <= MOST_ASKED:
            try:
                instance.validate_constraints(exclude=errors.keys() - {NON_FIELD_ERRORS})
            except ValidationError as error:
                errors = error.update_error_dict(errors)
        for column, texts in self.other_faults(self._row).items():
            errors[column] = [*errors.get(column, []), *texts]
        raise ValidationError(errors)

    def do_instance_save(self, instance: Any, is_create: bool) -> None:
        try:
            with transaction.atomic():
                super().do_instance_save(instance, is_create)
        except IntegrityError:
            instance._state.adding = is_create
            instance.full_clean()  # asks query by query, three times as slow: raises the sentence for people
            raise

    def before_save_instance(self, instance: Any, row: Any, **kwargs: Any) -> None:
        instance._change_reason = self.reason[:100] or None

    def after_save_instance(self, instance: Any, row: Any, **kwargs: Any) -> None:
        self._rows.add(instance)


class SubDistrictResource(ListResource):
    spelling_variant = fields.Field("spelling_variant", "spelling_variant_unverified", TextCell())

    class Meta:
        model = SubDistrict
        fields = ("code", "name", "spelling_variant")
        import_id_fields = ("code",)


class VillageResource(ListResource):
    sub_district = fields.Field("sub_district", "parent_code", NamedCell(SubDistrict, "code"))

    class Meta:
        model = Village
        fields = ("code", "name", "sub_district")
        import_id_fields = ("code",)


VALIDITY = {
    "berlaku_sejak": _("Tanggal, misalnya 2026-01-31. Kosong: sejak semula."),
    "berlaku_sampai": _("Tanggal terakhir. Kosong: masih berlaku."),
}


class AgencyResource(ListResource):
    abbreviation = fields.Field("abbreviation", "singkatan", TextCell())
    name = fields.Field("name", "nama", TextCell())
    kind = fields.Field("kind", "jenis", ChoiceCell(AgencyKind))
    sub_district = fields.Field("sub_district", "kode_kecamatan", NamedCell(SubDistrict, "code"))
    valid_from = fields.Field("valid_from", "berlaku_sejak", DayCell())
    valid_to = fields.Field("valid_to", "berlaku_sampai", DayCell())
    source = fields.Field("source", "sumber", TextCell())

    required = ("singkatan", "nama", "jenis")
    guide: ClassVar[dict[str, Any]] = {
        "singkatan": _("Pengenal baris. Yang sudah ada diubah, yang belum ada ditambahkan."),
        "nama": _("Nama resmi perangkat daerah."),
        "kode_kecamatan": _("Hanya untuk jenis kecamatan, misalnya 32.75.01."),
        **VALIDITY,
        "sumber": _("Peraturan atau surat yang menjadi dasar."),
    }

    @staticmethod
    def prefetched(rows: Any) -> Any:
        return rows.select_related("sub_district")

    class Meta:
        model = Agency
        fields = ("abbreviation", "name", "kind", "sub_district", "valid_from", "valid_to", "source")
        import_id_fields = ("abbreviation",)


class PositionResource(ListResource):
    agency = fields.Field("agency", "perangkat_daerah", NamedCell(Agency, "abbreviation"))
    title = fields.Field("title", "jabatan", TextCell())
    category = fields.Field("category", "kelompok", ChoiceCell(PositionCategory))
    protocol_rank = fields.Field("protocol_rank", "urutan_protokol", NumberCell())
    short = fields.Field("short", "singkatan", TextCell())
    show_titles = fields.Field("show_titles", "cetak_gelar", YesNoCell())
    show_nip = fields.Field("show_nip", "cetak_nip", YesNoCell())
    show_rank = fields.Field("show_rank", "cetak_pangkat", YesNoCell())
    valid_from = fields.Field("valid_from", "berlaku_sejak", DayCell())
    valid_to = fields.Field("valid_to", "berlaku_sampai", DayCell())
    source = fields.Field("source", "sumber", TextCell())

    required = ("perangkat_daerah", "jabatan", "kelompok", "urutan_protokol")
    defaulted = ("cetak_gelar", "cetak_nip", "cetak_pangkat")
    guide: ClassVar[dict[str, Any]] = {
        "perangkat_daerah": _("Singkatan perangkat daerah, seperti di daftar perangkat daerah."),
        "jabatan": _("Pengenal baris. Yang sudah ada diubah, yang belum ada ditambahkan."),
        "urutan_protokol": _(
            "Angka; urutan di setiap daftar dan naskah. Tidak boleh sama dengan jabatan lain."
        ),
        "singkatan": _("Nama pendek untuk matriks, misalnya Asda I."),
        "cetak_gelar": _("ya atau tidak. Kosong: ya."),
        "cetak_nip": _("ya atau tidak. Kosong: ya, kecuali Sekretaris Daerah."),
        "cetak_pangkat": _("ya atau tidak. Kosong: ya, kecuali Sekretaris Daerah."),
        **VALIDITY,
        "sumber": _("Peraturan atau surat yang menjadi dasar."),
    }

    @staticmethod
    def prefetched(rows: Any) -> Any:
        return rows.select_related("agency")

    class Meta:
        model = Position
        fields = (
            "agency", "title", "category", "protocol_rank", "short", "show_titles", "show_nip", "show_rank",
            "valid_from", "valid_to", "source",
        )  # fmt: skip
        import_id_fields = ("title",)

    def before_save_instance(self, instance: Position, row: Any, **kwargs: Any) -> None:
        super().before_save_instance(instance, row, **kwargs)
        # Permendagri 1/2023 art. 44: unlike all others the Sekda shows neither NIP nor rank. A default, not a rule.
        if instance._state.adding and instance.category == PositionCategory.SEKDA:
            instance.show_nip = instance.show_nip and bool(row.get("cetak_nip"))
            instance.show_rank = instance.show_rank and bool(row.get("cetak_pangkat"))
