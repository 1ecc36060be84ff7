"""The seal's key and certificates: one folder, SEAL_DIR, and what state it is in.

    seal.pem          the key, encrypted, and its certificate with those above it
    root/             the key and certificate that issue the next one; to be kept elsewhere
    trusted/          every chain that ever sealed, so that old papers stay verifiable
    timestamp.pem     whose timestamps are trusted

It knows nothing of PDF, and so costs little to import where only the state is shown.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509.oid import NameOID
from django.conf import settings
from django.utils.translation import gettext as _

from commitments import dates

SOON = timedelta(days=30)
# Stands in each certificate that `make_seal_key` makes, so that nobody takes it for a certified one.
NOT_CERTIFIED = "Tidak diterbitkan PSrE"


class SealKind(StrEnum):
    MISSING = "missing"
    UNREADABLE = "unreadable"
    LOCKED = "locked"  # no passphrase, or the wrong one
    MISMATCHED = "mismatched"
    EXPIRED = "expired"
    EXPIRING = "expiring"
    READY = "ready"


@dataclass(frozen=True)
class Ring:
    """The files in SEAL_DIR, read: key and chain when they are usable, else why not."""

    problem: SealKind | None = None
    key: bytes = field(default=b"", repr=False)  # PKCS #8, DER, in the open: never written anywhere
    chain: tuple[x509.Certificate, ...] = ()

    @property
    def certificate(self) -> x509.Certificate:
        return self.chain[0]

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the certificate, in hexadecimal."""
        return self.certificate.fingerprint(hashes.SHA256()).hex()

    @property
    def self_made(self) -> bool:
        units = self.certificate.subject.get_attributes_for_oid(NameOID.ORGANIZATIONAL_UNIT_NAME)
        return any(unit.value == NOT_CERTIFIED for unit in units)

    @property
    def issuer(self) -> str:
        names = self.certificate.issuer.get_attributes_for_oid(NameOID.COMMON_NAME)
        return str(names[0].value) if names else self.certificate.issuer.rfc4514_string()

    @property
    def state(self) -> "SealState":
        if self.problem:
            return SealState(self.problem)
        since, until = self.certificate.not_valid_before_utc, self.certificate.not_valid_after_utc
        now = dates.now()
        if not since <= now <= until:
            return SealState(SealKind.EXPIRED, since, until)
        return SealState(SealKind.EXPIRING if until - now < SOON else SealKind.READY, since, until)


@dataclass(frozen=True)
class SealState:
    kind: SealKind
    since: datetime | None = None
    until: datetime | None = None

    @property
    def ready(self) -> bool:
        return self.kind in (SealKind.READY, SealKind.EXPIRING)

    @property
    def needs_care(self) -> bool:
        return self.kind != SealKind.READY

    @property
    def sentence(self) -> str:
        """What is the matter, and what to do, for an administrator."""
        since, until = (dates.long_date(day) if day else "" for day in (self.since, self.until))
        return {
            SealKind.MISSING: _(
                "Kunci segel belum ada. Buat dengan perintah make_seal_key, atau simpan yang sudah ada di folder segel."
            ),
            SealKind.UNREADABLE: _("Berkas segel tidak dapat dibaca. Pulihkan berkasnya dari cadangan."),
            SealKind.LOCKED: _(
                "Kunci segel tidak dapat dibuka: frasa sandinya salah atau belum diisi. Periksa SEAL_KEY_PASSPHRASE."
            ),
            SealKind.MISMATCHED: _(
                "Kunci segel bukan pasangan sertifikatnya. Pulihkan berkas segel dari cadangan."
            ),
            SealKind.EXPIRED: _(
                "Sertifikat segel hanya berlaku dari %(since)s sampai %(until)s. Ganti kuncinya."
            )
            % {"since": since, "until": until},
            SealKind.EXPIRING: _("Sertifikat segel berakhir pada %(until)s. Ganti kuncinya sebelum hari itu.")
            % {"until": until},
            SealKind.READY: _("Segel siap, berlaku sampai %(until)s.") % {"until": until},
        }[self.kind]


def state() -> SealState:
    """Asked of the files as they are now, so that whatever is mended counts at once."""
    return read().state


def folder() -> Path:
    return Path(settings.SEAL_DIR)


def read() -> Ring:
    file = folder() / "seal.pem"
    try:
        stat = file.stat()
    except FileNotFoundError:
        return Ring(SealKind.MISSING)
    except OSError:
        return Ring(SealKind.UNREADABLE)
    ring = _read(file, (stat.st_mtime_ns, stat.st_size, stat.st_ino), settings.SEAL_KEY_PASSPHRASE)
    if ring.problem:
        _read.cache_clear()  # a mended permission leaves no trace in the version
    return ring


@lru_cache(maxsize=1)
def _read(file: Path, version: tuple[int, ...], passphrase: str) -> Ring:
    """Remembered for one version of the file: opening the key is slow on purpose."""
    try:
        content = file.read_bytes()
        chain = tuple(x509.load_pem_x509_certificates(content))
    except (OSError, ValueError):
        return Ring(SealKind.UNREADABLE)
    if b"PRIVATE KEY-----" not in content:
        return Ring(SealKind.UNREADABLE)
    try:
        key = serialization.load_pem_private_key(content, passphrase.encode() or None)
    except (TypeError, ValueError):
        locked = b"ENCRYPTED" in content
        return Ring(SealKind.LOCKED if locked else SealKind.UNREADABLE)
    if key.public_key() != chain[0].public_key():
        return Ring(SealKind.MISMATCHED)
    plain = serialization.NoEncryption()
    der = key.private_bytes(serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, plain)
    return Ring(key=der, chain=chain)


def timestamp_roots() -> list[x509.Certificate]:
    """Whose timestamps are trusted; empty when nobody's are."""
    try:
        return x509.load_pem_x509_certificates((folder() / "timestamp.pem").read_bytes())
    except (OSError, ValueError):
        return []  # what cannot be read is not trusted
