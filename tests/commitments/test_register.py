"""Who carries PUG in the offices, until when and how many are trained; and what the points of a promise count for."""

import csv
import io
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from openpyxl import load_workbook

from commitments import dates
from commitments.assessing.city import city_of
from commitments.models import Action, FocalPoint
from tests.factories import (
    make_agency,
    make_criterion,
    make_declaration,
    make_focal_point,
    make_framework,
    make_membership,
    make_plan,
    make_user,
)

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 26)


@pytest.fixture(autouse=True)
def today(monkeypatch):
    monkeypatch.setattr(dates, "today", lambda: TODAY)


def url(name, *args):
    return reverse(f"commitments:{name}", args=args)


@pytest.fixture
def monitor(client):
    user = make_user("monitor")
    client.force_login(user)
    return user


def test_a_decree_counts_until_the_end_of_its_last_day():
    last = make_focal_point(expires_on=TODAY)
    make_focal_point(expires_on=TODAY - timedelta(1))
    make_focal_point(decree_date=TODAY + timedelta(1))
    endless = make_focal_point()
    assert set(FocalPoint.objects.in_force(TODAY)) == {last, endless}
    assert not last.has_expired(TODAY)
    assert last.has_expired(TODAY + timedelta(1))


def test_the_page_tells_who_is_missing_expired_and_trained(client, monitor):
    covered, lacking = make_agency(name="Dinas Lengkap"), make_agency(name="Dinas Kosong")
    make_focal_point(agency=covered, sex="P", trained_on=date(2026, 3, 1))
    make_focal_point(agency=covered, sex="L")
    make_focal_point(agency=lacking, sex="L", trained_on=date(2025, 3, 1), expires_on=TODAY - timedelta(1),
                     decree_date=date(2025, 1, 1))  # fmt: skip
    make_focal_point(agency=lacking, sex="P", kind="pokja", expires_on=TODAY + timedelta(5))
    register = client.get(url("focal_points")).context["register"]
    assert register.without == [lacking]
    assert (register.everyone.men, register.everyone.women) == (1, 2)
    assert (register.trained.men, register.trained.women) == (0, 1)
    assert register.expired == 1
    page = client.get(url("focal_points")).text
    for told in (
        "1 kantor belum punya focal point",
        "Belum punya focal point:",
        "SK berakhir",
        "5 hari lagi",
    ):
        assert told in page
    assert "Tambah" not in page  # that is the administrator's


def test_the_city_counts_those_who_are_trained_today(client, monitor):
    make_focal_point(sex="P", trained_on=date(2024, 3, 1))
    make_focal_point(sex="L", trained_on=date(2026, 3, 1), expires_on=TODAY - timedelta(1))
    make_focal_point(sex="L")
    trained = city_of(2026).trained
    assert (trained.men, trained.women) == (0, 1)
    assert "focal point dan Pokja terlatih, hari ini" in client.get(url("city", 2026)).text


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_c62_an_office_takes_away_what_its_page_shows_and_no_more(client, form):
    membership = make_membership(agency=make_agency())
    make_focal_point(agency=membership.agency, name="Milik sendiri")
    make_focal_point(name="Milik lain")
    client.force_login(membership.user)
    page = client.get(url("focal_points"))
    assert ("Milik sendiri" in page.text, "Milik lain" in page.text) == (True, False)
    assert page.context["register"].without == []
    answer = client.get(url("focal_points_sheet", form))
    assert answer.status_code == 200
    if form == "csv":
        rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
        assert [row[2] for row in rows[1:]] == ["Milik sendiri"]


def test_dates_are_dates_in_the_workbook_and_sort_in_the_list(client, monitor):
    make_focal_point(decree_date=date(2026, 1, 5))
    book = load_workbook(io.BytesIO(client.get(url("focal_points_sheet", "xlsx")).content))
    cell = book.active["F2"]
    assert (cell.value.date(), cell.is_date) == (date(2026, 1, 5), True)
    assert ",2026-01-05," in client.get(url("focal_points_sheet", "csv")).content.decode("utf-8-sig")


