"""The history page, and the auditor's export."""

import io
import json

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.urls import reverse

from commitments import chain, evidence
from commitments.documents.stored import content_of
from commitments.models.salted import canonical
from commitments.printing import verbs as printing
from commitments.publishing import verbs as publishing
from tests.commitments.test_tampering import behind_its_back
from tests.factories import make_declaration, make_signature, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def declaration():
    declaration = make_declaration(slots=2)
    make_signature(declaration.signatories.in_protocol_order().first(), state="accepted")
    return declaration


def ledger_page(client, declaration, **query):
    return client.get(reverse("commitments:ledger", args=[declaration.pk]), query)


def test_the_page_lists_each_entry_with_its_post_newest_first(client, declaration):
    client.force_login(make_user("monitor"))
    page = ledger_page(client, declaration)
    slot = declaration.signatories.in_protocol_order().first()
    rows = [(entry.kind, post) for entry, post in page.context["rows"]]
    assert rows == [("accepted", slot.position.title), ("signed", slot.position.title), ("published", "")]
    assert "Ekspor auditor" not in page.text
    assert "Riwayat utuh" not in page.text


def test_the_check_says_that_all_is_well_or_what_is_not(client, declaration):
    client.force_login(make_user("monitor"))
    assert "Riwayat utuh." in ledger_page(client, declaration, periksa="1").text
    with behind_its_back() as execute:
        execute("UPDATE commitments_signature SET full_name = 'Orang Lain'")
        page = ledger_page(client, declaration, periksa="1")
    assert "1 hal tidak cocok." in page.text
    assert "kolom full_name berubah di luar sistem" in page.text


@pytest.mark.parametrize("page", ["2", "99", "0", "x"])
def test_any_page_number_is_answered(client, declaration, page):
    client.force_login(make_user("monitor"))
    assert ledger_page(client, declaration, page=page).status_code == 200


def test_a_draft_has_no_history(client):
    client.force_login(make_user("admin"))
    draft = make_declaration(state="draft")
    assert ledger_page(client, draft).status_code == 404
    assert client.get(reverse("commitments:audit_export", args=[draft.pk])).status_code == 404


def test_the_export_is_what_the_auditor_needs_and_is_not_kept(client, declaration):
    client.force_login(make_user("admin"))
    answer = client.get(reverse("commitments:audit_export", args=[declaration.pk]))
    assert json.loads(answer.content) == json.loads(canonical(evidence.for_auditor(declaration)))
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="audit-{declaration.code}.json"'


def test_the_command_writes_the_same_export_readable_by_its_owner_only(declaration, tmp_path):
    file = tmp_path / "audit.json"
    call_command("export_audit", declaration.pk, file, stdout=io.StringIO())
    assert json.loads(file.read_bytes()) == json.loads(canonical(evidence.for_auditor(declaration)))
    assert file.stat().st_mode & 0o777 == 0o600
    with pytest.raises(CommandError, match="Tidak ada naskah terbit"):
        call_command("export_audit", declaration.pk + 1, file)


# --- The heads that papers have taken along


def verify_ledger(*arguments: str) -> tuple[int, str]:
    out = io.StringIO()
    try:
        call_command("verify_ledger", *arguments, stdout=out)
    except SystemExit as stop:
        return int(str(stop.code)), out.getvalue()
    return 0, out.getvalue()


def test_an_older_copy_of_the_database_is_told_by_a_head_from_elsewhere(declaration, tmp_path):
    file = tmp_path / "bukti.json"
    file.write_bytes(evidence.public_bytes(declaration))
    assert verify_ledger("--against", str(file)) == (0, "Riwayat utuh.\n")
    last = declaration.ledger.order_by("-sequence").first()
    with behind_its_back() as execute:  # as if restored from before the review
        execute(f"DELETE FROM commitments_ledgerentry WHERE id = {last.pk}")
        execute("DELETE FROM commitments_review")
        execute(f"UPDATE commitments_signatory SET state = 'signed' WHERE id = {last.payload['slot']}")
        execute(f"UPDATE commitments_ledgerhead SET sequence = 2, hash = '{last.previous_hash}'")
        assert verify_ledger() == (0, "Riwayat utuh.\n")
        status, said = verify_ledger("--against", str(file))
    assert status == 1
    assert f"{file} membawa entri 3 yang tidak ada di riwayat" in said


def test_a_stored_paper_that_the_chain_does_not_know_is_told(declaration):
    other = make_declaration()
    stranger = evidence.public(other)
    stranger["head"] = {"sequence": 7, "hash": "ab" * 32}
    default_storage.save(f"documents/{other.code}-x.pdf", ContentFile(_pdf_with(canonical(stranger))))
    status, said = verify_ledger()
    assert status == 1
    assert f"{other.code}-x.pdf membawa entri 7 yang tidak ada di riwayat" in said


def _pdf_with(content: bytes) -> bytes:
    import pikepdf

    pdf, out = pikepdf.new(), io.BytesIO()
    pdf.add_blank_page()
    pdf.attachments["bukti.json"] = content
    pdf.save(out)
    return out.getvalue()


def test_a_file_that_is_no_evidence_is_refused(tmp_path):
    file = tmp_path / "x.json"
    with pytest.raises(CommandError, match="tidak dapat dibaca"):
        verify_ledger("--against", str(file))
    file.write_text("[]")
    with pytest.raises(CommandError, match=r"bukan bukti\.json"):
        verify_ledger("--against", str(file))


@pytest.mark.postgresql  # prints and seals a paper
def test_a_database_set_back_before_the_close_is_told_by_the_sealed_paper(declaration, tmp_path):
    """The last row of the drill: nothing inside the database is wrong, but a paper has taken a later head along."""
    waiting = declaration.signatories.exclude(state="accepted").get()
    publishing.excuse(waiting, reason="Cuti.", by=declaration.created_by)
    before = declaration.ledger.order_by("-sequence").first()
    publishing.close(declaration, by=declaration.created_by)
    document = printing.issue_final(declaration, by=declaration.created_by)
    assert document.seal_level == "b-b"
    assert verify_ledger() == (0, "Riwayat utuh.\n")
    sealed = tmp_path / "naskah.pdf"
    sealed.write_bytes(content_of(document))
    with behind_its_back() as execute:
        execute("DELETE FROM commitments_document")
        execute(f"DELETE FROM commitments_ledgerentry WHERE sequence > {before.sequence}")
        execute(f"UPDATE commitments_ledgerhead SET sequence = {before.sequence}, hash = '{before.hash}'")
        execute("UPDATE commitments_declaration SET state = 'open', closed_at = NULL")
        declaration.refresh_from_db()
        assert chain.verify(declaration) == []
        status, said = verify_ledger("--against", str(sealed))
    assert status == 1
    told = f"membawa entri {before.sequence + 1} yang tidak ada di riwayat"
    assert f"{sealed} {told}" in said
    assert f"{document.file.name.rpartition('/')[2]} {told}" in said  # the copy in the store tells it as well
