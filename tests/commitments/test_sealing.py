"""The seal: its key, its state, and what a stranger reads in a sealed paper."""

import io
import json
import re
import shutil
import stat
import subprocess
from datetime import timedelta
from pathlib import Path
from time import perf_counter

import pikepdf
import pytest
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.core.checks import run_checks
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import SignatureCoverageLevel, validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from commitments import dates, evidence
from commitments.documents import declaration as papers
from commitments.documents import key_making, keys, receipt, render, seal, wet_ink
from commitments.documents.stored import content_of
from commitments.models import Document
from commitments.printing import jobs, verbs
from commitments.publishing import verbs as publishing
from tests.conftest import PASSPHRASE
from tests.factories import make_declaration, make_signature, make_user
from tests.timestamps import NONSENSE, timestamping

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def paper():
    """A small paper with everything that a seal has to leave alone."""
    html = (
        '<html lang="id"><head><title>Uji</title></head><body><h1>Uji</h1><p>Satu halaman.</p></body></html>'
    )
    return render.to_pdf(html, styles=["paper.css", "f4.css"], images={}).content


def closed():
    declaration = make_declaration(slots=1)
    make_signature(declaration.signatories.get(), state="accepted")
    publishing.close(declaration, by=declaration.created_by)
    return declaration


def verdict(content, roots=None, timestamp_roots=()):
    """As a stranger with these root certificates sees it; nothing is fetched."""

    def trusting(certificates):
        ders = [certificate.public_bytes(serialization.Encoding.DER) for certificate in certificates]
        return ValidationContext(trust_roots=[asn1_x509.Certificate.load(der) for der in ders])

    (embedded,) = PdfFileReader(io.BytesIO(content)).embedded_signatures
    roots = trusted_roots() if roots is None else roots
    return validate_pdf_signature(embedded, trusting(roots), trusting(timestamp_roots))


def trusted_roots():
    """The top of every chain that seals or has sealed here."""
    files = [keys.folder() / "seal.pem", *sorted((keys.folder() / "trusted").glob("*.pem"))]
    return [x509.load_pem_x509_certificates(file.read_bytes())[-1] for file in files if file.exists()]


# --- the sealed paper


@pytest.mark.django_db
def test_a_final_is_sealed_whole_with_its_evidence_inside(tmp_path):
    declaration = closed()
    before = evidence.public_bytes(declaration)
    document = verbs.issue_final(declaration, by=make_user("admin"))
    content = content_of(document)

    status = verdict(content)
    assert (status.intact, status.valid, status.trusted) == (True, True, True)
    assert status.coverage == SignatureCoverageLevel.ENTIRE_FILE
    assert status.docmdp_ok
    assert (document.seal_level, document.seal_fingerprint) == ("b-b", keys.read().fingerprint)
    assert abs(document.sealed_at - dates.now()) < timedelta(minutes=1)
    assert document.timestamped_at is None

    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert pdf.attachments["bukti.json"].get_file().read_bytes() == before
        (file,) = pdf.Root.AF
        assert (file.AFRelationship, file.EF.F.Subtype) == ("/Data", "/application/json")
        (field,) = pdf.Root.AcroForm.Fields
        assert field.V.SubFilter == "/ETSI.CAdES.detached"
        assert field.V.Reference[0].TransformParams.P == 1  # certified: no changes at all
        assert [float(side) for side in field.Rect] == [0, 0, 0, 0]
    # The head that the file carries is the one before its own entry.
    head = {"sequence": document.head_sequence, "hash": document.head_hash}
    assert json.loads(before)["head"] == head
    assert declaration.ledger.get(kind="document_issued").previous_hash == document.head_hash

    file = tmp_path / "final.pdf"
    file.write_bytes(content)
    told = subprocess.run(["pdfsig", "-nocert", file], capture_output=True, text=True, check=True).stdout
    assert "Total document signed" in told
    assert "Signature is Valid" in told
    text = subprocess.run(["pdftotext", file, "-"], capture_output=True, text=True, check=True).stdout
    assert "bersegel instansi, tidak diterbitkan PSrE" in " ".join(text.split())


