"""Whatever stands in an address or a form of the admin: an answer below 500, and nothing stored."""

import pytest
from django.contrib import admin
from django.urls import reverse

from agencies.models import Agency, Official, Position, SubDistrict, Tenure, User
from tests.factories import make_membership, make_position, make_signature, make_sub_district, make_user

pytestmark = pytest.mark.django_db
MODELS = sorted(model._meta.label_lower for model in admin.site._registry)
HUGE = "9" * 30
QUERIES = [
    "q=%00",
    "q=%ff",
    "q=" + "x" * 3000,
    "q=" + "a+" * 1500,
    "q=%27%22%25_%5C",
    "q=!!!",
    "o=" + HUGE,
    "o=abc.-1.0",
    "p=" + HUGE,
    "p=-1",
    "p=abc",
    "all=1&all=",
    "e=1",
    "_facets=True",
    "_to_field=password",
    "_popup=abc",
    "_changelist_filters=%00",
    "_changelist_filters=x%3D1",
    "berlaku=abc",
    "id__exact=abc",
    "id__exact=" + HUGE,
    "pk__in=a,b",
    "password__startswith=pbkdf2",
    "user__password__startswith=pbkdf2",
    "starts_on__year=" + HUGE,
    "valid_to__lt=0000-00-00",
    "name__regex=(",
    "kind__regex=(",
    "sex__exact=" + HUGE,
    "is_active__exact=abc",
    "groups__id__exact=" + HUGE,
    "groups__id__exact=abc",
    "user__isempty=abc",
    "kind__isnull=abc",
    "kind__exact=%00",
]


@pytest.fixture
def staff(client):
    user = make_user("admin")
    client.force_login(user)
    return user


def url(label, page, *args):
    return reverse("admin:{}_{}_{}".format(*label.split("."), page), args=args)


@pytest.mark.parametrize("query", QUERIES)
def test_c71_no_address_of_a_list_gives_a_500(client, staff, query):
    make_membership(user=make_signature(state="accepted").user)
    for label in MODELS:
        answer = client.get(f"{url(label, 'changelist')}?{query}", follow=True)
        assert answer.status_code in {200, 400}, label


@pytest.mark.parametrize("lookup", ["id__exact=1", "password__startswith=p", "groups__name=Pemantau"])
def test_a_list_takes_only_what_its_filters_write(client, staff, lookup):
    assert client.get(f"{url('agencies.user', 'changelist')}?{lookup}").status_code == 400
    assert client.get(f"{url('agencies.user', 'changelist')}?is_active__exact=1").status_code == 200


@pytest.mark.parametrize("key", [HUGE, "abc", "%00", "-1", "_5F", "1_2F2", "é"])
def test_c71_no_key_gives_a_500(client, staff, key):
    for label in MODELS:
        base = url(label, "changelist")
        for page in ("change/", "history/", "delete/", "history/1/", f"history/{HUGE}/"):
            answer = client.get(f"{base}{key}/{page}", follow=True)
            assert answer.status_code in {200, 400, 403, 404}, (label, page)
    assert client.get(f"/admin/agencies/position/{key}/pemegang/", follow=True).status_code in {200, 400, 404}
    assert client.get(f"/admin/agencies/user/{key}/kata-sandi/", follow=True).status_code in {200, 400, 404}


@pytest.mark.parametrize(
    "query",
    [
        "",
        "app_label=agencies",
        "app_label=agencies&model_name=tenure&field_name=official&term=%00",
        "app_label=agencies&model_name=tenure&field_name=official&term=a&page=abc",
        f"app_label=agencies&model_name=tenure&field_name=official&term=a&page={HUGE}",
        "app_label=agencies&model_name=tenure&field_name=abc&term=a",
        "app_label=abc&model_name=abc&field_name=abc&term=a",
        "app_label=agencies&model_name=tenure&field_name=official&term=" + "x" * 3000,
    ],
)
def test_c71_no_address_of_the_suggestions_gives_a_500(client, staff, query):
    assert client.get(f"{reverse('admin:autocomplete')}?{query}").status_code in {200, 400, 403, 404}


