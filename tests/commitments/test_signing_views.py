"""The signer's pages: tasks, signing, declining, receipt. The verbs are in test_signing.py."""

import html
import json
import re
from datetime import timedelta
from urllib.parse import quote
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from agencies.models import Tenure
from commitments.models import LedgerEntry, OutgoingMail, Signatory, Signature
from commitments.publishing import verbs as publishing
from commitments.reviewing import verbs as reviewing
from tests.client import Client
from tests.factories import (
    holder_of,
    make_declaration,
    make_membership,
    make_official,
    make_scan,
    make_signature,
    make_slot,
    make_tenure,
    make_user,
)

pytestmark = pytest.mark.django_db

STROKES = [
    [[20, 100, 0, 0.5], [90, 30, 60, 0.7], [150, 120, 120, 0.5]],
    [[30, 140, 400, 0], [300, 138, 700, 1]],
]
DRAWING = json.dumps({"width": 358, "height": 176, "strokes": STROKES})


@pytest.fixture
def slot():
    return make_slot()


@pytest.fixture
def signer(client, slot):
    """The browser of the slot's holder."""
    client.force_login(holder_of(slot))
    return client


def page_of(slot) -> str:
    return reverse("commitments:sign", args=[slot.pk])


def decline_of(slot) -> str:
    return reverse("commitments:decline", args=[slot.pk])


def receipt_of(signature) -> str:
    return reverse("commitments:receipt", args=[signature.pk])


def filled(slot, **changes) -> dict:
    """The form as a browser sends it; None leaves a field out."""
    values = {
        "key": str(uuid4()),
        "digest": slot.declaration.text_digest,
        "method": "drawn",
        "drawing": DRAWING,
        "typed_name": "",
        "consent": "on",
    } | changes
    return {name: value for name, value in values.items() if value is not None}


def words(response) -> str:
    """What a reader of the page sees, in one line."""
    body = re.sub(r"<(script|style|head)\b.*?</\1>", " ", response.text, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())


def field(response, name: str) -> str:
    """The value of an input as a browser would send it again."""
    found = re.search(rf'name="{name}" value="([^"]*)"', response.text)
    assert found, name
    return html.unescape(found[1])


# Reading and signing


def test_the_page_shows_the_whole_text_and_who_signs(signer, slot):
    response = signer.get(page_of(slot))
    text = slot.declaration.text()
    shown = words(response)
    parts = [text["title"], text["opening"], text["points"][0]["text"], text["points"][1]["text"]]
    parts += [*text["points"][1]["sub_points"], *text["basis"], text["closing"]]
    places = [shown.index(part) for part in parts]

    assert places == sorted(places)
    official = slot.holder.official
    for fact in (
        official.full_name,
        slot.position.title,
        official.get_rank_display(),
        f"{official.nip[:4]}••••",
    ):
        assert fact in shown
    assert official.nip not in response.text
    assert "kedua butir" in shown
    assert "tidak tersertifikasi" in shown
    assert 'id="consent" name="consent" required>' in response.text  # never ticked beforehand


@pytest.mark.parametrize("method", ["drawn", "typed"])
def test_signing_leads_to_the_receipt(signer, slot, method):
    name = slot.holder.official.name.upper()
    changes = {"method": "typed", "drawing": "", "typed_name": name} if method == "typed" else {}
    response = signer.post(page_of(slot), filled(slot, **changes), headers={"User-Agent": "Peramban/1"})

    signature = Signature.objects.get()
    assert (response.status_code, response.url) == (302, receipt_of(signature))
    assert (signature.method, signature.typed_name) == (method, name if method == "typed" else "")
    assert (signature.user, signature.user_agent) == (holder_of(slot), "Peramban/1")
    assert signature.consent.startswith("Saya telah membaca kedua butir dan menandatanganinya")
    if method == "drawn":
        assert signature.strokes["strokes"][1] == [[3000, 14000, 400, 0], [30000, 13800, 700, 1000]]
        assert (signature.strokes["width"], signature.strokes["height"]) == (358, 176)


