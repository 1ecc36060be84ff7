"""Indonesian is the source of every sentence, and English has each of them."""

import ast
import os
import re
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation

ROOT = Path(settings.BASE_DIR)
PO = ROOT / "locale/en/LC_MESSAGES/django.po"
OURS = ("agencies", "commitments", "pug_bekasi")
# Always Indonesian, whoever reads them.
NOT_TRANSLATED = (
    "templates/documents/",
    "templates/emails/",
    "templates/500.html",  # shown when nothing may be relied upon
)
# Names and signs that are the same in every language.
SAME = {"NIP", "Komitmen PUG", "– Komitmen PUG Kota Bekasi", "PDF"}
SAID = ("alt", "title", "aria-label", "placeholder", "data-hx-confirm", "data-hx-prompt")
# Indonesian in code without a translation, and why.
STAYS_INDONESIAN = {
    "commitments/management/": "said in a terminal, or example data",
    "commitments/chain/": "findings of a check, told as they are",
    "commitments/documents/heads.py": "findings of a check, told as they are",
    "commitments/documents/keys.py": "stands in certificates",
    "commitments/documents/seal.py": "stands in the sealed file",
    "commitments/documents/stored.py": "findings of a check in a terminal",
    "commitments/documents/titles.py": "stands in the papers",
    "commitments/journal.py": "findings of a check, told as they are",
    "commitments/outbox.py": "stored",
    "commitments/publishing/texts.py": "proposed wording of a text, stored",
    "commitments/publishing/verbs.py": "the reason of a superseded text, stored",
    "commitments/reviewing/forms.py": "reasons, stored and sent",
    "pug_bekasi/management/": "said in a terminal",
    "pug_bekasi/settings.py": "said in a terminal",
    "pug_bekasi/views.py": "the health check, read by machines",
}
INDONESIAN = {
    "yang", "dan", "tidak", "belum", "sudah", "untuk", "ini", "dengan", "atau", "anda", "dari", "akan",
    "pada", "adalah", "oleh", "harus", "dapat", "semua", "kembali", "simpan", "hapus", "pilih", "tulis",
    "naskah", "tanda", "tangan", "halaman", "berkas",
}  # fmt: skip
SAYING = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy"}


# --- The catalogue


def sentences(po: str) -> dict[str, list[str]]:
    """msgid → its English, one or two forms. Each text stands in one line: the file is never wrapped."""
    found: dict[str, list[str]] = {}
    for block in po.split("\n\n")[1:]:
        (msgid,) = re.findall(r"^msgid (.+)$", block, re.MULTILINE)
        forms = re.findall(r"^msgstr(?:\[\d\])? (.+)$", block, re.MULTILINE)
        found[ast.literal_eval(msgid)] = [ast.literal_eval(form) for form in forms]
    return found


def placeholders(text: str) -> list[str]:
    return sorted(re.findall(r"%\(\w+\)[sd]|%[sd]|\{\w+\}|</?\w+", text))


def test_every_sentence_has_its_english(tmp_path):
    """In a copy, so that nothing is written into the tree while other tests read it."""
    for folder in (*OURS, "templates", "locale", "tools"):
        ignore = shutil.ignore_patterns("__pycache__", "*.mo")
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=ignore)
    shutil.copy(ROOT / "manage.py", tmp_path)
    environment = os.environ | {"PYTHON": sys.executable, "DATA_DIR": str(tmp_path / "var"), "DEMO": "1"}
    missing = subprocess.run(
        ["tools/messages.sh"], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    )
    untranslated = re.findall(r'^msgid "(.+)"$', missing.stdout, re.MULTILINE)
    assert untranslated == [], "run `make messages` and translate what is empty in locale/en"
    collected = (tmp_path / "locale/en/LC_MESSAGES/django.po").read_text()
    assert "#, fuzzy" not in collected
    assert collected == PO.read_text(), "run `make messages`"


def test_a_translation_has_the_placeholders_and_tags_of_its_sentence():
    wrong = {
        msgid: form
        for msgid, forms in sentences(PO.read_text()).items()
        for form in forms
        if placeholders(form) != placeholders(msgid) or msgid.startswith(" ") != form.startswith(" ")
    }
    assert wrong == {}


def test_no_library_changes_what_we_say():
    """Django's and allauth's catalogues are looked up by English sentences: one that equals ours would be taken."""
    texts = sentences(PO.read_text())
    with translation.override("id"):
        assert [msgid for msgid in texts if translation.gettext(msgid) != msgid] == []
        plural = [msgid for msgid, forms in texts.items() if len(forms) == 2]
        assert plural
        for number in (0, 1, 2, 11):  # Indonesian has one form for all
            assert [text for text in plural if translation.ngettext(text, text, number) != text] == []
    with translation.override("en"):
        said = {
            msgid: [translation.gettext(msgid)]
            if len(forms) == 1
            else [translation.ngettext(msgid, msgid, number) for number in (1, 2)]
            for msgid, forms in texts.items()
        }
        assert said == texts, "run `make setup`"


# --- Templates


def is_handed_on(name: str) -> bool:
    """Whether a script of ours shows what stands in this attribute; in data-hx-* htmx finds its orders."""
    return name.startswith("data-") and not name.startswith("data-hx-")


