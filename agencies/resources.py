"""The one importer of lists: which column is which field, and how a row finds what it speaks of.

A list may be loaded again and again. `keep_edits=True` leaves alone what a person has changed by hand since:
offices are renamed between two releases of our lists, and the administrator knows first.
"""

from itertools import pairwise
from typing import Any

from django.db import models
from import_export import fields, resources
from import_export.widgets import ForeignKeyWidget

from agencies.kinds import PositionCategory
from agencies.models import Agency, Position, SubDistrict, Village


def known_as(model: type[models.Model], key: str, value: str) -> models.Model | None:
    """The row with that key, or else the one that had it before somebody changed it."""
    rows = model._default_manager
    once = model.history.filter(**{key: value}).values("id")  # type: ignore[attr-defined]
    return rows.filter(**{key: value}).first() or rows.filter(pk__in=once).first()


def edited_by_hand(row: models.Model) -> set[str]:
    """The fields that somebody who was logged in has changed since the row was made."""
    records = row.history.order_by("history_date", "history_id")  # type: ignore[attr-defined]
    edits = [newer.diff_against(older) for older, newer in pairwise(records) if newer.history_user_id]
    return {change.field for edit in edits for change in edit.changes}


class NamedWidget(ForeignKeyWidget):
    """A cell that names another row by its key, the present one or a former one."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> models.Model | None:
        if not value:
            return None
        found = known_as(self.model, self.field, value)
        if found is None:
            raise ValueError(f"{self.model._meta.verbose_name} “{value}” tidak ditemukan.")
        return found


class ListResource(resources.ModelResource):
    """Rows are found by the first column that identifies them; a row that says nothing new is not touched."""

    class Meta:
        skip_unchanged = True
        report_skipped = True
        use_transactions = True
        clean_model_instances = True

    def __init__(self, *, keep_edits: bool = False, **kwargs: Any):
        super().__init__(**kwargs)
        self.keep_edits = keep_edits
        self._kept: set[str] = set()

    def before_import(self, dataset: Any, **kwargs: Any) -> None:
        by_people = self._meta.model.history.filter(history_user__isnull=False)
        self._edited_rows = set(by_people.values_list("id", flat=True)) if self.keep_edits else set()

    def get_instance(self, instance_loader: Any, row: Any) -> models.Model | None:
        (key,) = self.get_import_id_fields()
        return known_as(self._meta.model, key, row[self.fields[key].column_name])

    def after_init_instance(self, instance: Any, new: bool, row: Any, **kwargs: Any) -> None:
        self._kept = edited_by_hand(instance) if instance.pk in self._edited_rows else set()

    def import_field(self, field: Any, instance: Any, row: Any, is_m2m: bool = False, **kwargs: Any) -> None:
        if field.attribute not in self._kept:
            super().import_field(field, instance, row, is_m2m, **kwargs)


class SubDistrictResource(ListResource):
    spelling_variant = fields.Field("spelling_variant", "spelling_variant_unverified")

    class Meta:
        model = SubDistrict
        fields = ("code", "name", "spelling_variant")
        import_id_fields = ("code",)


class VillageResource(ListResource):
    sub_district = fields.Field("sub_district", "parent_code", NamedWidget(SubDistrict, "code"))

    class Meta:
        model = Village
        fields = ("code", "name", "sub_district")
        import_id_fields = ("code",)


class AgencyResource(ListResource):
    sub_district = fields.Field("sub_district", "sub_district_code", NamedWidget(SubDistrict, "code"))

    class Meta:
        model = Agency
        fields = ("abbreviation", "name", "kind", "sub_district", "source")
        import_id_fields = ("abbreviation",)


class PositionResource(ListResource):
    agency = fields.Field("agency", "agency", NamedWidget(Agency, "abbreviation"))

    class Meta:
        model = Position
        fields = ("title", "agency", "category", "protocol_rank", "short", "source")
        import_id_fields = ("title",)

    def before_save_instance(self, instance: Position, row: Any, **kwargs: Any) -> None:
        # Permendagri 1/2023 art. 44: unlike all others the Sekda shows neither NIP nor rank. A default, not a rule.
        if instance._state.adding and instance.category == PositionCategory.SEKDA:
            instance.show_nip = instance.show_rank = False
