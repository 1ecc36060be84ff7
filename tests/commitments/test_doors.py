"""Signing without a login: personal links with a one-time code, and beside a host."""

import io
import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core import mail
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from agencies.models import Official, Tenure
from agencies.tenures import appoint
from commitments import chain, dates, links, outbox
from commitments.evidence import public as public_evidence
from commitments.inviting import verbs as inviting
from commitments.models import LedgerEntry, OneTimeCode, OutgoingMail, Signatory, Signature, SigningLink
from commitments.moves import MoveError
from commitments.notifications import invitation_text, reminder_text
from commitments.publishing import verbs as publishing
from commitments.reviewing import verbs as reviewing
from commitments.signing import verbs as signing
from commitments.signing.marks import Typed
from commitments.signing.ways import ByLink, Hosted
from commitments.templatetags.wording import breakable
from tests.client import Client
from tests.factories import (
    CONSENT,
    drawn,
    holder_of,
    make_declaration,
    make_official,
    make_tenure,
    make_user,
)

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"commitments:{name}", args=args)


@pytest.fixture
def admin():
    return make_user("admin")


@pytest.fixture
def slot():
    """A post whose holder has an address and no login."""
    official = make_official(email="pejabat@contoh.example", user=None)
    tenure = make_tenure(official=official)
    return make_declaration(positions=[tenure.position]).signatories.select_related("declaration").get()


def found(pattern: str, letter) -> str:
    match = re.search(pattern, str(letter.body))
    assert match, letter.body
    return match[1]


def invite(slot, by) -> str:
    """Makes a link, lets the mail go out, and returns the secret from it."""
    inviting.make_link(fresh(slot), by=by)
    mail.outbox.clear()
    assert outbox.send_due()[1] == 0
    (letter,) = [letter for letter in mail.outbox if "#" in letter.body]
    assert letter.to == [Tenure.objects.in_force().get(position=slot.position).official.address]
    return found(r"/ttd/#(\S+)", letter)


def fresh(slot):
    return Signatory.objects.select_related("declaration", "position__agency").get(pk=slot.pk)


def code_from_mail() -> str:
    return found(r"Kode Anda: (\d{6})", mail.outbox[-1])


def open_door(client, secret) -> None:
    """From the link in the mail to the text."""
    assert client.post(url("door"), {"secret": secret})["Location"] == url("door_code")
    client.post(url("door_code"), {"send": "1"})
    answer = client.post(url("door_code"), {"code": code_from_mail()})
    assert answer["Location"] == url("door_sign")


def filled(page: str, name: str, **values) -> dict:
    """The form of the signing page, filled in by typing."""
    hidden = dict(re.findall(r'name="(key|digest)" value="([^"]+)"', page))
    return hidden | {"method": "typed", "typed_name": name, "consent": "on"} | values


def sign(client, slot):
    holder = fresh(slot).holder
    page = client.get(url("door_sign")).text
    return client.post(url("door_sign"), filled(page, holder.full_name))


def test_a_holder_without_a_login_signs_by_link_and_code(client, admin, slot):
    open_door(client, invite(slot, admin))
    answer = sign(client, slot)
    assert answer["Location"] == url("door_done")
    signature = Signature.objects.get()
    assert (signature.user, signature.host, signature.link.signatory) == (None, None, slot)
    assert signature.printed_number in client.get(url("door_done")).text
    assert fresh(slot).state == "signed"
    assert LedgerEntry.objects.get(kind="signed").actor is None
    assert [entry.kind for entry in slot.declaration.ledger.order_by("sequence")] == [
        "published", "link_made", "signed",
    ]  # fmt: skip
    assert list(chain.verify(slot.declaration)) == []
    client.post(url("door_leave"))
    assert client.get(url("door_done")).status_code == 404