def test_c03_the_same_form_sent_again_shows_the_same_receipt(signer, slot):
    make_user("reviewer")
    values = filled(slot)
    first, second = (signer.post(page_of(slot), values) for _ in range(2))

    assert first.url == second.url == receipt_of(Signature.objects.get())
    assert LedgerEntry.objects.filter(kind="signed").count() == 1
    assert OutgoingMail.objects.filter(dedup_key__startswith="signed:").count() == 1


def test_c30_back_on_the_page_the_signer_finds_the_receipt(signer, slot):
    signer.post(page_of(slot), filled(slot))
    receipt = receipt_of(Signature.objects.get())

    assert signer.get(page_of(slot)).url == receipt
    assert signer.post(page_of(slot), filled(slot)).url == receipt  # a second tab, with a key of its own
    assert signer.post(decline_of(slot), {"reason": "Tidak jadi."}).url == receipt
    assert Signature.objects.count() == 1


def test_each_visit_has_a_key_of_its_own_and_a_refusal_keeps_it(signer, slot):
    keys = [field(signer.get(page_of(slot)), "key") for _ in range(2)]
    assert keys[0] != keys[1]
    assert field(signer.post(page_of(slot), filled(slot, key=keys[0], consent=None)), "key") == keys[0]


def test_c14_a_form_from_another_site_changes_nothing(slot):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(holder_of(slot))
    assert strict.post(page_of(slot), filled(slot)).status_code == 403
    assert strict.post(decline_of(slot), {"reason": "Alasan."}).status_code == 403
    assert Client().post(page_of(slot), filled(slot)).status_code == 302  # to the login page
    assert Signature.objects.count() == 0
    assert Signatory.objects.get(pk=slot.pk).state == "waiting"


@pytest.mark.parametrize("ended", [True, False])
def test_a_page_that_was_open_too_long_leads_back_to_the_signing_page(slot, ended):
    strict = Client(enforce_csrf_checks=True)
    if not ended:
        strict.force_login(holder_of(slot))
    refused = strict.post(page_of(slot), filled(slot))
    assert refused.status_code == 403
    label, address = ("Masuk lagi", f"{reverse('account_login')}?next={quote(page_of(slot), safe='')}")
    if not ended:
        label, address = "Buka lagi halaman tadi", page_of(slot)
    assert re.search(rf'<a class="btn btn-primary" href="{re.escape(address)}">.*{label}</a>', refused.text)


def test_c16_what_the_browser_says_about_the_text_is_not_believed(signer, slot):
    extra = {
        "html": "<p>Naskah lain</p>",
        "pdf": "JVBERi0=",
        "text_digest": "0" * 64,
        "signed_at": "2001-01-01",
    }
    signer.post(page_of(slot), filled(slot) | extra)
    signature = Signature.objects.get()
    assert signature.text_digest == slot.declaration.compute_digest()
    assert signature.signed_at > timezone.now() - timedelta(minutes=5)


@pytest.mark.parametrize("digest", ["0" * 64, "", None])
def test_c16_a_page_that_showed_another_text_is_refused(signer, slot, digest):
    response = signer.post(page_of(slot), filled(slot, digest=digest))
    assert response.status_code == 422
    assert "bukan naskah yang tersimpan" in words(response)
    assert field(response, "drawing") == DRAWING
    assert field(response, "digest") == slot.declaration.text_digest
    assert "checked" not in response.text.split('id="consent"')[1].split(">")[0]
    assert Signature.objects.count() == 0


BAD_DRAWINGS = {
    "": "masih kosong",
    '{"width":358,"height":176,"strokes":[]}': "masih kosong",
    '{"width":358,"height":176,"strokes":[[[10,10,0,1]]]}': "satu titik",
    '{"width":358,"height":176,"strokes":[[[10,10,0,1],[900,10,9,1]]]}': "keluar dari kotak",
    '{"width":358,"height":176,"strokes":[[[10,10,0,1],[NaN,10,9,1]]]}': "tidak dapat dibaca",
    '{"width":358,"height":176,"strokes":[[[10,10,0,1],["90",10,9,1]]]}': "tidak dapat dibaca",
    '{"width":358,"height":176,"strokes":{"a":[[1]]}}': "tidak dapat dibaca",
    "[" * 5000: "tidak dapat dibaca",
    json.dumps({"width": 358, "height": 176, "strokes": [[[1, 1, 0, 1]] * 20_001]}): "20.000 titik",
}


