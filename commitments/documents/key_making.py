"""A self-made chain for the seal: a root, and the institution's certificate below it. P-256 throughout."""

import os
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from commitments import dates
from commitments.documents.keys import NOT_CERTIFIED, folder

ROOT_YEARS, SEAL_YEARS = 20, 3
YEAR = timedelta(days=365)
LONGEST_NAME = 64 - len(f"Akar segel  ({NOT_CERTIFIED})")  # X.520: a common name has 64 letters at most
DOCUMENT_SIGNING = x509.ObjectIdentifier("1.3.6.1.5.5.7.3.36")  # RFC 9336
Key = ec.EllipticCurvePrivateKey


class KeyExists(Exception):
    """There is a seal already, and it is not overwritten."""


class RootMissing(Exception):
    """The root's key is not in its folder, or the passphrase does not open it."""


def make(*, name: str, organisation: str, passphrase: str) -> Path:
    """A root and a first seal. Raises KeyExists."""
    if (folder() / "seal.pem").exists() or (folder() / "root").exists():
        raise KeyExists
    for each in (folder(), folder() / "root", folder() / "trusted"):
        each.mkdir(mode=0o700, parents=True, exist_ok=True)
    root_key, now = ec.generate_private_key(ec.SECP256R1()), dates.now()
    root = _root(root_key, _name("Akar segel", name, organisation), now)
    _write(folder() / "root/key.pem", _locked(root_key, passphrase))
    _write(folder() / "root/certificate.pem", _pem(root))
    return _issue(root_key, root, name=name, organisation=organisation, passphrase=passphrase, now=now)


def rotate(*, name: str, organisation: str, passphrase: str) -> Path:
    """A new seal below the same root. The old certificates stay trusted; the old key is gone. Raises RootMissing."""
    try:
        root_key = serialization.load_pem_private_key(
            (folder() / "root/key.pem").read_bytes(), passphrase.encode()
        )
        root = x509.load_pem_x509_certificate((folder() / "root/certificate.pem").read_bytes())
    except (OSError, TypeError, ValueError) as error:
        raise RootMissing from error
    if not isinstance(root_key, Key):
        raise RootMissing
    return _issue(
        root_key, root, name=name, organisation=organisation, passphrase=passphrase, now=dates.now()
    )


def _issue(
    root_key: Key, root: x509.Certificate, *, name: str, organisation: str, passphrase: str, now: datetime
) -> Path:
    """The chain is kept among the trusted ones before its key is put in place, in one step."""
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = _seal(key, root_key, root, _name("Segel", name, organisation), now)
    chain = _pem(certificate) + _pem(root)
    _write(folder() / f"trusted/{certificate.fingerprint(hashes.SHA256()).hex()[:16]}.pem", chain)
    file = folder() / "seal.pem"
    _write(folder() / "seal.new", _locked(key, passphrase) + chain)
    (folder() / "seal.new").replace(file)
    return file


def _name(what: str, name: str, organisation: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "ID"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, NOT_CERTIFIED),
            x509.NameAttribute(
                NameOID.COMMON_NAME, f"{what} {name} ({NOT_CERTIFIED[0].lower() + NOT_CERTIFIED[1:]})"
            ),
        ]
    )


def _root(key: Key, name: x509.Name, now: datetime) -> x509.Certificate:
    draft = _draft(name, name, key, now, ROOT_YEARS)
    draft = draft.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    draft = draft.add_extension(_usage(key_cert_sign=True, crl_sign=True), critical=True)
    return draft.sign(key, hashes.SHA256())


def _seal(
    key: Key, root_key: Key, root: x509.Certificate, name: x509.Name, now: datetime
) -> x509.Certificate:
    draft = _draft(name, root.subject, key, now, SEAL_YEARS)
    draft = draft.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    draft = draft.add_extension(_usage(digital_signature=True, content_commitment=True), critical=True)
    draft = draft.add_extension(x509.ExtendedKeyUsage([DOCUMENT_SIGNING]), critical=False)
    issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key())
    return draft.add_extension(issuer, critical=False).sign(root_key, hashes.SHA256())


def _draft(
    name: x509.Name, issuer: x509.Name, key: Key, now: datetime, years: int
) -> x509.CertificateBuilder:
    identifier = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    draft = x509.CertificateBuilder().subject_name(name).issuer_name(issuer).public_key(key.public_key())
    draft = draft.serial_number(x509.random_serial_number()).add_extension(identifier, critical=False)
    return draft.not_valid_before(now.replace(microsecond=0)).not_valid_after(now + years * YEAR)


def _usage(**granted: bool) -> x509.KeyUsage:
    uses = (
        "digital_signature",
        "content_commitment",
        "key_encipherment",
        "data_encipherment",
        "key_agreement",
        "key_cert_sign",
        "crl_sign",
        "encipher_only",
        "decipher_only",
    )
    return x509.KeyUsage(**{use: granted.get(use, False) for use in uses})


def _locked(key: Key, passphrase: str) -> bytes:
    encryption = serialization.BestAvailableEncryption(passphrase.encode())
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, encryption)


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _write(file: Path, content: bytes) -> None:
    """Whole, on the disk, and for its owner only."""
    with os.fdopen(os.open(file, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