def test_c01_a_used_link_answers_gone_with_a_receipt_and_signs_nothing(client, admin, slot):
    secret = invite(slot, admin)
    open_door(client, secret)
    sign(client, slot)
    entries = LedgerEntry.objects.count()

    stranger = Client()
    answer = stranger.post(url("door"), {"secret": secret})
    signature = Signature.objects.get()
    assert answer.status_code == 410
    assert signature.printed_number in answer.text
    official = signature.official
    for private in (official.nip, official.email, "<path", secret):  # C07
        assert private not in answer.text
    assert stranger.get(url("door_sign")).status_code == 404
    assert stranger.post(url("door_sign"), {}).status_code == 404
    assert (Signature.objects.count(), LedgerEntry.objects.count()) == (1, entries)


@pytest.mark.parametrize("end", ["withdrawn", "closed", "revoked", "replaced", "expired"])
def test_c04_a_dead_link_answers_gone_and_its_open_page_is_refused(client, admin, slot, end):
    secret = invite(slot, admin)
    open_door(client, secret)
    page = client.get(url("door_sign")).text
    declaration = fresh(slot).declaration
    if end == "withdrawn":
        publishing.withdraw(declaration, reason="Contoh.", by=admin)
    elif end == "closed":
        publishing.close(declaration, by=admin)
    elif end == "revoked":
        inviting.end_link(fresh(slot), by=admin)
    elif end == "replaced":
        inviting.make_link(fresh(slot), by=admin)
    else:
        SigningLink.objects.update(expires_at=timezone.now())
    name = fresh(slot).holder.full_name
    assert Client().post(url("door"), {"secret": secret}).status_code == 410
    assert client.post(url("door_sign"), filled(page, name)).status_code in (404, 410)
    assert client.get(url("door_code")).status_code == 410
    assert not Signature.objects.exists()


def test_c04_a_post_without_the_steps_before_it_is_refused(client, admin, slot):
    secret = invite(slot, admin)
    data = {"key": str(uuid4()), "digest": slot.declaration.text_digest, "method": "typed", "consent": "on"}
    assert client.post(url("door_sign"), data).status_code == 404
    client.post(url("door"), {"secret": secret})  # the link alone, without the code
    assert client.get(url("door_sign")).status_code == 404
    assert client.post(url("door_sign"), data).status_code == 404
    assert client.post(url("door_decline"), {"reason": "Cuti."}).status_code == 404
    assert not Signature.objects.exists()


def test_c05_a_new_holder_ends_the_link_and_the_open_tab_of_the_old_one(client, admin, slot):
    secret = invite(slot, admin)
    open_door(client, secret)
    page, name = client.get(url("door_sign")).text, fresh(slot).holder.full_name
    old = Tenure.objects.get(position=slot.position)
    Tenure.objects.filter(pk=old.pk).update(ends_on=dates.today() - timedelta(days=1))
    make_tenure(position=slot.position, starts_on=dates.today(), official=make_official())

    assert client.post(url("door_sign"), filled(page, name)).status_code == 404
    assert Client().post(url("door"), {"secret": secret}).status_code == 410
    assert not Signature.objects.exists()


@pytest.mark.parametrize("address", ["", "lain@contoh.example"])
def test_c06_an_address_that_is_changed_later_gets_no_code(client, admin, slot, address):
    """The link lies in one mailbox: its code goes to no other, and nobody is told of a mail to nowhere."""
    secret = invite(slot, admin)
    client.post(url("door"), {"secret": secret})
    Official.objects.filter(tenures__position=slot.position).update(email=address)
    mail.outbox.clear()
    assert client.post(url("door_code"), {"send": "1"}).status_code == 410
    assert Client().post(url("door"), {"secret": secret}).status_code == 410
    assert mail.outbox == []