@pytest.mark.parametrize("drawing", BAD_DRAWINGS, ids=range(len(BAD_DRAWINGS)))
def test_c17_a_drawing_that_is_none_is_refused_by_name(signer, slot, drawing):
    response = signer.post(page_of(slot), filled(slot, drawing=drawing))
    assert response.status_code == 422
    assert BAD_DRAWINGS[drawing] in words(response)
    assert Signature.objects.count() == 0


def test_c17_a_million_points_never_reach_the_form(signer, slot):
    drawing = json.dumps({"width": 358, "height": 176, "strokes": [[[1, 1, 0, 1]] * 1_000_000]})
    assert signer.post(page_of(slot), filled(slot, drawing=drawing)).status_code == 400
    assert Signature.objects.count() == 0


REFUSALS = [
    ({"consent": None}, "Centang persetujuan"),
    ({"method": None}, "Pilih cara menandatangani"),
    ({"method": "scanned"}, "Pilih cara menandatangani"),
    ({"method": "typed"}, "Ketik nama lengkap Anda"),
    ({"method": "typed", "typed_name": "Orang Lain"}, "belum sama dengan data Anda. Ketik: Pejabat Contoh"),
    ({"method": "typed", "typed_name": "x" * 5000}, "terlalu panjang"),
    ({"key": None}, "tidak lengkap"),
    ({"key": "bukan-kunci"}, "tidak lengkap"),
]


@pytest.mark.parametrize(("changes", "sentence"), REFUSALS)
def test_a_refused_form_says_why_and_loses_nothing(signer, slot, changes, sentence):
    values = filled(slot, typed_name="Orang <b>Lain</b>") | changes
    response = signer.post(
        page_of(slot), {name: value for name, value in values.items() if value is not None}
    )

    assert response.status_code == 422
    assert sentence in words(response)
    assert field(response, "drawing") == DRAWING
    assert field(response, "typed_name") == values["typed_name"]
    assert re.search(r'id="problems" role="alert" tabindex="-1" autofocus', response.text)
    chosen = values["method"] if values["method"] in ("drawn", "typed") else "typed"
    assert re.search(rf'value="{chosen}" id="m-\w+" checked>', response.text)
    assert Signature.objects.count() == 0


@pytest.mark.parametrize("name", ["key", "digest", "method", "drawing", "typed_name", "consent", "extra"])
@pytest.mark.parametrize("value", ["\x00", "a\x00b", "\x1b", "\ufffe"])
def test_c71_control_characters_are_a_400(signer, slot, name, value):
    response = signer.post(page_of(slot), filled(slot, **{name: value}))
    assert response.status_code == 400
    assert signer.post(decline_of(slot), {"reason": f"Cuti{value}"}).status_code == 400
    assert Signatory.objects.get(pk=slot.pk).state == "waiting"


@pytest.mark.parametrize("number", ["0", "99999999", "9" * 30])
def test_c71_numbers_that_name_nothing_are_a_404(signer, number):
    for address in (f"/tanda-tangan/{number}/", f"/bukti/{number}/"):
        assert signer.get(address).status_code == 404
    assert signer.post(f"/tanda-tangan/{number}/belum-dapat/", {"reason": "x"}).status_code == 404


def test_c61_markup_stays_text(client):
    markup = '<script>alert("x")</script>&amp;'
    tenure = make_tenure(official=make_official(name=markup, user=make_user()))
    tenure.position.title = f"Kepala {markup}"
    tenure.position.save()
    slot = make_slot(positions=[tenure.position], title=markup, opening=markup, closing=markup)
    client.force_login(tenure.official.user)
    refused = client.post(page_of(slot), filled(slot, drawing=f'"{markup}"', typed_name=markup, consent=None))
    signed = client.post(page_of(slot), filled(slot, method="typed", typed_name=tenure.official.full_name))
    pages = [client.get(reverse("commitments:tasks")), refused, client.get(signed.url)]

    for page in pages:
        assert "<script>alert" not in page.text
        assert markup in html.unescape(page.text)


# Who may


