"""What the public pages know about the seal of an issued paper: the one place that asks its record."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from commitments.models import Document


@dataclass(frozen=True)
class Seal:
    """`state` is for machines: none, or what the record of the sealing calls it; `words` are for people."""

    state: str
    words: str


def seal_of(document: Document | None) -> Seal:
    return Seal("none", _("Berkas belum bersegel."))
