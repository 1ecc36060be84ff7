"""Every page of the table in Chromium: at three widths nothing is cut and nothing scrolls sideways, on a phone axe
finds nothing (WCAG 2.2 A and AA), the console stays silent, and the address answers as the table says."""

import pytest
from django.conf import settings as django_settings

from tests.browser.conftest import Watched, aside
from tests.browser.looking import CUT, SEND
from tests.client import Client
from tests.logins import enter
from tests.page_scenes import SCENES, Scene
from tests.page_table import (
    ADMIN,
    EMPTY,
    FOLLOW_UP,
    NO_SEAL,
    PAGES,
    PREPARE,
    PROVING,
    PUBLIC,
    SECURITY,
    SIGNER,
    STAFF,
    Look,
    with_admin_ids,
)

pytestmark = [pytest.mark.django_db(transaction=True)]
NARROW, MIDDLE, WIDE = 360, 820, 1366
GROUPS = {
    "empty": EMPTY,
    "no seal": NO_SEAL,
    # The large city is built twice, once for each of two workers.
    "outside the office": [*PUBLIC, *SIGNER, *STAFF, *SECURITY, *FOLLOW_UP],
    "in the office": [*PREPARE, *PROVING, *ADMIN],
}


def test_no_page_of_the_table_is_left_out():
    looked_at = [look for looks in GROUPS.values() for look in looks]
    assert [look for look in PAGES if look not in looked_at] == []


@pytest.fixture
def people_in(browser, live_server, settings):
    """people_in(scene)(who): that person's page, logged in; one context a person."""
    settings.SITE_URL = live_server.url
    settings.ROOT_URLCONF = "tests.page_urls"
    contexts = {}

    def open_scene(scene: Scene):
        def page_of(who: str) -> Watched:
            if who not in contexts:
                contexts[who] = browser.new_context(locale="id-ID", timezone_id="Asia/Jakarta")
                contexts[who].watched = Watched(contexts[who].new_page(), live_server.url)
                _login(contexts[who], scene.people[who], live_server.url)
            return contexts[who].watched

        return page_of

    yield open_scene
    for context in contexts.values():
        context.close()


def _login(context, user, base: str) -> None:
    if user is None:
        return
    client = Client()
    enter(client, user)
    name = django_settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": base}])


def open_look(watched: Watched, look: Look, scene: Scene) -> list[str]:
    page = watched.page
    watched.expected = {look.status}
    if look.sent is None:
        answer = page.goto(watched.base + look.url(scene))
    if look.file:
        answer = send_file(page, scene.files[look.file])
    for _ in range(look.times if look.sent is not None else 0):
        page.goto(watched.base + look.held_at(scene))
        with page.expect_navigation() as navigation:
            page.evaluate(SEND, {"url": look.url(scene), "fields": look.sent, "token": look.token})
        answer = navigation.value
    page.wait_for_load_state("load")
    return [] if answer.status == look.status else [f"answers {answer.status}"]


def send_file(page, content: bytes):
    page.set_input_files(
        "main input[type=file]", {"name": "naskah.pdf", "mimeType": "application/pdf", "buffer": content}
    )
    with page.expect_navigation() as navigation:
        page.click("main button[type=submit]")
    return navigation.value


def faults_of(watched: Watched, look: Look, scene: Scene) -> list[str]:
    watched.complaints.clear()
    page = watched.page
    page.set_viewport_size({"width": NARROW, "height": 800})
    faults = open_look(watched, look, scene)
    for width in (NARROW, MIDDLE, WIDE):
        page.set_viewport_size({"width": width, "height": 800})
        faults += [f"{width} px: {fault}" for fault in page.evaluate(CUT)]
        if width == NARROW:
            watched.check()
    return [f"{look}: {fault}" for fault in dict.fromkeys([*faults, *watched.complaints])]


@pytest.mark.parametrize("group", sorted(GROUPS))
def test_every_page_in_every_state_at_three_widths(people_in, group):
    looks = GROUPS[group]
    scene = aside(lambda: with_admin_ids(SCENES[looks[0].scene]()))
    page_of = people_in(scene)
    faults = [fault for look in looks for fault in faults_of(page_of(look.who), look, scene)]
    assert not faults, "\n".join(faults)
