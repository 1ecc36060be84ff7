"""A backup is one file; a restore believes nothing in it, and ends with every hash."""

import io
import json
import os
import re
import sqlite3
import subprocess
import sys
import tarfile
from contextlib import closing
from pathlib import Path
from urllib.parse import quote
from uuid import uuid4

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from commitments.documents import stored
from commitments.management import archive, dump
from commitments.management.commands import restore as restoring
from commitments.models import Document, LedgerHead, OutgoingMail
from commitments.printing import verbs as printing
from commitments.publishing import verbs as publishing
from tests.factories import make_declaration, make_signature, make_user

ROOT = Path(__file__).resolve().parents[2]
ABOUT = {"version": "1", "vendor": "sqlite", "migrations": [], "heads": {}, "made_at": "2026-11-25"}


def closed_with_final():
    declaration = make_declaration(slots=1)
    make_signature(declaration.signatories.get(), state="accepted")
    publishing.close(declaration, by=declaration.created_by)
    return printing.issue_final(declaration, by=make_user("admin"))


def backup(folder) -> Path:
    call_command("backup", folder, stdout=io.StringIO())
    (made,) = folder.iterdir()
    return made


class Machine:
    """An empty installation: a database and a DATA_DIR of its own."""

    def __init__(self, data: Path, url: str):
        self.data, self.url = data, url

    def restore(self, file: Path) -> subprocess.CompletedProcess:
        environment = os.environ | {"DATA_DIR": str(self.data), "DATABASE_URL": self.url}
        command = [sys.executable, "manage.py", "restore", str(file)]
        return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=600)

    def rows(self, sql: str) -> list:
        if self.url:
            with psycopg.connect(self.url) as link:
                return link.execute(sql).fetchall()
        with closing(sqlite3.connect(self.data / "db.sqlite3")) as link:
            dump.teach_regexp(link)
            return link.execute(sql).fetchall()


@pytest.fixture
def machine(tmp_path):
    data = tmp_path / "lain"
    data.mkdir()
    if connection.vendor == "sqlite":
        yield Machine(data, "")
        return
    known, name = connection.settings_dict, f"pug_{uuid4().hex}"
    who = f"{quote(known['USER'])}:{quote(known['PASSWORD'])}@"
    at = f"/{{}}?host={quote(known['HOST'])}" if known["HOST"].startswith("/") else f"{known['HOST']}/{{}}"
    url = f"postgresql://{who}{at}"
    with psycopg.connect(url.format("postgres"), autocommit=True) as link:
        link.execute(f"CREATE DATABASE {name}")
        yield Machine(data, url.format(name))
        link.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.mark.django_db(transaction=True)
def test_c63_a_backup_restored_on_an_empty_machine_verifies(tmp_path, client, machine):
    document = closed_with_final()
    client.force_login(make_user())
    OutgoingMail.objects.update(state="waiting")
    file = backup(tmp_path / "cadangan")
    assert file.stat().st_mode & 0o777 == 0o600

    done = machine.restore(file)

    assert done.returncode == 0
    assert re.findall(r"commitments\.\w+", done.stderr) == [
        "commitments.W001"
    ]  # seal keys are not in a backup
    assert "Semua sidik dan seluruh riwayat cocok" in done.stdout
    heads = LedgerHead.objects.values_list("declaration_id", "sequence", "hash")
    assert machine.rows("SELECT declaration_id, sequence, hash FROM commitments_ledgerhead") == list(heads)
    restored = machine.data / "files" / document.file.name
    assert restored.read_bytes() == stored.content_of(document)
    assert restored.stat().st_mode & 0o777 == 0o600
    assert machine.rows("SELECT DISTINCT state FROM commitments_outgoingmail") == [("stuck",)]
    assert machine.rows("SELECT count(*) FROM django_session") == [(0,)]

    again = machine.restore(file)
    assert again.returncode == 1
    assert "Basis data tujuan tidak kosong" in again.stderr


@pytest.mark.django_db(transaction=True)
def test_c63_the_fences_stand_again_after_a_restore(tmp_path, machine):
    make_signature()
    assert machine.restore(backup(tmp_path / "cadangan")).returncode == 0
    with pytest.raises((sqlite3.Error, psycopg.Error), match="append-only"):
        machine.rows("DELETE FROM commitments_ledgerentry")


