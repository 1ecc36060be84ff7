"""Matrix and queue as XLSX and CSV: the same facts as on the screen, harmless, without NIP."""

import csv
import io

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from commitments import dates
from commitments.models import Signatory
from tests.factories import (
    make_declaration,
    make_official,
    make_position,
    make_signature,
    make_tenure,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def reviewer(client):
    user = make_user("reviewer")
    client.force_login(user)
    return user


def get(client, name, *args, **query):
    return client.get(reverse(f"commitments:{name}", args=args), query)


def csv_rows(answer):
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def xlsx_rows(answer):
    heading, *rows = load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True)
    return [
        {name: "" if value is None else str(value) for name, value in zip(heading, row, strict=True)}
        for row in rows
    ]


def test_both_forms_of_the_matrix_say_the_same_in_protocol_order(client, reviewer):
    declaration = make_declaration(
        positions=[make_tenure().position, make_tenure().position, make_position()]
    )
    make_signature(declaration.signatories.in_protocol_order()[0], state="returned")
    rows = csv_rows(get(client, "matrix_sheet", declaration.pk, "csv"))
    assert rows == xlsx_rows(get(client, "matrix_sheet", declaration.pk, "xlsx"))
    slots = list(declaration.signatories.for_matrix())
    assert [row["Jabatan"] for row in rows] == [slot.position.title for slot in slots]
    assert [row["Keadaan"] for row in rows] == ["Dikembalikan", "Menunggu", "Menunggu"]
    assert rows[0]["Alasan"] == "Goresan tidak terbaca."
    assert rows[0]["Nomor bukti"] == slots[0].current_signature.printed_number
    assert (rows[2]["Pejabat"], rows[2]["Sebagai"]) == ("", "")  # vacant


def test_c28_a_sheet_tells_the_instant_as_the_screen_does(client, reviewer):
    declaration = make_declaration()
    signature = make_signature(declaration.signatories.get())
    (row,) = csv_rows(get(client, "matrix_sheet", declaration.pk, "csv"))
    said = dates.moment(signature.signed_at)
    assert said.endswith(" WIB")
    assert row["Ditandatangani"] == said
    assert row["Waktu (ISO 8601)"].endswith("+07:00")
    assert said in get(client, "matrix", declaration.pk).text
    assert csv_rows(get(client, "queue_sheet", "csv"))[0]["Ditandatangani"] == said


def test_the_sheet_is_filtered_like_the_page(client, reviewer):
    declaration = make_declaration(slots=3)
    make_signature(declaration.signatories.in_protocol_order()[1])
    (row,) = csv_rows(get(client, "matrix_sheet", declaration.pk, "csv", keadaan="signed"))
    assert row["No."] == "2"  # its place in the protocol, not in the filter
    page = get(client, "matrix", declaration.pk, keadaan="signed").text
    assert f"{reverse('commitments:matrix_sheet', args=[declaration.pk, 'xlsx'])}?keadaan=signed" in page


@pytest.mark.parametrize(
    "evil", ['=HYPERLINK("http://x";"klik")', "+62 21", "-1+2", "@SUM(A1)", "\tx", "'=1"]
)
def test_c58_what_looks_like_a_formula_stays_text(client, reviewer, evil):
    position = make_tenure(official=make_official(name=f"{evil} Contoh")).position
    declaration = make_declaration(positions=[position])
    answer = get(client, "matrix_sheet", declaration.pk, "xlsx")
    cells = [cell for row in load_workbook(io.BytesIO(answer.content)).active.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells if cell.value is not None} <= {"s", "n"}
    name = Signatory.objects.get().holder.full_name
    assert name in {cell.value for cell in cells}
    (row,) = csv_rows(get(client, "matrix_sheet", declaration.pk, "csv"))
    assert row["Pejabat"] == f"'{name}"


def test_no_sheet_carries_a_nip(client, reviewer):
    declaration = make_declaration()
    signature = make_signature(declaration.signatories.get())
    assert signature.nip
    for answer in (get(client, "matrix_sheet", declaration.pk, "csv"), get(client, "queue_sheet", "csv")):
        assert signature.nip not in answer.text
        assert answer["Cache-Control"] == "no-store"
        assert answer["Content-Disposition"].startswith("attachment; ")


@pytest.mark.parametrize("rows", [1, 3, 75])
def test_c60_the_sheets_cost_the_same_for_any_length(client, reviewer, rows, django_assert_num_queries):
    declaration = make_declaration(slots=rows)
    make_signature(declaration.signatories.first(), state="accepted")
    for slot in make_declaration(slots=rows).signatories.all()[:3]:
        make_signature(slot)
    # session, user, roles, the declaration, its slots, their holders, the reviews and their reviewers
    with django_assert_num_queries(8):
        get(client, "matrix_sheet", declaration.pk, "csv")
    with django_assert_num_queries(4):  # session, user, roles, the queue
        get(client, "queue_sheet", "csv")
