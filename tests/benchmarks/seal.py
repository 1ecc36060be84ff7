"""One seal on one final of 75 signers, by the kind of key, as a multiple of P-256, which we use."""

import time
from datetime import timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID
from django.conf import settings

from commitments import dates, evidence
from commitments.documents import keys, seal
from commitments.documents.declaration import declaration_pdf
from commitments.publishing import verbs as publishing
from commitments.reviewing import verbs as reviewing
from tests.benchmarks import stage
from tests.benchmarks.load import Server
from tests.benchmarks.report import Figure
from tests.factories import make_user

SIGNERS, ROUNDS = 75, 7
PASSPHRASE = "thrown away with DATA_DIR"
KEYS = {
    "P-256": lambda: ec.generate_private_key(ec.SECP256R1()),
    "P-384": lambda: ec.generate_private_key(ec.SECP384R1()),
    "RSA-3072": lambda: rsa.generate_private_key(65537, 3072),
    "RSA-4096": lambda: rsa.generate_private_key(65537, 4096),
}


def measure(server: Server) -> list[Figure]:
    paper = _final()
    settings.SEAL_KEY_PASSPHRASE = PASSPHRASE
    folders = {name: _folder(name, make()) for name, make in KEYS.items()}
    seconds: dict[str, list[float]] = {name: [] for name in KEYS}
    for _ in range(ROUNDS + 1):  # in turns, so that a busy moment hits all alike
        for name, folder in folders.items():
            settings.SEAL_DIR = folder
            keys.read()  # opening the key is slow on purpose, and done once
            started = time.process_time()
            size = len(seal.seal(paper, timestamped=False).content)
            seconds[name].append(time.process_time() - started)
    best = {name: min(rounds[1:]) for name, rounds in seconds.items()}
    return [
        Figure(
            "seal",
            f"one seal by {name}, CPU, of P-256's",
            best[name] / best["P-256"],
            "×",
            "",
            {"s": round(best[name], 3), "paper KB": round(size / 1024)},
        )
        for name in KEYS
    ]


def _final() -> bytes:
    declaration = stage.declaration_with(stage.posts(SIGNERS))
    reviewer = make_user("reviewer")
    for signature in stage.sign_all(declaration):
        reviewing.accept(signature, by=reviewer)
    declaration.refresh_from_db()
    publishing.close(declaration, by=make_user("admin"))
    proof = evidence.public_bytes(declaration)
    return declaration_pdf(declaration, final=True, page_size="f4", evidence=proof).content


def _folder(name: str, key) -> Path:
    """A seal.pem with a certificate that this key has issued for itself."""
    folder = Path(settings.DATA_DIR) / f"seal-{name}"
    folder.mkdir()
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Uji {name}")])
    draft = x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key())
    draft = draft.serial_number(x509.random_serial_number()).not_valid_before(dates.now())
    draft = draft.not_valid_after(dates.now() + timedelta(days=99))
    certificate = draft.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    lock = serialization.BestAvailableEncryption(PASSPHRASE.encode())
    locked = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, lock)
    (folder / "seal.pem").write_bytes(locked + certificate)
    return folder
