"""What an administrator should know about the seal before anyone signs. Warnings: signing goes on without it."""

from django.conf import settings
from django.core.checks import CheckMessage, Warning, register
from django.utils.translation import gettext as _

from commitments.documents import keys


@register("seal")
def seal_is_ready(**kwargs) -> list[CheckMessage]:
    return [Warning(sentence, id=f"commitments.{number}") for number, sentence in troubles()]


def troubles() -> list[tuple[str, str]]:
    """Number and sentence of whatever is the matter with the seal now; empty when all is well."""
    state = keys.state()
    found = [("W001", state.sentence)] if state.needs_care else []
    if settings.TIMESTAMP_URL and not keys.timestamp_roots():
        found.append(
            ("W002", _("Sertifikat otoritas stempel waktu (timestamp.pem) tidak ada di folder segel."))
        )
    return found
