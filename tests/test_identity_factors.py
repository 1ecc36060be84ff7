"""Verifikasi dua langkah: who must have it, how it is set up, and what a dump of the database is worth."""

import io
import json
import re
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth import get_user
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import RequestFactory
from django.urls import reverse

from agencies.models import User
from pug_bekasi.identity import factors, keys
from tests.client import Client
from tests.factories import PASSWORD, current_code, make_membership, make_tenure, make_totp, make_user

pytestmark = pytest.mark.django_db
LOGIN, STEP = "/akun/masuk/", "/akun/masuk/langkah-kedua/"
SECURITY, APP = "/akun/keamanan/", "/akun/keamanan/aplikasi/"


def log_in(client, user, **more):
    return client.post(LOGIN, {"login": user.username, "password": PASSWORD} | more)


def log_in_with_both(client, user, factor, *, later: int = 0):
    log_in(client, user)
    return client.post(STEP, {"code": current_code(factor, later=later)})


# --- Who must have one


def test_a_second_factor_is_asked_of_whoever_has_one(client):
    user = make_user()
    factor = make_totp(user)
    assert log_in(client, user, next="/kalender/")["Location"] == STEP
    assert not get_user(client).is_authenticated
    assert client.get("/tugas/")["Location"].startswith(LOGIN)
    assert client.post(STEP, {"code": "000000"}).status_code == 422
    done = client.post(STEP, {"code": current_code(factor)})
    assert done["Location"] == "/kalender/"
    assert get_user(client) == user


@pytest.mark.parametrize("role", ["admin", "reviewer"])
@pytest.mark.parametrize(
    "path", ["/tugas/", "/pemeriksaan/", "/", "/admin/", "/admin/login/", "/akun/kata-sandi/"]
)
def test_who_decides_about_others_opens_nothing_without_one(client, role, path):
    client.force_login(make_user(role, is_staff=True), second_factor=False)
    assert client.get(path)["Location"] == SECURITY
    assert client.post(path, {}).headers.get("Location") == SECURITY
    page = client.get(SECURITY).text
    assert "Peran Anda memutuskan tanda tangan dan akun orang lain" in page


def test_a_superuser_is_asked_too(client):
    client.force_login(User.objects.create_superuser("super", password=PASSWORD), second_factor=False)
    assert client.get("/admin/")["Location"] == SECURITY


def test_who_gets_the_role_is_asked_at_the_next_page(client):
    client.force_login(user := make_user(), second_factor=False)
    assert client.get("/tugas/").status_code == 200
    user.groups.add(*make_user("admin").groups.all())
    assert client.get("/tugas/")["Location"] == SECURITY


def test_under_htmx_the_whole_page_goes_there(client):
    client.force_login(make_user("reviewer"), second_factor=False)
    answer = client.get("/pemeriksaan/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Redirect"]) == (200, SECURITY)


def test_the_way_out_the_language_and_the_health_stay_open(client):
    client.force_login(make_user("admin"), second_factor=False)
    assert client.get("/sehat/").status_code == 200
    assert client.post("/bahasa/", {"language": "en", "next": "/"}).status_code == 302
    assert client.post("/akun/keluar/")["Location"] == reverse("commitments:landing")


def test_signers_operators_and_monitors_work_without_one(client):
    for user in (make_tenure().official.user, make_membership().user, make_user("monitor")):
        client.force_login(user, second_factor=False)
        assert client.get("/deklarasi/").status_code == 200


def test_the_session_knows_so_that_no_query_is_asked(client, django_assert_num_queries):
    client.force_login(user := make_user("admin"))
    request = RequestFactory().get("/")
    request.user, request.session = user, client.session
    request.session.get("")  # loads it, as every page does
    with django_assert_num_queries(0):
        assert factors.was_used(request)


def test_a_record_of_somebody_else_in_the_session_counts_for_nothing(client):
    client.force_login(make_user())
    records = client.session["account_authentication_methods"]
    client.force_login(make_user("admin"), second_factor=False)
    session = client.session
    session["account_authentication_methods"] = records
    session["account_authentication_methods_user"] = "zz"
    session.save()
    assert client.get("/tugas/")["Location"] == SECURITY


# --- Setting up


def set_up(client) -> str:
    """Activates an app as its page tells; gives the secret."""
    page = client.get(APP).text
    secret = "".join(re.findall(r"<span>([A-Z2-7]{4})</span>", page))
    assert len(secret) == 32
    pending = Authenticator(type="totp", data={"secret": keys.encrypt(secret)})
    assert client.post(APP, {"code": current_code(pending)})["Location"] == "/akun/keamanan/kode-cadangan/"
    return secret