def test_c61_a_name_stays_text_in_page_and_sheet(client, monitor):
    make_focal_point(name="<b>=1+1</b>", decree_number="=2+2")
    assert "&lt;b&gt;=1+1&lt;/b&gt;" in client.get(url("focal_points")).text
    sheet = client.get(url("focal_points_sheet", "csv")).content.decode("utf-8-sig")
    assert "'=2+2" in sheet


def test_c60_the_register_costs_the_same_queries_at_any_length(client, monitor, django_assert_num_queries):
    make_focal_point()
    client.get(url("focal_points"))
    for number in (0, 40):
        for _time in range(number):
            make_focal_point(expires_on=date(2026, 1, 31))
        with django_assert_num_queries(6):
            client.get(url("focal_points"))


def test_the_same_person_stands_once_under_a_decree():
    first = make_focal_point()
    with pytest.raises(IntegrityError), transaction.atomic():
        make_focal_point(agency=first.agency, name=first.name)
    make_focal_point(agency=first.agency, name=first.name, decree_number="SK/2")
    first.trained_on = date(2026, 2, 2)
    first.save()
    assert list(first.history.values_list("trained_on", flat=True)) == [date(2026, 2, 2), None]


# --- What the points of a promise count for


@pytest.fixture
def promise():
    return make_declaration(year=2026)


def test_points_are_tagged_with_criteria_of_more_than_one_framework(client, promise):
    first, second = (make_criterion(framework=make_framework(year=2026)) for _number in range(2))
    make_criterion(framework=make_framework(year=2025), name="Tahun lalu")
    client.force_login(make_user("admin"))
    page = client.get(url("point_criteria", promise.pk)).text
    assert ("Tahun lalu" in page, "Kriteria untuk butir 1" in page) == (False, True)
    digest = promise.text_digest
    client.post(url("point_criteria", promise.pk), {"butir-1": [first.pk, second.pk]})
    assert [set(point.criteria.all()) for point in promise.points.all()] == [{first, second}, set()]
    assert "2 kriteria" in client.get(url("point_criteria", promise.pk)).text
    promise.refresh_from_db()
    assert promise.text_digest == digest


def test_an_action_without_criteria_of_its_own_counts_for_those_of_its_point(client, promise):
    tagged, own = make_criterion(framework=make_framework(year=2026)), make_criterion()
    point = promise.points.first()
    point.criteria.set([tagged, make_criterion(framework=make_framework(year=2025))])
    membership = make_membership(agency=make_agency())
    client.force_login(membership.user)
    plan = make_plan(agency=membership.agency)
    for title, criteria in (("Mengikuti", []), ("Sendiri", [own.pk])):
        data = {
            "title": title, "indicator": "Orang", "unit": "orang", "target_4": "5", "person_in_charge": "A",
            "due_on": "2026-12-01", "point": point.pk, "criteria": criteria,
        }  # fmt: skip
        assert client.post(url("action_new", plan.pk), data).status_code == 302
    assert [set(Action.objects.get(title=title).criteria.all()) for title in ("Mengikuti", "Sendiri")] == [
        {tagged},
        {own},
    ]


@pytest.mark.parametrize("value", ["9" * 30, "0", "x", "-1"])
def test_a_criterion_that_is_none_is_refused_and_nothing_changes(client, promise, value):
    kept = make_criterion(framework=make_framework(year=2026))
    promise.points.first().criteria.set([kept])
    client.force_login(make_user("admin"))
    answer = client.post(url("point_criteria", promise.pk), {"butir-1": [value]})
    assert (answer.status_code, "Belum tersimpan." in answer.text) == (422, True)
    assert list(promise.points.first().criteria.all()) == [kept]


def test_a_draft_is_not_tagged(client):
    draft = make_declaration(state="draft")
    client.force_login(make_user("admin"))
    assert client.get(url("point_criteria", draft.pk)).status_code == 404
