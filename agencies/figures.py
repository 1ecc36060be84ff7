"""Numbers as people write them: 1.250.000 and 12,5 in Indonesian, 1,250,000 and 12.5 in English."""

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.formats import get_format, number_format
from django.utils.translation import gettext_lazy as _


def written(value: Decimal | int | float) -> str:
    """1.284 or 62,5: thousands apart, and no zeros that say nothing."""
    return number_format(Decimal(f"{Decimal(value).normalize():f}"), force_grouping=True)


def read(text: str) -> str:
    """The number as a computer writes it; what is none stays as it is.

    A sign that sets three digits apart sets thousands apart; any other is the decimal sign, whichever was typed.
    """
    plain = re.sub(r"^Rp\.?|\s", "", text.strip())
    decimal = get_format("DECIMAL_SEPARATOR")
    grouping = "." if decimal == "," else ","
    if re.fullmatch(rf"-?\d{{1,3}}(\{grouping}\d{{3}})+(\{decimal}\d*)?", plain):
        plain = plain.replace(grouping, "")
    return plain.replace(",", ".")


class FigureField(forms.DecimalField):
    """A number with whatever places its column has."""

    widget = forms.TextInput

    def __init__(self, **kwargs: Any):
        super().__init__(**kwargs)
        places = _("Tulis angka bulat, misalnya 4 atau 1.250.") if not self.decimal_places else None
        too_long = _("Angka ini terlalu besar. Periksa lagi.")
        self.error_messages |= {
            "invalid": _("Tulis angka, misalnya 12,5 atau 1.250.000."),
            "max_decimal_places": places or _("Tulis paling banyak dua angka di belakang koma."),
            "max_digits": too_long,
            "max_whole_digits": too_long,
        }

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"inputmode": "decimal" if self.decimal_places else "numeric"}

    def to_python(self, value: Any) -> Any:
        return super().to_python(read(value) if isinstance(value, str) else value)

    def prepare_value(self, value: Any) -> Any:
        return written(value) if isinstance(value, Decimal | int) else value


class CountField(FigureField):
    """How many: a whole number that is not below zero, and that its column holds."""

    LARGEST = 2_147_483_647

    def __init__(self, **kwargs: Any):
        super().__init__(**{"min_value": 0, "max_value": self.LARGEST} | kwargs | {"decimal_places": 0})
        self.error_messages |= {
            "min_value": _("Tulis angka nol atau lebih."),
            "max_value": _("Angka ini terlalu besar. Periksa lagi."),
        }

    def clean(self, value: Any) -> int | None:
        cleaned = super().clean(value)
        return None if cleaned is None else int(cleaned)