@pytest.mark.django_db
def test_a_paper_without_its_seal_is_the_same_every_time():
    declaration = closed()
    values = {"final": True, "page_size": "f4", "evidence": evidence.public_bytes(declaration)}
    assert papers.declaration_pdf(declaration, **values) == papers.declaration_pdf(declaration, **values)


def test_whatever_is_added_after_the_seal_shows(paper):
    content = seal.seal(paper, timestamped=False).content
    writer = IncrementalPdfFileWriter(io.BytesIO(content))
    writer.root["/Lang"] = writer.root["/Lang"]
    writer.update_root()
    changed = io.BytesIO()
    writer.write(changed)
    assert verdict(content).docmdp_ok
    assert verdict(changed.getvalue()).coverage == SignatureCoverageLevel.ENTIRE_REVISION


def test_a_seal_with_a_timestamp_carries_the_time_of_the_authority(own_seal, paper, settings):
    with timestamping(settings, own_seal):
        sealed = seal.seal(paper, timestamped=True)
    status = verdict(sealed.content, timestamp_roots=keys.timestamp_roots())
    assert sealed.level == "b-t"
    assert status.timestamp_validity.trusted
    assert status.timestamp_validity.timestamp == sealed.timestamped_at
    assert status.coverage == SignatureCoverageLevel.ENTIRE_FILE


@pytest.mark.parametrize("how", NONSENSE)
def test_c25_nonsense_from_the_timestamp_authority_is_never_taken_for_a_timestamp(
    how, own_seal, paper, settings
):
    settings.TIMESTAMP_SECONDS = 3
    with timestamping(settings, own_seal, how), pytest.raises(seal.TimestampFailed):
        seal.seal(paper, timestamped=True)


def test_c25_without_the_authoritys_certificate_no_timestamp_is_trusted(own_seal, paper, settings):
    with timestamping(settings, own_seal):
        assert seal.seal(paper, timestamped=True).level == "b-t"
        (own_seal / "timestamp.pem").unlink()
        assert "commitments.W002" in [message.id for message in run_checks(tags=["seal"])]
        with pytest.raises(seal.TimestampFailed):
            seal.seal(paper, timestamped=True)


@pytest.mark.parametrize("how", ["slow", "drip"])
def test_c69_the_timestamp_authority_gets_so_many_seconds_and_no_more(how, own_seal, paper, settings):
    settings.TIMESTAMP_SECONDS = 0.4
    with timestamping(settings, own_seal, how):
        started = perf_counter()
        with pytest.raises(seal.TimestampFailed):
            seal.seal(paper, timestamped=True)
        assert perf_counter() - started < 2.5  # the authority takes 3 and more


@pytest.mark.django_db(transaction=True)
def test_c69_no_transaction_is_open_while_the_timestamp_authority_is_asked(own_seal, settings):
    declaration, seen = closed(), []

    def watch():
        """In another thread: SQLite is free to write, PostgreSQL has nobody idle in a transaction."""
        make_user()
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute(
                    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                    " AND state LIKE 'idle in transaction%'"
                )
                seen.append(cursor.fetchone()[0])
            else:
                seen.append(0)
        connection.close()

    with timestamping(settings, own_seal, watch=watch):
        assert jobs.work_due() == (1, 0)
    assert seen == [0]  # asked once
    assert Document.objects.get(declaration=declaration).seal_level == "b-t"


# --- the key


def break_missing(folder, settings):
    (folder / "seal.pem").unlink()


def break_file(folder, settings):
    (folder / "seal.pem").write_text("bukan kunci")


def break_passphrase(folder, settings):
    settings.SEAL_KEY_PASSPHRASE = "frasa sandi yang salah"


def break_no_passphrase(folder, settings):
    settings.SEAL_KEY_PASSPHRASE = ""


def break_pair(folder, settings):
    other = key_making._locked(ec.generate_private_key(ec.SECP256R1()), PASSPHRASE)
    chain = (folder / "seal.pem").read_bytes().partition(b"-----END ENCRYPTED PRIVATE KEY-----\n")[2]
    (folder / "seal.pem").write_bytes(other + chain)


