"""What a browser may send as a mark, and what it may not."""

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agencies.models import Official
from commitments.signing.marks import Drawn, MarkError, Typed, check_typed, parse_drawing

LINE = [[10, 20, 1000, 0.5], [110.456, 60.001, 1040.4, 1], [210, 20, 1080, 0]]


def sent(strokes=(LINE,), *, width=600, height=200, **more) -> str:
    return json.dumps({"width": width, "height": height, "strokes": strokes, **more})


def many(strokes: int, points: int) -> list:
    """That many strokes with that many points each, all on the canvas."""
    return [[[x % 600, x // 600, 0, 0.5] for x in range(points)]] * strokes


def test_a_drawing_is_kept_in_whole_numbers_with_time_and_pressure():
    assert parse_drawing(sent(width=599.2)) == {
        "width": 600,
        "height": 200,
        "strokes": [[[1000, 2000, 0, 500], [11046, 6000, 40, 1000], [21000, 2000, 80, 0]]],
    }


def test_a_point_on_the_very_edge_and_a_second_later_stroke_are_kept():
    dot = [[[602, -2, 4000, 0.2]]]
    assert parse_drawing(sent([LINE, *dot]))["strokes"][1] == [[60200, -200, 3000, 200]]


def test_the_limits_themselves_are_allowed():
    drawing = parse_drawing(sent(many(200, 100)))
    assert sum(map(len, drawing["strokes"])) == 20_000


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "masih kosong"),
        (" \n", "masih kosong"),
        (sent([]), "masih kosong"),
        (sent([[]]), "tidak dapat dibaca"),
        (sent([LINE[:1]]), "satu titik"),
        (sent([LINE[:1]] * 5), "satu titik"),
        (sent([[[10, 10, 0, 1], [14, 10, 1, 1]]]), "terlalu kecil"),
        (sent([[[10, 10, 0, 1]], [[300, 10, 1, 1]]]), "terlalu kecil"),
        (sent([[*LINE, [606, 20, 2000, 1]]]), "keluar dari kotak"),
        (sent([[*LINE, [10, -6, 2000, 1]]]), "keluar dari kotak"),
        (sent([[*LINE, [10, 1e9, 2000, 1]]]), "tidak dapat dibaca"),
        (sent(many(201, 2)), "paling banyak 200 tarikan"),
        (sent(many(2, 10_001)), "paling banyak 20.000 titik"),
        (sent(many(1, 100_000)), "terlalu"),
        ("[" * 100_000, "tidak dapat dibaca"),
        ('{"strokes":' * 50_000, "tidak dapat dibaca"),
        (" " * 2_000_000 + sent(), "terlalu besar"),
        (sent([[*LINE, [10, 20, 1, 1]]]), "tidak dapat dibaca"),  # time runs backwards
        (sent([LINE, LINE[:1]]), "tidak dapat dibaca"),  # from stroke to stroke too
        (sent([[*LINE, [10, 20, 1000 + 86_400_001, 1]]]), "tidak dapat dibaca"),
        (sent([[*LINE, [10, 20, -1, 1]]]), "tidak dapat dibaca"),
        (sent([[*LINE, [10, 20, 2000, 1.01]]]), "tidak dapat dibaca"),
        (sent([[*LINE, [10, 20, 2000, -0.01]]]), "tidak dapat dibaca"),
        (sent([[*LINE, [10, 20, 2000]]]), "tidak dapat dibaca"),
        (sent([[*LINE, [10, 20, 2000, 1, 1]]]), "tidak dapat dibaca"),
        (sent([[*LINE, [[10], 20, 2000, 1]]]), "tidak dapat dibaca"),
        (sent([[*LINE, [True, 20, 2000, 1]]]), "tidak dapat dibaca"),
        (sent([[*LINE, ["10", 20, 2000, 1]]]), "tidak dapat dibaca"),
        (sent([[*LINE, [None, 20, 2000, 1]]]), "tidak dapat dibaca"),
        (sent([[*LINE, [math.nan, 20, 2000, 1]]]), "tidak dapat dibaca"),
        (sent([[*LINE, [math.inf, 20, 2000, 1]]]), "tidak dapat dibaca"),
        (sent([[*LINE, [10, -math.inf, 2000, 1]]]), "tidak dapat dibaca"),
        (sent().replace("1000", "1e999"), "tidak dapat dibaca"),
        (sent().replace("1000", "9" * 5000), "tidak dapat dibaca"),
        (sent().replace("1000", "9" * 400), "tidak dapat dibaca"),
        (sent([[*LINE, {"x": 10}]]), "tidak dapat dibaca"),
        (sent(["abcd"]), "tidak dapat dibaca"),
        (sent("abcd"), "tidak dapat dibaca"),
        (sent({"0": LINE}), "tidak dapat dibaca"),
        (sent(width=49), "tidak dapat dibaca"),
        (sent(height=4001), "tidak dapat dibaca"),
        (sent(height="200"), "tidak dapat dibaca"),
        (sent(width=True), "tidak dapat dibaca"),
        (sent(width=None), "tidak dapat dibaca"),
        (sent(html="<p>"), "tidak dapat dibaca"),
        ("{}", "tidak dapat dibaca"),
        ("null", "tidak dapat dibaca"),
        ("12", "tidak dapat dibaca"),
        ('"teks"', "tidak dapat dibaca"),
        ("<svg></svg>", "tidak dapat dibaca"),
        ("\x00", "tidak dapat dibaca"),
        ("\ud800", "tidak dapat dibaca"),
    ],
)
def test_c17_what_is_no_drawing_is_refused_in_a_sentence(text, sentence):
    with pytest.raises(MarkError, match=sentence):
        parse_drawing(text)


