"""How somebody comes to sign: by the own login, by a personal link, or beside a host. Each says whose it is."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from django.utils.translation import gettext as _

from agencies.models import Tenure, User
from commitments import dates
from commitments.models import Signatory, SigningLink
from commitments.moves import MoveError


class Way(Protocol):
    @property
    def actor(self) -> User | None:
        """The login that the ledger names: nobody's, when the signer has none."""

    def tenure(self, slot: Signatory, at: datetime) -> Tenure:
        """The tenure that is signed for; raises MoveError when this way does not lead to this slot at that time."""

    def columns(self) -> dict[str, Any]:
        """What the signature keeps of it."""

    def used(self, at: datetime) -> None:
        """Called in the transaction of the signature; raises MoveError when somebody was faster."""


@dataclass(frozen=True)
class OwnLogin:
    user: User

    @property
    def actor(self) -> User:
        return self.user

    def tenure(self, slot: Signatory, at: datetime) -> Tenure:
        """Of this post, and covering the day of signing in WIB."""
        tenure = slot.tenure_of(self.user, dates.wib_date(at))
        if tenure is None or not self.user.is_active:
            raise MoveError(
                _("Anda tidak memegang jabatan ini pada hari ini, jadi tidak dapat menandatanganinya.")
            )
        return tenure

    def columns(self) -> dict[str, Any]:
        return {"user": self.user}

    def used(self, at: datetime) -> None:
        """A login may sign as often as the slot allows."""


@dataclass(frozen=True)
class ByLink:
    """The holder has opened the link with a one-time code; the session remembers."""

    link: SigningLink
    actor: None = None

    def tenure(self, slot: Signatory, at: datetime) -> Tenure:
        if self.link.signatory_id != slot.pk or not self.link.is_alive(at):
            raise MoveError(dead_link())
        return self.link.tenure

    def columns(self) -> dict[str, Any]:
        return {"link": self.link}

    def used(self, at: datetime) -> None:
        alive = SigningLink.objects.filter(pk=self.link.pk, used_at=None, ended_at=None)
        if not alive.update(used_at=at):
            raise MoveError(dead_link())


@dataclass(frozen=True)
class Hosted:
    """The holder signs on a device that somebody of the office has opened, and stays beside."""

    host: User

    @property
    def actor(self) -> User:
        return self.host

    def tenure(self, slot: Signatory, at: datetime) -> Tenure:
        tenure = slot.tenure_on(dates.wib_date(at))
        if tenure is None:
            raise MoveError(_("Jabatan ini kosong pada hari ini, jadi belum dapat ditandatangani."))
        if tenure.official.user_id == self.host.pk:
            raise MoveError(_("Untuk jabatan Anda sendiri, tanda tangani lewat halaman Tugas."))
        return tenure

    def columns(self) -> dict[str, Any]:
        return {"host": self.host, "host_name": str(self.host)[:320]}

    def used(self, at: datetime) -> None:
        """The host may help the next holder, too."""


def dead_link() -> str:
    return _("Tautan ini tidak berlaku lagi. Minta tautan baru kepada Administrator DPPPA.")
