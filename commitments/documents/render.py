"""HTML → PDF/A-3a + PDF/UA-1, by WeasyPrint behind a sealed fetcher: no network, no file but our fonts and styles."""

import io
import os
import re
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pikepdf
import weasyprint
from django.conf import settings
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

STYLES = settings.BASE_DIR / "static/css/paper"
FONT_PACKAGES = ("arimo", "cousine", "source-serif-4", "noto-sans-arabic", "noto-sans-javanese")
SIZES = {"f4": (215, 330), "a4": (210, 297)}  # mm; F4 is not a keyword of CSS
# WeasyPrint's font configuration is not made for threads; one paper at a time in a process.
_LOCK = threading.Lock()


@dataclass(frozen=True)
class Paper:
    """A finished PDF, and how many pages it has."""

    content: bytes
    pages: int


@dataclass(frozen=True)
class Attachment:
    """A file that travels inside the paper. Its date comes from the data: the same data give the same paper."""

    name: str
    content: bytes
    mime_type: str
    description: str
    at: datetime


def font(name: str) -> Path:
    """The file of a font in our npm packages; raises KeyError for any other name."""
    return _fonts()[name]


@lru_cache(maxsize=1)
def _fonts() -> dict[str, Path]:
    modules = settings.BASE_DIR / "node_modules/@fontsource"
    return {
        file.name: file for package in FONT_PACKAGES for file in (modules / package / "files").glob("*.woff2")
    }


class SealedFetcher(URLFetcher):
    """Serves fonts/NAME from our packages and data: images; everything else is refused."""

    def __init__(self):
        super().__init__(allowed_protocols=("data",))

    def fetch(self, url, headers=None):
        name = url.rsplit("/", 1)[-1]
        if url.startswith(STYLES.as_uri()) and name in _fonts():
            return URLFetcherResponse(
                url, body=font(name).read_bytes(), headers={"Content-Type": "font/woff2"}
            )
        return super().fetch(url, headers)


@lru_cache(maxsize=1)
def _tools() -> tuple[SealedFetcher, FontConfiguration]:
    return SealedFetcher(), _fonts_of_our_own()


def _fonts_of_our_own() -> FontConfiguration:
    """Without a font of the machine: the same paper everywhere. fontconfig is told so by its environment only."""
    before = os.environ.get("FONTCONFIG_FILE")
    os.environ["FONTCONFIG_FILE"] = str(Path(__file__).with_name("fonts.conf"))
    try:
        return FontConfiguration()
    finally:
        if before is None:
            del os.environ["FONTCONFIG_FILE"]
        else:
            os.environ["FONTCONFIG_FILE"] = before


@lru_cache(maxsize=16)
def _style(name: str) -> weasyprint.CSS:
    fetcher, fonts = _tools()
    text = (STYLES / name).read_text()
    return weasyprint.CSS(string=text, base_url=STYLES.as_uri() + "/", font_config=fonts, url_fetcher=fetcher)


def to_pdf(
    html: str, *, styles: list[str], images: Mapping[str, Any], attached: Iterable[Attachment] = ()
) -> Paper:
    """Print the HTML with these style sheets of static/css/paper. `images` maps image addresses to Vectors."""
    with _LOCK:
        fetcher, fonts = _tools()
        sheets = [_style(name) for name in ("fonts.css", *styles)]
        source = weasyprint.HTML(string=html, base_url=STYLES.as_uri() + "/", url_fetcher=fetcher)
        laid_out = source.render(font_config=fonts, stylesheets=sheets, cache=dict(images), pdf_tags=True)
        _declare_ua(laid_out.metadata)
        content = laid_out.write_pdf(pdf_variant="pdf/a-3a", custom_metadata=False)
    return Paper(tidy(content, attached), len(laid_out.pages))


# --- PDF/UA-1 beside PDF/A-3a: PDF/A refuses pdfuaid without its extension schema ---
_UA = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"
 xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
 xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<rdf:Description rdf:about=""><pdfuaid:part>1</pdfuaid:part></rdf:Description>
