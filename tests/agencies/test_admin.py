"""Master data in the admin: found by role, honest about changes, never a 500."""

import pytest
from django.contrib import admin
from django.urls import reverse
from django.utils.translation import gettext

from agencies.models import Agency, Official, User
from tests.factories import (
    make_criterion,
    make_declaration,
    make_focal_point,
    make_membership,
    make_official,
    make_signature,
    make_tenure,
    make_user,
    make_verifier,
)

pytestmark = pytest.mark.django_db
OURS = ("agencies.", "commitments.")
MODELS = sorted(
    label for label in (model._meta.label_lower for model in admin.site._registry) if label.startswith(OURS)
)
LISTS = {f"commitments.{name}" for name in ("framework", "criterion", "verifier", "focalpoint")}
WRITABLE = [
    name
    for name in MODELS
    if name in LISTS or (name.startswith("agencies.") and name != "agencies.failedlogin")
]


@pytest.fixture
def staff(client):
    user = make_user("admin")
    client.force_login(user)
    return user


def address(label, page, *args):
    return reverse("admin:{}_{}_{}".format(*label.split("."), page), args=args)


@pytest.mark.parametrize("label", MODELS)
@pytest.mark.parametrize("role", [None, "reviewer", "monitor"])
def test_nobody_but_an_administrator_enters(client, label, role):
    client.force_login(make_user(role))
    assert client.get(address(label, "changelist")).status_code == 302


@pytest.mark.parametrize("label", MODELS)
def test_every_list_opens_and_is_searched(client, staff, label):
    make_signature(state="accepted")
    make_membership()
    assert client.get(address(label, "changelist")).status_code == 200
    for query in (
        "q=a",
        "o=99999999999999999999",
        "p=abc",
        "q=%00",
        "id__exact=abc",
        "all=1",
        "q=" + "x" * 300,
    ):
        assert client.get(f"{address(label, 'changelist')}?{query}").status_code < 500


@pytest.mark.parametrize("label", WRITABLE)
def test_every_form_and_history_opens(client, staff, label):
    tenure = make_tenure()
    make_membership(user=tenure.official.user, agency=tenure.position.agency)
    make_criterion(), make_verifier(), make_focal_point()
    model = next(model for model in admin.site._registry if model._meta.label_lower == label)
    assert client.get(address(label, "add")).status_code == 200
    row = model.objects.first()
    if row:
        assert client.get(address(label, "change", row.pk)).status_code == 200
        assert client.get(address(label, "history", row.pk)).status_code == 200
    assert client.get(address(label, "change", "9" * 30)).status_code in {302, 404}


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_of_officials_costs_the_same_for_any_length(client, staff, rows, django_assert_num_queries):
    for _ in range(rows):
        make_official(user=make_user())
    client.get(address("agencies.official", "changelist"))  # content types are asked for once a process
    # session, user, roles, two counts, the page
    with django_assert_num_queries(5):
        client.get(address("agencies.official", "changelist"))


@pytest.mark.parametrize(
    "label", [name for name in MODELS if name.startswith("commitments.") and name not in LISTS]
)
def test_the_record_is_a_window_without_a_handle(client, staff, label):
    make_signature(state="accepted")
    make_declaration(slots=1)
    assert client.get(address(label, "add")).status_code == 403
    model = next(model for model in admin.site._registry if model._meta.label_lower == label)
    row = model.objects.first()
    if row is None:
        return
    page = client.get(address(label, "change", row.pk))
    assert page.status_code == 200
    assert 'name="_save"' not in page.text
    assert client.post(address(label, "change", row.pk), {}).status_code == 403
    assert client.post(address(label, "delete", row.pk), {"post": "yes"}).status_code == 403


def test_a_nip_is_stored_as_digits_and_a_mismatch_warns(client, staff):
    data = {"name": "Pejabat Contoh", "nip": "19860926 201505 1 001", "sex": "P"}
    answer = client.post(address("agencies.official", "add"), data, follow=True)
    assert Official.objects.get().nip == "198609262015051001"
    assert "berbeda dari angka ke-15" in answer.text


def test_a_nip_that_cannot_be_is_refused_and_kept_in_the_field(client, staff):
    answer = client.post(address("agencies.official", "add"), {"name": "X", "nip": "19861326", "sex": "P"})
    assert "NIP terdiri atas 18 angka" in answer.text
    assert 'value="19861326"' in answer.text
    assert Official.objects.count() == 0


def test_the_history_shows_old_and_new_values(client, staff):
    official = make_tenure().position.agency
    official.name = "Nama Baru"
    official.save()
    text = client.get(address("agencies.agency", "history", official.pk)).text
    assert "→ Nama Baru" in text


def test_the_words_of_django_are_ours_too(client, staff):
    page = client.get(reverse("admin:index")).text
    assert "Ubah atau tampilkan tautan" in page
    assert "Rubah" not in page
    assert gettext("Server error") == "Kesalahan server"


def test_the_search_ignores_spaces(client, staff):
    Agency.objects.create(abbreviation="KecPG", name="Kantor Pondokgede", kind="dinas")
    text = client.get(address("agencies.agency", "changelist"), {"q": "pondok gede"}).text
    assert "Kantor Pondokgede" in text
    assert "Kantor Pondokgede" not in client.get(address("agencies.agency", "changelist"), {"q": "xyz"}).text


def test_a_login_is_made_inactive_never_deleted(client, staff):
    other = make_user()
    assert client.post(address("agencies.user", "delete", other.pk), {"post": "yes"}).status_code == 403
    assert User.objects.filter(pk=other.pk).exists()


def test_c13_a_superuser_comes_by_the_command_line_only(client):
    assert client.get("/admin/").status_code == 302
    assert not any(
        name in client.get("/admin/login/", follow=True).text.lower() for name in ("daftar akun", "sign up")
    )
