"""The declaration as PDF against headless Chromium printing the same HTML; growth, and memory of a fresh process."""

import base64
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from commitments.documents import render, strokes
from commitments.documents.declaration import declaration_html, declaration_pdf, rows_of
from commitments.models import Declaration, Signature
from commitments.printing.verbs import issue_final
from commitments.publishing import verbs as publishing
from commitments.reviewing import verbs as reviewing
from tests.benchmarks import stage
from tests.benchmarks.report import Figure
from tests.factories import make_user

SIZES = (12, 75, 300, 1000)
ROUNDS = {12: 3, 75: 3, 300: 2, 1000: 1}
CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-pdf-header-footer",
    "--disable-background-networking",
]


def measure(port: int) -> list[Figure]:
    positions = stage.posts(max(SIZES))
    figures, ours, pages = [], {}, {}
    for size in SIZES:
        declaration = stage.declaration_with(positions[:size])
        stage.sign_all(declaration)
        ours[size], theirs, pages[size] = _compare(declaration, ROUNDS[size])
        detail = {"ours s": round(ours[size], 2), "chromium s": round(theirs, 2), "pages": pages[size]}
        goal = "≤ 0.55" if size == 75 else ""
        ratio = ours[size] / theirs
        figures.append(Figure("paper", f"{size} signers, CPU, of Chromium's", ratio, "×", goal, detail))
        if size in (75, 300):
            figures.append(_memory(declaration, size))
        if size == 75:
            figures.append(_settle(declaration))
    growth = (ours[1000] / 1000) / (ours[75] / 75)
    figures.append(Figure("paper", "CPU a signer at 1000, of that at 75", growth, "×", "≤ 1.5"))
    return figures


def _compare(declaration: Declaration, rounds: int) -> tuple[float, float, int]:
    """Seconds of CPU for one paper: ours in a warm process, Chromium's as the command that prints, and the pages."""
    declaration_pdf(declaration, final=False, page_size="f4")
    ours, theirs, pages = [], [], 0
    with tempfile.TemporaryDirectory() as folder:
        html = Path(folder) / "paper.html"
        html.write_text(_for_chromium(declaration))
        for _ in range(rounds):
            strokes._OUTLINES.clear()  # no picture is remembered from the round before
            started = time.process_time()
            pages = declaration_pdf(declaration, final=False, page_size="f4").pages
            ours.append(time.process_time() - started)
            theirs.append(_chromium(html, Path(folder)))
    return min(ours), min(theirs), pages


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


def _memory(declaration: Declaration, size: int) -> Figure:
    """The peak of a fresh process that renders this one paper and nothing else."""
    code = (
        "import django, resource; django.setup()\n"
        "from commitments.models import Declaration\n"
        "from commitments.documents.declaration import declaration_pdf\n"
        f"declaration_pdf(Declaration.objects.get(pk={declaration.pk}), final=False, page_size='f4')\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code], env=os.environ, check=True, capture_output=True, text=True
    )
    return Figure(
        "paper", f"{size} signers, peak memory of a process", int(answer.stdout) / 1024, "MB", "≤ 256"
    )


def _settle(declaration: Declaration) -> Figure:
    """From the close to the final paper on the disk, 75 signers. Documenso seals 75 signers in 4 s on such cores."""
    reviewer = make_user("reviewer")
    for signature in Signature.objects.filter(signatory__declaration=declaration):
        reviewing.accept(signature, by=reviewer)
    declaration.refresh_from_db()
    started = time.perf_counter()
    publishing.close(declaration, by=make_user("admin"))
    issue_final(declaration, by=make_user("admin"), unsealed=True)
    seconds = time.perf_counter() - started
    name = "75 signers closed and final, of Documenso's 4 s"
    return Figure("paper", name, seconds / 4, "×", "", {"s": round(seconds, 2)})
