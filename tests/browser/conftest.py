"""Journeys in Debian's Chromium. Every page of every journey is watched: no console error, no violation of the content
security policy, no request to another host, no failed request, and no finding of axe."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import override_settings
from playwright.sync_api import Page, sync_playwright

from pug_bekasi.identity import factors
from tests.factories import PASSWORD, current_code, make_totp

# Playwright's loop runs in this thread, where the tests also use the ORM.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
PLAIN = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
CHROMIUM = "/usr/bin/chromium"
# As root there is no sandbox; the rest keeps the browser from looking for its maker.
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
AXE = Path(__file__).resolve().parents[2] / "node_modules/axe-core/axe.min.js"
AXE_SOURCE = AXE.read_text()
PHONE = {
    "viewport": {"width": 390, "height": 844},
    "has_touch": True,
    "is_mobile": True,
    "device_scale_factor": 2,
}
DESKTOP = {"viewport": {"width": 1366, "height": 900}}


def aside(call: Callable):
    """What `call` returns, from a thread of its own: a sealer wants its own event loop, and Playwright's runs here."""

    def work():
        try:
            return call()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(work).result()


@pytest.fixture(scope="session")
def browser():
    with sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def collected_static(tmp_path_factory, django_db_setup):
    """Every static file once, by its plain name, for the live server to serve."""
    folder = tmp_path_factory.mktemp("static")
    with override_settings(STATIC_ROOT=folder, STORAGES=settings.STORAGES | PLAIN):
        call_command("collectstatic", interactive=False, verbosity=0)
    return folder


@pytest.fixture(autouse=True)
def served_static(settings, collected_static):
    settings.STATIC_ROOT = collected_static


def app_of(user) -> Authenticator | None:
    has = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).first()
    return has or (make_totp(user) if factors.is_required(user) else None)


class Watched:
    """A page, and everything about it that must not happen."""

    def __init__(self, page: Page, base: str):
        self.page, self.base = page, base
        self.complaints: list[str] = []
        self.expected = {422}  # answers of ours that Chromium reports as errors; the journey looks at them
        page.on("console", self._console)
        page.on("pageerror", lambda error: self._complain("script", str(error)))
        page.on("request", self._request)

    def _complain(self, kind: str, text: str) -> None:
        self.complaints.append(f"{kind}: {text} ({self.page.url})")

    def _console(self, said) -> None:
        known = any(f"status of {status}" in said.text for status in self.expected)
        if said.type == "error" and not known:
            self._complain(said.type, said.text)

    def _request(self, request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in {"http", "https"} and parts.netloc != urlsplit(self.base).netloc:
            self._complain("another host", request.url)

    def go(self, path: str) -> None:
        self.page.goto(self.base + path)

    def login(self, user) -> None:
        """With the second step where the role asks for it; whoever has no app yet is given one before."""
        self.go("/akun/masuk/")
        self.page.fill("input[name=login]", user.username)
        self.page.fill("input[name=password]", PASSWORD)
        factor = app_of(user)
        self.page.click("button:text-is('Masuk')")
        if factor:
            self.page.fill("input[name=code]", current_code(factor))
            self.page.click("text=Lanjutkan")
            self.page.wait_for_url(lambda url: "/akun/masuk/" not in url)

    def check(self) -> None:
        """Axe on the page as it stands (WCAG 2.2 A and AA)."""
        if not self.page.evaluate("typeof axe !== 'undefined'"):
            self.page.evaluate(AXE_SOURCE)
        tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
        # preload would copy style sheets into the page, which the policy refuses; no rule of these needs it.
        options = {"runOnly": tags, "preload": False, "resultTypes": ["violations"]}
        found = self.page.evaluate("(options) => axe.run(options).then(result => result.violations)", options)
        for violation in found:
            nodes = "; ".join(node["html"][:120] for node in violation["nodes"][:3])
            self._complain("axe", f"{violation['id']}: {violation['help']}: {nodes}")


@pytest.fixture
def visit(browser, live_server, settings):
    """visit(PHONE) or visit(DESKTOP): a watched page in a browser of its own; a complaint fails the test."""
    settings.SITE_URL = live_server.url
    contexts, pages = [], []

    def open_page(device: dict) -> Watched:
        context = browser.new_context(locale="id-ID", timezone_id="Asia/Jakarta", **device)
        contexts.append(context)
        pages.append(Watched(context.new_page(), live_server.url))
        pages[-1].page.set_default_timeout(15_000)
        return pages[-1]

    yield open_page
    for context in contexts:
        context.close()
    assert [complaint for page in pages for complaint in page.complaints] == []
