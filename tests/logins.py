"""Test clients that have come in, by whichever door."""

from dataclasses import asdict, dataclass

from allauth.account.internal.stagekit import LOGIN_SESSION_KEY
from allauth.account.models import Login
from allauth.mfa.stages import AuthenticateStage
from django.conf import settings

from agencies.models import User
from commitments import doors
from commitments.doors import Door
from pug_bekasi.identity.code_views import ASKED
from tests.client import Client


@dataclass(frozen=True)
class Half:
    """Has shown the password alone: stands before the second step, or is logged in for lack of one."""

    user: User
    logged_in: bool = False


@dataclass(frozen=True)
class Asking:
    """Has asked for a code by mail."""

    address: str


def enter(client: Client, person: User | Door | Half | Asking | None) -> None:
    """As this login with both factors, or as a session that stands before such a door; nobody stays outside."""
    if isinstance(person, Door):
        keep(client, {doors.KEY: asdict(person)})
    elif isinstance(person, Asking):
        keep(client, {ASKED: {"address": person.address, "next": None}})
    elif isinstance(person, Half) and not person.logged_in:
        login = Login(user=person.user, state={"stages": {"current": AuthenticateStage.key}})
        keep(client, {LOGIN_SESSION_KEY: login.serialize()})
    elif isinstance(person, Half):
        client.force_login(person.user, second_factor=False)
    elif person:
        client.force_login(person)


def keep(client: Client, values: dict) -> None:
    session = client.session
    session.update(values)
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key or ""
