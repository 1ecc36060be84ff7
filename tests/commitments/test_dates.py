"""Times are kept in UTC and always read as WIB."""

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from commitments import dates
from commitments.documents.declaration import declaration_html
from commitments.models import OutgoingMail
from tests.factories import make_signature, make_user


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


@pytest.mark.django_db
def test_c28_one_instant_reads_the_same_on_screen_on_paper_and_in_mail(client):
    """The CSV joins them when the matrix can be exported."""
    make_user("reviewer")
    signature = make_signature(at=datetime(2026, 11, 26, 17, 0, tzinfo=UTC))
    declaration = signature.signatory.declaration
    client.force_login(make_user("admin"))
    pages = [
        reverse("commitments:receipt", args=[signature.pk]),
        reverse("commitments:review", args=[signature.pk]),
        reverse("commitments:matrix", args=[declaration.pk]),
    ]
    for page in pages:
        assert "27 November 2026 pukul 00.00 WIB" in client.get(page).text
    mail = OutgoingMail.objects.get(dedup_key=f"signed:{signature.pk}")
    assert "27 November 2026 pukul 00.00 WIB" in mail.body
    assert "27 November 2026 00.00 WIB" in declaration_html(declaration, final=False, page_size="f4")