class Words(HTMLParser):
    """Text and spoken attributes of a template whose tags of Django's have been taken out."""

    def __init__(self):
        super().__init__()
        self.found: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag, attrs):
        self.silent += tag in {"script", "style"}
        self.found += [value for name, value in attrs if name in SAID and value]
        self.found += [value for name, value in attrs if is_handed_on(name) and " " in (value or "")]

    def handle_endtag(self, tag):
        self.silent -= tag in {"script", "style"}

    def handle_data(self, data):
        if not self.silent:
            self.found.append(data)


def bare_words(template: str) -> list[str]:
    """What a template says without translating it: text, spoken attributes, and texts given to filters and tags."""
    text = re.sub(r"{% (blocktranslate|comment).*?{% end\1 %}", "", template, flags=re.DOTALL)
    text = re.sub(r"{% block bodyclass %}.*?{% endblock", "", text)
    given = re.findall(r"""\|(?:default|default_if_none|yesno|add|join):["']([^"']*)""", text)
    given += re.findall(r"""{% (?!if|elif|icon|url|static)[^%]*=["']([^"'%]* [^"'%]*)["'][^%]*%}""", text)
    text = re.sub(r"{%.*?%}|{{.*?}}|{#.*?#}", "", text, flags=re.DOTALL)
    words = Words()
    words.feed(text)
    found = (" ".join(word.split()).strip(" ·:,.…()<>|/") for word in [*words.found, *given])
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
    template = (
        '{% translate "Ya" %}<p title="Judul">Halo {{ nama|default:"tanpa nama" }}</p>'
        '<img alt="{% translate "Gambar" %}">{% include "a.html" with label="Simpan ini" %}'
        '<p data-done="Sudah disalin"></p>{% if a == "b c" %}{% endif %}'
        '<p data-hx-trigger="every 15s" data-hx-confirm="Yakin?"></p>'
    )
    assert bare_words(template) == ["Judul", "Halo", "Sudah disalin", "Yakin?", "tanpa nama", "Simpan ini"]


# --- Code


def modules() -> list[Path]:
    return [
        path for app in OURS for path in sorted((ROOT / app).rglob("*.py")) if "migrations" not in path.parts
    ]


def is_saying(node: ast.AST) -> bool:
    return said_by(node) in SAYING


def said_by(node: ast.AST) -> str:
    """The name of the function that this node calls; empty for anything else."""
    return node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""


def untold(source: str) -> list[str]:
    """Indonesian texts that are neither translated nor a docstring."""
    tree = ast.parse(source)
    said = {id(inner) for node in ast.walk(tree) if is_saying(node) for inner in ast.walk(node)}
    said |= {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    constants = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in said]
    texts = [node.value for node in constants if isinstance(node.value, str)]
    return [text for text in texts if " " in text and INDONESIAN & set(re.findall(r"[a-z]+", text.lower()))]


def said_at_import(source: str) -> list[int]:
    """Lines that translate while the module is loaded: whoever asks first would fix the language for all."""
    tree = ast.parse(source)
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    names = {
        alias.asname or alias.name: alias.name
        for node in imports
        if node.module == "django.utils.translation"
        for alias in node.names
    }
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.Lambda)]
    later = {id(inner) for function in functions for inner in ast.walk(function)}
    now = [node for node in ast.walk(tree) if id(node) not in later]
    calls = [node for node in now if names.get(said_by(node)) in {"gettext", "ngettext"}]
    formatted = [node for node in now if isinstance(node, ast.BinOp) and is_saying(node.left)]
    return [node.lineno for node in [*calls, *formatted] if isinstance(node, ast.expr)]


def test_no_code_says_indonesian_without_translating_it():
    found = {}
    for path in modules():
        name = str(path.relative_to(ROOT))
        if texts := untold(path.read_text()):
            found[name] = texts
    excused = {name for name in found if name.startswith(tuple(STAYS_INDONESIAN))}
    assert {name: texts for name, texts in found.items() if name not in excused} == {}
    assert [
        reason for reason in STAYS_INDONESIAN if not any(name.startswith(reason) for name in excused)
    ] == []


def test_nothing_is_translated_while_a_module_is_loaded():
    found = {str(path.relative_to(ROOT)): said_at_import(path.read_text()) for path in modules()}
    assert {name: lines for name, lines in found.items() if lines} == {}


def test_the_searches_in_code_find_what_they_seek():
    source = (
        "from django.utils.translation import gettext as _\n"
        "from django.utils.translation import gettext_lazy\n"
        "A = _('Ya')\n"
        "B = gettext_lazy('%s baris') % 1\n"
        "def c():\n"
        "    '''Tidak ada.'''\n"
        "    return _('Belum ada') + 'Tidak ada' + 'no row'\n"
    )
    assert untold(source) == ["Tidak ada"]
    assert said_at_import(source) == [3, 4]


def test_no_script_says_a_sentence():
    """Scripts show what the page hands them in data attributes."""
    for path in (ROOT / "static/js").glob("*.js"):
        code = re.sub(r"/\*.*?\*/|^\s*//.*?$|\s//.*?$", "", path.read_text(), flags=re.DOTALL | re.MULTILINE)
        texts = re.findall(r""""([^"\n]*)"|'([^'\n]*)'|`([^`]*)`""", code)
        spoken = [
            text for text in map("".join, texts) if INDONESIAN & set(re.findall(r"[a-z]+", text.lower()))
        ]
        assert [text for text in spoken if " " in text] == [], path.name
