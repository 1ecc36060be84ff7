"""Planning: an office writes, changes, copies and removes the actions of its year."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from agencies.models import Agency, User
from commitments import dates, journal
from commitments.chain import key_of
from commitments.models import Action, Criterion, Plan, Point
from commitments.models.salted import plain
from commitments.moves import MoveError
from commitments.states import PlanEntryKind

COPIED = (
    "point_id", "title", "indicator", "unit", "baseline", "target_1", "target_2", "target_3", "target_4", "budget",
    "budget_source", "person_in_charge", "partner", "due_on", "has_beneficiaries", "weight",
)  # fmt: skip


def plan_of(agency: Agency, year: int) -> Plan:
    """The office's plan of that year, made when it is first asked for by somebody who writes it."""
    return Plan.objects.get_or_create(agency=agency, year=year)[0]


@transaction.atomic
def save(action: Action, criteria: Iterable[Criterion], *, by: User) -> Action:
    """Write a new action, or what was changed of one; raises MoveError when somebody was faster."""
    journal.lock(action.plan_id)
    before = Action.objects.filter(pk=action.pk).first()
    if action.pk and before is None:
        raise MoveError(_("Rencana aksi ini sudah dihapus."))
    if Action.objects.filter(plan=action.plan_id, title=action.title).exclude(pk=action.pk).exists():
        raise MoveError(_("Rencana aksi dengan nama ini sudah ada di kantor ini tahun ini."))
    action.save()
    action.criteria.set(criteria)
    chosen = sorted(action.criteria.values_list("code", flat=True))
    told: dict[str, Any] = {"action": key_of(action), "criteria": chosen}
    if before:
        told["changes"] = _changes(before, action)
    kind = PlanEntryKind.CHANGED if before else PlanEntryKind.PLANNED
    journal.append(action.plan, kind, actor=by, about=[action], **told)
    return action


def _changes(before: Action, action: Action) -> dict[str, list[Any]]:
    """Column → value before and after, as the database holds them."""
    action.refresh_from_db()
    old, new = before.values(), action.values()
    return {name: [plain(old[name]), plain(new[name])] for name in old if old[name] != new[name]}


@transaction.atomic
def tag(criteria: Mapping[Point, Iterable[Criterion]]) -> None:
    """Say what points of a promise count for. No part of the promise: its text and its seals stay as they are."""
    for point, chosen in criteria.items():
        point.criteria.set(chosen)


@transaction.atomic
def remove(action: Action, *, by: User) -> None:
    """Take back an action of which nothing was reported or shown yet; raises MoveError."""
    journal.lock(action.plan_id)
    if action.reports.exists() or action.evidence.exists():
        raise MoveError(
            _("Rencana aksi ini sudah punya laporan atau bukti. Ubah isinya, atau biarkan tercatat.")
        )
    key, title = key_of(action), action.title
    action.criteria.clear()
    if not Action.objects.filter(pk=action.pk).delete()[0]:
        raise MoveError(_("Rencana aksi ini sudah dihapus."))
    journal.append(action.plan, PlanEntryKind.REMOVED, actor=by, action=key, title=title)


def copyable_into(target: Plan) -> QuerySet[Plan]:
    """The other years of this office that hold anything."""
    written = Exists(Action.objects.filter(plan=OuterRef("pk")))
    others = Plan.objects.filter(written, agency=target.agency_id).exclude(pk=target.pk)
    return others.select_related("agency").order_by("-year")


@transaction.atomic
def copy(source: Plan, target: Plan, *, by: User) -> int:
    """Bring the actions of one plan into another, its year in their dates; those that are there already stay.

    Returns how many came. A point of another year's declaration is left out, for that promise was another one, and so
    are the criteria of another year.
    """
    journal.lock(target.pk)
    present = set(target.actions.values_list("title", flat=True))
    found = source.actions.exclude(title__in=present)
    for action in found:
        values = {name: getattr(action, name) for name in COPIED}
        values["due_on"] = dates.same_day_in(target.year, action.due_on)
        if source.year != target.year:
            values["point_id"] = None
            values["baseline"] = action.target_4  # what was aimed at last year is where this one begins
        save(Action(plan=target, **values), action.criteria.filter(framework__year=target.year), by=by)
    return len(found)


def copy_to_all(source: Plan, agencies: Iterable[Agency], *, by: User) -> int:
    """Use a plan as the template of these offices; returns how many actions were added in all."""
    targets = (plan_of(agency, source.year) for agency in agencies if agency != source.agency)
    return sum(copy(source, target, by=by) for target in targets)