def test_who_has_no_login_is_not_told_to_log_in(admin, slot):
    """The invitation at publishing, and the ready texts."""
    declaration = publishing.revise(slot.declaration, by=admin)
    publishing.publish(declaration, by=admin)
    (invited,) = OutgoingMail.objects.filter(kind="invited", declaration=declaration)
    (without,) = declaration.signatories.with_addresses()
    with_login = make_declaration(slots=1).signatories.with_addresses().get()
    for text in (invited.body, reminder_text(without), invitation_text(without)):
        assert "masuk dengan akun" not in text
        assert "tautan pribadi" in text
    for text in (reminder_text(with_login), invitation_text(with_login)):
        assert f"/tanda-tangan/{with_login.pk}/, masuk dengan akun Anda" in text


def test_c06_nobody_of_the_office_ever_sees_secret_or_code(client, admin, slot, settings):
    secret = invite(slot, admin)
    holder_client = Client()
    holder_client.post(url("door"), {"secret": secret})
    holder_client.post(url("door_code"), {"send": "1"})
    code = code_from_mail()
    client.force_login(admin)
    pages = [
        url("invite", slot.pk),
        url("slot_history", slot.pk),
        url("matrix", slot.declaration_id),
        reverse("admin:commitments_outgoingmail_changelist"),
        *[
            reverse("admin:commitments_outgoingmail_change", args=[row.pk])
            for row in OutgoingMail.objects.all()
        ],
        url("audit_export", slot.declaration_id),
    ]
    for page in pages:
        answer = client.get(page)
        assert answer.status_code == 200, page
        text = b"".join(answer.streaming_content).decode() if answer.streaming else answer.text
        assert secret not in text
        assert code not in re.findall(r"(?<!\d)\d{6}(?!\d)", text)


def test_c06_the_link_goes_to_no_address_of_somebody_else(admin, slot):
    official = Official.objects.get(tenures__position=slot.position)
    for address in (admin.email.upper(), make_user().email, make_official(email="lain@contoh.example").email):
        Official.objects.filter(pk=official.pk).update(email=address)
        with pytest.raises(MoveError, match="Pos-el pejabat ini"):
            inviting.make_link(fresh(slot), by=admin)
    Official.objects.filter(pk=official.pk).update(email="")
    with pytest.raises(MoveError, match="belum mempunyai pos-el"):
        inviting.make_link(fresh(slot), by=admin)
    assert not SigningLink.objects.exists()


def test_c09_a_dump_of_the_database_opens_nothing(admin, slot, client):
    secret = invite(slot, admin)
    client.post(url("door"), {"secret": secret})
    client.post(url("door_code"), {"send": "1"})
    code = code_from_mail()
    rows = [*SigningLink.objects.all(), *OutgoingMail.objects.all(), *OneTimeCode.objects.all()]
    kept = " ".join(str(value) for row in rows for value in vars(row).values())
    kept += str(dict(client.session.items()))
    assert len(secret) >= 43  # 256 bits
    assert secret not in kept
    assert code not in re.findall(r"(?<![\d.])\d{6}(?!\d)", kept)
    assert SigningLink.objects.get().digest == links.digest_of(secret)
    for stored in (SigningLink.objects.get().digest, links.PLACE, ""):
        assert client.post(url("door"), {"secret": stored}).status_code == 422


def test_c09_the_secret_is_in_no_address_and_no_log(client, admin, slot, caplog):
    """Behind the #, which no browser sends. What comes in by POST is never written down."""
    secret = invite(slot, admin)
    seen = []
    for answer in (client.post(url("door"), {"secret": secret}), client.get(url("door_code"))):
        seen += [answer.get("Location", ""), answer.request["PATH_INFO"], answer.request["QUERY_STRING"]]
    client.post(url("door"), {"secret": secret + "x"})
    Client().post(url("door_sign"), {"secret": secret})
    assert secret not in " ".join([*seen, caplog.text])


def test_c09_a_mail_that_goes_out_twice_has_one_living_secret(admin, slot):
    first = invite(slot, admin)
    OutgoingMail.objects.filter(kind="link").update(state="stuck")
    outbox.release(OutgoingMail.objects.get(kind="link"))
    mail.outbox.clear()
    outbox.send_due()
    second = found(r"/ttd/#(\S+)", mail.outbox[-1])
    assert links.find(first) is None
    assert links.find(f"http://komitmen.example/ttd/#{second} ") == SigningLink.objects.get()