def test_only_the_holder_of_an_open_slot_finds_the_page(client, slot):
    strangers = [make_user(), make_user("admin"), make_user("reviewer"), make_user("monitor")]
    strangers += [make_membership(agency=slot.position.agency).user, make_tenure().official.user]
    for stranger in strangers:
        client.force_login(stranger)
        assert client.get(page_of(slot)).status_code == 404
        assert client.post(page_of(slot), filled(slot)).status_code == 404
    assert Signature.objects.count() == 0


def test_c41_only_the_slots_own_signer_declines(client, slot):
    for stranger in (make_user(), make_user("admin"), make_user("reviewer"), make_tenure().official.user):
        client.force_login(stranger)
        assert client.post(decline_of(slot), {"reason": "Bukan saya."}).status_code == 404
    assert Signatory.objects.get(pk=slot.pk).state == "waiting"


def test_c27_the_slot_follows_the_post_when_the_holder_changes(client, slot):
    old, today = holder_of(slot), timezone.localdate()
    Tenure.objects.filter(position=slot.position).update(ends_on=today - timedelta(days=1))
    new = make_tenure(position=slot.position, official=make_official(user=make_user()), starts_on=today)

    client.force_login(old)
    assert client.get(page_of(slot)).status_code == 404
    assert client.post(page_of(slot), filled(slot)).status_code == 404
    assert slot.declaration.title not in words(client.get(reverse("commitments:tasks")))
    client.force_login(new.official.user)
    assert new.full_name in words(client.get(page_of(slot)))
    assert "Ada 1 tugas untuk Anda" in words(client.get(reverse("commitments:tasks")))


@pytest.mark.parametrize(
    "end", [publishing.close, lambda it, by: publishing.withdraw(it, reason="Keliru.", by=by)]
)
def test_a_declaration_that_is_over_is_signed_by_nobody(signer, slot, end):
    end(slot.declaration, by=make_user("admin"))
    assert signer.get(page_of(slot)).status_code == 404
    assert signer.post(page_of(slot), filled(slot)).status_code == 404
    assert "Tidak ada tugas untuk Anda" in words(signer.get(reverse("commitments:tasks")))
    assert Signature.objects.count() == 0


@pytest.mark.parametrize("is_sample", [True, False])
def test_a_printed_receipt_page_has_the_code_and_the_mark_of_sample_data(client, is_sample):
    declaration = make_declaration(slots=1, is_sample=is_sample)
    signature = make_signature(declaration.signatories.get())
    client.force_login(signature.user)
    page = client.get(receipt_of(signature)).text
    (printed,) = re.findall(r'<p class="d-none d-print-block">(.*?)</p>', page)
    assert declaration.printed_code in printed
    assert ("DATA CONTOH" in printed) == is_sample


def test_the_receipt_of_a_scan_shows_no_typed_name(client, slot):
    scan = make_scan(slot)
    client.force_login(holder_of(slot))
    page = client.get(receipt_of(scan))
    assert "Tinta basah, dipindai" in words(page)
    assert [mark for mark in ("typed-mark", "<figure", 'class="ink"') if mark in page.text] == []


def test_who_has_signed_finds_the_receipt_after_the_close_too(signer, slot):
    signature = make_signature(slot, state="accepted")
    publishing.close(slot.declaration, by=make_user("admin"))
    assert signer.get(page_of(slot)).url == receipt_of(signature)
    assert "Tanda tangan diterima" in words(signer.get(receipt_of(signature)))


@pytest.mark.parametrize(
    ("name", "wrong"), [("sign", "put"), ("decline", "get"), ("receipt", "post"), ("tasks", "post")]
)
def test_other_methods_are_refused(signer, slot, name, wrong):
    address = reverse(f"commitments:{name}", args=[] if name == "tasks" else [slot.pk])
    assert getattr(signer, wrong)(address).status_code == 405


# After a return