def certified_for(folder, *, since, days):
    """Issue the seal anew for these days."""
    root_key = serialization.load_pem_private_key((folder / "root/key.pem").read_bytes(), PASSPHRASE.encode())
    root = x509.load_pem_x509_certificate((folder / "root/certificate.pem").read_bytes())
    key = ec.generate_private_key(ec.SECP256R1())
    draft = key_making._draft(root.subject, root.subject, key, since, 0)
    draft._not_valid_after = None
    draft = draft.not_valid_after(since + timedelta(days=days))
    certificate = draft.sign(root_key, key_making.hashes.SHA256())
    chain = key_making._pem(certificate) + key_making._pem(root)
    (folder / "seal.pem").write_bytes(key_making._locked(key, PASSPHRASE) + chain)


def break_expired(folder, settings):
    certified_for(folder, since=dates.now() - timedelta(days=40), days=39)


def break_not_yet(folder, settings):
    certified_for(folder, since=dates.now() + timedelta(days=1), days=40)


BROKEN = {
    break_missing: ("missing", "belum ada"),
    break_file: ("unreadable", "tidak dapat dibaca"),
    break_passphrase: ("locked", "frasa sandinya salah"),
    break_no_passphrase: ("locked", "frasa sandinya salah atau belum diisi"),
    break_pair: ("mismatched", "bukan pasangan"),
    break_expired: ("expired", "hanya berlaku dari"),
    break_not_yet: ("expired", "hanya berlaku dari"),
}


@pytest.mark.django_db
@pytest.mark.parametrize("damage", BROKEN)
def test_c26_what_is_wrong_with_the_seal_is_told_before_anyone_signs_and_stops_nobody(
    damage, client, own_seal, settings
):
    assert run_checks(tags=["seal"]) == []
    kept, passphrase = (own_seal / "seal.pem").read_bytes(), settings.SEAL_KEY_PASSPHRASE
    damage(own_seal, settings)
    kind, words = BROKEN[damage]
    assert keys.state().kind == kind
    assert not keys.state().ready

    # at start-up
    assert [message.id for message in run_checks(tags=["seal"])] == ["commitments.W001"]
    assert words in run_checks(tags=["seal"])[0].msg
    # on the administrator's pages, and on nobody else's, while nothing is signed yet
    declaration = make_declaration(slots=1)
    pages = [reverse(f"commitments:{name}", args=[declaration.pk]) for name in ("matrix", "print_page")]
    client.force_login(make_user("admin"))
    assert [words in client.get(page).text for page in [reverse("admin:index"), *pages]] == [True] * 3
    client.force_login(make_user("monitor"))
    assert [words in client.get(page).text for page in pages] == [False] * 2

    # signing and closing go on; the paper waits, without using up a try
    make_signature(declaration.signatories.get(), state="accepted")
    publishing.close(declaration, by=declaration.created_by)
    assert jobs.work_due() == (0, 0)
    job = jobs.of(declaration)
    assert (job.state, job.attempts, declaration.final()) == ("waiting", 0, None)
    assert "Menunggu segel" in client.get(pages[1]).text

    # sealing resumes by itself
    (own_seal / "seal.pem").write_bytes(kept)
    settings.SEAL_KEY_PASSPHRASE = passphrase
    assert jobs.work_due() == (1, 0)
    assert declaration.final().seal_level == "b-b"


@pytest.mark.django_db
@pytest.mark.parametrize(("days", "told"), [(29, True), (31, False)])
def test_c26_a_certificate_that_expires_within_thirty_days_still_seals_and_is_told(
    days, told, client, own_seal, settings
):
    certified_for(own_seal, since=dates.now() - timedelta(days=1), days=days + 1.5)
    assert keys.state().ready
    client.force_login(make_user("admin"))
    assert ("Sertifikat segel berakhir pada" in client.get(reverse("admin:index")).text) == told
    assert len(run_checks(tags=["seal"])) == told


