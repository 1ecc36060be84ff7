"""The reference lists in data/: places, bodies and posts. Loading them again changes only what the lists changed."""

import csv
from collections.abc import Callable
from dataclasses import dataclass

import tablib
from django.conf import settings
from django.db import transaction

from agencies import resources

FOLDER = settings.BASE_DIR / "data"
Row = dict[str, str]


def every_row(row: Row) -> bool:
    return True


@dataclass(frozen=True)
class Source:
    """A file of FOLDER, who reads it, and the rows of it that belong there."""

    file: str
    reader: type[resources.ListResource]
    belongs: Callable[[Row], bool] = every_row


# Later tables point at earlier ones.
TABLES = {
    "kecamatan": Source("areas.csv", resources.SubDistrictResource, lambda row: row["level"] == "kecamatan"),
    "kelurahan": Source("areas.csv", resources.VillageResource, lambda row: row["level"] == "kelurahan"),
    "perangkat daerah": Source("agencies.csv", resources.AgencyResource),
    "jabatan": Source("positions.csv", resources.PositionResource),
}


@transaction.atomic
def load(tables: dict[str, Source] = TABLES) -> dict[str, dict[str, int]]:
    """Bring the tables up to date, all or nothing; per table how many rows were added, changed, unchanged.

    What an administrator has changed by hand stays as it is.
    """
    return {table: _load(source) for table, source in tables.items()}


def _load(source: Source) -> dict[str, int]:
    with (FOLDER / source.file).open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        dataset = tablib.Dataset(headers=rows.fieldnames)
        dataset.extend([row.values() for row in rows if source.belongs(row)])
    totals = source.reader(keep_edits=True).import_data(dataset, raise_errors=True).totals
    return {"added": totals["new"], "changed": totals["update"], "unchanged": totals["skip"]}
