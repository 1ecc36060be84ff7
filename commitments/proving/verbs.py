"""The evidence room: an office brings its files and hands them in; somebody of another office decides (C55 to C57)."""

import hashlib
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from agencies.models import User
from commitments import dates, journal
from commitments.models import Action, Criterion, Evidence, EvidenceFile
from commitments.moves import MoveError, move_work
from commitments.permissions import verifiable_evidence
from commitments.proving import kinds
from commitments.proving.kinds import FileRefused
from commitments.states import EDITABLE, PlanEntryKind, WorkState

MOST_FILES = 20  # at once


@dataclass(frozen=True)
class Upload:
    """A file as somebody sent it."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Outcome:
    """What became of one file of several: kept, or why not."""

    name: str
    kept: bool
    text: str


@dataclass(frozen=True)
class Judged:
    """What may be kept of an upload."""

    name: str
    kind: str
    content: bytes
    sha256: str


def add_many(action: Action, uploads: Iterable[Upload], *, by: User) -> list[Outcome]:
    """Keep each file as a piece of evidence of its own: one that is refused does not hold back the rest."""
    outcomes = []
    for upload in uploads:
        try:
            kept = add(action, upload, by=by)
            outcomes.append(Outcome(kept.title, True, _("Tersimpan sebagai draf.")))
        except (FileRefused, MoveError) as error:
            outcomes.append(Outcome(upload.name, False, str(error)))
    return outcomes


def add(action: Action, upload: Upload, *, by: User) -> Evidence:
    """A new piece, a draft, named after its file; raises FileRefused."""
    return add_judged(action, judge(upload), by=by)


def add_judged(action: Action, judged: Judged, *, by: User) -> Evidence:
    with _stored(judged) as path, transaction.atomic():
        _lock(action)
        _require_new(judged, action)
        evidence = Evidence.objects.create(action=action, title=kinds.title_of(judged.name))
        evidence.criteria.set(action.criteria.all())
        _record(evidence, 1, judged, path, by=by)
    return evidence


def replace(evidence: Evidence, upload: Upload, *, by: User) -> EvidenceFile:
    """A new version. What was accepted has to be looked at anew; what waits for a decision stays as it was handed in.

    Raises FileRefused or MoveError.
    """
    judged = judge(upload)
    with _stored(judged) as path, transaction.atomic():
        _lock(evidence.action)
        evidence = (
            Evidence.objects.select_for_update(of=("self",)).select_related("action").get(pk=evidence.pk)
        )
        if evidence.state == WorkState.SUBMITTED:
            raise MoveError(_("Bukti ini sedang diperiksa. Tunggu keputusannya sebelum mengganti berkas."))
        newest = evidence.files.latest("version").version
        _require_new(judged, evidence.action, before=(evidence, newest))
        if evidence.state == WorkState.ACCEPTED:
            changes = {"note": "", "decided_by": None, "decided_at": None}
            move_work(evidence, WorkState.DRAFT, by=by, changes=changes, evidence=evidence.pk)
        return _record(evidence, newest + 1, judged, path, by=by)


@transaction.atomic
def describe(evidence: Evidence, *, title: str, criteria: Iterable[Criterion]) -> None:
    """Name a piece anew and say what it counts for, while it is in the office's hands; raises MoveError."""
    journal.lock(evidence.action.plan_id)
    own = Evidence.objects.filter(pk=evidence.pk, state__in=EDITABLE)
    if not own.update(title=title):
        raise MoveError(_("Bukti ini sudah diajukan. Nama dan kriterianya tidak dapat diubah sekarang."))
    evidence.criteria.set(criteria)


@transaction.atomic
def submit(evidence: Evidence, *, by: User) -> None:
    """Hand it in. The note of the last look stays, so that the next one knows what was asked for."""
    journal.lock(evidence.action.plan_id)
    criteria = sorted(evidence.criteria.values_list("code", flat=True))
    move_work(evidence, WorkState.SUBMITTED, by=by, evidence=evidence.pk, criteria=criteria)


