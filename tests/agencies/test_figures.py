"""Numbers as people write them."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from agencies import figures


@pytest.mark.parametrize(
    ("language", "typed", "meant"),
    [
        ("id", "12,5", "12.5"),
        ("id", "12.5", "12.5"),
        ("id", "1.250", "1250"),
        ("id", "1.250.000,75", "1250000.75"),
        ("id", "Rp 1.250.000", "1250000"),
        ("id", " 1 250 ", "1250"),
        ("id", "-3", "-3"),
        ("id", "1.25.000", "1.25.000"),
        ("id", "1,2,3", "1.2.3"),
        ("id", "NaN", "NaN"),
        ("en", "1,250", "1250"),
        ("en", "1,250.5", "1250.5"),
        ("en", "12,5", "12.5"),
        ("en", "12.5", "12.5"),
    ],
)
def test_a_number_is_read_as_it_was_meant(language, typed, meant):
    with translation.override(language):
        assert figures.read(typed) == meant


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize(
    "number", ["0", "0.5", "12.5", "999", "1000", "1250.75", "1250000", "9999999999999.99"]
)
def test_what_is_shown_is_read_as_the_same_number(language, number):
    with translation.override(language):
        assert Decimal(figures.read(figures.written(Decimal(number)))) == Decimal(number)


@pytest.mark.parametrize(
    "typed", ["", " ", "x", "NaN", "Infinity", "1e5000", "9" * 400, "1,5", "-1", "2147483648"]
)
def test_a_count_that_is_none_is_refused_with_a_sentence(typed):
    field = figures.CountField(label="Laki-laki")
    with pytest.raises(ValidationError):
        field.clean(typed)
    assert field.clean("2.147.483.647") == 2_147_483_647
