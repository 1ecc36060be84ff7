"""What the documents say about files, commands, functions and settings is true."""

import ast
import re
import subprocess
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import get_commands

ROOT = Path(settings.BASE_DIR)
DOCS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
CODE = re.compile(r"```.*?```|`[^`]+`", re.DOTALL)
# Made on the machine, not by the repository.
MADE = ("var/", ".venv/", "node_modules/", "/etc/", "/opt/", "/srv/", "/run/", "/sehat/")
# A format that decision 0005 speaks of, and files that stand in a paper, a backup or a download.
ELSEWHERE = {"pylock.toml", "bukti.json", "manifest.json", "audit.json"}
SUFFIXES = r"(?:py|js|css|html|md|svg|csv|txt|toml|json|sh|example)"
PLAIN_PATH = re.compile(rf"[\w.-]+(?:/[\w.*-]+)*\.{SUFFIXES}|[a-z_]+(?:/[\w.*-]+)+/?")
FUNCTION = re.compile(r"`([\w/]+\.(?:py|js)):\s+(\w+)\(\)`")
ids = [str(path.relative_to(ROOT)) for path in DOCS]
every_document = pytest.mark.parametrize("document", DOCS, ids=ids)


@cache
def files() -> set[str]:
    """Every file of the repository, also those that are not committed yet."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return {name for name in listed.stdout.splitlines() if (ROOT / name).exists()}


@cache
def folders() -> set[str]:
    return {str(parent) for name in files() for parent in Path(name).parents} - {"."}


def code_of(document: Path) -> list[str]:
    return [" ".join(piece.strip("`").split()) for piece in CODE.findall(document.read_text())]


def slug(heading: str) -> str:
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def anchors(document: Path) -> set[str]:
    return {slug(line.lstrip("# ")) for line in document.read_text().splitlines() if line.startswith("#")}


def names_a_file(name: str) -> bool:
    name = name.rstrip("/")
    if "*" in name:
        return any(ROOT.glob(name))
    if "/" in name:
        return name in files() | folders()
    return any(Path(file).name == name for file in files())


@every_document
def test_links_lead_somewhere(document):
    for target in LINK.findall(document.read_text()):
        if target.startswith(("https://", "http://")):
            continue
        path, _, anchor = target.partition("#")
        file = (document.parent / path).resolve() if path else document
        assert file.exists(), target
        assert not anchor or anchor in anchors(file), target


@every_document
def test_paths_exist(document):
    told = [piece for piece in code_of(document) if PLAIN_PATH.fullmatch(piece)]
    told += [piece.partition(": ")[0] for piece in code_of(document) if FUNCTION.fullmatch(f"`{piece}`")]
    own = {name.split("/")[0] for name in files()}
    ours = [name for name in told if name not in ELSEWHERE and ("/" not in name or name.split("/")[0] in own)]
    assert [name for name in ours if not name.startswith(MADE) and not names_a_file(name)] == []


@every_document
def test_functions_exist(document):
    for name, function in FUNCTION.findall(document.read_text()):
        tree = ast.parse((ROOT / name).read_text())
        defined = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
        assert function in defined, f"{name}: {function}"


@every_document
def test_targets_and_commands_exist(document):
    text = "\n".join(code_of(document))
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"\bmake ([a-z]+)", text)) - targets == set()
    assert set(re.findall(r"manage\.py (\w+)", text)) - set(get_commands()) == set()
    for tool in re.findall(r"\btools/[\w.-]+", text):
        assert tool in files(), tool


@every_document
def test_settings_exist(document):
    known = environment_names() | {name for name in dir(settings) if name.isupper()}
    told = {piece.partition("=")[0] for piece in code_of(document)}
    told = {name for name in told if re.fullmatch(r"[A-Z]+(?:_[A-Z]+)+", name)}
    assert told - known == set()


# --- What docs/security.md claims

SECURITY = ROOT / "docs/security.md"
STATES = {"met", "not met", "n/a", "being built"}
CHAPTERS = 17  # of ASVS 5.0.0


@cache
def names_of_tests() -> set[str]:
    found = (
        re.findall(r"^ *def (test_\w+)", path.read_text(), re.MULTILINE)
        for path in ROOT.glob("tests/**/*.py")
    )
    return {name for names in found for name in names}


def requirements() -> list[tuple[str, str, str]]:
    """Requirement, state, and by what, of each row about the standard."""
    rows = re.findall(r"^\| (\d[^|]*) \| ([^|]*) \| ([^|]*) \|$", SECURITY.read_text(), re.MULTILINE)
    return [(what, state, by) for what, state, by in rows]


def test_every_test_that_the_security_page_names_exists():
    being_built = [by for _what, state, by in requirements() if state == "being built"]
    promised = {name for by in being_built for name in re.findall(r"test_\w+", by)}
    named = set(re.findall(r"test_\w+", SECURITY.read_text()))
    assert len(named) > 100
    assert named - promised - names_of_tests() == set()


def test_what_is_built_is_not_said_to_be_in_work():
    """Once all tests of a row are there, the row says "met", or what is lacking."""
    rows = [
        (what, re.findall(r"test_\w+", by)) for what, state, by in requirements() if state == "being built"
    ]
    assert [what for what, names in rows if set(names) <= names_of_tests()] == []


def test_each_requirement_has_a_state_and_what_is_met_says_by_what():
    rows = requirements()
    assert len(rows) > 100
    assert {state for _what, state, _by in rows} <= STATES
    assert [what for what, _state, by in rows if not by.strip()] == []
    chapters = re.findall(r"^### V(\d+) ", SECURITY.read_text(), re.MULTILINE)
    assert chapters == [str(number) for number in range(1, CHAPTERS + 1)]


def test_the_documents_that_readers_look_for_are_there():
    wanted = {"README", "CONTRIBUTING", "CHANGELOG"}
    wanted |= {f"docs/{name}" for name in ("architecture", "glossary", "operations", "security")}
    assert {f"{name}.md" for name in wanted} - set(ids) == set()
    assert (ROOT / "LICENSE").read_text().startswith("MIT License")


def test_the_readme_is_short_and_begins_with_what_it_is():
    text = (ROOT / "README.md").read_text()
    assert len(text.splitlines()) < 100
    first = text.split("\n\n")[1]
    assert len(re.findall(r"[.](?:\s|$)", first)) == 3


def test_pictures_of_the_documents_are_small_and_in_use():
    pictures = list((ROOT / "docs/pictures").iterdir())
    told = {Path(target).name for document in DOCS for target in LINK.findall(document.read_text())}
    assert {path.name for path in pictures} <= told
    assert [path.name for path in pictures if path.stat().st_size > 120_000] == []
    assert sum(path.stat().st_size for path in pictures) < 1_500_000


# --- Configuration


def environment_names() -> set[str]:
    """Every variable that the settings read."""
    tree = ast.parse((ROOT / "pug_bekasi/settings.py").read_text())
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    readers = {"env", "env_bool", "env_int", "env_list"}
    read = [call.args[0] for call in calls if isinstance(call.func, ast.Name) and call.func.id in readers]
    return {str(name.value) for name in read if isinstance(name, ast.Constant)}


def table_of_the_readme() -> set[str]:
    text = (ROOT / "README.md").read_text().partition("## Configuration")[2].partition("\n## ")[0]
    first_cells = re.findall(r"^\| (`[^|]+) \|", text, re.MULTILINE)
    return {name for cell in first_cells for name in re.findall(r"`(\w+)`", cell)}


def test_the_readme_names_every_variable_and_no_other():
    assert table_of_the_readme() == environment_names()
    assert len(environment_names()) > 10


def test_the_example_is_a_production_server_without_secrets():
    lines = [
        line for line in (ROOT / ".env.example").read_text().splitlines() if line and not line.startswith("#")
    ]
    values = dict(line.split("=", 1) for line in lines)
    assert set(values) <= environment_names()
    assert {"SECRET_KEY", "DATABASE_URL", "SITE_URL", "EMAIL_HOST"} <= set(values)
    assert values["SITE_URL"].startswith("https://")
    assert values["DATABASE_URL"].startswith("postgresql://")
    assert {name for name in values if "SECRET" in name or "PASSWORD" in name if values[name]} == set()
    assert "DEMO" not in values
    assert "DEBUG" not in values
