"""Django's test client, whose `force_login` leaves the session as a login with both factors does."""

import time

from allauth.account.internal.flows import login as allauth
from allauth.account.internal.userkit import user_id_to_str
from django.test import client as django


def shown_by(user, *, second_factor: bool) -> dict:
    """What allauth writes into the session when somebody has shown the password, and the second factor."""
    now = time.time()
    records = [{"method": "password", "at": now}]
    records += [{"method": "mfa", "type": "totp", "at": now}] if second_factor else []
    return {
        allauth.AUTHENTICATION_METHODS_SESSION_KEY: records,
        allauth._AUTHENTICATION_METHODS_USER_SESSION_KEY: user_id_to_str(user),
    }


class Client(django.Client):
    def force_login(self, user, backend=None, *, second_factor=True):
        super().force_login(user, backend)
        if second_factor:
            session = self.session
            session.update(shown_by(user, second_factor=True))
            session.save()
