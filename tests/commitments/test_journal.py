"""The history of a plan: what was handed in cannot be changed behind its back."""

import json

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from commitments import journal
from commitments.models import Action, PlanEntry, Report
from commitments.planning import verbs as planning
from commitments.states import PlanEntryKind
from tests.factories import make_action, make_report, make_user
from tests.owner import as_owner

pytestmark = pytest.mark.django_db


def behind_its_back(sql, *values):
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(sql, values)


def test_c42_a_whole_history_has_no_fault():
    report = make_report(state="accepted")
    assert journal.faults_of(report.plan) == []
    kinds = list(report.plan.entries.order_by("sequence").values_list("kind", flat=True))
    assert kinds == ["planned", "submitted", "accepted"]


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        ("report", "reached", 99),
        ("report", "men", 6),
        ("report", "found", "complete"),
        ("report", "narrative", "Lain."),
        ("action", "target_4", 61),
        ("action", "title", "Lain"),
    ],
)
def test_c42_a_column_changed_behind_its_back_is_named(table, column, value):
    report = make_report(state="accepted")
    behind_its_back(f'UPDATE commitments_{table} SET "{column}" = %s', value)
    (fault,) = journal.faults_of(report.plan)
    assert fault.endswith(
        f"{table}:{report.pk if table == 'report' else report.action_id}, kolom {column} diubah"
    )


def test_c42_verify_ledger_tells_of_plans_too(capsys):
    report = make_report(state="accepted")
    call_command("verify_ledger")
    assert capsys.readouterr().out == "Riwayat utuh.\n"
    behind_its_back("UPDATE commitments_report SET women = 11")
    with pytest.raises(SystemExit):
        call_command("verify_ledger", json=True)
    told = json.loads(capsys.readouterr().out)
    assert told == {
        "ok": False,
        "faults": [],
        "plans": [f"{report.plan}: report:{report.pk}, kolom women diubah"],
    }


def test_c42_a_row_that_vanished_or_slipped_in_is_named():
    report = make_report(state="accepted")
    other = make_report(make_action(plan=report.plan), state="submitted")
    Report.objects.filter(pk=other.pk).delete()
    Action.objects.bulk_create(
        [Action(plan=report.plan, title="Selundupan", target_4=1, due_on="2026-12-01")]
    )
    faults = journal.faults_of(report.plan)
    assert any("tidak ada dalam riwayat" in fault for fault in faults)
    assert any(f"report:{other.pk} ada dalam riwayat" in fault for fault in faults)


def test_c42_the_database_refuses_to_change_an_entry():
    plan = make_report(state="submitted").plan
    for act in (
        lambda: behind_its_back("UPDATE commitments_planentry SET kind = 'accepted'"),
        lambda: behind_its_back("DELETE FROM commitments_planentry"),
    ):
        with pytest.raises(Exception, match="append-only"), transaction.atomic():
            act()
    with pytest.raises(TypeError):
        PlanEntry.objects.filter(plan=plan).delete()


def test_a_draft_may_be_written_again_and_an_action_taken_back():
    action = make_action()
    report = make_report(make_action(plan=action.plan))
    Report.objects.filter(pk=report.pk).update(reached=3)
    planning.remove(action, by=make_user())
    assert journal.faults_of(action.plan) == []
    assert action.plan.entries.latest("sequence").kind == PlanEntryKind.REMOVED


def test_a_report_given_back_may_be_written_again():
    report = make_report(state="needs_work")
    Report.objects.filter(pk=report.pk).update(reached=3)
    assert journal.faults_of(report.plan) == []
