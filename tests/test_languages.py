"""Indonesian is the source; English is complete; what is kept, printed or sent stays Indonesian."""

import os
import re
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import translation

from commitments import chain
from commitments.documents.declaration import declaration_html
from commitments.models import OutgoingMail
from commitments.signing.forms import consent_sentence
from tests.factories import (
    PASSWORD,
    holder_of,
    make_declaration,
    make_signature,
    make_slot,
    make_user,
)

ROOT = Path(settings.BASE_DIR)
COOKIE = settings.LANGUAGE_COOKIE_NAME
# Always Indonesian, whoever reads them.
NOT_TRANSLATED = (
    "templates/documents/",
    "templates/emails/",
    "templates/500.html",  # shown when nothing may be relied upon
)
# Names and signs that are the same in every language.
SAME = {"NIP", "Komitmen PUG", "– Komitmen PUG Kota Bekasi", "PDF"}
SAID = ("alt", "title", "aria-label", "placeholder")


# --- The catalogue


def test_every_sentence_has_its_english(tmp_path):
    """In a copy, so that nothing is written into the tree while other tests read it."""
    for folder in ("agencies", "commitments", "pug_bekasi", "templates", "locale", "tools"):
        ignore = shutil.ignore_patterns("__pycache__", "*.mo")
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=ignore)
    shutil.copy(ROOT / "manage.py", tmp_path)
    environment = os.environ | {"PYTHON": sys.executable, "DATA_DIR": str(tmp_path / "var"), "DEMO": "1"}
    missing = subprocess.run(
        ["tools/messages.sh"], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    )
    untranslated = re.findall(r'^msgid "(.+)"$', missing.stdout, re.MULTILINE)
    assert untranslated == [], "run `make messages` and translate what is empty in locale/en"
    po = tmp_path / "locale/en/LC_MESSAGES/django.po"
    assert subprocess.run(["msgfmt", "--check-format", "-o", os.devnull, po], check=True).returncode == 0
    assert "#, fuzzy" not in po.read_text()
    assert po.read_text() == (ROOT / "locale/en/LC_MESSAGES/django.po").read_text(), "run `make messages`"


class Words(HTMLParser):
    """Text and spoken attributes of a template whose tags of Django's have been taken out."""

    def __init__(self):
        super().__init__()
        self.found: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag, attrs):
        self.silent += tag in {"script", "style"}
        self.found += [value for name, value in attrs if name in SAID and value]

    def handle_endtag(self, tag):
        self.silent -= tag in {"script", "style"}

    def handle_data(self, data):
        if not self.silent:
            self.found.append(data)


def bare_words(template: str) -> list[str]:
    text = re.sub(r"{% (blocktranslate|comment).*?{% end\1 %}", "", template, flags=re.DOTALL)
    text = re.sub(r"{% block bodyclass %}.*?{% endblock", "", text)
    text = re.sub(r"{%.*?%}|{{.*?}}|{#.*?#}", "", text, flags=re.DOTALL)
    words = Words()
    words.feed(text)
    found = (" ".join(word.split()).strip(" ·:,.…()<>|/") for word in words.found)
    return [word for word in found if re.search(r"[A-Za-z]{2}", word) and word not in SAME]


@pytest.mark.parametrize(
    "path",
    sorted(
        str(path.relative_to(ROOT))
        for path in (ROOT / "templates").rglob("*.html")
        if not str(path.relative_to(ROOT)).startswith(NOT_TRANSLATED)
    ),
)
def test_no_template_says_a_word_outside_translate(path):
    assert bare_words((ROOT / path).read_text()) == []


def test_the_search_for_bare_words_finds_them():
    template = '{% translate "Ya" %}<p title="Judul">Halo {{ nama }}</p><img alt="{% translate "Gambar" %}">'
    assert bare_words(template) == ["Judul", "Halo"]


# --- Pages

PAGES = {
    "landing": (None, "Deklarasi Komitmen Bersama", "Joint Declaration of Commitment"),
    "verify": (None, "Periksa keaslian lembar", "Check a sheet"),
    "tasks": ("signer", "Ada 1 tugas untuk Anda", "There are 1 tasks for you"),
    "declaration_list": ("monitor", "Deklarasi", "Prepare"),
    "review_queue": ("reviewer", "Pemeriksaan", "Review"),
    "calendar": ("admin", "Kalender", "Calendar"),
}


