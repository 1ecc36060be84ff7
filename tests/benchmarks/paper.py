"""The declaration as PDF against headless Chromium printing the same HTML; growth, and memory of a fresh process."""

import base64
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import pikepdf

from commitments.documents import render, strokes
from commitments.documents.declaration import declaration_html, declaration_pdf, rows_of
from commitments.models import Declaration
from commitments.printing.verbs import issue_final
from commitments.publishing import verbs as publishing
from commitments.reviewing import verbs as reviewing
from tests.benchmarks import stage
from tests.benchmarks.load import Server
from tests.benchmarks.report import Figure, ratio
from tests.factories import make_user

SIZES = (12, 75, 300, 1000)
ROUNDS = {12: 5, 75: 5, 300: 3, 1000: 2}
SETTLES, DOCUMENSO_SECONDS = 3, 4
CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-pdf-header-footer",
    "--disable-background-networking",
    "--no-zygote",  # else its pages are drawn by processes that nobody waits for, and whose CPU nobody counts
]


@dataclass
class Prints:
    """Seconds of CPU for the same paper, round by round, and the pages that each made of it."""

    ours: list[float]
    chromium: list[float]
    pages: int
    chromium_pages: int


def measure(server: Server) -> Iterator[Figure]:
    yield from _rivalry()
    yield from _settle()


def _rivalry() -> Iterator[Figure]:
    positions = stage.posts(max(SIZES))
    each = {}
    for size in SIZES:
        declaration = stage.declaration_with(positions[:size])
        stage.sign_all(declaration)
        prints = _printed(declaration, ROUNDS[size])
        each[size] = median(prints.ours) / size
        detail = {"ours s": round(median(prints.ours), 2), "chromium s": round(median(prints.chromium), 2)}
        detail |= {"pages": prints.pages, "chromium pages": prints.chromium_pages}
        goal = "≤ 0.55" if size == 75 else ""
        yield ratio(
            "paper", f"{size} signers, CPU, of Chromium's", prints.ours, prints.chromium, goal, **detail
        )
        if size in (75, 300):
            yield Figure(
                "paper", f"{size} signers, peak of a fresh process", _peak(declaration), "MB", "≤ 256"
            )
    yield Figure("paper", "CPU a signer at 1000, of that at 75", each[1000] / each[75], "×", "≤ 1.5")


def _printed(declaration: Declaration, rounds: int) -> Prints:
    """Ours in a warm process; Chromium as the command that prints, its start included."""
    declaration_pdf(declaration, final=False, page_size="f4")
    with tempfile.TemporaryDirectory() as folder:
        html = Path(folder) / "paper.html"
        html.write_text(_for_chromium(declaration))
        prints = Prints([], [], 0, 0)
        _chromium(html, Path(folder))  # makes its profile
        for _ in range(rounds):
            strokes._OUTLINES.clear()  # no picture is remembered from the round before
            started = time.process_time()
            prints.pages = declaration_pdf(declaration, final=False, page_size="f4").pages
            prints.ours.append(time.process_time() - started)
            prints.chromium.append(_chromium(html, Path(folder)))
        with pikepdf.open(Path(folder) / "chromium.pdf") as pdf:
            prints.chromium_pages = len(pdf.pages)
    return prints


def _chromium(html: Path, folder: Path) -> float:
    pdf = folder / "chromium.pdf"
    pdf.unlink(missing_ok=True)
    before = _children()
    command = [CHROMIUM, *FLAGS, f"--user-data-dir={folder}/profile", f"--print-to-pdf={pdf}", html.as_uri()]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    assert pdf.stat().st_size > 10_000
    return _children() - before


def _children() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _for_chromium(declaration: Declaration) -> str:
    """The same HTML in one file: styles inside, fonts by address, drawings as SVG."""
    html = declaration_html(declaration, final=False, page_size="f4")
    names = ("fonts.css", "paper.css", "declaration.css", "f4.css")
    styles = "\n".join((render.STYLES / name).read_text() for name in names)
    for name, file in render._fonts().items():
        styles = styles.replace(f'"fonts/{name}"', f'"{file.as_uri()}"')
    for row in rows_of(declaration, final=False):
        if row.mark:
            path = strokes.outline_of(row.mark.signature).d
            html = html.replace(f'"{row.mark.image}"', f'"{_svg(path)}"')
    html = re.sub(r'"(emblem:city|wm:draf)"', f'"{_svg("M0 0L600 200")}"', html)
    html = html.replace('"qr:verify"', f'"{_svg(_squares())}"')
    lost = re.findall(r'src="(?!data:)[^"]*"', html)
    assert not lost, f"Chromium would print without {lost[0]}"
    return html.replace("</head>", f"<style>{styles}</style></head>", 1)


def _svg(path: str) -> str:
    text = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 600 200">'
        f'<path d="{path}" fill="none" stroke="#000" stroke-width="3.6"/></svg>'
    )
    return "data:image/svg+xml;base64," + base64.b64encode(text.encode()).decode()


def _squares() -> str:
    """About as many strokes as a QR code has."""
    return "".join(f"M{6 * x} {6 * y}h6" for x in range(33) for y in range(33) if (x * y + x) % 3)


def _peak(declaration: Declaration) -> float:
    """Megabytes: the peak of a fresh process that renders this one paper and nothing else."""
    code = (
        "import django, pathlib; django.setup()\n"
        "from commitments.models import Declaration\n"
        "from commitments.documents.declaration import declaration_pdf\n"
        f"declaration_pdf(Declaration.objects.get(pk={declaration.pk}), final=False, page_size='f4')\n"
        "print(pathlib.Path('/proc/self/status').read_text().split('VmHWM:')[1].split()[0])"
    )
    command = [sys.executable, "-c", code]
    answer = subprocess.run(command, env=os.environ, check=True, capture_output=True, text=True)
    return int(answer.stdout) / 1024


def _settle() -> Iterator[Figure]:
    """From the close to the final paper on the disk, its hash and entry written. Documenso's 4 s were on such cores."""
    positions = stage.posts(75)
    reviewer, admin = make_user("reviewer"), make_user("admin")
    took = []
    for _ in range(SETTLES):
        declaration = stage.declaration_with(positions)
        for signature in stage.sign_all(declaration):
            reviewing.accept(signature, by=reviewer)
        declaration.refresh_from_db()
        strokes._OUTLINES.clear()
        started = time.perf_counter()
        publishing.close(declaration, by=admin)
        issue_final(declaration, by=admin, unsealed=True)
        took.append(time.perf_counter() - started)
    name = f"75 signers closed and final PDF, of Documenso's measured {DOCUMENSO_SECONDS} s"
    yield ratio("paper", name, took, [DOCUMENSO_SECONDS] * SETTLES, s=round(median(took), 2))
