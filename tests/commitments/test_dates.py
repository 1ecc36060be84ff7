"""Times are kept in UTC and always read as WIB."""

from datetime import UTC, date, datetime

from commitments import dates


def test_c28_midnight_in_wib_keeps_its_date():
    midnight = datetime(2026, 11, 26, 17, 0, tzinfo=UTC)
    assert dates.moment(midnight) == "27 November 2026 pukul 00.00 WIB"
    assert dates.moment(midnight.replace(hour=16, minute=59)) == "26 November 2026 pukul 23.59 WIB"
    assert dates.wib_date(midnight) == date(2026, 11, 27)


def test_the_date_in_words_is_indonesian():
    assert (
        dates.date_in_words(date(2022, 5, 11))
        == "Rabu tanggal Sebelas bulan Mei tahun Dua Ribu Dua Puluh Dua"
    )
    assert dates.date_in_words(date(2024, 2, 29)) == (
        "Kamis tanggal Dua Puluh Sembilan bulan Februari tahun Dua Ribu Dua Puluh Empat"
    )


def test_day_and_date():
    assert dates.day_date(date(2022, 5, 11)) == "Rabu, 11 Mei 2022"
