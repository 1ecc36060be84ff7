"""What stands in addresses beside numbers and words."""

from django.urls import register_converter
from django.urls.converters import StringConverter

from agencies.sheets import TYPES


class SheetForm(StringConverter):
    """xlsx or csv."""

    regex = "|".join(TYPES)


register_converter(SheetForm, "sheet")
