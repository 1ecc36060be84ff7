"""Limits for the whole server, never for an address: a hall of 75 people is one address.

They live in small files beside the data: every process of the server shares them, and a process that dies gives back
what it held.
"""

import contextlib
import fcntl
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings


class Busy(Exception):
    """As many are at it as this server does together."""


@contextlib.contextmanager
def one_of(places: int, name: str) -> Iterator[None]:
    """One of so many places for what costs a server much; raises Busy at once rather than keep a thread waiting."""
    for number in range(places):
        with file(f"{name}-{number}").open("a") as place:
            try:
                fcntl.flock(place, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            yield  # closing the file gives the place back
            return
    raise Busy


def file(name: str) -> Path:
    folder = Path(settings.DATA_DIR) / "limits"
    folder.mkdir(exist_ok=True)
    return folder / name
