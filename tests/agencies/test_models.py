"""Who exists: what the database refuses, and how holders change."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from agencies import reference
from agencies.models import Official, Position, SubDistrict, Tenure, Village
from agencies.tenures import appoint
from tests.factories import (
    make_agency,
    make_official,
    make_position,
    make_sub_district,
    make_tenure,
    make_user,
)

pytestmark = pytest.mark.django_db
TODAY = date(2026, 6, 15)


def refused(make) -> bool:
    try:
        with transaction.atomic():
            make()
    except (IntegrityError, DatabaseError):
        return True
    return False


@pytest.mark.parametrize(
    ("first", "second", "overlap"),
    [
        (("2026-01-01", None), ("2026-02-01", None), True),
        (("2026-01-01", "2026-03-31"), ("2026-03-31", None), True),
        (("2026-01-01", "2026-03-31"), ("2026-04-01", None), False),
        (("2026-01-01", "2026-12-31"), ("2026-03-01", "2026-03-02"), True),
        (("2026-05-01", None), ("2026-01-01", "2026-04-30"), False),
        (("2026-05-01", None), ("2026-01-01", "2026-05-01"), True),
    ],
)
def test_one_holder_a_post_at_a_time(first, second, overlap):
    position = make_position()
    make_tenure(position=position, starts_on=first[0], ends_on=first[1])
    make = lambda: make_tenure(position=position, starts_on=second[0], ends_on=second[1])  # noqa: E731
    assert refused(make) is overlap
    make_tenure(starts_on=second[0], ends_on=second[1])  # another post is not in the way


def test_only_who_stands_in_for_another_stands_on_a_letter():
    acting = make_tenure(capacity="plt", basis_letter="SP/1", basis_date=TODAY, ends_on=date(2026, 12, 31))
    definitive = make_tenure(basis_letter="SK/1")
    assert (acting.basis, definitive.basis) == ("SP/1", "")


def test_a_tenure_may_be_changed_without_meeting_itself_but_not_into_another():
    first = make_tenure(starts_on=date(2026, 1, 1), ends_on=date(2026, 3, 31))
    second = make_tenure(position=first.position, starts_on=date(2026, 4, 1))
    first.basis_letter = "SK/1"
    first.save()
    assert refused(lambda: Tenure.objects.filter(pk=second.pk).update(starts_on=date(2026, 3, 1)))


@pytest.mark.parametrize("missing", ["basis_letter", "basis_date", "ends_on"])
@pytest.mark.parametrize("capacity", ["plt", "plh", "pj"])
def test_acting_holders_need_a_letter_and_dates(capacity, missing):
    empty = "" if missing == "basis_letter" else None
    assert refused(lambda: make_tenure(capacity=capacity, **{missing: empty}))
    make_tenure(capacity=capacity)


def test_a_kecamatan_has_a_place_and_nobody_else_has():
    place = make_sub_district()
    assert refused(lambda: make_agency(kind="kecamatan"))
    assert refused(lambda: make_agency(kind="dinas", sub_district=place))
    assert refused(lambda: make_agency(kind="negara"))
    make_agency(kind="kecamatan", sub_district=place)


def test_a_person_has_a_nip_or_a_reason():
    assert refused(lambda: make_official(nip=None))
    make_official(nip=None, nip_absent_reason="Bukan ASN")
    taken = make_official().nip
    assert refused(lambda: make_official(nip=taken))


def test_two_logins_never_share_an_address():
    make_user(email="sama@contoh.example")
    assert refused(lambda: make_user(email="SAMA@contoh.example"))
    make_user(email="")
    make_user(email="")


def test_an_overlap_is_told_in_a_sentence():
    tenure = make_tenure()
    other = Tenure(position=tenure.position, official=make_official(), starts_on=TODAY)
    with pytest.raises(ValidationError, match="memegang jabatan ini pada tanggal yang sama"):
        other.full_clean()


def test_a_new_holder_ends_the_tenure_before():
    old = make_tenure(starts_on=date(2020, 1, 1))
    new = appoint(old.position, official=make_official(), starts_on=TODAY, by=make_user("admin"))
    old.refresh_from_db()
    assert old.ends_on == TODAY - timedelta(days=1)
    assert list(Tenure.objects.in_force(TODAY).filter(position=old.position)) == [new]


def test_after_a_plh_the_holder_goes_on():
    holder = make_tenure(starts_on=date(2020, 1, 1))
    end = TODAY + timedelta(days=10)
    appoint(
        holder.position, official=make_official(), starts_on=TODAY, ends_on=end, capacity="plh",
        basis_letter="SP/1", basis_date=TODAY, by=make_user("admin"),
    )  # fmt: skip
    who = [
        Tenure.objects.in_force(day).get(position=holder.position).official
        for day in (TODAY, end + timedelta(days=1))
    ]
    assert who[0] != holder.official
    assert who[1] == holder.official


def test_posts_in_force():
    today = timezone.localdate()
    now, gone = make_position(), make_position(valid_to=today - timedelta(days=1))
    coming = make_position(valid_from=today + timedelta(days=1))
    assert list(Position.objects.in_force()) == [now]
    assert {gone, coming} == set(Position.objects.exclude(pk=now.pk))


def test_c44_ending_an_office_leaves_its_name():
    position = make_position()
    position.agency.valid_to = date(2020, 1, 1)
    position.agency.save()
    assert Position.objects.get().agency.name == position.agency.name
    with pytest.raises(ProtectedError):
        position.agency.delete()


def test_the_reference_lists_load_once_and_again():
    first = reference.load()
    assert {table: counts["added"] for table, counts in first.items()} == {
        "kecamatan": 12,
        "kelurahan": 56,
        "perangkat daerah": 44,
        "jabatan": 50,
    }
    assert {counts["added"] + counts["changed"] for counts in reference.load().values()} == {0}
    sekda = Position.objects.in_protocol_order().first()
    assert (sekda.title, sekda.show_nip, sekda.show_rank) == ("Sekretaris Daerah", False, False)


def test_an_administrators_own_choices_survive_the_next_load():
    reference.load()
    Position.objects.filter(category="sekda").update(show_nip=True)
    Village.objects.filter(code="32.75.01.1001").update(name="Salah ketik")
    counts = reference.load()
    assert counts["kelurahan"]["changed"] == 1
    assert Position.objects.get(category="sekda").show_nip


def test_names_are_found_with_and_without_a_space():
    reference.load()
    assert SubDistrict.objects.get(search_key__contains="pondokgede").name == "Pondokgede"
    assert "medansatria" in SubDistrict.objects.get(code="32.75.06").search_key


def test_the_full_name_keeps_the_case_of_titles():
    official = Official(title_before="drh.", name="Pejabat Contoh", title_after="S.STP., M.Si.")
    assert official.full_name == "drh. Pejabat Contoh, S.STP., M.Si."
