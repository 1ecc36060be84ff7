"""Whatever a client can send, and whatever is hashed: properties instead of examples. None of them gives a 500."""

import json
import math
import re
import unicodedata
from datetime import date
from itertools import pairwise
from urllib.parse import quote, quote_from_bytes

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import URLPattern, get_resolver, reverse
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from agencies import nip
from agencies.models import Agency, Official, Position, User
from commitments import codes
from commitments.documents import strokes
from commitments.models import LedgerEntry, Signature
from commitments.models.salted import canonical, plain
from commitments.signing.marks import MarkError, parse_drawing
from tests.agencies.test_import_export import READERS, url, workbook
from tests.factories import holder_of, make_declaration, make_signature, make_slot, make_user


def modest(examples: int) -> settings:
    """Tests never measure time; what a fixture made stays as it is for all examples."""
    return settings(
        max_examples=examples, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )


# --- Canonical JSON: the ground of every hash

INTEGERS = st.integers(-(2**53) + 1, 2**53 - 1)
BASIC = st.characters(codec="utf-8", max_codepoint=0xD7FF)  # sorted by UTF-16 as by code point
SCALARS = st.none() | st.booleans() | INTEGERS | st.text(max_size=8)


def nested(keys):
    return st.recursive(
        SCALARS,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4),
        max_leaves=12,
    )


NFC_KEYS = st.text(max_size=4).map(lambda text: unicodedata.normalize("NFC", text))


def reordered(value):
    """The same value with the keys of every object in the other order."""
    if isinstance(value, dict):
        return {key: reordered(value[key]) for key in reversed(value)}
    return [reordered(item) for item in value] if isinstance(value, list) else value


@modest(100)
@given(nested(NFC_KEYS))
def test_canonical_json_reads_back_whatever_the_order_of_keys(value):
    text = canonical(value)
    assert json.loads(text) == plain(value)
    assert canonical(reordered(value)) == text
    assert canonical(json.loads(text)) == text


