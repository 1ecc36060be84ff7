"""Every list of the admin, and the small lists elsewhere: one literal query count with 1 and with 3 rows."""

import pytest
from django.urls import reverse

from agencies import logins
from tests.factories import (
    make_criterion,
    make_focal_point,
    make_framework,
    make_letterhead,
    make_membership,
    make_signature,
    make_sub_district,
    make_user,
    make_verifier,
)
from tests.passkeys import make_passkey

pytestmark = pytest.mark.django_db

# session, user, roles; the count and the page; what else a list needs stands behind it
ADMIN_LISTS = {
    "agencies_agency": 5,
    "agencies_failedlogin": 5,
    "agencies_membership": 5,
    "agencies_official": 5,
    "agencies_position": 6,  # + the kinds of its filter
    "agencies_subdistrict": 5,
    "agencies_tenure": 5,
    "agencies_user": 6,  # + the roles of its filter
    "commitments_criterion": 6,  # + the frameworks of its filter
    "commitments_declaration": 6,  # + the years of its filter
    "commitments_document": 5,
    "commitments_focalpoint": 5,
    "commitments_framework": 6,  # + the years of its filter
    "commitments_ledgerentry": 5,
    "commitments_outgoingmail": 5,
    "commitments_paperjob": 5,
    "commitments_review": 5,
    "commitments_signature": 6,  # + the years of its filter
    "commitments_verifier": 5,
}


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("name", sorted(ADMIN_LISTS))
def test_a_list_of_the_admin_costs_the_same_for_any_length(client, name, rows, django_assert_num_queries):
    for _ in range(rows):
        make_signature(state="accepted")
        make_membership()
        make_sub_district()
        make_criterion(framework=make_framework())
        make_verifier()
        make_focal_point()
        logins.record_failure("password", user=make_user(), device="Chrome, Android")
    client.force_login(make_user("admin"))
    url = reverse(f"admin:{name}_changelist")
    client.get(url)  # content types are asked for once a process
    with django_assert_num_queries(ADMIN_LISTS[name]):
        assert client.get(url).status_code == 200


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_of_letterheads_costs_the_same_for_any_length(client, rows, django_assert_num_queries):
    for _ in range(rows):
        make_letterhead()
    client.force_login(make_user("admin"))
    with django_assert_num_queries(
        6
    ):  # session, user, roles, letterheads, and of the frame: the count, offices
        assert client.get(reverse("commitments:letterhead_list")).status_code == 200


@pytest.mark.parametrize("rows", [1, 3])
def test_the_security_page_costs_the_same_for_any_length(client, rows, django_assert_num_queries):
    user = make_user()
    for _ in range(rows):
        logins.record_failure("password", user=user, device="Chrome, Android")
        make_passkey(user)
    client.force_login(user)
    with django_assert_num_queries(6):  # session, user, factors, roles, failures, and of the frame: posts
        assert client.get(reverse("mfa_index")).status_code == 200
