"""The frame around every page: headers, navigation, refused input, error pages, health."""

import io
import logging
import re
from datetime import timedelta

import pytest
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import connections
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.urls import path, reverse

from agencies.models import Tenure
from commitments import dates
from pug_bekasi.context_processors import navigation
from pug_bekasi.logs import LineFormatter
from tests.client import Client
from tests.factories import make_membership, make_official, make_signature, make_tenure, make_user

pytestmark = pytest.mark.django_db
LOGIN = "/akun/masuk/"
PUBLIC = ["/", LOGIN, "/akun/kata-sandi/lupa/", "/sehat/", "/tidak-ada/", "/?q=%00"]


# --- Headers


@pytest.mark.parametrize("path", PUBLIC)
def test_every_answer_has_the_strict_policy(client, path):
    headers = client.get(path).headers
    policy = dict(part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";"))
    assert policy == {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self'",
        "font-src": "'self'",
        "connect-src": "'self'",
        "manifest-src": "'self'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
        "base-uri": "'none'",
        "object-src": "'none'",
    }
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    assert "no-store" in headers["Cache-Control"]


@pytest.mark.parametrize("path", ["/", LOGIN, "/akun/kata-sandi/lupa/"])
def test_no_page_asks_another_host_or_holds_inline_code(client, path):
    text = client.get(path).text
    assert re.findall(r'(?:src|href|action)="(?:https?:)?//[^"]*', text) == []
    assert re.findall(r"<style|<script(?![^>]*\bsrc=)|\sstyle=|\son[a-z]+=", text) == []


# --- Navigation


def labels(user) -> list[str]:
    request = RequestFactory().get("/")
    request.user = user
    return [entry["label"] for entry in navigation(request)]


def test_navigation_by_role(client):
    operator = make_membership().user
    assert labels(make_user()) == ["Deklarasi", "Kecamatan"]
    assert labels(operator) == ["Deklarasi", "Kantor saya", "Tindak lanjut", "Kecamatan"]
    assert labels(make_user("monitor")) == ["Deklarasi", "Tindak lanjut", "Kecamatan"]
    assert labels(make_user("reviewer")) == ["Pemeriksaan", "Deklarasi", "Tindak lanjut", "Kecamatan"]
    assert labels(make_user("admin")) == [
        "Pemeriksaan",
        "Deklarasi",
        "Tindak lanjut",
        "Kecamatan",
        "Data induk",
    ]


def test_tasks_are_in_the_navigation_of_whoever_holds_a_post_or_has_signed():
    assert labels(make_tenure().official.user) == ["Tugas", "Deklarasi", "Kecamatan"]
    signature = make_signature()
    never_signed = make_tenure().official.user
    Tenure.objects.update(ends_on=dates.today() - timedelta(days=1))
    assert labels(signature.user) == ["Tugas", "Deklarasi", "Kecamatan"]
    assert labels(never_signed) == ["Deklarasi", "Kecamatan"]


def test_navigation_counts_what_waits_for_review(client):
    make_signature(state="accepted")
    make_signature()
    client.force_login(make_user("reviewer"))
    page = client.get(reverse("commitments:review_queue")).text
    assert re.search(r'Pemeriksaan <span class="count" id="review-count">1<', page)
    assert len(re.findall(r'aria-current="page"', page)) == 1


@pytest.mark.parametrize(
    ("path", "label"),
    [
        ("/tugas/", "Tugas"),
        ("/tanda-tangan/7/", "Tugas"),
        ("/bukti/7/", "Tugas"),
        ("/pemeriksaan/7/", "Pemeriksaan"),
        ("/deklarasi/7/matriks/", "Deklarasi"),
        ("/kop/baru/", "Deklarasi"),
        ("/kecamatan/32.75.01/", "Kecamatan"),
        ("/akun/kata-sandi/", None),
        ("/tidak-ada/", None),
    ],
)
def test_navigation_marks_the_section_of_a_page(path, label):
    request = RequestFactory().get(path)
    request.user = make_tenure(official=make_official(user=make_user("admin"))).official.user
    current = [entry["label"] for entry in navigation(request) if entry["current"]]
    assert current == ([label] if label else [])