@pytest.mark.django_db(transaction=True)
def test_c63_what_a_clever_backup_has_changed_is_named_after_the_restore(tmp_path, machine):
    """Manifest and members fit each other, but not the history."""
    document = closed_with_final()
    head = LedgerHead.objects.get()
    manifest = archive.unpack(backup(tmp_path / "cadangan"), tmp_path / "isi")
    file = tmp_path / "isi/files" / document.file.name
    file.write_bytes(file.read_bytes()[:-1] + b"x")
    manifest["heads"][str(head.pk)] = [head.sequence + 1, "0" * 64]
    archive.pack(tmp_path / "isi", tmp_path / "lain.tar", manifest)

    done = machine.restore(tmp_path / "lain.tar")

    assert done.returncode == 1
    assert done.stdout.splitlines() == [
        f"dokumen {document.pk}, berkas {document.file.name}: isi tidak cocok dengan sidiknya",
        f"deklarasi {head.pk}: ujung riwayat tidak sama dengan yang dicatat cadangan",
        "Dipulihkan, tetapi 2 hal tidak cocok. Jangan dipakai sebelum jelas.",
    ]


@pytest.mark.django_db(transaction=True)
def test_a_backup_on_a_machine_with_a_damaged_file_is_kept_and_says_so(tmp_path):
    document = closed_with_final()
    Path(document.file.path).unlink()
    out = io.StringIO()
    with pytest.raises(SystemExit) as stop:
        call_command("backup", tmp_path / "cadangan", stdout=out)
    assert stop.value.code == 1
    assert f"berkas {document.file.name}: hilang" in out.getvalue()
    assert len(list((tmp_path / "cadangan").glob("komitmen-pug-*.tar"))) == 1


@pytest.mark.postgresql  # SQLite is copied by this process itself
@pytest.mark.django_db(transaction=True)
def test_a_dump_that_fails_leaves_nothing_and_says_why(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(CommandError, match="pg_dump belum terpasang"):
        call_command("backup", tmp_path / "cadangan")
    assert list((tmp_path / "cadangan").iterdir()) == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (lambda path: path.unlink(), "hilang atau tidak terbaca"),
        (lambda path: path.write_bytes(path.read_bytes()[:-1]), "byte, tercatat"),
        (lambda path: path.write_bytes(path.read_bytes()[:-1] + b"x"), "isi tidak cocok dengan sidiknya"),
    ],
)
def test_check_files_names_each_file_that_is_not_what_was_issued(damage, told):
    document = closed_with_final()
    assert stored.stored_files_faults() == []
    damage(Path(document.file.path))
    out = io.StringIO()
    with pytest.raises(SystemExit) as stop:
        call_command("check_files", stdout=out)
    assert stop.value.code == 1
    assert f"dokumen {document.pk}, berkas {document.file.name}:" in out.getvalue()
    assert told in out.getvalue()


@pytest.mark.django_db
def test_a_file_that_no_document_speaks_of_is_told_and_harmless():
    document = closed_with_final()
    Path(document.file.path).with_name("sisa.pdf").write_bytes(b"x")
    out = io.StringIO()
    call_command("check_files", stdout=out)
    assert "documents/sisa.pdf: tidak disebut dokumen atau bukti mana pun" in out.getvalue()
    assert "Semua berkas utuh." in out.getvalue()


@pytest.mark.django_db
def test_only_an_empty_target_is_restored_to(tmp_path, settings):
    make_user()
    with pytest.raises(CommandError, match="Basis data tujuan tidak kosong"):
        call_command("restore", tmp_path / "x.tar")
    assert Document.objects.count() == 0


def test_a_target_with_files_is_not_restored_to(tmp_path, settings, monkeypatch):
    monkeypatch.setattr(dump, "is_empty", lambda: True)
    settings.MEDIA_ROOT = tmp_path
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents/naskah.pdf").write_bytes(b"x")
    with pytest.raises(CommandError, match="sudah berisi berkas"):
        restoring.refuse_used_target()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"vendor": "mysql"}, "Cadangan ini dari mysql"),
        ({"migrations": ["commitments.9999_nanti"]}, "migrasi lain"),
    ],
)
def test_a_backup_of_another_kind_is_refused(change, told):
    with pytest.raises(archive.ArchiveError, match=told):
        restoring.refuse_other_kind(ABOUT | {"vendor": connection.vendor} | change)


# --- The file itself


@pytest.fixture
def packed(tmp_path):
    """A folder with a database and two files, and the backup of it."""
    folder = tmp_path / "isi"
    (folder / "files/documents").mkdir(parents=True)
    (folder / "database").write_bytes(b"basis data")
    (folder / "files/documents/satu.pdf").write_bytes(b"satu" * 1000)
    (folder / "files/documents/dua.pdf").write_bytes(b"dua" * 1000)
    archive.pack(folder, tmp_path / "c.tar", ABOUT)
    return tmp_path / "c.tar"