@pytest.mark.django_db(transaction=True)  # the mail goes out after the commit, still within the request
def test_an_administrator_logs_in_sets_up_an_app_and_works(client, mailoutbox):
    admin = make_user("admin")
    log_in(client, admin)
    assert client.get("/deklarasi/")["Location"] == SECURITY
    set_up(client)
    page = client.get("/akun/keamanan/kode-cadangan/").text
    assert len(re.findall(r'<li class="code">\d{4} \d{4}</li>', page)) == 10
    assert client.get("/deklarasi/").status_code == 200
    assert client.get("/admin/").status_code == 200
    (mail,) = mailoutbox
    assert (mail.to, mail.subject) == ([admin.email], "Aplikasi autentikator dipasang di Komitmen PUG")


def test_a_wrong_code_activates_nothing_and_keeps_the_picture(client):
    log_in(client, make_user("admin"))
    before = client.get(APP).text
    after = client.post(APP, {"code": "000000"})
    assert after.status_code == 422
    secrets = [re.findall(r"<span>([A-Z2-7]{4})</span>", page) for page in (before, after.text)]
    assert secrets[0] == secrets[1]
    assert not Authenticator.objects.exists()
    assert client.get("/deklarasi/")["Location"] == SECURITY


def test_the_picture_is_drawn_into_the_page(client):
    log_in(client, make_user())
    answer = client.get(APP)
    assert re.search(r'<div class="totp-code" role="img" aria-label="[^"]+"><svg [^>]*>', answer.text)
    assert "data:" not in answer.text
    assert " style=" not in answer.text
    told = parse_qs(urlsplit(answer.context["totp_url"]).query)
    assert told["issuer"] == ["Komitmen PUG"]
    assert answer["Cache-Control"] == "private, no-store" or "no-store" in answer["Cache-Control"]


def test_setting_up_asks_for_the_password_once_the_login_is_old(client):
    client.force_login(make_user(), second_factor=False)  # of no record
    asked = client.get(APP)
    assert asked["Location"] == f"/akun/pastikan/?next={APP.replace('/', '%2F')}"
    assert client.post(asked["Location"], {"password": "salah"}).status_code == 422
    assert client.post(asked["Location"], {"password": PASSWORD})["Location"] == APP
    assert client.get(APP).status_code == 200


def test_who_has_one_but_did_not_use_it_shows_it_once(client):
    admin = make_user("admin")
    factor = make_totp(admin)
    client.force_login(admin, second_factor=False)
    assert "Masukkan kode" in client.get(SECURITY).text
    assert (
        client.post("/akun/pastikan/kode/?next=/tugas/", {"code": current_code(factor)})["Location"]
        == "/tugas/"
    )
    assert client.get("/tugas/").status_code == 200


# --- Codes


def test_a_code_is_good_once_also_after_allauth_has_forgotten_it(client):
    user = make_user()
    factor = make_totp(user)
    code = current_code(factor)
    log_in(client, user)
    assert client.post(STEP, {"code": code}).status_code == 302
    other = Client()
    log_in(other, user)
    assert other.post(STEP, {"code": code}).status_code == 422
    with connection.cursor() as cursor:
        cursor.execute("SELECT expires FROM django_cache WHERE cache_key LIKE %s", ["%totp.used%"])
        ((until,),) = cursor.fetchall()
    until = datetime.fromisoformat(until) if isinstance(until, str) else until
    assert (
        until.replace(tzinfo=UTC) - datetime.now(UTC)
    ).total_seconds() > 90  # as long as the code is taken


def test_a_recovery_code_stands_in_once(client):
    user = make_user()
    client.force_login(user)
    set_up(client)
    text = client.get("/akun/keamanan/kode-cadangan/unduh/")
    assert text["Content-Disposition"] == 'attachment; filename="kode-cadangan-komitmen-pug.txt"'
    code = re.findall(r"^\d{4} \d{4}$", text.text, re.MULTILINE)[0]
    for expected in (302, 422):
        person = Client()
        log_in(person, user)
        assert person.post(STEP, {"code": code}).status_code == expected
    assert "Masih ada 9 kode." in client.get(SECURITY).text


def test_new_recovery_codes_end_the_old_ones(client):
    client.force_login(make_user())
    set_up(client)
    read = re.compile(r'<li class="code">(\d{4} \d{4})</li>')
    before = read.findall(client.get("/akun/keamanan/kode-cadangan/").text)
    client.post("/akun/keamanan/kode-cadangan/baru/")
    after = read.findall(client.get("/akun/keamanan/kode-cadangan/").text)
    assert not set(before) & set(after)


