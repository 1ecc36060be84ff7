"""Person × address → status. A new address without a row here fails."""

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from commitments.publishing import verbs as publishing
from tests.factories import (
    holder_of,
    make_action,
    make_declaration,
    make_evidence,
    make_membership,
    make_plan,
    make_report,
    make_signature,
    make_sub_district,
    make_user,
    make_verifier,
)

pytestmark = pytest.mark.django_db

PEOPLE = ("nobody", "stranger", "signer", "operator", "monitor", "reviewer", "admin")
LOGIN = 302  # to the login page
ROLES_ONLY = (LOGIN, 403, 403, 403, 200, 200, 200)
REVIEW = (LOGIN, 403, 403, 403, 403, 200, 200)
PREPARE = (LOGIN, 403, 403, 403, 403, 403, 200)
SEEN = (LOGIN, 404, 200, 200, 200, 200, 200)
EVERYBODY = (200,) * 7
LOGGED_IN = (LOGIN, 200, 200, 200, 200, 200, 200)
DOOR = (404,) * 7  # only for a session that has opened one: test_doors.py
POST_ONLY = (LOGIN, 405, 405, 405, 405, 405, 405)

WORK_SEEN = (LOGIN, 404, 404, 200, 200, 200, 200)
WORK_WRITTEN = (LOGIN, 404, 404, 200, 404, 404, 404)

INVITING = (
    "sign", "decline", "slot_history", "invite", "host", "scan", "letter_pdf", "link_make", "link_end",
)  # fmt: skip
PROVING = (
    "evidence_submit_all", "evidence_replace", "evidence_submit", "evidence_accept", "evidence_return",
)  # fmt: skip
PREPARED = (
    "declaration_new", "declaration_publish", "declaration_close", "declaration_withdraw", "declaration_revise",
    "declaration_copy", "declaration_discard", "declaration_number", "declaration_add_slot", "slot_excuse",
    "letterhead_list", "letterhead_new", "letterhead_edit", "remind",
)  # fmt: skip

# Address name → what a GET answers to each of PEOPLE, in that order.
MATRIX = {
    "landing": EVERYBODY,
    "guide": EVERYBODY,
    "guide_role": EVERYBODY,
    "privacy": EVERYBODY,
    "verify": EVERYBODY,
    "verify_code": EVERYBODY,
    "verify_json": EVERYBODY,
    "evidence_json": EVERYBODY,
    "check_file": EVERYBODY,
    "tasks": LOGGED_IN,
    "declaration_list": LOGGED_IN,
    "calendar": LOGGED_IN,
    "office": LOGGED_IN,
    "sub_district_list": LOGGED_IN,
    "sub_district": LOGGED_IN,
    "declaration_detail": SEEN,
    "print_page": SEEN,
    "declaration_pdf": SEEN,
    "wet_ink_pdf": SEEN,
    "final_pdf": (LOGIN, 404, 302, 302, 302, 302, 302),  # not issued yet: back to the printer's page
    "ledger": ROLES_ONLY,
    "audit_export": PREPARE,
    "matrix": ROLES_ONLY,
    "matrix_map": ROLES_ONLY,
    "matrix_sheet": ROLES_ONLY,
    "slot_history": ROLES_ONLY,
    "review_queue": REVIEW,
    "queue_sheet": REVIEW,
    "review_many": REVIEW,
    "review": (LOGIN, 404, 404, 404, 404, 200, 200),
    "review_scan": (LOGIN, 404, 404, 404, 404, 404, 404),  # this one was drawn
    "receipt": (LOGIN, 404, 200, 404, 404, 200, 200),
    "receipt_pdf": (LOGIN, 404, 200, 404, 404, 200, 200),
    "invite": REVIEW,
    "host": REVIEW,
    "scan": REVIEW,
    "letter_pdf": (LOGIN, 403, 403, 403, 403, 302, 302),  # has signed: back, with a sentence
    "link_make": POST_ONLY,
    "link_end": POST_ONLY,
    "letter": EVERYBODY,
    "door": EVERYBODY,
    **dict.fromkeys(("door_code", "door_sign", "door_done"), DOOR),
    **dict.fromkeys(("door_decline", "door_leave"), (405,) * 7),
    "sign": (LOGIN, 404, 302, 404, 404, 404, 404),  # has signed: to the receipt
    "evidence_list": (LOGIN, 404, 404, 200, 200, 200, 200),
    "evidence_edit": WORK_WRITTEN,
    "evidence_file": (LOGIN, 404, 404, 200, 200, 200, 200),
    "evidence_queue": LOGGED_IN,  # what waits for whoever asks: mostly nothing
    **dict.fromkeys(PROVING, POST_ONLY),
    "plan_list": LOGGED_IN,
    **dict.fromkeys(("plan", "plan_history"), WORK_SEEN),
    **dict.fromkeys(("plan_new", "plan_copy", "action_new", "action_edit", "action_remove"), WORK_WRITTEN),
    "plan_share": PREPARE,
    "point_criteria": PREPARE,
    **dict.fromkeys(("focal_points", "focal_points_sheet"), LOGGED_IN),  # of one's own office, or all
    "report": WORK_SEEN,
    "report_queue": LOGGED_IN,  # what waits for whoever asks: mostly nothing
    **dict.fromkeys(("report_accept", "report_return"), POST_ONLY),
    **dict.fromkeys(("city", "city_sheet"), ROLES_ONLY),
    "city_today": (LOGIN, 403, 403, 403, 302, 302, 302),
    "decline": POST_ONLY,
    "review_accept": POST_ONLY,
    "review_return": POST_ONLY,
    "issue_final": POST_ONLY,
    "paper_again": POST_ONLY,
    **dict.fromkeys(PREPARED, PREPARE),
    "slot_excuse": (LOGIN, 403, 403, 403, 403, 403, 302),  # has signed: back, with a sentence
    "declaration_edit": (LOGIN, 403, 403, 403, 403, 403, 302),  # published: not by form
    "declaration_publish": (LOGIN, 403, 403, 403, 403, 403, 302),  # published already: back, with a sentence
}  # fmt: skip


