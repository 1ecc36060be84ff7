"""The evidence of one action as one user sees it, and what waits for that user's decision."""

from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet

from agencies.models import User
from commitments import journal
from commitments.models import Action, Evidence, EvidenceFile
from commitments.permissions import verifiable_evidence, verifiable_plans, workable_plans
from commitments.proving.kinds import JPEG, KINDS, PNG
from commitments.seen import seen_of
from commitments.states import EDITABLE, WORK_MOVES, WorkState


@dataclass(frozen=True)
class Piece:
    """One piece of evidence, and what this user may do about it now."""

    evidence: Evidence
    files: list[EvidenceFile]  # the newest first
    writes: bool
    decides: bool

    @property
    def newest(self) -> EvidenceFile:
        return self.files[0]

    @property
    def older(self) -> list[EvidenceFile]:
        return self.files[1:]

    @property
    def seen(self) -> str:
        return seen_of(self.evidence)

    @property
    def picture(self) -> bool:
        """Whether its newest file can be shown inside the page."""
        return KINDS[self.newest.kind] in (PNG, JPEG)

    @property
    def may_submit(self) -> bool:
        return self.writes and self._may_become(WorkState.SUBMITTED)

    @property
    def may_describe(self) -> bool:
        return self.writes and self.evidence.state in EDITABLE

    @property
    def may_replace(self) -> bool:
        return self.writes and self.evidence.state != WorkState.SUBMITTED

    @property
    def may_accept(self) -> bool:
        return self.decides and self._may_become(WorkState.ACCEPTED)

    @property
    def may_return(self) -> bool:
        return self.decides and self._may_become(WorkState.NEEDS_WORK)

    def _may_become(self, state: WorkState) -> bool:
        return state in WORK_MOVES[WorkState(self.evidence.state)]


@dataclass(frozen=True)
class Room:
    action: Action
    pieces: list[Piece]
    writes: bool
    verifies: bool

    @property
    def drafts(self) -> int:
        return sum(piece.evidence.state == WorkState.DRAFT for piece in self.pieces)


def room_of(action: Action, user: User) -> Room:
    writes = workable_plans(user).filter(pk=action.plan_id).exists()
    verifies = not writes and verifiable_plans(user).filter(pk=action.plan_id).exists()
    files = Prefetch("files", EvidenceFile.objects.select_related("uploaded_by").order_by("-version"))
    found = action.evidence.select_related("decided_by").prefetch_related(files, "criteria").order_by("pk")
    if not writes:
        found = found.exclude(state=WorkState.DRAFT)  # the office's own until it is handed in
    theirs = verifiable_evidence(user).filter(action=action).values_list("pk", flat=True)
    decides = set(theirs) if verifies else set()
    return Room(
        action, [_piece(evidence, writes, evidence.pk in decides) for evidence in found], writes, verifies
    )


def _piece(evidence: Evidence, writes: bool, decides: bool) -> Piece:
    return Piece(evidence, [_with_label(file) for file in evidence.files.all()], writes, decides)


def _with_label(file: EvidenceFile) -> EvidenceFile:
    file.label = KINDS[file.kind].label  # type: ignore[attr-defined]
    return file


def queue_of(user: User) -> QuerySet[Evidence]:
    """What waits for this user's decision, the longest first; each with `submitted_at`."""
    waiting = verifiable_evidence(user).waiting_for_review()
    waiting = waiting.annotate(submitted_at=journal.handed_in_at("evidence"))
    return waiting.select_related("action__plan__agency").order_by("submitted_at", "pk")
