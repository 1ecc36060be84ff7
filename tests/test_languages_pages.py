"""Pages speak the language that was chosen; what is kept, printed or sent stays Indonesian."""

import re
import subprocess
from datetime import date
from html import unescape
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib import admin
from django.core import mail
from django.urls import reverse
from django.utils import translation

from commitments import chain, dates, outbox
from commitments.documents.declaration import declaration_html, rows_of
from commitments.documents.receipt import receipt_html
from commitments.documents.wet_ink import wet_ink_html
from commitments.models import OutgoingMail
from commitments.printing import jobs
from commitments.publishing import verbs as publishing
from commitments.signing.forms import consent_sentence
from tests.factories import (
    PASSWORD,
    holder_of,
    make_criterion,
    make_declaration,
    make_focal_point,
    make_membership,
    make_position,
    make_signature,
    make_slot,
    make_sub_district,
    make_tenure,
    make_totp,
    make_user,
    make_verifier,
)
from tests.logins import Half, enter
from tests.passkeys import make_passkey

pytestmark = pytest.mark.django_db
COOKIE = settings.LANGUAGE_COOKIE_NAME
HEADING = re.compile(r"<h1[^>]*>(.*?)</h1>", re.DOTALL)


def heading(page) -> str:
    (text,) = HEADING.findall(page.text)
    return unescape(" ".join(re.sub(r"<[^>]+>", "", text).split()))


def words_of(page) -> str:
    text = re.sub(r"<(script|style).*?</\1>", " ", page.text, flags=re.DOTALL)
    spoken = re.findall(r'(?:alt|title|aria-label|placeholder|data-[a-z]+|value)="([^"]*)"', text)
    return unescape(" ".join([re.sub(r"<[^>]+>", " ", text), *spoken]))


# --- Pages

PAGES = {
    "verify": (None, "Periksa keaslian lembar", "Verify a sheet"),
    "tasks": ("signer", "Ada 1 tugas untuk Anda", "There is 1 task for you"),
    "office": ("operator", "1 tanda tangan belum ada", "1 signature missing"),
    "declaration_list": ("monitor", "Deklarasi", "Declaration"),
    "review_queue": ("reviewer", "0 tanda tangan menunggu diperiksa", "0 signatures waiting for review"),
    "declaration_new": ("admin", "Susun deklarasi", "Prepare a declaration"),
    "calendar": ("admin", "Kalender", "Calendar"),
}


@pytest.fixture
def people():
    slot = make_slot()
    return {
        None: None,
        "signer": holder_of(slot),
        "operator": make_membership(agency=slot.position.agency).user,
        **{role: make_user(role) for role in ("monitor", "reviewer", "admin")},
    }


@pytest.mark.parametrize("name", sorted(PAGES))
def test_a_page_speaks_the_language_that_was_chosen(client, people, name):
    person, indonesian, english = PAGES[name]
    if people[person]:
        client.force_login(people[person])
    url = reverse(f"commitments:{name}")
    before = client.get(url, headers={"Accept-Language": "en-US,en"})  # what the browser prefers is not asked
    assert '<html lang="id">' in before.text
    assert heading(before) == indonesian
    assert before.headers["Content-Language"] == "id"
    client.cookies[COOKIE] = "en"
    after = client.get(url)
    assert '<html lang="en">' in after.text
    assert heading(after) == english
    assert after.headers["Content-Language"] == "en"
    assert "Cookie" in after.headers["Vary"]
    assert translation.get_language() == "id"  # the next request begins anew


def test_the_admin_speaks_it_too(client):
    client.force_login(make_user("admin"))
    url = reverse("admin:agencies_position_changelist")
    assert "Pilih jabatan" in heading(client.get(url))
    client.cookies[COOKIE] = "en"
    page = client.get(url)
    assert "Select post" in heading(page)
    assert f'action="{reverse("language")}"' in page.text
    assert "XLSX or CSV file" in client.get(reverse("admin:agencies_user_import")).text


def test_error_pages_speak_it_too(client):
    client.cookies[COOKIE] = "en"
    assert heading(client.get("/tidak-ada/")) == "Page not found"
    assert heading(client.get("/?a=%00")) == "The input cannot be read"


