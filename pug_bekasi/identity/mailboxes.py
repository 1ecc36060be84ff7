"""Mail to whoever types an address: how much of it goes where, so that nobody makes our server a nuisance to others."""

import logging
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.core import ratelimit
from django.contrib import messages
from django.core.mail import get_connection
from django.http import HttpRequest
from django.utils.translation import gettext as _

logger = logging.getLogger(__name__)


def mailbox(address: str) -> str:
    """Where mail to this address ends up: many servers put name+anything@ into the box of name@."""
    name, at, host = address.strip().casefold().rpartition("@")
    return f"{name.partition('+')[0]}{at}{host}"


def write_to_stranger(request: HttpRequest, template: str, address: str) -> None:
    """Beyond so many an hour for the whole server no such mail goes out; page and time stay as they are."""
    if ratelimit.consume(request, action="mail_to_strangers", key="all"):
        get_adapter().send_mail(template, address, {})
    else:
        _only_knock(request)


def _only_knock(request: HttpRequest) -> None:
    """As long as a mail takes, or nearly: else the quick answer would tell which addresses are unknown."""
    connection: Any = get_connection()
    try:
        connection.open()
        connection.close()
    except OSError as error:
        logger.error("the mail server did not answer: %s", type(error).__name__)
        messages.error(request, _("Surat belum dapat dikirim. Tunggu sebentar, lalu coba lagi."))