@pytest.fixture
def people(db):
    slot = make_slot()
    return {
        None: None,
        "signer": holder_of(slot),
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
    assert indonesian in before.text
    client.cookies[COOKIE] = "en"
    after = client.get(url)
    assert '<html lang="en">' in after.text
    assert (english in after.text) is (name != "declaration_list")  # only the administrator prepares
    assert after.headers["Content-Language"] == "en"
    assert "Cookie" in after.headers["Vary"]
    assert translation.get_language() == "id"  # the next request begins anew


@pytest.mark.django_db
def test_the_switch_in_the_foot_changes_the_language_and_returns(client):
    page = reverse("commitments:verify")
    assert f'action="{reverse("language")}"' in client.get(page).text
    answer = client.post(reverse("language"), {"language": "en", "next": page}, follow=True)
    assert answer.redirect_chain == [(page, 302)]
    assert '<html lang="en">' in answer.text
    answer = client.post(reverse("language"), {"language": "id", "next": page}, follow=True)
    assert '<html lang="id">' in answer.text


@pytest.mark.django_db
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


@pytest.mark.django_db
def test_the_switch_takes_no_get(client):
    assert client.get(reverse("language")).status_code == 405


# --- What stays Indonesian


@pytest.mark.django_db
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
    with translation.override("en"):
        assert "belum ditandatangani" not in declaration_html(declaration, final=False, page_size="f4")
        assert "Yang menyatakan komitmen," in declaration_html(declaration, final=False, page_size="f4")
    bodies = "\n".join(mail.subject + mail.body for mail in OutgoingMail.objects.all())
    assert "Those" not in bodies
    assert "tanda tangan" in bodies.lower()
    assert chain.verify(declaration) == []


@pytest.mark.django_db
def test_a_reviewer_in_english_returns_with_an_indonesian_reason(client):
    signature = make_signature()
    client.force_login(make_user("reviewer"))
    client.cookies[COOKIE] = "en"
    page = client.get(reverse("commitments:review", args=[signature.pk]))
    (chosen,) = re.findall(r'<option value="([^"]+)">\s*Strokes unreadable', page.text)
    client.post(reverse("commitments:review_return", args=[signature.pk]), {"reason": chosen})
    assert signature.reviews.get().reason == "Goresan tidak terbaca. Mohon tanda tangan ulang."


@pytest.mark.django_db
def test_the_mail_with_a_new_password_is_indonesian(client, mailoutbox):
    user = make_user()
    client.cookies[COOKIE] = "en"
    client.post(reverse("account_reset_password"), {"email": user.email})
    (mail,) = mailoutbox
    assert mail.subject == "Kata sandi baru untuk Komitmen PUG"


# --- C70


def english_of_the_libraries() -> set[str]:
    """Sentences of Django and allauth in English, which must not reach an Indonesian reader."""
    import allauth
    import django

    roots = [Path(django.__file__).parent, Path(allauth.__file__).parent]
    found: set[str] = set()
    for root in roots:
        for path in root.rglob("locale/id/LC_MESSAGES/django.po"):
            texts = re.findall(r'^msgid "(.+)"$', path.read_text(encoding="utf-8"), re.MULTILINE)
            found |= {text for text in texts if len(text.split()) > 2 and "%" not in text}
    return found


@pytest.mark.django_db
def test_c70_no_english_sentence_reaches_a_signer(client):
    slot = make_slot()
    user = holder_of(slot)
    other = make_slot()
    signed = make_signature(make_slot(positions=[slot.position]))
    login, reset = reverse("account_login"), reverse("account_reset_password")
    change = reverse("account_change_password")
    sign = reverse("commitments:sign", args=[slot.pk])
    answers = [client.get(login), client.post(login, {}), client.post(login, {"login": "x", "password": "y"})]
    answers += [client.get(reset), client.post(reset, {}), client.post(reset, {"email": "x"})]
    answers += [client.get("/akun/kata-sandi/baru/1-x/"), client.get(reverse("account_inactive"))]
    answers += [client.post(login, {"login": "nobody", "password": "x"}) for _ in range(8)]
    client.force_login(user)
    answers += [
        client.get(reverse(f"commitments:{name}")) for name in ("tasks", "declaration_list", "calendar")
    ]
    answers += [
        client.get(sign),
        client.post(sign, {}),
        client.post(sign, {"method": "drawn", "drawing": "x"}),
    ]
    answers += [client.get(reverse("commitments:sign", args=[other.pk])), client.get("/tidak/ada/")]
    answers += [
        client.get(reverse("commitments:review_queue")),
        client.get(reverse("commitments:decline", args=[slot.pk])),
    ]
    answers += [client.get(reverse("commitments:receipt", args=[signed.pk])), client.get("/?a=%00")]
    answers += [
        client.get(change),
        client.post(change, {"oldpassword": "x", "password1": "123", "password2": "4"}),
    ]
    answers += [
        client.post(change, {"oldpassword": PASSWORD, "password1": "password12", "password2": "password12"})
    ]
    answers += [client.post(change, {"oldpassword": PASSWORD, "password1": "1" * 12, "password2": "2" * 12})]
    texts = " ".join(re.sub(r"<[^>]+>", " ", answer.text) for answer in answers)
    assert {200, 400, 403, 404, 405, 422} <= {answer.status_code for answer in answers}
    assert sorted(sentence for sentence in english_of_the_libraries() if sentence in texts) == []
    english_words = {"the", "please", "password", "invalid", "required", "must", "your", "this field"}
    spoken = set(re.findall(r"[a-z]+", texts.lower()))
    assert english_words & spoken == set()


def test_c70_the_indonesian_catalogue_has_no_gap_that_we_show():
    """Headings of the admin come from names of ours, not from a method's English name."""
    with translation.override("id"):
        assert translation.gettext("This field is required.") == "Bidang ini tidak boleh kosong."


@pytest.mark.django_db
def test_the_whole_declaration_stays_as_it_was_in_both_languages():
    declaration = make_declaration()
    with translation.override("en"):
        english = declaration_html(declaration, final=False, page_size="f4")
    assert english == declaration_html(declaration, final=False, page_size="f4")
