"""Lists in and out: nothing lost, all or nothing, each error with its row and column."""

import io
import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from agencies import exchange, sheets
from agencies.models import Agency, Membership, Official, Position, Tenure, User
from agencies.people_resources import OfficialResource, UserResource
from agencies.resources import AgencyResource, PositionResource
from agencies.roles import ADMINISTRATOR, REVIEWER
from tests.factories import (
    make_agency,
    make_membership,
    make_official,
    make_position,
    make_sub_district,
    make_tenure,
    make_user,
)
from tests.owner import as_owner

pytestmark = pytest.mark.django_db

READERS = {
    "agency": AgencyResource,
    "position": PositionResource,
    "official": OfficialResource,
    "user": UserResource,
}


@pytest.fixture
def admin(client):
    user = make_user("admin", username="admin.impor")
    client.force_login(user)
    return user


def url(model, what, *args):
    return reverse(f"admin:agencies_{model}_{what}", args=args)


def upload(client, model, rows, name="daftar.csv"):
    body = rows if isinstance(rows, bytes) else "\r\n".join(rows).encode()
    return client.post(url(model, "import"), {"file": SimpleUploadedFile(name, body)})


def confirm(client, model, answer):
    return client.post(url(model, "import"), {"token": answer.context["token"]}, follow=True)


def faults(answer):
    return [str(fault) for fault in answer.context["outcome"].faults]


def workbook(*rows):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    return sheets.saved(book)


def a_full_office():
    place = make_sub_district(code="32.75.99", name="Contoh Timur")
    make_agency(abbreviation="Kec. CT", name="Kecamatan Contoh", kind="kecamatan", sub_district=place)
    office = make_agency(
        abbreviation="=DINAS",
        name="+62 Dinas, \"kutip\" ; dan 'petik'",
        valid_from=date(2020, 1, 2),
        source="-",
    )
    position = make_position(
        title="@Kepala Contoh", agency=office, protocol_rank=7, short="'=1", show_nip=False
    )
    other = make_position(title="Asisten Contoh", category="asisten", protocol_rank=3)
    login = make_user(username="pejabat.contoh", email="p@contoh.example")
    person = make_official(name="O'Neil-Contoh", title_before="Dr.", user=login, phone="+62 21 123")
    make_tenure(position=position, official=person, starts_on=date(2020, 1, 1), ends_on=date(2020, 6, 30))
    make_tenure(position=position, official=person, starts_on=date(2021, 1, 1))
    make_tenure(position=other, official=person, capacity="plt")
    make_official(name="Tanpa Jabatan", nip=None, nip_absent_reason="bukan ASN", rank="")
    make_membership(user=make_user("reviewer", username="operator.contoh"), agency=office)


def everything():
    return {
        name: exchange.as_file("csv", reader, reader._meta.model.objects.order_by("pk"))
        for name, reader in READERS.items()
    }


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_c58_export_and_import_lose_nothing(client, admin, form):
    a_full_office()
    before = everything()
    files = {
        name: exchange.as_file(form, reader, reader._meta.model.objects.order_by("pk"))
        for name, reader in READERS.items()
    }
    Tenure.objects.all().delete()
    Official.objects.all().delete()
    Membership.objects.all().delete()
    Position.objects.all().delete()
    Agency.objects.all().delete()
    with as_owner():
        User.objects.exclude(pk=admin.pk).delete()
    for name in ("agency", "position", "user", "official"):  # later lists name rows of earlier ones
        answer = upload(client, name, files[name], f"{name}.{form}")
        assert answer.status_code == 200, faults(answer)
        confirm(client, name, answer)
    assert everything() == before
    assert not User.objects.get(username="operator.contoh").has_usable_password()


@pytest.mark.parametrize("name", sorted(READERS))
def test_reading_an_export_in_again_changes_nothing(client, admin, name):
    a_full_office()
    body = exchange.as_file("xlsx", READERS[name], READERS[name]._meta.model.objects.order_by("pk"))
    answer = upload(client, name, body, "lagi.xlsx")
    outcome = answer.context["outcome"]
    assert (outcome.added, outcome.changed, outcome.faults) == (0, 0, [])
    assert "token" not in answer.context  # nothing to save


