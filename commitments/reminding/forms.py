from django import forms
from django.utils.translation import gettext_lazy as _

from commitments.models import Signatory
from commitments.reminding.missing import Missing
from commitments.states import SignatoryState


class RemindForm(forms.Form):
    """Which of the reachable posts get a mail; at first all that had none today."""

    chosen = forms.TypedMultipleChoiceField(
        coerce=int,
        error_messages={
            "required": _("Belum ada jabatan yang dipilih. Centang jabatan yang hendak diingatkan."),
            "invalid_choice": _(
                "Sebagian jabatan baru saja menandatangani atau tidak dapat dikirimi. Periksa daftar ini lagi."
            ),
        },
    )

    def __init__(self, data, *, missing: Missing):
        super().__init__(data)
        self.missing = missing
        self.fields["chosen"].choices = [(slot.pk, str(slot)) for slot in missing.reachable]  # type: ignore[attr-defined]

    @property
    def ticked(self) -> set[int]:
        """What stands ticked: what was posted, else all without a reminder today except who cannot sign yet."""
        if self.is_bound:
            return {int(value) for value in self.data.getlist("chosen") if value.isdecimal()}  # type: ignore[attr-defined]
        asked = (slot for slot in self.missing.reachable if slot.state != SignatoryState.DECLINED)
        return {slot.pk for slot in asked if not slot.reminded_today}  # type: ignore[attr-defined]

    @property
    def slots(self) -> list[Signatory]:
        return [slot for slot in self.missing.reachable if slot.pk in self.cleaned_data["chosen"]]