def submit_drafts(action: Action, *, by: User) -> tuple[int, list[str]]:
    """Hand in each draft of the action. Returns how many, and a sentence for each that was not."""
    submitted, refused = 0, []
    for evidence in action.evidence.filter(state=WorkState.DRAFT).select_related("action__plan"):
        try:
            submit(evidence, by=by)
            submitted += 1
        except MoveError as error:
            refused.append(f"{evidence.title}: {error}")
    return submitted, refused


def accept(evidence: Evidence, *, version: int, by: User) -> None:
    """`version` is the one that was looked at: a newer one has not been."""
    _decide(evidence, WorkState.ACCEPTED, version=version, note="", by=by)


def give_back(evidence: Evidence, *, version: int, note: str, by: User) -> None:
    """Also what was accepted, hastily; with a note of what is missing."""
    if not note.strip():
        raise MoveError(_("Tulis apa yang perlu diperbaiki."))
    _decide(evidence, WorkState.NEEDS_WORK, version=version, note=note.strip(), by=by)


@transaction.atomic
def _decide(evidence: Evidence, to: WorkState, *, version: int, note: str, by: User) -> None:
    if not verifiable_evidence(by).filter(pk=evidence.pk).exists():
        raise MoveError(_("Bukti kantor sendiri, atau yang Anda unggah, diperiksa orang dari kantor lain."))
    changes = {"decided_by": by, "decided_at": dates.now(), "note": note}
    move_work(evidence, to, by=by, changes=changes, evidence=evidence.pk, note=note)
    # Behind the move, whose lock keeps the versions as they are; a refusal takes the move back.
    if evidence.files.latest("version").version != version:
        raise MoveError(_("Berkas bukti ini sudah diganti. Lihat versi terbarunya dulu."))


def judge(upload: Upload) -> Judged:
    """Raises FileRefused."""
    kind = kinds.kind_of(upload.content)
    digest = hashlib.sha256(upload.content).hexdigest()
    return Judged(kinds.stored_name(upload.name, kind), kind.code, upload.content, digest)


@contextmanager
def _stored(judged: Judged) -> Iterator[str]:
    """Written under a name nobody can guess before the rows are, so that no row lacks its file; gone if they fail."""
    name = f"{EvidenceFile.FOLDER}/{dates.today():%Y}/{secrets.token_hex(16)}"
    path = default_storage.save(name, ContentFile(judged.content))
    try:
        yield path
    except BaseException:
        default_storage.delete(path)
        raise


def _lock(action: Action) -> None:
    """One upload to a plan at a time: the same file sent twice at once is kept once."""
    journal.lock(action.plan_id)
    if not Action.objects.filter(pk=action.pk).exists():
        raise MoveError(_("Rencana aksi ini sudah dihapus."))


def _require_new(judged: Judged, action: Action, before: tuple[Evidence, int] | None = None) -> None:
    """Not twice in one action; but of the piece itself an older version may come back (`before`: piece and newest)."""
    found = EvidenceFile.objects.filter(evidence__action=action, sha256=judged.sha256)
    if before:
        found = found.exclude(evidence=before[0], version__lt=before[1])
    twin = found.select_related("evidence").first()
    if twin:
        raise FileRefused(
            _("Berkas yang sama sudah ada: %(title)s, versi %(version)d. Tidak disimpan dua kali.")
            % {"title": twin.evidence.title, "version": twin.version}
        )


def _record(evidence: Evidence, version: int, judged: Judged, path: str, *, by: User) -> EvidenceFile:
    file = EvidenceFile.objects.create(
        evidence=evidence,
        version=version,
        file=path,
        name=judged.name,
        kind=judged.kind,
        size=len(judged.content),
        sha256=judged.sha256,
        uploaded_by=by,
    )
    journal.append(evidence.plan, PlanEntryKind.UPLOADED, actor=by, about=[file], evidence=evidence.pk)
    return file
