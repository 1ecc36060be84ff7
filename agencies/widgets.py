"""Fields as every form shows them."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


class DateInput(forms.DateInput):
    """The browser's own picker, which wants ISO dates whatever the language."""

    input_type = "date"

    def __init__(self, **kwargs: Any):
        super().__init__(format="%Y-%m-%d", **kwargs)


class ManyOf(forms.ModelMultipleChoiceField):
    """Rows to tick. A number larger than any id is refused here, for SQLite would fail on it."""

    LONGEST_ID = 15  # digits
    widget = forms.CheckboxSelectMultiple

    def clean(self, value: Any) -> Any:
        if any(len(str(item)) > self.LONGEST_ID for item in value or ()):
            raise ValidationError(_("Pilih dari daftar."))
        return super().clean(value)