def test_the_landing_counts_in_words_of_its_language(client):
    make_declaration()
    assert "Dua butir yang disepakati" in client.get("/").text
    client.cookies[COOKIE] = "en"
    assert "Two points agreed" in client.get("/").text


def test_dates_are_english_on_english_pages_and_the_clock_is_the_same():
    instant = dates.datetime(2026, 8, 3, 17, 30, tzinfo=dates.UTC)
    assert dates.day_date(instant) == "Selasa, 4 Agustus 2026"
    assert dates.moment(instant) == "4 Agustus 2026 pukul 00.30 WIB"
    with translation.override("en"):
        assert dates.day_date(instant) == "Tuesday, 4 August 2026"
        assert dates.moment(instant) == "4 August 2026 at 00.30 WIB"
        assert dates.date_in_words(date(2022, 5, 11)).startswith("Rabu tanggal Sebelas bulan Mei")


# --- The switch


def test_the_switch_in_the_foot_changes_the_language_and_returns(client):
    page = reverse("commitments:verify")
    text = client.get(page).text
    (switch,) = re.findall(r'<form class="languages".*?</form>', text, re.DOTALL)
    assert f'action="{reverse("language")}"' in switch
    assert f'name="next" value="{page}"' in switch
    assert re.findall(r'value="(\w+)" lang="(\w+)"( aria-current="true")?', switch) == [
        ("id", "id", ' aria-current="true"'),
        ("en", "en", ""),
    ]
    answer = client.post(reverse("language"), {"language": "en", "next": page}, follow=True)
    assert answer.redirect_chain == [(page, 302)]
    assert '<html lang="en">' in answer.text
    answer = client.post(reverse("language"), {"language": "id", "next": page}, follow=True)
    assert '<html lang="id">' in answer.text


def test_on_a_refused_form_the_switch_leads_to_the_page_that_held_it(client):
    signature = make_signature()
    client.force_login(make_user("reviewer"))
    held = reverse("commitments:review", args=[signature.pk])
    headers = {"Referer": f"http://testserver{held}"}
    refused = client.post(reverse("commitments:review_return", args=[signature.pk]), {}, headers=headers)
    assert refused.status_code == 422
    assert f'name="next" value="{held}"' in refused.text


@pytest.mark.parametrize("language", ["xx", "", "../en", "e" * 999])
@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:alert(1)", ""])
def test_the_switch_leads_nowhere_else_and_knows_two_languages(client, language, target):
    answer = client.post(reverse("language"), {"language": language, "next": target})
    assert answer.status_code == 302
    assert answer.url.startswith("/")
    assert not answer.url.startswith("//")
    assert COOKIE not in answer.cookies
    client.cookies[COOKIE] = language
    assert '<html lang="id">' in client.get(reverse("commitments:verify")).text


def test_the_cookie_lasts_a_year_and_no_script_reads_it(client):
    cookie = client.post(reverse("language"), {"language": "en", "next": "/"}).cookies[COOKIE]
    assert cookie["max-age"] == 365 * 24 * 3600
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")


# --- What stays Indonesian


def test_signing_in_english_stores_prints_and_sends_indonesian(client):
    make_user("reviewer")
    slot = make_slot()
    declaration = slot.declaration
    client.force_login(holder_of(slot))
    client.cookies[COOKIE] = "en"
    page = client.get(reverse("commitments:sign", args=[slot.pk]))
    sentence = consent_sentence(declaration)
    assert sentence.startswith("Saya telah membaca ")
    assert sentence in page.text
    assert f"Bekasi, {dates.long_date(declaration.date)}" in page.text  # the text itself is not translated
    assert "Draw on the screen" in page.text
    form = {
        "key": page.context["form"].current_key(),
        "digest": declaration.text_digest,
        "method": "typed",
        "typed_name": slot.holder.full_name,
        "consent": "on",
    }
    answer = client.post(reverse("commitments:sign", args=[slot.pk]), form, follow=True)
    assert "Your signature is stored" in answer.text
    signature = slot.signatures.get()
    assert signature.consent == sentence
    assert signature.text_digest == declaration.compute_digest()
    mails = {row.kind: f"{row.subject}\n{row.body}" for row in OutgoingMail.objects.all()}
    assert set(mails) == {"invited", "signed"}
    assert mails["signed"].startswith("Menunggu pemeriksaan: ")
    assert [spoken_in_english(text) for text in mails.values()] == [set(), set()]
    assert chain.verify(declaration) == []


