"""Serve the demo: database, example data, static files, gunicorn and the worker. Run it by `make demo`.

PORT (8000) and DATA_DIR (var/) choose another port and place. Everything it started ends with it, on Ctrl-C
and on SIGTERM. A second run on the same DATA_DIR finds its work done and serves within seconds.
"""

import hashlib
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PORT = os.environ.get("PORT", "8000")
DATA_DIR = (ROOT / (os.environ.get("DATA_DIR") or "var")).resolve()
URL = f"http://localhost:{PORT}"
# Whatever else this shell has set, the demo is SQLite in DATA_DIR, served on this machine only.
ENVIRONMENT = {
    "DATA_DIR": str(DATA_DIR),
    "DATABASE_URL": "",
    "DEMO": "1",
    "DEBUG": "0",
    "SITE_URL": URL,
    "SEAL_DIR": str(DATA_DIR / "seal"),
    "SEAL_KEY_PASSPHRASE": "frasa sandi contoh, bukan rahasia",
    "TIMESTAMP_URL": "",
    "ALLOWED_HOSTS": "localhost,127.0.0.1",
    "DJANGO_SETTINGS_MODULE": "pug_bekasi.settings",
    "PYTHONUNBUFFERED": "1",
}
TO_TRY = """\
Enam hal untuk dicoba:
  1. Masuk sebagai pejabat, buka "Tugas", baca naskah, lalu tanda tangani dari ponsel atau laptop.
  2. Masuk sebagai Peninjau DPPPA, buka antrean, kembalikan satu tanda tangan dengan alasan, terima yang lain.
  3. Masuk sebagai Administrator DPPPA, lihat matriks, dan siapkan deklarasi baru dari tahun sebelumnya.
  4. Cetak deklarasi 2022 yang sudah ditutup, lalu pindai kode QR-nya atau ketik kodenya di beranda.
  5. Masuk sebagai operator, buka "Kantor saya": siapa yang sudah dan belum menandatangani.
  6. Masuk sebagai operator, buka "Tindak lanjut", laporkan satu triwulan, unggah buktinya; Peninjau memeriksanya.
"""


def main() -> int:
    refuse_taken_port()
    DATA_DIR.mkdir(parents=True, exist_ok=True)
    os.environ |= ENVIRONMENT
    sys.path.insert(0, str(ROOT))
    os.chdir(ROOT)
    prepare()
    return serve()


def refuse_taken_port() -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(PORT)))
        except (OSError, OverflowError, ValueError):
            sys.exit(f"Port {PORT} sudah dipakai atau tidak sah. Pilih yang lain: make demo PORT=8001")


def prepare() -> None:
    """Bring database, example data and static files up to date; one process, as Django starts slowly."""
    import django
    from django.core.management import CommandError, call_command

    django.setup()
    call_command("migrate", verbosity=0)
    call_command("load_reference")
    make_seal_key()
    try:
        call_command("demo")
    except CommandError as refused:
        sys.exit(str(refused))
    collect_static()
    print()
    call_command("demo_logins")
    print(f"\n{TO_TRY}", flush=True)


def make_seal_key() -> None:
    from django.core.management import call_command

    if not (DATA_DIR / "seal/seal.pem").exists():
        call_command("make_seal_key", name="DATA CONTOH", organisation="Data contoh", verbosity=0)


def collect_static() -> None:
    """Run collectstatic (which hashes and compresses) only when a source file has changed."""
    from django.conf import settings
    from django.contrib.staticfiles.finders import get_finders
    from django.core.management import call_command

    sources = hashlib.sha256(Path(ROOT / "pug_bekasi/settings.py").read_bytes())
    for finder in get_finders():
        for name, storage in finder.list([]):
            stat = Path(storage.path(name)).stat()
            sources.update(f"{name} {stat.st_size} {stat.st_mtime_ns}\n".encode())
    stamp = Path(settings.STATIC_ROOT) / ".sources"
    if stamp.exists() and stamp.read_text() == sources.hexdigest():
        return
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(sources.hexdigest())


def serve() -> int:
    """Run the web server and the worker until one ends or someone says stop."""
    python = sys.executable
    gunicorn = [python, "-m", "gunicorn", "pug_bekasi.wsgi", "--bind", f"127.0.0.1:{PORT}"]
    shape = ["--preload", "--workers", "2", "--threads", "4", "--no-control-socket", "--log-level", "warning"]
    commands = [[*gunicorn, *shape], [python, "manage.py", "work", "--watch"]]

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    # In sessions of their own, so that Ctrl-C reaches only this process, which then ends them in good order.
    children = [subprocess.Popen(command, start_new_session=True) for command in commands]
    # A year of every office takes half a minute to write; meanwhile the demo is in use.
    filling = subprocess.Popen([python, "manage.py", "demo_follow_up"], start_new_session=True)
    print(f"Demo berjalan di {URL} (Ctrl-C untuk berhenti)", flush=True)
    try:
        while all(child.poll() is None for child in children):
            time.sleep(0.3)
        return 1
    except KeyboardInterrupt:
        return 0
    finally:
        stop([*children, filling])


def stop(children: list["subprocess.Popen[bytes]"]) -> None:
    for child in children:
        child.terminate()
    for child in children:
        try:
            child.wait(timeout=10)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()


if __name__ == "__main__":
    sys.exit(main())
