"""Files that nobody should be able to hurt us with, and people who may not import at all."""

import io
import os
import zipfile

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from openpyxl import Workbook

from agencies import admin_exchange, exchange, sheets
from agencies.models import Agency, Official, Position, User
from agencies.people_resources import OfficialResource, UserResource
from agencies.resources import AgencyResource, PositionResource
from tests.agencies.test_import_export import READERS, confirm, faults, upload, url, workbook
from tests.factories import holder_of, make_membership, make_slot, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client):
    user = make_user("admin")
    client.force_login(user)
    return user


def zipped(**parts):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in parts.items():
            archive.writestr(name, body)
    return file.getvalue()


def far_cell():
    book = Workbook()
    book.active["A1"] = "singkatan"
    book.active["A1048576"] = "x"
    return sheets.saved(book)


BROKEN = {
    "nothing.xlsx": b"",
    "noise.xlsx": bytes(range(256)) * 9,
    "zip.xlsx": zipped(readme="x"),
    "bomb.xlsx": zipped(**{"xl/workbook.xml": b"0" * 80_000_000}),
    "cut.xlsx": workbook(["singkatan"], ["A"])[:400],
    "far.xlsx": far_cell(),
    "nul.csv": b"singkatan,nama,jenis\nA,B\x00C,dinas",
    "latin.csv": "singkatan,nama,jenis\nA,D\xe9,dinas".encode("cp1252"),
    "utf16.csv": "singkatan,nama,jenis\nA,B,dinas".encode("utf-16"),
    "quote.csv": b'singkatan,nama,jenis\n"A,B,dinas' + b"x" * 200_000,
    "big.csv": b"singkatan,nama,jenis\n" + b"x" * 2_100_000,
    "rows.csv": b"singkatan,nama,jenis\n" + b"A,B,dinas\n" * 10_001,
    "blank.csv": b"\n\n\n",
    "page.html": b"<table>",
    "wide.csv": b"," * 100_000,
}


@pytest.mark.parametrize("name", sorted(BROKEN))
def test_a_broken_file_is_refused_with_a_sentence(client, admin, name):
    answer = upload(client, "agency", BROKEN[name], name)
    assert answer.status_code == 422
    said = answer.context["form"].errors.get("file") or faults(answer)
    assert said
    assert all(sentence.endswith(".") for sentence in said)
    assert not Agency.objects.exists()


def test_no_file_and_a_wrong_token_are_told(client, admin):
    assert client.post(url("agency", "import"), {}).status_code == 422
    for token in ("", "x", "\x00", "a:b:c", "9" * 9000):
        assert client.post(url("agency", "import"), {"token": token}).status_code in {302, 400}


def test_what_nobody_confirmed_does_not_stay(client, admin, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    rows = ["singkatan,nama,jenis", "A,B,dinas"]
    upload(client, "agency", rows)
    (kept,) = (tmp_path / "impor").iterdir()
    os.utime(kept, (0, 0))
    upload(client, "agency", rows)
    (other,) = (tmp_path / "impor").iterdir()
    assert other != kept


def test_a_look_of_long_ago_confirms_nothing(client, admin, monkeypatch):
    answer = upload(client, "agency", ["singkatan,nama,jenis", "A,B,dinas"])
    monkeypatch.setattr(admin_exchange, "KEPT", -1)  # as if the time was over
    assert "Pratinjau ini sudah tidak berlaku" in confirm(client, "agency", answer).text
    assert not Agency.objects.exists()


@pytest.mark.parametrize("name", sorted(READERS))
@pytest.mark.parametrize("what", ["import", "template", "export"])
def test_only_the_administrator_imports_and_exports(client, name, what):
    address = url(name, what, *(["csv"] if what == "export" else []))
    people = [None, make_user(), holder_of(make_slot()), make_membership().user]
    people += [make_user("monitor"), make_user("reviewer")]
    for person in people:
        client.logout()
        if person:
            client.force_login(person)
        assert client.get(address).status_code in {302, 403}
        assert client.post(address, {}).status_code in {302, 403}
    client.force_login(make_user("admin"))
    assert client.get(address).status_code == 200


def test_an_unknown_form_of_export_is_404(client, admin):
    assert client.get(reverse("admin:agencies_agency_export", args=["exe"])).status_code == 404


CELLS = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        [
            "ya",
            "dinas",
            "definitif",
            "Administrator DPPPA",
            "2026-02-30",
            "L",
            "9" * 30,
            "'=",
            ";;",
            "32.75.01",
        ]
    ),
)


@pytest.mark.parametrize(
    ("reader", "model"),
    [
        (AgencyResource, Agency),
        (PositionResource, Position),
        (OfficialResource, Official),
        (UserResource, User),
    ],
)
@hypothesis_settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_nothing_in_a_cell_is_more_than_a_fault(admin, reader, model, data):
    columns = reader().columns
    row = data.draw(st.lists(CELLS, min_size=len(columns), max_size=len(columns)))
    try:
        sheet = sheets.read("x.csv", sheets.as_csv(columns, [row]))
    except sheets.SheetError:
        return
    outcome = exchange.read_in(sheet, reader, by=admin, file_name="x.csv", dry_run=True)
    assert not any("tidak dapat dibaca" in str(fault) for fault in outcome.faults)


@hypothesis_settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=20), min_size=1, max_size=4))
@example(["=1", "'=1", "''=1", "'", "-", "\t=x"])
def test_harmless_and_plain_undo_each_other(cells):
    assert [sheets.plain(sheets.harmless(cell)) for cell in cells] == cells
    assert not any(sheets.harmless(cell).startswith(sheets.ACTIVE) for cell in cells)