def test_papers_are_indonesian_whoever_asks_for_them():
    declaration = make_declaration(slots=3, positions=None)
    publishing.add_slot(declaration, position=make_position(), by=declaration.created_by)  # vacant
    signature = make_signature(declaration.signatories.in_protocol_order().first())

    def papers() -> list[str]:
        texts = [
            declaration_html(declaration, final=final, page_size="f4", rows=rows_of(declaration, final=final))
            for final in (False, True)
        ]
        return [*texts, wet_ink_html(declaration, page_size="f4"), receipt_html(signature)]

    with translation.override("en"):
        english = papers()
    assert english == papers()
    assert "jabatan kosong" in english[0]
    assert "tidak menandatangani sampai ditutup" in english[1]


@pytest.mark.postgresql
def test_a_final_paper_issued_in_english_is_the_indonesian_one(client):
    declaration = make_declaration(state="closed")
    client.force_login(declaration.created_by)
    client.cookies[COOKIE] = "en"
    answer = client.post(reverse("commitments:issue_final", args=[declaration.pk]), follow=True)
    assert "The final paper is being prepared" in answer.text
    with translation.override("en"):
        assert jobs.work_due() == (1, 0)
    with declaration.documents.get().file.open() as file:
        printed = subprocess.run(["pdftotext", "-", "-"], stdin=file, capture_output=True, check=True)
    text = " ".join(printed.stdout.decode().split())
    assert "tidak menandatangani sampai ditutup" in text
    assert "0 dari 1 jabatan menandatangani" in text
    assert chain.verify(declaration) == []


def test_what_the_reviewer_stores_and_sends_in_english_is_indonesian(client):
    signature = make_signature()
    client.force_login(make_user("reviewer"))
    client.cookies[COOKIE] = "en"
    page = client.get(reverse("commitments:review", args=[signature.pk]))
    (chosen,) = re.findall(r'<option value="([^"]+)">\s*Strokes unreadable', page.text)
    client.post(reverse("commitments:review_return", args=[signature.pk]), {"reason": chosen})
    assert signature.reviews.get().reason == "Goresan tidak terbaca. Mohon tanda tangan ulang."
    returned = OutgoingMail.objects.get(kind="returned")
    assert "Goresan tidak terbaca. Mohon tanda tangan ulang." in returned.body
    assert spoken_in_english(f"{returned.subject} {returned.body}") == set()


def test_the_ready_texts_are_indonesian_on_an_english_page(client):
    slot = make_slot()
    client.force_login(make_user("admin"))
    client.cookies[COOKIE] = "en"
    page = client.get(reverse("commitments:remind", args=[slot.declaration_id]))
    (group_text,) = re.findall(r"<textarea[^>]*id=\"tgrup\"[^>]*>(.*?)</textarea>", page.text, re.DOTALL)
    assert spoken_in_english(group_text) == set()
    assert 'lang="id" readonly' in page.text


def test_a_draft_begun_in_english_proposes_the_indonesian_text(client):
    client.force_login(make_user("admin"))
    client.cookies[COOKIE] = "en"
    page = client.get(reverse("commitments:declaration_new"))
    assert spoken_in_english(page.context["form"]["title"].value() or "") == set()
    from commitments.publishing.texts import opening_for

    with translation.override("en"):
        text = opening_for(date(2026, 11, 25), "Aula")
    assert text.startswith("Pada hari ini, Rabu tanggal Dua Puluh Lima bulan November")


# --- C70

ENGLISH = {
    "the", "please", "password", "invalid", "required", "must", "your", "field", "enter", "this",
    "that", "with", "not", "log", "sign", "page", "error", "search", "change", "view", "history", "add",
    "delete", "select", "all", "save", "name", "user", "by",
}  # fmt: skip


def spoken_in_english(text: str) -> set[str]:
    # Not in addresses, nor in codes and numbers, which may spell anything.
    prose = re.sub(r"\S+/\S+|\S+@\S+|\S*\d\S*", " ", text.lower())
    return ENGLISH & set(re.findall(r"[a-z]+", prose))


