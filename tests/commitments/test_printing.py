"""Issuing the final paper, and the printer's page."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from django.db import connection
from django.urls import reverse

from commitments import chain
from commitments.models import Document
from commitments.moves import MoveError
from commitments.printing import verbs
from tests.factories import holder_of, make_declaration, make_signature, make_user

pytestmark = pytest.mark.django_db


def closed():
    declaration = make_declaration(slots=1)
    make_signature(declaration.signatories.get(), state="accepted")
    from commitments.publishing.verbs import close

    close(declaration, by=declaration.created_by)
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


@pytest.mark.parametrize("damage", ["change", "remove"])
def test_a_damaged_file_is_told_and_not_handed_out(client, damage):
    declaration = closed()
    document = verbs.issue_final(declaration, by=make_user("admin"))
    stored = Path(document.file.path)
    stored.unlink()
    if damage == "change":
        stored.write_bytes(b"%PDF-lain")
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