def test_a_mail_of_a_link_that_has_ended_does_not_go_out(admin, slot):
    inviting.make_link(slot, by=admin)
    inviting.end_link(fresh(slot), by=admin)
    mail.outbox.clear()
    outbox.send_due()
    assert not [letter for letter in mail.outbox if "/ttd/" in letter.body]
    assert OutgoingMail.objects.get(kind="link").state == "dropped"
    assert outbox.held() == 0


def test_c10_the_code_of_one_link_opens_no_other(client, admin, slot):
    other_tenure = make_tenure(official=make_official(email="lain@contoh.example", user=None))
    other = make_declaration(positions=[other_tenure.position]).signatories.get()
    first, second = invite(slot, admin), invite(other, admin)
    client.post(url("door"), {"secret": first})
    client.post(url("door_code"), {"send": "1"})
    code = code_from_mail()
    stranger = Client()
    stranger.post(url("door"), {"secret": second})
    answer = stranger.post(url("door_code"), {"code": code})
    assert answer.status_code == 422
    assert stranger.get(url("door_sign")).status_code == 404


def test_c10_wrong_and_dead_codes_are_told_apart_and_lose_nothing(client, admin, slot):
    client.post(url("door"), {"secret": invite(slot, admin)})
    client.post(url("door_code"), {"send": "1"})
    wrong = f"{(int(code_from_mail()) + 1) % 10**6:06d}"
    answers = [client.post(url("door_code"), {"code": wrong}).text for _ in range(6)]
    assert ["belum cocok" in text for text in answers] == [True] * 5 + [False]
    assert "Minta kode baru" in answers[5]
    for _ in range(4):
        assert client.post(url("door_code"), {"send": "1"}).status_code == 302
    assert client.post(url("door_code"), {"send": "1"}).status_code == 429
    assert client.post(url("door_code"), {"code": code_from_mail()})["Location"] == url("door_sign")


def test_a_mail_server_that_is_down_is_told(client, admin, slot, settings):
    client.post(url("door"), {"secret": invite(slot, admin)})
    settings.EMAIL_BACKEND = "tests.commitments.test_doors.DownBackend"
    answer = client.post(url("door_code"), {"send": "1"})
    assert (answer.status_code, "belum dapat dikirim" in answer.text) == (503, True)


class DownBackend:
    def __init__(self, *args, **kwargs):
        pass

    def send_messages(self, messages):
        raise ConnectionRefusedError


def test_c12_the_session_changes_its_key_at_every_step(client, admin, slot):
    client.force_login(make_user())
    keys = [client.session.session_key]
    secret = invite(slot, admin)
    client.post(url("door"), {"secret": secret})
    keys.append(client.session.session_key)
    client.post(url("door_code"), {"send": "1"})
    client.post(url("door_code"), {"code": code_from_mail()})
    keys.append(client.session.session_key)
    sign(client, slot)
    keys.append(client.session.session_key)
    assert len(set(keys)) == 4
    assert "_auth_user_id" not in client.session


def test_a_returned_signature_is_signed_anew_by_a_new_link(client, admin, slot):
    open_door(client, invite(slot, admin))
    sign(client, slot)
    reviewing.give_back(Signature.objects.get(), reason="Belum terbaca.", by=make_user("reviewer"))
    outbox.send_due()
    (told,) = [letter for letter in mail.outbox if "dikembalikan dengan catatan" in letter.body]
    assert "akan menghubungi Anda" in told.body
    assert "/tanda-tangan/" not in told.body
    open_door(client, invite(slot, admin))
    assert "Belum terbaca." in client.get(url("door_sign")).text
    sign(client, slot)
    assert (Signature.objects.count(), fresh(slot).state) == (2, "signed")