def test_the_look_saves_nothing_and_names_what_would_change(client, admin):
    make_agency(abbreviation="Dinas A", name="Nama lama")
    answer = upload(
        client, "agency", ["singkatan,nama,jenis", "Dinas A,Nama baru,dinas", "Dinas B,Dinas Baru,Badan"]
    )
    assert answer.status_code == 200
    assert Agency.objects.get().name == "Nama lama"
    assert [(row.number, row.is_new) for row in answer.context["outcome"].rows] == [(2, False), (3, True)]
    assert "<del>Nama lama</del> → <ins>Nama baru</ins>" in answer.text
    saved = confirm(client, "agency", answer)
    assert "Impor selesai: 1 baru, 1 berubah, 0 tetap." in saved.text
    assert {agency.name: agency.kind for agency in Agency.objects.all()} == {
        "Nama baru": "dinas",
        "Dinas Baru": "badan",
    }
    record = Agency.objects.get(abbreviation="Dinas A").history.latest()
    assert (record.history_user, record.history_change_reason) == (admin, "Impor daftar.csv")


def test_a_confirmation_works_once_for_its_owner_and_its_list(client, admin):
    answer = upload(client, "agency", ["singkatan,nama,jenis", "Dinas A,Dinas Baru,dinas"])
    token = answer.context["token"]
    client.post(url("position", "import"), {"token": token})
    client.force_login(make_user("admin"))
    client.post(url("agency", "import"), {"token": token})
    assert not Agency.objects.exists()
    client.force_login(admin)
    confirm(client, "agency", answer)
    assert Agency.objects.count() == 1
    Agency.objects.all().delete()
    again = client.post(url("agency", "import"), {"token": token}, follow=True)
    assert "Pratinjau ini sudah tidak berlaku" in again.text
    assert not Agency.objects.exists()


def test_c58_five_thousand_rows_with_one_wrong_save_none(client, admin):
    good = [f"D{number},Dinas {number},dinas" for number in range(4999)]
    answer = upload(client, "agency", ["singkatan,nama,jenis", *good, "D5000,Dinas 5000,kerajaan"])
    assert answer.status_code == 422
    assert faults(answer) == [
        "Baris 5001, kolom jenis: “kerajaan” bukan pilihan. Tulis salah satu: setda, setwan, inspektorat, dinas, "
        "badan, satpol, rsud, kecamatan."
    ]
    assert not Agency.objects.exists()


def test_what_became_wrong_after_the_look_saves_nothing(client, admin):
    make_position(protocol_rank=1)
    agency = make_agency(abbreviation="Dinas A")
    head = "perangkat_daerah,jabatan,kelompok,urutan_protokol"
    answer = upload(
        client, "position", [head, "Dinas A,Kepala Satu,kepala,50", "Dinas A,Kepala Dua,kepala,51"]
    )
    make_position(agency=agency, title="Menyela", protocol_rank=51)
    refused = confirm(client, "position", answer)
    assert refused.status_code == 422
    assert faults(refused)[0].startswith("Baris 3, kolom urutan_protokol: ")
    assert not Position.objects.filter(title="Kepala Satu").exists()


AGENCY = "singkatan,nama,jenis"
POSITION = "perangkat_daerah,jabatan,kelompok,urutan_protokol"
OFFICIAL = "nip,nama,jenis_kelamin,alasan_tanpa_nip,jabatan"


