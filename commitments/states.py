"""States and the moves between them. Data only: imports nothing of ours."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class DeclarationState(TextChoices):
    DRAFT = "draft", _("Draf")
    OPEN = "open", _("Sedang ditandatangani")
    CLOSED = "closed", _("Ditutup")
    WITHDRAWN = "withdrawn", _("Dicabut")
    SUPERSEDED = "superseded", _("Digantikan")


class SignatoryState(TextChoices):
    WAITING = "waiting", _("Menunggu")
    SIGNED = "signed", _("Ditandatangani")
    ACCEPTED = "accepted", _("Diterima")
    RETURNED = "returned", _("Dikembalikan")
    DECLINED = "declined", _("Belum dapat")
    EXCUSED = "excused", _("Dibebaskan")


class Decision(TextChoices):
    ACCEPTED = "accepted", _("Diterima")
    RETURNED = "returned", _("Dikembalikan")


class Method(TextChoices):
    """How the mark was made. All count the same; none is a certified signature (PP 71/2019 art. 60)."""

    DRAWN = "drawn", _("Digambar")
    TYPED = "typed", _("Diketik")
    SCANNED = "scanned", _("Tinta basah, dipindai")


class MailState(TextChoices):
    WAITING = "waiting", _("Menunggu dikirim")
    SENDING = "sending", _("Sedang dikirim")
    SENT = "sent", _("Terkirim")
    STUCK = "stuck", _("Tertahan")
    DROPPED = "dropped", _("Tidak jadi dikirim")


class MailKind(TextChoices):
    """What a mail is about; its text is templates/emails/<value>.txt."""

    INVITED = "invited", _("Undangan")
    REMINDED = "reminded", _("Pengingat")
    SIGNED = "signed", _("Tanda tangan masuk")
    ACCEPTED = "accepted", _("Tanda tangan diterima")
    RETURNED = "returned", _("Tanda tangan dikembalikan")
    DECLINED = "declined", _("Belum dapat menandatangani")
    LINK = "link", _("Tautan pribadi")
    ADDRESS = "address", _("Pos-el diganti")
    DIGEST = "digest", _("Ringkasan tindak lanjut")


class CodePurpose(TextChoices):
    """What a one-time code opens."""

    LOGIN = "login", _("Masuk dengan akun")
    LINK = "link", _("Tautan pribadi")


class PageSize(TextChoices):
    F4 = "f4", _("F4 (215 × 330 mm)")
    A4 = "a4", _("A4 (210 × 297 mm)")


class DocumentKind(TextChoices):
    DECLARATION = "declaration", _("Naskah deklarasi final")


class SealLevel(TextChoices):
    """How far a paper is sealed, in the words of PAdES: with its own time only, or with a trusted timestamp."""

    NONE = "none", _("Tanpa segel")
    B_B = "b-b", _("Bersegel, tanpa stempel waktu tepercaya")
    B_T = "b-t", _("Bersegel, dengan stempel waktu tepercaya")


class JobState(TextChoices):
    WAITING = "waiting", _("Menunggu")
    WORKING = "working", _("Sedang dibuat")
    DONE = "done", _("Selesai")
    STUCK = "stuck", _("Gagal")


class EntryKind(TextChoices):
    PUBLISHED = "published", _("Naskah diterbitkan")
    NUMBER_SET = "number_set", _("Nomor dicatat")
    SLOT_ADDED = "slot_added", _("Jabatan ditambahkan")
    SIGNED = "signed", _("Ditandatangani")
    ACCEPTED = "accepted", _("Tanda tangan diterima")
    RETURNED = "returned", _("Tanda tangan dikembalikan")
    DECLINED = "declined", _("Belum dapat menandatangani")
    EXCUSED = "excused", _("Dibebaskan dari penandatanganan")
    LINK_MADE = "link_made", _("Tautan pribadi dibuat")
    LINK_ENDED = "link_ended", _("Tautan pribadi dicabut")
    HOLDER_NAMED = "holder_named", _("Pemegang jabatan dicatat")
    CLOSED = "closed", _("Penandatanganan ditutup")
    WITHDRAWN = "withdrawn", _("Naskah dicabut")
    SUPERSEDED = "superseded", _("Digantikan versi baru")
    DOCUMENT_ISSUED = "document_issued", _("Dokumen final disimpan")


# What the drawing beside an entry is; "file" for the rest. A refusal never looks like a success.
ENTRY_ICONS = {
    EntryKind.SIGNED: "pen",
    EntryKind.ACCEPTED: "check",
    EntryKind.RETURNED: "return",
    EntryKind.DECLINED: "decline",
    EntryKind.EXCUSED: "circle",
    EntryKind.LINK_MADE: "bell",
    EntryKind.LINK_ENDED: "decline",
    EntryKind.HOLDER_NAMED: "user",
    EntryKind.CLOSED: "lock",
    EntryKind.WITHDRAWN: "decline",
}


class WorkState(TextChoices):
    """Of a report and of a piece of evidence: the office works on it, DPPPA or a named verifier looks at it."""

    DRAFT = "draft", _("Draf")
    SUBMITTED = "submitted", _("Diajukan")
    NEEDS_WORK = "needs_work", _("Perlu perbaikan")
    ACCEPTED = "accepted", _("Diverifikasi")


class Completion(TextChoices):
    """How far an action is: the five steps, of which an office claims one and a verifier finds one."""

    NONE = "none", _("Tidak ada")
    NOT_STARTED = "not_started", _("Belum mulai")
    LIMITED = "limited", _("Terbatas")
    SUBSTANTIAL = "substantial", _("Sebagian besar")
    COMPLETE = "complete", _("Selesai")


class FocalKind(TextChoices):
    FOCAL_POINT = "focal_point", _("Focal point")
    POKJA = "pokja", _("Pokja PUG")


class PlanEntryKind(TextChoices):
    """What the history of an office's plan tells."""

    PLANNED = "planned", _("Rencana aksi ditambahkan")
    CHANGED = "changed", _("Rencana aksi diubah")
    REMOVED = "removed", _("Rencana aksi dihapus")
    DRAFT = "draft", _("Dibuka kembali")
    SUBMITTED = "submitted", _("Diajukan")
    NEEDS_WORK = "needs_work", _("Dikembalikan untuk diperbaiki")
    ACCEPTED = "accepted", _("Diverifikasi")
    UPLOADED = "uploaded", _("Berkas bukti diunggah")


