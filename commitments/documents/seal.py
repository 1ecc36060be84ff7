"""The institution's seal on a paper: PAdES B-B, or B-T when a timestamp authority answers. Invisible, and certifying
that nothing may change after it. A visible stamp would break PDF/A; this one keeps it."""

import io
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import signers
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.timestamps.aiohttp_client import HTTPTimeStamper
from pyhanko.sign.validation import SignatureCoverageLevel, validate_pdf_signature
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

from commitments import dates
from commitments.documents import keys
from commitments.states import SealLevel

FIELD = "Segel"
# Room for signature, chain and timestamp, in hexadecimal digits. Without it pyHanko would ask the authority twice.
ROOM = 32_768
# A trusted clock that differs more from ours is wrong, or ours is.
CLOCKS_AGREE = timedelta(minutes=5)
# What an office brings from elsewhere may be made for either.
USES = KeyUsageConstraints(key_usage={"digital_signature", "non_repudiation"}, match_all_key_usages=False)


class SealNotReady(Exception):
    """There is no usable key now; keys.state() says why."""


class SealBroken(Exception):
    """The seal just made does not hold. Nothing that was sealed so leaves the house."""


class TimestampFailed(Exception):
    """The authority is down, slow, or has answered what proves nothing."""


@dataclass(frozen=True)
class Sealed:
    """A paper with or without a seal, and what its file says about itself."""

    content: bytes = field(repr=False)
    level: SealLevel = SealLevel.NONE
    fingerprint: str = ""
    sealed_at: datetime | None = None
    timestamped_at: datetime | None = None


def seal(content: bytes, *, timestamped: bool) -> Sealed:
    """The PDF with a seal as its last revision, proven before it is handed out. The time is the server's.

    Asks the timestamp authority when `timestamped` is true: takes up to settings.TIMESTAMP_SECONDS, so never call it
    inside a transaction. Raises SealNotReady and TimestampFailed.
    """
    ring = keys.read()
    if not ring.state.ready:
        raise SealNotReady
    authority = HTTPTimeStamper(settings.TIMESTAMP_URL, timeout=settings.TIMESTAMP_SECONDS)
    try:
        sealed = _sign(content, ring, authority if timestamped else None)
    except Exception as error:
        if not timestamped:
            raise
        # Whatever an authority can send, from a refused connection to a page of advertisements.
        raise TimestampFailed(type(error).__name__) from error
    return _proven(sealed, ring, timestamped=timestamped)


def _sign(content: bytes, ring: keys.Ring, authority: HTTPTimeStamper | None) -> bytes:
    chain = SimpleCertificateStore()
    chain.register_multiple([_asn1(certificate) for certificate in ring.chain])
    signer = signers.SimpleSigner(
        signing_cert=_asn1(ring.certificate),
        signing_key=asn1_keys.PrivateKeyInfo.load(ring.key),
        cert_registry=chain,
    )
    what = signers.PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
        reason="Naskah final diterbitkan",
        name=signer.subject_name,
    )
    place = SigFieldSpec(FIELD, readable_field_name="Segel instansi")
    sealer = signers.PdfSigner(what, signer, timestamper=authority, new_field_spec=place)
    room = ROOM if authority else None
    return sealer.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(content)), bytes_reserved=room).getvalue()


def _proven(content: bytes, ring: keys.Ring, *, timestamped: bool) -> Sealed:
    """Reads the seal back as a stranger would. A timestamp that does not hold is none."""
    embedded = PdfFileReader(io.BytesIO(content)).embedded_signatures[0]
    status = validate_pdf_signature(
        embedded,
        _trusting([ring.chain[-1]]),
        _trusting(keys.timestamp_roots()),
        key_usage_settings=USES,
        skip_diff=True,
    )
    whole = status.coverage == SignatureCoverageLevel.ENTIRE_FILE
    if not (whole and status.intact and status.valid and status.trusted):
        raise SealBroken
    stamp = status.timestamp_validity
    if timestamped and not (stamp and stamp.intact and stamp.valid and stamp.trusted):
        raise TimestampFailed("Untrusted")
    if stamp and abs(stamp.timestamp - dates.now()) > CLOCKS_AGREE:
        raise TimestampFailed("WrongClock")
    return Sealed(
        content,
        level=SealLevel.B_T if stamp else SealLevel.B_B,
        fingerprint=ring.fingerprint,
        sealed_at=embedded.self_reported_timestamp,
        timestamped_at=stamp.timestamp if stamp else None,
    )


def _trusting(roots: list[x509.Certificate]) -> ValidationContext:
    """Of what lies in the folder, and nothing from the network."""
    return ValidationContext(trust_roots=[_asn1(root) for root in roots], allow_fetching=False)


def _asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))
