"""Two people at the same work: nobody decides about, or writes over, what they have not seen; no press is a 500."""

import re
from datetime import date

import pytest
from django.urls import reverse

from agencies.models import Membership
from commitments import journal
from commitments.models import Action, Evidence, Plan, PlanEntry, Report, Verifier
from commitments.moves import MoveError
from commitments.planning import verbs as planning
from commitments.proving import verbs as proving
from commitments.reporting import verbs as reporting
from commitments.states import Completion
from tests.client import Client
from tests.commitments.test_planning import filled
from tests.commitments.test_races import all_at_once
from tests.factories import (
    make_action,
    make_criterion,
    make_evidence,
    make_membership,
    make_plan,
    make_report,
    make_user,
)

pytestmark = pytest.mark.django_db
FIGURES = {"reached": "15", "men": "5", "women": "10", "narrative": "Uraian.", "claimed": "limited"}


def url(name, *args):
    return reverse(f"commitments:{name}", args=args)


def client_of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def seen_on(page) -> str:
    """Empty where there is no row yet."""
    field = sorted(re.findall(r'<input type="hidden" name="seen"[^>]*>', page.text))[0]
    return "".join(re.findall(r'value="([0-9a-f]*)"', field))


# --- What a verifier has seen


def test_figures_that_changed_since_the_page_was_opened_are_not_verified():
    report = make_report(state="submitted")
    reviewer = client_of(make_user("reviewer"))
    seen = seen_on(reviewer.get(url("report", report.action_id, 1)))
    reporting.give_back(report, note="Periksa lagi.", by=make_user("reviewer"))
    report.men = 1000
    reporting.save(report, by=report.reported_by)
    reporting.submit(report, by=report.reported_by)
    answer = reviewer.post(url("report_accept", report.pk), {"found": "complete", "seen": seen}, follow=True)
    assert "Laporan ini berubah sejak Anda membukanya." in answer.text
    report.refresh_from_db()
    assert report.state == "submitted"
    seen = seen_on(reviewer.get(url("report", report.action_id, 1)))
    reviewer.post(url("report_accept", report.pk), {"found": "complete", "seen": seen})
    report.refresh_from_db()
    assert report.state == "accepted"


def test_evidence_that_changed_its_name_or_criteria_since_is_not_verified():
    evidence = make_evidence(state="submitted")
    reviewer = client_of(make_user("reviewer"))
    seen = seen_on(reviewer.get(url("evidence_list", evidence.action_id)))
    proving.give_back(evidence, version=1, note="Beri nama.", by=make_user("reviewer"))
    proving.describe(evidence, title=evidence.title, criteria=[make_criterion()])
    evidence = Evidence.objects.get()
    proving.submit(evidence, by=make_user())
    answer = reviewer.post(url("evidence_accept", evidence.pk), {"version": 1, "seen": seen}, follow=True)
    assert "Bukti ini berubah sejak Anda membukanya." in answer.text
    evidence.refresh_from_db()
    assert evidence.state == "submitted"


def test_a_decision_about_a_row_read_before_it_changed_is_refused():
    report = make_report(state="submitted")
    stale = Report.objects.get()
    Report.objects.filter(pk=report.pk).update(narrative="Lain.")
    with pytest.raises(MoveError):
        reporting.accept(stale, found=Completion.COMPLETE, by=make_user("reviewer"))


# --- Two tabs


def test_the_second_of_two_tabs_is_told_and_keeps_what_it_typed():
    membership = make_membership()
    action = make_action(plan=make_plan(agency=membership.agency))
    office = client_of(membership.user)
    address = url("report", action.pk, 1)
    office.post(address, FIGURES | {"simpan": "", "seen": seen_on(office.get(address))})
    seen = seen_on(office.get(address))
    office.post(address, FIGURES | {"narrative": "Tab A", "simpan": "", "seen": seen})
    second = office.post(address, FIGURES | {"narrative": "Tab B", "simpan": "", "seen": seen})
    assert (second.status_code, "Sudah diubah orang lain" in second.text, "Tab B" in second.text) == (
        422,
        True,
        True,
    )
    assert Report.objects.get().narrative == "Tab A"
    office.post(address, FIGURES | {"narrative": "Tab B", "simpan": "", "seen": seen_on(second)})
    assert Report.objects.get().narrative == "Tab B"


def test_an_action_changed_in_another_tab_is_not_written_over():
    membership = make_membership()
    action = make_action(plan=make_plan(agency=membership.agency))
    office = client_of(membership.user)
    address = url("action_edit", action.pk)
    seen = seen_on(office.get(address))
    office.post(address, filled(partner="Mitra A", seen=seen))
    second = office.post(address, filled(budget_source="APBD", seen=seen))
    assert (second.status_code, "Sudah diubah orang lain" in second.text) == (422, True)
    assert Action.objects.get().partner == "Mitra A"


