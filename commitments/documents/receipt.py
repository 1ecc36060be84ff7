"""What a signer takes home, half a sheet. Never on it: the whole NIP, a network address, a claim of certification."""

from django.template.loader import render_to_string

from agencies.languages import in_indonesian
from commitments.documents import drawings, render, titles
from commitments.documents.declaration import printed_address, verification_address
from commitments.documents.marks import Mark
from commitments.models import Signature


@in_indonesian
def receipt_html(signature: Signature) -> str:
    declaration = signature.signatory.declaration
    context = {
        "signature": signature,
        "declaration": declaration,
        "file_title": titles.of_receipt(signature),
        "mark": Mark(signature),
        "address": printed_address(declaration),
        "created": signature.signed_at,
    }
    return render_to_string("documents/receipt.html", context)


def receipt_pdf(signature: Signature) -> render.Paper:
    images = Mark(signature).images() | {
        "emblem:city": drawings.emblem(),
        "qr:verify": drawings.qr(verification_address(signature.signatory.declaration)),
    }
    styles = ["paper.css", "receipt.css", "f4half.css"]
    return render.to_pdf(receipt_html(signature), styles=styles, images=images)
