"""Ways in without a password: what is kept of them tells nobody how to get in."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import Exact
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from agencies.models import Tenure, User
from commitments import dates, states
from commitments.models.signatures import Signatory
from commitments.states import CodePurpose


def digest_of_address(address: str) -> str:
    return salted_hmac("link-address", address.casefold(), algorithm="sha256").hexdigest()


class SigningLink(models.Model):
    """One way for one holder to one slot, sent to that holder's own address. Whoever made it never sees it.

    The secret is made when the mail goes out, and kept only as a hash. It opens nothing by itself: see `OneTimeCode`.
    """

    signatory = models.ForeignKey(
        Signatory, models.PROTECT, related_name="links", verbose_name=_("penanda tangan")
    )
    tenure = models.ForeignKey(Tenure, models.PROTECT, related_name="links", verbose_name=_("masa jabatan"))
    # SHA-256 of 256 random bits: nothing to guess, so no key and no salt. Empty until the mail goes out.
    digest = models.CharField(max_length=64, blank=True)
    # The address it was sent to, as a keyed hash: a code goes to no other that somebody enters later.
    address_digest = models.CharField(max_length=64)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("dibuat oleh"))
    created_at = models.DateTimeField(_("dibuat"))
    expires_at = models.DateTimeField(_("berlaku sampai"))
    sent_at = models.DateTimeField(_("terkirim"), null=True, blank=True)
    used_at = models.DateTimeField(_("dipakai"), null=True, blank=True)
    ended_at = models.DateTimeField(_("dicabut"), null=True, blank=True)

    class Meta:
        verbose_name = _("tautan pribadi")
        verbose_name_plural = _("tautan pribadi")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["digest"], condition=~Q(digest=""), name="link_secret_is_unique"),
            models.UniqueConstraint(
                fields=["signatory"], condition=Q(used_at=None, ended_at=None), name="link_one_alive_per_slot"
            ),
            models.CheckConstraint(condition=Q(used_at=None) | Q(ended_at=None), name="link_ends_once"),
        ]

    def __str__(self):
        return str(self.signatory)

    @property
    def is_alive_now(self) -> bool:
        return self.is_alive(dates.now())

    def is_alive(self, at: datetime) -> bool:
        """Whether it leads to signing at that time: not used, ended or expired, the slot waits for a signature, and
        its holder still has the post and the address. Asked at every step, so that a replacement ends it at once."""
        if self.used_at or self.ended_at or at >= self.expires_at:
            return False
        if self.address_digest != digest_of_address(self.tenure.official.address):
            return False
        return self.signatory.may_be_signed and self.tenure.is_in_force(dates.wib_date(at))


class OneTimeCode(models.Model):
    """A code that was sent to somebody's own address. Of each subject only the newest counts; see `one_time`."""

    purpose = models.CharField(_("untuk"), max_length=10, choices=states.code_purposes)
    subject = models.CharField(_("kepada"), max_length=40)  # user:12, link:34
    digest = models.CharField(max_length=64)
    created_at = models.DateTimeField(_("dibuat"))
    expires_at = models.DateTimeField(_("berlaku sampai"))
    tries = models.PositiveSmallIntegerField(_("percobaan"), default=0)
    used_at = models.DateTimeField(_("dipakai"), null=True, blank=True)

    class Meta:
        verbose_name = _("kode sekali pakai")
        verbose_name_plural = _("kode sekali pakai")
        constraints = [
            models.CheckConstraint(condition=Q(purpose__in=CodePurpose.values), name="code_purpose_known"),
            models.CheckConstraint(condition=Exact(Length("digest"), 64), name="code_is_hashed"),
        ]
        indexes = [models.Index(fields=["purpose", "subject", "-created_at"], name="code_by_subject")]

    def __str__(self):
        return f"{self.purpose} {self.subject}"
