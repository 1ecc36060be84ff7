from commitments.models.declarations import Declaration, LegalBasis, Letterhead, Point
from commitments.models.documents import Document, PaperJob
from commitments.models.doors import OneTimeCode, SigningLink
from commitments.models.follow_up import (
    Action,
    Evidence,
    EvidenceFile,
    FocalPoint,
    Plan,
    PlanEntry,
    Report,
    Verifier,
)
from commitments.models.frameworks import Criterion, Framework
from commitments.models.ledger import GENESIS, LedgerEntry, LedgerHead
from commitments.models.mail import OutgoingMail
from commitments.models.signatures import Review, Signatory, Signature

__all__ = [
    "GENESIS",
    "Action",
    "Criterion",
    "Declaration",
    "Document",
    "Evidence",
    "EvidenceFile",
    "FocalPoint",
    "Framework",
    "LedgerEntry",
    "LedgerHead",
    "LegalBasis",
    "Letterhead",
    "OneTimeCode",
    "OutgoingMail",
    "PaperJob",
    "Plan",
    "PlanEntry",
    "Point",
    "Report",
    "Review",
    "Signatory",
    "Signature",
    "SigningLink",
    "Verifier",
]