def test_navigation_of_visitors_marks_the_page(client):
    page = client.get(LOGIN).text
    assert re.findall(r"<li><a href=\"([^\"]+)\"( aria-current=\"page\")?", page) == [
        ("/", ""),
        (reverse("commitments:verify"), ""),
        (LOGIN, ' aria-current="page"'),
    ]


def test_the_account_menu_names_the_user_and_logs_out_by_post(client):
    client.force_login(make_user(first_name="Nama", last_name="Pejabat <b>"))
    page = client.get(reverse("commitments:tasks")).text
    assert "Nama Pejabat &lt;b&gt;" in page
    assert '<form method="post" action="/akun/keluar/">' in page


@pytest.mark.parametrize("path", ["/", LOGIN, "/tidak-ada/", "/?q=%00"])
def test_the_demo_says_so_on_every_page(client, settings, path):
    assert "DATA CONTOH" not in client.get(path).text
    settings.DEMO = True
    assert "DATA CONTOH" in client.get(path).text


def test_the_admin_wears_our_frame(client, settings):
    settings.DEMO = True
    client.force_login(make_user("admin"))
    page = client.get("/admin/").text
    assert "DATA CONTOH" in page
    assert '<form id="logout-form" method="post" action="/akun/keluar/">' in page
    assert re.findall(r"<style|<script(?![^>]*\bsrc=)|\sstyle=|\son[a-z]+=", page) == []


def test_browsers_find_the_icon_where_no_page_names_it(client):
    assert client.get("/favicon.ico")["Location"] == "/static/favicon.svg"


# --- Messages


def test_messages_are_escaped_and_may_replace_themselves_under_htmx():
    told = [messages.storage.base.Message(messages.ERROR, "<b>Sudah diubah pengguna lain.</b>")]
    page = render_to_string("_messages.html", {"messages": told})
    assert "&lt;b&gt;Sudah diubah" in page
    assert "note-declined" in page
    assert "hx-swap-oob" not in page
    assert 'hx-swap-oob="true"' in render_to_string("_messages.html", {"messages": [], "out_of_band": True})


# --- An ended session


def test_htmx_after_an_ended_session_goes_to_the_login_as_a_whole_page(client):
    here = {"HX-Request": "true", "HX-Current-URL": "http://testserver/pemeriksaan/?halaman=2&urut=waktu"}
    response = client.post(reverse("commitments:tasks"), headers=here)
    assert response.status_code == 200
    assert response["HX-Redirect"] == f"{LOGIN}?next=%2Fpemeriksaan%2F%3Fhalaman%3D2%26urut%3Dwaktu"


@pytest.mark.parametrize("address", ["http://jahat.example/x", "http://[", "", "//testserver"])
def test_htmx_with_a_strange_address_comes_back_to_the_landing_page(client, address):
    response = client.get(
        reverse("commitments:tasks"), headers={"HX-Request": "true", "HX-Current-URL": address}
    )
    assert response["HX-Redirect"] == f"{LOGIN}?next=%2F"


def test_a_form_sent_after_an_ended_session_leads_back_to_its_page(client):
    response = client.post(
        reverse("commitments:tasks"), headers={"Referer": "http://testserver/deklarasi/1/"}
    )
    assert response["Location"] == f"{LOGIN}?next=%2Fdeklarasi%2F1%2F"


# --- C71: input that cannot be read


@pytest.mark.parametrize(
    "character", ["%00", "%01", "%0B", "%1F", "%7F", "%C2%85", "%FF", "%0A", "%EF%BF%BF"]
)
@pytest.mark.parametrize("query", ["q={}", "{}=1", "next=%2Ftugas%2F{}", "a=1&a={}"])
def test_c71_a_control_character_in_a_query_is_refused(client, query, character):
    response = client.get(f"{LOGIN}?{query.format(character)}")
    assert response.status_code == 400
    assert "Ada karakter yang tidak dapat diterima" in response.text


