"""What opens a second factor is kept encrypted: a dump of the database, or a backup, logs nobody in."""

from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

Unreadable = InvalidToken  # SECRET_KEY has changed, and the one before is not among the fallbacks
PURPOSE = b"komitmen-pug second factors 1"


def _fernet(secret: str) -> Fernet:
    """SECRET_KEY signs cookies and links too; the key for this purpose is derived from it, and is another one."""
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE).derive(secret.encode())
    return Fernet(urlsafe_b64encode(derived))


def _ring() -> MultiFernet:
    """Written with the key of today, read with that or one before."""
    return MultiFernet([_fernet(secret) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def encrypt(text: str) -> str:
    return _ring().encrypt(text.encode()).decode()


def decrypt(token: str) -> str:
    """Raises Unreadable."""
    return _ring().decrypt(token.encode()).decode()


def renew(token: str) -> str:
    """The same secret under the key of today. Raises Unreadable."""
    return _ring().rotate(token.encode()).decode()