def rewritten(source: Path, change) -> Path:
    """The backup with its members changed: change(name, content) gives [(TarInfo, content)] in its place."""
    target = source.with_name("diubah.tar")
    with tarfile.open(source) as old, tarfile.open(target, "w") as new:
        for info in old.getmembers():
            for name, content in change(info.name, old.extractfile(info).read()):
                entry = tarfile.TarInfo(name) if isinstance(name, str) else name
                entry.size = len(content)
                new.addfile(entry, io.BytesIO(content))
    return target


def refusal(file: Path) -> list[str]:
    with pytest.raises(archive.ArchiveError) as told:
        archive.unpack(file, file.parent / "keluar")
    return str(told.value).splitlines()


def test_what_is_packed_comes_out_the_same(packed, tmp_path):
    manifest = archive.unpack(packed, tmp_path / "keluar")
    assert {name: manifest[name] for name in ABOUT} == ABOUT
    for name in manifest["members"]:
        assert (tmp_path / "keluar" / name).read_bytes() == (tmp_path / "isi" / name).read_bytes()


def test_a_changed_member_is_named(packed):
    def change(name, content):
        return [(name, content.replace(b"duadua", b"Duadua", 1))]

    assert refusal(rewritten(packed, change)) == [
        "files/documents/dua.pdf: isi tidak cocok dengan sidik di manifes"
    ]


def test_a_shortened_and_a_missing_member_are_named(packed):
    def change(name, content):
        return [] if name == "database" else [(name, content[:-1] if "satu" in name else content)]

    assert refusal(rewritten(packed, change)) == [
        "files/documents/satu.pdf: ukuran atau jenisnya tidak cocok dengan manifes",
        "database: hilang atau terpotong",
    ]


def test_a_member_that_comes_twice_or_unannounced_is_named(packed):
    def change(name, content):
        return [(name, content)] + ([(name, content), ("files/lain", b"x")] if name == "database" else [])

    told = "tidak disebut manifes, atau disebut dua kali"
    assert refusal(rewritten(packed, change)) == [f"database: {told}", f"files/lain: {told}"]


def test_a_link_in_the_place_of_a_file_is_not_followed(packed, tmp_path):
    def change(name, content):
        if "satu" not in name:
            return [(name, content)]
        link = tarfile.TarInfo(name)
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        return [(link, b"")]

    assert refusal(rewritten(packed, change)) == [
        "files/documents/satu.pdf: ukuran atau jenisnya tidak cocok dengan manifes"
    ]
    assert not (tmp_path / "keluar/files/documents/satu.pdf").is_symlink()


@pytest.mark.parametrize("cut", [0, 100, 700, 2_000, 4_500, 7_000])
def test_a_backup_that_is_cut_short_is_told(packed, cut):
    packed.write_bytes(packed.read_bytes()[:cut])
    assert all("terpotong" in line or line.startswith("manifest.json") for line in refusal(packed))


@pytest.mark.parametrize(
    "name",
    ["../keluar", "/etc/passwd", "files/../../x", "files/./x", "files\\x", "files", "lain/x", "files/a\0"],
)
def test_a_name_that_leaves_the_folder_is_refused(packed, tmp_path, name):
    def change(member, content):
        if member != archive.MANIFEST:
            return [(member, content)]
        manifest = json.loads(content)
        manifest["members"][name] = {
            "size": 1,
            "sha256": "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881",
        }
        return [(member, json.dumps(manifest).encode()), (name, b"x")]

    before = sorted(tmp_path.rglob("*"))
    assert refusal(rewritten(packed, change)) == [
        "manifest.json: tidak ada, tidak terbaca, atau menyebut nama yang tidak sah"
    ]
    assert [path.name for path in sorted(tmp_path.rglob("*")) if path not in before] == ["diubah.tar"]


@pytest.mark.parametrize(
    "manifest",
    [b"", b"null", b"[]", b"{}", b"\xff", b"[" * 100_000, b'{"format": 1, "members": {}}', b'{"format": 2}'],
)
def test_an_unreadable_manifest_is_told(packed, manifest):
    def change(member, content):
        return [(member, manifest if member == archive.MANIFEST else content)]

    assert refusal(rewritten(packed, change))[0].startswith("manifest.json: tidak ada")


def test_any_other_file_is_no_backup(tmp_path):
    (tmp_path / "x.tar").write_bytes(os.urandom(5000))
    assert refusal(tmp_path / "x.tar") == ["x.tar: bukan berkas cadangan, atau terpotong"]
    assert refusal(tmp_path / "tidak-ada.tar") == ["tidak-ada.tar: No such file or directory"]


def test_packing_that_fails_leaves_no_file(packed, tmp_path):
    (tmp_path / "tujuan").mkdir()
    with pytest.raises(TypeError):
        archive.pack(tmp_path / "isi", tmp_path / "tujuan/c.tar", {"heads": object()})
    assert list((tmp_path / "tujuan").iterdir()) == []