def test_c11_wrong_codes_count_by_person_and_not_by_address():
    user, other = make_user(), make_user()
    factor, others = make_totp(user), make_totp(other)
    for _number in range(6):
        client = Client(REMOTE_ADDR="10.0.0.1")
        log_in(client, user)
        assert client.post(STEP, {"code": "000000"}).status_code == 422
    refused = client.post(STEP, {"code": current_code(factor)})
    assert refused.status_code == 422
    assert "Terlalu banyak percobaan" in refused.text
    assert log_in_with_both(Client(REMOTE_ADDR="10.0.0.1"), other, others).status_code == 302


def test_c11_seventy_five_people_behind_one_address_log_in_with_both():
    for _number in range(75):
        user = make_user()
        factor = make_totp(user)
        answer = log_in_with_both(Client(REMOTE_ADDR="10.0.0.1"), user, factor)
        assert answer["Location"] == reverse("commitments:tasks")


def test_c12_the_session_key_rotates_when_the_second_step_is_done(client):
    user = make_user()
    factor = make_totp(user)
    log_in(client, user)
    before = client.session.session_key
    client.post(STEP, {"code": current_code(factor)})
    assert client.session.session_key != before
    client.cookies["sessionid"] = before
    assert not get_user(client).is_authenticated


def test_the_second_step_can_be_left(client):
    user = make_user()
    make_totp(user)
    log_in(client, user)
    assert client.get(LOGIN)["Location"] == STEP
    assert client.post("/akun/keluar/", {"next": LOGIN})["Location"] == LOGIN
    assert client.get(LOGIN).status_code == 200


# --- The last one


@pytest.mark.parametrize(
    ("role", "status"), [("admin", 422), ("reviewer", 422), ("monitor", 302), (None, 302)]
)
def test_the_last_one_is_kept_by_who_must_have_one(client, role, status):
    user = make_user(role)
    make_totp(user)
    client.force_login(user)
    page = client.get("/akun/keamanan/aplikasi/hapus/").text
    assert ("Pasang cara lain dulu" in page) == (status == 422)
    assert client.post("/akun/keamanan/aplikasi/hapus/").status_code == status
    assert Authenticator.objects.exists() == (status == 422)


def passkey_of(user, name="Ponsel"):
    return Authenticator.objects.create(user=user, type="webauthn", data={"name": name, "credential": {}})


def test_a_last_passkey_is_kept_too_and_recovery_codes_are_no_factor(client):
    admin = make_user("admin")
    passkey = passkey_of(admin)
    Authenticator.objects.create(
        user=admin, type="recovery_codes", data={"seed": keys.encrypt("x"), "used_mask": 0}
    )
    client.force_login(admin)
    assert client.post(f"/akun/keamanan/kunci-sandi/{passkey.pk}/hapus/").status_code == 422
    make_totp(admin)
    assert client.post(f"/akun/keamanan/kunci-sandi/{passkey.pk}/hapus/").status_code == 302
    assert [factor.type for factor in Authenticator.objects.order_by("type")] == ["recovery_codes", "totp"]


def test_c08_the_passkeys_of_another_are_404(client):
    passkey = passkey_of(make_user())
    client.force_login(make_user("admin"))
    for verb in ("hapus", "nama"):
        url = f"/akun/keamanan/kunci-sandi/{passkey.pk}/{verb}/"
        assert [client.get(url).status_code, client.post(url, {"name": "x"}).status_code] == [404, 404]
    assert Authenticator.objects.filter(pk=passkey.pk).exists()


def test_a_passkey_is_renamed(client):
    client.force_login(user := make_user())
    passkey = passkey_of(user)
    url = f"/akun/keamanan/kunci-sandi/{passkey.pk}/nama/"
    assert client.post(url, {"name": "x" * 61}).status_code == 422
    assert client.post(url, {"name": ""}).status_code == 422
    assert client.post(url, {"name": "<b>Kantor</b>"})["Location"] == "/akun/keamanan/kunci-sandi/"
    assert "&lt;b&gt;Kantor&lt;/b&gt;" in client.get("/akun/keamanan/kunci-sandi/").text


