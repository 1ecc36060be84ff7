"""Ways in for holders without a login: making a personal link, and ending it."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from agencies.models import Official, Tenure, User
from commitments import dates, notifications
from commitments.models import Signatory, SigningLink
from commitments.models.doors import digest_of_address
from commitments.moves import MoveError, append_while_open, require_open
from commitments.states import EntryKind

LIFETIME = timedelta(days=7)


@transaction.atomic
def make_link(slot: Signatory, *, by: User, at: datetime | None = None) -> SigningLink:
    """A new link for today's holder, which ends the one before it; its secret is made when the mail goes out.

    Nobody sees the secret but the holder's mailbox: so the address must be the holder's alone.
    """
    now = at or dates.now()
    require_open(slot.declaration)
    if not slot.may_be_signed:
        raise MoveError(_("Jabatan ini tidak dapat ditandatangani pada keadaan sekarang."))
    holder = slot.tenure_on(dates.wib_date(now))
    if holder is None:
        raise MoveError(_("Jabatan ini kosong. Catat pemegangnya dulu di data induk."))
    _require_own_address(holder, by=by)
    ended = _end_alive(slot, at=now)
    link = SigningLink.objects.create(
        signatory=slot,
        tenure=holder,
        address_digest=digest_of_address(holder.official.address),
        made_by=by,
        created_at=now,
        expires_at=now + LIFETIME,
    )
    append_while_open(
        slot.declaration,
        EntryKind.LINK_MADE,
        actor=by,
        about=[],
        at=at,
        slot=slot.pk,
        link=link.pk,
        tenure=holder.pk,
        ended=ended,
    )
    notifications.link_made(link)
    return link


@transaction.atomic
def end_link(slot: Signatory, *, by: User, at: datetime | None = None) -> None:
    ended = _end_alive(slot, at=at or dates.now())
    if not ended:
        raise MoveError(_("Tidak ada tautan yang berlaku untuk jabatan ini."))
    append_while_open(
        slot.declaration, EntryKind.LINK_ENDED, actor=by, about=[], at=at, slot=slot.pk, ended=ended
    )


def _end_alive(slot: Signatory, *, at: datetime) -> list[int]:
    """Ends what is alive, and says which."""
    alive = SigningLink.objects.filter(signatory=slot, used_at=None, ended_at=None)
    ended = sorted(alive.values_list("pk", flat=True))
    alive.update(ended_at=at)
    return ended


def _require_own_address(holder: Tenure, *, by: User) -> None:
    address = holder.official.address
    if not address:
        raise MoveError(
            _("Pejabat ini belum mempunyai pos-el. Isi dulu di data induk, atau pakai surat undangan.")
        )
    if by.email.casefold() == address.casefold():
        raise MoveError(
            _("Pos-el pejabat ini sama dengan pos-el Anda. Isi pos-el milik pejabat itu sendiri.")
        )
    others = Official.objects.filter(email__iexact=address).exclude(pk=holder.official_id).exists()
    users = User.objects.filter(email__iexact=address).exclude(official=holder.official_id).exists()
    if others or users:
        raise MoveError(
            _(
                "Pos-el pejabat ini juga tercatat pada orang lain. Tautan pribadi memerlukan pos-el miliknya sendiri."
            )
        )


def end_all_links(*, at: datetime | None = None) -> int:
    """In an alarm: no link that is under way opens anything any more. Returns how many there were."""
    now = at or dates.now()
    alive = SigningLink.objects.filter(Q(expires_at__gt=now), used_at=None, ended_at=None)
    return alive.update(ended_at=now)