@pytest.mark.parametrize(
    ("model", "rows", "said"),
    [
        ("agency", [AGENCY, "A,,dinas"], "Baris 2, kolom nama: wajib diisi."),
        ("agency", ["singkatan,nama", "A,B"], "Baris 1: kolom wajib belum ada: jenis."),
        ("agency", [f"{AGENCY},warna", "A,B,dinas,x"], "Baris 1: kolom tidak dikenal: warna."),
        ("agency", [f"{AGENCY},nama", "A,B,dinas,x"], "Baris 1: Setiap kolom harus bernama"),
        ("agency", [AGENCY, "A,B,dinas,x"], "Baris 2, kolom -: Ada isi di luar kolom yang bernama."),
        ("agency", [AGENCY], "Tidak ada baris data di bawah nama kolom."),
        ("agency", [f"{AGENCY},berlaku_sejak", "A,B,dinas,kemarin"], "“kemarin” bukan tanggal."),
        ("agency", [f"{AGENCY},kode_kecamatan", "A,B,dinas,1"], "Kecamatan “1” tidak ditemukan."),
        ("agency", [AGENCY, "", "", f"A,{'x' * 300},dinas"], "Baris 4, kolom nama: "),
        ("agency", [AGENCY, "A,B,kecamatan"], "Baris 2: Pilih kecamatan hanya untuk jenis Kecamatan"),
        ("position", [POSITION, "X,B,kepala,satu"], "kolom urutan_protokol: Tulis angka bulat"),
        ("official", [OFFICIAL, "123,A,L,,"], "Baris 2, kolom nip: NIP terdiri atas 18 angka."),
        ("official", [OFFICIAL, ",A,L,,"], "Baris 2: Isi NIP, atau tulis alasan mengapa tidak ada NIP."),
        ("official", [OFFICIAL, ",A,L,bukan ASN,Raja"], "kolom jabatan: Jabatan “Raja” tidak ditemukan."),
        ("user", ["nama_pengguna,aktif,peran", "a,ya,Raja"], "kolom peran: “Raja” tidak dikenal."),
        ("user", ["nama_pengguna,aktif,kantor", "a,ya,Istana"], "kolom kantor: “Istana” tidak dikenal."),
        ("user", ["nama_pengguna,aktif", "a b,mungkin"], "Baris 2, kolom aktif: Tulis ya atau tidak."),
    ],
)
def test_an_error_names_row_and_column(client, admin, model, rows, said):
    answer = upload(client, model, rows)
    assert answer.status_code == 422
    assert said in "\n".join(faults(answer))
    assert faults(answer)[0] in answer.text.replace("&quot;", '"')


def test_all_errors_of_a_file_are_told_at_once(client, admin):
    said = faults(upload(client, "agency", [AGENCY, "A,B,kerajaan", "B,,dinas", "C,D,badan", "E,,istana"]))
    assert [sentence[:22] for sentence in said] == [
        "Baris 2, kolom jenis: ",
        "Baris 3, kolom nama: w",
        "Baris 5, kolom nama: w",
        "Baris 5, kolom jenis: ",
    ]
    assert not Agency.objects.exists()


def test_nine_faults_of_one_row_are_told_in_one_round(client, admin):
    head = "nip,nama,jenis_kelamin,pangkat,pos_el,akun,jabatan,sebagai,mulai,sampai,nomor_surat,tanggal_surat"
    bad = "123,,X,XX,bukan-alamat,hantu,Raja,kepala,kemarin,lusa,,besok"
    said = faults(upload(client, "official", [head, bad, ",Ani,P,,,,,,,,,"]))
    columns = [sentence.split(":")[0].split("kolom ")[-1] for sentence in said if "Baris 2" in sentence]
    assert sorted(columns) == sorted(set(head.split(",")) - {"nomor_surat"})
    assert any(sentence.startswith("Baris 3: Isi NIP, atau tulis alasan") for sentence in said)


def test_rules_between_cells_are_told_with_the_faults_of_the_cells(client, admin):
    make_position(title="Kepala Contoh")
    head = "nip,nama,jenis_kelamin,jabatan,sebagai,mulai,sampai,nomor_surat,tanggal_surat"
    said = faults(upload(client, "official", [head, ",Ani,X,Kepala Contoh,plt,2026-01-02,2026-01-01,,"]))
    for part in (
        "jenis_kelamin: ",
        "Isi NIP, atau",
        "memerlukan nomor dan tanggal surat",
        "sebelum tanggal mulai",
    ):
        assert any(part in sentence for sentence in said), said
    said = faults(upload(client, "user", ["nama_pengguna,aktif,peran,kantor", "a b,x,Raja; Ratu,Istana"]))
    assert [sentence.split(":")[0].split("kolom ")[-1] for sentence in said] == [
        "aktif", "nama_pengguna", "peran", "peran", "kantor"
    ]  # fmt: skip


