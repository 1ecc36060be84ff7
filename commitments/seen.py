"""What a form's page has shown, so that nobody decides about, or writes over, what they have not seen."""

import hashlib
from typing import Any, cast

from django import forms
from django.http import QueryDict  # noqa: TID251 a form holds what was sent in one
from django.utils.translation import gettext_lazy as _

from commitments.models import Action, Evidence, Report
from commitments.models.salted import canonical

CHANGED = _(
    "Sudah diubah orang lain sejak Anda membukanya. Yang Anda ketik tetap ada; bandingkan dulu, lalu simpan lagi bila "
    "tetap ingin menggantinya."
)


def seen_of(row: Action | Report | Evidence) -> str:
    """What a page shows of this row and its criteria, short: a form brings it back."""
    criteria = [] if isinstance(row, Report) else [str(tag.pk) for tag in row.criteria.all()]
    return hashlib.sha256(canonical([row.record(), sorted(criteria)])).hexdigest()[:20]


class SeenForm(forms.ModelForm):
    """Sent a second time it is taken: its sender has been told."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        model = type(self.instance)
        stored = model._base_manager.filter(pk=self.instance.pk).first() if self.instance.pk else None
        self.now = seen_of(stored) if stored else ""
        self.fields["seen"].initial = self.now

    def clean(self) -> dict[str, Any]:
        super().clean()
        if self.data.get("seen", self.now) != self.now:
            self.add_error(None, CHANGED)
            data = cast(QueryDict, self.data).copy()
            data["seen"] = self.now
            self.data = data
        return self.cleaned_data