def english_of_the_libraries() -> set[str]:
    """Sentences of Django, allauth and the importer in English, which must not reach an Indonesian reader."""
    import allauth
    import django
    import import_export
    import simple_history

    found: set[str] = set()
    for library in (django, allauth, import_export, simple_history):
        for path in Path(str(library.__file__)).parent.rglob("locale/*/LC_MESSAGES/django.po"):
            if path.parts[-3] not in {"id", "de"}:  # the importer has no Indonesian; any has the msgids
                continue
            texts = re.findall(r'^msgid "(.+)"$', path.read_text(encoding="utf-8"), re.MULTILINE)
            found |= {text for text in texts if len(text.split()) > 2}
    parts = (part.strip() for text in found for part in re.split(r"%\(\w+\)[sd]|%[sd]|\{\w*\}", text))
    return {part for part in parts if part.count(" ") > 1}


def second_steps_of(client, user) -> list:
    """Every page of Keamanan akun, with and without factors, and of the step at the login."""
    names = ("mfa_index", "mfa_activate_totp", "mfa_add_webauthn", "mfa_list_webauthn", "usersessions_list")
    again = ("account_reauthenticate", "mfa_reauthenticate", "mfa_reauthenticate_webauthn")
    codes = ("mfa_view_recovery_codes", "mfa_generate_recovery_codes", "mfa_download_recovery_codes")
    client.force_login(user)
    pages = [client.get(reverse(name)) for name in names]
    pages += [client.post(reverse("mfa_activate_totp"), {"code": code}) for code in ("", "000000")]
    pages += [client.post(reverse("mfa_add_webauthn"), {"name": "", "credential": "{}"})]
    make_totp(user)
    passkey = make_passkey(user)
    pages += [client.post(reverse("mfa_generate_recovery_codes"), follow=True)]
    pages += [
        client.get(reverse(name)) for name in ("mfa_deactivate_totp", *names[:1], *names[2:], *again, *codes)
    ]
    pages += [client.post(reverse(name), {}) for name in again]
    one = {name: reverse(name, args=[passkey.pk]) for name in ("mfa_edit_webauthn", "mfa_remove_webauthn")}
    pages += [client.get(address) for address in one.values()]
    pages += [client.post(one["mfa_edit_webauthn"], {"name": name}) for name in ("", "x" * 70)]
    pages += [client.post(one["mfa_remove_webauthn"], follow=True)]
    pages += [client.post(reverse("usersessions_list"), follow=True)]
    client.logout()
    enter(client, Half(user))
    step = reverse("mfa_authenticate")
    pages += [
        client.get(step),
        client.post(step, {}),
        *[client.post(step, {"code": "000000"}) for _ in range(7)],
    ]
    client.logout()
    client.force_login(user)
    return [*pages, client.post(reverse("mfa_deactivate_totp"), follow=True)]


