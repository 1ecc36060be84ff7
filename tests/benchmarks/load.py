"""A gunicorn as in production (2 workers × 4 threads), and clients that keep their connections."""

import contextlib
import http.client
import os
import queue
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.db import connection

WORKERS, THREADS = 2, 4
START_SECONDS = 60


@dataclass(frozen=True)
class Shot:
    method: str
    path: str
    cookies: str = ""
    body: bytes = b""
    expect: int = 200


@dataclass
class Volley:
    """What a group of requests took: seconds from first to last, and milliseconds of each."""

    seconds: float = 0
    latencies: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        return len(self.latencies) / self.seconds

    @property
    def median(self) -> float:
        return statistics.median(self.latencies)

    @property
    def p95(self) -> float:
        return statistics.quantiles(self.latencies, n=20)[-1]

    def __add__(self, other: "Volley") -> "Volley":
        return Volley(self.seconds + other.seconds, self.latencies + other.latencies)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@dataclass(frozen=True)
class Server:
    port: int
    pid: int

    def cpu(self) -> float:
        """Seconds of CPU that its workers have had: other work on the machine stretches time, and this hardly."""
        return sum(map(_cpu_of, _children_of(self.pid)))


def database_cpu() -> float:
    """The same of the database server, whose processes are the siblings of the one that answers us."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        ours = cursor.fetchone()[0]
    return sum(map(_cpu_of, _children_of(_stat(ours)[1])))


def _stat(pid: int) -> list[int]:
    """Fields 3 and on of /proc/PID/stat as numbers (the state is no number)."""
    words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return [0, *map(int, words[1:])]


def _children_of(pid: int) -> list[int]:
    return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _cpu_of(pid: int) -> float:
    user, system = _stat(pid)[11:13]
    return (user + system) / os.sysconf("SC_CLK_TCK")


@contextlib.contextmanager
def served() -> Iterator[Server]:
    """A running server on the database of this process."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "pug_bekasi.wsgi", "--bind", f"127.0.0.1:{port}"]
    command += ["--workers", str(WORKERS), "--threads", str(THREADS), "--preload", "--log-level", "warning"]
    server = subprocess.Popen(command, env=os.environ | {"SITE_URL": f"http://localhost:{port}"})
    try:
        _wait(port)
        yield Server(port, server.pid)
    finally:
        server.terminate()
        server.wait()


def _wait(port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError):
            fire(port, [Shot("GET", "/sehat/")], clients=1)
            return
        time.sleep(0.2)
    raise SystemExit("The server did not start.")


def fire(port: int, shots: list[Shot], *, clients: int) -> Volley:
    """Send all, `clients` at a time; raises when one is answered otherwise than expected."""
    waiting: queue.SimpleQueue[Shot] = queue.SimpleQueue()
    for shot in shots:
        waiting.put(shot)
    latencies: list[float] = []
    failures: list[BaseException] = []
    threads = [
        threading.Thread(target=_client, args=(port, waiting, latencies, failures)) for _ in range(clients)
    ]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    return Volley(time.perf_counter() - started, latencies)


def _client(port: int, waiting: queue.SimpleQueue, latencies: list[float], failures: list) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        while True:
            try:
                shot = waiting.get_nowait()
            except queue.Empty:
                return
            latencies.append(_send(connection, shot, port))
    except BaseException as error:  # told in the thread that waits
        failures.append(error)
    finally:
        connection.close()


def _send(connection: http.client.HTTPConnection, shot: Shot, port: int) -> float:
    headers = {"Cookie": shot.cookies, "Host": f"localhost:{port}"}
    if shot.body:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    started = time.perf_counter()
    connection.request(shot.method, shot.path, shot.body or None, headers)
    answer = connection.getresponse()
    answer.read()
    if answer.status != shot.expect:
        raise RuntimeError(f"{shot.method} {shot.path}: {answer.status}")
    return (time.perf_counter() - started) * 1000
