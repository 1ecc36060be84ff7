"""Nothing that opens a door, and no person, reaches a line of the log, however a request fails."""

import io
import json
import logging
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import path, reverse

from agencies.models import Official
from commitments import one_time, outbox
from commitments.inviting import verbs as inviting
from commitments.models import Signatory
from commitments.states import CodePurpose
from pug_bekasi.logs import LineFormatter, without_secrets
from pug_bekasi.urls import urlpatterns as product
from tests.factories import STROKES, make_declaration, make_official, make_tenure, make_user

pytestmark = pytest.mark.django_db
NIP = "197001011995032001"
SECRET = "k3-_Zq9xWv7TtLpR2mNc4YbHd8FgJs6Aa1Ee5Uu0Oo"
KEY = "1-cq1abc-0123456789abcdef0123456789abcdef"
CODE = "493817"
PHONE, ADDRESS = "081234567890", "pejabat.contoh@contoh.example"
DRAWING = json.dumps(STROKES)
POINTS = "[6000, 15000, 0, 500]"
PRIVATE = {
    "secret": SECRET,
    "code": CODE,
    "nip": NIP,
    "phone": PHONE,
    "email": ADDRESS,
    "drawing": DRAWING,
    "key": KEY,
}


@login_not_required
def fails(request, rest):
    """A fault of ours that repeats all it was given, as careless code would."""
    raise ValueError(f"{request.POST.dict()} {json.dumps(request.POST.dict())} at {request.get_full_path()}")


urlpatterns = [path("gagal/<path:rest>", fails), *product]


@pytest.fixture
def written():
    """All that any logger writes, in the form that the settings give it."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(LineFormatter())
    loggers = [logging.getLogger(), logging.getLogger("django")]  # the second hands nothing on to the first
    for logger in loggers:
        logger.addHandler(handler)
    yield stream.getvalue
    for logger in loggers:
        logger.removeHandler(handler)


def leaks(text: str) -> list[str]:
    """Which private value stands in the text, whole or in its telling part."""
    parts = {**PRIVATE, "drawing": POINTS, "packed": POINTS.replace(" ", ""), "key": KEY.partition("-")[2]}
    return [name for name, value in parts.items() if value in text]


FORMS = ["/akun/masuk/", "/akun/kata-sandi/lupa/", "/ttd/", "/periksa/", f"/akun/kata-sandi/baru/{KEY}/"]


@pytest.mark.parametrize("address", FORMS)
@pytest.mark.parametrize("checked", [True, False])
def test_c09_a_refused_form_writes_nothing_private(written, address, checked):
    """With and without the token against forgery, from the page that holds the key in its address."""
    client = Client(enforce_csrf_checks=checked)
    referer = f"http://testserver/akun/kata-sandi/baru/{KEY}/?nip={NIP}"
    answer = client.post(address, PRIVATE, headers={"referer": referer, "user-agent": SECRET})
    assert answer.status_code < 500
    assert leaks(written()) == []


@pytest.mark.parametrize("method", ["get", "post", "put", "delete", "options"])
@pytest.mark.parametrize(
    "address",
    [
        f"/akun/kata-sandi/baru/{KEY}/",
        f"/akun/kata-sandi/baru/{KEY}",
        f"/akun/kata-sandi/baru/{KEY}/%00",
        f"/tidak-ada/{SECRET}/{NIP}/{ADDRESS}/",
        f"/deklarasi/{NIP}/",
        f"/v/{CODE}/?nip={NIP}&code={CODE}&email={ADDRESS}",
        f"/?drawing={POINTS.replace(' ', '')}%00",
    ],
)
def test_c09_an_address_that_answers_4xx_is_logged_without_what_is_private(client, written, method, address):
    answer = getattr(client, method)(address)
    assert answer.status_code < 500
    assert leaks(written()) == []


@pytest.mark.urls(__name__)
@pytest.mark.parametrize("rest", [KEY, f"{SECRET}/{NIP}", f"x?nip={NIP}&email={ADDRESS}"])
def test_c09_a_fault_of_ours_that_repeats_its_input_is_logged_without_it(written, rest):
    answer = Client(raise_request_exception=False).post(f"/gagal/{rest}", PRIVATE)
    assert answer.status_code == 500
    told = written()
    assert "Internal Server Error: /gagal/" in told
    assert "    ValueError: " in told
    assert "in fails" in told  # where it happened is told
    assert leaks(told) == []


def test_c09_a_whole_signing_by_link_writes_nothing_private(client, written):
    official = make_official(email=ADDRESS, user=None, nip=NIP)
    position = make_tenure(official=official).position
    slot = make_declaration(positions=[position]).signatories.get()
    slot = Signatory.objects.select_related("declaration", "position__agency").get(pk=slot.pk)
    inviting.make_link(slot, by=make_user("admin"))
    outbox.send_due()
    client.post("/ttd/", {"secret": SECRET})
    code = one_time.issue(CodePurpose.LINK, "link:1")
    for page in ("door_code", "door_sign", "door_decline"):
        client.post(reverse(f"commitments:{page}"), {"code": code, "drawing": DRAWING, "typed_name": NIP})
    assert code not in written()
    assert leaks(written()) == []


def test_what_the_database_says_of_a_row_is_left_out(written):
    make_official(nip=NIP, name="Nama Pejabat")
    try:
        with transaction.atomic():
            Official.objects.create(nip=NIP, name="Nama Pejabat", sex="P")
    except IntegrityError:
        logging.getLogger("django.request").exception("gagal")
    assert leaks(written()) == []
    said = [line for line in written().splitlines() if "IntegrityError" in line]
    assert said
    assert not any("Nama Pejabat" in line for line in said), connection.vendor


def test_what_an_exception_says_is_cut_and_the_ones_before_it_are_cleaned_too():
    try:
        try:
            raise KeyError(SECRET)
        except KeyError as error:
            raise ValueError(f"{NIP} " + "kata " * 1000) from error
    except ValueError as error:
        info = (ValueError, error, error.__traceback__)
    told = LineFormatter().format(logging.LogRecord("x", logging.ERROR, "", 0, "gagal", (), info))
    assert leaks(told) == []
    assert "KeyError: '…'" in told
    assert "direct cause" in told
    assert told.count("kata ") < 150


@pytest.mark.parametrize(
    "harmless",
    ["Not Found: /deklarasi/12345/", "Forbidden (Permission denied): /pemeriksaan/7/", "5 surat, 2026-11-26"],
)
def test_what_helps_to_find_a_fault_stays(harmless):
    assert without_secrets(harmless) == harmless


def test_the_proxys_log_holds_no_query_no_referer_and_no_key_that_sets_a_password():
    text = (Path(settings.BASE_DIR) / "docs/operations.md").read_text()
    server = text.partition("```nginx")[2].partition("```")[0]
    (form,) = re.findall(r"log_format \w+ '([^']+)'", server)
    assert set(re.findall(r"\$\w+", form)) == {
        "$time_iso8601", "$remote_addr", "$request_method", "$uri", "$status", "$body_bytes_sent", "$request_time",
    }  # fmt: skip
    key = reverse("account_reset_password_from_key", kwargs={"uidb36": "1", "key": "x"})
    quiet = re.findall(r"location (\S+) \{[^}]*access_log off;[^}]*error_log /dev/null", server)
    assert [address for address in quiet if key.startswith(address)]


def test_the_proxy_speaks_no_old_tls():
    text = (Path(settings.BASE_DIR) / "docs/operations.md").read_text()
    assert re.findall(r"ssl_protocols ([^;]+);", text) == ["TLSv1.2 TLSv1.3"]
