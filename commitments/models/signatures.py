"""Slots, signatures and reviews."""

from datetime import date

from django.db import models
from django.db.models import OuterRef, Prefetch, Q, Subquery
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from agencies import kinds, nip
from agencies.models import Official, Position, Tenure, User
from commitments import codes, dates, states
from commitments.models.declarations import Declaration
from commitments.models.salted import AppendOnlyQuerySet, Salted, SaltedAppendOnly
from commitments.states import Decision, DeclarationState, SignatoryState


class SignatoryQuerySet(models.QuerySet):
    def published(self):
        return self.filter(declaration__in=Declaration.objects.published())

    def in_protocol_order(self):
        return self.order_by("position__protocol_rank", "pk")

    def held_by(self, user: User, on: date | None = None):
        """The slots of posts that this login's official holds on that day (today in WIB when not given)."""
        on = on or dates.today()
        holds = Tenure.objects.in_force(on).filter(official__user=user)
        return self.filter(position__in=holds.values("position"))

    def to_sign(self):
        """What its holder is asked for now; who said that they cannot yet may sign, but is not asked."""
        return self.filter(declaration__state=DeclarationState.OPEN, state__in=states.DECLINABLE)

    def open_for_signing(self):
        return self.filter(declaration__state=DeclarationState.OPEN, state__in=states.SIGNABLE)

    def with_holders(self, on: date | None = None):
        """Adds the holder of the day as `position.holders` (at most one tenure): see `Signatory.holder`."""
        return self._with_tenures(Tenure.objects.in_force(on or dates.today()).select_related("official"))

    def with_addresses(self):
        """As `with_holders()`, with what `official.address` needs."""
        return self._with_tenures(Tenure.objects.in_force(dates.today()).select_related("official__user"))

    def _with_tenures(self, tenures):
        return self.prefetch_related(Prefetch("position__tenures", tenures, to_attr="holders"))

    def with_return_reason(self):
        """Adds why the current signature was given back as `returned_because`; None when it was not."""
        returns = Review.objects.filter(signature=OuterRef("current_signature"), decision=Decision.RETURNED)
        latest = returns.order_by("-at", "-pk")
        return self.annotate(returned_because=Subquery(latest.values("reason")[:1]))

    def for_matrix(self):
        return (
            self.select_related("position__agency", "current_signature")
            .defer("current_signature__strokes", "current_signature__scan")
            .with_holders()
            .in_protocol_order()
        )


