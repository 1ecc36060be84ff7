"""What is handed out of a chain, and the script that checks it with nothing of ours."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

from commitments import chain, evidence
from commitments.models import LedgerEntry, Signature
from commitments.models.salted import Salted, canonical, column_digest, column_key, digest_of
from commitments.publishing import verbs as publishing
from commitments.states import EntryKind, PlanEntryKind
from tests.factories import make_declaration, make_document, make_signature, make_user

pytestmark = pytest.mark.django_db

SCRIPT = Path(settings.BASE_DIR) / "docs/recheck.py"


@pytest.fixture
def declaration():
    """Signed, given back, signed anew, accepted, one declined, closed and printed."""
    declaration = make_declaration(slots=3)
    first, second, third = declaration.signatories.in_protocol_order()
    make_signature(first, state="returned")
    make_signature(first, state="accepted", typed=True)
    make_signature(second, state="accepted")
    publishing.excuse(third, reason="Cuti.", by=make_user("admin"))
    make_document(declaration)
    declaration.refresh_from_db()
    return declaration


def recheck(value: dict, tmp_path, *head: str) -> tuple[int, str]:
    """Exit status and what the script said, in a Python of its own without our packages."""
    file = tmp_path / "bukti.json"
    file.write_bytes(canonical(value))
    command = [sys.executable, "-I", "-S", str(SCRIPT), str(file), *head]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    return done.returncode, done.stdout + done.stderr


def test_the_script_is_at_most_60_lines_and_imports_nothing_of_ours():
    text = SCRIPT.read_text()
    assert len(text.splitlines()) <= 60
    names = re.findall(r"^(?:import|from) (\w+)", text, re.MULTILINE)
    assert set(names) <= set(sys.stdlib_module_names)


@pytest.mark.parametrize("make", [evidence.public, evidence.for_auditor])
def test_the_script_finds_nothing_wrong_with_an_untouched_file(declaration, tmp_path, make):
    value = make(declaration)
    assert recheck(value, tmp_path) == (0, "Everything fits.\n")
    assert recheck(value, tmp_path, value["entries"][2]["hash"])[0] == 0
    assert recheck(value, tmp_path, "ab" * 32)[0] == 1  # an older copy does not know this head


def test_the_script_names_each_value_that_was_changed(declaration, tmp_path):
    value = evidence.public(declaration)
    row = next(row for row in value["rows"] if row.startswith("signature:"))
    value["rows"][row]["full_name"]["value"] = "Orang Lain"
    status, said = recheck(value, tmp_path)
    assert (status, said.strip()) == (1, f"{row}, column full_name: not what the chain says")

    value = evidence.for_auditor(declaration)
    slots = {row: kept["values"] for row, kept in value["rows"].items() if row.startswith("signatory:")}
    row = next(row for row, values in slots.items() if values["state"] == "accepted")
    value["rows"][row]["values"]["state"] = "waiting"
    del value["rows"][next(row for row in value["rows"] if row.startswith("review:"))]
    lines = recheck(value, tmp_path)[1].splitlines()
    assert any(re.fullmatch(r"review:\d+ is missing", line) for line in lines)
    assert f"{row}, column state: not what the chain says" in lines
    assert f"{row} is waiting, the chain says accepted" in lines


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda entries: entries.pop(1), "entry 2 does not fit the chain"),
        (lambda entries: entries[1].update(actor=None), "entry 2 does not fit the chain"),
        (lambda entries: entries.reverse(), "entry 1 does not fit the chain"),
        (lambda entries: entries[2]["payload"].update(signature=1), "entry 3 does not fit the chain"),
    ],
)
def test_the_script_notices_a_changed_chain(declaration, tmp_path, change, told):
    value = evidence.public(declaration)
    change(value["entries"])
    assert told in recheck(value, tmp_path)[1]


def test_the_script_notices_another_text(declaration, tmp_path):
    value = evidence.for_auditor(declaration)
    point = next(row for name, row in value["rows"].items() if name.startswith("point:"))
    point["values"]["text"] = "butir lain;"
    assert "the text is not the one that was signed" in recheck(value, tmp_path)[1]


def test_c07_c49_public_evidence_gives_nothing_private_away(declaration):
    text = evidence.public_bytes(declaration).decode()
    value = json.loads(text)
    for signature in Signature.objects.all():
        assert signature.nip
        private = [
            signature.nip,
            signature.salt,
            signature.user.email,
            signature.user.username,
            signature.number,
        ]
        assert [word for word in private if word in text] == []
    assert "strokes" not in {column for row in value["rows"].values() for column in row}
    assert "Goresan tidak terbaca." not in text
    assert "Cuti." not in text
    names = [
        row["full_name"]["value"] for name, row in value["rows"].items() if name.startswith("signature:")
    ]
    assert len(names) == 2  # the one that was given back is in the chain, without its name


def test_each_column_has_a_key_of_its_own(declaration):
    value = evidence.public(declaration)
    keys = [shown["key"] for row in value["rows"].values() for shown in row.values()]
    assert len(keys) == len(set(keys)) > 50


def test_the_auditors_export_holds_every_row_of_the_chain(declaration):
    value = evidence.for_auditor(declaration)
    spoken_of = {row for entry in value["entries"] for row in entry["payload"]["records"]}
    assert set(value["rows"]) == spoken_of
    kinds = {row.split(":")[0] for row in spoken_of}
    assert kinds == {"declaration", "point", "legalbasis", "signatory", "signature", "review", "document"}


def test_bukti_json_is_canonical_and_the_same_each_time(declaration):
    assert evidence.public_bytes(declaration) == evidence.public_bytes(declaration)
    assert canonical(json.loads(evidence.public_bytes(declaration))) == evidence.public_bytes(declaration)


# --- The specification


def vectors() -> dict:
    text = (Path(settings.BASE_DIR) / "docs/ledger.md").read_text()
    (block,) = re.findall(r"```json\n(.*?)```", text, re.DOTALL)
    return json.loads(block)


def test_the_test_vectors_of_the_specification_hold():
    given = vectors()
    for seal in given["seals"]:
        key = column_key(given["salt"], seal["column"])
        assert (key.hex(), column_digest(key, seal["value"])) == (seal["key"], seal["seal"])
    body, entry = given["entry"]["body"], LedgerEntry(previous_hash=given["entry"]["previous_hash"])
    for name, value in body.items():
        setattr(entry, {"declaration": "declaration_id", "actor": "actor_id"}.get(name, name), value)
    assert chain.body_of(entry) == body
    assert chain.entry_hash(entry) == given["entry"]["hash"]
    assert digest_of(given["text"]["value"]) == given["text"]["digest"]


def test_the_specification_names_every_kind_of_entry_and_every_covered_table():
    text = (Path(settings.BASE_DIR) / "docs/ledger.md").read_text()
    assert [kind for kind in EntryKind.values if f"`{kind}`" not in text] == []
    assert [name for name in evidence.SHOWN if f"`{name}`" not in text] == []
    covered = {model._meta.model_name for model in apps.get_models() if issubclass(model, Salted)}
    of_plans = {
        "action",
        "report",
        "evidence",
        "evidencefile",
    }  # nobody outside sees them: commitments/journal.py
    assert covered == set(evidence.SHOWN) | of_plans
    assert [kind for kind in PlanEntryKind.values if f"`{kind}`" not in text] == []