def commitment_names():
    (included,) = [
        resolver
        for resolver in get_resolver().url_patterns
        if isinstance(resolver, URLResolver) and resolver.app_name == "commitments"
    ]

    def walk(patterns):
        for pattern in patterns:
            if isinstance(pattern, URLPattern):
                yield pattern.name
            else:
                yield from walk(pattern.url_patterns)

    return {name for name in walk(included.url_patterns) if name}


def test_every_address_has_a_row():
    assert commitment_names() == set(MATRIX)


@pytest.fixture
def scene():
    place = make_sub_district()
    declaration = make_declaration(slots=2)
    over = make_declaration(slots=1)
    publishing.close(over, by=over.created_by)
    signature = make_signature(declaration.signatories.first())
    slot = signature.signatory
    operator = make_membership(agency=slot.position.agency).user
    make_action(plan=make_plan(agency=slot.position.agency, year=2025))
    action = make_action(plan=make_plan(agency=slot.position.agency))
    # In the hands of the office, and not only its own.
    evidence, report = (
        make_evidence(action, state="needs_work"),
        make_report(action, state="needs_work", by=operator),
    )
    people = {
        "nobody": None,
        "stranger": make_user(),
        "signer": holder_of(slot),
        "operator": operator,
        "monitor": make_user("monitor"),
        "reviewer": make_user("reviewer"),
        "admin": make_user("admin"),
    }
    arguments = {
        "guide_role": ["operator"],
        **{name: [declaration.code] for name in ("verify_code", "verify_json")},
        "evidence_json": [over.code],  # while signing goes on, nobody gets it
        "sub_district": [place.code],
        "matrix_sheet": [declaration.pk, "xlsx"],
        "queue_sheet": ["csv"],
        "slot_excuse": [declaration.pk, slot.pk],
        "letterhead_edit": [declaration.letterhead_id],
        "letter": [declaration.code, slot.pk],
        **{name: [slot.pk] for name in INVITING},
        **{name: [evidence.pk] for name in PROVING},
        **{name: [evidence.action_id] for name in ("evidence_list", "evidence_submit_all")},
        "evidence_file": [evidence.pk, 1],
        "evidence_edit": [evidence.pk],
        **{
            name: [action.plan_id]
            for name in ("plan", "plan_history", "plan_copy", "plan_share", "action_new")
        },
        **{name: [action.pk] for name in ("action_edit", "action_remove")},
        "plan_new": [action.plan.agency_id],
        "report": [action.pk, 1],
        **{name: [report.pk] for name in ("report_accept", "report_return")},
        "focal_points_sheet": ["csv"],
        "city": [2026],
        "city_sheet": [2026, "peta", "csv"],
        **{
            name: [signature.pk]
            for name in ("receipt", "receipt_pdf", "review", "review_scan", "review_accept", "review_return")
        },
    }
    without = {
        "landing", "guide", "privacy", "verify", "check_file", "tasks", "calendar", "declaration_list",
        "declaration_new", "office", "sub_district_list", "door", "door_code", "door_sign",
        "door_decline", "door_done", "door_leave", "review_queue", "review_many", "letterhead_list", "letterhead_new",
        "evidence_queue", "plan_list", "report_queue", "city_today", "focal_points",
    }  # fmt: skip
    return people, lambda name: arguments.get(name, [] if name in without else [declaration.pk])


