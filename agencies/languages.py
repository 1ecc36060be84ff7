"""Pages speak the reader's language; what is kept, printed or sent is Indonesian, whoever pressed the button."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.conf import settings
from django.utils import translation

P = ParamSpec("P")
R = TypeVar("R")


def in_indonesian(function: Callable[P, R]) -> Callable[P, R]:
    """Decorator. Django's own `override` as a decorator shares one memory between threads; this does not."""

    @wraps(function)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
        with translation.override(settings.LANGUAGE_CODE):
            return function(*args, **kwargs)

    return wrapped