VALUES = ["\x00", "x" * 5000, HUGE, "-1", "٣", "[]", "1e309", "9999-12-31", "0001-01-01", "<script>", "🙂"]
FIELDS = {
    "agencies.agency": ["abbreviation", "name", "kind", "sub_district", "valid_from", "valid_to", "source"],
    "agencies.position": ["agency", "title", "category", "protocol_rank", "valid_from", "show_nip"],
    "agencies.official": ["name", "title_before", "nip", "rank", "sex", "email", "phone", "user"],
    "agencies.tenure": ["position", "official", "capacity", "starts_on", "ends_on", "basis_date"],
    "agencies.membership": ["user", "agency"],
    "agencies.user": ["username", "email", "groups", "first_name"],
    "agencies.subdistrict": ["code", "name", "spelling_variant"],
    "commitments.framework": ["code", "name", "year", "source", "is_verified"],
    "commitments.criterion": [
        "framework",
        "code",
        "number",
        "name",
        "evidence_needed",
        "needed",
        "weight",
        "order",
    ],
    "commitments.verifier": ["user", "agency"],
    "commitments.focalpoint": ["agency", "kind", "name", "sex", "decree_number", "decree_date", "expires_on"],
}


@pytest.mark.parametrize("value", VALUES)
@pytest.mark.parametrize("label", sorted(FIELDS))
def test_c71_no_field_gives_a_500(client, staff, label, value):
    data = dict.fromkeys(FIELDS[label], value)
    for prefix in ("villages", "tenures", "memberships"):
        data |= {f"{prefix}-TOTAL_FORMS": value, f"{prefix}-INITIAL_FORMS": value}
    assert client.post(url(label, "add"), data).status_code in {200, 302, 400}


@pytest.mark.parametrize("value", VALUES)
def test_c71_no_field_of_a_new_holder_gives_a_500(client, staff, value):
    position = make_position()
    data = dict.fromkeys(
        ["official", "capacity", "starts_on", "ends_on", "basis_letter", "basis_date"], value
    )
    answer = client.post(url("agencies.position", "appoint", position.pk), data)
    assert answer.status_code in {400, 422}
    assert Tenure.objects.count() == 0


@pytest.mark.parametrize(
    ("total", "initial", "pk"), [("5", "5", "1"), ("1", "1", HUGE), ("1", "1", "abc"), (HUGE, "0", "")]
)
def test_c71_rows_that_are_not_there_give_no_500(client, staff, total, initial, pk):
    place = make_sub_district()
    data = {"code": place.code, "name": "Baru", "villages-TOTAL_FORMS": total}
    data |= {"villages-INITIAL_FORMS": initial, "villages-0-id": pk, "villages-0-code": "1"}
    assert client.post(url("agencies.subdistrict", "change", place.pk), data).status_code < 500
    assert SubDistrict.objects.get().name == place.name


def test_c61_markup_in_names_stays_text(client, staff):
    evil = "<script>alert(1)</script>"
    agency = Agency.objects.create(abbreviation="Evil", name=evil, kind="dinas")
    position = Position.objects.create(agency=agency, title=evil, category="kepala", protocol_rank=1)
    official = Official.objects.create(name=evil, sex="L", nip_absent_reason=evil)
    official.name = evil + "2"
    official.save()
    Tenure.objects.create(position=position, official=official, starts_on="2020-01-01")
    User.objects.create_user("evil", first_name=evil)
    for label, pk in (
        ("agencies.agency", agency.pk),
        ("agencies.position", position.pk),
        ("agencies.official", official.pk),
    ):
        pages = [
            url(label, "changelist"),
            *(url(label, page, pk) for page in ("change", "history", "delete")),
        ]
        for page in [*pages, url("agencies.position", "appoint", position.pk)]:
            assert evil not in client.get(page).text, page
    assert evil not in client.get(f"{reverse('admin:index')}agencies/user/").text
