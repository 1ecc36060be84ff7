"""Issuing the final paper, and the printer's page."""

import hashlib
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from django.db import connection, transaction
from django.urls import reverse

from agencies.models import User
from commitments import chain
from commitments.documents.declaration import declaration_pdf
from commitments.documents.seal import Sealed
from commitments.models import Declaration, Document
from commitments.moves import MoveError
from commitments.printing import verbs
from commitments.publishing import verbs as publishing
from commitments.signing import verbs as signing
from tests.factories import holder_of, make_declaration, make_signature, make_user
from tests.owner import as_owner

pytestmark = pytest.mark.django_db


def closed():
    declaration = make_declaration(slots=1)
    make_signature(declaration.signatories.get(), state="accepted")
    publishing.close(declaration, by=declaration.created_by)
    return declaration


def test_the_final_is_rendered_once_stored_and_recorded(client, settings):
    declaration = closed()
    client.force_login(make_user("admin"))
    first = verbs.issue_final(declaration, by=make_user("admin"))
    again = verbs.issue_final(declaration, by=make_user("admin"))

    assert again == first
    assert declaration.ledger.filter(kind="document_issued").count() == 1
    assert (first.head_sequence, first.head_hash) == (4, declaration.ledger.get(sequence=4).hash)
    assert chain.verify(declaration) == []
    answer = client.get(reverse("commitments:final_pdf", args=[declaration.pk]))
    assert hashlib.sha256(answer.content).hexdigest() == first.sha256
    assert len(list(Path(settings.MEDIA_ROOT).rglob("*.pdf"))) == 1


def test_there_is_no_final_before_the_close(client):
    declaration = make_declaration(slots=1)
    with pytest.raises(MoveError, match="ditutup"):
        verbs.issue_final(declaration, by=make_user("admin"))
    client.force_login(make_user("admin"))
    url = reverse("commitments:issue_final", args=[declaration.pk])
    assert "terbit setelah penandatanganan ditutup" in client.post(url, follow=True).text
    assert Document.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_two_who_press_at_once_get_one_paper(settings):
    declaration, user = closed(), make_user("admin")
    start = Barrier(2)

    def press(_):
        try:
            start.wait()
            return verbs.issue_final(declaration, by=user).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        papers = list(pool.map(press, range(2)))
    assert len(set(papers)) == 1
    assert Document.objects.count() == 1
    assert len(list(Path(settings.MEDIA_ROOT).rglob("*.pdf"))) == 1


def test_what_fails_on_the_way_leaves_no_file(settings):
    declaration = closed()
    with pytest.raises(ValueError, match="unsaved"):
        verbs.issue_final(declaration, by=User(username="belum disimpan"))
    assert Document.objects.count() == 0
    assert [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()] == []


def test_a_withdrawal_while_the_paper_is_made_wins(settings):
    declaration, admin = closed(), make_user("admin")
    paper = declaration_pdf(declaration, final=True, page_size="f4")
    head = declaration.ledger_head
    in_another_tab = Declaration.objects.get(pk=declaration.pk)
    publishing.withdraw(in_another_tab, reason="Naskah keliru.", by=admin)

    with pytest.raises(MoveError, match="ditutup"):
        verbs.issue_final(declaration, by=admin)
    with pytest.raises(MoveError, match="ditutup"), transaction.atomic():
        verbs._record(declaration, Sealed(paper.content), 1, "documents/x.pdf", head=head, by=admin, at=None)
    assert Document.objects.count() == 0
    assert chain.verify(in_another_tab) == []


@pytest.mark.parametrize("damage", ["change", "remove"])
def test_a_damaged_file_is_told_and_not_handed_out(client, damage):
    declaration = closed()
    document = verbs.issue_final(declaration, by=make_user("admin"))
    stored = Path(document.file.path)
    content = stored.read_bytes()
    stored.unlink()
    if damage == "change":  # one byte, so that the size stays
        stored.write_bytes(content[:-1] + b"x")
    client.force_login(make_user("admin"))
    answer = client.get(reverse("commitments:final_pdf", args=[declaration.pk]))
    assert answer.status_code == 503
    assert "tidak utuh" in answer.text


