"""The canonical form is RFC 8785, however fast it is made."""

import datetime

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from commitments.models.salted import canonical, plain

WHOLE = st.integers(-(2**53) + 1, 2**53 - 1)
STROKES = st.lists(st.lists(st.lists(WHOLE, min_size=4, max_size=4)))
TEXTS = st.text(st.characters(codec="utf-8"))
VALUES = st.recursive(
    st.none() | st.booleans() | WHOLE | st.floats(allow_nan=False, allow_infinity=False) | TEXTS | STROKES,
    lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner),
)


@given(VALUES)
def test_the_canonical_form_is_what_the_library_of_rfc_8785_writes(value):
    assert canonical(value) == rfc8785.dumps(plain(value))


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ({"strokes": [[[0, -1, 2, 500]], []]}, '{"strokes":[[[0,-1,2,500]],[]]}'),
        ([1, 1.0, 1e21, 0.000001, -0.0], "[1,1,1e+21,0.000001,0]"),
        ([True, None, "1", [2]], '[true,null,"1",[2]]'),
        ([999_999_999_999_999, 2**53 - 1], "[999999999999999,9007199254740991]"),
        ({"b": 1, "a": [], "\U0001f600": 2, "\ufb33x": 3}, None),
        ("e\u0301", '"é"'),
        ('\n\u0303 \x1f \x7f \\ / " <', '"\\n\u0303 \\u001f \x7f \\\\ / \\" <"'),
        ({"n\u0303": 1}, '{"ñ":1}'),
        ([datetime.date(2026, 11, 25)], '["2026-11-25"]'),
    ],
)
def test_the_odd_ones_too(value, written):
    expected = rfc8785.dumps(plain(value))
    assert canonical(value) == expected
    assert written is None or written.encode() == expected


@pytest.mark.parametrize("value", [[2**53], [[-(2**53)]], float("nan"), [float("inf")], {"a": object()}])
def test_what_rfc_8785_forbids_is_refused(value):
    with pytest.raises(rfc8785.CanonicalizationError):
        canonical(value)
