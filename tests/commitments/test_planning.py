"""Rencana aksi: an office plans, copies and takes back; everybody else sees what they may."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from commitments import dates, journal, progress
from commitments.assessing.city import city_of
from commitments.assessing.tables import actions_of, rad_table
from commitments.models import Action, Plan
from commitments.models.follow_up import QUARTERS
from commitments.planning import verbs as planning
from commitments.reporting import verbs as reporting
from commitments.standing import office_of
from commitments.states import Completion
from tests.client import Client
from tests.factories import (
    make_action,
    make_agency,
    make_criterion,
    make_declaration,
    make_evidence,
    make_focal_point,
    make_framework,
    make_membership,
    make_plan,
    make_report,
    make_user,
)

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"commitments:{name}", args=args)


@pytest.fixture
def operator(client):
    membership = make_membership(agency=make_agency())
    client.force_login(membership.user)
    return membership


def filled(**values):
    return {
        "title": "Pelatihan focal point",
        "indicator": "Orang yang dilatih",
        "unit": "orang",
        "target_2": "30",
        "target_4": "62.5",
        "budget": "",
        "person_in_charge": "Sekretariat",
        "due_on": "2026-09-30",
        "has_beneficiaries": "on",
    } | values


def test_an_office_plans_its_year(client, operator):
    answer = client.post(url("plan_new", operator.agency.pk), {"year": "2026"})
    plan = Plan.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, url("plan", plan.pk))
    asked = make_criterion()
    point = make_declaration(year=2026).points.first()
    answer = client.post(url("action_new", plan.pk), filled(point=point.pk, criteria=[asked.pk]))
    assert answer.status_code == 302
    action = Action.objects.get()
    assert (action.target_4, action.budget, action.point) == (Decimal("62.50"), 0, point)
    assert list(action.criteria.all()) == [asked]
    page = client.get(url("plan", plan.pk)).text
    assert "Pelatihan focal point" in page
    assert "0 dari 62,5 orang" in page
    assert journal.faults_of(plan) == []
    assert client.post(url("plan_new", operator.agency.pk), {"year": "2026"})["Location"] == url(
        "plan", plan.pk
    )


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("due_on", "2027-01-01", "Pilih tanggal dalam tahun 2026."),
        ("target_4", "0", "Tulis target tahun ini lebih dari nol."),
        ("target_4", "-3", "Tulis angka nol atau lebih."),
        ("budget", "-1", "Tulis angka nol atau lebih."),
        ("point", "9" * 30, "Pilih butir dari daftar."),
        ("target_1", "99", "tidak dapat kurang dari triwulan sebelumnya"),
        ("criteria", ["9" * 30], "Pilih dari daftar."),
        ("title", "", "Bidang ini tidak boleh kosong."),
    ],
)
def test_what_does_not_fit_is_told_and_nothing_typed_is_lost(client, operator, field, value, sentence):
    plan = make_plan(agency=operator.agency)
    make_criterion()
    answer = client.post(url("action_new", plan.pk), filled(partner="Mitra Contoh", **{field: value}))
    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'value="Mitra Contoh"' in answer.text
    assert not Action.objects.exists()


def test_two_actions_of_one_name_are_refused(client, operator):
    plan = make_plan(agency=operator.agency)
    client.post(url("action_new", plan.pk), filled())
    answer = client.post(url("action_new", plan.pk), filled())
    assert answer.status_code == 422
    assert "sudah ada di kantor ini tahun ini" in answer.text


def test_an_action_is_taken_back_until_something_was_reported(client, operator):
    plan = make_plan(agency=operator.agency)
    first, reported, proven = (make_action(plan=plan) for _number in range(3))
    make_report(reported)
    make_evidence(proven)
    assert client.post(url("action_remove", first.pk)).status_code == 302
    for kept in (reported, proven):
        refused = client.post(url("action_remove", kept.pk))
        assert (refused.status_code, "sudah punya laporan atau bukti" in refused.text) == (422, True)
    assert set(Action.objects.all()) == {reported, proven}
    assert journal.faults_of(plan) == []


def test_a_year_is_copied_with_its_dates_and_what_is_there_stays(client, operator):
    before, now = (make_plan(agency=operator.agency, year=year) for year in (2024, 2025))
    point = make_declaration(year=2024).points.first()
    leap = make_action(plan=before, due_on=date(2024, 2, 29), target_4=40, title="Rapat", point=point)
    make_action(plan=before, title="Sudah ada")
    kept = make_action(plan=now, title="Sudah ada", target_4=7)
    leap.criteria.set([make_criterion(framework=make_framework(year=2024))])
    client.post(url("plan_copy", now.pk), {"source": before.pk})
    copied = now.actions.get(title="Rapat")
    assert (copied.due_on, copied.baseline, copied.point) == (date(2025, 2, 28), leap.target_4, None)
    assert not copied.criteria.exists()
    assert now.actions.count() == 2
    assert Action.objects.get(pk=kept.pk).target_4 == 7
    assert journal.faults_of(now) == []


def test_a_plan_of_another_office_is_no_source(client, operator):
    other, now = make_plan(), make_plan(agency=operator.agency)
    make_action(plan=other)
    make_action(plan=make_plan(agency=operator.agency, year=2025))
    answer = client.post(url("plan_copy", now.pk), {"source": other.pk})
    assert (answer.status_code, "Pilih dari daftar." in answer.text) == (422, True)


def test_without_another_year_copying_says_what_to_do_instead(client, operator):
    now = make_plan(agency=operator.agency)
    make_plan(agency=operator.agency, year=2025)  # begun, and nothing in it
    page = client.get(url("plan_copy", now.pk), follow=True)
    assert page.redirect_chain[-1][0] == url("plan", now.pk)
    assert "Kantor ini belum punya rencana aksi tahun lain." in page.text


def test_the_history_names_what_each_entry_is_about_and_why_it_came_back(client, operator):
    action = make_action(plan=make_plan(agency=operator.agency), title="Rapat <b>tahunan</b>")
    make_report(action, state="needs_work")
    make_evidence(action, state="needs_work", name="notulen.txt")
    planning.remove(make_action(plan=action.plan, title="Dibatalkan"), by=operator.user)
    page = client.get(url("plan_history", action.plan_id)).text
    for told in (
        "<b>Rencana aksi ditambahkan</b> Rapat &lt;b&gt;tahunan&lt;/b&gt;",
        "<b>Dikembalikan untuk diperbaiki</b> Laporan TW 1: Rapat &lt;b&gt;tahunan&lt;/b&gt;",
        "“Lengkapi angkanya.”",
        "<b>Berkas bukti diunggah</b> Bukti notulen",
        "<b>Rencana aksi dihapus</b> Dibatalkan",
    ):
        assert told in page, told


def test_the_history_tells_what_was_changed_of_an_action(client, operator):
    action = make_action(plan=make_plan(agency=operator.agency), target_4="1250", partner="")
    address = url("action_edit", action.pk)
    client.post(
        address,
        filled(title=action.title, target_2="", target_4="12,5", partner="<b>Pokja</b>", due_on="2026-09-30"),
    )
    page = client.get(url("plan_history", action.plan_id)).text
    for told in (
        "target tahun ini: 1.250 → 12,5",
        "mitra: kosong → &lt;b&gt;Pokja&lt;/b&gt;",
        "batas waktu: 2026-12-15 → 2026-09-30",
    ):
        assert told in page, told
    assert journal.faults_of(action.plan) == []


def test_a_note_stays_in_the_history_when_the_report_is_handed_in_again(client, operator):
    report = make_report(make_action(plan=make_plan(agency=operator.agency)), state="needs_work")
    reporting.submit(report, by=operator.user)
    assert "Lengkapi angkanya." in client.get(url("plan_history", report.plan.pk)).text


def test_c60_a_long_history_costs_the_same_queries(client, operator, django_assert_max_num_queries):
    counts = []
    for number in (1, 20):
        action = make_action(plan=make_plan(agency=operator.agency, year=2020 + number))
        for quarter in range(1, min(number, 4) + 1):
            make_report(action, state="submitted", quarter=quarter)
        for _time in range(number):
            make_evidence(make_action(plan=action.plan), state="submitted")
        with django_assert_max_num_queries(40) as caught:
            client.get(url("plan_history", action.plan_id))
        counts.append(len(caught))
    assert counts[0] == counts[1]


def test_an_administrator_hands_a_plan_out_as_a_template(client):
    source, offices = make_plan(), [make_agency() for _number in range(3)]
    make_action(plan=source)
    client.force_login(make_user("admin"))
    assert client.get(url("plan_share", source.pk)).text.count(" checked") == 3  # all, until one is taken out
    answer = client.post(url("plan_share", source.pk), {"agencies": [office.pk for office in offices[:2]]})
    assert answer.status_code == 302
    assert Action.objects.count() == 3
    assert {plan.agency for plan in Plan.objects.exclude(pk=source.pk)} == set(offices[:2])


def test_c08_another_office_sees_nothing(client, operator):
    action = make_action()
    for name, key in (
        ("plan", action.plan_id),
        ("plan_copy", action.plan_id),
        ("plan_history", action.plan_id),
        ("action_new", action.plan_id),
        ("action_edit", action.pk),
        ("action_remove", action.pk),
        ("plan_new", action.plan.agency_id),
    ):
        assert client.get(url(name, key)).status_code == 404, name
        assert client.post(url(name, key), filled()).status_code in (404, 405), name
    assert action.title not in client.get(url("plan_list")).text
    assert Action.objects.count() == 1


@pytest.mark.parametrize("role", ["monitor", "reviewer", "admin"])
def test_roles_read_every_plan_and_write_none(client, role):
    action = make_action()
    client.force_login(make_user(role))
    page = client.get(url("plan", action.plan_id))
    assert (page.status_code, action.title in page.text) == (200, True)
    assert url("action_new", action.plan_id) not in page.text
    assert client.get(url("action_edit", action.pk)).status_code == 404


def test_c53_overdue_begins_the_day_after(monkeypatch):
    action = make_action(due_on=date(2024, 2, 28), plan=make_plan(year=2024))

    def overdue_on(day):
        monkeypatch.setattr(dates, "today", lambda: day)
        return [line.is_overdue for line in office_of(action.plan).lines]

    assert overdue_on(date(2024, 2, 28)) == [False]
    assert overdue_on(date(2024, 2, 29)) == [True]
    make_report(action, state="accepted", claimed=Completion.COMPLETE)
    assert overdue_on(date(2024, 3, 1)) == [False]


def test_c55_an_action_is_done_when_a_verifier_finds_it_so_and_not_when_its_office_says_so():
    action = make_action()
    said = make_report(action, quarter=1, state="submitted", claimed=Completion.COMPLETE)
    reporting.accept(said, found=Completion.LIMITED, by=make_user("reviewer"))
    (line,) = office_of(action.plan).lines
    assert (line.verified, line.is_done) == (said, False)
    found = make_report(action, quarter=2, state="submitted", claimed=Completion.LIMITED)
    (line,) = office_of(action.plan).lines
    assert (line.newest, line.verified, line.is_done) == (found, said, False)  # the newest waits
    reporting.accept(found, found=Completion.COMPLETE, by=make_user("reviewer"))
    (line,) = office_of(action.plan).lines
    assert (line.verified, line.is_done) == (found, True)


def test_c53_the_day_is_the_one_in_bekasi(monkeypatch):
    action = make_action(due_on=date(2026, 12, 31))
    midnight = dates.datetime(2026, 12, 31, 17, 0, tzinfo=dates.UTC)  # 1 January 2027, 00.00 WIB
    monkeypatch.setattr(dates, "now", lambda: midnight - timedelta(seconds=1))
    assert not office_of(action.plan).overdue
    monkeypatch.setattr(dates, "now", lambda: midnight)
    assert len(office_of(action.plan).overdue) == 1


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ([], None),
        ([(None, 1)], 0),
        ([("0.5", 1)], "0.5"),
        ([("1", 3), ("0", 1)], "0.75"),
        ([("1", 0), ("0", 0)], "0.5"),
        ([("1", 0), ("0.5", 2)], "0.5"),
        ([("1", "33.3"), (None, "33.3")], "0.5"),
    ],
)
def test_c54_progress_of_a_whole_from_its_parts(parts, expected):
    given = [(None if share is None else Decimal(share), Decimal(weight)) for share, weight in parts]
    found = progress.whole(given)
    assert found == (None if expected is None else Decimal(expected))


@pytest.mark.parametrize(
    ("reached", "target", "expected"),
    [(None, 5, None), (3, 0, None), (3, None, None), (9, 3, 1), (1, 4, "0.25")],
)
def test_c54_a_share_is_from_nothing_to_all(reached, target, expected):
    values = [None if value is None else Decimal(value) for value in (reached, target)]
    assert progress.share(*values) == (None if expected is None else Decimal(expected))
    assert progress.percent(Decimal("0.999")) == 99


def test_men_and_women_of_a_year_are_those_of_the_newest_quarter():
    action = make_action()
    for quarter in QUARTERS[:2]:
        make_report(action, state="submitted", quarter=quarter, men=quarter, women=10 * quarter)
    make_report(action, quarter=3, men=700, women=0)  # a draft is the office's own
    other = make_action(plan=action.plan)
    make_report(other, state="submitted", men=None, women=None, unsplit=7, unsplit_reason="Lama.")
    office = office_of(action.plan)
    assert (office.men, office.women, office.unsplit) == (2, 20, 7)
    Action.objects.filter(pk=action.pk).update(has_beneficiaries=False)
    office = office_of(action.plan)
    assert (office.men, office.women, office.unsplit) == (0, 0, 7)


def test_the_office_the_city_and_the_table_count_alike():
    action = make_action(due_on=date(2026, 1, 31))
    make_report(action, quarter=1, state="accepted", claimed=Completion.COMPLETE, men=5, women=5)
    later = make_report(action, quarter=2, state="submitted", claimed=Completion.COMPLETE, men=6, women=7)
    reporting.accept(later, found=Completion.LIMITED, by=make_user("reviewer"))
    make_report(action, quarter=3, men=700, women=1)
    make_report(make_action(plan=action.plan, has_beneficiaries=False), state="submitted", men=9, women=9)
    office, city = office_of(action.plan), city_of(2026)
    assert [(part.men, part.women) for part in (office, city.beneficiaries)] == [(6, 7), (6, 7)]
    headers, rows = rad_table(actions_of(2026))
    men = headers.index("Laki-laki")
    assert sum(row[men] or 0 for row in rows) == 6
    assert (len(office.overdue), city.overdue_total, [one.pk for one in city.overdue]) == (1, 1, [action.pk])


@pytest.mark.parametrize("number", [1, 10])
def test_c60_the_page_of_an_office_costs_the_same_for_any_number(client, number, django_assert_num_queries):
    plan = make_plan()
    for _number in range(number):
        make_report(make_action(make_criterion(), plan=plan), state="accepted")
    client.force_login(make_user("monitor"))
    client.get("/")
    with django_assert_num_queries(9):
        assert client.get(url("plan", plan.pk)).status_code == 200


def test_a_long_plan_is_told_in_pages_and_its_head_counts_all_of_it(client):
    plan = make_plan()
    for number in range(101):
        make_action(plan=plan, title=f"Aksi {number:03}", due_on=date(2026, 12, 1))
    client.force_login(make_user("monitor"))
    first, second = (client.get(url("plan", plan.pk) + f"?page={number}") for number in (1, 2))
    assert "0 dari 101 rencana aksi selesai" in first.text
    assert ("Aksi 099" in first.text, "Aksi 100" in first.text) == (True, False)
    assert ("Aksi 099" in second.text, "Aksi 100" in second.text) == (False, True)
    assert "Halaman 2 dari 2" in second.text
    assert client.get(url("plan", plan.pk) + "?page=x").status_code == 200


def test_c61_markup_stays_text(client):
    action = make_action(title="<script>alert(1)</script>", person_in_charge="<b>x</b>")
    client.force_login(make_user("monitor"))
    page = client.get(url("plan", action.plan_id)).text
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_copying_twice_adds_nothing():
    source, target = make_plan(year=2025), make_plan()
    make_action(plan=source)
    assert [planning.copy(source, target, by=make_user()) for _time in range(2)] == [1, 0]


@pytest.mark.parametrize("number", [1, 10])
def test_c60_the_list_costs_the_same_for_any_number(client, number, django_assert_num_queries):
    for _number in range(number):
        make_report(state="submitted")
    client.force_login(make_user("reviewer"))
    client.get("/")
    with django_assert_num_queries(10):
        assert client.get(url("plan_list")).text.count("<tr>") == number + 1


def test_whoever_sees_the_city_chooses_a_year_and_an_office_sees_all_of_its_own(client, operator):
    plans = {year: make_plan(agency=operator.agency, year=year) for year in (2025, 2026)}

    def shown(query=""):
        page = client.get(url("plan_list") + query).text
        return [year for year, plan in plans.items() if url("plan", plan.pk) in page]

    assert shown() == [2025, 2026]
    client.force_login(make_user("monitor"))
    assert [shown(), shown("?tahun=2025"), shown("?tahun=x")] == [[2026], [2025], [2026]]


def test_who_is_in_charge_may_be_picked_from_the_focal_points_of_the_office(client, operator):
    make_focal_point(agency=operator.agency, name="Focal <b>Contoh</b>")
    make_focal_point(agency=operator.agency, name="Sudah berakhir", expires_on=date(2026, 1, 31))
    make_focal_point(name="Kantor lain")
    page = client.get(url("action_new", make_plan(agency=operator.agency).pk)).text
    assert '<option value="Focal &lt;b&gt;Contoh&lt;/b&gt;">' in page
    assert ("Sudah berakhir" in page, "Kantor lain" in page) == (False, False)


def test_the_list_counts_what_the_queues_show_and_nothing_of_ones_own():
    reviewer = make_user("reviewer")
    make_report(state="submitted")
    make_report(state="submitted", by=reviewer)
    make_evidence(state="submitted")
    make_evidence(state="submitted", by=reviewer)
    client = Client()
    client.force_login(reviewer)
    page = client.get(url("plan_list")).text
    assert "1 laporan menunggu diperiksa" in page
    assert "1 bukti menunggu diperiksa" in page
