"""What one paper costs a process. Memory, not time: it is the same on a busy machine."""

import os
import subprocess
import sys

import pytest
from django.db import connection

from commitments.management.sample_strokes import sample_drawing
from commitments.signing.marks import Drawn
from tests.factories import make_declaration, make_signature

LIMIT = 256  # MB
# VmHWM is the peak of this very program; ru_maxrss would count what the test process had before it.
RENDER = """
import django, pathlib, sys
django.setup()
from commitments.documents.declaration import declaration_pdf
from commitments.models import Declaration
paper = declaration_pdf(Declaration.objects.get(pk=int(sys.argv[1])), final=False, page_size="f4")
pathlib.Path(sys.argv[2]).write_bytes(paper.content)
print(pathlib.Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0])
"""


def _database_url() -> str:
    at = connection.settings_dict
    return f"postgresql://{at['USER']}:{at['PASSWORD']}@/{at['NAME']}?host={at['HOST']}"


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)  # the other process has to see the rows
def test_c68_one_render_of_75_signatures_stays_under_256_mb(tmp_path):
    declaration = make_declaration(slots=75)
    for slot in declaration.signatories.all():
        make_signature(slot, mark=Drawn(sample_drawing(slot.pk)))
    surroundings = {"DATABASE_URL": _database_url(), "DATA_DIR": str(tmp_path), "DEMO": "0"}
    command = [sys.executable, "-c", RENDER, str(declaration.pk), str(tmp_path / "paper.pdf")]
    answer = subprocess.run(
        command, env=os.environ | surroundings, check=True, capture_output=True, text=True
    )
    assert (tmp_path / "paper.pdf").stat().st_size > 75 * 500  # 75 drawings are in it
    assert int(answer.stdout) / 1024 < LIMIT