<rdf:Description rdf:about=""><pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource"><pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType><pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Indicates, which part of ISO 14289 standard is followed</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description></rdf:RDF>"""
for _name, _address in {"Extension": "extension/", "Schema": "schema#", "Property": "property#"}.items():
    ET.register_namespace(f"pdfa{_name}", f"http://www.aiim.org/pdfa/ns/{_address}")


def _declare_ua(metadata) -> None:
    """Add the PDF/UA identifier to the metadata of this one document while WeasyPrint writes it."""
    make = metadata.generate_rdf_metadata

    def with_ua(*args):
        rdf = ET.fromstring(make(*args))  # noqa: S314 written by WeasyPrint a line ago
        rdf.extend(ET.fromstring(_UA))  # noqa: S314 our own constant
        return ET.tostring(rdf, encoding="utf-8")

    metadata.generate_rdf_metadata = with_ua


# --- What validators do not see ---
_TAGGED = re.compile(rb"/[A-Za-z0-9]+\s*<<\s*/MCID (\d+)\s*>>\s*BDC")


def tidy(content: bytes, attached: Iterable[Attachment] = ()) -> bytes:
    """Two repairs: running feet, which WeasyPrint tags and hangs nowhere, become artifacts; the boxes of figures, which
    it writes in CSS pixels from the top, become points from the bottom. Then the attachments."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        _loose_tags_to_artifacts(pdf)
        _figure_boxes_to_points(pdf)
        _attach(pdf, attached)
        out = io.BytesIO()
        pdf.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True)
    return out.getvalue()


def _attach(pdf: pikepdf.Pdf, attached: Iterable[Attachment]) -> None:
    """As PDF/A-3 asks: typed, dated, and named by the catalogue as data that belongs to the paper."""
    for each in attached:
        date = pikepdf.models.metadata.encode_pdf_date(each.at)
        pdf.attachments[each.name] = pikepdf.AttachedFileSpec(
            pdf,
            each.content,
            filename=each.name,
            mime_type=each.mime_type,
            description=each.description,
            creation_date=date,
            mod_date=date,
            relationship=pikepdf.Name.Data,
        )


def _loose_tags_to_artifacts(pdf: pikepdf.Pdf) -> None:
    root = pdf.Root.StructTreeRoot
    numbers = root.ParentTree.Nums
    hangs = _hanging(root)
    for index, page in enumerate(pdf.pages):
        owners = numbers[2 * index + 1]
        loose = {mcid for mcid, owner in enumerate(owners) if owner is not None and not hangs(owner)}
        if not loose:
            continue

        def mark(match, loose=loose):
            return b"/Artifact <</Type /Pagination>> BDC" if int(match[1]) in loose else match[0]

        page.Contents.write(_TAGGED.sub(mark, page.Contents.read_bytes()))
        for mcid in loose:
            owners[mcid] = None


def _hanging(root):
    """A question: does this element of the structure lead up to a child of the document element?"""
    document = root.K[0]
    top, known = {child.objgen for child in document.K}, {}

    def hangs(element) -> bool:
        path = []
        while element.objgen not in known:
            path.append(element.objgen)
            if element.P.objgen == document.objgen:
                known[element.objgen] = element.objgen in top
                break
            element = element.P
        answer = known[element.objgen]
        known.update(dict.fromkeys(path, answer))
        return answer

    return hangs


def _figure_boxes_to_points(pdf: pikepdf.Pdf) -> None:
    for thing in pdf.objects:
        if isinstance(thing, pikepdf.Dictionary) and thing.get("/S") == "/Figure" and "/A" in thing:
            left, top, right, bottom = (float(value) * 0.75 for value in thing.A.BBox)
            height = float(thing.Pg.MediaBox[3])
            box = (left, height - bottom, right, height - top)
            thing.A.BBox = pikepdf.Array([round(value, 2) for value in box])
