"""Accounts in the admin: an administrator helps somebody to a password, and never knows or sets it."""

import re

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import NoReverseMatch, reverse

from agencies.models import User
from tests.client import Client
from tests.factories import PASSWORD, make_tenure, make_user

pytestmark = pytest.mark.django_db
NEW = "/admin/agencies/user/add/"
NO_OFFICE = {"memberships-TOTAL_FORMS": 0, "memberships-INITIAL_FORMS": 0}
OWN_PASSWORD = "rahasia-orangnya-sendiri"


@pytest.fixture
def staff(client):
    user = make_user("admin")
    client.force_login(user)
    return user


def link_page(user) -> str:
    return reverse("admin:agencies_user_password_link", args=[user.pk])


def link_in(mail) -> str:
    return re.findall(r"http://localhost:8000(/akun/kata-sandi/baru/\S+)", mail.body)[0]


def set_password(link: str) -> int:
    person = Client()
    form = person.get(link)["Location"]
    return person.post(form, {"password1": OWN_PASSWORD, "password2": OWN_PASSWORD}).status_code


def test_c06_no_page_of_the_admin_sets_the_password_of_another(client, staff):
    with pytest.raises(NoReverseMatch):
        reverse("admin:auth_user_password_change", args=[staff.pk])
    signer = make_tenure().official.user
    before = signer.password
    sent = {
        "password1": OWN_PASSWORD,
        "password2": OWN_PASSWORD,
        "password": OWN_PASSWORD,
        "usable_password": "true",
    }
    fields = {"username": signer.username, "email": signer.email, "is_active": "on"} | NO_OFFICE | sent
    client.post(f"/admin/agencies/user/{signer.pk}/password/", sent)
    client.post(f"/admin/agencies/user/{signer.pk}/change/", fields)
    client.post(link_page(signer), sent)
    signer.refresh_from_db()
    assert signer.password == before
    page = client.get(f"/admin/agencies/user/{signer.pk}/change/").text
    assert 'type="password"' not in page
    assert before not in page


def test_c06_a_link_goes_to_the_person_alone(client, staff, mailoutbox, caplog):
    caplog.set_level("DEBUG")
    signer = make_tenure().official.user
    answer = client.post(link_page(signer), follow=True)
    (mail,) = mailoutbox
    assert (mail.to, mail.subject) == ([signer.email], "Buat kata sandi untuk Komitmen PUG")
    token = link_in(mail).strip("/").rpartition("/")[2]
    assert token not in answer.text + caplog.text + str(list(LogEntry.objects.values()))
    assert set_password(link_in(mail)) == 302
    assert User.objects.get(pk=signer.pk).check_password(OWN_PASSWORD)


def test_nothing_is_sent_on_looking(client, staff, mailoutbox):
    assert client.get(link_page(make_user())).status_code == 200
    assert mailoutbox == []


@pytest.mark.parametrize("values", [{"email": ""}, {"is_active": False}])
def test_without_an_address_there_is_a_sentence_and_no_way_round(client, staff, mailoutbox, values):
    refused = client.post(link_page(make_user(**values)))
    assert refused.status_code == 422
    assert "Isi pos-el orangnya dulu" in refused.text
    assert mailoutbox == []


def test_a_new_account_has_no_password_until_its_person_sets_one(client, staff, mailoutbox):
    fields = {
        "username": "pejabat.baru",
        "email": "baru@contoh.example",
        "password1": PASSWORD,
        "password2": PASSWORD,
    }
    assert client.post(NEW, fields | NO_OFFICE).status_code == 302
    user = User.objects.get(username="pejabat.baru")
    assert not user.has_usable_password()
    (mail,) = mailoutbox
    assert mail.to == ["baru@contoh.example"]
    assert set_password(link_in(mail)) == 302
    assert User.objects.get(pk=user.pk).check_password(OWN_PASSWORD)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"username": "x", "email": ""}, "errorlist"),
        ({"username": "SUDAH.ADA", "email": "lain@contoh.example"}, "sudah ada"),
        ({"username": "x", "email": "SUDAH@contoh.example"}, "sudah dipakai"),
    ],
)
def test_a_new_account_needs_a_name_and_an_address_of_its_own(client, staff, mailoutbox, fields, sentence):
    make_user(username="sudah.ada", email="sudah@contoh.example")
    refused = client.post(NEW, fields | NO_OFFICE)
    assert sentence in refused.text
    assert User.objects.count() == 2
    assert mailoutbox == []


@pytest.mark.parametrize("role", ["reviewer", "monitor", None])
def test_only_administrators_send_links(client, mailoutbox, role):
    client.force_login(make_user(role, is_staff=True))
    assert client.post(link_page(make_user())).status_code in {302, 403}
    assert mailoutbox == []
