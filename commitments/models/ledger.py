"""The history: an append-only hash chain per declaration."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from agencies.models import User
from commitments import states
from commitments.models.declarations import Declaration
from commitments.models.salted import AppendOnly

GENESIS = "0" * 64


class LedgerHead(models.Model):
    """Where the chain of a declaration ends. Its row lock puts appends in line; it does not live on the frozen text."""

    declaration = models.OneToOneField(
        Declaration, models.PROTECT, primary_key=True, related_name="ledger_head"
    )
    sequence = models.PositiveIntegerField(default=0)
    hash = models.CharField(max_length=64, default=GENESIS)

    class Meta:
        verbose_name = _("ujung riwayat")
        verbose_name_plural = _("ujung riwayat")

    def __str__(self):
        return f"{self.declaration_id} · {self.sequence}"


class LedgerEntry(AppendOnly):
    """One change of state. `hash` = SHA-256(previous_hash ‖ canonical JSON of the entry): see commitments/chain."""

    declaration = models.ForeignKey(
        Declaration, models.PROTECT, related_name="ledger", verbose_name=_("deklarasi")
    )
    sequence = models.PositiveIntegerField(_("urutan"))
    kind = models.CharField(_("kejadian"), max_length=20, choices=states.entry_kinds)
    payload = models.JSONField(_("isi"))
    actor = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("pelaku"))
    created_at = models.DateTimeField(_("waktu"))
    previous_hash = models.CharField(_("sidik sebelumnya"), max_length=64)
    hash = models.CharField(_("sidik"), max_length=64)

    class Meta:
        verbose_name = _("riwayat")
        verbose_name_plural = _("riwayat")
        ordering = ["declaration", "sequence"]
        constraints = [
            models.UniqueConstraint(fields=["declaration", "sequence"], name="ledger_entry_sequence_unique"),
            models.UniqueConstraint(fields=["declaration", "previous_hash"], name="ledger_entry_never_forks"),
        ]

    def __str__(self):
        return f"{self.declaration_id} · {self.sequence} {self.get_kind_display()}"

    @property
    def icon(self) -> str:
        return states.ENTRY_ICONS.get(states.EntryKind(self.kind), "file")
