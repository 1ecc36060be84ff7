"""Signing and declining: only the holder, by one of three ways, only in the holder's days, once per slot."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from agencies.models import Tenure, User
from commitments import dates, notifications
from commitments.models import Signatory, Signature
from commitments.moves import MoveError, move, require_open
from commitments.signing.marks import Drawn, Scanned, Typed
from commitments.signing.ways import OwnLogin, Way
from commitments.states import SIGNABLE, Method, SignatoryState


def sign(
    slot: Signatory,
    *,
    mark: Drawn | Typed | Scanned,
    consent: str,
    key: UUID,
    by: User | Way,
    user_agent: str = "",
    at: datetime | None = None,
) -> Signature:
    """Sign the slot and return the signature; the same key again returns the same one, and changes nothing.

    `by` is the holder's login, or another way in. Raises MoveError when it does not lead to this slot today, or when
    the slot is not open for signing.
    """
    way = OwnLogin(by) if isinstance(by, User) else by
    done = None if slot.state in SIGNABLE else _signed_before(slot, key, way)
    if done:
        return done
    try:
        with transaction.atomic():
            return _sign(slot, mark=mark, consent=consent, key=key, way=way, user_agent=user_agent, at=at)
    except (IntegrityError, MoveError):
        # The same request came twice: the other one was stored first, and is the answer to both.
        done = _signed_before(slot, key, way)
        if done is None:
            raise
        return done


def _signed_before(slot: Signatory, key: UUID, way: Way) -> Signature | None:
    return Signature.objects.filter(signatory=slot, idempotency_key=key, **way.columns()).first()


def _sign(slot, *, mark, consent, key, way, user_agent, at) -> Signature:
    signed_at = at or dates.now()
    require_open(slot.declaration)
    tenure = way.tenure(slot, signed_at)
    signature = Signature.objects.create(
        signatory=slot,
        idempotency_key=key,
        signed_at=signed_at,
        **way.columns(),
        text_digest=slot.declaration.text_digest,
        consent=consent,
        user_agent=user_agent[:300],
        **_mark_fields(mark),
        **_snapshot(tenure),
    )
    changes = {"current_signature": signature, "reason": ""}
    way.used(signed_at)
    notifications.signed(signature)
    move(
        slot,
        SignatoryState.SIGNED,
        by=way.actor,
        made=[signature],
        changes=changes,
        at=at,
        signature=signature.pk,
        text_digest=slot.declaration.text_digest,
    )
    return signature


def _mark_fields(mark: Drawn | Typed | Scanned) -> dict:
    if isinstance(mark, Drawn):
        return {"method": Method.DRAWN, "strokes": mark.strokes}
    if isinstance(mark, Scanned):
        return {"method": Method.SCANNED, "scan": mark.png}
    return {"method": Method.TYPED, "typed_name": mark.name}


def _snapshot(tenure: Tenure) -> dict:
    """Who signed, as it is at this moment; later changes of name, title or office do not reach it."""
    official, position = tenure.official, tenure.position
    return {
        "official": official,
        "tenure": tenure,
        "full_name": official.full_name,
        "bare_name": official.name,
        "nip": official.nip or "",
        "rank": official.rank,
        "position_title": position.title,
        "capacity": tenure.capacity,
        "basis": tenure.basis,
        "agency_name": position.agency.name,
    }


@transaction.atomic
def decline(slot: Signatory, *, reason: str, by: User | Way, at: datetime | None = None) -> None:
    """The holder cannot or will not sign, and says why. DPPPA is told."""
    if not reason.strip():
        raise MoveError(_("Tulis alasan singkat, supaya DPPPA dapat menghubungi Anda."))
    require_open(slot.declaration)
    way = OwnLogin(by) if isinstance(by, User) else by
    way.tenure(slot, at or dates.now())
    changes = {"reason": reason.strip()}
    entry = move(slot, SignatoryState.DECLINED, by=way.actor, changes=changes, at=at)
    notifications.declined(slot, times=entry.sequence)