NUMBERS = st.one_of(st.integers(), st.floats(), st.booleans(), st.none(), st.text(max_size=3))
ODD_POINTS = st.lists(st.one_of(NUMBERS, st.lists(NUMBERS, max_size=2)), max_size=5)
GOOD_POINTS = st.tuples(
    st.floats(0, 600), st.floats(0, 200), st.integers(0, 5000), st.floats(0, 1)
).map(list)  # fmt: skip
ANYTHING = st.recursive(NUMBERS, lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=8), inner))
DRAWINGS = st.fixed_dictionaries(
    {
        "width": st.sampled_from([600, 600.5]) | NUMBERS,
        "height": st.sampled_from([200, 4000]) | NUMBERS,
        "strokes": st.lists(st.lists(GOOD_POINTS, max_size=6) | st.lists(ODD_POINTS, max_size=3), max_size=4)
        | ANYTHING,
    }
)


@given(st.one_of(st.text(), ANYTHING.map(json.dumps), DRAWINGS.map(json.dumps)))
def test_c17_nothing_a_browser_can_send_does_more_than_be_refused(text):
    try:
        drawing = parse_drawing(text)
    except MarkError:
        return
    points = [point for stroke in drawing["strokes"] for point in stroke]
    assert all(type(value) is int for point in points for value in point)
    assert parse_drawing(text) == drawing
    times = [time for _x, _y, time, _p in points]
    assert times[0] == 0
    assert times == sorted(times)


OFFICIAL = Official(title_before="Dr. Hj.", name="Nama Pejabat-Contoh", title_after="S.Sos., M.Si.")


@pytest.mark.parametrize(
    "name",
    [
        "Nama Pejabat-Contoh",
        "nama pejabat contoh",
        "  NAMA   Pejabatcontoh ",
        "Dr. Hj. Nama Pejabat-Contoh, S.Sos., M.Si.",
        "dr hj nama pejabat contoh ssos msi",
        "Nama Pejabat Contoh, S.Sos, M.Si",
        "Dr Hj Nama Pejabat Contoh",
        "ＮＡＭＡ Pejabat\u00a0Contoh",
    ],
)
def test_a_typed_name_may_differ_in_case_spacing_punctuation_and_titles(name):
    assert check_typed(name, OFFICIAL) == " ".join(name.split())


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("", "Ketik nama lengkap"),
        (" \t\n", "Ketik nama lengkap"),
        ("Nama Pejabat", "Ketik: Dr. Hj. Nama Pejabat-Contoh, S.Sos., M.Si."),
        ("Nama Orang Lain", "Ketik: Dr. Hj."),
        ("S.Sos., M.Si.", "Ketik: Dr. Hj."),
        ("...", "Ketik: Dr. Hj."),
        ("Nama Pejabat\x00Contoh", "tanda yang tidak dapat dipakai"),
        ("Nama Pejabat\u202eContoh", "tanda yang tidak dapat dipakai"),
        ("Nama Pejabat Contoh" + "." * 300, "terlalu panjang"),
    ],
)
def test_a_typed_name_that_differs_is_refused_and_shows_what_is_expected(name, sentence):
    with pytest.raises(MarkError, match=sentence.replace(".", r"\.")):
        check_typed(name, OFFICIAL)


@given(st.text())
def test_no_typed_name_does_more_than_be_refused(name):
    with pytest.raises(MarkError):
        check_typed(name, OFFICIAL)


def test_a_name_without_letters_is_matched_by_nothing():
    with pytest.raises(MarkError):
        check_typed("...", Official(name="---"))


def test_a_mark_knows_its_method():
    assert [Drawn(strokes={}).method, Typed(name="Nama").method] == ["drawn", "typed"]
