"""How our papers are called in the titles of their files: said for who makes one, read for who is handed one back."""

from commitments.models import Declaration, Signature

RECEIPT, WET_INK, DRAFT = "Bukti terima ", "Lembar tanda tangan basah: ", " (DRAF)"


def of_declaration(declaration: Declaration, *, final: bool) -> str:
    return declaration.title if final else declaration.title + DRAFT


def of_receipt(signature: Signature) -> str:
    return RECEIPT + signature.printed_number


def of_wet_ink(declaration: Declaration) -> str:
    return WET_INK + declaration.title


def receipt_number(title: str) -> str:
    """The number in the title of a receipt; empty for another title, as below."""
    return title.removeprefix(RECEIPT) if title.startswith(RECEIPT) else ""


def wet_ink_declaration(title: str) -> str:
    return title.removeprefix(WET_INK) if title.startswith(WET_INK) else ""


def draft_declaration(title: str) -> str:
    return title.removesuffix(DRAFT) if title.endswith(DRAFT) else ""
