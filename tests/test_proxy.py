"""The proxy of docs/operations.md in front of the gunicorn of docs/operations.md, as a server runs them.

On a SQLite of its own, so once is enough: with PostgreSQL's suite.
"""

import os
import re
import socket
import ssl
import subprocess
import sys
import time
from http.client import HTTPConnection, HTTPSConnection
from pathlib import Path

import pytest
from django.conf import settings

pytestmark = pytest.mark.postgresql
HOST = "komitmen.example"
OPERATIONS = (settings.BASE_DIR / "docs/operations.md").read_text()
NGINX = Path("/usr/sbin/nginx")
START_SECONDS = 60
SLOW = 20  # connections; gunicorn has eight threads
NO_CHECK = ssl._create_unverified_context()  # noqa: S323 a certificate made for this test


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def wait_until_it_answers(port: int, process: subprocess.Popen) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        assert process.poll() is None, "the server stopped"
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the server did not start")


@pytest.fixture(scope="module")
def application(tmp_path_factory):
    """gunicorn with the words of the unit file, on a port of its own."""
    folder, port = tmp_path_factory.mktemp("application"), free_port()
    environment = {name: value for name, value in os.environ.items() if name not in {"DEBUG", "DEMO"}} | {
        "DATABASE_URL": "",
        "DATA_DIR": str(folder),
        "SECRET_KEY": "sebuah kunci untuk uji saja, yang cukup panjang dan berbeda-beda 0123456789",
        "SITE_URL": f"https://{HOST}",
        "ALLOWED_HOSTS": HOST,
    }
    for command in (["migrate", "-v0"], ["collectstatic", "--noinput", "-v0"]):
        subprocess.run(
            [sys.executable, "manage.py", *command], env=environment, cwd=settings.BASE_DIR, check=True
        )
    words = re.search(r"/bin/gunicorn (pug_bekasi\.wsgi .*)", OPERATIONS)[1].replace(
        "127.0.0.1:8000", f"127.0.0.1:{port}"
    )
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", *words.split()],
            env=environment, cwd=settings.BASE_DIR, stdout=log, stderr=log,
        )  # fmt: skip
        try:
            wait_until_it_answers(port, process)
            yield port
        finally:
            process.terminate()
            process.wait()


@pytest.fixture(scope="module")
def proxy(application, tmp_path_factory):
    """nginx with the words of the guide; only ports and folders are this test's."""
    assert NGINX.exists(), "Debian package nginx: run `make setup`"
    folder, port = tmp_path_factory.mktemp("nginx"), free_port()
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
         "-subj", f"/CN={HOST}", "-keyout", key, "-out", certificate],
        check=True, capture_output=True,
    )  # fmt: skip
    block = re.search(r"```nginx\n(.*?)```", OPERATIONS, re.DOTALL)[1]
    for word, ours in {
        "listen 443 ssl": f"listen 127.0.0.1:{port} ssl",
        "/etc/ssl/komitmen.pem": str(certificate),
        "/etc/ssl/komitmen.key": str(key),
        "/var/log/nginx/komitmen.log": str(folder / "access.log"),
        "http://127.0.0.1:8000": f"http://127.0.0.1:{application}",
    }.items():
        assert word in block
        block = block.replace(word, ours)
    kept = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    places = "".join(f"{name}_temp_path {folder / name};\n" for name in kept)
    (folder / "nginx.conf").write_text(
        f"daemon off; master_process off; pid {folder / 'pid'}; error_log {folder / 'error.log'};\n"
        f"events {{}}\nhttp {{\n{places}{block}}}\n"
    )
    process = subprocess.Popen([NGINX, "-p", folder, "-c", folder / "nginx.conf", "-e", folder / "error.log"])
    try:
        wait_until_it_answers(port, process)
        yield port, folder
    finally:
        process.terminate()
        process.wait()


def ask(port: int, path: str, method: str = "GET", body=None, **headers):
    connection = HTTPSConnection("127.0.0.1", port, timeout=20, context=NO_CHECK)
    try:
        connection.request(method, path, body=body, headers={"Host": HOST} | headers)
        answer = connection.getresponse()
        return answer.status, answer.read(), answer.headers
    finally:
        connection.close()


def slow(port: int, started: bytes) -> ssl.SSLSocket:
    """A caller that begins and does not go on."""
    caller = NO_CHECK.wrap_socket(
        socket.create_connection(("127.0.0.1", port), timeout=20), server_hostname=HOST
    )
    caller.sendall(started)
    return caller


@pytest.mark.parametrize(
    "started",
    [
        f"GET / HTTP/1.1\r\nHost: {HOST}\r\nX-Slow: ",
        f"POST /v/berkas/ HTTP/1.1\r\nHost: {HOST}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        "Content-Length: 1000\r\n\r\na=1",
    ],
    ids=["half a head", "half a body"],
)
def test_callers_that_do_not_go_on_keep_nobody_from_the_pages(proxy, started):
    port, _folder = proxy
    callers = [slow(port, started.encode()) for _number in range(SLOW)]
    try:
        assert ask(port, "/sehat/")[:2] == (200, b"sehat\n")
        assert ask(port, "/akun/masuk/")[0] == 200
    finally:
        for caller in callers:
            caller.close()


def test_what_a_caller_says_of_the_way_it_came_is_not_believed(proxy, application):
    port, _folder = proxy
    direct = HTTPConnection("127.0.0.1", application, timeout=20)
    direct.request("GET", "/akun/masuk/", headers={"Host": HOST, "X-Forwarded-Proto": "http"})
    assert direct.getresponse().status == 301  # what plain http is answered
    direct.close()
    status, _body, headers = ask(port, "/akun/masuk/", **{"X-Forwarded-Proto": "http"})
    assert status == 200
    assert "__Host-" in headers["Set-Cookie"]
    assert ask(port, "/", Host="lain.example")[0] == 400


def test_the_proxy_stops_a_large_body_and_logs_no_query(proxy):
    port, folder = proxy
    length = {"Content-Length": str(22 * 2**20), "Content-Type": "application/pdf"}
    assert ask(port, "/v/berkas/", "POST", **length)[0] == 413
    assert ask(port, "/v/?kode=RAHASIA-1", Referer=f"https://{HOST}/v/?kode=RAHASIA-2")[0] == 404
    log = (folder / "access.log").read_text()
    assert "/v/" in log
    assert "RAHASIA" not in log
