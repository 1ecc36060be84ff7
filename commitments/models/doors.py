"""Ways in without a password: what is kept of them tells nobody how to get in."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _

from commitments import states
from commitments.states import CodePurpose


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
