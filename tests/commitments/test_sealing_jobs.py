"""Papers are made by a worker that may die at any moment: the next one finishes, and there is one file."""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from threading import Event

import pikepdf
import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.urls import reverse

from commitments import chain, dates, evidence
from commitments.documents import keys
from commitments.documents.stored import content_of
from commitments.models import Document, LedgerHead, PaperJob
from commitments.models.salted import canonical
from commitments.moves import MoveError
from commitments.printing import jobs, verbs
from commitments.publishing import verbs as publishing
from commitments.states import EntryKind
from tests.conftest import PASSPHRASE
from tests.factories import make_declaration, make_signature, make_user
from tests.owner import as_owner
from tests.timestamps import timestamping

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.django_db


def closed(**values):
    declaration = make_declaration(slots=1, **values)
    make_signature(declaration.signatories.get(), state="accepted")
    publishing.close(declaration, by=declaration.created_by)
    return declaration


def files(settings):
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def page(client, declaration, **headers):
    return client.get(reverse("commitments:print_page", args=[declaration.pk]), headers=headers).text


@pytest.fixture
def no_seal(settings, tmp_path):
    settings.SEAL_DIR = tmp_path / "kosong"


@pytest.fixture
def broken(settings):
    """A paper that cannot be made, until it is mended: the folder for it is a file."""
    Path(settings.MEDIA_ROOT).mkdir()
    obstacle = Path(settings.MEDIA_ROOT) / "documents"
    obstacle.write_text("bukan folder")
    return obstacle


def test_closing_asks_for_the_final_and_the_worker_makes_it(client, settings):
    declaration = closed()
    client.force_login(make_user("monitor"))
    assert "Naskah final sedang disiapkan" in page(client, declaration)
    assert 'hx-trigger="every' in page(client, declaration)

    call_command("work")
    assert jobs.work_due() == (0, 0)

    document = Document.objects.get()
    assert document.issued_by == declaration.created_by
    assert jobs.of(declaration).state == "done"
    assert [Path(document.file.path)] == files(settings)
    shown = page(client, declaration)
    assert "Bersegel, tanpa stempel waktu tepercaya" in shown
    assert 'hx-trigger="every' not in shown


def test_a_close_that_fails_owes_no_paper():
    declaration = make_declaration(slots=1)
    make_signature(declaration.signatories.get())  # waits for review
    with pytest.raises(MoveError):
        publishing.close(declaration, by=declaration.created_by)
    assert PaperJob.objects.count() == 0


def test_htmx_gets_only_the_part_that_changes(client):
    declaration = closed()
    client.force_login(make_user("admin"))
    part = page(client, declaration, HX_Request="true")
    assert part.strip().startswith('<div id="paper" data-hx-get=')
    assert "<html" not in part
    assert "Perbarui" in part  # the way without JavaScript


def test_the_page_says_why_the_last_try_failed_and_names_no_exception(client):
    declaration = closed()
    client.force_login(make_user("monitor"))
    for kept, told in [("MemoryError", "memori server tidak cukup"), ("KeyError", "kesalahan lain")]:
        PaperJob.objects.update(state="stuck", last_error=kept, attempts=4)
        shown = page(client, declaration)
        assert f"Naskah final belum dapat dibuat: {told}." in shown
        assert kept not in shown


def test_a_declaration_closed_before_there_were_jobs_can_still_ask(client):
    declaration = closed()
    with as_owner():
        PaperJob.objects.all().delete()
    client.force_login(make_user("reviewer"))
    url = reverse("commitments:issue_final", args=[declaration.pk])
    assert "sedang disiapkan" in client.post(url, follow=True).text
    client.post(url)
    assert PaperJob.objects.count() == 1
    assert jobs.work_due() == (1, 0)


