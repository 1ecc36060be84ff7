"""The matrix and the queue as tables to take away: no NIP, no drawing, times in WIB."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from agencies.groups import group_of
from agencies.sheets import Cell, Table
from commitments import dates
from commitments.models import Signatory, Signature
from commitments.reviewing.matrix import Matrix


def matrix_table(matrix: Matrix) -> Table:
    """The rows that the page shows, under the same filter. Slots carry `current_signature` with its reviews."""
    headers = [
        _("No."), _("Jabatan"), _("Singkatan"), _("Perangkat daerah"), _("Kelompok"), _("Pejabat"), _("Sebagai"),
        _("Keadaan"), _("Alasan"), _("Ditandatangani"), _("Waktu (ISO 8601)"), _("Cara"), _("Nomor bukti"),
        _("Diputuskan oleh"), _("Diputuskan pada"),
    ]  # fmt: skip
    numbers = {slot.pk: number for number, slot in enumerate(matrix.slots, start=1)}
    return headers, [[numbers[slot.pk], *_slot_row(slot)] for slot in matrix.shown]


def _slot_row(slot: Signatory) -> list[Cell]:
    position, signature = slot.position, slot.current_signature
    review = max(signature.reviews.all(), key=lambda review: review.at, default=None) if signature else None
    return [
        position.title,
        position.short or position.agency.abbreviation,
        position.agency.name,
        str(group_of(position)),
        slot.signer.full_name if slot.signer else "",
        slot.signer.get_capacity_display() if slot.signer else "",
        slot.get_state_display(),
        slot.reason or (review.reason if review else ""),
        *_moment(signature),
        signature.method_in_words if signature else "",
        signature.printed_number if signature else "",
        str(review.by) if review else "",
        dates.moment(review.at) if review else "",
    ]


def queue_table(queue: Iterable[Signature]) -> Table:
    headers = [
        _("Jabatan"), _("Nama"), _("Sebagai"), _("Surat dasar"), _("Perangkat daerah"), _("Deklarasi"), _("Tahun"),
        _("Ditandatangani"), _("Waktu (ISO 8601)"), _("Cara"), _("Nomor bukti"),
    ]  # fmt: skip
    return headers, [_queue_row(signature) for signature in queue]


def _queue_row(signature: Signature) -> list[Cell]:
    declaration = signature.signatory.declaration
    return [
        signature.position_title,
        signature.full_name,
        signature.get_capacity_display(),
        signature.basis,
        signature.agency_name,
        declaration.title,
        declaration.year,
        *_moment(signature),
        signature.method_in_words,
        signature.printed_number,
    ]


def _moment(signature: Signature | None) -> list[str]:
    """For people as everywhere else, and for sorting."""
    if signature is None:
        return ["", ""]
    return [dates.moment(signature.signed_at), dates.iso(signature.signed_at)]
