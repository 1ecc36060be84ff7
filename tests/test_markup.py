"""The HTML of every page in every state, as the Nu Html Checker reads it: no error, no warning."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.client import Client
from tests.logins import enter
from tests.page_scenes import SCENES, Scene
from tests.page_table import NO_PAGE, PAGES, Look, all_names, with_admin_ids

JAR = Path(__file__).resolve().parents[1] / "node_modules/vnu-jar/build/dist/vnu.jar"


def test_every_address_is_in_the_table_of_pages():
    looked_at = {look.name for look in PAGES} - {""}
    assert looked_at | set(NO_PAGE) == all_names()
    assert looked_at & set(NO_PAGE) == set()


def answer(client: Client, look: Look, scene: Scene) -> Any:
    """The page as the browser would get it."""
    url = look.url(scene)
    if look.file:
        client.get(url)
        token = client.cookies["csrftoken"].value
        file = SimpleUploadedFile("naskah.pdf", scene.files[look.file], "application/pdf")
        return client.post(url, {"csrfmiddlewaretoken": token, "file": file}, follow=True)
    if look.sent is None:
        return client.get(url, follow=True)
    sent = dict(look.sent)
    if look.token:
        client.get(look.held_at(scene))
        sent["csrfmiddlewaretoken"] = client.cookies["csrftoken"].value
    return [client.post(url, sent, follow=True) for _ in range(look.times)][-1]


@pytest.mark.postgresql  # the same pages on any database; once is enough
@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(SCENES))
def test_vnu_finds_no_fault_on_any_page(name, tmp_path, settings):
    settings.ROOT_URLCONF = "tests.page_urls"
    scene = with_admin_ids(SCENES[name]())
    looks = [look for look in PAGES if look.scene == name]
    complaints = []
    for number, look in enumerate(looks):
        client = Client(enforce_csrf_checks=True, raise_request_exception=False)
        enter(client, scene.people[look.who])
        page = answer(client, look, scene)
        if page.status_code != look.status:
            complaints.append(f"{look}: answers {page.status_code} in place of {look.status}")
        (tmp_path / f"{number}.html").write_text(page.text)
    complaints += [f"{looks[number]}: {fault}" for number, fault in faults_in(tmp_path)]
    assert not complaints, "\n".join(complaints)


def faults_in(folder: Path) -> list[tuple[int, str]]:
    """What the checker says, errors and warnings, with the number of the file."""
    java = shutil.which("java")
    assert java, (
        "Java is missing, so no page was checked. It is in tools/system-packages.txt: run `make setup`."
    )
    assert JAR.exists(), "The checker of HTML is missing, so no page was checked. Run `make setup`."
    pages = sorted(folder.glob("*.html"))
    command: list[str | Path] = [java, "-jar", JAR, "--format", "json", "--exit-zero-always", *pages]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    found = json.loads(ran.stderr)["messages"]
    return [
        (int(Path(fault["url"]).stem), f"{fault['message']} {fault.get('extract', '')!r}") for fault in found
    ]