def test_evidence_is_named_from_its_page_and_not_written_over_from_another_tab():
    membership = make_membership()
    action = make_action(plan=make_plan(agency=membership.agency))
    evidence = make_evidence(action, name="scan0001.txt")
    office = client_of(membership.user)
    address = url("evidence_edit", evidence.pk)
    seen = seen_on(office.get(address))
    first = office.post(address, {"title": "Daftar hadir", "seen": seen}, follow=True)
    assert "Nama dan kriteria tersimpan." in first.text
    second = office.post(address, {"title": "Notulen", "seen": seen})
    assert (second.status_code, "Sudah diubah orang lain" in second.text) == (422, True)
    evidence.refresh_from_db()
    assert evidence.title == "Daftar hadir"


def test_a_report_read_before_it_came_back_does_not_undo_what_was_decided():
    report = make_report()
    stale = Report.objects.get()
    reporting.submit(report, by=report.reported_by)
    reporting.give_back(report, note="Lengkapi.", by=make_user("reviewer"))
    stale.narrative = "Baru."
    reporting.save(stale, by=make_user())
    kept = Report.objects.get()
    assert (kept.state, kept.note, kept.narrative) == ("needs_work", "Lengkapi.", "Baru.")
    assert kept.decided_by is not None


# --- Pressed twice


def test_the_first_report_of_a_quarter_pressed_twice_is_one_report():
    action = make_action()
    first, second = (
        Report(action=action, quarter=1, reached=1, narrative="A", claimed="limited") for _time in "ab"
    )
    reporting.save(first, by=make_user())
    with pytest.raises(MoveError, match="baru saja ditulis"):
        reporting.save(second, by=make_user())


def test_an_action_removed_meanwhile_does_not_come_back():
    action = make_action()
    stale = Action.objects.get()
    planning.remove(action, by=make_user())
    with pytest.raises(MoveError, match="sudah dihapus"):
        planning.save(stale, [], by=make_user())
    with pytest.raises(MoveError, match="sudah dihapus"):
        planning.remove(stale, by=make_user())
    assert not Action.objects.exists()
    assert list(PlanEntry.objects.values_list("kind", flat=True)) == ["planned", "removed"]


def test_a_new_action_sent_twice_is_told_the_second_time():
    membership = make_membership()
    plan = make_plan(agency=membership.agency)
    office = client_of(membership.user)
    answers = [office.post(url("action_new", plan.pk), filled()).status_code for _time in range(2)]
    assert answers == [302, 422]


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_writers_of_one_plan_wait_for_each_other_and_none_fails():
    plan, user = make_plan(), make_user()
    source = make_plan(agency=plan.agency, year=2025)
    for number in range(3):
        make_action(plan=source, title=f"Aksi {number}")
    doomed = make_action(plan=plan, title="Dihapus")

    def write(title):
        planning.save(
            Action(plan=plan, title=title, target_4=1, unit="x", indicator="x", due_on=date(2026, 12, 1)),
            [],
            by=user,
        )

    acts = [lambda: planning.copy(source, plan, by=user)] * 2
    acts += [lambda number=number: write(f"Aksi {number}") for number in range(3)]
    acts += [lambda: planning.remove(Action.objects.get(pk=doomed.pk), by=user)]
    acts += [lambda: proving.add(doomed, proving.Upload("a.txt", b"Bukti."), by=user)]
    failed = [answer for answer in all_at_once(*acts) if isinstance(answer, Exception)]
    assert [error for error in failed if not isinstance(error, MoveError)] == []
    titles = list(plan.actions.values_list("title", flat=True))
    assert sorted(title for title in titles if title != "Dihapus") == ["Aksi 0", "Aksi 1", "Aksi 2"]
    assert journal.faults_of(Plan.objects.get(pk=plan.pk)) == []


# --- Whoever changes office (C55)


def test_c55_who_handed_it_in_does_not_look_at_it_from_another_office():
    mover = make_membership()
    plan = make_plan(agency=mover.agency)
    report = make_report(make_action(plan=plan))
    reporting.submit(report, by=mover.user)  # written by somebody else
    evidence = make_evidence(make_action(plan=plan))
    proving.submit(evidence, by=mover.user)
    Membership.objects.all().delete()
    Verifier.objects.create(user=mover.user, agency=plan.agency)
    queue = client_of(mover.user).get(url("report_queue")).text
    assert url("report", report.action_id, 1) not in queue
    with pytest.raises(MoveError):
        reporting.accept(report, found=Completion.COMPLETE, by=mover.user)
    with pytest.raises(MoveError):
        proving.accept(evidence, version=1, by=mover.user)


# --- The office's own


def test_c56_a_draft_is_seen_by_its_office_alone():
    membership = make_membership()
    action = make_action(plan=make_plan(agency=membership.agency))
    make_report(action)
    evidence = make_evidence(action, name="rahasia.txt")
    addresses = [url("report", action.pk, 1), url("evidence_file", evidence.pk, 1)]
    for user, status in ((membership.user, 200), (make_user("monitor"), 404), (make_user("reviewer"), 404)):
        client = client_of(user)
        assert [client.get(address).status_code for address in addresses] == [status] * 2
        room = client.get(url("evidence_list", action.pk)).text
        assert ("rahasia" in room) == (status == 200)


def test_who_only_reads_writes_no_report():
    report = make_report(state="needs_work")
    monitor = client_of(make_user("monitor"))
    assert monitor.post(url("report", report.action_id, 1), FIGURES).status_code == 403
