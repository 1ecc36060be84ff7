"""The whole database as one file, and back into an empty one: SQLite by its backup API, PostgreSQL by pg_dump."""

import contextlib
import os
import re
import sqlite3
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction

LIMIT = 3600  # seconds that pg_dump or pg_restore may take
LOCK_LIMIT = "60s"  # that pg_dump waits for a table
HEADS = "SELECT declaration_id, sequence, hash FROM commitments_ledgerhead ORDER BY 1"
MIGRATIONS = "SELECT app, name FROM django_migrations ORDER BY 1, 2"


class DumpError(Exception):
    """Dump or restore did not work. Its text may be shown."""


def left_out() -> list[str]:
    """Tables whose rows stay behind: nobody should be logged in by a copy."""
    return ["django_session", "usersessions_usersession", str(settings.CACHES["default"]["LOCATION"])]


def dump(target: Path) -> dict[str, Any]:
    """Writes the database there; returns its vendor, migrations and ledger heads as of the very same moment."""
    state = _dump_postgresql(target) if connection.vendor == "postgresql" else _dump_sqlite(target)
    return {"vendor": connection.vendor, **state}


def teach_regexp(link: sqlite3.Connection) -> None:
    """What a check of a table asks for and SQLite itself lacks; Django teaches it to its own connections."""
    link.create_function(
        "REGEXP", 2, lambda pattern, text: bool(re.search(pattern, text)), deterministic=True
    )


def _dump_sqlite(target: Path) -> dict[str, Any]:
    source = sqlite3.connect(connection.settings_dict["NAME"])
    copy = sqlite3.connect(target)
    teach_regexp(copy)
    with contextlib.closing(source), contextlib.closing(copy):
        source.backup(copy)
        for table in left_out():
            copy.execute(f"DELETE FROM {table}")  # noqa: S608 a name of ours
        copy.commit()
        copy.execute("VACUUM")  # or the deleted rows could still be read in the file
        copy.execute("PRAGMA journal_mode=DELETE")  # one file, without a companion
        return _state(lambda sql: copy.execute(sql).fetchall())


def _dump_postgresql(target: Path) -> dict[str, Any]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")

        def rows(sql: str) -> list[Any]:
            cursor.execute(sql)
            return cursor.fetchall()

        [[snapshot]] = rows("SELECT pg_export_snapshot()")
        options = ["--format=custom", "--no-owner", "--no-privileges", f"--lock-wait-timeout={LOCK_LIMIT}"]
        options += [f"--exclude-table-data={table}" for table in left_out()]
        _run("pg_dump", [*options, f"--snapshot={snapshot}", f"--file={target}"])
        return _state(rows)


def _state(rows: Callable[[str], list[Any]]) -> dict[str, Any]:
    heads = {str(declaration): [sequence, digest] for declaration, sequence, digest in rows(HEADS)}
    return {"migrations": [f"{app}.{name}" for app, name in rows(MIGRATIONS)], "heads": heads}


def is_empty() -> bool:
    with connection.cursor() as cursor:
        return not connection.introspection.table_names(cursor)


def load(source: Path) -> None:
    """The dump into the empty database of this installation: whole, or not at all."""
    if connection.vendor == "postgresql":
        options = ["--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges"]
        _run("pg_restore", [*options, str(source)])
        return
    name = Path(connection.settings_dict["NAME"])
    connection.close()
    for companion in ("-wal", "-shm"):
        name.with_name(name.name + companion).unlink(missing_ok=True)
    source.rename(name)


def _run(program: str, options: list[str]) -> None:
    """The password goes by the environment: a command line is read by everybody on the machine."""
    known = connection.settings_dict
    arguments, environment = connection.client.settings_to_cmd_args_env(
        known, [*options, "--no-password", "-d"]
    )
    environment = os.environ | (environment or {})
    if "options" in known["OPTIONS"]:
        environment["PGOPTIONS"] = known["OPTIONS"]["options"]
    command = [program, *arguments[1:]]
    try:
        subprocess.run(  # noqa: S603 the program is one of two, the arguments come from the settings
            command, env=environment, check=True, capture_output=True, text=True, timeout=LIMIT
        )
    except FileNotFoundError:
        raise DumpError(f"{program} belum terpasang. Pasang paket postgresql-client.") from None
    except subprocess.TimeoutExpired:
        raise DumpError(f"{program} tidak selesai dalam {LIMIT} detik.") from None
    except subprocess.CalledProcessError as error:
        raise DumpError(f"{program} gagal: {error.stderr.strip()}") from None