def test_every_missing_column_is_named_and_marked_in_the_table(client, admin):
    answer = upload(client, "official", ["pos_el", "a@contoh.example"])
    assert faults(answer) == ["Baris 1: kolom wajib belum ada: nip, nama, jenis_kelamin."]
    marked = re.findall(r"<code>(\w+)</code></th><td>wajib</td>", answer.text)
    assert marked == ["nip", "nama", "jenis_kelamin"]


def test_a_holder_is_appointed_by_the_rule_of_appointing(client, admin):
    before = make_tenure(position=make_position(title="Kepala Contoh"), starts_on=date(2020, 1, 1))
    head = "nip,nama,jenis_kelamin,alasan_tanpa_nip,jabatan,sebagai,mulai,sampai,nomor_surat,tanggal_surat"
    answer = upload(client, "official", [head, ",Budi,L,bukan ASN,Kepala Contoh,plt,2026-01-01,,,"])
    assert "Plt., Plh., dan Pj. memerlukan nomor dan tanggal surat dasar" in faults(answer)[0]
    row = ",Budi,L,bukan ASN,Kepala Contoh,Plt.,01/01/2026,2026-12-31,SP/1,2025-12-30"
    confirm(client, "official", upload(client, "official", [head, row]))
    before.refresh_from_db()
    assert before.ends_on == date(2025, 12, 31)
    tenure = Tenure.objects.get(official__name="Budi")
    assert (tenure.capacity, tenure.starts_on, tenure.basis_letter) == ("plt", date(2026, 1, 1), "SP/1")
    assert tenure.history.latest().history_user == admin


def test_two_rows_of_one_person_must_agree(client, admin):
    head = "nip,nama,jenis_kelamin"
    number = "197001011995032123"
    answer = upload(client, "official", [head, f"{number},Ani,P", f"{number},Ina,P"])
    assert "Orang ini sudah ada di baris lain dengan data berbeda" in faults(answer)[0]


def test_an_administrator_cannot_lock_the_office_out(client, admin):
    answer = upload(client, "user", ["nama_pengguna,aktif,peran", f"{admin.username},ya,{REVIEWER}"])
    assert "tidak dapat mencabut peran Administrator" in faults(answer)[0]
    answer = upload(client, "user", ["nama_pengguna,aktif,peran", f"{admin.username},tidak,{ADMINISTRATOR}"])
    assert answer.status_code == 422


def test_columns_left_out_stay_as_they_are(client, admin):
    membership = make_membership(user=make_user("reviewer", username="a", first_name="Ani"))
    confirm(client, "user", upload(client, "user", ["nama_pengguna,aktif", "a,tidak"]))
    user = User.objects.get(username="a")
    assert (user.is_active, user.first_name, user.has_usable_password()) == (False, "Ani", True)
    assert [group.name for group in user.groups.all()] == [REVIEWER]
    assert user.memberships.get() == membership


# --- Cells


def test_c58_formulas_are_refused_and_rounded_numbers_too(client, admin):
    body = workbook(
        ["nip", "nama", "jenis_kelamin"],
        [197001011995032123, '=HYPERLINK("http://x")', "L"],
        ["197001011995032123", "Ani", "P"],
    )
    answer = upload(client, "official", body, "x.xlsx")
    said = faults(answer)
    assert said[0].startswith("Baris 2, kolom nip: terbaca sebagai angka")
    assert said[1].startswith("Baris 2, kolom nama: berisi rumus")
    assert not Official.objects.exists()


