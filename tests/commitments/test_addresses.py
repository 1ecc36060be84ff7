"""Whoever was reached at an address is told there when it changes, whichever page or import changed it."""

import re

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import reverse

from agencies.models import Official, User
from commitments import outbox
from commitments.models import OutgoingMail
from tests.factories import make_official, make_user

pytestmark = pytest.mark.django_db
OLD, NEW = "lama@contoh.example", "baru@contoh.example"


@pytest.fixture
def admin(client):
    user = make_user("admin")
    client.force_login(user)
    return user


def told() -> list[str]:
    """Where the mails about a changed address go, oldest first."""
    return list(OutgoingMail.objects.filter(kind="address").order_by("pk").values_list("to", flat=True))


def send_form(client, row, **changes):
    """The row's own page of the admin, sent as it stands but for these fields."""
    page = reverse(f"admin:agencies_{row._meta.model_name}_change", args=[row.pk])
    form = client.get(page).context["adminform"].form
    fields = {name: form[name].value() for name in form.fields}
    sent = {name: value for name, value in fields.items() if value not in (None, False)} | changes
    tables = {"memberships-TOTAL_FORMS": 0, "memberships-INITIAL_FORMS": 0}
    answer = client.post(page, sent | (tables if isinstance(row, User) else {}))
    assert answer.status_code == 302, answer.context["errors"]


def bring_in(client, model, *rows):
    page = reverse(f"admin:agencies_{model}_import")
    answer = client.post(page, {"file": SimpleUploadedFile("daftar.csv", "\r\n".join(rows).encode())})
    assert told() == []  # a look writes nothing
    client.post(page, {"token": answer.context["token"]})


def test_c06_a_form_that_changes_an_officials_address_tells_the_old_one(client, admin):
    official = make_official(email=OLD)
    send_form(client, official, email=NEW)
    assert Official.objects.get().email == NEW
    assert told() == [OLD]
    mail.outbox.clear()
    outbox.send_due()
    (letter,) = mail.outbox
    assert letter.to == [OLD]
    assert letter.subject == "Pos-el Anda di Komitmen PUG diganti"
    assert "Segera beri tahu DPPPA" in letter.body
    assert "WIB" in letter.body  # when
    assert NEW not in letter.body
    assert official.nip not in letter.body
    assert re.search(r"https?://|#", letter.body) is None


def test_c06_a_form_that_changes_a_logins_address_tells_the_old_one(client, admin):
    user = make_user(email=OLD)
    send_form(client, user, email=NEW)
    assert User.objects.get(pk=user.pk).email == NEW
    assert told() == [OLD]


def test_c06_an_import_that_changes_addresses_tells_the_old_ones(client, admin):
    official = make_official(email=OLD, title_after="")
    head = "nip,nama,jenis_kelamin,pangkat,pos_el"
    bring_in(client, "official", head, f"{official.nip},{official.name},P,IV/c,{NEW}")
    assert Official.objects.get().email == NEW
    assert told() == [OLD]


def test_c06_an_import_of_logins_tells_the_old_addresses(client, admin):
    user = make_user(email=OLD)
    bring_in(client, "user", "nama_pengguna,aktif,pos_el", f"{user.username},ya,{NEW}")
    assert told() == [OLD]


def test_c06_an_address_that_is_taken_away_is_told_too(client, admin):
    official = make_official(email=OLD)
    send_form(client, official, email="")
    assert told() == [OLD]


def test_c06_each_change_is_told_once_and_to_the_address_before_it():
    official = make_official(email=OLD)
    for address in (NEW, NEW, NEW.upper(), OLD):
        official.email = address
        official.save()
    assert told() == [OLD, NEW.upper()]


def test_nobody_is_told_of_a_first_address_or_of_another_change(client, admin):
    official, user = make_official(), make_user(email=OLD)
    official.email = NEW
    official.save()
    user.first_name = "Nama"
    user.save()
    user.groups.clear()
    assert told() == []


def test_c06_the_word_stands_or_falls_with_the_change():
    official = make_official(email=OLD)
    with transaction.atomic():
        official.email = NEW
        official.save()
        assert told() == [OLD]
        transaction.set_rollback(True)
    assert told() == []
    assert Official.objects.get().email == OLD


def test_whom_to_tell_is_named_when_a_contact_is_set(settings):
    settings.PRIVACY_CONTACT = "privasi@contoh.example"
    official = make_official(email=OLD)
    official.email = NEW
    official.save()
    assert "Segera beri tahu privasi@contoh.example" in OutgoingMail.objects.get().body
