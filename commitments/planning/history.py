"""What happened in an office's plan, and to which action, report or piece of evidence. Reads only."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _

from agencies.figures import written
from commitments.models import Action, Evidence, Plan, PlanEntry, Report

SHOWN = 500  # the newest; the chain is checked whole


@dataclass(frozen=True)
class Event:
    entry: PlanEntry
    about: str
    note: str = ""

    @property
    def changes(self) -> list[tuple[str, str, str]]:
        """What was changed of an action: the name of the field, its value before and after."""
        told = _payload(self.entry).get("changes")
        if not isinstance(told, dict):
            return []
        pairs = [
            (name, pair) for name, pair in sorted(told.items()) if isinstance(pair, list) and len(pair) == 2
        ]
        return [(_label(name), _shown(old), _shown(new)) for name, (old, new) in pairs]


def history_of(plan: Plan) -> list[Event]:
    """The newest first; four queries, however many there are. Things are called by their names of today."""
    entries = list(plan.entries.select_related("actor").order_by("-sequence")[:SHOWN])
    names: dict[str, Mapping[int, Model]] = {
        "report": Report.objects.select_related("action").in_bulk(_keys(entries, "report")),
        "evidence": Evidence.objects.select_related("action").in_bulk(_keys(entries, "evidence")),
        "action": Action.objects.in_bulk(_keys(entries, "action")),
    }
    return [Event(entry, _about(entry, names), _payload(entry).get("note", "")) for entry in entries]


def _keys(entries: Iterable[PlanEntry], kind: str) -> set[int]:
    return {_key(entry, kind) for entry in entries if kind in _payload(entry)}


def _payload(entry: PlanEntry) -> dict[str, Any]:
    """Nothing where somebody has put something else in its place: the page that tells so must open."""
    return entry.payload if isinstance(entry.payload, dict) else {}


def _key(entry: PlanEntry, kind: str) -> int:
    """A report and a piece of evidence stand there by number, an action as action:12."""
    number = str(entry.payload[kind]).rpartition(":")[2]
    return int(number) if number.isascii() and number.isdecimal() and len(number) < 16 else 0


def _label(column: str) -> str:
    """As the form calls it."""
    fields = {field.attname: field for field in Action._meta.concrete_fields}
    return str(fields[column].verbose_name) if column in fields else column


def _shown(value: Any) -> str:
    if value is None or value == "":
        return _("kosong")
    if isinstance(value, bool):
        return _("ya") if value else _("tidak")
    if re.fullmatch(r"\d{1,15}\.\d+|\d{1,15}", str(value)):
        return written(Decimal(str(value)))
    return str(value)


def _about(entry: PlanEntry, names: dict[str, Mapping[int, Model]]) -> str:
    for kind, found in names.items():
        if kind in _payload(entry):
            return _called(found.get(_key(entry, kind))) or _payload(entry).get("title", "")
    return ""


def _called(thing: Model | None) -> str:
    if isinstance(thing, Report):
        return _("Laporan TW %(quarter)s: %(action)s") % {"quarter": thing.quarter, "action": thing.action}
    if isinstance(thing, Evidence):
        return _("Bukti %(title)s: %(action)s") % {"title": thing.title, "action": thing.action}
    return str(thing or "")
