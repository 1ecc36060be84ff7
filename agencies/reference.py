"""The reference lists in data/: places, bodies and posts. Loading them again changes only what the lists changed."""

import csv
from collections import Counter
from collections.abc import Iterator

from django.conf import settings
from django.db import models, transaction

from agencies.kinds import PositionCategory
from agencies.models import Agency, Position, SubDistrict, Village

FOLDER = settings.BASE_DIR / "data"


@transaction.atomic
def load() -> dict[str, Counter]:
    """Bring the tables up to date; per table, how many rows were added, changed and left unchanged."""
    return {
        "kecamatan": _count(_sub_districts()),
        "kelurahan": _count(_villages()),
        "perangkat daerah": _count(_agencies()),
        "jabatan": _count(_positions()),
    }


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _count(outcomes: Iterator[str]) -> Counter:
    return Counter({"added": 0, "changed": 0, "unchanged": 0}) + Counter(outcomes)


def _keep(model: type[models.Model], key: dict, values: dict, *, first: dict | None = None) -> str:
    """Add or change one row. `first` holds values for a new row only: what an administrator may edit afterwards."""
    row = model._default_manager.filter(**key).first()
    if row is None:
        model._default_manager.create(**key, **values, **(first or {}))
        return "added"
    changes = {name: value for name, value in values.items() if getattr(row, name) != value}
    if not changes:
        return "unchanged"
    for name, value in changes.items():
        setattr(row, name, value)
    row.save()
    return "changed"


def _sub_districts() -> Iterator[str]:
    for row in _rows("areas.csv"):
        if row["level"] == "kecamatan":
            values = {"name": row["name"], "spelling_variant": row["spelling_variant_unverified"]}
            yield _keep(SubDistrict, {"code": row["code"]}, values)


def _villages() -> Iterator[str]:
    parents = {parent.code: parent for parent in SubDistrict.objects.all()}
    for row in _rows("areas.csv"):
        if row["level"] == "kelurahan":
            values = {"name": row["name"], "sub_district": parents[row["parent_code"]]}
            yield _keep(Village, {"code": row["code"]}, values)


def _agencies() -> Iterator[str]:
    places = {place.code: place for place in SubDistrict.objects.all()}
    for row in _rows("agencies.csv"):
        values = {
            "name": row["name"],
            "kind": row["kind"],
            "sub_district": places.get(row["sub_district_code"]),
            "source": row["source"],
        }
        yield _keep(Agency, {"abbreviation": row["abbreviation"]}, values)


def _positions() -> Iterator[str]:
    bodies = {body.abbreviation: body for body in Agency.objects.all()}
    for row in _rows("positions.csv"):
        # Permendagri 1/2023 art. 44: by default the Sekda shows neither NIP nor rank.
        shows = row["category"] != PositionCategory.SEKDA
        values = {
            "agency": bodies[row["agency"]],
            "category": row["category"],
            "protocol_rank": int(row["protocol_rank"]),
            "short": row["short"],
            "source": row["source"],
        }
        yield _keep(Position, {"title": row["title"]}, values, first={"show_nip": shows, "show_rank": shows})
