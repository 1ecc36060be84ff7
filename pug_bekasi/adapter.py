from allauth.account.adapter import DefaultAccountAdapter


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs up: `createsuperuser` and an administrator are the only ways to a login."""

    def is_open_for_signup(self, request):
        return False