@pytest.mark.parametrize("path", ["/v/%00", "/tidak-ada%0A/", "/kecamatan/%01/"])
def test_c71_a_control_character_in_a_path_is_refused(client, path):
    assert client.get(path).status_code == 400


@pytest.mark.parametrize("value", [b"\0", b"a\x08b", b"\x0b", b"\x7f", b"\xc2\x9f", b"\xff\xfe"])
def test_c71_a_control_character_in_a_form_is_refused(client, value):
    urlencoded = "login=" + "".join(f"%{byte:02x}" for byte in value)
    multipart = b'--x\r\nContent-Disposition: form-data; name="login"\r\n\r\n' + value + b"\r\n--x--\r\n"
    for body, kind in [
        (urlencoded, "application/x-www-form-urlencoded"),
        (multipart, "multipart/form-data; boundary=x"),
    ]:
        assert client.post(LOGIN, body, content_type=kind).status_code == 400
    readable = multipart.replace(value, b"nama")
    assert client.post(LOGIN, readable, content_type="multipart/form-data; boundary=x").status_code == 422


def test_c71_a_control_character_in_the_name_of_a_field_is_refused(client):
    body = "lo%00gin=x&password=y"
    assert client.post(LOGIN, body, content_type="application/x-www-form-urlencoded").status_code == 400


def test_c71_a_field_may_hold_lines_tabs_and_every_script(client):
    for text in ("baris satu\r\nbaris dua\tlagi", "é ꦥꦸꦒ عربي 🙂"):
        assert client.post(LOGIN, {"login": text, "password": "x"}).status_code == 422


def test_c71_over_long_input_is_refused(client, settings):
    assert client.get(f"{LOGIN}?q={'a' * 3900}").status_code == 200
    assert client.get(f"{LOGIN}?q={'a' * 4100}").status_code == 400
    settings.DEMO = True
    refused = client.post(LOGIN, {"login": "a" * settings.DATA_UPLOAD_MAX_MEMORY_SIZE})
    assert refused.status_code == 400
    assert "DATA CONTOH" in refused.text
    assert client.post(LOGIN, {f"f{number}": "x" for number in range(1200)}).status_code == 400


@pytest.mark.parametrize("body", [b"", b"--x\r\nContent-Disposition: form-data", b"\0\0\0"])
def test_c71_a_broken_multipart_body_is_refused(client, body):
    response = client.post(LOGIN, body, content_type="multipart/form-data; boundary=x")
    assert response.status_code in {400, 422}


# --- Error pages


@pytest.mark.parametrize("logged_in", [False, True])
def test_a_missing_page_says_what_to_do(client, logged_in):
    if logged_in:
        client.force_login(make_user())
    response = client.get("/tidak-ada/")
    assert response.status_code == 404
    assert "<h1>Halaman tidak ditemukan</h1>" in response.text
    assert "mulai lagi dari beranda" in response.text
    assert ("Keluar" in response.text) is logged_in


def test_the_admin_is_forbidden_to_others_with_a_sentence(client):
    client.force_login(make_user())
    response = client.get("/admin/login/")
    assert response.status_code == 403
    assert "Akun Anda tidak berwenang untuk tindakan ini" in response.text


def test_a_wrong_method_gets_a_page(client):
    response = client.post("/sehat/")
    assert (response.status_code, response["Allow"]) == (405, "GET, HEAD")
    assert "Kembali ke halaman sebelumnya" in response.text


@login_not_required
def fail(request):
    raise RuntimeError("NIP 197001011995032001 sudah ada")


urlpatterns = [path("gagal/", fail), path("masuk/", fail, name="account_login")]


@pytest.mark.urls(__name__)
def test_the_page_of_a_failure_needs_nothing_and_tells_nothing():
    response = Client(raise_request_exception=False).get("/gagal/")
    assert response.status_code == 500
    assert "Ada gangguan pada sistem" in response.text
    assert "1970" not in response.text