def test_who_cannot_sign_yet_says_so_by_the_link_and_may_sign_later(client, admin, slot):
    open_door(client, invite(slot, admin))
    assert client.post(url("door_decline"), {"reason": ""}).status_code == 422
    client.post(url("door_decline"), {"reason": "Sedang dinas luar."})
    assert (fresh(slot).state, fresh(slot).reason) == ("declined", "Sedang dinas luar.")
    assert sign(client, slot)["Location"] == url("door_done")


def test_what_was_typed_survives_a_refusal(client, admin, slot):
    open_door(client, invite(slot, admin))
    page = client.get(url("door_sign")).text
    answer = client.post(url("door_sign"), filled(page, "Orang Lain"))
    assert answer.status_code == 422
    assert 'value="Orang Lain"' in answer.text


@pytest.mark.parametrize("secret", ["", "x", "#", "\u0000", "a" * 5000, "http://x.example/#", "＃"])
def test_c71_whatever_is_pasted_is_answered_with_a_sentence(client, secret):
    answer = client.post(url("door"), {"secret": secret})
    assert answer.status_code in (400, 422)


def test_two_tabs_of_one_link_make_one_signature(admin, slot):
    inviting.make_link(slot, by=admin)
    link = SigningLink.objects.select_related("signatory__declaration", "tenure__official").get()
    again = SigningLink.objects.select_related("signatory__declaration", "tenure__official").get()
    name = link.tenure.official.full_name
    one = signing.sign(fresh(slot), mark=Typed(name), consent=CONSENT, key=uuid4(), by=ByLink(link))
    with pytest.raises(MoveError):
        signing.sign(fresh(slot), mark=drawn(), consent=CONSENT, key=uuid4(), by=ByLink(again))
    assert list(Signature.objects.all()) == [one]


# --- Beside a host


def test_c06_a_hosted_signature_names_host_and_holder(client, slot):
    host = make_user("reviewer", first_name="Pendamping", last_name="Contoh")
    client.force_login(host)
    before = client.session.session_key
    page = url("host", slot.pk)
    assert client.post(page, {}).status_code == 422
    assert client.post(page, {"present": "on"})["Location"] == url("door_sign")
    assert client.session.session_key != before  # C12
    assert "_auth_user_id" not in client.session
    for closed in (
        url("review_queue"),
        url("matrix", slot.declaration_id),
        url("tasks"),
        url("invite", slot.pk),
    ):
        assert "/akun/masuk/" in client.get(closed)["Location"]
    text = client.get(url("door_sign")).text
    assert "didampingi Pendamping Contoh" in text
    assert sign(client, slot)["Location"] == url("door_done")
    signature = Signature.objects.get()
    assert (signature.user, signature.link, signature.host, signature.host_name) == (
        None, None, host, "Pendamping Contoh",
    )  # fmt: skip
    assert signature.official == fresh(slot).holder.official
    assert LedgerEntry.objects.get(kind="signed").actor == host
    assert client.get(url("door_sign"))["Location"] == url("door_done")  # one signature, one hand-over
    assert client.post(url("door_sign"), {})["Location"] == url("door_done")
    client.post(url("door_leave"))
    assert client.get(url("door_sign")).status_code == 404


def test_c06_host_and_holder_stand_on_matrix_review_paper_receipt_and_public_page(client, slot):
    from commitments.documents.declaration import declaration_html
    from commitments.documents.receipt import receipt_html

    host = make_user("reviewer", first_name="Pendamping", last_name="Contoh")
    signature = signing.sign(slot, mark=drawn(), consent=CONSENT, key=uuid4(), by=Hosted(host))
    client.force_login(make_user("reviewer"))
    for page in (
        url("matrix", slot.declaration_id),
        url("review", signature.pk),
        url("receipt", signature.pk),
    ):
        assert "didampingi Pendamping Contoh" in client.get(page).text
    paper = declaration_html(fresh(slot).declaration, final=False, page_size="f4")
    assert "didampingi Pendamping Contoh" in paper
    assert "didampingi Pendamping Contoh" in receipt_html(signature)
    public = client.get(url("verify_code", slot.declaration.code)).text
    assert "didampingi petugas" in public
    assert "Pendamping Contoh" not in public
    evidence = public_evidence(slot.declaration)
    assert evidence["rows"][f"signature:{signature.pk}"]["host_name"]["value"] == "Pendamping Contoh"