def test_who_may_print(client):
    declaration = make_declaration(slots=1)
    draft = make_declaration(state="draft", slots=1)
    signer = holder_of(declaration.signatories.get())
    for user, status in ((signer, 200), (make_user("monitor"), 200), (make_user(), 404)):
        client.force_login(user)
        assert client.get(reverse("commitments:print_page", args=[declaration.pk])).status_code == status
    client.force_login(make_user("monitor"))
    assert client.get(reverse("commitments:declaration_pdf", args=[draft.pk])).status_code == 404
    client.force_login(signer)
    assert client.post(reverse("commitments:issue_final", args=[declaration.pk])).status_code == 403


@pytest.mark.parametrize("asked", ["f4", "a4", "zzz", "x" * 500])
def test_a_preview_is_a_pdf_that_no_cache_keeps(client, asked):
    declaration = make_declaration(slots=1)
    client.force_login(make_user("admin"))
    answer = client.get(reverse("commitments:declaration_pdf", args=[declaration.pk]), {"kertas": asked})
    assert answer["Content-Type"] == "application/pdf"
    assert "no-store" in answer["Cache-Control"]
    assert answer.content.startswith(b"%PDF-")


def test_a_wet_ink_sheet_is_blank_paper_for_an_open_declaration_only(client):
    client.force_login(make_user("admin"))
    for state, status in (("draft", 302), ("open", 200), ("withdrawn", 302)):
        declaration = make_declaration(slots=1, state=state)
        assert client.get(reverse("commitments:wet_ink_pdf", args=[declaration.pk])).status_code == status
        link = reverse("commitments:wet_ink_pdf", args=[declaration.pk])
        page = client.get(reverse("commitments:print_page", args=[declaration.pk])).text
        assert (link in page) == (status == 200)


def test_whole_nips_are_on_the_wet_ink_sheet_of_who_may_review_only(client):
    declaration = make_declaration(slots=2)
    address = reverse("commitments:wet_ink_pdf", args=[declaration.pk])
    for role, masked in (("reviewer", False), ("monitor", True)):
        client.force_login(make_user(role))
        text = subprocess.run(
            ["pdftotext", "-", "-"], input=client.get(address).content, capture_output=True, check=True
        ).stdout.decode()
        assert ("••••" in text) == masked
    for slot in declaration.signatories.all():
        make_signature(slot)
    answer = client.get(address, follow=True)
    assert answer.redirect_chain == [(reverse("commitments:print_page", args=[declaration.pk]), 302)]
    assert "Semua jabatan sudah menandatangani" in answer.text


@pytest.mark.parametrize("state", ["returned", "declined"])
def test_there_is_a_wet_ink_sheet_for_who_is_asked_again_or_could_not_sign_yet(client, state):
    declaration = make_declaration(slots=1)
    slot = declaration.signatories.get()
    if state == "returned":
        make_signature(slot, state="returned")
    else:
        signing.decline(slot, reason="Sedang cuti.", by=holder_of(slot))
    client.force_login(make_user("reviewer"))
    answer = client.get(reverse("commitments:wet_ink_pdf", args=[declaration.pk]))
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")


def test_only_who_may_issue_the_final_is_offered_to(client):
    declaration = closed()
    with as_owner():
        declaration.paper_jobs.all().delete()  # closed before papers were made by themselves
    button = reverse("commitments:issue_final", args=[declaration.pk])
    for user, offered in ((make_user("reviewer"), True), (holder_of(declaration.signatories.get()), False)):
        client.force_login(user)
        assert (
            button in client.get(reverse("commitments:print_page", args=[declaration.pk])).text
        ) == offered


def test_the_page_of_a_withdrawn_final_says_that_it_holds_no_more(client):
    declaration, admin = closed(), make_user("admin")
    verbs.issue_final(declaration, by=admin)
    publishing.withdraw(declaration, reason="Naskah keliru.", by=admin)
    client.force_login(admin)
    page = client.get(reverse("commitments:print_page", args=[declaration.pk])).text
    assert "Naskah ini dicabut pada" in page
    assert "siap dicetak" not in page
    assert client.get(reverse("commitments:final_pdf", args=[declaration.pk])).status_code == 200


def test_a_receipt_is_for_its_signer_and_the_reviewers(client):
    signature = make_signature()
    url = reverse("commitments:receipt_pdf", args=[signature.pk])
    for user, status in ((signature.user, 200), (make_user("reviewer"), 200), (make_user("monitor"), 404)):
        client.force_login(user)
        assert client.get(url).status_code == status
    client.force_login(signature.user)
    answer = client.get(url)
    assert answer["Content-Type"] == "application/pdf"
    assert f"bukti-{signature.number.lower()}-2026" in answer["Content-Disposition"]
    assert signature.nip not in answer["Content-Disposition"]
