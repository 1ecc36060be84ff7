"""What a cell of an imported list may hold. Each refuses with a sentence that says what to write instead."""

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from import_export.widgets import Widget

from agencies import nip
from agencies.one_line import one_line, plain_lines

DAY_FORMATS = ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y")


class TextCell(Widget):
    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        return one_line(str(value or "").strip())

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return str(value or "")


class LinesCell(TextCell):
    """A text of several lines."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        return plain_lines(str(value or ""))


class ChoiceCell(Widget):
    """One of the values of an enumeration; its label is understood too."""

    def __init__(self, choices: type[models.TextChoices], **kwargs: Any):
        super().__init__(**kwargs)
        self.choices = choices

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        text = str(value or "").strip()
        for choice in self.choices:
            if text.casefold() in {choice.value.casefold(), str(choice.label).casefold()}:
                return choice.value
        if not text:
            return ""  # whether it may be empty is the model's rule
        raise ValueError(
            _("“%(value)s” bukan pilihan. Tulis salah satu: %(choices)s.")
            % {"value": text, "choices": ", ".join(self.choices.values)}
        )

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return str(value or "")


class YesNoCell(Widget):
    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> bool:
        text = str(value or "").strip().casefold()
        if text not in {"ya", "tidak"}:
            raise ValueError(_("Tulis ya atau tidak."))
        return text == "ya"

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return "ya" if value else "tidak"


class NumberCell(Widget):
    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> int | None:
        text = str(value or "").strip()
        if not text:
            return None
        if not re.fullmatch(r"[0-9]{1,9}", text):
            raise ValueError(_("Tulis angka bulat, misalnya 120."))
        return int(text)

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return "" if value is None else str(value)


class DecimalCell(Widget):
    """2,5 as people here write it; 2.5 is understood too, as Excel gives a number."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Decimal | None:
        text = str(value or "").strip()
        if not text:
            return None
        if not re.fullmatch(r"[0-9]{1,9}(?:[.,][0-9]{1,9})?", text):
            raise ValueError(_("Tulis angka, misalnya 2,5."))
        return Decimal(text.replace(",", "."))

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return "" if value is None else f"{value.normalize():f}".replace(".", ",")


class DayCell(Widget):
    """2026-01-31; 31/01/2026 and 31-01-2026 are understood too."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> date | None:
        text = str(value or "").strip()
        if not text:
            return None
        for form in DAY_FORMATS:
            try:
                return datetime.strptime(text, form).date()  # noqa: DTZ007 a day has no zone
            except ValueError:
                continue
        raise ValueError(_("“%(value)s” bukan tanggal. Tulis seperti 2026-01-31.") % {"value": text[:40]})

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return value.isoformat() if value else ""


class NipCell(Widget):
    """18 digits, with or without spaces; empty becomes None, as the column holds it."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str | None:
        text = str(value or "").strip()
        return nip.parse(text, today=timezone.localdate()).digits if text else None

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return value or ""