class Signatory(Salted):
    """A slot: one post on one declaration, never a person; when the holder changes, it follows the post."""

    declaration = models.ForeignKey(Declaration, models.CASCADE, related_name="signatories")
    position = models.ForeignKey(
        Position, models.PROTECT, related_name="signatories", verbose_name=_("jabatan")
    )
    state = models.CharField(
        _("keadaan"), max_length=10, choices=states.signatory_states, default=SignatoryState.WAITING
    )
    reason = models.CharField(_("alasan"), max_length=500, blank=True)  # of declining or excusing
    current_signature = models.OneToOneField(
        "Signature", models.PROTECT, null=True, blank=True, related_name="current_for"
    )

    # What may change in the life of a slot; the rest of the row stays as it was made.
    MUTABLE = ("state", "reason", "current_signature_id")

    objects = SignatoryQuerySet.as_manager()

    class Meta:
        verbose_name = _("penanda tangan")
        verbose_name_plural = _("penanda tangan")
        constraints = [
            models.UniqueConstraint(fields=["declaration", "position"], name="signatory_unique_by_position"),
            models.CheckConstraint(
                condition=Q(state__in=SignatoryState.values), name="signatory_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["signed", "accepted", "returned"])
                | Q(current_signature__isnull=False),
                name="signatory_signed_has_signature",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["declined", "excused"]) | ~Q(reason=""),
                name="signatory_refusal_has_reason",
            ),
        ]

    def __str__(self):
        return str(self.position)

    @property
    def holder(self) -> Tenure | None:
        """Who holds the post today; None when it is vacant. Free after `with_holders()`."""
        known: list[Tenure] | None = getattr(self.position, "holders", None)
        if known is None:
            known = list(self.position.tenures.in_force(dates.today()).select_related("official"))
            self.position.holders = known  # type: ignore[attr-defined]
        return known[0] if known else None

    def tenure_of(self, user: User, on: date) -> Tenure | None:
        """The tenure that makes this login the holder of the post on that day. Asked once for each row in hand."""
        known = self.__dict__.setdefault("_tenures", {})
        if (user.pk, on) not in known:
            tenures = Tenure.objects.in_force(on).filter(position=self.position_id, official__user=user)
            # Never two on one day, so there is nothing to order.
            found = list(tenures.select_related("official", "position__agency").order_by())
            known[user.pk, on] = found[0] if found else None
        return known[user.pk, on]

    def tenure_on(self, day: date) -> Tenure | None:
        """Who holds the post on that day, whoever it is."""
        tenures = Tenure.objects.in_force(day).filter(position=self.position_id)
        return tenures.select_related("official", "position__agency").first()

    def may_become(self, state: SignatoryState) -> bool:
        """Whether the move table leads there from here, and the signing is still open."""
        is_open = self.declaration.state == DeclarationState.OPEN
        return is_open and state in states.SIGNATORY_MOVES[SignatoryState(self.state)]

    @property
    def may_be_signed(self) -> bool:
        return self.may_become(SignatoryState.SIGNED)

    @property
    def may_be_excused(self) -> bool:
        return self.may_become(SignatoryState.EXCUSED)

    @property
    def signer(self) -> "Signature | Tenure | None":
        """Whom to show beside the slot: who signed, else today's holder. Both have `full_name` and `label`."""
        if self.state in states.HAS_SIGNED or self.state == SignatoryState.RETURNED:
            return self.current_signature
        return self.holder


class SignatureQuerySet(AppendOnlyQuerySet):
    def of(self, user: User):
        """What this login has signed, and what its official has signed by link or beside a host."""
        return self.filter(Q(user=user) | Q(user=None, official__user=user))

    def waiting_for_review(self):
        """Oldest first: who signed first is looked at first."""
        return self.filter(
            current_for__state=SignatoryState.SIGNED, signatory__declaration__state=DeclarationState.OPEN
        ).order_by("signed_at", "pk")


