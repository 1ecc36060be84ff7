"""What views share: the type of a request once login is required, and the answer that is a table as a file."""

from django.http import HttpRequest, HttpResponse  # noqa: TID251 views take them from here
from django_htmx.middleware import HtmxDetails

from agencies import sheets
from agencies.models import User


class Request(HttpRequest):
    user: User
    htmx: HtmxDetails


def download(name: str, body: bytes) -> HttpResponse:
    """A table; the end of its name says in which form."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse(body, content_type=sheets.TYPES[name.rpartition(".")[2]], headers=headers)
