"""Kantor saya, and the pages of the kecamatan."""

import pytest
from django.urls import reverse

from tests.factories import (
    make_agency,
    make_declaration,
    make_membership,
    make_position,
    make_signature,
    make_sub_district,
    make_tenure,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("posts", [1, 3])
def test_an_operator_sees_the_own_office_only(client, posts, django_assert_num_queries):
    agency = make_agency()
    mine = [make_tenure(position=make_position(agency=agency)).position for _ in range(posts)]
    other = make_tenure()
    declaration = make_declaration(positions=[*mine, other.position])
    client.force_login(make_membership(agency=agency).user)
    # session, user, its offices, posts, their holders, slots, their holders, and of the frame: roles, offices
    with django_assert_num_queries(9):
        answer = client.get(reverse("commitments:office"))
    assert [item["slot"].position for item in answer.context["missing"]] == mine
    assert other.position.title not in answer.text
    assert f"{posts} tanda tangan belum ada" in answer.text
    assert f"/tanda-tangan/{declaration.signatories.get(position=mine[0]).pk}/" in answer.text


def test_an_operator_has_no_power_to_sign(client):
    declaration = make_declaration(slots=1)
    slot = declaration.signatories.get()
    client.force_login(make_membership(agency=slot.position.agency).user)
    assert client.get(reverse("commitments:sign", args=[slot.pk])).status_code == 404
    assert client.post(reverse("commitments:sign", args=[slot.pk]), {}).status_code == 404


def test_without_an_office_the_page_says_whom_to_ask(client):
    client.force_login(make_user())
    assert "Minta Administrator DPPPA" in client.get(reverse("commitments:office")).text


def test_the_reminder_holds_no_secret(client):
    declaration = make_declaration(slots=1)
    slot = declaration.signatories.get()
    client.force_login(make_membership(agency=slot.position.agency).user)
    text = client.get(reverse("commitments:office")).text
    assert slot.holder.official.nip not in text
    assert "masuk dengan akun Anda" in text


@pytest.mark.parametrize("years", [1, 3])
def test_a_kecamatan_shows_camat_villages_and_years(client, years, django_assert_num_queries):
    place = make_sub_district(name="Contohasih")
    place.villages.create(code="99.00001.1001", name="Contohjaya")
    agency = make_agency(kind="kecamatan", sub_district=place)
    tenure = make_tenure(position=make_position(agency=agency, category="camat", title="Camat Contohasih"))
    for year in range(years):
        declaration = make_declaration(positions=[tenure.position], year=2024 + year)
        signature = make_signature(declaration.signatories.get())
    make_declaration(state="draft", positions=[tenure.position], title="Draf rahasia")
    client.force_login(make_user())
    # session, user, the place, its posts, their holders, slots, villages, and of the frame: roles, offices
    with django_assert_num_queries(9):
        answer = client.get(reverse("commitments:sub_district", args=[place.code]))
    for text in ("Camat Contohasih", "Contohjaya", tenure.official.full_name):
        assert text in answer.text
    assert answer.text.count("Ditandatangani") == years
    assert "Draf rahasia" not in answer.text
    assert signature.nip not in answer.text


@pytest.mark.parametrize("places", [1, 3])
def test_the_list_of_kecamatan_costs_the_same_for_any_length(client, places, django_assert_num_queries):
    for _ in range(places):
        agency = make_agency(kind="kecamatan", sub_district=make_sub_district())
        make_tenure(position=make_position(agency=agency, category="camat"))
    client.force_login(make_user())
    # session, user, places, villages, camat posts, their holders, and of the frame: roles, offices
    with django_assert_num_queries(8):
        answer = client.get(reverse("commitments:sub_district_list"))
    assert len(answer.context["places"]) == places
