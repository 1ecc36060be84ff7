"""The demo: real offices, plainly invented people, and never a mix with real data."""

import io
import json
import os
import re
import subprocess
import sys

import pytest
from django.core import mail
from django.core.management import call_command
from django.core.management.base import CommandError

from agencies import nip, reference
from agencies.models import Official, User
from commitments import chain, dates, outbox
from commitments.management import sample_logins
from commitments.management.sample_strokes import sample_drawing
from commitments.models import Declaration, OutgoingMail
from commitments.signing.marks import parse_drawing
from tests.client import Client
from tests.factories import make_declaration, make_official, make_user

pytestmark = pytest.mark.django_db


def run(command, *arguments):
    out = io.StringIO()
    call_command(command, *arguments, stdout=out)
    return out.getvalue()


@pytest.mark.postgresql  # it prints a paper; once is enough
def test_the_demo_shows_one_open_and_one_closed_declaration():
    reference.load()
    run("demo")
    past, now = Declaration.objects.order_by("year")

    assert (past.year, past.state, past.documents.count()) == (2022, "closed", 1)
    assert "naskah usulan" in past.note
    assert (now.year, now.state) == (dates.today().year, "open")
    states = list(now.signatories.values_list("state", flat=True))
    assert len(states) == 50
    assert states.count("returned") == 2
    assert states.count("signed") + states.count("accepted") == 25
    assert {declaration.is_sample for declaration in (past, now)} == {True}
    assert chain.verify(past) + chain.verify(now) == []
    assert outbox.send_due() == (0, 0)  # so the terminal shows the logins, and then only mail caused since
    assert mail.outbox == []
    assert not OutgoingMail.objects.exclude(state="sent").exists()
    assert all("Contoh" in official.name and official.is_sample for official in Official.objects.all())
    assert all(
        nip.parse(official.nip, today=dates.today()).sex == official.sex
        for official in Official.objects.all()
    )

    make_official()  # typed in or imported through the admin: it stays a demo
    make_user(username="nama.baru")
    assert "sudah ada" in run("demo")
    logins = json.loads(run("demo_logins", "--json"))
    assert len(logins) >= 6
    for login in logins:
        assert User.objects.get(username=login["username"]).check_password(login["password"])
    second = {login["username"]: login["totp_secret"] for login in logins if "totp_secret" in login}
    assert sorted(second) == ["admin", "peninjau"]
    told = re.findall(r"kode (\d{6}), atau untuk aplikasi: (\w{32})", run("demo_logins"))
    assert [secret for _code, secret in told] == list(second.values())
    assert [code for code, _secret in told] == [sample_logins.code_of(secret) for secret in second.values()]
    client = Client()
    client.post("/akun/masuk/", {"login": "admin", "password": logins[0]["password"]})
    client.post("/akun/masuk/langkah-kedua/", {"code": sample_logins.code_of(second["admin"])})
    assert client.get("/admin/").status_code == 200


def make_administrator():
    make_user("admin", username="admin")


@pytest.mark.parametrize("make", [make_official, make_declaration, make_user, make_administrator])
def test_the_demo_refuses_a_database_with_real_data(make):
    make()
    with pytest.raises(CommandError, match="data sungguhan"):
        run("demo")
    assert not Declaration.objects.filter(is_sample=True).exists()


def test_a_demo_to_which_real_looking_data_was_added_starts_again():
    make_declaration(is_sample=True)
    Official.objects.update(is_sample=True)
    make_official()
    make_user(username="nama.baru")
    assert "sudah ada" in run("demo")


def test_make_demo_says_in_one_sentence_why_it_refuses(tmp_path):
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    environment |= {"DATA_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "pug_bekasi.settings"}
    begin = (
        "import os, sys; sys.path.insert(0, '.'); from tools import demo; os.environ |= demo.ENVIRONMENT;"
        "import django; django.setup(); from django.core.management import call_command;"
        "call_command('migrate', verbosity=0); from agencies.models import User;"
        "User.objects.create_user('nama.sungguhan'); demo.make_seal_key = lambda: None; demo.prepare()"
    )
    answer = subprocess.run([sys.executable, "-c", begin], env=environment, capture_output=True, text=True)
    assert answer.returncode == 1
    assert "hapus DATA_DIR" in answer.stderr
    assert "Traceback" not in answer.stderr


@pytest.mark.parametrize("seed", [1, 7, 30])
def test_a_sample_drawing_would_be_taken_from_a_browser_too(seed):
    drawing = sample_drawing(seed)
    sent = {
        "width": drawing["width"],
        "height": drawing["height"],
        "strokes": [
            [[x / 100, y / 100, t, p / 1000] for x, y, t, p in stroke] for stroke in drawing["strokes"]
        ],
    }
    assert parse_drawing(json.dumps(sent))["strokes"] == drawing["strokes"]
