"""What the public pages say about the seal of an issued paper: the one place that asks its record."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from commitments import dates
from commitments.models import Document
from commitments.states import SealLevel


@dataclass(frozen=True)
class Seal:
    """`state` is for machines: none, b-b or b-t; `words` are for people."""

    state: str
    words: str


def seal_of(document: Document | None) -> Seal:
    if document is None or document.seal_level == SealLevel.NONE:
        return Seal(SealLevel.NONE.value, _("Berkas belum bersegel."))
    values = {
        "level": SealLevel(document.seal_level).label,
        "moment": dates.moment(document.sealed_at),  # type: ignore[arg-type] # a constraint of the table
    }
    words = _("%(level)s, %(moment)s. Segel instansi, tidak diterbitkan PSrE.") % values
    return Seal(document.seal_level, words)