def test_c06_nobody_hosts_themselves_and_nobody_accepts_what_they_hosted(client):
    host = make_user("reviewer")
    own = make_declaration(
        positions=[make_tenure(official=make_official(user=host)).position]
    ).signatories.get()
    client.force_login(host)
    answer = client.post(url("host", own.pk), {"present": "on"})
    assert (answer.status_code, "jabatan Anda sendiri" in answer.text) == (422, True)
    other = make_declaration(slots=1).signatories.get()
    signature = signing.sign(other, mark=drawn(), consent=CONSENT, key=uuid4(), by=Hosted(host))
    for decide in (reviewing.accept, lambda *args, **by: reviewing.give_back(*args, reason="Alasan.", **by)):
        with pytest.raises(MoveError, match="diperiksa orang lain"):
            decide(signature, by=host)
    reviewing.accept(signature, by=make_user("reviewer"))


def test_c06_a_host_whose_login_was_ended_hosts_nobody(client, slot):
    host = make_user("reviewer")
    client.force_login(host)
    client.post(url("host", slot.pk), {"present": "on"})
    host.is_active = False
    host.save()
    assert client.get(url("door_sign")).status_code == 404


@pytest.mark.parametrize("end", ["role", "password"])
def test_c06_an_open_hand_over_ends_with_role_and_password_of_its_host(client, slot, end):
    host = make_user("reviewer")
    client.force_login(host)
    client.post(url("host", slot.pk), {"present": "on"})
    assert client.get(url("door_sign")).status_code == 200
    if end == "role":
        host.groups.clear()
    else:
        host.set_password("sandi-lain-yang-panjang")
        host.save()
    assert client.get(url("door_sign")).status_code == 404


def test_c06_it_takes_two_to_accept_a_signature(client, admin, slot):
    """Whoever sent the link, whoever signed, and whoever holds the official's login decides nothing about it."""
    open_door(client, invite(slot, admin))
    sign(client, slot)
    by_link = Signature.objects.get()
    reviewer = make_user("reviewer")
    own_slot = make_declaration(
        positions=[make_tenure(official=make_official(user=reviewer)).position]
    ).signatories.get()
    own = signing.sign(own_slot, mark=drawn(), consent=CONSENT, key=uuid4(), by=reviewer)
    taken_over = signing.sign(
        make_declaration(slots=1).signatories.get(),
        mark=drawn(),
        consent=CONSENT,
        key=uuid4(),
        by=Hosted(admin),
    )
    for signature, by in ((by_link, admin), (own, reviewer), (taken_over, admin)):
        with pytest.raises(MoveError, match="diperiksa orang lain"):
            reviewing.accept(Signature.objects.get(pk=signature.pk), by=by)
        assert "/setujui/" not in client_of(by).get(url("review", signature.pk)).text
        queue = client_of(by).get(url("review_queue")).text
        assert url("review", signature.pk) in queue
        assert "Diperiksa orang lain" in queue
        assert url("review_accept", signature.pk) not in queue
        many = client_of(by).get(url("review_many")).text
        assert url("review", signature.pk) in many
        assert f'value="{signature.pk}"' not in many
    assert url("review_accept", by_link.pk) in client_of(reviewer).get(url("review_queue")).text
    assert f'value="{by_link.pk}"' in client_of(reviewer).get(url("review_many")).text
    text = client_of(reviewer).get(url("review", by_link.pk)).text
    assert f"dibuat oleh {admin}" in " ".join(re.sub("<[^>]+>", " ", text).split())
    assert "lewat tautan pribadi" in text
    reviewing.accept(Signature.objects.get(pk=by_link.pk), by=reviewer)


