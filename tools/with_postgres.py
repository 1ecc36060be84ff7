#!/usr/bin/env python3
"""Run a command with DATABASE_URL naming a PostgreSQL: tools/with_postgres.py COMMAND [ARGUMENT…]

A DATABASE_URL that is already set is used as it is. Otherwise a cluster of our own is made in a temporary
folder, reachable only through a socket in that folder, and is stopped and deleted with the command. A server
that happens to run on this machine is never spoken to.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

DATABASE = "pug"
START_SECONDS = 30
# Nothing here has to survive a power cut; the races of the suite open about a hundred connections.
SPEED = ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=250"]

# initdb refuses root, so root lends the cluster to the system user that Debian's package made.
OWNER = "postgres" if os.geteuid() == 0 else None
Command = list[str | Path]


def binaries() -> Path:
    """The folder of the newest PostgreSQL that Debian has installed."""
    found = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if not found:
        sys.exit("PostgreSQL is not installed (Debian package: postgresql). Run `make setup`.")
    return max(found, key=lambda path: int(path.parent.name))


@contextlib.contextmanager
def cluster() -> Iterator[str]:
    """A running cluster; gives its URL."""
    bin_folder = binaries()
    folder = Path(tempfile.mkdtemp(prefix="pug-pg-", dir="/tmp"))  # socket paths must be short
    try:
        if OWNER:
            shutil.chown(folder, OWNER, OWNER)
        make(bin_folder, folder)
        server = start(bin_folder, folder)
        try:
            wait_until_ready(server, bin_folder, folder)
            subprocess.run([bin_folder / "createdb", "-h", folder, "-U", DATABASE, DATABASE], check=True)
            yield f"postgresql://{DATABASE}@/{DATABASE}?host={folder}"
        finally:
            server.send_signal(signal.SIGQUIT)  # at once; the files are about to go
            server.wait()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def make(bin_folder: Path, folder: Path) -> None:
    initdb: Command = [bin_folder / "initdb", "-D", folder / "data", "-U", DATABASE, "-A", "trust"]
    options = ["-E", "UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions"]
    subprocess.run(
        [*initdb, *options], cwd=folder, check=True, stdout=subprocess.DEVNULL, user=OWNER, group=OWNER
    )


def start(bin_folder: Path, folder: Path) -> "subprocess.Popen[bytes]":
    settings = ["listen_addresses=", f"unix_socket_directories={folder}", *SPEED]
    arguments: Command = [part for setting in settings for part in ("-c", setting)]
    with (folder / "log").open("w") as log:
        return subprocess.Popen(
            [bin_folder / "postgres", "-D", folder / "data", *arguments],
            cwd=folder,
            stdout=log,
            stderr=log,
            start_new_session=True,  # Ctrl-C is for the command; the server goes after it
            user=OWNER,
            group=OWNER,
        )


def wait_until_ready(server: "subprocess.Popen[bytes]", bin_folder: Path, folder: Path) -> None:
    probe: Command = [bin_folder / "pg_isready", "-q", "-h", folder]
    deadline = time.monotonic() + START_SECONDS
    while subprocess.run(probe, check=False).returncode != 0:
        if server.poll() is not None or time.monotonic() > deadline:
            sys.exit("The throw-away PostgreSQL did not start:\n" + (folder / "log").read_text())
        time.sleep(0.05)


def run(command: list[str], environment: dict[str, str]) -> int:
    """Run the command, and on Ctrl-C or SIGTERM let it end by itself before we do."""
    child = subprocess.Popen(command, env=environment)
    try:
        return child.wait()
    except KeyboardInterrupt:
        child.send_signal(signal.SIGINT)
        try:
            child.wait(timeout=20)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
        return 130


def main() -> int:
    command = sys.argv[1:]
    if not command:
        sys.exit(__doc__)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    if os.environ.get("DATABASE_URL"):
        return run(command, dict(os.environ))
    with cluster() as url:
        return run(command, os.environ | {"DATABASE_URL": url})


if __name__ == "__main__":
    sys.exit(main())