@modest(100)
@given(nested(st.text(BASIC, max_size=4).map(lambda text: unicodedata.normalize("NFC", text))))
def test_canonical_json_is_what_json_writes_with_sorted_keys(value):
    plainly = json.dumps(plain(value), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    assert canonical(value) == plainly.encode()


@modest(100)
@given(st.dictionaries(NFC_KEYS, INTEGERS, max_size=8))
def test_canonical_json_orders_keys_by_utf_16(value):
    keys = list(json.loads(canonical(value)))
    assert keys == sorted(keys, key=lambda key: key.encode("utf-16-be"))


@modest(100)
@given(st.text())
def test_canonical_json_is_one_however_letters_are_composed(text):
    forms = {canonical([unicodedata.normalize(form, text)]) for form in ("NFC", "NFD")}
    assert forms == {canonical([text])}


# --- NIP and codes

TODAY = date(2026, 11, 25)


@st.composite
def possible_nips(draw):
    """Digits of a PNS or PPPK as the rules make them."""
    born = draw(st.dates(date(1960, 1, 1), date(1995, 12, 31)))
    year = born.year + draw(st.integers(nip.YOUNGEST + 1, 30))
    month = draw(st.integers(1, 12) | st.integers(nip.FIRST_CONTRACT_CODE, 99))
    serial = draw(st.integers(1, 999))
    return f"{born:%Y%m%d}{year}{month:02d}{draw(st.sampled_from('12'))}{serial:03d}"


@modest(100)
@given(possible_nips(), st.sampled_from(["", " ", ".", "-", "\t"]))
def test_a_possible_nip_is_read_back_from_however_it_is_written(digits, mark):
    if int(digits[8:12]) >= TODAY.year:
        return
    found = nip.parse(mark.join(digits), today=TODAY)
    assert (found.digits, str(found)) == (digits, nip.spaced(digits))
    assert nip.parse(str(found), today=TODAY) == found
    assert f"{found.birth:%Y%m%d}{found.appointed_year}" == digits[:12]
    assert digits[4:16] not in re.sub(r"\D", "", nip.masked(digits))


@modest(200)
@given(st.from_regex(r"\A[\s.\-]?(19|20)[0-9]{16}[\s.\-]?\Z") | st.text("0123456789 .-²٣", max_size=22))
def test_a_number_that_looks_like_a_nip_is_one_or_a_sentence(text):
    try:
        digits = nip.parse(text, today=TODAY).digits
    except nip.NipError:
        return  # any other error fails the test
    assert nip.parse(digits, today=TODAY).digits == digits


@modest(100)
@given(st.integers(0, 2**40 - 1), st.randoms())
def test_a_code_is_read_back_as_people_type_it(number, random):
    body = "".join(codes.ALPHABET[number >> 5 * place & 31] for place in reversed(range(codes.LENGTH)))
    assume(number % 37 < 32)
    code = body + codes.ALPHABET[number % 37]
    typed = "".join(random.choice([letter, letter.lower(), f" {letter}"]) for letter in codes.printed(code))
    assert codes.parse_code(typed) == code
    assert codes.parse_code(typed.lower().replace("0", "o").replace("1", random.choice("il"))) == code


# --- Drawings

POINTS = st.tuples(st.integers(0, 60000), st.integers(0, 20000), st.integers(0, 9), st.integers(0, 1000))
WILD = st.lists(st.lists(POINTS.map(list), min_size=1, max_size=12), min_size=1, max_size=4)
# Back and forth on one line, close together: what a tired hand does.
LEVEL = st.lists(
    st.lists(
        st.tuples(st.integers(0, 900), st.sampled_from([0, 1, 20000])).map(list), min_size=2, max_size=9
    ),
    min_size=1,
    max_size=3,
)


def accepted(lines):
    """What `parse_drawing` makes of these strokes in hundredths of a pixel; None when it refuses them."""
    sent = [[[x / 100, y / 100, 0, 0.5] for x, y, *_rest in line] for line in lines]
    try:
        return parse_drawing(json.dumps({"width": 600, "height": 200, "strokes": sent}))
    except MarkError:
        return None


@modest(100)
@given(WILD | LEVEL)
def test_the_picture_of_any_drawing_stays_in_its_box(lines):
    drawing = accepted(lines)
    assume(drawing)
    picture = strokes.outline(drawing)
    _setup, drawn = picture.ops.split(b" j\n")
    numbers = [float(number) for number in re.findall(rb"\S+(?= )", drawn)]
    assert numbers
    # A curve lies between its points and handles.
    assert all(0 <= x <= strokes.BOX[0] for x in numbers[::2])
    assert all(0 <= y <= strokes.BOX[1] for y in numbers[1::2])
    assert picture.d.count("M") == len(lines)
    assert re.fullmatch(r"(M\d+ \d+(c-?\d+(?:[ -]\d+){5})+)+", picture.d)
    assert len(re.findall(rb" m$", picture.ops, re.MULTILINE)) == len(lines)


@modest(100)
@given(WILD | LEVEL)
def test_no_point_is_drawn_far_from_where_it_was(lines):
    for line in lines:
        points = [(x / 100, y / 100) for x, y, *_rest in line]
        kept = strokes._simplified(points)
        assert (kept[0], kept[-1]) == (points[0], points[-1])
        assert len(kept) > 1
        for point in points:
            nearest = min(_from_segment(point, *ends) for ends in pairwise(kept))
            assert nearest <= strokes.TOLERANCE + 1e-6


def _from_segment(point, start, end):
    (px, py), (ax, ay), (bx, by) = point, start, end
    length = math.dist(start, end) ** 2
    share = ((px - ax) * (bx - ax) + (py - ay) * (by - ay)) / length if length else 0
    share = min(max(share, 0), 1)
    return math.dist(point, (ax + share * (bx - ax), ay + share * (by - ay)))


# --- Forms and addresses

READABLE = st.text(st.characters(codec="utf-8", exclude_categories=["C"]), max_size=20).map(str.encode)
BYTES = READABLE | READABLE | READABLE | st.binary(max_size=30)  # most raw bytes are refused at the door
LINE = [[10, 20, 0, 0.5], [110, 60, 40, 1], [210, 20, 80, 0]]
DRAWING = json.dumps({"width": 600, "height": 200, "strokes": [LINE]}).encode()


@pytest.mark.django_db
@modest(80)
@given(data=st.data())
def test_c71_a_signing_form_with_anything_in_it_signs_or_says_why(client, shown, data):
    slot, digest, name = shown
    right = {
        "key": b"6f9619ff-8b86-4d01-b42d-00c04fc964ff",
        "digest": digest.encode(),
        "method": b"drawn",
        "drawing": DRAWING,
        "typed_name": name.encode(),
        "consent": b"on",
    }
    values = st.sampled_from([*right.values(), b"typed", b"scanned", b"\0", b"9" * 400, b"[[1]]"]) | BYTES
    wrong = data.draw(st.sets(st.sampled_from(sorted(right)), max_size=2))
    fields = {field: data.draw(values) if field in wrong else value for field, value in right.items()}
    more = data.draw(
        st.lists(st.tuples(st.sampled_from([*map(str.encode, right), b"x"]) | BYTES, values), max_size=2)
    )
    pairs = [*((field.encode(), value) for field, value in fields.items()), *more]
    body = "&".join(f"{quote_from_bytes(field)}={quote_from_bytes(value)}" for field, value in pairs)
    with transaction.atomic():
        before = LedgerEntry.objects.count()
        answer = client.post(
            reverse("commitments:sign", args=[slot.pk]),
            body,
            content_type="application/x-www-form-urlencoded",
        )
        signed = answer.status_code == 302
        assert signed or answer.status_code in {400, 422}
        assert Signature.objects.count() == signed
        assert LedgerEntry.objects.count() == before + signed
        transaction.set_rollback(True)


@pytest.fixture
def shown(client):
    """A slot open for signing, its text's digest and the name of its holder, who is logged in."""
    slot = make_slot()
    client.force_login(holder_of(slot))
    return slot, slot.declaration.text_digest, holder_of(slot).official.full_name


WHOLE = {name: workbook(reader().columns, ["x"] * 30) for name, reader in READERS.items()}


@st.composite
def sheets_of(draw, model):
    """Bytes that begin like a sheet more often than chance would have it."""
    columns, whole = READERS[model]().columns, WHOLE[model]
    place = draw(st.integers(0, 4000))
    damaged = whole[:place] + draw(st.binary(max_size=8)) + whole[place + draw(st.integers(0, 8)) :]
    table = ",".join(columns).encode() + b"\n" + draw(st.binary(max_size=60))
    zipped = b"PK\x03\x04" + draw(st.binary(max_size=60))
    return draw(st.sampled_from([damaged, table, zipped]) | st.binary(max_size=90))


@pytest.mark.django_db
@modest(60)
@given(data=st.data())
def test_c71_an_uploaded_list_of_any_bytes_is_read_or_refused(client, admin, data):
    model = data.draw(st.sampled_from(sorted(READERS)))
    body = data.draw(sheets_of(model))
    name = data.draw(st.sampled_from(["daftar.csv", "daftar.xlsx", "daftar", "x" * 300 + ".csv"]))
    before = rows()
    answer = client.post(url(model, "import"), {"file": SimpleUploadedFile(name, body)})
    assert answer.status_code in {200, 422}
    assert rows() == before


def rows():
    return [model.objects.count() for model in (Agency, Position, Official, User)]


@pytest.fixture
def admin(client):
    user = make_user("admin")
    client.force_login(user)
    return user


def addresses(patterns, prefix=""):
    """Every address as a route with its converters in it, deklarasi/<int:pk>/, and whether it is public."""
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            if "^" not in route and not route.endswith(".pdf"):  # paper takes long, and its pages are here
                yield route, not getattr(pattern.callback, "login_required", True)
        elif getattr(pattern, "app_name", None) != "admin":  # has a list of its own: test_admin_hostile
            yield from addresses(pattern.url_patterns, route)


EVERYWHERE = sorted(addresses(get_resolver().url_patterns))
ROUTES = {
    "nobody": [route for route, public in EVERYWHERE if public],
    "admin": [route for route, _ in EVERYWHERE],
}
NUMBERS = st.integers(0, 3) | st.integers(0, 10**30)
QUERY_NAMES = [
    "q",
    "kode",
    "kertas",
    "keadaan",
    "page",
    "halaman",
    "tahun",
    "bulan",
    "next",
    "kelompok",
    "id",
]
QUERIES = st.lists(st.tuples(st.sampled_from(QUERY_NAMES).map(str.encode) | BYTES, BYTES), max_size=3)


def filled(route, data):
    """The route with something in the place of each converter."""

    def fill(found):
        kind = found[1].partition(":")[0]
        if kind == "int":
            return str(data.draw(NUMBERS))
        if kind == "sheet":
            return data.draw(st.sampled_from(["csv", "xlsx"]))
        return quote(data.draw(READABLE | BYTES | st.just(b"0" * 9)), safe="")

    return "/" + re.sub(r"<([^>]+)>", fill, route)


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["nobody", "admin"])
@modest(150)
@given(data=st.data())
def test_c71_no_address_and_no_query_gives_a_500(client, something, who, data):
    if who == "admin":
        client.force_login(something)
    else:
        client.logout()
    path = filled(data.draw(st.sampled_from(ROUTES[who])), data)
    query = "&".join(
        f"{quote_from_bytes(key)}={quote_from_bytes(value)}" for key, value in data.draw(QUERIES)
    )
    answer = client.get(path, QUERY_STRING=query)
    assert answer.status_code < 500


@pytest.fixture
def something():
    """Rows for the small numbers to find, and an administrator to look at them."""
    make_signature(make_declaration(slots=1).signatories.get())
    return make_user("admin")
