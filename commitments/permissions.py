"""Who may do what: one table, role → verbs, and one decorator.

To *see* something is a queryset (404); what is *possible now* is the move table (a message); to *do* is here (403).
Signing is no role: only the holder's own login signs (`Signatory.objects.held_by`).
"""

from functools import wraps

from django.core.exceptions import PermissionDenied
from django.db.models import BigIntegerField, Exists, OuterRef, Q, QuerySet
from django.db.models.fields.json import KT
from django.db.models.functions import Cast

from agencies.models import Agency, Membership, Position, Tenure, User
from agencies.roles import ADMINISTRATOR, MONITOR, REVIEWER, roles_of
from commitments.models import (
    Declaration,
    Evidence,
    EvidenceFile,
    FocalPoint,
    Plan,
    PlanEntry,
    Report,
    Signatory,
    Signature,
    Verifier,
)
from commitments.models.declarations import DeclarationQuerySet
from commitments.models.follow_up import FocalPointQuerySet, WorkQuerySet
from commitments.models.signatures import SignatureQuerySet
from commitments.states import PlanEntryKind

VERBS = {
    ADMINISTRATOR: {
        "prepare",
        "publish",
        "remind",
        "invite",
        "host",
        "review",
        "print",
        "see_all",
        "audit",
        "verify",
        "see_work",
        "manage_master_data",
    },
    REVIEWER: {"host", "review", "print", "see_all", "verify", "see_work"},
    MONITOR: {"print", "see_all", "see_work"},
}


def may(user, verb: str) -> bool:
    return any(verb in VERBS[role] for role in roles_of(user))


def requires(verb: str):
    """View decorator: 403 for whoever has no role with this verb."""

    def decorate(view):
        @wraps(view)
        def guarded(request, *args, **kwargs):
            if not may(request.user, verb):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def reviewer_addresses() -> list[str]:
    """Where whoever reviews is told of new signatures."""
    reviewers = User.objects.filter(is_active=True, groups__name__in=[ADMINISTRATOR, REVIEWER])
    return sorted(reviewers.exclude(email="").values_list("email", flat=True).distinct())


def agencies_of(user: User) -> QuerySet[Agency]:
    """The offices this login works for as an operator."""
    return Agency.objects.filter(memberships__user=user)


def parts_of(user: User) -> tuple[bool, bool, bool]:
    """Whether this login signs or has signed, works for an office, and verifies one: one query, as every page asks."""
    holds = Tenure.objects.in_force().filter(official__user=OuterRef("pk"))
    signed = Signature.objects.filter(user=OuterRef("pk"))
    assists = Membership.objects.filter(user=OuterRef("pk"))
    users = User.objects.filter(pk=user.pk).order_by()
    verifies = Verifier.objects.filter(user=OuterRef("pk"))
    found = users.values_list(Exists(holds), Exists(signed), Exists(assists), Exists(verifies)).get()
    holder, signer, operator, verifier = found
    return holder or signer, operator, verifier


def visible_declarations(user: User) -> DeclarationQuerySet:
    """All for the roles (drafts only for those who prepare); else the published ones the user has a part in."""
    everything = Declaration.objects.all()
    if may(user, "prepare"):
        return everything
    published = everything.published()
    if may(user, "see_all"):
        return published
    # By id, not by a join: whoever counts the posts of a declaration counts all of them.
    return published.filter(pk__in=visible_signatories(user).values("declaration"))


def published_declarations(user: User) -> DeclarationQuerySet:
    """As above, without the drafts: on the pages about signing, where there is nothing to see of one."""
    return visible_declarations(user).published()


def visible_signatories(user: User) -> QuerySet[Signatory]:
    """All for the roles; else the user's own slots (held now or signed before) and those of the offices worked for."""
    slots = Signatory.objects.published()
    if may(user, "see_all"):
        return slots
    held = Position.objects.filter(tenures__in=Tenure.objects.in_force().filter(official__user=user))
    signed = Signature.objects.of(user).values("signatory")
    mine = Q(position__in=held) | Q(pk__in=signed)
    return slots.filter(mine | Q(position__agency__in=agencies_of(user)))


def visible_plans(user: User) -> QuerySet[Plan]:
    """All for the roles; else those of the offices worked for, and of the offices this user verifies."""
    if may(user, "see_work"):
        return Plan.objects.all()
    return Plan.objects.filter(Q(agency__in=agencies_of(user)) | Q(agency__verifiers__user=user)).distinct()


def workable_plans(user: User) -> QuerySet[Plan]:
    """The plans this user writes: those of the offices worked for as operator or focal point."""
    return Plan.objects.filter(agency__in=agencies_of(user))


def verifiable_plans(user: User) -> QuerySet[Plan]:
    """What this user may decide about: all for who verifies by role, else the offices named; never an own one."""
    plans = Plan.objects.all() if may(user, "verify") else Plan.objects.filter(agency__verifiers__user=user)
    own = Tenure.objects.in_force().filter(official__user=user).values("position__agency")
    return plans.exclude(agency__in=agencies_of(user)).exclude(agency__in=own)


def visible_focal_points(user: User) -> FocalPointQuerySet:
    """All for the roles that follow the work of the city, else those of the offices worked for."""
    if may(user, "see_work"):
        return FocalPoint.objects.all()
    return FocalPoint.objects.filter(agency__in=agencies_of(user))


def verifiable_reports(user: User) -> WorkQuerySet:
    """Of other offices, and not what this user wrote or handed in (C55)."""
    reports = Report.objects.filter(action__plan__in=verifiable_plans(user)).exclude(reported_by=user)
    return reports.exclude(pk__in=_handed_in(user, "report"))


def verifiable_evidence(user: User) -> WorkQuerySet:
    """Of other offices, and nothing that this user gave a file to or handed in (C55)."""
    mine = EvidenceFile.objects.filter(uploaded_by=user).values("evidence")
    others = Evidence.objects.filter(action__plan__in=verifiable_plans(user)).exclude(pk__in=mine)
    return others.exclude(pk__in=_handed_in(user, "evidence"))


def _handed_in(user: User, kind: str) -> QuerySet:
    """The ids of what this user has ever handed in: whoever changes office does not look at it from the next one."""
    entries = PlanEntry.objects.filter(actor=user, kind=PlanEntryKind.SUBMITTED, payload__has_key=kind)
    return entries.annotate(row=Cast(KT(f"payload__{kind}"), BigIntegerField())).values("row")


def reviewable_signatures(user: User) -> SignatureQuerySet:
    """What this user may review; nothing for everybody else, so that a guessed address answers 404."""
    if not may(user, "review"):
        return Signature.objects.none()
    return Signature.objects.filter(signatory__in=Signatory.objects.published())


def visible_receipts(user: User) -> SignatureQuerySet:
    """The receipts of one's own signatures, and those one may review."""
    return Signature.objects.of(user) | reviewable_signatures(user)
