"""Forgetting a person: what of an official or a login is no evidence goes, also from the history of the lists.

Signatures, reviews, the ledger and issued papers are evidence: nothing here touches them, and `verify_ledger` finds
everything as before. A name that evidence speaks of therefore stays; without one, a pseudonym takes its place.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db import connection, models, transaction
from django.db.models import Q
from django.utils import timezone

from agencies import nip
from agencies.models import Membership, Official, Tenure, User
from agencies.roles import roles_of
from commitments.doors import KEY as DOOR
from commitments.models import Declaration, OneTimeCode, OutgoingMail, Signature
from commitments.states import MailState

REASON = "data pribadi dilupakan"
# Rows that belong to a login and to nothing else: they end with it.
OWN = {"account.EmailAddress", "mfa.Authenticator", "usersessions.UserSession", "agencies.FailedLogin"}
# Rows that name a login without anything being done by it.
ABOUT = OWN | {"agencies.Official", "agencies.Membership", "agencies.HistoricalOfficial"}
ABOUT |= {"agencies.HistoricalMembership", "agencies.HistoricalUser_groups", "commitments.Verifier"}


@dataclass
class Plan:
    """What would be forgotten of whom, what stays and why, and what has to happen before."""

    whom: str
    forgotten: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    hindrances: list[str] = field(default_factory=list)


# --- Looking


def plan_official(official: Official) -> Plan:
    plan = Plan(
        f"pejabat {official.pk}: {official.full_name} (NIP {nip.masked(official.nip) or 'tidak ada'})"
    )
    plan.hindrances += [f"masih memegang {tenure.position}" for tenure in _duties(official)]
    plan.forgotten.append(
        f"pos-el dan nomor telepon, juga pada {official.history.count()} baris riwayat data pejabat"
    )
    reasons = _asked(official)
    if reasons:
        plan.kept.append(f"nama, gelar, NIP, dan pangkat: {reasons}")
    else:
        plan.forgotten.append(f"nama, gelar, NIP, dan pangkat; namanya menjadi “{_alias(official)}”")
    plan.kept.append("jenis kelamin, masa jabatan, dan suratnya: siapa memegang jabatan apa tetap tercatat")
    _plan_mails(plan, _addresses(official))
    if official.user:
        _plan_login(plan, official.user)
    return plan


def plan_user(user: User) -> Plan:
    plan = Plan(f"akun {user.username}: {user.get_full_name() or 'tanpa nama'}")
    _plan_login(plan, user)
    plan.hindrances += [
        f"pejabatnya masih memegang {tenure.position}" for tenure in _duties(_official_of(user))
    ]
    if _official_of(user):
        plan.kept.append("data pejabat pemilik akun ini: lupakan dengan --official")
    _plan_mails(plan, _addresses(user))
    return plan


def _plan_login(plan: Plan, user: User) -> None:
    plan.hindrances += [f"akun {user.username} masih berperan {role}" for role in sorted(roles_of(user))]
    plan.hindrances += [
        f"akun {user.username} masih operator {agency}"
        for agency in user.memberships.values_list("agency__abbreviation", flat=True)
    ]
    plan.forgotten.append(
        f"pos-el akun {user.username}, juga pada {user.history.count()} baris riwayat akun; akun dinonaktifkan, "
        f"kata sandi dan {len(_sessions(user))} sesi diakhiri"
    )
    deeds = list(_deeds(user))
    if deeds:
        plan.kept.append(f"nama akun {user.username}: disebut {', '.join(dict.fromkeys(deeds))}")
    else:
        plan.forgotten.append(f"nama akun {user.username}; menjadi “{_login_alias(user)}”")


def _plan_mails(plan: Plan, addresses: set[str]) -> None:
    count = len(_mails_to(addresses))
    plan.forgotten.append(f"alamat dan isi {count} surat kepadanya; yang belum terkirim tidak jadi dikirim")
    plan.kept.append("bahwa surat dikirim, jenis, dan waktunya")
    plan.kept.append("tanda tangan, pemeriksaan, riwayat berantai, dan naskah yang terbit: bukti")
    plan.kept.append("cadangan lama: masih memuat semuanya sampai cadangan itu sendiri dibuang")


def _duties(official: Official | None) -> list[Tenure]:
    """The posts held today or to be held."""
    today = timezone.localdate()
    tenures = Tenure.objects.filter(Q(ends_on=None) | Q(ends_on__gte=today), official=official)
    return list(tenures.select_related("position")) if official else []


def _asked(official: Official) -> str:
    """Why evidence speaks of this person; empty when it does not."""
    signatures = Signature.objects.filter(official=official).count()
    if signatures:
        return f"bukti pada {signatures} tanda tangan"
    published = Declaration.objects.published()
    asked = official.tenures.filter(position__signatories__declaration__in=published)
    return "memegang jabatan yang diminta menandatangani; riwayatnya menunjuk kepadanya" if asked else ""


def _deeds(user: User) -> Iterator[str]:
    """What this login has done that is kept: the kinds of rows that name it as the one who did it.

    Asked of every table there is, so that a new one is never overlooked.
    """
    for model in apps.get_models():
        for column in model._meta.concrete_fields:
            if column.related_model is not User or (model._meta.label in ABOUT and column.name == "user"):
                continue
            rows = model._default_manager.filter(**{column.name: user})
            if model._meta.label == "agencies.HistoricalUser":
                rows = rows.exclude(id=user.pk)  # a changed password of one's own
            if rows.exists():
                yield "riwayat data induk" if column.name == "history_user" else str(model._meta.verbose_name)


def _official_of(user: User) -> Official | None:
    return Official.objects.filter(user=user).first()


def _addresses(*people: Official | User) -> set[str]:
    """Those of today and before, in lower case."""
    found: set[str] = set()
    for person in people:
        found |= {person.email, *person.history.values_list("email", flat=True)}
        if isinstance(person, Official) and person.user:
            found |= _addresses(person.user)
    return {address.casefold() for address in found if address}


def _mails_to(addresses: set[str]) -> list[OutgoingMail]:
    mails = OutgoingMail.objects.none()
    for address in addresses:
        mails |= OutgoingMail.objects.filter(to__icontains=address)
    return [mail for mail in mails if addresses & set(mail.to.casefold().split("\n"))]


def _sessions(user: User) -> list[Session]:
    """Those that are logged in as this login, and those it has handed to somebody beside it."""

    def belongs(session: Session) -> bool:
        data = session.get_decoded()
        return str(user.pk) in {data.get("_auth_user_id"), str((data.get(DOOR) or {}).get("host"))}

    return [session for session in Session.objects.filter(expire_date__gt=timezone.now()) if belongs(session)]


def _alias(official: Official) -> str:
    return f"Pejabat {official.pk}"


def _login_alias(user: User) -> str:
    return f"dilupakan-{user.pk}"


# --- Doing


def may_change_history() -> bool:
    """The application's own role in PostgreSQL may only add lines to the history of the lists."""
    if connection.vendor != "postgresql":
        return True
    tables = [model.history.model._meta.db_table for model in (Official, User)] + [LogEntry._meta.db_table]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT bool_and(has_table_privilege(name, 'UPDATE')) FROM unnest(%s::text[]) name", [tables]
        )
        return cursor.fetchone()[0]