class Signature(SaltedAppendOnly):
    """One act of signing, with everything about the signer as it was at that moment. Never changed, never deleted."""

    signatory = models.ForeignKey(
        Signatory, models.PROTECT, related_name="signatures", verbose_name=_("penanda tangan")
    )
    number = models.CharField(_("nomor bukti"), max_length=9, unique=True, default=codes.new_code)
    idempotency_key = models.UUIDField()
    method = models.CharField(_("cara"), max_length=10, choices=states.methods)
    # {"width", "height": CSS pixels, "strokes": [[[x, y, t, p], …], …]}: x and y in hundredths of a CSS pixel,
    # t in milliseconds since the first point, p pressure in thousandths. These points are the evidence.
    strokes = models.JSONField(null=True, blank=True)
    typed_name = models.CharField(_("nama yang diketik"), max_length=300, blank=True)
    scan = models.BinaryField(null=True, blank=True)
    signed_at = models.DateTimeField(_("ditandatangani"))
    # How the signer came in, exactly one of three: the own login, a personal link, or beside a host.
    user = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="signatures", verbose_name=_("akun")
    )
    link = models.ForeignKey(
        "SigningLink",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="signatures",
        verbose_name=_("tautan pribadi"),
    )
    host = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="hosted_signatures",
        verbose_name=_("pendamping"),
    )
    # The snapshot: names, titles and posts change, this row does not.
    official = models.ForeignKey(
        Official, models.PROTECT, related_name="signatures", verbose_name=_("pejabat")
    )
    tenure = models.ForeignKey(
        Tenure, models.PROTECT, related_name="signatures", verbose_name=_("masa jabatan")
    )
    full_name = models.CharField(_("nama lengkap"), max_length=320)
    bare_name = models.CharField(_("nama tanpa gelar"), max_length=150)
    nip = models.CharField(_("NIP"), max_length=18, blank=True)
    rank = models.CharField(_("pangkat/golongan"), max_length=5, blank=True)
    position_title = models.CharField(_("jabatan"), max_length=250)
    capacity = models.CharField(_("sebagai"), max_length=10, choices=kinds.capacities)
    basis = models.CharField(_("surat dasar"), max_length=250, blank=True)
    agency_name = models.CharField(_("perangkat daerah"), max_length=200)
    text_digest = models.CharField(_("sidik naskah"), max_length=64)
    consent = models.CharField(_("persetujuan"), max_length=500)
    host_name = models.CharField(_("nama pendamping"), max_length=320, blank=True)
    user_agent = models.CharField(_("peramban"), max_length=300, blank=True)

    objects = SignatureQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        verbose_name = _("tanda tangan")
        verbose_name_plural = _("tanda tangan")
        ordering = ["signed_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["signatory", "idempotency_key"], name="signature_once_per_key"),
            models.CheckConstraint(
                condition=Q(method="drawn", strokes__isnull=False, typed_name="", scan__isnull=True)
                | (Q(method="typed", strokes__isnull=True, scan__isnull=True) & ~Q(typed_name=""))
                | Q(method="scanned", strokes__isnull=True, typed_name="", scan__isnull=False),
                name="signature_one_mark",
            ),
            models.CheckConstraint(
                condition=Q(user__isnull=False, link__isnull=True, host__isnull=True, host_name="")
                | Q(user__isnull=True, link__isnull=False, host__isnull=True, host_name="")
                | (Q(user__isnull=True, link__isnull=True, host__isnull=False) & ~Q(host_name="")),
                name="signature_one_way_in",
            ),
            # Paper that was signed elsewhere is brought in by somebody who answers for it.
            models.CheckConstraint(
                condition=~Q(method="scanned") | Q(host__isnull=False), name="signature_scan_has_host"
            ),
            models.CheckConstraint(
                condition=~Q(consent="") & ~Q(text_digest=""), name="signature_has_consent"
            ),
        ]

    def __str__(self):
        return f"{self.full_name}, {self.position_title}"

    @property
    def label(self) -> str:
        return kinds.acting(self.capacity)

    @property
    def printed_name(self) -> str:
        """As the post prints names, with titles or without. What was typed to sign stays evidence, unprinted."""
        return self.full_name if self.signatory.position.show_titles else self.bare_name

    @property
    def method_in_words(self) -> str:
        """Digambar, didampingi Nama: whoever was hosted is shown so wherever the mark is shown to the office."""
        method = str(self.get_method_display())
        if self.link_id:
            return gettext("%(method)s, lewat tautan pribadi") % {"method": method}
        if not self.host_name:
            return method
        return gettext("%(method)s, didampingi %(name)s") % {"method": method, "name": self.host_name}

    @property
    def printed_number(self) -> str:
        return codes.printed(self.number)

    @property
    def masked_nip(self) -> str:
        return nip.masked(self.nip)


class Review(SaltedAppendOnly):
    """One decision on one signature."""

    signature = models.ForeignKey(
        Signature, models.PROTECT, related_name="reviews", verbose_name=_("tanda tangan")
    )
    decision = models.CharField(_("putusan"), max_length=10, choices=states.decisions)
    reason = models.CharField(_("alasan"), max_length=500, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="reviews", verbose_name=_("oleh"))
    at = models.DateTimeField(_("waktu"))

    class Meta:
        verbose_name = _("pemeriksaan")
        verbose_name_plural = _("pemeriksaan")
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["signature", "decision"], name="review_once_per_decision"),
            models.CheckConstraint(condition=Q(decision__in=Decision.values), name="review_decision_known"),
            models.CheckConstraint(
                condition=~Q(decision="returned") | ~Q(reason=""), name="review_return_has_reason"
            ),
        ]

    def __str__(self):
        return f"{self.get_decision_display()}: {self.signature}"
