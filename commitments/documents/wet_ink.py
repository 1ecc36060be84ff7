"""The blank sheet for ink: the fall-back when network or tablets fail.

One row a post that still has to sign, each with a QR of its own. It lies on tables: whole NIPs only for who asks so.
"""

from django.template.loader import render_to_string

from agencies.languages import in_indonesian
from commitments.documents import drawings, render, titles
from commitments.documents.declaration import Row, common_images, printed_address, rows_of
from commitments.models import Declaration
from commitments.states import MISSING


def missing_rows(declaration: Declaration) -> list[Row]:
    """Of the posts that still have to sign, numbered as on the declaration."""
    return [row for row in rows_of(declaration, final=False) if row.slot.state in MISSING]


@in_indonesian
def wet_ink_html(
    declaration: Declaration, *, page_size: str, whole_nips: bool = False, rows: list[Row] | None = None
) -> str:
    rows = rows if rows is not None else missing_rows(declaration)
    context = {
        "declaration": declaration,
        "file_title": titles.of_wet_ink(declaration),
        "page_size": page_size,
        "rows": rows,
        "whole_nips": whole_nips,
        "address": printed_address(declaration),
        "digest": declaration.text_digest,
    }
    return render_to_string("documents/wet_ink.html", context)


def wet_ink_pdf(declaration: Declaration, *, page_size: str, whole_nips: bool = False) -> render.Paper:
    rows = missing_rows(declaration)
    width, height = render.SIZES[page_size]
    images = common_images(declaration, page_size) | {"fid:sheet": drawings.corners(width, height)}
    images |= {f"rowqr:{row.slot.pk}": drawings.qr(row_code(row), border=2) for row in rows}
    html = wet_ink_html(declaration, page_size=page_size, whole_nips=whole_nips, rows=rows)
    return render.to_pdf(html, styles=["paper.css", "wetink.css", f"{page_size}.css"], images=images)


def row_code(row: Row) -> str:
    """What the row's QR says: the declaration's code and the slot, so that a scanned row finds its post."""
    return f"{row.slot.declaration.code}-{row.slot.pk}"
