"""Take the pictures of the README and of the guide from a demo of its own. Run it by `make pictures`.

The demo starts anew in a temporary folder on a free port and ends with this program. Everybody in it is a numbered
place-holder. Codes and times differ from run to run, and so do the files; their sizes in pixels do not.
"""

import io
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
README, GUIDE = ROOT / "docs/pictures", ROOT / "static/guide"
PASSWORD = "contoh-komitmen-2026"  # noqa: S105 the demo prints it
# As root there is no sandbox; the rest keeps the browser from looking for its maker.
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync", "--lang=id"]
PHONE, DESKTOP = 390, 1200  # CSS pixels wide
WIDEST = 900  # pixels of a picture in the guide
STROKE = [(30, 90), (60, 30), (75, 110), (95, 45), (120, 95), (150, 50), (165, 100), (240, 60), (290, 85)]


def main() -> int:
    with tempfile.TemporaryDirectory() as folder, demo(Path(folder)) as url, sync_playwright() as play:
        browser = play.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        of_the_readme(browser, url, Path(folder))
        of_the_signer(browser, url)
        of_the_office(browser, url)
        of_the_reviewer(browser, url)
        of_the_administrator(browser, url)
        of_the_monitor(browser, url)
        browser.close()
    return 0


@contextmanager
def demo(folder: Path) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = os.environ | {"PORT": str(port), "DATA_DIR": str(folder / "data")}
    os.environ |= {"DATA_DIR": str(folder / "data"), "DATABASE_URL": "", "DEMO": "1"}  # for code_of()
    command = [sys.executable, str(ROOT / "tools/demo.py")]
    served = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    try:
        wait_for(f"http://localhost:{port}", served)
        yield f"http://localhost:{port}"
    finally:
        served.send_signal(signal.SIGTERM)
        served.wait(timeout=30)


def wait_for(url: str, served: subprocess.Popen) -> None:
    patience = time.monotonic() + 600  # a busy machine needs minutes to fill the demo
    while time.monotonic() < patience:
        if served.poll() is not None:
            sys.exit("The demo did not start.")
        try:
            urllib.request.urlopen(f"{url}/sehat/", timeout=5).close()  # noqa: S310 our own demo
        except OSError:
            time.sleep(0.2)
        else:
            return
    sys.exit("The demo does not answer.")


logged_in: dict[str, Any] = {}  # login → its cookies: a code is good once


