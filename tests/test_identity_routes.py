"""Person × address of one's own login → status. A new address without a row here fails."""

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.urls import reverse

from pug_bekasi.identity.urls import OPEN_BEFORE, urlpatterns
from tests.client import Client, shown_by
from tests.factories import make_totp, make_user
from tests.logins import Half, enter, keep
from tests.passkeys import make_passkey

pytestmark = pytest.mark.django_db

# nobody; a signer without and with second factors; an administrator who has not shown one yet; one who has.
PEOPLE = ("nobody", "signer", "protected", "halfway", "admin")
LOGIN, BACK = 302, 302
OWN = (LOGIN, 200, 200, BACK, 200)
AT_THE_DOOR = (200, BACK, BACK, BACK, BACK)
MATRIX = {
    "account_request_login_code": AT_THE_DOOR,
    "account_confirm_login_code": (BACK,) * 5,  # nobody has asked for a code
    "mfa_authenticate": (BACK,) * 5,  # nobody has shown a password
    "mfa_login_webauthn": (BACK,) * 5,  # without asking for JSON
    "mfa_index": (LOGIN, 200, 200, 200, 200),
    "mfa_activate_totp": (LOGIN, 200, BACK, 200, 200),  # has one: to the page that removes it
    "mfa_deactivate_totp": (LOGIN, 404, 200, BACK, 404),
    "mfa_view_recovery_codes": (LOGIN, 404, 200, BACK, 404),
    "mfa_generate_recovery_codes": OWN,
    "mfa_download_recovery_codes": (LOGIN, 404, 200, BACK, 404),
    "mfa_list_webauthn": OWN,
    "mfa_add_webauthn": (LOGIN, 200, 200, 200, 200),
    "mfa_edit_webauthn": (LOGIN, 404, 200, BACK, 404),
    "mfa_remove_webauthn": (LOGIN, 404, 200, BACK, 404),
    "usersessions_list": OWN,
    "end_session": (LOGIN, 405, 405, BACK, 405),
    "account_reauthenticate": (LOGIN, 200, 200, 200, 200),
    "mfa_reauthenticate": (LOGIN, BACK, 200, BACK, BACK),  # by password, for lack of a factor
    "mfa_reauthenticate_webauthn": (LOGIN, BACK, 200, BACK, BACK),
}


@pytest.fixture
def scene():
    protected, admin = make_user(), make_user("admin")
    make_totp(protected)
    RecoveryCodes.activate(protected)
    passkey = make_passkey(protected)
    people = {
        "nobody": None,
        "signer": make_user(),
        "protected": protected,
        "halfway": Half(make_user("admin"), logged_in=True),
        "admin": admin,
    }
    arguments = {key: [passkey.pk] for key in ("mfa_edit_webauthn", "mfa_remove_webauthn", "end_session")}
    return people, lambda name: reverse(name, args=arguments.get(name, []))


def client_of(person) -> Client:
    client = Client()
    enter(client, person)
    if isinstance(person, Half):  # has just typed the password
        keep(client, shown_by(person.user, second_factor=False))
    return client


def test_every_address_has_a_row():
    assert {pattern.name for pattern in urlpatterns} == set(MATRIX)


@pytest.mark.parametrize("name", sorted(MATRIX))
def test_who_may_open_what(scene, name):
    people, address = scene
    found = {person: client_of(people[person]).get(address(name)).status_code for person in PEOPLE}
    assert found == dict(zip(PEOPLE, MATRIX[name], strict=True))


@pytest.mark.parametrize("name", sorted(MATRIX))
def test_c14_no_post_without_a_token(scene, name):
    people, address = scene
    for person in ("nobody", "protected"):
        strict = Client(enforce_csrf_checks=True)
        enter(strict, people[person])
        assert strict.post(address(name), {}).status_code == 403


@pytest.mark.parametrize("name", sorted(set(MATRIX) - OPEN_BEFORE))
def test_a_post_before_the_second_factor_changes_nothing(scene, name):
    people, address = scene
    client = client_of(people["halfway"])
    answer = client.post(
        address(name), {"code": "1", "credential": "{}", "name": "x", "email": "a@contoh.example"}
    )
    assert answer.status_code == 302
    assert answer["Location"] == "/akun/keamanan/"


@pytest.mark.parametrize(
    "value", ["\x00", "%", "'\"><script>", "٣", "9" * 400, "-1", "🙂", "[]", "//jahat.example", "https://["]
)
@pytest.mark.parametrize("name", sorted(MATRIX))
def test_c71_no_query_or_field_gives_a_500(scene, name, value):
    people, address = scene
    fields = dict.fromkeys(("code", "credential", "name", "email", "password", "next"), value)
    for person in ("nobody", "protected"):
        client = client_of(people[person])
        assert client.get(address(name), {"next": value}).status_code < 500
        answer = client.post(address(name), fields)
        assert answer.status_code < 500
        assert "jahat.example" not in answer.headers.get("Location", "")
