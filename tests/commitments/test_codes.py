"""Public codes: printed on paper, typed back by people."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commitments import codes


def test_a_new_code_reads_back_and_prints_in_groups():
    code = codes.new_code()
    assert codes.parse_code(code) == code
    assert codes.printed(code) == f"{code[:4]}-{code[4:8]}-{code[8]}"


def test_a_code_typed_from_paper_resolves():
    # A code that begins with 0 and 1 alone, whatever its last digits must be for the check character to exist.
    code = next(code for body in range(1000) for code in valid(f"01001{body:03d}"))
    typed = code.lower().replace("0", "o").replace("1", "l")
    assert codes.parse_code(f" {typed[:4]} {typed[4:8]}-{typed[8]} ") == code


def valid(body):
    """The codes with this body: one, or none where its check character would be outside the alphabet."""
    return [body + check for check in codes.ALPHABET if codes.parse_code(body + check) == body + check]


@given(st.integers(0, 8), st.sampled_from(codes.ALPHABET))
def test_one_wrong_character_is_told(place, letter):
    code = codes.new_code()
    wrong = code[:place] + letter + code[place + 1 :]
    assert codes.parse_code(wrong) == (code if wrong == code else None)


@given(st.integers(0, 6))
def test_two_swapped_neighbours_are_told(place):
    code = codes.new_code()
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert codes.parse_code(swapped) == (code if swapped == code else None)


@pytest.mark.parametrize("text", ["", "ABC", "U" * 9, "0000-0000-00", "Ж" * 9, "0" * 1000])
def test_what_cannot_be_a_code_is_none(text):
    assert codes.parse_code(text) is None


@given(st.text())
def test_any_text_is_a_code_or_none(text):
    found = codes.parse_code(text)
    assert found is None or codes.parse_code(found) == found


def swapped(letter):
    return {"0": "o", "1": "l"}.get(letter, letter)


@given(st.lists(st.sampled_from([str.lower, str.upper, swapped, str]), min_size=9, max_size=9), st.data())
def test_c46_every_spelling_of_a_code_resolves(spellings, data):
    code = codes.new_code()
    typed = "".join(
        data.draw(st.sampled_from(["", " ", "-", "\t"])) + spell(letter)
        for spell, letter in zip(spellings, code, strict=True)
    )
    assert codes.parse_code(typed) == code


def test_c46_every_wrong_character_at_every_place_is_told():
    """All 279 of them, for some codes; the one exception are the letters that stand for a digit, which are no error.

    Two wrong characters may pass: one such pair of 37, as with any check character.
    """
    for code in (codes.new_code() for _ in range(20)):
        wrong = [code[:at] + letter + code[at + 1 :] for at in range(9) for letter in codes.ALPHABET]
        assert [typed for typed in wrong if codes.parse_code(typed) and typed != code] == []
        assert [typed for typed in wrong if codes.parse_code(typed.replace("0", "O"))] == [code] * 9