def log_in(page: Page, username: str) -> None:
    page.goto("/akun/masuk/")
    page.fill("input[name=login]", username)
    page.fill("input[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url(lambda url: not url.endswith("/masuk/"))
    if "/langkah-kedua/" in page.url:
        page.fill("input[name=code]", code_of(username))
        page.click("main button[type=submit]")


def code_of(username: str) -> str:
    """What the app of this login shows now, as the demo tells."""
    command = [sys.executable, str(ROOT / "manage.py"), "demo_logins"]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return re.findall(rf"^  {username}\b.*\n.*kode (\d{{6}})", told, re.MULTILINE)[0]


@contextmanager
def visit(browser: Browser, url: str, username: str, width: int) -> Iterator[Page]:
    """A page of somebody who has just logged in."""
    context = browser.new_context(
        base_url=url,
        viewport={"width": width, "height": 800},
        locale="id-ID",
        timezone_id="Asia/Jakarta",
        reduced_motion="reduce",
        has_touch=width == PHONE,
        is_mobile=width == PHONE,
        storage_state=logged_in.get(username),
    )
    page = context.new_page()
    if username not in logged_in:
        log_in(page, username)
        logged_in[username] = context.storage_state()
    page.goto("/tugas/")  # without the greeting
    yield page
    context.close()


def look(page: Page, height: int, at: str = "", above: int = 12) -> Image.Image:
    """What a window of that height shows, with the element `at` near its top."""
    page.set_viewport_size({"width": page.viewport_size["width"], "height": height})  # type: ignore[index]
    place = f"document.querySelector({at!r}).getBoundingClientRect().top - {above}" if at else "-scrollY"
    page.evaluate(f"scrollBy(0, {place})")
    page.wait_for_timeout(150)  # a scrolled page is painted
    return Image.open(io.BytesIO(page.screenshot())).convert("RGB")


def keep(name: str, picture: Image.Image) -> None:
    """In the guide's folder, as small as it stays readable: a page with its pictures goes to phones."""
    picture.thumbnail((WIDEST, picture.height), Image.Resampling.LANCZOS)
    picture.save(GUIDE / f"{name}.webp", quality=50, method=6)


def keep_for_readme(name: str, picture: Image.Image) -> None:
    few = picture.quantize(64, dither=Image.Dither.NONE)
    few.save(README / f"{name}.png", optimize=True)


def open_declaration(page: Page, year: str = "") -> None:
    """The page of the declaration of that year, else the newest."""
    page.goto("/deklarasi/")
    page.locator("tbody tr", has_text=year).first.locator("a.act").click()


def of_the_readme(browser: Browser, url: str, folder: Path) -> None:
    with visit(browser, url, "admin", 1280) as page:
        open_declaration(page)
        page.get_by_role("link", name="Buka matriks").click()
        keep_for_readme("matrix", look(page, 860))
        open_declaration(page, "2022")
        paper = page.request.get(page.url + "final.pdf")
        (folder / "final.pdf").write_bytes(paper.body())
    page_one = ["pdftoppm", "-r", "75", "-f", "1", "-l", "1", "-singlefile", "-png"]
    subprocess.run([*page_one, folder / "final.pdf", folder / "declaration"], check=True)
    keep_for_readme("declaration", Image.open(folder / "declaration.png").convert("RGB"))


def of_the_signer(browser: Browser, url: str) -> None:
    with visit(browser, url, "pejabat12", PHONE) as page:
        keep("signer-returned", look(page, 600, at=".page-head"))
    with visit(browser, url, "pejabat02", PHONE) as page:
        keep("signer-tasks", look(page, 520, at=".page-head"))
        page.get_by_role("link", name="Baca dan tanda tangani").first.click()
        page.set_viewport_size({"width": PHONE, "height": 720})
        draw(page)
        page.check("#consent")
        keep("signer-pad", look(page, 720, at="fieldset.method"))
        page.get_by_role("button", name="Tanda tangani", exact=True).click()
        page.wait_for_url("**/bukti/**")
        keep("signer-receipt", look(page, 520, at=".verdict"))


def draw(page: Page) -> None:
    page.locator("#pad canvas").scroll_into_view_if_needed()
    box = page.locator("#pad canvas").bounding_box() or {"x": 0, "y": 0}
    at = [(box["x"] + x, box["y"] + y) for x, y in STROKE]
    page.mouse.move(*at[0])
    page.mouse.down()
    for x, y in at[1:]:
        page.mouse.move(x, y, steps=8)
    page.mouse.up()


def of_the_office(browser: Browser, url: str) -> None:
    with visit(browser, url, "operator", PHONE) as page:
        page.goto("/kantor/")
        keep("operator-office", look(page, 640, at=".page-head"))


def of_the_reviewer(browser: Browser, url: str) -> None:
    with visit(browser, url, "peninjau", DESKTOP) as page:
        page.goto("/pemeriksaan/")
        keep("reviewer-queue", look(page, 560))
        page.get_by_role("link", name="Mulai memeriksa").click()
        keep("reviewer-review", look(page, 720))


def of_the_administrator(browser: Browser, url: str) -> None:
    with visit(browser, url, "admin", DESKTOP) as page:
        open_declaration(page)
        keep("admin-declaration", look(page, 620))
        page.get_by_role("link", name="Buka matriks").click()
        page.get_by_role("link", name="Ingatkan").click()
        keep("admin-remind", look(page, 560))
        page.goto("/admin/agencies/position/")
        page.locator("#result_list .field-title a").first.click()
        page.get_by_role("link", name="Ganti pemegang jabatan").click()
        keep("admin-holder", look(page, 560))


def of_the_monitor(browser: Browser, url: str) -> None:
    with visit(browser, url, "pemantau", DESKTOP) as page:
        open_declaration(page)
        page.get_by_role("link", name="Buka matriks").click()
        keep("monitor-matrix", look(page, 620))
        open_declaration(page, "2022")
        page.get_by_role("link", name="Cetak").click()
        keep("monitor-print", look(page, 620))


if __name__ == "__main__":
    sys.exit(main())
