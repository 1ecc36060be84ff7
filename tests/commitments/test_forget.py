"""What is no evidence of a person is forgotten on request; evidence and the names in it stay."""

import io
from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agencies.models import Membership, Official, User
from commitments import chain, dates, one_time, outbox
from commitments.evidence import for_auditor, public
from commitments.management import forgetting
from commitments.models import OneTimeCode, OutgoingMail, Review, Signature
from commitments.states import CodePurpose
from tests.factories import (
    make_declaration,
    make_document,
    make_official,
    make_signature,
    make_tenure,
    make_user,
)
from tests.owner import as_owner

pytestmark = pytest.mark.django_db
ADDRESS, BEFORE = "pejabat.lama@contoh.example", "pejabat.dulu@contoh.example"


def forget(*arguments) -> str:
    out = io.StringIO()
    with as_owner():
        call_command("forget", *arguments, stdout=out)
    return out.getvalue()


def end_duties(official) -> None:
    official.tenures.update(ends_on=dates.today() - timedelta(days=1))


def everything_kept_of(*people) -> str:
    """All that any table says of these people, evidence left out."""
    rows = [*OutgoingMail.objects.values_list(), *LogEntry.objects.values_list()]
    for person in people:
        model = type(person)
        rows += [*model.objects.filter(pk=person.pk).values_list()]
        rows += [*model.history.filter(id=person.pk).values_list()]
    return repr(rows)


@pytest.fixture
def former():
    """An official with a login, addresses of before and today, a telephone number, and no duty any more."""
    user = make_user(email=BEFORE, first_name="Nama", last_name="Lama")
    official = make_official(user=user, email=BEFORE, phone="081234567890", name="Nama Lama")
    user.email = official.email = ADDRESS
    user.save()
    official.save()
    make_tenure(official=official, ends_on=dates.today() - timedelta(days=1))
    return official


@pytest.fixture
def signer(former):
    """The same, who has signed while still in office."""
    former.tenures.update(ends_on=None)
    slot = make_declaration(positions=[former.tenures.get().position]).signatories.get()
    signature = make_signature(slot, state="accepted")
    end_duties(former)
    return signature


def test_without_yes_it_only_says_what_would_go_and_what_stays_and_why(former):
    before = everything_kept_of(former, former.user)
    told = forget("--official", former.nip)
    assert everything_kept_of(former, former.user) == before
    assert "dilupakan: pos-el dan nomor telepon, juga pada 2 baris riwayat" in told
    assert f"namanya menjadi “Pejabat {former.pk}”" in told
    assert "tetap: tanda tangan, pemeriksaan, riwayat berantai, dan naskah yang terbit: bukti" in told
    assert "Ulangi dengan --yes" in told


@pytest.mark.parametrize(
    "arguments", [["--official", "nip"], ["--official", "nip", "--yes"], ["--official", "pk"]]
)
def test_the_nip_is_never_said_in_full(former, arguments):
    told = forget(*({"nip": former.nip, "pk": str(former.pk)}.get(word, word) for word in arguments))
    assert former.nip not in told
    assert "1960••••" in told or former.nip[:4] in told


def test_an_official_of_whom_no_evidence_speaks_leaves_a_number(former, client):
    user = former.user
    client.force_login(user)
    one_time.issue(CodePurpose.LOGIN, f"user:{user.pk}")
    forget("--official", former.nip, "--yes")
    kept = everything_kept_of(former, user)
    for personal in (ADDRESS, BEFORE, "0812", "Nama", former.nip, user.username):
        assert personal not in kept
    official = Official.objects.get(pk=former.pk)
    assert (official.full_name, official.nip) == (f"Pejabat {former.pk}", None)
    user.refresh_from_db()
    assert (user.is_active, user.has_usable_password(), user.username) == (
        False,
        False,
        f"dilupakan-{user.pk}",
    )
    assert client.get("/tugas/").status_code == 302
    assert Session.objects.count() == OneTimeCode.objects.count() == 0
    line = official.history.first()
    assert (line.history_type, line.history_change_reason) == ("~", forgetting.REASON)