@pytest.mark.parametrize("name", sorted(MATRIX))
def test_who_may_open_what(client, scene, name):
    people, arguments = scene
    url = reverse(f"commitments:{name}", args=arguments(name))
    found = []
    for person in PEOPLE:
        client.logout()
        if people[person]:
            client.force_login(people[person])
        found.append(client.get(url).status_code)
    assert dict(zip(PEOPLE, found, strict=True)) == dict(zip(PEOPLE, MATRIX[name], strict=True))


VERIFIED = ("plan", "plan_history", "report", "evidence_list", "evidence_file")


@pytest.mark.parametrize("name", sorted(MATRIX))
def test_a_named_verifier_opens_the_work_of_that_office_and_else_what_a_stranger_opens(client, scene, name):
    people, arguments = scene
    url = reverse(f"commitments:{name}", args=arguments(name))
    verifier = make_verifier(agency=people["operator"].memberships.get().agency).user
    client.force_login(verifier)
    expected = 200 if name in VERIFIED else MATRIX[name][PEOPLE.index("stranger")]
    assert client.get(url).status_code == expected


def _wrong(value):
    if isinstance(value, int):
        return value + 99_999
    return value if value in {"xlsx", "csv"} else "ZZ.99.99"


@pytest.mark.parametrize("name", sorted(MATRIX))
def test_c08_an_id_that_is_not_there_is_404_for_everybody(client, scene, name):
    people, arguments = scene
    wrong = [_wrong(value) for value in arguments(name)]
    if wrong == arguments(name):
        return  # names nothing
    client.force_login(people["admin"])
    url = reverse(f"commitments:{name}", args=wrong)
    assert {client.get(url).status_code, client.post(url).status_code} <= {404, 405}


@pytest.mark.parametrize("name", ["review_accept", "review_return", "decline"])
def test_c41_anyone_else_gets_404_and_changes_nothing(client, scene, name):
    people, arguments = scene
    from commitments.models import LedgerEntry

    before = LedgerEntry.objects.count()
    for person in ("stranger", "operator", "monitor"):
        client.force_login(people[person])
        url = reverse(f"commitments:{name}", args=arguments(name))
        assert client.post(url, {"reason": "x", "note": "x"}).status_code == 404
    assert LedgerEntry.objects.count() == before


@pytest.mark.parametrize("name", sorted(MATRIX))
def test_c14_no_post_without_a_token(scene, name):
    from tests.client import Client

    people, arguments = scene
    client = Client(enforce_csrf_checks=True)
    client.force_login(people["admin"])
    url = reverse(f"commitments:{name}", args=arguments(name))
    assert client.post(url, {}).status_code in {403, 405}


HOSTILE = ["\x00", "%", "'\"><script>", "٣", "9" * 400, "-1", "🙂", "[]", "null", "1e309"]


@pytest.mark.parametrize("value", HOSTILE)
def test_c71_no_query_or_field_gives_a_500(client, scene, value):
    people, arguments = scene
    client.force_login(people["admin"])
    client.raise_request_exception = True
    keys = ("q", "keadaan", "kelompok", "kertas", "kode", "page", "next", "kerangka")
    fields = (
        "year", "title", "points", "basis", "named", "letterhead", "page_size", "date", "sign_by", "reason", "note",
        "number", "position", "key", "drawing", "method", "typed_name", "consent", "digest", "name", "line2",
        "version",
    )  # fmt: skip
    for name in sorted(MATRIX):
        url = reverse(f"commitments:{name}", args=arguments(name))
        assert client.get(url, dict.fromkeys(keys, value)).status_code < 500, name
        if name not in {
            "declaration_publish",
            "declaration_discard",
            "declaration_close",
            "declaration_withdraw",
        }:
            assert client.post(url, dict.fromkeys(fields, value)).status_code < 500, name


WORK_FIELDS = (
    "year", "source", "agencies", "butir-1", "point", "title", "criteria", "indicator", "unit", "baseline", "target_1",
    "target_4", "budget", "person_in_charge", "due_on", "has_beneficiaries", "weight", "reached", "spent", "men",
    "women", "unsplit", "unsplit_reason", "narrative", "claimed", "found", "note", "version", "file",
)  # fmt: skip


@pytest.mark.parametrize("value", HOSTILE)
@pytest.mark.parametrize("person", ["operator", "reviewer", "admin"])
def test_c71_nothing_written_about_the_work_gives_a_500(client, scene, person, value):
    people, arguments = scene
    client.force_login(people[person])
    names = [
        name
        for name in MATRIX
        if name.startswith(("plan", "action", "report", "evidence", "point", "focal", "city"))
    ]
    for name in sorted(names):
        url = reverse(f"commitments:{name}", args=arguments(name))
        assert client.get(url, {"page": value, "kerangka": value}).status_code < 500, name
        assert client.post(url, dict.fromkeys(WORK_FIELDS, value)).status_code < 500, name
