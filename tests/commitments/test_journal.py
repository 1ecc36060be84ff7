"""The history of a plan: what was handed in cannot be changed behind its back."""

import json

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.urls import reverse

from commitments import journal
from commitments.chain import key_of
from commitments.models import Action, Evidence, EvidenceFile, Plan, PlanEntry, Report
from commitments.planning import verbs as planning
from commitments.proving import verbs as proving
from commitments.states import PlanEntryKind
from tests.client import Client
from tests.commitments.test_tampering import behind_its_back, other_value
from tests.factories import make_action, make_evidence, make_report, make_user
from tests.owner import as_owner

pytestmark = pytest.mark.django_db


def changed(sql, *values):
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
    changed(f'UPDATE commitments_{table} SET "{column}" = %s', value)
    (fault,) = journal.faults_of(report.plan)
    assert fault.endswith(
        f"{table}:{report.pk if table == 'report' else report.action_id}, kolom {column} diubah"
    )


def test_c42_verify_ledger_tells_of_plans_too(capsys):
    report = make_report(state="accepted")
    call_command("verify_ledger")
    assert capsys.readouterr().out == "Riwayat utuh.\n"
    changed("UPDATE commitments_report SET women = 11")
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
    changed("DELETE FROM commitments_report WHERE id = %s", other.pk)
    Action.objects.bulk_create(
        [Action(plan=report.plan, title="Selundupan", target_4=1, due_on="2026-12-01")]
    )
    faults = journal.faults_of(report.plan)
    assert any("tidak ada dalam riwayat" in fault for fault in faults)
    assert any(f"report:{other.pk} ada dalam riwayat" in fault for fault in faults)


def test_c42_the_database_refuses_to_change_an_entry():
    plan = make_report(state="submitted").plan
    for act in (
        lambda: changed("UPDATE commitments_planentry SET kind = 'accepted'"),
        lambda: changed("DELETE FROM commitments_planentry"),
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


# --- The drill: every column that an entry covers, and every way to cut a chain


@pytest.fixture
def plan():
    """Everything handed in and accepted, and a piece of evidence of two versions."""
    report = make_report(state="accepted")
    evidence = make_evidence(report.action, state="needs_work")
    proving.replace(evidence, proving.Upload("baru.txt", b"Versi kedua."), by=make_user())
    proving.submit(Evidence.objects.get(), by=make_user())
    plan = Plan.objects.get(pk=report.action.plan_id)
    assert journal.faults_of(plan) == []
    return plan


@pytest.mark.parametrize(
    "model", [Action, Report, Evidence, EvidenceFile], ids=lambda model: model._meta.model_name
)
def test_c42_each_column_that_an_entry_covers_is_named(plan, model):
    row, missed = model.objects.order_by("pk").first(), []
    for field in model._meta.concrete_fields:
        if field.primary_key:
            continue
        with behind_its_back() as execute:
            execute(
                f'UPDATE {model._meta.db_table} SET "{field.column}" = {other_value(field)} WHERE id = {row.pk}'
            )
            faults = journal.faults_of(Plan.objects.get(pk=plan.pk))
            named = f"{key_of(row)}, kolom {field.attname} diubah"
            gone = f"{key_of(row)} ada dalam riwayat, tetapi barisnya hilang"  # to another plan
            if not any(fault.endswith((named, gone)) for fault in faults):
                missed.append(field.attname)
    assert missed == []


@pytest.mark.parametrize("state", ["draft", "needs_work"])
@pytest.mark.parametrize("model", [Report, Evidence])
def test_c42_what_was_handed_in_is_no_draft_because_its_row_says_so(plan, model, state):
    with behind_its_back() as execute:
        execute(f"UPDATE {model._meta.db_table} SET state = '{state}'")
        (fault,) = journal.faults_of(plan)
        assert fault.endswith("kolom state diubah")


def test_c42_a_draft_that_calls_itself_accepted_is_in_no_history(plan):
    draft = make_report(make_action(plan=plan))
    with behind_its_back() as execute:
        execute(f"UPDATE commitments_report SET state = 'accepted' WHERE id = {draft.pk}")
        (fault,) = journal.faults_of(plan)
        assert fault.endswith(f"report:{draft.pk} tidak ada dalam riwayat")


@pytest.mark.parametrize(
    "payload", ["[]", "null", '"x"', '{"report": "x"}', '{"action": null, "records": {}}']
)
def test_the_page_of_a_bent_history_opens_and_says_so(plan, payload):
    with behind_its_back() as execute:
        execute("UPDATE commitments_planentry SET payload = %s WHERE sequence = 2", [payload])
        client = Client()
        client.force_login(make_user("monitor"))
        page = client.get(reverse("commitments:plan_history", args=[plan.pk]))
        assert (page.status_code, "Riwayat ini tidak utuh." in page.text) == (200, True)


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("DELETE FROM commitments_planentry WHERE sequence = 2", "catatan 2 hilang"),
        (
            "UPDATE commitments_planentry SET previous_hash = '" + "ab" * 32 + "' WHERE sequence = 2",
            "catatan 2 tidak bersambung",
        ),
        ("UPDATE commitments_planentry SET kind = 'removed' WHERE sequence = 2", "isi catatan 2 diubah"),
        ("UPDATE commitments_planentry SET payload = '[]' WHERE sequence = 2", "isi catatan 2 diubah"),
        ("UPDATE commitments_planentry SET actor_id = NULL WHERE sequence = 2", "isi catatan 2 diubah"),
        (
            "DELETE FROM commitments_planentry WHERE sequence = (SELECT max(sequence) FROM commitments_planentry)",
            "ujung riwayat tidak cocok",
        ),
        ("UPDATE commitments_plan SET head_sequence = 99", "ujung riwayat tidak cocok"),
        ("UPDATE commitments_plan SET head_hash = '" + "ab" * 32 + "'", "ujung riwayat tidak cocok"),
    ],
)
def test_c42_a_chain_that_was_cut_or_bent_is_told(plan, sql, said):
    with behind_its_back() as execute:
        execute(sql)
        assert any(said in fault for fault in journal.faults_of(Plan.objects.get(pk=plan.pk)))
