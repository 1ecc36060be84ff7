"""NIP and NI PPPK."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agencies import nip
from agencies.kinds import Sex

TODAY = date(2026, 11, 24)


def test_a_nip_is_taken_apart():
    found = nip.parse("19860926 201505 1 001", today=TODAY)
    assert found == nip.Nip("198609262015051001", date(1986, 9, 26), 2015, Sex.MALE, is_pppk=False)
    assert str(found) == "19860926 201505 1 001"
    assert nip.parse("1986.0926.2015.05.2.001", today=TODAY).sex == Sex.FEMALE
    assert nip.parse("198609262022212001", today=TODAY).is_pppk


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "18 angka"),
        ("12345", "18 angka"),
        ("1986092620150510012", "18 angka"),
        ("19860926201505100a", "18 angka"),
        ("١٩٨٦٠٩٢٦٢٠١٥٠٥١٠٠١", "18 angka"),
        ("198613262015051001", "bukan tanggal lahir"),
        ("198602302015051001", "bukan tanggal lahir"),
        ("187009262015051001", "Tahun lahir"),
        ("198609262015131001", "bukan bulan"),
        ("198609262027011001", "masa depan"),
        ("198609262026121001", "masa depan"),
        ("198609261990051001", "Usia"),
        ("195009262020051001", "Usia"),
        ("198609262015053001", "Angka ke-15"),
        ("198609262015051000", "000"),
    ],
)
def test_what_cannot_be_a_nip_is_refused_with_a_sentence(text, told):
    with pytest.raises(nip.NipError, match=told):
        nip.parse(text, today=TODAY)


@given(st.text())
def test_any_text_is_a_nip_or_a_sentence(text):
    try:
        found = nip.parse(text, today=TODAY)
    except nip.NipError:
        return  # any other error fails the test
    assert nip.parse(str(found), today=TODAY) == found