def test_c44_forgetting_a_signer_leaves_evidence_and_names_as_they_were(signer):
    declaration, official = signer.signatory.declaration, signer.official
    make_document(declaration)
    told_before, rows_before = public(declaration), for_auditor(declaration)
    names = list(Signature.objects.values_list("full_name", "nip", "position_title"))
    told = forget("--official", str(official.pk), "--yes")
    assert "nama, gelar, NIP, dan pangkat: bukti pada 1 tanda tangan" in told
    assert f"nama akun {signer.user.username}: disebut" in told
    assert (public(declaration), for_auditor(declaration)) == (told_before, rows_before)
    assert list(Signature.objects.values_list("full_name", "nip", "position_title")) == names
    official.refresh_from_db()
    assert (official.full_name, official.nip, official.email) == (signer.full_name, signer.nip, "")
    assert chain.verify(declaration) == []
    out = io.StringIO()
    call_command("verify_ledger", "--declaration", declaration.pk, stdout=out)
    assert "Riwayat utuh." in out.getvalue()
    kept = everything_kept_of(official, signer.user)
    assert (ADDRESS in kept, BEFORE in kept, "0812" in kept) == (False, False, False)
    assert Review.objects.count() == 1


def test_c44_the_public_page_of_a_forgotten_signer_says_the_same(client, signer):
    page = f"/v/{signer.signatory.declaration.code}"
    before = client.get(page, follow=True).text
    forget("--official", str(signer.official_id), "--yes")
    assert signer.full_name in before
    assert client.get(page, follow=True).text.count(signer.full_name) == before.count(signer.full_name)


def test_c44_who_was_asked_and_never_signed_keeps_the_name_that_the_history_leads_to(former):
    former.tenures.update(ends_on=None)
    make_declaration(positions=[former.tenures.get().position])
    end_duties(former)
    told = forget("--official", former.nip, "--yes")
    assert "riwayatnya menunjuk kepadanya" in told
    former.refresh_from_db()
    assert (former.name, former.email, former.phone) == ("Nama Lama", "", "")


def test_who_still_has_a_duty_is_not_forgotten():
    tenure = make_tenure(official=make_official(email=ADDRESS))
    with pytest.raises(CommandError, match="masih memegang Kepala Dinas Contoh"):
        forget("--official", tenure.official.nip, "--yes")
    holder = make_tenure().official.user
    with pytest.raises(CommandError, match="pejabatnya masih memegang"):
        forget("--user", holder.username, "--yes")
    with pytest.raises(CommandError, match="masih berperan Peninjau DPPPA"):
        forget("--user", make_user("reviewer").username, "--yes")
    membership = Membership.objects.create(user=make_user(), agency=tenure.position.agency)
    with pytest.raises(CommandError, match="masih operator Dinas"):
        forget("--user", membership.user.username, "--yes")
    tenure.official.refresh_from_db()
    assert tenure.official.email == ADDRESS


def test_whoever_reviewed_keeps_the_name_and_loses_address_and_login():
    signature = make_signature(state="accepted")
    reviewer = Review.objects.get().by
    User.objects.filter(pk=reviewer.pk).update(first_name="Nama", last_name="Peninjau")
    reviewer.groups.clear()
    told = forget("--user", reviewer.username, "--yes")
    assert "pemeriksaan" in told
    reviewer.refresh_from_db()
    assert (reviewer.get_full_name(), reviewer.email, reviewer.is_active) == ("Nama Peninjau", "", False)
    assert chain.verify(signature.signatory.declaration) == []


def test_a_change_of_ones_own_login_is_no_deed_that_keeps_the_name(former):
    with as_owner():
        former.user.history.update(history_user=former.user)
    assert f"menjadi “dilupakan-{former.user_id}”" in forget("--user", former.user.username)
    with as_owner():
        former.history.update(history_user=former.user)  # of another row it is
    assert "disebut riwayat data induk" in forget("--user", former.user.username)


def test_the_log_of_the_admin_forgets_the_name_too(former):
    staff = make_user("admin")
    for row in (former, former.tenures.get(), former.user):
        about = ContentType.objects.get_for_model(row)
        LogEntry.objects.create(
            user=staff, content_type=about, object_id=row.pk, object_repr=str(row), action_flag=CHANGE
        )
    forget("--official", former.nip, "--yes")
    assert "Nama Lama" not in everything_kept_of(former, former.user)
    assert LogEntry.objects.filter(object_repr__startswith=f"Pejabat {former.pk}").count() == 2


def test_a_session_handed_to_somebody_beside_ends_too(client):
    host = make_user("reviewer")
    slot = make_declaration().signatories.get()
    client.force_login(host)
    client.post(reverse("commitments:host", args=[slot.pk]), {"present": "on"})
    assert client.session["door"]["host"] == host.pk
    host.groups.clear()
    logged_in = Client()
    logged_in.force_login(host)
    assert len(forgetting._sessions(host)) == Session.objects.count() == 2
    forget("--user", host.username, "--yes")
    assert Session.objects.count() == 0


# --- Mails