def test_c70_no_english_sentence_reaches_a_signer(client):
    slot, other = make_slot(), make_slot()
    signed = make_signature(make_slot(positions=[slot.position]), state="returned")
    user = holder_of(slot)
    login, reset = reverse("account_login"), reverse("account_reset_password")
    change, sign = reverse("account_change_password"), reverse("commitments:sign", args=[slot.pk])
    get, post = client.get, client.post
    pages = [get(login), post(login, {}), post(login, {"login": "x", "password": "y"})]
    pages += [get(reset), post(reset, {}), post(reset, {"email": "x"})]
    pages += [post(reset, {"email": user.email}, follow=True)]
    (link,) = re.findall(r"http://[^/]+(/akun/kata-sandi/baru/\S+)", mail.outbox[0].body)
    new = get(link).headers["Location"]
    pages += [get(new), post(new, {}), post(new, {"password1": "1", "password2": "2"})]
    pages += [post(new, {"password1": PASSWORD + "!", "password2": PASSWORD + "!"}, follow=True), get(link)]
    pages += [
        get("/akun/kata-sandi/baru/1-x/"),
        get(reverse("account_inactive")),
        get(reverse("account_logout")),
    ]
    pages += [post(login, {"login": "nobody", "password": "x"}) for _ in range(8)]
    pages += [post(reset, {"email": "a@b.example"}) for _ in range(5)]
    user.refresh_from_db()  # with the new password
    ask, typed = reverse("account_request_login_code"), reverse("account_confirm_login_code")
    pages += [
        get(ask),
        post(ask, {}),
        post(ask, {"email": "x"}),
        post(ask, {"email": user.email}, follow=True),
    ]
    pages += [post(typed, {}), *[post(typed, {"code": "000000"}) for _ in range(6)]]
    pages += second_steps_of(client, user)
    names = ("tasks", "declaration_list", "calendar", "office", "sub_district_list", "landing", "verify")
    pages += [get(reverse(f"commitments:{name}")) for name in names]
    pages += [
        get(reverse("commitments:verify_code", args=[code])) for code in (slot.declaration.code, "000000000")
    ]
    pages += [get(reverse("commitments:declaration_detail", args=[slot.declaration_id]))]
    pages += [get(sign), post(sign, {}), post(sign, {"method": "drawn", "drawing": "x"})]
    pages += [post(reverse("commitments:decline", args=[slot.pk]), {"reason": ""})]
    pages += [get(reverse("commitments:sign", args=[other.pk])), get("/tidak/ada/"), get("/?a=%00")]
    pages += [get(reverse("commitments:review_queue")), get(reverse("commitments:decline", args=[slot.pk]))]
    pages += [get(reverse("commitments:receipt", args=[signed.pk])), get(change)]
    for old, one, two in [
        ("x", "123", "4"),
        (PASSWORD + "!", "password12", "password12"),
        (PASSWORD + "!", "1" * 12, "2" * 12),
    ]:
        pages += [post(change, {"oldpassword": old, "password1": one, "password2": two})]
    pages += [
        post(
            change, {"oldpassword": PASSWORD + "!", "password1": PASSWORD, "password2": PASSWORD}, follow=True
        )
    ]
    assert {200, 400, 403, 404, 405, 422, 429} <= {page.status_code for page in pages}
    outbox.send_due()
    letters = [f"{letter.subject} {letter.body}" for letter in mail.outbox]
    assert len(letters) >= 5
    texts = [words_of(page) for page in pages] + letters
    sentences = english_of_the_libraries()
    assert len(sentences) > 300
    assert sorted(sentence for sentence in sentences if any(sentence in text for text in texts)) == []
    assert [spoken for spoken in map(spoken_in_english, texts) if spoken] == []


@pytest.mark.parametrize(
    "model", sorted(admin.site._registry, key=str), ids=lambda model: model._meta.label_lower
)
def test_c70_master_data_and_windows_speak_indonesian(client, model):
    make_signature(state="accepted")
    make_membership()
    make_tenure(capacity="plt")
    make_sub_district()
    make_criterion(), make_verifier(), make_focal_point()
    issued = make_declaration(state="closed")
    client.force_login(issued.created_by)
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    pages = [client.get(reverse(f"{name}_changelist")), client.get(reverse("admin:index"))]
    row = model._default_manager.first()
    if row:
        pages += [client.get(reverse(f"{name}_change", args=[row.pk]))]
    if admin.site._registry[model].has_add_permission(pages[0].wsgi_request):
        pages += [client.get(reverse(f"{name}_add")), client.post(reverse(f"{name}_add"), {})]
        pages += [client.get(reverse(f"{name}_history", args=[row.pk]))]
    texts = [words_of(page) for page in pages if page.status_code == 200]
    assert texts
    sentences = english_of_the_libraries()
    assert sorted(sentence for sentence in sentences if any(sentence in text for text in texts)) == []


@pytest.mark.parametrize("window", sorted(admin.site._registry.values(), key=str), ids=str)
def test_c70_every_field_that_the_admin_shows_has_a_name(window, rf):
    """Django would show the English name in the code."""
    request = rf.get("/")
    request.user = make_user("admin", is_superuser=True)
    shown = {*window.get_fields(request), *window.get_list_display(request)}
    fields = [field for field in window.model._meta.fields if field.name in shown]
    assert fields
    assert [field.name for field in fields if field.verbose_name == field.name.replace("_", " ")] == []
