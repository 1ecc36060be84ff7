"""What a view gets once login is required: a request of one of our users. For types only."""

from django.http import HttpRequest  # noqa: TID251 views take the type from here
from django_htmx.middleware import HtmxDetails

from agencies.models import User


class Request(HttpRequest):
    user: User
    htmx: HtmxDetails
