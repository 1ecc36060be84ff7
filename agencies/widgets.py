"""Fields as every form shows them."""

from typing import Any

from django import forms


class DateInput(forms.DateInput):
    """The browser's own picker, which wants ISO dates whatever the language."""

    input_type = "date"

    def __init__(self, **kwargs: Any):
        super().__init__(format="%Y-%m-%d", **kwargs)
