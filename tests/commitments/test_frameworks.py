"""What the assessment asks for is data: loaded again without harm, changed by people, in and out as a list."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse
from import_export import exceptions

from agencies import exchange, reference
from agencies.reference import Source
from commitments import frameworks
from commitments.focal_points import FocalPointResource
from commitments.frameworks import CriterionResource, FrameworkResource
from commitments.models import Criterion, FocalPoint, Framework, Verifier
from tests.factories import (
    make_action,
    make_agency,
    make_criterion,
    make_focal_point,
    make_framework,
    make_membership,
    make_user,
    make_verifier,
)
from tests.owner import as_owner

pytestmark = pytest.mark.django_db
READERS = {"framework": FrameworkResource, "criterion": CriterionResource}
EVIL = "<script>alert(1)</script>"


@pytest.fixture
def admin(client):
    user = make_user("admin")
    client.force_login(user)
    return user


def url(model, what, *args):
    return reverse(f"admin:commitments_{model}_{what}", args=args)


def upload(client, model, body, name="daftar.csv"):
    body = body if isinstance(body, bytes) else "\r\n".join(body).encode()
    return client.post(url(model, "import"), {"file": SimpleUploadedFile(name, body)})


def confirm(client, model, answer):
    return client.post(url(model, "import"), {"token": answer.context["token"]}, follow=True)


def faults(answer):
    return [str(fault) for fault in answer.context["outcome"].faults]


def everything(form="csv"):
    return {
        name: exchange.as_file(form, reader, reader._meta.model.objects.order_by("pk"))
        for name, reader in READERS.items()
    }


# --- What data/ brings


def test_the_frameworks_load_once_and_again():
    first = frameworks.load()
    assert {table: counts["added"] for table, counts in first.items()} == {
        "kerangka penilaian": 3,
        "kriteria": 20,
    }
    before = everything()
    again = frameworks.load()
    assert {counts["added"] + counts["changed"] for counts in again.values()} == {0}
    assert everything() == before
    assert {record.history.count() for record in [*Framework.objects.all(), *Criterion.objects.all()]} == {1}


def test_nothing_of_what_is_loaded_is_said_to_be_verified_or_to_weigh_anything():
    frameworks.load()
    assert set(Framework.objects.values_list("is_verified", "year")) == {(False, 2026)}
    assert set(Criterion.objects.values_list("weight", "needed")) == {(None, 1)}
    assert [framework.code for framework in Framework.objects.filter(source="")] == []
    inferred = Framework.objects.get(code="pelembagaan-2026")
    assert "dugaan, belum dicocokkan" in inferred.source
    evidence = Criterion.objects.exclude(evidence_needed="")
    assert {text[:16] for text in evidence.values_list("evidence_needed", flat=True)} == {"Praktik lazim, b"}


def test_the_criteria_stand_in_the_order_of_their_numbers():
    frameworks.load()
    numbers = {
        framework.code: [criterion.number for criterion in framework.criteria.all()]
        for framework in Framework.objects.all()
    }
    assert numbers == {
        "prasyarat-2026": list("1234567"),
        "pelembagaan-2026": list("12345678"),
        "arahan-2026": list("12345"),
    }


def test_an_edit_by_hand_survives_the_next_load(client, admin):
    frameworks.load()
    criterion = Criterion.objects.get(code="prasyarat-2026-2")
    data = {
        "framework": criterion.framework_id,
        "code": "kebijakan",
        "number": "3.2",
        "name": "Kebijakan daerah",
        "evidence_needed": "Perda\r\nPerwal",
        "needed": 2,
        "weight": "2.5",
        "order": 2,
    }
    assert client.post(url("criterion", "change", criterion.pk), data).status_code == 302
    Criterion.objects.filter(code="prasyarat-2026-3").update(name="Salah ketik")  # nobody's edit
    counts = frameworks.load()
    assert counts["kriteria"] == {"added": 0, "changed": 1, "unchanged": 19}
    criterion.refresh_from_db()
    assert (criterion.code, criterion.number, criterion.name) == ("kebijakan", "3.2", "Kebijakan daerah")
    assert (criterion.evidence_needed, criterion.needed) == ("Perda\nPerwal", 2)
    assert criterion.weight == Decimal("2.5")
    assert Criterion.objects.get(code="prasyarat-2026-3").name == "Kelembagaan"


def test_a_weight_stays_whoever_wrote_it():
    frameworks.load()
    Criterion.objects.filter(code="prasyarat-2026-1").update(weight=4)
    frameworks.load()
    assert Criterion.objects.get(code="prasyarat-2026-1").weight == 4


def test_a_list_with_a_fault_loads_nothing(tmp_path):
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_text("kode,nama,tahun\na-2026,A,2026\n")
    bad.write_text("kerangka,kode,nomor,nama\nlain,a-2026-1,1,A\n")
    tables = {"a": Source(str(good), FrameworkResource), "b": Source(str(bad), CriterionResource)}
    with pytest.raises(exceptions.ImportError, match="Kerangka penilaian “lain” tidak ditemukan"):
        reference.load(tables)
    assert not Framework.objects.exists()


def test_one_command_loads_every_reference_list(capsys):
    call_command("load_reference")
    lines = capsys.readouterr().out.splitlines()
    assert [line.partition(":")[0] for line in lines] == [
        "kecamatan", "kelurahan", "perangkat daerah", "jabatan", "kerangka penilaian", "kriteria"
    ]  # fmt: skip
    assert lines[-1] == "kriteria: 20 ditambah, 0 diubah, 0 tetap"


# --- In and out


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_c58_export_and_import_lose_nothing(client, admin, form):
    framework = make_framework(
        code="contoh-2026", name='=HYPERLINK("http://x")', source="-, sumber", is_verified=True, in_use=False
    )
    make_criterion(
        framework=framework, code="contoh-1", number="3.2", name="@Komitmen; \"kutip\" dan 'petik'",
        evidence_needed="=1+1\nbaris kedua\n\n+62", needed=12, weight="0.125", order=9,
    )  # fmt: skip
    make_criterion(framework=framework, weight="1000", order=0)
    make_criterion(framework=make_framework())
    before, files = everything(), everything(form)
    with as_owner():  # the application puts a framework out of use, and deletes none
        Criterion.objects.all().delete()
        Framework.objects.all().delete()
    for name in READERS:
        answer = upload(client, name, files[name], f"{name}.{form}")
        assert answer.status_code == 200, faults(answer)
        confirm(client, name, answer)
    assert everything() == before
    for name in READERS:
        outcome = upload(client, name, files[name], f"{name}.{form}").context["outcome"]
        assert (outcome.added, outcome.changed, outcome.faults) == (0, 0, [])


@pytest.mark.parametrize("name", sorted(READERS))
def test_the_template_explains_each_column(client, admin, name):
    reader = READERS[name]
    assert set(reader.guide) == set(reader().columns)
    body = client.get(url(name, "template")).content
    assert faults(upload(client, name, body, "templat.xlsx")) == ["Tidak ada baris data di bawah nama kolom."]


FRAMEWORK = "kode,nama,tahun"
CRITERION = "kerangka,kode,nomor,nama"


@pytest.mark.parametrize(
    ("model", "rows", "said"),
    [
        ("framework", [FRAMEWORK, "a,A,2026", "b,,2026"], "Baris 3, kolom nama: wajib diisi."),
        ("framework", [FRAMEWORK, "a,A,dua ribu"], "Baris 2, kolom tahun: Tulis angka bulat"),
        ("framework", [FRAMEWORK, "a,A,26"], "Baris 2: Tulis tahun dengan empat angka, misalnya 2026."),
        ("framework", [FRAMEWORK, "a b,A,2026"], "Baris 2, kolom kode: "),
        (
            "framework",
            [f"{FRAMEWORK},dipakai", "a,A,2026,mungkin"],
            "Baris 2, kolom dipakai: Tulis ya atau tidak.",
        ),
        ("framework", ["kode,nama", "a,A"], "Baris 1: kolom wajib belum ada: tahun."),
        (
            "criterion",
            [CRITERION, "k,k-1,1,A", "x,k-2,2,B"],
            "Baris 3, kolom kerangka: Kerangka penilaian “x” tidak ditemukan.",
        ),
        (
            "criterion",
            [f"{CRITERION},bobot", "k,k-1,1,A,berat"],
            "Baris 2, kolom bobot: Tulis angka, misalnya 2,5.",
        ),
        ("criterion", [f"{CRITERION},bobot", "k,k-1,1,A,123456"], "Baris 2, kolom bobot: "),
        (
            "criterion",
            [f"{CRITERION},jumlah_bukti", "k,k-1,1,A,0"],
            "Baris 2: Tulis jumlah bukti dari 1 sampai 100.",
        ),
        (
            "criterion",
            [CRITERION, "k,k-1,1,A", "k,k-2,1,B"],
            "Baris 3: Nomor ini sudah ada pada kerangka itu.",
        ),
    ],
)
def test_c58_an_error_names_row_and_column_and_nothing_is_saved(client, admin, model, rows, said):
    make_framework(code="k")
    answer = upload(client, model, rows)
    assert answer.status_code == 422
    assert said in "\n".join(faults(answer))
    assert (Framework.objects.count(), Criterion.objects.count()) == (1, 0)


def test_empty_cells_give_the_defaults_and_change_nothing(client, admin):
    framework = make_framework(code="k", is_verified=True, in_use=False)
    head = f"{FRAMEWORK},sudah_dicocokkan,dipakai"
    confirm(client, "framework", upload(client, "framework", [head, "k,Nama baru,2026,,", "b,B,2027,,"]))
    framework.refresh_from_db()
    assert (framework.name, framework.is_verified, framework.in_use) == ("Nama baru", True, False)
    new = Framework.objects.get(code="b")
    assert (new.is_verified, new.in_use) == (False, True)
    rows = [f"{CRITERION},jumlah_bukti,bobot,urutan", "k,k-1,1,A,,,"]
    confirm(client, "criterion", upload(client, "criterion", rows))
    assert Criterion.objects.values_list("needed", "weight", "order").get() == (1, None, 0)


# --- The admin


def test_c61_markup_in_names_stays_text(client, admin):
    criterion = make_criterion(framework=make_framework(name=EVIL), name=EVIL, evidence_needed=EVIL)
    rows = {
        "framework": criterion.framework,
        "criterion": criterion,
        "verifier": make_verifier(user=make_user(first_name=EVIL)),
        "focalpoint": make_focal_point(name=EVIL),
    }
    for model, row in rows.items():
        for page in (url(model, "changelist"), url(model, "change", row.pk), url(model, "history", row.pk)):
            text = client.get(page).text
            assert EVIL not in text, page
        assert "&lt;script&gt;" in client.get(url(model, "changelist")).text


def test_a_framework_is_found_without_regard_to_spaces(client, admin):
    make_framework(code="prasyarat-2026", name="Tujuh Prasyarat PUG")
    make_framework(code="lain-2026", name="Lima arahan")
    text = client.get(url("framework", "changelist"), {"q": "tujuhprasyarat"}).text
    assert "Tujuh Prasyarat PUG" in text
    assert "Lima arahan" not in text


def test_a_framework_is_put_out_of_use_never_deleted(client, admin):
    framework = make_framework()
    assert client.post(url("framework", "delete", framework.pk), {"post": "yes"}).status_code == 403
    assert Framework.objects.get() == framework


def test_a_criterion_that_an_action_names_stays(client, admin):
    named, other = make_criterion(), make_criterion()
    action = make_action(named)
    page = client.get(url("criterion", "delete", named.pk))
    assert action.title in page.text
    for criterion in (named, other):
        client.post(url("criterion", "delete", criterion.pk), {"post": "yes"})
    assert list(Criterion.objects.all()) == [named]
    assert list(action.criteria.all()) == [named]


def test_nobody_verifies_an_office_they_work_for(client, admin):
    membership = make_membership()
    own, other = membership.agency, make_membership().agency
    answer = client.post(url("verifier", "add"), {"user": membership.user_id, "agency": own.pk})
    assert "bekerja untuk kantor ini. Pilih pemeriksa dari kantor lain." in answer.text
    assert not Verifier.objects.exists()
    client.post(url("verifier", "add"), {"user": membership.user_id, "agency": other.pk})
    again = client.post(url("verifier", "add"), {"user": membership.user_id, "agency": other.pk})
    assert "Pengguna ini sudah menjadi pemeriksa kantor itu." in again.text
    assert Verifier.objects.get().agency == other


def test_a_focal_point_is_written_by_hand(client, admin):
    point = make_focal_point()
    data = {
        "agency": point.agency_id,
        "kind": "pokja",
        "name": "Focal Baru",
        "sex": "L",
        "decree_number": "SK/2",
        "decree_date": "2026-02-01",
        "expires_on": "2026-01-01",
    }
    answer = client.post(url("focalpoint", "change", point.pk), data)
    assert "SK tidak dapat berakhir sebelum tanggalnya." in answer.text
    assert client.post(url("focalpoint", "change", point.pk), data | {"expires_on": ""}).status_code == 302
    assert FocalPoint.objects.values_list("kind", "name", "expires_on").get() == ("pokja", "Focal Baru", None)


# --- The register of focal points


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_c58_the_register_leaves_and_comes_back_whole(client, admin, form):
    office = make_agency(abbreviation="=DINAS")
    first = make_focal_point(agency=office, name="+Focal", decree_number="-1/SK")
    make_focal_point(
        agency=office, name="+Focal", decree_number="2/SK", kind="pokja", trained_on=date(2026, 3, 1)
    )
    make_focal_point(expires_on=date(2027, 1, 1), sex="L")
    rows = FocalPoint.objects.order_by("pk")
    before, file = (
        exchange.as_file("csv", FocalPointResource, rows),
        exchange.as_file(form, FocalPointResource, rows),
    )
    outcome = upload(client, "focalpoint", file, f"register.{form}").context["outcome"]
    assert (outcome.added, outcome.changed, outcome.faults) == (0, 0, [])
    first.delete()
    confirm(client, "focalpoint", upload(client, "focalpoint", file, f"register.{form}"))
    assert sorted(exchange.as_file("csv", FocalPointResource, rows).splitlines()) == sorted(
        before.splitlines()
    )


def test_c58_faults_of_the_register_are_told_together_and_nothing_is_saved(client, admin):
    make_agency(abbreviation="Dinas A")
    head = "perangkat_daerah,peran,nama,jenis_kelamin,nomor_sk,tanggal_sk,berlaku_sampai"
    rows = [
        "Dinas A,pokja,Ani,P,1/SK,2026-01-05,",
        "Dinas Z,raja,Budi,X,1/SK,kemarin,",
        "Dinas A,focal_point,Cici,P,1/SK,2026-01-05,2026-01-04",
    ]
    said = faults(upload(client, "focalpoint", [head, *rows]))
    assert [sentence.partition(": ")[0] for sentence in said] == [
        "Baris 3, kolom perangkat_daerah",
        "Baris 3, kolom peran",
        "Baris 3, kolom jenis_kelamin",
        "Baris 3, kolom tanggal_sk",
        "Baris 4",
    ]
    assert not FocalPoint.objects.exists()
