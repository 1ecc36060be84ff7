"""Personal signing links: making the secret, and finding the link that a secret opens."""

import hashlib
import secrets

from commitments import dates
from commitments.models import SigningLink

SECRET_BYTES = 32  # 256 bits of chance
PLACE = "[RAHASIA]"  # where the secret goes in the text of a mail that is owed
LONGEST_SECRET = 200  # characters; people paste whole addresses


def new_secret(link: SigningLink) -> str:
    """The secret of this link, made anew, for the mail that goes out now: the one before it opens nothing any more."""
    secret = secrets.token_urlsafe(SECRET_BYTES)
    SigningLink.objects.filter(pk=link.pk).update(digest=digest_of(secret), sent_at=dates.now())
    return secret


def digest_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def find(pasted: str) -> SigningLink | None:
    """The link of a secret, alive or not. Whoever pastes the whole address is understood."""
    secret = pasted.strip()[-LONGEST_SECRET:].rpartition("#")[2]
    links = SigningLink.objects.select_related(
        "signatory__declaration", "signatory__position__agency", "tenure__official__user"
    )
    return links.filter(digest=digest_of(secret)).first()


def subject_of(link: SigningLink) -> str:
    """Whom a one-time code for this link is for."""
    return f"link:{link.pk}"
