"""Rules of the house that a machine can read."""

import ast
from pathlib import Path

from django.apps import apps

from commitments import states

ROOT = Path(__file__).resolve().parent.parent
CODE = [path for app in ("agencies", "commitments", "pug_bekasi") for path in (ROOT / app).rglob("*.py")]


def test_the_glossary_names_every_model():
    glossary = (ROOT / "docs/glossary.md").read_text()
    models = [model for app in ("agencies", "commitments") for model in apps.get_app_config(app).get_models()]
    names = [model.__name__ for model in models if not model.__name__.startswith("Historical")]
    assert [name for name in names if f"`{name}`" not in glossary] == []


def test_the_glossary_names_every_state():
    glossary = (ROOT / "docs/glossary.md").read_text()
    kinds = (states.DeclarationState, states.SignatoryState, states.Method, states.MailState)
    assert [str(label) for kind in kinds for label in kind.labels if str(label) not in glossary] == []


def test_only_the_demo_passes_a_time_of_its_own():
    """`at=` is the one seam for time: verbs hand it on, and nothing but the demo starts it."""
    guilty = []
    for path in CODE:
        if "management" in path.parts or "migrations" in path.parts:
            continue
        for call in (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)):
            for keyword in call.keywords:
                handed_on = isinstance(keyword.value, ast.Name | ast.BoolOp)
                if keyword.arg == "at" and not handed_on and not _is_now(keyword.value):
                    guilty.append(f"{path.relative_to(ROOT)}:{call.lineno}")
    assert guilty == []


def _is_now(value: ast.expr) -> bool:
    return isinstance(value, ast.Call) and ast.unparse(value.func) in {"dates.now", "at or dates.now"}


def test_migrations_are_named():
    names = [path.stem for path in ROOT.glob("*/migrations/0*.py")]
    assert [name for name in names if "_auto_" in name] == []


def test_decision_records_are_short_and_numbered_once():
    records = sorted((ROOT / "docs/decisions").glob("*.md"))
    assert [path.name for path in records if len(path.read_text().splitlines()) > 40] == []
    numbers = [path.name[:4] for path in records]
    assert len(numbers) == len(set(numbers))


def test_no_page_has_an_inline_style_or_script():
    """The content security policy forbids them; here it is told where."""
    pages = [path for path in (ROOT / "templates").rglob("*.html") if "documents" not in path.parts]
    guilty = [
        str(path.relative_to(ROOT))
        for path in pages
        for line in path.read_text().splitlines()
        if ' style="' in line or "<script>" in line or " onclick=" in line
    ]
    assert guilty == []