def test_the_server_tells_the_state_of_the_seal_as_it_starts(own_seal, settings):
    """gunicorn runs no system checks by itself."""
    environment = {"DATA_DIR": str(own_seal.parent), "SEAL_DIR": str(own_seal), "PATH": "/usr/bin:/bin"}
    command = [ROOT / ".venv/bin/python", "-c", "import pug_bekasi.wsgi"]
    told = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=True)
    assert "Kunci segel tidak dapat dibuka" in told.stderr


def test_make_seal_key_makes_a_chain_that_pretends_nothing(settings, tmp_path, capsys):
    settings.SEAL_DIR = tmp_path / "baru"
    call_command("make_seal_key", name="Kota Contoh", organisation="Pemerintah Contoh")
    ring = keys.read()

    assert keys.state().kind == "ready"
    assert "tidak diterbitkan PSrE" in str(ring.certificate.subject.rfc4514_string())
    assert "Kota Contoh" in ring.certificate.subject.rfc4514_string()
    assert ring.self_made
    assert len(ring.chain) == 2
    assert all(isinstance(each.public_key().curve, ec.SECP256R1) for each in ring.chain)
    files = [path for path in settings.SEAL_DIR.rglob("*") if path.is_file()]
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    kept = [file for file in files if b"PRIVATE KEY" in file.read_bytes()]
    assert {str(file.relative_to(settings.SEAL_DIR)) for file in kept} == {"seal.pem", "root/key.pem"}
    assert all(b"ENCRYPTED PRIVATE KEY" in file.read_bytes() for file in kept)
    assert "Pindahkan folder" in capsys.readouterr().out


def test_make_seal_key_overwrites_nothing(own_seal):
    before = {file: file.read_bytes() for file in own_seal.rglob("*") if file.is_file()}
    with pytest.raises(CommandError, match="tidak ditimpa"):
        call_command("make_seal_key")
    (own_seal / "seal.pem").unlink()  # the root alone is reason enough
    with pytest.raises(CommandError, match="tidak ditimpa"):
        call_command("make_seal_key")
    assert {file: file.read_bytes() for file in own_seal.rglob("*") if file.is_file()} == {
        file: content for file, content in before.items() if file.name != "seal.pem"
    }


@pytest.mark.parametrize("passphrase", ["", "pendek"])
def test_make_seal_key_wants_a_passphrase(settings, tmp_path, passphrase):
    settings.SEAL_DIR, settings.SEAL_KEY_PASSPHRASE = tmp_path / "baru", passphrase
    with pytest.raises(CommandError, match="SEAL_KEY_PASSPHRASE"):
        call_command("make_seal_key")
    assert not settings.SEAL_DIR.exists()


@pytest.mark.parametrize("values", [{"name": "x" * 65}, {"name": ""}, {"organisation": "x" * 65}])
def test_make_seal_key_refuses_names_that_no_certificate_takes(settings, tmp_path, values):
    settings.SEAL_DIR = tmp_path / "baru"
    with pytest.raises(CommandError, match="huruf"):
        call_command("make_seal_key", **values)
    assert not settings.SEAL_DIR.exists()


def test_c64_a_new_key_keeps_old_papers_verifiable(own_seal, paper):
    old = keys.read()
    old_paper = seal.seal(paper, timestamped=False)
    call_command("make_seal_key", "--rotate", name="Uji", organisation="Uji")
    new = keys.read()
    new_paper = seal.seal(paper, timestamped=False)

    assert new.fingerprint == new_paper.fingerprint != old.fingerprint == old_paper.fingerprint
    assert [verdict(each.content).trusted for each in (old_paper, new_paper)] == [True, True]
    kept = b"".join(file.read_bytes() for file in own_seal.rglob("*") if file.is_file())
    assert old.certificate.public_bytes(serialization.Encoding.PEM) in kept
    assert kept.count(b"PRIVATE KEY-----") // 2 == 2  # the new one and the root's: the old one is gone


def test_c64_a_whole_new_root_keeps_old_papers_verifiable_by_the_trusted_folder_alone(own_seal, paper):
    old_paper = seal.seal(paper, timestamped=False)
    (own_seal / "seal.pem").unlink()
    shutil.rmtree(own_seal / "root")
    call_command("make_seal_key", name="Uji", organisation="Uji")
    assert verdict(old_paper.content).trusted
    assert not verdict(old_paper.content, roots=[keys.read().chain[-1]]).trusted