def test_a_withdrawn_declaration_gets_no_paper_and_troubles_nobody():
    declaration = closed()
    publishing.withdraw(declaration, reason="Naskah keliru.", by=declaration.created_by)
    PaperJob.objects.update(asked_at=dates.now() - timedelta(days=3))
    assert jobs.work_due() == (0, 0)
    assert list(jobs.held()) == []


@pytest.mark.usefixtures("no_seal")
def test_without_any_seal_an_administrator_may_have_the_paper_without_one(client):
    declaration = closed()
    url = reverse("commitments:paper_again", args=[declaration.pk])
    client.force_login(make_user("reviewer"))
    assert "Terbitkan tanpa segel" not in page(client, declaration)
    assert client.post(url, {"unsealed": "1"}).status_code == 403
    assert jobs.work_due() == (0, 0)

    client.force_login(make_user("admin"))
    assert "Terbitkan tanpa segel" in page(client, declaration)
    client.post(url, {"unsealed": "1"})
    assert jobs.work_due() == (1, 0)
    assert (Document.objects.get().seal_level, Document.objects.get().seal_fingerprint) == ("none", "")
    assert "Tanpa segel" in page(client, declaration)


def test_a_seal_that_is_only_broken_is_not_passed_over(client, settings):
    settings.SEAL_KEY_PASSPHRASE = "salah"
    declaration = closed()
    client.force_login(make_user("admin"))
    assert "Terbitkan tanpa segel" not in page(client, declaration)
    url = reverse("commitments:paper_again", args=[declaration.pk])
    assert "Perbaiki segelnya" in client.post(url, {"unsealed": "1"}, follow=True).text
    assert (jobs.work_due(), Document.objects.count()) == ((0, 0), 0)


# --- the timestamp authority


def pass_the_pause():
    PaperJob.objects.update(not_before=dates.now())


def test_c25_a_dead_timestamp_authority_is_retried_and_then_told_for_good(client, settings):
    settings.TIMESTAMP_URL = "http://127.0.0.1:9/"  # nobody listens
    declaration = closed()
    client.force_login(make_user("monitor"))
    for _ in jobs.PAUSES:
        assert jobs.work_due() == (0, 1)
        assert jobs.work_due() == (0, 0)  # not before its pause is over
        job = jobs.of(declaration)
        assert (job.state, job.last_error) == ("waiting", "TimestampFailed")
        assert "Otoritas stempel waktu tidak menjawab dengan benar" in page(client, declaration)
        assert Document.objects.count() == 0
        pass_the_pause()
    assert jobs.work_due() == (1, 0)

    document = Document.objects.get()
    assert (document.seal_level, document.timestamped_at) == ("b-b", None)
    assert "Bersegel, tanpa stempel waktu tepercaya" in page(client, declaration)
    assert len(files(settings)) == 1
    assert chain.verify(declaration) == []


def test_c25_a_timestamp_authority_that_comes_back_is_used(settings, own_seal):
    settings.TIMESTAMP_URL = "http://127.0.0.1:9/"
    closed()
    assert jobs.work_due() == (0, 1)
    pass_the_pause()
    with timestamping(settings, own_seal):
        assert jobs.work_due() == (1, 0)
    document = Document.objects.get()
    assert document.seal_level == "b-t"
    assert abs(document.timestamped_at - dates.now()) < timedelta(minutes=1)


# --- death and trouble


@contextmanager
def worker(settings):
    """A real process, as the server runs it. It sees what is committed here."""
    database = connection.settings_dict
    url = f"postgresql://{database['USER']}@/{database['NAME']}?host={database['HOST']}"
    environment = os.environ | {
        "DATABASE_URL": url,
        "DATA_DIR": str(Path(settings.MEDIA_ROOT).parent),
        "SEAL_DIR": str(settings.SEAL_DIR),
        "SEAL_KEY_PASSPHRASE": PASSPHRASE,
        "TIMESTAMP_URL": settings.TIMESTAMP_URL,
        "SITE_URL": "http://localhost:8000",
    }
    command = [sys.executable, "manage.py", "work", "--watch"]
    process = subprocess.Popen(command, cwd=ROOT, env=environment)
    try:
        yield process
    finally:
        if process.poll() is None:
            os.kill(process.pid, signal.SIGKILL)
        process.wait()