def test_c43_after_a_return_the_reason_is_in_view_and_a_new_signature_adds(signer, slot):
    first = make_signature(slot, state="returned")
    page = words(signer.get(page_of(slot)))
    assert "Tanda tangan Anda dikembalikan pada" in page
    assert "Goresan tidak terbaca." in page

    receipt = signer.post(page_of(slot), filled(slot)).url
    second = Signature.objects.latest("pk")
    assert receipt == receipt_of(second)
    assert set(Signature.objects.values_list("pk", flat=True)) == {first.pk, second.pk}
    assert "Tanda tangan dikembalikan" in words(signer.get(receipt_of(first)))
    assert "Tanda tangan Anda tersimpan" in words(signer.get(receipt_of(second)))
    assert first.number != second.number


# Declining


def test_wrong_data_are_a_matter_for_the_administrator_and_no_reason_to_decline(signer, slot):
    shown = words(signer.get(page_of(slot)))
    assert "Data di atas keliru? Hubungi Administrator DPPPA sebelum menandatangani." in shown
    assert "juga bila data di atas keliru" not in shown


def test_declining_tells_the_reason_and_leaves_the_door_open(signer, slot):
    response = signer.post(decline_of(slot), {"reason": "Sedang cuti besar."}, follow=True)
    shown = words(response)
    assert response.redirect_chain == [(reverse("commitments:tasks"), 302)]
    assert "Alasan Anda tercatat." in shown
    assert "Belum dapat menandatangani" in shown
    assert "Sedang cuti besar." in shown
    assert "Sedang cuti besar." in words(signer.get(page_of(slot)))

    signer.post(page_of(slot), filled(slot))
    assert Signatory.objects.get(pk=slot.pk).state == "signed"


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [("", "Tulis alasan singkat"), ("  ", "Tulis alasan singkat"), ("x" * 501, "500 huruf")],
)
def test_declining_without_a_usable_reason_is_refused(signer, slot, reason, sentence):
    response = signer.post(decline_of(slot), {"reason": reason})
    assert response.status_code == 422
    assert sentence in words(response)
    assert reason.strip() in response.text
    assert '<details class="more mt-3" id="not-yet" open>' in response.text
    assert Signatory.objects.get(pk=slot.pk).state == "waiting"


def test_the_receipt_shows_the_printed_name_and_tells_what_was_typed(signer, slot):
    name = slot.holder.official.name
    shown = words(
        signer.post(page_of(slot), filled(slot, method="typed", typed_name=name.lower()), follow=True)
    )
    assert f"Yang diketik: {name.lower()}" in shown
    assert f"{slot.holder.full_name} Seperti tampil di naskah" in shown
    assert "Buka PDF" in shown


def test_declining_twice_is_refused_in_a_sentence(signer, slot):
    signer.post(decline_of(slot), {"reason": "Sedang cuti."})
    response = signer.post(decline_of(slot), {"reason": "Masih cuti."})
    assert response.status_code == 422
    assert "tidak dapat dilakukan pada keadaan sekarang" in words(response)


# Tasks


def test_each_signature_among_the_tasks_names_its_year(client):
    signature = make_signature()
    client.force_login(signature.user)
    shown = words(client.get(reverse("commitments:tasks")))
    declaration = signature.signatory.declaration
    assert f"{declaration.title} {declaration.year}" in shown


@pytest.mark.parametrize("rows", [1, 3])
def test_the_tasks_cost_the_same_for_any_length(client, rows, django_assert_num_queries):
    official = make_official(user=make_user())
    for _ in range(rows):
        positions = [make_tenure(official=official).position for _ in range(4)]
        _waiting, returned, refused, done = (make_slot(positions=[position]) for position in positions)
        make_signature(returned, state="returned")
        make_signature(done)
        client.force_login(official.user)
        client.post(decline_of(refused), {"reason": "Sedang cuti."})
    make_signature()  # somebody else's
    client.get(reverse("commitments:tasks"))  # shows the messages of declining, once

    # session, user, posts, slots, their holders, signatures; roles and offices for the frame
    with django_assert_num_queries(8):
        response = client.get(reverse("commitments:tasks"))

    context = response.context
    assert [len(context[name]) for name in ("waiting", "refused", "signatures")] == [2 * rows, rows, 2 * rows]
    assert f"Ada {2 * rows} tugas untuk Anda" in words(response)


