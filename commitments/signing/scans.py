"""A scanned signature in ink: judged by its bytes, and made anew, so that nothing of the file but its picture stays."""

import io

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from commitments import pictures
from commitments.signing.marks import MarkError, Scanned

MAX_BYTES = 10 * 2**20
MAX_PIXELS = 25_000_000  # a page of A4 at 400 dots an inch is 15 million
DRAFTED = (1600, 1600)  # on the way, however it lies
STORED = (1200, 400)  # pixels at most; on paper it is 40 mm wide


def read_scan(upload: UploadedFile) -> Scanned:
    """The picture in grey, upright, without what a camera writes beside it; raises MarkError."""
    if (upload.size or 0) > MAX_BYTES:
        raise MarkError(_("Berkas lebih dari 10 MB. Potong atau perkecil gambarnya, lalu unggah lagi."))
    try:
        with Image.open(upload, formats=["PNG", "JPEG"]) as picture:
            _require_small(picture)
            picture.verify()  # WeasyPrint has told Pillow to read on where a file is cut off
        with Image.open(upload) as picture:
            picture.draft("L", DRAFTED)  # a JPEG is unpacked small already
            picture.thumbnail(DRAFTED)  # first of all: every step after it works on a small picture
            upright = ImageOps.exif_transpose(picture)
            grey = _on_white(upright).convert("L")
    except MarkError:  # a ValueError too
        raise
    except pictures.FAULTS as error:
        raise MarkError(
            _("Berkas ini bukan gambar PNG atau JPEG yang dapat dipakai. Pilih berkas lain.")
        ) from error
    grey.thumbnail(STORED)
    _require_ink(grey)
    out = io.BytesIO()
    grey.save(out, format="PNG", optimize=True)
    return Scanned(out.getvalue())


def _require_small(picture: Image.Image) -> None:
    """By the size that the file announces, before anything is unpacked."""
    if picture.width * picture.height > MAX_PIXELS:
        raise MarkError(_("Gambar terlalu besar. Perkecil sampai 25 juta titik, lalu unggah lagi."))


def _on_white(picture: Image.Image) -> Image.Image:
    """What is see-through is paper."""
    if "A" not in picture.getbands() and "transparency" not in picture.info:
        return picture
    layer = picture.convert("RGBA")
    paper = Image.new("RGBA", layer.size, "white")
    return Image.alpha_composite(paper, layer)


def _require_ink(grey: Image.Image) -> None:
    shades = [shade for shade, count in enumerate(grey.histogram()) if count]
    if shades[-1] - shades[0] < 40:  # of 255: a blank sheet, or a black one
        raise MarkError(_("Pada gambar ini tidak terlihat tanda tangan. Pindai lagi baris tanda tangannya."))
