"""Criteria to tick: of an action, a piece of evidence, or a point."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from django import forms
from django.db.models import Q, QuerySet

from agencies.widgets import ManyOf
from commitments.models import Criterion


class ByFramework(forms.models.ModelChoiceIterator):
    """Criteria under the name of their framework."""

    def __iter__(self) -> Iterator[Any]:
        for framework, criteria in groupby(self.queryset, key=lambda criterion: criterion.framework):
            yield framework.name, [self.choice(criterion) for criterion in criteria]


class CriteriaField(ManyOf):
    iterator = ByFramework


def criteria_asked(year: int, chosen: QuerySet[Criterion]) -> QuerySet[Criterion]:
    """What is asked for in that year, and what was chosen when it still was."""
    asked = Q(framework__year=year, framework__in_use=True)
    return (
        Criterion.objects.filter(asked | Q(pk__in=chosen.values("pk")))
        .select_related("framework")
        .order_by("framework_id", "order", "pk")
    )