def wait_until(true):
    deadline = time.monotonic() + 120
    while not true():
        assert time.monotonic() < deadline, "it never came to that"
        time.sleep(0.05)


@pytest.mark.postgresql  # a second process cannot look into SQLite's test database
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("moment", ["while it waits for the timestamp", "after the file, before the record"])
def test_c36_a_worker_killed_in_the_middle_leaves_its_work_to_the_next(moment, settings, own_seal):
    settings.MEDIA_ROOT = settings.MEDIA_ROOT.parent / "files"
    declaration = closed()
    if moment.startswith("while"):
        asked = Event()
        with timestamping(settings, own_seal, "slow", watch=asked.set), worker(settings) as process:
            wait_until(asked.is_set)
            os.kill(process.pid, signal.SIGKILL)
            process.wait()
    else:
        with transaction.atomic():  # the worker stops at the chain's lock, its file already stored
            LedgerHead.objects.select_for_update().get(declaration=declaration)
            with worker(settings) as process:
                wait_until(lambda: list((settings.MEDIA_ROOT / "documents").glob("*.pdf")))
                time.sleep(0.5)
                os.kill(process.pid, signal.SIGKILL)
                process.wait()
        assert len(files(settings)) == 1  # an orphan

    job = jobs.of(declaration)
    assert (job.state, job.attempts, Document.objects.count()) == ("working", 1, 0)
    assert jobs.work_due() == (0, 0)  # another worker might still be at it
    PaperJob.objects.update(claimed_until=dates.now() - timedelta(seconds=1))
    assert jobs.work_due() == (1, 0)

    document = Document.objects.get()
    assert files(settings) == [Path(document.file.path)]
    assert len(content_of(document)) == document.size
    assert declaration.ledger.filter(kind="document_issued").count() == 1
    assert (jobs.of(declaration).state, chain.verify(declaration)) == ("done", [])


@pytest.mark.django_db(transaction=True)
def test_a_paper_that_the_history_has_overtaken_is_made_again(own_seal, settings):
    """The head that a file carries is the one before its own entry, whatever happens while it is made."""
    declaration, asked = closed(), []

    def overtake():
        if not asked:
            by = declaration.created_by
            chain.append(declaration, EntryKind.NUMBER_SET, actor=by, about=[], number="1/CONTOH")
        asked.append(1)
        connection.close()

    with timestamping(settings, own_seal, watch=overtake):
        assert jobs.work_due() == (0, 1)
        assert (jobs.of(declaration).last_error, files(settings)) == ("HistoryMoved", [])
        pass_the_pause()
        assert jobs.work_due() == (1, 0)
    document = Document.objects.get()
    assert document.head_sequence == 5
    assert declaration.ledger.get(kind="document_issued").previous_hash == document.head_hash
    with pikepdf.open(document.file.path) as pdf:
        told = json.loads(pdf.attachments["bukti.json"].get_file().read_bytes())
    assert told["head"] == {"sequence": document.head_sequence, "hash": document.head_hash}


def test_c36_what_dead_workers_left_behind_goes_and_nothing_else(settings):
    declaration, other = closed(), closed()
    theirs = verbs.issue_final(other, by=other.created_by)
    folder = Path(theirs.file.path).parent
    same, other_head = (folder / f"{declaration.code}-{digit * 16}.pdf" for digit in "01")
    same.write_bytes(evidence.public_bytes(declaration))  # as a paper made of this very moment carries it
    other_head.write_bytes(
        canonical(evidence.public(declaration) | {"head": {"sequence": 9, "hash": "ab" * 32}})
    )
    (folder / f"half-{declaration.code}-abc").write_bytes(b"%PDF-1.7 half")
    assert jobs.work_due()[0] >= 1
    kept = {Path(document.file.path) for document in Document.objects.all()}
    assert len(kept) == 2
    assert set(files(settings)) == {*kept, other_head}  # the only trace of a database that was set back


