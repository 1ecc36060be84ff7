"""The page of the whole city: what is complete, what is late, how many women and men; and its tables to take away."""

import io
from datetime import date

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from agencies.models import Official
from commitments import dates
from commitments.assessing.city import city_of
from commitments.models import Evidence
from commitments.states import Completion
from tests.factories import (
    make_action,
    make_agency,
    make_criterion,
    make_declaration,
    make_framework,
    make_membership,
    make_plan,
    make_report,
    make_signature,
    make_user,
)

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"commitments:{name}", args=args)


def show(action, *criteria, state="accepted", number=1):
    """So many pieces of evidence in that state, without files."""
    for _number in range(number):
        decided = {"decided_by": make_user("reviewer")} if state == "accepted" else {}
        piece = Evidence.objects.create(action=action, title="Contoh", state=state, **decided)
        piece.criteria.set(criteria)


def test_only_accepted_evidence_counts_and_never_more_than_is_asked():
    asked, other = make_criterion(needed=2), make_criterion(needed=1)
    action = make_action()
    show(action, asked, number=5)
    show(action, other, state="submitted")
    show(make_action(plan=make_plan(year=2025)), other)
    city = city_of(2026)
    (row,) = [row for row in city.rows if row.agency == action.plan.agency]
    assert [(cell.accepted, cell.counted) for cell in row.cells] == [(5, 2), (0, 0)]
    assert (row.counted, city.needed_of_one) == (2, 3)
    assert [(bar.counted, bar.percent) for bar in city.bars] == [(2, 100 * 2 // city.bars[0].needed), (0, 0)]
    assert city.behind.criterion == other


@pytest.mark.parametrize(
    ("accepted", "needed", "shade"),
    [(0, 4, 0), (1, 100, 1), (1, 4, 1), (2, 4, 2), (3, 4, 3), (4, 4, 4), (9, 4, 4)],
)
def test_a_cell_is_full_only_when_all_is_there(accepted, needed, shade):
    asked = make_criterion(needed=needed)
    action = make_action()
    show(action, asked, number=accepted)
    (cell,) = city_of(2026).rows[-1].cells
    assert cell.shade == shade


def test_the_least_complete_office_comes_first():
    asked = make_criterion(needed=3)
    best, worst = (
        make_action(plan=make_plan(agency=make_agency(name="A"))),
        make_plan(agency=make_agency(name="Z")),
    )
    show(best, asked, number=2)
    assert [row.plan for row in city_of(2026).rows] == [worst, best.plan]


def test_evidence_counts_in_more_than_one_framework(client):
    frameworks = [make_framework(code=f"kerangka-{letter}") for letter in "ab"]
    asked = [make_criterion(framework=framework) for framework in frameworks]
    show(make_action(), *asked)
    assert [city_of(2026, framework.code).counted for framework in frameworks] == [1, 1]
    client.force_login(make_user("monitor"))
    page = client.get(url("city", 2026), {"kerangka": "kerangka-b"}).text
    assert asked[1].name in page
    assert asked[0].name not in page
    assert client.get(url("city", 2026), {"kerangka": "tidak-ada"}).status_code == 200


def test_c53_what_is_late_is_listed_until_somebody_finds_it_complete(monkeypatch):
    monkeypatch.setattr(dates, "today", lambda: date(2026, 7, 1))
    late, done = make_action(due_on=date(2026, 6, 30)), make_action(due_on=date(2026, 6, 1))
    make_action(due_on=date(2026, 7, 1))
    make_report(late, state="submitted", claimed=Completion.COMPLETE)
    make_report(done, state="accepted", claimed=Completion.COMPLETE)
    city = city_of(2026)
    assert (city.overdue, city.overdue_total) == ([late], 1)


def test_men_and_women_among_signers_and_beneficiaries():
    declaration = make_declaration(slots=4, year=2026)
    first, second, third, silent = declaration.signatories.in_protocol_order()
    for slot, sex in ((first, "L"), (second, "P"), (third, "P"), (silent, "L")):
        Official.objects.filter(tenures__position=slot.position).update(sex=sex)
    make_signature(first, state="accepted")
    make_signature(second)
    make_signature(third)
    action = make_action()
    make_report(action, quarter=1, state="accepted", men=1, women=1)
    make_report(action, quarter=2, state="submitted", men=4, women=6)
    make_report(action, quarter=3, men=100, women=100)  # a draft is the office's own
    make_report(state="submitted", men=None, women=None, unsplit=5, unsplit_reason="Belum ada kolom.")
    city = city_of(2026)
    assert (city.signers.men, city.signers.women) == (1, 2)
    found = city.beneficiaries
    assert (found.men, found.women, found.unsplit, found.total, found.women_of_100) == (4, 6, 5, 15, 60)


def sheet(client, matrix, **query):
    answer = client.get(url("city_sheet", 2026, matrix, "xlsx"), query)
    assert answer.status_code == 200
    return list(load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True))


def test_the_matrices_go_out_with_their_columns(client):
    asked = make_criterion(name="Komitmen", number="1")
    action = make_action(asked, title="=SUM(A1)", baseline=10, budget=5_000_000, target_2="12.5")
    make_report(action, state="accepted", reached=30, men=3, women=4, claimed=Completion.LIMITED)
    client.force_login(make_user("monitor"))
    headings, row = sheet(client, "rencana-pokja")
    found = dict(zip(headings, row, strict=True))
    assert found["Pelembagaan atau proses"] == "1. Komitmen"
    assert (found["Data dasar"], found["Target tahunan"], found["Alokasi anggaran (Rp)"]) == (
        10,
        60,
        5_000_000,
    )
    headings, row = sheet(client, "rad-pug")
    found = dict(zip(headings, row, strict=True))
    assert found["Rencana aksi"].endswith("=SUM(A1)")  # text, never a formula
    assert (found["Target TW II"], found["Capaian"], found["Capaian (%)"]) == (12.5, 30, 50)
    assert (found["Laki-laki"], found["Perempuan"], found["Jumlah penerima manfaat"]) == (3, 4, 7)
    assert (found["Menurut kantor"], found["Menurut pemeriksa"]) == ("Terbatas", "Terbatas")
    headings, *rows = sheet(client, "peta")
    assert headings[1] == "1. Komitmen"
    assert len(rows) == len(city_of(2026).offices)


@pytest.mark.parametrize("address", ["tindak-lanjut/kota/1999/", "tindak-lanjut/kota/99999999999999999999/"])
def test_c71_there_are_no_such_years(client, address):
    client.force_login(make_user("monitor"))
    assert client.get(f"/{address}").status_code == 404
    assert client.get(url("city_sheet", 2026, "lain", "csv")).status_code == 404


def test_c62_the_tables_obey_the_same_permission_as_the_page(client):
    client.force_login(make_membership().user)
    assert client.get(url("city", 2026)).status_code == 403
    assert client.get(url("city_sheet", 2026, "rad-pug", "csv")).status_code == 403


def test_an_empty_year_says_what_to_do(client):
    client.force_login(make_user("admin"))
    assert "Masukkan kerangka dan kriteria tahun ini" in client.get(url("city", 2031)).text


@pytest.mark.parametrize("number", [1, 10])
def test_c60_the_city_costs_the_same_for_any_number(client, number, django_assert_num_queries):
    asked = [make_criterion() for _number in range(number)]
    for _number in range(number):
        action = make_action(*asked, due_on=date(2026, 1, 2))
        make_report(action, state="accepted")
        show(action, *asked)
    client.force_login(make_user("monitor"))
    client.get("/")
    for address, queries in ((url("city", 2026), 14), (url("city_sheet", 2026, "rad-pug", "csv"), 8)):
        with django_assert_num_queries(queries):
            assert client.get(address).status_code == 200


def test_c61_markup_stays_text(client):
    asked = make_criterion(name="<img src=x>")
    make_action(asked, title="<script>x", due_on=date(2026, 1, 2))
    client.force_login(make_user("monitor"))
    page = client.get(url("city", 2026)).text
    assert "<img src=x>" not in page
    assert "<script>x" not in page