def test_the_tasks_show_the_reviewers_reason_and_the_deadline(client):
    deadline = timezone.localdate() + timedelta(days=3)
    slot = make_slot(sign_by=deadline)
    make_signature(slot, state="returned")
    client.force_login(holder_of(slot))
    shown = words(client.get(reverse("commitments:tasks")))
    for part in (
        "Dikembalikan",
        "Catatan pemeriksa: Goresan tidak terbaca.",
        "3 hari lagi",
        "Tanda tangani ulang",
    ):
        assert part in shown


def test_somebody_with_two_posts_has_two_tasks_and_signs_each_for_itself(client):
    head = make_tenure()
    acting = make_tenure(official=head.official, capacity="plt")
    declaration = make_declaration(positions=[head.position, acting.position])
    client.force_login(head.official.user)
    first, second = declaration.signatories.in_protocol_order()
    shown = words(client.get(reverse("commitments:tasks")))
    assert "Ada 2 tugas untuk Anda" in shown
    assert f"Plt. {acting.position.title}" in shown

    assert f"Kembali ke Tugas {head.position.title}" in words(client.get(page_of(first)))
    assert "Plt." not in words(client.get(page_of(first)))
    assert f"Plt. {acting.position.title} Dasar: SP/1/CONTOH" in words(client.get(page_of(second)))
    client.post(page_of(second), filled(second))
    states = (
        Signatory.objects.filter(declaration=declaration).in_protocol_order().values_list("state", flat=True)
    )
    assert list(states) == ["waiting", "signed"]
    assert "Ada 1 tugas untuk Anda" in words(client.get(reverse("commitments:tasks")))


def test_an_empty_list_says_what_comes_next(client):
    client.force_login(make_tenure().official.user)
    assert "undangannya dikirim ke pos-el dinas" in words(client.get(reverse("commitments:tasks")))
    client.force_login(make_user("monitor"))
    assert "Akun ini belum terhubung dengan jabatan" in words(client.get(reverse("commitments:tasks")))


# Receipt


@pytest.mark.parametrize("typed", [False, True])
def test_the_receipt_says_what_was_signed_when_and_how(client, typed):
    signature = make_signature(typed=typed)
    client.force_login(signature.user)
    response = client.get(receipt_of(signature))
    shown = words(response)
    wib = timezone.localtime(signature.signed_at)
    facts = [signature.printed_number, signature.full_name, signature.position_title, f"{wib:%H.%M} WIB"]
    facts += [signature.signatory.declaration.title, signature.consent, signature.text_digest[:4]]
    facts += [
        f"{'Diketik' if typed else 'Digambar'}, tidak tersertifikasi",
        "DPPPA memeriksa",
        "Ditandatangani",
    ]
    assert [fact for fact in facts if fact not in shown] == []
    assert signature.text_digest in shown.replace(" ", "")
    assert ('<path d="M' in response.text) is not typed
    assert signature.nip not in response.text


def test_only_the_signer_and_the_reviewers_see_a_receipt(client):
    signature = make_signature()
    slot = signature.signatory
    allowed = [signature.user, make_user("reviewer"), make_user("admin")]
    refused = [make_user(), make_user("monitor"), make_tenure().official.user]
    refused.append(make_membership(agency=slot.position.agency).user)
    Tenure.objects.filter(position=slot.position).update(ends_on=timezone.localdate() - timedelta(days=1))
    refused.append(make_tenure(position=slot.position, starts_on=timezone.localdate()).official.user)
    for users, status in ((allowed, 200), (refused, 404)):
        for user in users:
            client.force_login(user)
            assert client.get(receipt_of(signature)).status_code == status


def test_the_receipt_of_a_returned_signature_leads_to_signing_again(signer, slot):
    signature = make_signature(slot, state="returned")
    response = signer.get(receipt_of(signature))
    assert "Catatan pemeriksa: Goresan tidak terbaca." in words(response)
    assert f'href="{page_of(slot)}"' in response.text
    signer.post(page_of(slot), filled(slot))
    assert f'href="{page_of(slot)}"' not in signer.get(receipt_of(signature)).text


def test_an_accepted_signature_says_so_on_its_receipt(signer, slot):
    signature = make_signature(slot)
    reviewing.accept(signature, by=make_user("reviewer"))
    assert "DPPPA menerimanya pada" in words(signer.get(receipt_of(signature)))
