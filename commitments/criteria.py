"""Criteria to tick: of an action, a piece of evidence, or a point."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from commitments.models import Criterion


class ByFramework(forms.models.ModelChoiceIterator):
    """Criteria under the name of their framework."""

    def __iter__(self) -> Iterator[Any]:
        for framework, criteria in groupby(self.queryset, key=lambda criterion: criterion.framework):
            yield framework.name, [self.choice(criterion) for criterion in criteria]


class CriteriaField(forms.ModelMultipleChoiceField):
    """Criteria to tick. A value longer than any id is refused before the database sees it."""

    iterator = ByFramework

    def clean(self, value: Any) -> Any:
        if any(len(str(item)) > 15 for item in value or ()):
            raise ValidationError(_("Pilih kriteria dari daftar."))
        return super().clean(value)


def criteria_asked(year: int, chosen: QuerySet[Criterion]) -> QuerySet[Criterion]:
    """What is asked for in that year, and what was chosen when it still was."""
    asked = Q(framework__year=year, framework__in_use=True)
    return (
        Criterion.objects.filter(asked | Q(pk__in=chosen.values("pk")))
        .select_related("framework")
        .order_by("framework_id", "order", "pk")
    )
