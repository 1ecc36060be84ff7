"""What the assessment asks for, as lists in and out, and as data/ has it. No list of ours brings a weight."""

from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _
from import_export import fields

from agencies import reference
from agencies.cells import DecimalCell, LinesCell, NumberCell, TextCell, YesNoCell
from agencies.reference import Source
from agencies.resources import ListResource, NamedCell
from commitments.models import Criterion, Framework


class FrameworkResource(ListResource):
    code = fields.Field("code", "kode", TextCell())
    name = fields.Field("name", "nama", TextCell())
    year = fields.Field("year", "tahun", NumberCell())
    source = fields.Field("source", "sumber", TextCell())
    is_verified = fields.Field("is_verified", "sudah_dicocokkan", YesNoCell())
    in_use = fields.Field("in_use", "dipakai", YesNoCell())

    required = ("kode", "nama", "tahun")
    defaulted = ("sudah_dicocokkan", "dipakai")
    guide: ClassVar[dict[str, Any]] = {
        "kode": _(
            "Pengenal baris, misalnya prasyarat-2026. Yang sudah ada diubah, yang belum ada ditambahkan."
        ),
        "nama": _("Nama kerangka seperti pada sumbernya."),
        "tahun": _("Empat angka, misalnya 2026."),
        "sumber": _("Peraturan atau dokumen tempat daftar ini diambil."),
        "sudah_dicocokkan": _("ya bila DPPPA sudah mencocokkannya dengan sumber. Kosong: tidak."),
        "dipakai": _("ya atau tidak. Kosong: ya."),
    }

    class Meta:
        model = Framework
        fields = ("code", "name", "year", "source", "is_verified", "in_use")
        import_id_fields = ("code",)


class CriterionResource(ListResource):
    framework = fields.Field("framework", "kerangka", NamedCell(Framework, "code"))
    code = fields.Field("code", "kode", TextCell())
    number = fields.Field("number", "nomor", TextCell())
    name = fields.Field("name", "nama", TextCell())
    evidence_needed = fields.Field("evidence_needed", "bukti", LinesCell())
    needed = fields.Field("needed", "jumlah_bukti", NumberCell())
    weight = fields.Field("weight", "bobot", DecimalCell())
    order = fields.Field("order", "urutan", NumberCell())

    required = ("kerangka", "kode", "nomor", "nama")
    defaulted = ("jumlah_bukti", "urutan")
    guide: ClassVar[dict[str, Any]] = {
        "kerangka": _("Kode kerangka penilaian, seperti di daftar kerangka."),
        "kode": _(
            "Pengenal baris, misalnya prasyarat-2026-1. Yang sudah ada diubah, yang belum ada ditambahkan."
        ),
        "nomor": _("Seperti tertulis pada lembar kerja, misalnya 3.2."),
        "nama": _("Apa yang diminta."),
        "bukti": _("Bukti yang menunjukkannya. Boleh kosong."),
        "jumlah_bukti": _("Angka 1 sampai 100: berapa bukti terverifikasi per kantor. Kosong: 1."),
        "bobot": _("Angka dari dokumen resmi, misalnya 2,5. Kosong: belum diketahui."),
        "urutan": _("Angka; urutan di dalam kerangka."),
    }

    class Meta:
        model = Criterion
        fields = ("framework", "code", "number", "name", "evidence_needed", "needed", "weight", "order")
        import_id_fields = ("code",)

    @staticmethod
    def prefetched(rows: Any) -> Any:
        return rows.select_related("framework")


TABLES = {
    "kerangka penilaian": Source("frameworks.csv", FrameworkResource),
    "kriteria": Source("criteria.csv", CriterionResource),
}


def load() -> dict[str, dict[str, int]]:
    """As `reference.load()`, for the frameworks and their criteria."""
    return reference.load(TABLES)