HOSTILE = [
    "", "x", "1", "null", "[]", "{}", '{"id":1}', '{"id":"a","response":{}}', "[" * 19_000, '"' + "a" * 30_000 + '"',
    '{"id":"a","rawId":"a","type":"public-key","response":{"clientDataJSON":"e30","attestationObject":"oA",'
    '"authenticatorData":"AA","signature":"AA","userHandle":"AA"}}',
    '{"id":"YQ","rawId":"YQ","type":"public-key","response":{"userHandle":"enp6enp6enp6enp6enp6enp6eg"}}',
    '{"response":[]}', '{"response":{"userHandle":{"a":1}}}', "NaN", "1e999",
]  # fmt: skip


@pytest.mark.parametrize("credential", HOSTILE)
def test_c71_a_broken_passkey_is_a_sentence_and_never_a_500(client, credential):
    login = "/akun/masuk/kunci-sandi/"
    client.get(login, headers={"Accept": "application/json"})
    assert client.post(login, {"credential": credential})["Location"] == LOGIN
    client.force_login(make_user())
    add = "/akun/keamanan/kunci-sandi/baru/"
    assert client.post(add, {"name": "x", "credential": credential}).status_code == 422


@pytest.mark.parametrize("code", ["", " ", "٣" * 6, "9" * 400, "-1", "🙂", "12345", "abc"])
def test_c71_a_broken_code_is_a_sentence_and_never_a_500(client, code):
    user = make_user()
    make_totp(user)
    log_in(client, user)
    assert client.post(STEP, {"code": code}).status_code == 422
    client.force_login(make_user())
    client.get(APP)
    assert client.post(APP, {"code": code}).status_code == 422


# --- At rest


def test_c09_a_dump_of_the_database_holds_no_secret(client):
    user = make_user()
    client.force_login(user)
    page = client.get(APP).text
    pending = "".join(re.findall(r"<span>([A-Z2-7]{4})</span>", page))
    assert pending not in json.dumps([session.get_decoded() for session in Session.objects.all()])
    secret = set_up(client)
    codes = re.findall(r"\d{4} \d{4}", client.get("/akun/keamanan/kode-cadangan/").text)
    dump = json.dumps(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret not in dump
    assert [code for code in codes if code.replace(" ", "") in dump] == []


def test_c09_a_new_secret_key_reads_with_the_old_one_and_writes_anew(client, settings):
    user = make_user()
    factor = make_totp(user)
    code = current_code(factor)
    before, settings.SECRET_KEY = settings.SECRET_KEY, "lain" * 20
    settings.SECRET_KEY_FALLBACKS = [before]
    call_command("renew_second_factors", stdout=io.StringIO())
    settings.SECRET_KEY_FALLBACKS = []
    factor.refresh_from_db()
    assert current_code(factor) == code
    log_in(client, user)
    assert client.post(STEP, {"code": code}).status_code == 302


def test_a_secret_key_that_is_lost_is_logged_and_no_code_opens(client, settings, caplog):
    user = make_user()
    code = current_code(make_totp(user))
    settings.SECRET_KEY = "lain" * 20
    log_in(client, user)
    assert client.post(STEP, {"code": code}).status_code == 422
    assert "SECRET_KEY has changed" in caplog.text
    with pytest.raises(CommandError, match="SECRET_KEY_FALLBACKS"):
        call_command("renew_second_factors")


def test_c09_nothing_of_a_login_is_in_the_log(client, caplog):
    caplog.set_level("DEBUG")
    user = make_user("admin")
    factor = make_totp(user)
    log_in(client, user)
    client.post(STEP, {"code": "135790"})
    code = current_code(factor)
    client.post(STEP, {"code": code})
    for word in (PASSWORD, "135790", code, keys.decrypt(factor.data["secret"])):
        assert word not in caplog.text


def test_after_a_lost_phone_a_command_lets_a_person_begin_again(client):
    user = make_user("reviewer")
    factor = make_totp(user)
    log_in_with_both(client, user, factor)
    assert client.get("/pemeriksaan/").status_code == 200
    call_command("forget_second_factor", user.username, stdout=io.StringIO())
    assert client.get("/pemeriksaan/")["Location"].startswith(LOGIN)
    log_in(client, user)
    assert client.get("/pemeriksaan/")["Location"] == SECURITY
    with pytest.raises(CommandError, match="Tidak ada akun"):
        call_command("forget_second_factor", "tidak-ada")


def test_the_admin_shows_no_secret_of_anybody(client):
    make_totp(make_user())
    client.force_login(make_user("admin"))
    for name in ("mfa/authenticator", "usersessions/usersession", "sessions/session"):
        assert client.get(f"/admin/{name}/").status_code == 404