def test_c58_a_formula_in_the_data_leaves_as_text(client, admin):
    make_agency(abbreviation="=1+1", name='=HYPERLINK("http://x")')
    csv_file = client.get(url("agency", "export", "csv"))
    assert b"'=1+1" in csv_file.content
    book = load_workbook(io.BytesIO(client.get(url("agency", "export", "xlsx")).content))
    assert {cell.data_type for row in book.active.iter_rows() for cell in row if cell.value} == {"s"}


@pytest.mark.parametrize(
    "text", ["singkatan;nama;jenis\nA;B, C;dinas", "\ufeffsingkatan\tnama\tjenis\nA\tB, C\tdinas"]
)
def test_the_csv_of_indonesian_excel_is_understood(client, admin, text):
    confirm(client, "agency", upload(client, "agency", text.encode()))
    assert Agency.objects.get().name == "B, C"


def test_days_and_numbers_typed_in_excel_are_understood(client, admin):
    make_agency(abbreviation="A")
    head = ["perangkat_daerah", "jabatan", "kelompok", "urutan_protokol", "berlaku_sejak", "cetak_nip"]
    body = workbook(head, ["A", "Kepala A", "kepala", 12.0, date(2024, 2, 29), False])
    confirm(client, "position", upload(client, "position", body, "x.xlsx"))
    position = Position.objects.get()
    assert (position.protocol_rank, position.valid_from, position.show_nip) == (12, date(2024, 2, 29), False)


@pytest.mark.parametrize(("typed", "shown"), [("YA", True), ("ya", True), ("tidak", False), ("", False)])
def test_the_sekda_shows_the_nip_only_when_a_row_says_so(client, admin, typed, shown):
    make_agency(abbreviation="A")
    head = ["perangkat_daerah", "jabatan", "kelompok", "urutan_protokol", "berlaku_sejak", "cetak_nip"]
    body = workbook(head, ["A", "Sekretaris Daerah", "sekda", 1, date(2024, 2, 29), typed])
    confirm(client, "position", upload(client, "position", body, "x.xlsx"))
    assert Position.objects.get().show_nip is shown


# --- Template and export


@pytest.mark.parametrize("name", sorted(READERS))
def test_the_template_explains_each_column_and_can_be_read_in(client, admin, name):
    body = client.get(url(name, "template")).content
    book = load_workbook(io.BytesIO(body))
    data, guide = book.worksheets
    headings = [cell.value for cell in data[1]]
    assert headings == READERS[name]().columns
    assert [row[0] for row in guide.iter_rows(min_row=2, values_only=True)] == headings
    assert data["A2"].number_format == "@"
    assert faults(upload(client, name, body, "templat.xlsx")) == ["Tidak ada baris data di bawah nama kolom."]


def test_the_export_follows_the_search_of_the_list(client, admin):
    make_agency(abbreviation="Disdik", name="Dinas Pendidikan")
    make_agency(abbreviation="Dinkes", name="Dinas Kesehatan")
    text = client.get(url("agency", "export", "csv"), {"q": "pendidikan"}).content.decode("utf-8-sig")
    assert [line.split(",")[0] for line in text.splitlines()] == ["singkatan", "Disdik"]


@pytest.mark.parametrize("rows", [10, 500])
@pytest.mark.parametrize(("name", "queries"), [("agency", 5), ("position", 6), ("official", 6), ("user", 9)])
def test_c60_an_export_costs_the_same_for_any_length(
    client, admin, rows, name, queries, django_assert_num_queries
):
    agency = make_agency()
    Position.objects.bulk_create(
        Position(agency=agency, title=f"Kepala {n}", category="kepala", protocol_rank=10**6 + n)
        for n in range(rows)
    )
    Agency.objects.bulk_create(Agency(abbreviation=f"D{n}", name="Dinas", kind="dinas") for n in range(rows))
    for n in range(0, rows, 25):
        make_tenure(official=make_official(user=make_user(username=f"u{n}")))
    # session, user, roles, the count of the list, the rows, what each names, and of users the filter's roles
    with django_assert_num_queries(queries):
        assert client.get(url(name, "export", "csv")).status_code == 200