def client_of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize("role", [None, "monitor"])
def test_c08_only_the_office_invites_and_hosts(client, slot, role):
    client.force_login(make_user(role))
    for name in ("invite", "host", "scan", "letter_pdf"):
        assert client.get(url(name, slot.pk)).status_code in (403, 404)
    for name in ("link_make", "link_end"):
        assert client.post(url(name, slot.pk)).status_code in (403, 404)
    assert not SigningLink.objects.exists()


def test_a_reviewer_hosts_but_makes_no_links(client, slot):
    client.force_login(make_user("reviewer"))
    page = client.get(url("invite", slot.pk)).text
    assert url("host", slot.pk) in page
    assert url("link_make", slot.pk) not in page
    assert client.post(url("link_make", slot.pk)).status_code == 403


def test_a_login_is_asked_before_a_link_ends_it(client, admin, slot):
    client.force_login(admin)
    page = client.get(url("door")).text
    assert "data-logged-in" in page
    assert f"masuk sebagai {admin}" in page
    assert "data-logged-in" not in Client().get(url("door")).text


# --- The page of invitations, and the letter


def test_the_page_of_invitations_says_what_became_of_each_link(client, admin, slot):
    client.force_login(admin)
    client.post(url("link_make", slot.pk))
    assert "menunggu dikirim" in client.get(url("invite", slot.pk)).text
    outbox.send_due()
    assert "terkirim" in client.get(url("invite", slot.pk)).text
    client.post(url("link_end", slot.pk))
    text = client.get(url("invite", slot.pk)).text
    assert "dicabut" in text
    assert url("link_end", slot.pk) not in text
    assert [entry.kind for entry in slot.declaration.ledger.order_by("sequence")][1:] == [
        "link_made",
        "link_ended",
    ]
    assert list(chain.verify(slot.declaration)) == []


def test_the_ready_text_holds_no_secret_and_fits_the_holder(client, admin, slot):
    invite(slot, admin)
    client.force_login(admin)
    page = client.get(url("invite", slot.pk)).text
    text = re.search(r"<textarea[^>]*>(.*?)</textarea>", page, re.DOTALL)[1]
    assert "tautan pribadi, yang dikirim DPPPA ke pos-el Anda" in text
    assert "#" not in text
    assert "http" not in text
    Official.objects.update(email="")
    assert "akan menemui Anda" in client.get(url("invite", slot.pk)).text
    with_login = make_declaration(slots=1).signatories.get()
    assert "masuk dengan akun Anda" in client.get(url("invite", with_login.pk)).text


def test_the_letter_leads_to_a_page_that_opens_nothing(client, slot):
    address = url("letter", slot.declaration.code, slot.pk)
    page = client.get(address).text
    assert "tidak membuka naskah" in page
    assert url("host", slot.pk) not in page
    assert fresh(slot).holder.full_name not in page
    assert client.get(url("letter", slot.declaration.code, slot.pk + 99)).status_code == 404
    client.force_login(make_user("reviewer"))
    assert url("host", slot.pk) in client.get(address).text


def test_the_letter_is_a_pdf_to_the_holder(client, slot):
    from commitments.documents.invitation import invitation_html

    client.force_login(make_user("reviewer"))
    answer = client.get(url("letter_pdf", slot.pk))
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
    html = invitation_html(fresh(slot))
    assert fresh(slot).holder.full_name in html
    assert f"/undangan/{slot.declaration.code}-{slot.pk}/" in html
    assert "tidak tersertifikasi" in html


# --- Acting holders


