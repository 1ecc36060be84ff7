"""From a draft to a published, closed, withdrawn or superseded declaration."""

from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agencies.kinds import PositionCategory
from agencies.models import Position, User
from commitments import dates, notifications
from commitments.models import Declaration, LegalBasis, PaperJob, Point, Signatory
from commitments.moves import MoveError, append_while_open, move, require_open
from commitments.publishing import texts
from commitments.states import DeclarationState, EntryKind, SignatoryState

# What the next version, or another year, begins with.
COPIED = (
    "year", "title", "opening", "closing", "place", "venue", "date", "sign_by", "number", "letterhead_id", "page_size",
    "note", "is_sample",
)  # fmt: skip
CITY_CATEGORIES = (PositionCategory.SEKDA, PositionCategory.ASISTEN, PositionCategory.STAF_AHLI)


def positions_by_rule(
    *, heads: bool = False, camat: bool = False, city: bool = False, named: Iterable[Position] = ()
) -> QuerySet[Position]:
    """The posts that exist today: all heads, all camat, Sekda with assistants and expert staff, and those named."""
    categories: list[str] = []
    categories += [PositionCategory.KEPALA] if heads else []
    categories += [PositionCategory.CAMAT] if camat else []
    categories += CITY_CATEGORIES if city else []
    chosen = Q(category__in=categories) | Q(pk__in=[position.pk for position in named])
    return Position.objects.in_force().filter(chosen).in_protocol_order()


@transaction.atomic
def save_draft(
    declaration: Declaration, *, points: list[dict], basis: list[str], positions: Iterable[Position], by: User
) -> Declaration:
    """Store a draft with its points ({"text", "sub_points"}), legal basis and slots; what was there is replaced."""
    _require_draft(declaration)
    if declaration._state.adding:
        declaration.created_by, declaration.created_at = by, dates.now()
    declaration.save()
    declaration.points.all().delete()
    declaration.legal_basis.all().delete()
    Point.objects.bulk_create(
        Point(
            declaration=declaration, order=order, text=point["text"], sub_points=point.get("sub_points", [])
        )
        for order, point in enumerate(points, start=1)
    )
    LegalBasis.objects.bulk_create(
        LegalBasis(declaration=declaration, order=order, text=text)
        for order, text in enumerate(basis, start=1)
    )
    wanted = {position.pk for position in positions}
    declaration.signatories.exclude(position__in=wanted).delete()
    kept = set(declaration.signatories.values_list("position_id", flat=True))
    Signatory.objects.bulk_create(
        Signatory(declaration=declaration, position_id=pk) for pk in sorted(wanted - kept)
    )
    return declaration


@transaction.atomic
def publish(declaration: Declaration, *, by: User, at: datetime | None = None) -> None:
    """Freeze the text, open it for signing and invite the holders. A version it replaces is superseded at once."""
    _require_draft(declaration)
    _require_complete(declaration)
    if declaration.previous:
        _supersede(declaration.previous, new=declaration, by=by, at=at)
    slots = list(declaration.signatories.select_related("position").in_protocol_order())
    digest = declaration.compute_digest()
    move(
        declaration,
        DeclarationState.OPEN,
        by=by,
        also=[*slots, *declaration.points.all(), *declaration.legal_basis.all()],
        changes={"published_at": at or dates.now(), "text_digest": digest},
        at=at,
        text_digest=digest,
        version=declaration.version,
        slots=[slot.pk for slot in slots],
    )
    notifications.published(declaration)


def _require_complete(declaration: Declaration) -> None:
    sentence = lacking(declaration)
    if sentence:
        raise MoveError(sentence)


def lacking(declaration: Declaration) -> str:
    """Why the draft cannot be published yet; empty when it can."""
    sentences = []
    if not declaration.points.exists():
        sentences.append(_("Naskah belum memuat butir. Tambahkan sedikitnya satu butir, lalu terbitkan."))
    if not declaration.signatories.exists():
        sentences.append(_("Belum ada jabatan penanda tangan. Pilih jabatannya, lalu terbitkan."))
    return " ".join(sentences)


def _supersede(declaration: Declaration, *, new: Declaration, by: User, at: datetime | None) -> None:
    if declaration.state == DeclarationState.WITHDRAWN:
        return  # already out of force; the new version simply follows it
    move(
        declaration,
        DeclarationState.SUPERSEDED,
        by=by,
        changes={"ended_at": at or dates.now(), "end_reason": f"Digantikan oleh versi {new.version}"},
        at=at,
        successor=new.pk,
    )


