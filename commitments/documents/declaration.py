"""The declaration on paper: record → HTML (pure), and HTML → PDF. Previews say DRAF; a final is made once, on close."""

from dataclasses import dataclass

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from agencies.groups import grouped
from agencies.kinds import Rank
from agencies.languages import in_indonesian
from commitments import dates
from commitments.documents import drawings, inspection, keys, render, titles
from commitments.documents.marks import Mark, data_address
from commitments.models import Declaration, Signatory, Signature
from commitments.states import HAS_SIGNED, NOT_SIGNED, DeclarationState, Method, SignatoryState, public_state


@dataclass
class Row:
    """One line of the signature table, ready to print."""

    slot: Signatory
    number: int
    name: str
    rank: str
    nip: str
    title: str
    label: str
    basis: str
    mark: Mark | None
    empty: str  # what stands in the cell of a post without a mark

    @property
    def position(self):
        return self.slot.position

    @property
    def when(self) -> str:
        """The line below the mark: what was done, when and how."""
        if not self.mark:
            return ""
        at = self.mark.signature.signed_at
        waiting = self.slot.state == SignatoryState.SIGNED
        done = _("menunggu pemeriksaan ·") if waiting else _("ditandatangani")
        how = f"{self.mark.method.lower()}{self.mark.hosted}"
        return f"{done} {dates.long_date(at)} {dates.clock(at)} ·\N{NO-BREAK SPACE}{how}"


@in_indonesian
def rows_of(declaration: Declaration, *, final: bool) -> list[Row]:
    """The signature table in protocol order, as of close for a final, as of today for a preview."""
    on = dates.wib_date(declaration.closed_at) if final and declaration.closed_at else dates.today()
    slots = declaration.signatories.select_related("position__agency", "current_signature")
    slots = slots.with_holders(on).in_protocol_order()
    return [_row(slot, number, final=final) for number, slot in enumerate(slots, start=1)]


def _row(slot: Signatory, number: int, *, final: bool) -> Row:
    position, state = slot.position, public_state(slot.state, closed=final)
    mark = slot.current_signature if state in HAS_SIGNED else None
    if mark:
        mark.signatory = slot  # its position is in hand
    person = _person(slot, mark)
    return Row(
        slot=slot,
        number=number,
        name=person.get("name", "") if position.show_titles else person.get("bare_name", ""),
        rank=person.get("rank", "") if position.show_rank else "",
        nip=person.get("nip", "") if position.show_nip else "",
        title=mark.position_title if mark else position.title,
        label=person.get("label", ""),
        basis=person.get("basis", ""),
        mark=Mark(mark) if mark else None,
        empty=_empty(slot, state),
    )


def _person(slot: Signatory, mark: Signature | None) -> dict[str, str]:
    """Who signed, as the signature says; else who holds the post. Nothing for a vacant post."""
    if mark:
        known = {"name": mark.full_name, "bare_name": mark.bare_name, "nip": mark.nip}
        return known | {"rank": _rank(mark.rank), "label": mark.label, "basis": mark.basis}
    if not slot.holder:
        return {}
    official = slot.holder.official
    known = {"name": official.full_name, "bare_name": official.name, "nip": official.nip or ""}
    return known | {"rank": _rank(official.rank), "label": slot.holder.label, "basis": slot.holder.basis}


def _rank(code: str) -> str:
    return str(Rank(code).label) if code in Rank.values else code


def _empty(slot: Signatory, state: str) -> str:
    if state == SignatoryState.EXCUSED:
        return _("dibebaskan dari penandatanganan")
    if not slot.holder:
        return _("jabatan kosong")
    if state == NOT_SIGNED:
        return _("tidak menandatangani sampai ditutup")
    return _("belum ditandatangani")


def verification_address(declaration: Declaration) -> str:
    """What the QR leads to: always under the configured host, whatever Host header came in."""
    return settings.SITE_URL + reverse("commitments:verify_code", args=[declaration.code])


def printed_address(declaration: Declaration) -> str:
    """As people read it from paper and type it."""
    return verification_address(declaration).split("://", 1)[-1]


@in_indonesian
def declaration_html(
    declaration: Declaration,
    *,
    final: bool,
    page_size: str,
    rows: list[Row] | None = None,
    seal: keys.Ring | None = None,
) -> str:
    """The whole paper. `final=False` marks it DRAF; `seal` is what the file is going to be sealed with."""
    rows = rows if rows is not None else rows_of(declaration, final=final)
    published = declaration.state != DeclarationState.DRAFT
    context = {
        "declaration": declaration,
        "file_title": titles.of_declaration(declaration, final=final),
        "final": final,
        "seal": seal,
        "published": published,
        "page_size": page_size,
        "points": declaration.points.all(),
        "basis": declaration.legal_basis.all(),
        "groups": grouped(rows),
        "total": len(rows),
        "marks": sum(row.mark is not None for row in rows),
        "has_scan": any(row.mark and row.mark.signature.method == Method.SCANNED for row in rows),
        "address": printed_address(declaration) if published else "",
        "digest": declaration.text_digest,
        "created": declaration.published_at or declaration.created_at,
        "letterhead": letterhead(declaration),
    }
    return render_to_string("documents/declaration.html", context)


def letterhead(declaration: Declaration) -> dict:
    head = declaration.letterhead
    logo = data_address(head.logo) if head.logo else "emblem:city"
    return {"head": head, "logo": logo}


def declaration_pdf(
    declaration: Declaration,
    *,
    final: bool,
    page_size: str,
    seal: keys.Ring | None = None,
    evidence: bytes | None = None,
) -> render.Paper:
    """`evidence` is attached as bukti.json."""
    rows = rows_of(declaration, final=final)
    html = declaration_html(declaration, final=final, page_size=page_size, rows=rows, seal=seal)
    images = common_images(declaration, page_size)
    for row in rows:
        images |= row.mark.images() if row.mark else {}
    styles = ["paper.css", "declaration.css", f"{page_size}.css"]
    return render.to_pdf(html, styles=styles, images=images, attached=_attached(declaration, evidence))


@in_indonesian
def _attached(declaration: Declaration, evidence: bytes | None) -> list[render.Attachment]:
    if evidence is None:
        return []
    about = _("Riwayat naskah yang dapat diperiksa siapa saja")
    at = declaration.closed_at or declaration.created_at
    return [render.Attachment(inspection.EVIDENCE, evidence, "application/json", about, at)]


def common_images(declaration: Declaration, page_size: str) -> dict:
    width, height = render.SIZES[page_size]
    return {
        "emblem:city": drawings.emblem(),
        "qr:verify": drawings.qr(verification_address(declaration)),
        "wm:draf": drawings.watermark("DRAF", render.font("arimo-latin-700-normal.woff2"), width, height),
    }