# --- Health


def test_health_is_plain_and_public(client, django_assert_num_queries):
    with django_assert_num_queries(1):  # SELECT 1
        response = client.get("/sehat/")
    assert (response.status_code, response.text) == (200, "sehat\n")
    client.cookies["sessionid"] = "x"  # a balancer may pass a cookie on; no session is looked up
    with django_assert_num_queries(1):
        client.get("/sehat/")


def test_health_tells_when_the_database_is_away(client, monkeypatch):
    def away():
        raise database.Database.OperationalError("could not connect to user=rahasia")

    database = connections["default"]
    with monkeypatch.context() as patch:
        patch.setattr(database, "connection", None)
        patch.setattr(database, "connect", away)
        response = client.get("/sehat/")
    assert response.status_code == 503
    assert response.text == "basis data tidak menjawab\n"


# --- Logs


def test_a_log_line_holds_no_number_and_no_token():
    link = "/akun/kata-sandi/baru/1-cq1abc-0123456789abcdef0123456789abcdef/"
    record = logging.LogRecord(
        "django", logging.WARNING, "", 0, "%s\n197001011995032001 %s", (link, 42), None
    )
    line = LineFormatter().format(record)
    assert re.fullmatch(r"\S+ WARNING django: /akun/kata-sandi/baru/…/\\n… 42", line)


@pytest.fixture
def written():
    """What stands in the log of the server: Django's own logger, as the settings write it."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(LineFormatter())
    logger = logging.getLogger("django")
    logger.addHandler(handler)
    yield lambda: stream.getvalue().splitlines()
    logger.removeHandler(handler)


@pytest.mark.parametrize(
    ("path", "headers", "said"),
    [
        ("/tidak-ada/?q=Nama+Pejabat", {}, "Not Found: /tidak-ada/"),
        ("/deklarasi/0/?q=Nama+Pejabat", {}, "Not Found: /deklarasi/0/"),
        ("/deklarasi/0/riwayat/?q=Nama+Pejabat", {}, "Forbidden (Permission denied): /deklarasi/0/riwayat/"),
        ("/?q=Nama+Pejabat", {"host": "lain.example"}, "Invalid HTTP_HOST header: 'lain.example'"),
    ],
)
def test_a_refused_request_is_one_line_without_its_query(client, written, path, headers, said):
    client.force_login(make_user())
    assert client.get(path, headers=headers).status_code in {400, 403, 404}
    (line,) = written()
    assert said in line
    assert "Nama" not in line


def test_the_address_a_refused_form_came_from_is_logged_without_its_query(written):
    client = Client(enforce_csrf_checks=True)
    headers = {"referer": "https://lain.example/?q=Nama+Pejabat"}
    assert client.post(LOGIN, {"login": "Nama"}, secure=True, headers=headers).status_code == 403
    (line,) = written()
    assert "https://lain.example/?…" in line
    assert "Nama" not in line


@pytest.mark.urls(__name__)
def test_only_a_fault_of_ours_is_followed_by_its_traceback(written):
    Client(raise_request_exception=False).get("/gagal/?q=Nama")
    first, *traceback = written()
    assert first.endswith("ERROR django.request: Internal Server Error: /gagal/")
    assert traceback[0] == "    Traceback (most recent call last):"
    assert "Nama" not in "".join(traceback)


def test_a_logged_traceback_holds_no_values_of_a_row():
    try:
        raise ValueError(
            "duplicate key\nDETAIL:  Key (name)=(Nama Pejabat) already exists.\nnip 197001011995032001"
        )
    except ValueError as error:
        info = (ValueError, error, error.__traceback__)
    line = LineFormatter().format(logging.LogRecord("x", logging.ERROR, "", 0, "gagal", (), info))
    assert "duplicate key" in line
    assert "Nama Pejabat" not in line.split("Traceback")[1].rsplit("ValueError:")[-1]
    assert "1970" not in line.rsplit("ValueError:")[-1]
    assert all(part.startswith("    ") for part in line.splitlines()[1:])