@transaction.atomic
def set_number(declaration: Declaration, *, number: str, by: User, at: datetime | None = None) -> None:
    """The number is not part of the digested text: it may be set or mended until close, and each time is recorded."""
    is_draft = declaration.state == DeclarationState.DRAFT
    if not is_draft:
        require_open(declaration)
    number = number.strip()
    if not number:
        raise MoveError(_("Nomor belum ditulis. Tulis nomornya, lalu simpan."))
    if number == declaration.number:
        raise MoveError(_("Nomor ini sudah tercatat pada naskah ini. Tidak ada yang diubah."))
    if is_draft:
        Declaration.objects.filter(pk=declaration.pk).update(number=number)
        declaration.number = number
        return
    try:
        with transaction.atomic():
            Declaration.objects.filter(pk=declaration.pk, state=DeclarationState.OPEN).update(number=number)
    except IntegrityError as error:
        raise MoveError(_("Nomor ini sudah dipakai naskah lain. Periksa lagi nomornya.")) from error
    declaration.number = number
    append_while_open(declaration, EntryKind.NUMBER_SET, actor=by, about=[declaration], at=at, number=number)


@transaction.atomic
def add_slot(
    declaration: Declaration, *, position: Position, by: User, at: datetime | None = None
) -> Signatory:
    """A late slot, while the declaration is open."""
    require_open(declaration)
    if declaration.signatories.filter(position=position).exists():
        raise MoveError(_("Jabatan ini sudah ada di naskah."))
    slot = Signatory.objects.create(declaration=declaration, position=position)
    notifications.invite(slot)
    append_while_open(declaration, EntryKind.SLOT_ADDED, actor=by, about=[slot], at=at, slot=slot.pk)
    return slot


@transaction.atomic
def excuse(slot: Signatory, *, reason: str, by: User, at: datetime | None = None) -> None:
    """An administrator excuses a post from signing, with a reason that stays on the record."""
    require_open(slot.declaration)
    _require_reason(reason)
    move(slot, SignatoryState.EXCUSED, by=by, changes={"reason": reason.strip()}, at=at)


@transaction.atomic
def close(declaration: Declaration, *, by: User, at: datetime | None = None) -> None:
    """End the signing, and have the final paper made. Impossible while a signature waits for review; unsigned posts are
    printed as such."""
    PaperJob.objects.ask(declaration, by=by, at=at)
    changes = {"closed_at": at or dates.now()}
    move(declaration, DeclarationState.CLOSED, by=by, changes=changes, at=at)
    # Counted under the chain's lock, which move() holds: a signature stored at this very moment is either seen here,
    # or finds the declaration closed.
    waiting = declaration.signatories.filter(state=SignatoryState.SIGNED).count()
    if waiting:
        raise MoveError(still_waiting(waiting))


def still_waiting(signatures: int) -> str:
    return ngettext(
        "%(n)d tanda tangan masih menunggu pemeriksaan. Periksa dulu, lalu tutup.",
        "%(n)d tanda tangan masih menunggu pemeriksaan. Periksa dulu, lalu tutup.",
        signatures,
    ) % {"n": signatures}


@transaction.atomic
def withdraw(declaration: Declaration, *, reason: str, by: User, at: datetime | None = None) -> None:
    _require_reason(reason)
    changes = {"ended_at": at or dates.now(), "end_reason": reason.strip()}
    move(declaration, DeclarationState.WITHDRAWN, by=by, changes=changes, at=at)


def revise(declaration: Declaration, *, by: User) -> Declaration:
    """A draft of version n+1. It asks for new signatures, and supersedes this version once it is published."""
    if declaration.state == DeclarationState.DRAFT:
        raise MoveError(_("Naskah ini masih draf. Ubah langsung drafnya."))
    if Declaration.objects.filter(previous=declaration).exists():
        raise MoveError(_("Versi berikutnya sudah ada."))
    return _copy(declaration, by=by, version=declaration.version + 1, previous=declaration)


def copy_year(declaration: Declaration, *, year: int, by: User) -> Declaration:
    """A draft for another year with the same text, letterhead and posts, dated on the same day of that year. Number
    and deadline start empty."""
    day = dates.same_day_in(year, declaration.date)
    was, now = (declaration.date, declaration.venue), (day, declaration.venue)
    opening = texts.opening_moved(declaration.opening, was=was, now=now)
    new = {"year": year, "date": day, "opening": opening, "version": 1, "previous": None}
    return _copy(declaration, by=by, **new, number="", sign_by=None, note="")


def _copy(source: Declaration, *, by: User, **changes) -> Declaration:
    points = [{"text": point.text, "sub_points": point.sub_points} for point in source.points.all()]
    basis = [row.text for row in source.legal_basis.all()]
    values = {name: getattr(source, name) for name in COPIED}
    draft = Declaration(**(values | changes))
    positions = Position.objects.in_force().filter(signatories__declaration=source)
    return save_draft(draft, points=points, basis=basis, positions=positions, by=by)


def discard(declaration: Declaration, *, by: User) -> None:
    """Throw a draft away. Nothing of it is on any record."""
    _require_draft(declaration)
    declaration.delete()


def _require_draft(declaration: Declaration) -> None:
    if declaration.state != DeclarationState.DRAFT:
        raise MoveError(no_draft())


def no_draft() -> str:
    return _("Naskah sudah diterbitkan dan tidak dapat diubah. Buat versi baru untuk mengoreksinya.")


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise MoveError(_("Tulis alasannya."))
