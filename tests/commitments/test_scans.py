"""Signatures in ink: what an upload may be, and what is kept of it."""

import contextlib
import io
import random
import struct
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image, ImageDraw

from commitments.models import LedgerEntry, Signature
from commitments.signing.marks import MarkError
from commitments.signing.scans import read_scan
from tests.factories import make_declaration, make_user

pytestmark = pytest.mark.django_db
SECRET_OF_A_CAMERA = b"GPS 6.2383 S 106.9756 E"


def ink(size=(600, 200), form="PNG", mode="RGB", **values) -> bytes:
    picture = Image.new(mode, size, "white")
    ImageDraw.Draw(picture).line([(20, size[1] - 20), (size[0] - 20, 20)], fill="black", width=6)
    out = io.BytesIO()
    picture.save(out, format=form, **values)
    return out.getvalue()


def upload(content: bytes, name="tanda tangan.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="image/png")


def stored(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(read_scan(upload(content)).png))


def announced(width: int, height: int) -> bytes:
    """A PNG of a few bytes that announces so many pixels."""
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunks = [b"IHDR" + head, b"IDAT" + zlib.compress(b""), b"IEND"]
    sizes = (
        struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk)) for chunk in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(sizes)


REFUSED = {
    "empty": (b"", "bukan gambar"),
    "a text": (b"tanda tangan", "bukan gambar"),
    "SVG": (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'></svg>", "bukan gambar"),
    "HTML that calls itself PNG": (b"\x89PNG<script>alert(1)</script>", "bukan gambar"),
    "GIF": (ink(form="GIF", mode="P"), "bukan gambar"),
    "TIFF": (ink(form="TIFF"), "bukan gambar"),
    "PDF": (b"%PDF-1.7\n", "bukan gambar"),
    "a PNG cut in half": (ink()[: len(ink()) // 2], "bukan gambar"),
    "50 megapixels": (announced(10_000, 5_000), "25 juta titik"),
    "a bomb": (announced(60_000, 60_000), "bukan gambar"),
    "more than 10 MB": (ink() + b"\0" * 10 * 2**20, "lebih dari 10 MB"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_c17_what_is_no_small_picture_is_refused_with_its_reason(name):
    content, reason = REFUSED[name]
    with pytest.raises(MarkError, match=reason):
        read_scan(upload(content))


def test_c17_a_blank_sheet_is_no_signature():
    out = io.BytesIO()
    Image.new("RGB", (600, 200), "white").save(out, format="PNG")
    with pytest.raises(MarkError, match="tidak terlihat tanda tangan"):
        read_scan(upload(out.getvalue()))


def test_c17_nothing_but_the_picture_is_kept():
    exif = Image.Exif()
    exif[0x010E] = SECRET_OF_A_CAMERA.decode()
    content = ink(form="JPEG", exif=exif, comment=SECRET_OF_A_CAMERA) + SECRET_OF_A_CAMERA
    assert content.count(SECRET_OF_A_CAMERA) == 3
    kept = read_scan(upload(content)).png
    assert SECRET_OF_A_CAMERA not in kept
    picture = Image.open(io.BytesIO(kept))
    assert (picture.format, picture.mode, dict(picture.getexif()), picture.info) == ("PNG", "L", {}, {})


def test_c17_a_photo_on_its_side_is_turned_upright():
    exif = Image.Exif()
    exif[0x0112] = 6  # turn a quarter clockwise
    assert stored(ink(size=(200, 600), form="JPEG", exif=exif)).size == (600, 200)


def test_c17_a_large_scan_is_made_small_and_what_is_see_through_is_paper():
    assert stored(ink(size=(3600, 1200))).size == (1200, 400)
    clear = Image.new("RGBA", (600, 200), (0, 0, 0, 0))
    ImageDraw.Draw(clear).line([(20, 180), (580, 20)], fill=(0, 0, 0, 255), width=6)
    out = io.BytesIO()
    clear.save(out, format="PNG")
    assert stored(out.getvalue()).getpixel((5, 5)) == 255


def broken_in_its_chunks() -> bytes:
    """A PNG whose first chunk says that it is shorter than its kind allows."""
    sound = ink(size=(60, 20))
    return (
        sound[:8]
        + struct.pack(">I", 3)
        + sound[12:19]
        + struct.pack(">I", zlib.crc32(sound[12:19]))
        + sound[33:]
    )


def test_c17_no_damage_is_a_fault_of_ours():
    """Bytes turned and cut all over a picture: each is a picture still, or refused with a sentence."""
    sound = ink(size=(60, 20))
    rng = random.Random(7)
    damaged = [broken_in_its_chunks()]
    for _ in range(400):
        content = bytearray(sound)
        for _ in range(rng.randint(1, 6)):
            content[rng.randrange(8, len(content))] = rng.randrange(256)
        damaged.append(bytes(content[: rng.randint(20, len(content))]))
    for content in damaged:
        with contextlib.suppress(MarkError):
            read_scan(upload(content))


def test_c17_what_cannot_be_signed_is_not_even_unpacked(client, slot):
    client.force_login(make_user("reviewer"))
    client.post(page_of(slot), {"file": upload(ink()), "present": "on"})
    answer = client.post(page_of(slot), {"file": upload(b"no picture"), "present": "on"})
    assert (answer.status_code, "bukan gambar" in answer.text) == (422, False)


@pytest.fixture
def slot():
    return make_declaration(slots=1).signatories.get()


def page_of(slot) -> str:
    return reverse("commitments:scan", args=[slot.pk])


def test_a_scan_becomes_the_signature_of_its_post_with_the_name_of_whoever_brought_it(client, slot):
    reviewer = make_user("reviewer", first_name="Pendamping", last_name="Contoh")
    client.force_login(reviewer)
    answer = client.post(page_of(slot), {"file": upload(ink()), "present": "on"})
    assert answer.status_code == 302
    signature = Signature.objects.get()
    assert (signature.method, signature.host, signature.host_name) == (
        "scanned",
        reviewer,
        "Pendamping Contoh",
    )
    assert "tinta basah" in signature.consent
    assert LedgerEntry.objects.get(kind="signed").actor == reviewer
    client.force_login(make_user("reviewer"))
    picture = client.get(reverse("commitments:review_scan", args=[signature.pk]))
    assert picture.content == bytes(signature.scan)
    assert (
        "Tinta basah, dipindai, didampingi Pendamping Contoh"
        in client.get(reverse("commitments:review", args=[signature.pk])).text
    )


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"present": "on"}, "Pilih berkas gambar"),
        ({"file": b"<svg/>", "present": "on"}, "bukan gambar PNG atau JPEG"),
        ({"file": ink()}, "menandatangani lembar itu sendiri"),
    ],
)
def test_c17_a_refused_upload_says_why_and_stores_nothing(client, slot, fields, reason):
    client.force_login(make_user("reviewer"))
    data = fields | ({"file": upload(fields["file"])} if "file" in fields else {})
    answer = client.post(page_of(slot), data)
    assert answer.status_code == 422
    assert reason in answer.text
    assert not Signature.objects.exists()


def test_a_post_that_has_signed_takes_no_scan(client, slot):
    client.force_login(make_user("reviewer"))
    for expected in (302, 422):
        assert client.post(page_of(slot), {"file": upload(ink()), "present": "on"}).status_code == expected
    assert Signature.objects.count() == 1