def test_plt_and_its_letter_stand_in_the_ledger_and_in_the_history_of_the_slot(client, admin):
    slot = make_declaration(slots=1).signatories.get()
    appoint(
        slot.position, official=make_official(), capacity="plt", starts_on=dates.today(),
        ends_on=dates.today() + timedelta(days=30), basis_letter="SP/7", basis_date=dates.today(), by=admin,
    )  # fmt: skip
    entry = slot.declaration.ledger.filter(kind="holder_named").last()
    assert (entry.payload["slot"], entry.payload["capacity"], entry.payload["basis"]) == (
        slot.pk,
        "plt",
        "SP/7",
    )
    assert list(chain.verify(slot.declaration)) == []
    client.force_login(admin)
    events = client.get(url("slot_history", slot.pk)).context["events"]
    assert ("Mulai memegang jabatan", "SP/7") in {(event.what, event.note) for event in events}
    assert "Pemegang jabatan dicatat" in client.get(url("ledger", slot.declaration_id)).text


def test_a_tenure_that_is_deleted_is_no_entry_of_a_holder(admin):
    slot = make_declaration(positions=[make_tenure(ends_on=dates.today()).position]).signatories.get()
    mistaken = make_tenure(position=slot.position, starts_on=dates.today() + timedelta(days=1))
    named = slot.declaration.ledger.filter(kind="holder_named")
    before = named.count()
    mistaken.delete()
    assert named.count() == before


def test_a_change_of_holder_after_the_close_is_no_entry(admin):
    slot = make_declaration(slots=1).signatories.get()
    publishing.close(slot.declaration, by=admin)
    before = slot.declaration.ledger.count()
    Tenure.objects.get(position=slot.position).save()
    assert slot.declaration.ledger.count() == before


def test_a_login_of_ones_own_is_not_bound_to_a_link(client, slot, admin):
    """Whoever is logged in has no door: the session of a link is another one."""
    secret = invite(slot, admin)
    open_door(client, secret)
    client.force_login(holder_of(make_declaration(slots=1).signatories.get()))
    assert client.get(url("door_sign")).status_code == 404


# --- An alarm


def test_c64_one_command_ends_sessions_personal_links_and_codes_and_says_how_many(client, admin, slot):
    unopened, opened = invite(slot, admin), Client()
    assert opened.post(url("door"), {"secret": unopened})["Location"] == url("door_code")
    opened.post(url("door_code"), {"send": "1"})
    code = code_from_mail()
    logged_in = Client()
    logged_in.force_login(admin)
    entries, out = LedgerEntry.objects.count(), io.StringIO()

    call_command("revoke_everything", stdout=out)

    assert "2 sesi, 1 tautan pribadi, dan 1 kode sekali pakai diakhiri" in out.getvalue()
    assert logged_in.get(url("tasks")).status_code == 302
    assert opened.post(url("door_code"), {"code": code}).status_code == 404  # its session is gone
    assert client.post(url("door"), {"secret": unopened}).status_code == 410
    assert OneTimeCode.objects.get().expires_at <= timezone.now()
    assert LedgerEntry.objects.count() == entries
    assert list(chain.verify(slot.declaration)) == []
    open_door(client, invite(slot, admin))  # a new link opens again
    assert sign(client, slot)["Location"] == url("door_done")


def test_c64_a_link_that_was_owed_goes_out_no_more(admin, slot):
    inviting.make_link(fresh(slot), by=admin)
    call_command("revoke_everything", stdout=io.StringIO())
    mail.outbox.clear()
    outbox.send_due()
    assert [letter for letter in mail.outbox if "#" in letter.body] == []
    assert OutgoingMail.objects.get(kind="link").state == "dropped"


def test_a_mail_address_wraps_where_it_may(client, admin, slot):
    client.force_login(admin)
    assert "pejabat@<wbr>contoh<wbr>.example" in client.get(url("invite", slot.pk)).text
    assert breakable("a&b@x.id") == "a&amp;b@<wbr>x<wbr>.id"
    assert breakable("") == ""
