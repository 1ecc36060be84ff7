"""Login by a code to one's own mail address, for people who sign once a year and know no password any more.

Whether the address is known changes nothing that can be seen or timed: one code is made, one mail goes out, one code is
checked. A code nobody is to have belongs to no login and is sent to nobody.
"""

import hashlib

from allauth.account.adapter import get_adapter
from django.http import HttpRequest

from agencies.models import User
from commitments import one_time
from commitments.one_time import Outcome
from commitments.states import CodePurpose
from pug_bekasi.identity import factors
from pug_bekasi.identity.mailboxes import mailbox, write_to_stranger


def user_of(address: str) -> User | None:
    """Who may log in with a code sent there: an active login that decides nothing about others."""
    user = User.objects.filter(email__iexact=address, is_active=True).first() if address else None
    return None if user is None or factors.is_required(user) else user


def send(request: HttpRequest, address: str) -> None:
    """A code, or why there is none. Nothing when this person has had five within the hour."""
    code = one_time.issue(CodePurpose.LOGIN, _subject(address, user_of(address)))
    if code is None:
        return
    kind = _kind_of_mail(address)
    if kind == "login_code_unknown":
        write_to_stranger(request, f"account/email/{kind}", address)
        return
    given = {"code": f"{code[:3]} {code[3:]}"} if kind == "login_code" else {}
    get_adapter().send_mail(f"account/email/{kind}", address, given)


def check(address: str, typed: str) -> tuple[Outcome, User | None]:
    """The login is given only with Outcome.OK."""
    user = user_of(address)
    outcome = one_time.check(CodePurpose.LOGIN, _subject(address, user), typed)
    if user is None and outcome is Outcome.OK:
        outcome = Outcome.WRONG  # guessed what nobody was sent
    return outcome, user


def _subject(address: str, user: User | None) -> str:
    if user:
        return f"user:{user.pk}"
    return f"none:{hashlib.sha256(mailbox(address).encode()).hexdigest()[:32]}"


def _kind_of_mail(address: str) -> str:
    user = User.objects.filter(email__iexact=address, is_active=True).first()
    if user is None:
        return "login_code_unknown"
    return "login_code_refused" if factors.is_required(user) else "login_code"
