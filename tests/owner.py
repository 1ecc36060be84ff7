"""The power of whoever owns the database, for tests that play an intruder, and for cleaning up."""

import contextlib

from django.db import connection


@contextlib.contextmanager
def as_owner():
    """Lifts the role of `--restricted` from this connection; without it, and on SQLite, nothing changes."""
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE NONE")
    yield
    if not connection.needs_rollback:  # which undoes it as well
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")
