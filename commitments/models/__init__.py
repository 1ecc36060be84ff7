from commitments.models.declarations import Declaration, LegalBasis, Letterhead, Point
from commitments.models.documents import Document, PaperJob
from commitments.models.doors import OneTimeCode, SigningLink
from commitments.models.ledger import GENESIS, LedgerEntry, LedgerHead
from commitments.models.mail import OutgoingMail
from commitments.models.signatures import Review, Signatory, Signature

__all__ = [
    "GENESIS",
    "Declaration",
    "Document",
    "LedgerEntry",
    "LedgerHead",
    "LegalBasis",
    "Letterhead",
    "OneTimeCode",
    "OutgoingMail",
    "PaperJob",
    "Point",
    "Review",
    "Signatory",
    "Signature",
    "SigningLink",
]