D, S = DeclarationState, SignatoryState
W = WorkState

DECLARATION_MOVES = {
    D.DRAFT: {D.OPEN},
    D.OPEN: {D.CLOSED, D.WITHDRAWN, D.SUPERSEDED},
    D.CLOSED: {D.WITHDRAWN, D.SUPERSEDED},
    D.WITHDRAWN: set(),
    D.SUPERSEDED: set(),
}

SIGNATORY_MOVES = {
    S.WAITING: {S.SIGNED, S.DECLINED, S.EXCUSED},
    S.SIGNED: {S.ACCEPTED, S.RETURNED},
    # A reviewer may take back a hasty acceptance, with a reason, while the declaration is open.
    S.ACCEPTED: {S.RETURNED},
    S.RETURNED: {S.SIGNED, S.DECLINED, S.EXCUSED},
    S.DECLINED: {S.SIGNED, S.EXCUSED},
    S.EXCUSED: {S.SIGNED},
}

WORK_MOVES = {
    W.DRAFT: {W.SUBMITTED},
    W.SUBMITTED: {W.NEEDS_WORK, W.ACCEPTED},
    W.NEEDS_WORK: {W.SUBMITTED},
    # What was accepted can be given back with a note; evidence whose file is replaced must be looked at anew.
    W.ACCEPTED: {W.NEEDS_WORK, W.DRAFT},
}
EDITABLE = (W.DRAFT, W.NEEDS_WORK)

# Entry kind → the state it leaves behind: what a move writes, and what a replay of the chain must find in the rows.
SLOT_STATES = {
    EntryKind.SLOT_ADDED: S.WAITING,
    EntryKind.SIGNED: S.SIGNED,
    EntryKind.ACCEPTED: S.ACCEPTED,
    EntryKind.RETURNED: S.RETURNED,
    EntryKind.DECLINED: S.DECLINED,
    EntryKind.EXCUSED: S.EXCUSED,
}
DECLARATION_STATES = {
    EntryKind.PUBLISHED: D.OPEN,
    EntryKind.CLOSED: D.CLOSED,
    EntryKind.WITHDRAWN: D.WITHDRAWN,
    EntryKind.SUPERSEDED: D.SUPERSEDED,
}
SLOT_ENTRIES: dict[str, EntryKind] = {state: kind for kind, state in SLOT_STATES.items()}
DECLARATION_ENTRIES: dict[str, EntryKind] = {state: kind for kind, state in DECLARATION_STATES.items()}

SIGNABLE = tuple(state for state, targets in SIGNATORY_MOVES.items() if S.SIGNED in targets)
DECLINABLE = tuple(state for state, targets in SIGNATORY_MOVES.items() if S.DECLINED in targets)
HAS_SIGNED = (S.SIGNED, S.ACCEPTED)
MISSING = (S.WAITING, S.RETURNED, S.DECLINED)  # to be signed yet; only who is excused owes nothing


NOT_SIGNED = "not_signed"  # at close, to the public; no state of a slot, which stays as it was


def public_state(state: str, *, closed: bool) -> str:
    """What the public is told of a post; only where that is in HAS_SIGNED does a signature show.

    From the close on nothing counts but what was accepted. Who cannot sign yet has not signed, like any other: the page
    does not say that they said so. The chain, given from the close on, does: by the
    number of the post, without name or reason (docs/ledger.md).
    """
    if state in (S.ACCEPTED, S.EXCUSED):
        return state
    if closed:
        return NOT_SIGNED
    return S.WAITING.value if state == S.DECLINED else state


# Named by migrations instead of the labels, so that a change of wording is never a migration.
def declaration_states():
    return DeclarationState.choices


def signatory_states():
    return SignatoryState.choices


def decisions():
    return Decision.choices


def methods():
    return Method.choices


def mail_states():
    return MailState.choices


def mail_kinds():
    return MailKind.choices


def code_purposes():
    return CodePurpose.choices


def page_sizes():
    return PageSize.choices


def document_kinds():
    return DocumentKind.choices


def seal_levels():
    return SealLevel.choices


def job_states():
    return JobState.choices


def entry_kinds():
    return EntryKind.choices


def work_states():
    return WorkState.choices


def completions():
    return Completion.choices


def plan_entry_kinds():
    return PlanEntryKind.choices


def focal_kinds():
    return FocalKind.choices
