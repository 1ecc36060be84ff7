"""What the environment turns into: database, keys, cookies, static files."""

import contextlib
import gzip
import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders

from pug_bekasi import staticfiles
from pug_bekasi.settings import database

ROOT = Path(__file__).resolve().parent.parent
SERVER = {"SITE_URL": "https://komitmen.example", "SECRET_KEY": "k" * 30 + "0123456789abcdefghijABCDEFGHIJ"}
REPORT = '''
import json
from django.conf import settings as s
names = """SESSION_COOKIE_NAME CSRF_COOKIE_NAME SESSION_COOKIE_SECURE SECURE_SSL_REDIRECT ALLOWED_HOSTS
SECURE_HSTS_SECONDS SECURE_PROXY_SSL_HEADER DEBUG DEMO SITE_URL DEFAULT_FROM_EMAIL""".split()
print(json.dumps({name: getattr(s, name) for name in names}))
'''


def run(tmp_path, *arguments: str, **environment: str) -> subprocess.CompletedProcess:
    """manage.py on an environment that holds only what is given."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    command = [sys.executable, "manage.py", *arguments]
    environment = kept | {"DATA_DIR": str(tmp_path)} | environment
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120)


def report(tmp_path, **environment) -> dict:
    done = run(tmp_path, "shell", "--no-imports", "-c", REPORT, **environment)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_under_https_cookies_are_bound_to_the_host(tmp_path):
    told = report(tmp_path, **SERVER)
    assert (told["SESSION_COOKIE_NAME"], told["CSRF_COOKIE_NAME"]) == ("__Host-sessionid", "__Host-csrftoken")
    assert told["SESSION_COOKIE_SECURE"]
    assert told["SECURE_SSL_REDIRECT"]
    assert told["SECURE_HSTS_SECONDS"] > 0
    assert told["SECURE_PROXY_SSL_HEADER"] == ["HTTP_X_FORWARDED_PROTO", "https"]
    assert told["ALLOWED_HOSTS"] == ["komitmen.example", "localhost", "127.0.0.1"]
    assert told["DEFAULT_FROM_EMAIL"] == "komitmen-pug@komitmen.example"
    assert not told["DEBUG"]
    assert not told["DEMO"]
    assert not (tmp_path / "secret_key").exists()


def test_without_any_variable_it_runs_on_localhost(tmp_path):
    told = report(tmp_path)
    assert told["SITE_URL"] == "http://localhost:8000"
    assert told["SESSION_COOKIE_NAME"] == "sessionid"
    assert not told["SECURE_SSL_REDIRECT"]
    assert not told["DEBUG"]
    key = tmp_path / "secret_key"
    assert key.stat().st_mode & 0o777 == 0o600
    first = key.read_text()
    assert len(first) > 50
    report(tmp_path)
    assert key.read_text() == first


def test_no_proxy_is_trusted_when_there_is_none(tmp_path):
    assert report(tmp_path, TLS_PROXY="0", **SERVER)["SECURE_PROXY_SSL_HEADER"] is None


def test_the_deployment_checks_are_clean(tmp_path):
    server = SERVER | {"SEAL_KEY_PASSPHRASE": "frasa sandi untuk uji"}
    assert run(tmp_path, "make_seal_key", **server).returncode == 0
    done = run(tmp_path, "check", "--deploy", "--fail-level", "WARNING", **server)
    assert (done.returncode, done.stdout) == (0, "System check identified no issues (0 silenced).\n")


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({"SITE_URL": "https://komitmen.example"}, "SECRET_KEY belum diisi."),
        ({"DATABASE_URL": "mysql://x"}, "DATABASE_URL harus berupa postgresql://"),
        ({"EMAIL_PORT": "smtp"}, "EMAIL_PORT harus berupa angka."),
    ],
)
def test_a_wrong_variable_is_named(tmp_path, environment, sentence):
    done = run(tmp_path, "check", **environment)
    assert done.returncode != 0
    assert sentence in done.stderr


def test_the_database_url():
    assert database("")["ENGINE"] == "django.db.backends.sqlite3"
    parsed = database("postgresql://pug:a%40b%2F@db.example:5433/komitmen?sslmode=require")
    assert (parsed["NAME"], parsed["USER"], parsed["PASSWORD"]) == ("komitmen", "pug", "a@b/")
    assert (parsed["HOST"], parsed["PORT"]) == ("db.example", "5433")
    assert parsed["OPTIONS"]["sslmode"] == "require"
    assert parsed["OPTIONS"]["pool"]["max_size"] >= 8  # gunicorn's threads
    assert "CONN_MAX_AGE" not in parsed
    assert database("postgresql://pug@/pug?host=/run/postgresql")["HOST"] == "/run/postgresql"


def test_migrate_makes_the_table_of_the_cache(tmp_path):
    """In a process of its own: Django's test runner makes that table by itself."""
    assert run(tmp_path, "migrate", "pug_bekasi", "-v0").returncode == 0
    with contextlib.closing(sqlite3.connect(tmp_path / "db.sqlite3")) as made:
        assert made.execute("SELECT count(*) FROM django_cache").fetchone() == (0,)


def test_static_files_are_the_ones_in_use(tmp_path):
    done = run(tmp_path, "collectstatic", "--noinput", "-v0")
    assert done.returncode == 0, done.stderr
    names = set(json.loads((tmp_path / "static/staticfiles.json").read_text())["paths"])
    ours = {name for name in names if name.startswith(("css/", "vendor/"))}
    assert ours == set(staticfiles.FILES)
    assert {"icons.svg", "favicon.svg", "ui/check.svg"} <= names


def test_the_style_sheet_is_one_file_without_source_map_or_foreign_address():
    style = Path(finders.find("css/site.css")).read_text()
    assert style.index("Bootstrap") < style.index("--accent:") < style.index(".topbar")
    assert "sourceMappingURL" not in style
    assert "url(http" not in style
    assert "url(//" not in style


def test_a_cold_page_stays_small():
    """Style, font, htmx and icons, compressed as sent: the biggest part of the 150 kB of a cold page."""
    texts = ["css/site.css", "vendor/htmx.min.js", "js/shell.js", "icons.svg"]
    compressed = sum(len(gzip.compress(Path(finders.find(name)).read_bytes())) for name in texts)
    font = Path(finders.find("vendor/public-sans-latin-wght-normal.woff2")).stat().st_size
    assert compressed + font < 120_000


def test_a_served_file_is_made_anew_when_its_source_changes(tmp_path, monkeypatch):
    source = tmp_path / "a.css"
    monkeypatch.setitem(staticfiles.FILES, "css/coba.css", [source, source])
    monkeypatch.setattr(settings, "DATA_DIR", tmp_path)
    source.write_text("a{}\n/*# sourceMappingURL=a.css.map */\n")
    assert staticfiles.build("css/coba.css").read_text() == "a{}\n\na{}\n"
    source.write_text("b{}")
    os.utime(source, (0, 0))  # npm's packages are from 1985
    assert staticfiles.build("css/coba.css").read_text() == "b{}\nb{}"
