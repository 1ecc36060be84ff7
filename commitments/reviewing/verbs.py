"""One decision on one signature: accepted, or given back with a reason."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from agencies.models import User
from commitments import dates, notifications
from commitments.models import Review, Signature
from commitments.moves import MoveError, impossible, move, require_open
from commitments.states import Decision, SignatoryState


def accept(signature: Signature, *, by: User, at: datetime | None = None) -> Review:
    return _decide(signature, Decision.ACCEPTED, reason="", by=by, at=at)


def accept_many(signatures: Iterable[Signature], *, by: User) -> tuple[int, list[str]]:
    """Accept each on its own: one that somebody else decided meanwhile does not hold back the rest.

    Returns how many were accepted, and a sentence for each that was not.
    """
    accepted, refused = 0, []
    for signature in signatures:
        try:
            accept(signature, by=by)
            accepted += 1
        except MoveError as error:
            refused.append(f"{signature.position_title}: {error}")
    return accepted, refused


def give_back(signature: Signature, *, reason: str, by: User, at: datetime | None = None) -> Review:
    """Return it to its signer. The signature stays on the record; the slot is open for a new one."""
    if not reason.strip():
        raise MoveError(_("Tulis alasan pengembalian, supaya pejabat tahu apa yang perlu diperbaiki."))
    return _decide(signature, Decision.RETURNED, reason=reason.strip(), by=by, at=at)


def had_a_hand_in(signature: Signature, user: User) -> bool:
    """Whoever signed, hosted, sent the link or holds the official's login decides nothing: it takes two to accept."""
    link = signature.link
    hands = {
        signature.user_id,
        signature.host_id,
        signature.official.user_id,
        link.made_by_id if link else None,
    }
    return user.pk in hands


@transaction.atomic
def _decide(
    signature: Signature, decision: Decision, *, reason: str, by: User, at: datetime | None
) -> Review:
    slot = signature.signatory
    slot.refresh_from_db()
    if had_a_hand_in(signature, by):
        raise MoveError(_("Tanda tangan yang Anda buat, undang, atau dampingi diperiksa orang lain."))
    if slot.current_signature_id != signature.pk:
        raise MoveError(_("Tanda tangan ini sudah digantikan yang lebih baru."))
    if SignatoryState(decision.value) == slot.state:
        raise MoveError(_("Sudah diputuskan pengguna lain. Muat ulang halaman ini."))
    require_open(slot.declaration)
    if not slot.may_become(SignatoryState(decision.value)):
        raise MoveError(impossible())
    review = Review.objects.create(
        signature=signature, decision=decision, reason=reason, by=by, at=at or dates.now()
    )
    notifications.reviewed(review)
    move(slot, SignatoryState(decision.value), by=by, made=[review], at=at, review=review.pk)
    return review
