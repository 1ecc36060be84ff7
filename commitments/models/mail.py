"""Mail that is owed. A row is written in the transaction of its cause; `outbox` sends each row once."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from commitments import states
from commitments.models.declarations import Declaration
from commitments.models.doors import SigningLink
from commitments.models.signatures import Signatory
from commitments.states import MailKind, MailState


class OutgoingMail(models.Model):
    kind = models.CharField(_("jenis"), max_length=10, choices=states.mail_kinds)
    dedup_key = models.CharField(_("kunci"), max_length=120, unique=True)
    declaration = models.ForeignKey(
        Declaration, models.PROTECT, null=True, related_name="mails", verbose_name=_("deklarasi")
    )
    signatory = models.ForeignKey(
        Signatory, models.PROTECT, null=True, related_name="mails", verbose_name=_("penanda tangan")
    )
    # A personal link: its secret is made when the mail goes out, and stands in no row.
    link = models.ForeignKey(
        SigningLink, models.PROTECT, null=True, related_name="mails", verbose_name=_("tautan pribadi")
    )
    # Addresses, one a line. Empty: the reviewers of the day on which it goes out, who are then written here.
    to = models.TextField(_("kepada"), blank=True)
    subject = models.CharField(_("perihal"), max_length=200)
    body = models.TextField(_("isi"))
    state = models.CharField(
        _("keadaan"), max_length=10, choices=states.mail_states, default=MailState.WAITING
    )
    attempts = models.PositiveSmallIntegerField(_("percobaan"), default=0)
    not_before = models.DateTimeField(_("tidak sebelum"), null=True, blank=True)
    last_error = models.CharField(_("kesalahan terakhir"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("dibuat"))
    sent_at = models.DateTimeField(_("terkirim"), null=True, blank=True)

    class Meta:
        verbose_name = _("surat keluar")
        verbose_name_plural = _("surat keluar")
        ordering = ["created_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=MailState.values), name="mail_state_known"),
            models.CheckConstraint(condition=Q(kind__in=MailKind.values), name="mail_kind_known"),
            models.CheckConstraint(
                condition=~Q(state="sent") | Q(sent_at__isnull=False), name="mail_sent_is_dated"
            ),
        ]
        indexes = [
            # What the sender looks for every few seconds.
            models.Index(fields=["created_at"], condition=Q(state="waiting"), name="mail_waiting")
        ]

    def __str__(self):
        return self.subject