@transaction.atomic
def forget_official(official: Official) -> None:
    addresses = _addresses(official)
    mails = _mails_to(addresses)
    values: dict[str, Any] = {"email": "", "phone": ""}
    if not _asked(official):
        values |= {"title_before": "", "name": _alias(official), "title_after": "", "rank": ""}
        values |= {"nip": None, "nip_absent_reason": REASON}
        _rename_in_log(official, _alias(official), told_of=[Official, Tenure])
    _overwrite(official, values)
    _empty(mails, addresses)
    if official.user:
        _forget_login(official.user)


@transaction.atomic
def forget_user(user: User) -> None:
    addresses = _addresses(user)
    mails = _mails_to(addresses)
    _forget_login(user)
    _empty(mails, addresses)


def _forget_login(user: User) -> None:
    for session in _sessions(user):
        session.delete()
    for label in sorted(OWN):
        apps.get_model(label)._default_manager.filter(user=user).delete()
    OneTimeCode.objects.filter(subject=f"user:{user.pk}").delete()
    values: dict[str, Any] = {"email": ""}
    if not list(_deeds(user)):
        values |= {"username": _login_alias(user), "first_name": "", "last_name": ""}
        _rename_in_log(user, _login_alias(user), told_of=[User, Membership])
    user.is_active = False
    user.set_unusable_password()
    _overwrite(user, values)


def _overwrite(person: Any, values: dict[str, Any]) -> None:
    """In every line of the history first, so that the new line tells of no change but that there was one."""
    person.history.all().update(**values)
    for name, value in values.items():
        setattr(person, name, value)
    person._change_reason = REASON
    person.save()


def _rename_in_log(person: Any, alias: str, *, told_of: list[type[models.Model]]) -> None:
    """In the admin's own log, which keeps the words by which a row was called, and those of rows inside it."""
    own = ContentType.objects.get_for_model(person)
    types = ContentType.objects.get_for_models(*told_of).values()
    said = Q(content_type__in=types, object_repr__startswith=str(person)[:200])
    for line in LogEntry.objects.filter(said | Q(content_type=own, object_id=str(person.pk))):
        line.object_repr = line.object_repr.replace(str(person), alias) if line.content_type != own else alias
        line.change_message = line.change_message if str(person) not in line.change_message else ""
        line.save()


def _empty(mails: list[OutgoingMail], addresses: set[str]) -> None:
    """Others whom the same mail went to stay on it. What has not gone out yet goes nowhere: an empty address would
    mean the reviewers."""
    for mail in mails:
        others = [line for line in mail.to.split("\n") if line.casefold() not in addresses]
        changes: dict[str, Any] = {"to": "\n".join(others), "body": ""}
        if mail.state != MailState.SENT:
            changes |= {"state": MailState.DROPPED, "last_error": "Forgotten"}
        OutgoingMail.objects.filter(pk=mail.pk).update(**changes)
