"""Laporan triwulan: what an office claims and what a verifier finds stay apart, and no office verifies its own."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from commitments import dates, journal
from commitments.models import Action, Report, Verifier
from commitments.moves import MoveError
from commitments.reporting import verbs as reporting
from commitments.states import Completion
from tests.client import Client
from tests.factories import (
    make_action,
    make_membership,
    make_official,
    make_plan,
    make_position,
    make_report,
    make_tenure,
    make_user,
)

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"commitments:{name}", args=args)


def filled(**values):
    return {
        "reached": "31",
        "spent": "",
        "men": "12",
        "women": "19",
        "narrative": "Dua angkatan dilatih.",
        "claimed": "limited",
    } | values


@pytest.fixture
def operator(client):
    membership = make_membership()
    client.force_login(membership.user)
    return membership


@pytest.fixture
def action(operator):
    return make_action(plan=make_plan(agency=operator.agency))


def client_of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_an_office_writes_hands_in_and_a_reviewer_finds_less(client, action):
    address = url("report", action.pk, 2)
    assert client.get(address).status_code == 200
    assert client.post(address, filled(simpan="1")).status_code == 302
    report = Report.objects.get()
    assert (report.state, report.people, report.spent) == ("draft", 31, 0)
    client.post(address, filled(men="13", ajukan="1"))
    report.refresh_from_db()
    assert (report.state, report.men, report.people) == ("submitted", 13, 32)
    reviewer = make_user("reviewer")
    theirs = client_of(reviewer)
    assert address in theirs.get(url("report_queue")).text
    theirs.post(url("report_accept", report.pk), {"found": "not_started"})
    report.refresh_from_db()
    assert (report.claimed, report.found, report.decided_by) == ("limited", "not_started", reviewer)
    page = client.get(address).text
    assert "Terbatas" in page
    assert "Belum mulai" in page
    assert journal.faults_of(action.plan) == []


def test_what_is_given_back_is_mended_and_handed_in_again(client, action):
    report = make_report(action, state="submitted")
    reviewer = client_of(make_user("reviewer"))
    reviewer.post(url("report_return", report.pk), {"note": "Kolom P kosong."})
    page = client.get(url("report", action.pk, 1)).text
    assert "Kolom P kosong." in page
    client.post(url("report", action.pk, 1), filled(ajukan="1"))
    report.refresh_from_db()
    assert (report.state, report.note, report.men) == ("submitted", "", 12)
    kinds = list(action.plan.entries.order_by("sequence").values_list("kind", flat=True))
    assert kinds == ["planned", "submitted", "needs_work", "submitted"]
    assert journal.faults_of(action.plan) == []


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"women": ""}, "Isi keduanya; tulis 0 bila memang tidak ada."),
        ({"men": "", "women": ""}, "Isi jumlah laki-laki dan perempuan, atau jumlah yang belum terpilah."),
        ({"unsplit": "9"}, "Pilih salah satu: angka terpilah, atau jumlah yang belum terpilah."),
        ({"men": "", "women": "", "unsplit": "9"}, "Tulis mengapa belum terpilah."),
        ({"unsplit_reason": "Belum sempat."}, "Kosongkan: angkanya sudah terpilah."),
        ({"men": "99999999999"}, "Angka ini terlalu besar. Periksa lagi."),
        ({"reached": "-1"}, "Tulis angka nol atau lebih."),
    ],
)
def test_figures_that_do_not_fit_are_told_and_nothing_typed_is_lost(client, action, changes, sentence):
    answer = client.post(url("report", action.pk, 1), filled(ajukan="1", **changes))
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "Dua angkatan dilatih." in answer.text
    assert not Report.objects.exists()


def test_people_that_are_not_split_need_a_reason(client, action):
    reason = "Daftar hadir lama tanpa kolom."
    values = filled(men="", women="", unsplit="40", unsplit_reason=reason, ajukan="1")
    assert client.post(url("report", action.pk, 1), values).status_code == 302
    report = Report.objects.get()
    assert (report.people, report.unsplit_reason) == (40, "Daftar hadir lama tanpa kolom.")
    for values in ({"unsplit_reason": ""}, {"men": 3}, {"unsplit": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Report.objects.filter(pk=report.pk).update(**values)


@pytest.mark.parametrize(
    "typed",
    [
        {"reached": "7"},
        {"men": "3"},
        {"unsplit": "4"},
        {"narrative": "Baru mulai."},
        {"hindrance": "Hujan."},
        {},
    ],
)
def test_a_draft_keeps_whatever_is_there_and_is_handed_in_only_when_complete(client, operator, action, typed):
    answer = client.post(url("report", action.pk, 1), typed | {"simpan": "1"})
    assert answer.status_code == 302
    report = Report.objects.get()
    assert {name: str(getattr(report, name)).removesuffix(".00") for name in typed} == typed
    page = client.get(url("report", action.pk, 1)).text
    assert all(value in page for value in typed.values())
    refused = client.post(url("report", action.pk, 1), typed | {"ajukan": "1"})
    assert refused.status_code == 422
    with pytest.raises(MoveError, match="belum lengkap"):
        reporting.submit(report, by=operator.user)
    with pytest.raises(IntegrityError), transaction.atomic():
        Report.objects.filter(pk=report.pk).update(state="submitted")
    assert client.get(url("plan", action.plan_id)).status_code == 200


def test_figures_are_typed_and_shown_as_people_here_write_them(client, action):
    typed = {"reached": "12,5", "spent": "Rp 1.250.000", "men": "1.250", "women": "0"}
    client.post(url("report", action.pk, 1), filled(**typed))
    report = Report.objects.get()
    assert (report.reached, report.spent, report.men) == (Decimal("12.50"), 1_250_000, 1250)
    page = client.get(url("report", action.pk, 1)).text
    for shown in ('value="12,5"', 'value="1.250.000"', 'value="1.250"'):
        assert shown in page
    wrong = client.post(url("report", action.pk, 1), filled(men="4,5", reached="dua belas", ajukan="1"))
    assert "Tulis angka bulat, misalnya 4 atau 1.250." in wrong.text
    assert "Tulis angka, misalnya 12,5 atau 1.250.000." in wrong.text
    assert 'value="dua belas"' in wrong.text


def test_people_are_not_kept_of_an_action_that_has_no_beneficiaries_any_more(client, action):
    client.post(url("report", action.pk, 1), filled())
    Action.objects.update(has_beneficiaries=False)
    client.post(
        url("report", action.pk, 1), {"reached": "1", "narrative": "A", "claimed": "limited", "ajukan": "1"}
    )
    report = Report.objects.get()
    assert (report.state, report.people) == ("submitted", None)


def test_an_action_without_beneficiaries_asks_for_none(client, operator):
    action = make_action(plan=make_plan(agency=operator.agency), has_beneficiaries=False)
    assert "laki-laki" not in client.get(url("report", action.pk, 1)).text.lower()
    values = {"reached": "1", "narrative": "SK terbit.", "claimed": "complete", "ajukan": "1"}
    assert client.post(url("report", action.pk, 1), values).status_code == 302
    assert Report.objects.get().people is None


def test_c55_no_office_verifies_its_own():
    report = make_report(state="submitted")
    agency = report.plan.agency
    in_the_office = make_membership(agency=agency, user=make_user("reviewer")).user
    heads_it = make_user("admin")
    make_tenure(position=make_position(agency=agency), official=make_official(user=heads_it))
    named = make_membership(agency=agency).user
    Verifier.objects.create(user=named, agency=agency)
    for by in (in_the_office, heads_it, named):
        with pytest.raises(MoveError, match="orang dari kantor lain"):
            reporting.accept(report, found=Completion.COMPLETE, by=by)
        client = client_of(by)
        assert client.post(url("report_accept", report.pk), {"found": "complete"}).status_code == 404
        assert url("report_accept", report.pk) not in client.get(url("report", report.action_id, 1)).text
        assert url("report", report.action_id, 1) not in client.get(url("report_queue")).text
    report.refresh_from_db()
    assert report.state == "submitted"


def test_c55_whoever_reported_does_not_verify():
    reviewer = make_user("reviewer")
    report = make_report(state="submitted", by=reviewer)
    with pytest.raises(MoveError, match="orang dari kantor lain"):
        reporting.accept(report, found=Completion.COMPLETE, by=reviewer)


def test_c55_a_named_verifier_of_another_office_decides_there_and_nowhere_else():
    report, other = make_report(state="submitted"), make_report(state="submitted")
    verifier = make_membership().user
    Verifier.objects.create(user=verifier, agency=report.plan.agency)
    client = client_of(verifier)
    assert client.post(url("report_accept", report.pk), {"found": "limited"}).status_code == 302
    assert client.post(url("report_accept", other.pk), {"found": "limited"}).status_code == 404
    assert client.get(url("report", other.action_id, 1)).status_code == 404
    report.refresh_from_db()
    assert (report.state, report.decided_by) == ("accepted", verifier)


def test_c55_the_database_keeps_a_finding_and_its_state_together():
    report = make_report(state="accepted")
    for values in ({"found": ""}, {"state": "draft"}, {"decided_by": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Report.objects.filter(pk=report.pk).update(**values)


def test_two_verifiers_at_once_decide_once():
    report = make_report(state="submitted")
    stale = Report.objects.get(pk=report.pk)
    reporting.accept(report, found=Completion.LIMITED, by=make_user("reviewer"))
    with pytest.raises(MoveError, match="Sudah diubah pengguna lain"):
        reporting.give_back(stale, note="Terlambat.", by=make_user("admin"))
    assert report.plan.entries.filter(kind="needs_work").count() == 0


def test_what_was_handed_in_cannot_be_written_over(client, action):
    report = make_report(action, state="submitted")
    client.post(url("report", action.pk, 1), filled(reached="99"))
    report.refresh_from_db()
    assert report.reached == 15
    stale = Report(pk=report.pk, action=action, quarter=1, reached=99)
    with pytest.raises(MoveError, match="sudah diajukan"):
        reporting.save(stale, by=make_user())


def test_an_accepted_report_can_be_given_back(client, action):
    report = make_report(action, state="accepted")
    client_of(make_user("admin")).post(url("report_return", report.pk), {"note": "Angka tertukar."})
    report.refresh_from_db()
    assert (report.state, report.found) == ("needs_work", "")
    assert journal.faults_of(action.plan) == []


@pytest.mark.parametrize(
    ("name", "data"), [("report_return", {"note": " "}), ("report_accept", {"found": "x"})]
)
def test_a_decision_that_does_not_fit_is_asked_again(name, data):
    report = make_report(state="submitted")
    answer = client_of(make_user("reviewer")).post(url(name, report.pk), data)
    assert answer.status_code == 422
    report.refresh_from_db()
    assert report.state == "submitted"


def test_c08_another_office_sees_no_report(client, operator):
    report = make_report(state="submitted")
    assert client.get(url("report", report.action_id, 1)).status_code == 404
    assert client.post(url("report", report.action_id, 2), filled()).status_code == 404
    assert Report.objects.count() == 1


@pytest.mark.parametrize("quarter", [0, 5, 99999])
def test_there_are_four_quarters(client, action, quarter):
    assert client.get(url("report", action.pk, quarter)).status_code == 404


def test_a_monitor_reads_what_was_reported_and_nothing_else(client):
    report = make_report(state="submitted")
    client.force_login(make_user("monitor"))
    page = client.get(url("report", report.action_id, 1))
    assert (page.status_code, "<form" in page.text.split("<main")[1].split("</main")[0]) == (200, False)
    assert client.get(url("report", report.action_id, 2)).status_code == 404


def test_what_a_verifier_should_look_at_twice_is_told(monkeypatch):
    action = make_action(budget=100)
    make_report(action, state="accepted", quarter=1, reached=30, men=10, women=20)
    odd = make_report(action, state="submitted", quarter=4, reached=20, men=5, women=5, spent=101)
    plain = make_report(action, state="submitted", quarter=2, reached=30, men=10, women=20, spent=100)
    monkeypatch.setattr(dates, "today", lambda: date(2026, 9, 30))
    reviewer = client_of(make_user("reviewer"))
    page = reviewer.get(url("report", action.pk, odd.quarter)).text
    for sentence in (
        "Triwulan ini belum dimulai.",
        "Anggaran terpakai melebihi anggarannya.",
        "Capaian kurang dari TW 2",
        "Penerima manfaat kurang dari TW 2",
    ):
        assert sentence in page, sentence
    assert "Perlu dilihat:" not in reviewer.get(url("report", action.pk, plain.quarter)).text


def test_the_queue_begins_with_what_has_waited_longest():
    first, second = make_report(), make_report()
    for report in (second, first):
        reporting.submit(report, by=report.reported_by)
    page = client_of(make_user("reviewer")).get(url("report_queue"))
    assert list(page.context["queue"]) == [second, first]
    assert page.text.count("<time ") == 2


@pytest.mark.parametrize("number", [1, 10])
def test_c60_the_queue_costs_the_same_for_any_number(number, django_assert_num_queries):
    for _number in range(number):
        make_report(state="submitted")
    client = client_of(make_user("reviewer"))
    client.get("/")
    with django_assert_num_queries(6):
        client.get(url("report_queue"))