def test_mails_lose_this_address_only_and_what_waits_goes_to_nobody(former):
    shared = OutgoingMail.objects.create(
        kind="reminded", dedup_key="a", to=f"{ADDRESS}\nlain@contoh.example", subject="s", body="Yth. Nama Lama",
        state="sent", sent_at=timezone.now(), created_at=timezone.now(),
    )  # fmt: skip
    waiting = OutgoingMail.objects.create(
        kind="reminded", dedup_key="b", to=BEFORE.upper(), subject="s", body="Yth.", created_at=timezone.now()
    )
    other = OutgoingMail.objects.create(
        kind="reminded", dedup_key="c", to=f"x{ADDRESS}", subject="s", body="isi", created_at=timezone.now()
    )
    forget("--official", former.nip, "--yes")
    for mail in (shared, waiting, other):
        mail.refresh_from_db()
    assert (shared.to, shared.body, shared.state) == ("lain@contoh.example", "", "sent")
    assert (waiting.to, waiting.body, waiting.state) == ("", "", "dropped")
    assert (other.to, other.body) == (f"x{ADDRESS}", "isi")
    assert outbox.send_due() == (1, 0)  # the other one; nobody is told of the address that was forgotten
    assert not outbox.release(waiting)


# --- By time


def test_what_is_old_is_forgotten_and_what_is_not_stays():
    slot = make_declaration().signatories.get()
    outbox.send_due()
    mail = OutgoingMail.objects.get()
    assert mail.body
    assert "0 surat" in forget("--old", "--yes")
    OutgoingMail.objects.update(created_at=timezone.now() - outbox.KEPT - timedelta(days=1))
    Session.objects.create(
        session_key=uuid4().hex, session_data="x", expire_date=timezone.now() - timedelta(days=1)
    )
    Session.objects.create(
        session_key=uuid4().hex, session_data="x", expire_date=timezone.now() + timedelta(days=1)
    )
    assert "Akan dilupakan dengan --yes: 1 surat, 1 sesi berakhir" in forget("--old")
    assert OutgoingMail.objects.get().body
    assert "Dilupakan: 1 surat, 1 sesi berakhir" in forget("--old", "--yes")
    kept = OutgoingMail.objects.get()
    assert (kept.to, kept.body, kept.state, kept.signatory) == ("", "", "sent", slot)
    assert Session.objects.count() == 1
    assert "0 surat, 0 sesi berakhir" in forget("--old", "--yes")


def test_a_mail_that_still_waits_is_never_too_old():
    make_declaration()
    OutgoingMail.objects.update(created_at=timezone.now() - outbox.KEPT * 2)
    forget("--old", "--yes")
    assert OutgoingMail.objects.get().body


def test_the_worker_forgets_what_is_old_by_itself():
    make_declaration()
    outbox.send_due()
    OutgoingMail.objects.update(created_at=timezone.now() - outbox.KEPT - timedelta(days=1))
    call_command("work", stderr=io.StringIO())
    assert OutgoingMail.objects.get().body == ""


# --- Asking wrongly


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--official", "199901012024031001"], "Tidak ada pejabat"),
        (["--official", "99999"], "Tidak ada pejabat"),
        (["--official", "nama"], "Tulis NIP 18 angka"),
        (["--official", "²"], "Tulis NIP 18 angka"),
        (["--official", "1" * 30], "Tulis NIP 18 angka"),
        (["--user", "tidak-ada"], "Tidak ada akun"),
        ([], "one of the arguments"),
        (["--old", "--user", "x"], "not allowed with"),
    ],
)
def test_a_wrong_question_is_a_sentence_that_repeats_no_number(arguments, told):
    with pytest.raises(CommandError, match=told) as refused:
        forget(*arguments)
    assert "199901012024031001" not in str(refused.value)


@pytest.mark.postgresql
def test_under_the_role_of_the_application_it_says_who_has_to_run_it(former):
    from django.db import connection

    from pug_bekasi import grants

    with as_owner(), connection.cursor() as cursor:
        cursor.execute("CREATE ROLE pug_lupa NOINHERIT")
        for statement in grants.statements("pug_lupa"):
            cursor.execute(statement)
        cursor.execute("SET ROLE pug_lupa")
        out = io.StringIO()
        call_command("forget", "--official", former.nip, stdout=out)  # to look is allowed
        assert "Jalankan lagi sebagai pemilik basis data" in out.getvalue()
        with pytest.raises(CommandError, match="sebagai pemilik basis data"):
            call_command("forget", "--official", former.nip, "--yes", stdout=out)
        call_command("forget", "--old", "--yes", stdout=out)
        cursor.execute("RESET ROLE")
    assert Official.objects.get(pk=former.pk).email == ADDRESS