def test_c64_rotation_needs_the_root(own_seal):
    before = (own_seal / "seal.pem").read_bytes()
    shutil.move(own_seal / "root", own_seal.parent / "brankas")
    with pytest.raises(CommandError, match="Kunci akar"):
        call_command("make_seal_key", "--rotate")
    assert (own_seal / "seal.pem").read_bytes() == before


# --- the record


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wrong",
    [
        {"size": 0},
        {"file": ""},
        {"sha256": ""},
        {"sha256": "z" * 64},
        {"sha256": "A" * 64},
        {"sha256": "a" * 63},
        {"seal_level": "b-b"},
        {"seal_fingerprint": "a" * 64},
        {"timestamped_at": dates.now()},
        {
            "seal_level": "b-b",
            "seal_fingerprint": "a" * 64,
            "sealed_at": dates.now(),
            "timestamped_at": dates.now(),
        },
        {"seal_level": "b-t", "seal_fingerprint": "a" * 64, "sealed_at": dates.now()},
        {"seal_level": "b-x", "seal_fingerprint": "a" * 64, "sealed_at": dates.now()},
    ],
)
def test_c38_a_final_is_impossible_without_a_file_and_a_hash_that_fits(wrong):
    declaration = make_declaration(slots=1)
    values = {
        "declaration": declaration, "kind": "declaration", "page_size": "f4", "file": "documents/x.pdf", "size": 5,
        "pages": 1, "sha256": "a" * 64, "head_sequence": 1, "head_hash": "b" * 64,
        "issued_by": declaration.created_by, "issued_at": dates.now(),
    }  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        Document.objects.create(**values | wrong)
    assert Document.objects.create(**values).pk


@pytest.mark.django_db
def test_c38_what_is_recorded_is_what_lies_in_the_file(client):
    document = verbs.issue_final(closed(), by=make_user("admin"))
    stored = Path(document.file.path).read_bytes()
    assert (len(stored), verbs.hashlib.sha256(stored).hexdigest()) == (document.size, document.sha256)


# --- honest words

CERTIFIED = re.compile(r"BSrE|Balai (?:Besar )?Sertifikasi|sertifikat elektronik", re.IGNORECASE)
CLAIM = re.compile(r"(?<!tidak )tersertifikasi(?![?])", re.IGNORECASE)


@pytest.mark.parametrize("pattern", [CERTIFIED, CLAIM])
def test_no_template_claims_a_certified_signature(pattern):
    sources = [
        *ROOT.glob("templates/**/*.html"),
        *ROOT.glob("templates/**/*.txt"),
        *ROOT.glob("commitments/**/*.py"),
    ]
    assert len(sources) > 100
    guilty = [file.name for file in sources if pattern.search(" ".join(file.read_text().split()))]
    assert guilty == []


@pytest.mark.django_db
def test_every_paper_says_that_its_signatures_are_not_certified(settings):
    signature = make_signature(state="accepted")
    declaration = signature.signatory.declaration
    publishing.close(declaration, by=declaration.created_by)
    values = {"final": True, "page_size": "f4"}
    plain = papers.declaration_html(declaration, **values)
    sealed = papers.declaration_html(declaration, **values, seal=keys.read())
    texts = [plain, sealed, papers.declaration_html(declaration, final=False, page_size="f4")]
    texts += [receipt.receipt_html(signature)]
    for text in [*texts, wet_ink.wet_ink_html(declaration, page_size="f4")]:
        assert not CERTIFIED.search(text)
        assert not CLAIM.search(" ".join(text.split()))
    assert all("tidak tersertifikasi" in text for text in texts)
    assert all(
        "Tanda tangan elektronik tidak tersertifikasi (PP 71/2019 Pasal 60)" in text for text in texts[:3]
    )
    assert ("tidak bersegel" in plain, "bersegel instansi" in plain) == (True, False)
    assert "Berkas ini bersegel instansi, tidak diterbitkan PSrE." in sealed
