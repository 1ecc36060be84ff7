"""C60: a page costs as many queries with 500 commitments as with 10."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from commitments import codes
from commitments.documents import strokes
from commitments.models import Declaration, Review, Signatory
from commitments.models.salted import new_salt
from commitments.states import SignatoryState
from tests.factories import make_declaration, make_signature, make_user
from tests.owner import as_owner

pytestmark = pytest.mark.django_db
FEW, MANY = 10, 500


def copies(row: Any, number: int, /, **changed: Callable[[int], Any]) -> list:
    """So many rows like this one, with these fields of their own, written at once."""
    model = type(row)
    names = [field.attname for field in model._meta.concrete_fields if not field.primary_key]
    values = {name: getattr(row, name) for name in names}
    return model.objects.bulk_create(
        model(**(values | {name: make(index) for name, make in changed.items()})) for index in range(number)
    )


def grow(declaration: Declaration, number: int) -> None:
    """So many more slots, each with an office, a post, a person and a signature of its own."""
    slot = declaration.signatories.exclude(current_signature=None).first()
    signature = slot.current_signature
    tenure = signature.tenure
    agencies = copies(
        slot.position.agency, number, abbreviation=lambda n: f"B{n}", name=lambda n: f"Badan {n}"
    )
    positions = copies(
        slot.position, number, title=lambda n: f"Kepala Badan {n}", agency_id=lambda n: agencies[n].pk,
        protocol_rank=lambda n: 10_000 + n,
    )  # fmt: skip
    users = copies(signature.user, number, username=lambda n: f"banyak{n}", email=lambda n: "")
    officials = copies(
        signature.official, number, name=lambda n: f"Banyak {n}", nip=lambda n: None,
        nip_absent_reason=lambda n: "Contoh", user_id=lambda n: users[n].pk,
    )  # fmt: skip
    tenures = copies(
        tenure, number, position_id=lambda n: positions[n].pk, official_id=lambda n: officials[n].pk
    )
    slots = copies(
        slot, number, position_id=lambda n: positions[n].pk, state=lambda n: SignatoryState.WAITING,
        current_signature_id=lambda n: None,
    )  # fmt: skip
    signatures = copies(
        signature, number, signatory_id=lambda n: slots[n].pk, number=lambda n: codes.new_code(),
        idempotency_key=lambda n: uuid4(), salt=lambda n: new_salt(), user_id=lambda n: users[n].pk,
        official_id=lambda n: officials[n].pk, tenure_id=lambda n: tenures[n].pk,
    )  # fmt: skip
    review = Review.objects.first()
    copies(review, number, signature_id=lambda n: signatures[n].pk, salt=lambda n: new_salt())
    for index, (grown, signed) in enumerate(zip(slots, signatures, strict=True)):
        grown.state = SignatoryState.ACCEPTED if index % 2 else SignatoryState.SIGNED
        grown.current_signature = signed
    Signatory.objects.bulk_update(slots, ["state", "current_signature"])


def look_at_the_tables() -> None:
    """As autovacuum does within a minute of so many new rows. It cannot see rows of a transaction that goes on: by what
    it saw of other tests, PostgreSQL takes these tables for empty, and a page of 500 rows for minutes of work."""
    if connection.vendor == "postgresql":
        with as_owner(), connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def address(name: str, *args: Any) -> str:
    return reverse(f"commitments:{name}", args=args)


def pages(declaration: Declaration) -> dict[str, tuple[str, str]]:
    """Page → who looks at it, and its address."""
    pk = declaration.pk
    return {
        "list": ("admin", address("declaration_list")),
        "detail": ("admin", address("declaration_detail", pk)),
        "calendar": ("admin", address("calendar")),
        "matrix": ("admin", address("matrix", pk)),
        "map": ("admin", address("matrix_map", pk)),
        "matrix as XLSX": ("admin", address("matrix_sheet", pk, "xlsx")),
        "matrix as CSV": ("admin", address("matrix_sheet", pk, "csv")),
        "queue": ("reviewer", address("review_queue")),
        "batch": ("reviewer", address("review_many")),
        "queue as XLSX": ("reviewer", address("queue_sheet", "xlsx")),
        "queue as CSV": ("reviewer", address("queue_sheet", "csv")),
        "landing": ("nobody", address("landing")),
        "public page": ("nobody", address("verify_code", declaration.code)),
    }


# Two of each are the session and the user, on a page for roles one or two more for the groups; the rest are the rows.
QUERIES = {
    "list": 6,
    "detail": 11,
    "calendar": 7,
    "matrix": 8,
    "map": 8,
    "matrix as XLSX": 8,
    "matrix as CSV": 8,
    "queue": 7,
    "batch": 7,  # its drawings were made by the queue
    "queue as XLSX": 4,
    "queue as CSV": 4,
    "landing": 3,
    "public page": 6,
}


def cost(client, people: dict, who: str, url: str) -> int:
    client.logout()
    if people[who]:
        client.force_login(people[who])
    with CaptureQueriesContext(
        connection,
    ) as queries:
        answer = client.get(url)
    assert answer.status_code == 200
    return len(queries)


def test_c60_ten_or_five_hundred_commitments_cost_the_same_queries(client):
    people = {"nobody": None, "reviewer": make_user("reviewer"), "admin": make_user("admin")}
    declaration = make_declaration(slots=FEW)
    first, second, *rest = declaration.signatories.in_protocol_order()
    make_signature(first, state="accepted")
    make_signature(second)
    for slot in rest[:6]:
        make_signature(slot)
    costs = [{name: cost(client, people, *page) for name, page in pages(declaration).items()}]
    grow(declaration, MANY - FEW)
    copies(
        declaration, MANY, code=lambda n: codes.new_code(), salt=lambda n: new_salt(), year=lambda n: 1500 + n
    )
    assert (declaration.signatories.count(), Declaration.objects.count()) == (MANY, MANY + 1)
    look_at_the_tables()
    costs.append({name: cost(client, people, *page) for name, page in pages(declaration).items()})
    assert costs == [QUERIES, QUERIES]


def test_c60_pictures_that_are_forgotten_while_a_page_is_made_cost_one_query_together(client, monkeypatch):
    monkeypatch.setattr(strokes, "REMEMBERED", 3)
    strokes._OUTLINES.clear()
    reviewer = {"reviewer": make_user("reviewer")}
    slots = make_declaration(slots=6).signatories.in_protocol_order()
    for slot in slots[:3]:
        make_signature(slot)
    page = ("reviewer", address("review_queue"))
    first = cost(client, reviewer, *page)
    for slot in slots[3:]:
        make_signature(slot)
    assert (cost(client, reviewer, *page), first) == (QUERIES["queue"], QUERIES["queue"])
    assert len(strokes._OUTLINES) == 3
