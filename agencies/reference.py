"""The reference lists in data/: places, bodies and posts. Loading them again changes only what the lists changed."""

import csv
from collections.abc import Callable

import tablib
from django.conf import settings
from django.db import transaction

from agencies import resources

FOLDER = settings.BASE_DIR / "data"
# Table → file, the rows of it that belong there, and who reads them. Later tables point at earlier ones.
Row = dict[str, str]
TABLES: dict[str, tuple[str, Callable[[Row], bool], type[resources.ListResource]]] = {
    "kecamatan": ("areas.csv", lambda row: row["level"] == "kecamatan", resources.SubDistrictResource),
    "kelurahan": ("areas.csv", lambda row: row["level"] == "kelurahan", resources.VillageResource),
    "perangkat daerah": ("agencies.csv", lambda row: True, resources.AgencyResource),
    "jabatan": ("positions.csv", lambda row: True, resources.PositionResource),
}


@transaction.atomic
def load() -> dict[str, dict[str, int]]:
    """Bring the tables up to date, all or nothing; per table how many rows were added, changed, unchanged.

    What an administrator has changed by hand stays as it is.
    """
    return {table: _load(*where) for table, where in TABLES.items()}


def _load(name: str, belongs: Callable[[Row], bool], reader: type[resources.ListResource]) -> dict[str, int]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        dataset = tablib.Dataset(headers=rows.fieldnames)
        dataset.extend([row.values() for row in rows if belongs(row)])
    totals = reader(keep_edits=True).import_data(dataset, raise_errors=True).totals
    return {"added": totals["new"], "changed": totals["update"], "unchanged": totals["skip"]}
