"""What happened in an office's plan, and to which action, report or piece of evidence. Reads only."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _

from commitments.models import Action, Evidence, Plan, PlanEntry, Report

SHOWN = 500  # the newest; the chain is checked whole


@dataclass(frozen=True)
class Event:
    entry: PlanEntry
    about: str
    note: str = ""


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
    return int(number) if number.isdecimal() else 0


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