def test_c36_a_worker_that_comes_back_from_the_dead_adds_nothing(settings):
    """Its claim has ended, another has finished: it finds the paper that is there."""
    declaration = closed()
    jobs.work_due()
    PaperJob.objects.update(state="working", claimed_until=dates.now() - timedelta(minutes=1), attempts=1)
    assert jobs.work_due() == (1, 0)
    assert (Document.objects.count(), len(files(settings))) == (1, 1)
    assert jobs.of(declaration).state == "done"


def test_c37_a_stuck_job_is_found_however_old_and_shown_and_run_again(client, broken, settings):
    declaration = closed()
    for _ in range(len(jobs.PAUSES) + 1):
        assert jobs.work_due() == (0, 1)
        pass_the_pause()
    job = jobs.of(declaration)
    assert (job.state, job.attempts, bool(job.last_error)) == ("stuck", len(jobs.PAUSES) + 1, True)
    PaperJob.objects.update(asked_at=dates.now() - timedelta(days=400))
    assert jobs.work_due() == (0, 0)  # it waits for somebody

    client.force_login(make_user("admin"))
    shown = client.get(reverse("admin:index")).text
    assert "Naskah final tertahan" in shown
    link = reverse("commitments:print_page", args=[declaration.pk])
    assert link in shown
    again = reverse("commitments:paper_again", args=[declaration.pk])
    assert again in page(client, declaration)
    client.force_login(make_user("monitor"))
    assert "Gagal" in page(client, declaration)
    assert again not in page(client, declaration)
    assert client.post(again).status_code == 403
    assert jobs.of(declaration).state == "stuck"

    broken.unlink()
    client.force_login(make_user("admin"))
    assert "dibuat ulang" in client.post(again, follow=True).text
    assert jobs.work_due() == (1, 0)
    assert len(files(settings)) == 1
    assert "sudah tersimpan" in client.post(again, follow=True).text  # pressed once more: nothing new
    assert (jobs.work_due(), Document.objects.count()) == ((0, 0), 1)
    assert "Naskah final tertahan" not in client.get(reverse("admin:index")).text


@pytest.mark.parametrize("age", [timedelta(minutes=6), timedelta(days=4000)])
def test_c37_what_a_dead_worker_holds_is_taken_up_however_old_it_is(age):
    declaration = closed()
    PaperJob.objects.update(
        state="working", attempts=1, claimed_until=dates.now() - age, asked_at=dates.now() - age
    )
    assert jobs.work_due() == (1, 0)
    assert Document.objects.get().declaration == declaration


def test_c37_a_job_that_kills_every_worker_stops_and_is_shown():
    closed()
    PaperJob.objects.update(
        state="working", attempts=len(jobs.PAUSES) + 1, claimed_until=dates.now() - timedelta(hours=1)
    )
    assert jobs.work_due() == (0, 1)
    assert [(job.state, job.last_error) for job in jobs.held()] == [("stuck", "WorkerDied")]


def test_c37_a_job_that_nobody_works_on_is_shown_after_an_hour():
    old, new = closed(), closed()
    PaperJob.objects.filter(declaration=old).update(asked_at=dates.now() - timedelta(minutes=61))
    assert [job.declaration for job in jobs.held()] == [old]
    assert jobs.of(new).state == "waiting"


def test_two_workers_at_once_make_one_paper_of_each_job(settings):
    closed()
    (job,) = PaperJob.objects.due(dates.now())
    assert jobs._claim(job)
    assert not jobs._claim(job)  # the other one saw it waiting, too
    assert keys.state().ready
