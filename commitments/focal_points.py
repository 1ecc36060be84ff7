"""The register of focal points and of the Pokja, as a list in and out."""

from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _
from import_export import fields

from agencies.cells import ChoiceCell, DayCell, TextCell
from agencies.kinds import Sex
from agencies.models import Agency
from agencies.resources import ListResource, NamedCell
from commitments.models import FocalPoint
from commitments.states import FocalKind

# One person may serve again under a new decree: that is another row.
IDENTITY = ("agency", "kind", "name", "decree_number")


class FocalPointResource(ListResource):
    agency = fields.Field("agency", "perangkat_daerah", NamedCell(Agency, "abbreviation"))
    kind = fields.Field("kind", "peran", ChoiceCell(FocalKind))
    name = fields.Field("name", "nama", TextCell())
    sex = fields.Field("sex", "jenis_kelamin", ChoiceCell(Sex))
    decree_number = fields.Field("decree_number", "nomor_sk", TextCell())
    decree_date = fields.Field("decree_date", "tanggal_sk", DayCell())
    expires_on = fields.Field("expires_on", "berlaku_sampai", DayCell())
    trained_on = fields.Field("trained_on", "dilatih_pada", DayCell())

    required = ("perangkat_daerah", "peran", "nama", "jenis_kelamin", "nomor_sk", "tanggal_sk")
    guide: ClassVar[dict[str, Any]] = {
        "perangkat_daerah": _("Singkatan perangkat daerah, seperti di daftar perangkat daerah."),
        "nama": _(
            "Dengan perangkat daerah, peran, dan nomor SK pengenal baris. Yang sudah ada diubah, yang belum ada "
            "ditambahkan."
        ),
        "nomor_sk": _("Nomor SK yang menunjuknya. SK baru menjadi baris baru."),
        "tanggal_sk": _("Tanggal, misalnya 2026-01-31."),
        "berlaku_sampai": _("Tanggal terakhir. Kosong: masih berlaku."),
        "dilatih_pada": _("Tanggal pelatihan PUG yang terakhir. Kosong: belum dilatih."),
    }

    class Meta:
        model = FocalPoint
        fields = (
            "agency", "kind", "name", "sex", "decree_number", "decree_date", "expires_on", "trained_on",
        )  # fmt: skip
        import_id_fields = ("name",)

    @staticmethod
    def prefetched(rows: Any) -> Any:
        return rows.select_related("agency")

    def before_import(self, dataset: Any, **kwargs: Any) -> None:
        self._rows = Register()
        self._edited_rows = set()

    def get_instance(self, instance_loader: Any, row: Any) -> FocalPoint | None:
        try:
            identity = tuple(self.fields[name].clean(row) for name in IDENTITY)
        except ValueError:
            return None  # told when the field is read
        return self._rows.get(identity)


class Register:
    """Those who are there, by what tells them apart."""

    def __init__(self) -> None:
        self._rows: dict[tuple, FocalPoint] = {}
        for row in FocalPoint.objects.select_related("agency"):
            self.add(row)

    def get(self, identity: tuple) -> FocalPoint | None:
        return self._rows.get(identity)

    def add(self, row: FocalPoint) -> None:
        self._rows[tuple(getattr(row, name) for name in IDENTITY)] = row
