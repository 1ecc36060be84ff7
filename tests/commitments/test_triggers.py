"""The fence inside the database, on PostgreSQL and on SQLite."""

import pytest
from django.db import DatabaseError, connection, transaction

from commitments.models import Declaration
from tests.factories import make_declaration, make_signature

pytestmark = pytest.mark.django_db


def refused(sql: str, params=None) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, params)
    except DatabaseError as error:
        # The last is the answer to the application's own role, which may not even ask.
        return any(word in str(error) for word in ("append-only", "published", "permission denied"))
    return False


@pytest.mark.parametrize("table", ["ledgerentry", "signature", "review"])
def test_c42_update_and_delete_are_refused_by_the_database(table):
    make_signature(state="accepted")
    assert refused(f"UPDATE commitments_{table} SET id = id")
    assert refused(f"DELETE FROM commitments_{table}")


@pytest.mark.parametrize("table", ["ledgerentry", "signature", "review", "document"])
def test_c42_truncate_or_replace_is_refused(table):
    make_signature(state="accepted")
    if connection.vendor == "postgresql":
        connection.check_constraints()  # else the deferred ones are in the way before the trigger is
        assert refused(f"TRUNCATE commitments_{table} CASCADE")
    elif table != "document":
        assert refused(f"INSERT OR REPLACE INTO commitments_{table} SELECT * FROM commitments_{table}")


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE commitments_declaration SET title = 'Lain'",
        "UPDATE commitments_declaration SET opening = 'Lain'",
        "UPDATE commitments_declaration SET closing = 'Lain'",
        "UPDATE commitments_declaration SET text_digest = 'lain'",
        "UPDATE commitments_declaration SET published_at = NULL",
        "UPDATE commitments_declaration SET code = '000000000'",
        "UPDATE commitments_declaration SET date = '2020-01-01'",
        "UPDATE commitments_point SET text = 'Lain'",
        "DELETE FROM commitments_point",
        "UPDATE commitments_legalbasis SET text = 'Lain'",
        "DELETE FROM commitments_legalbasis",
        "DELETE FROM commitments_signatory",
        'INSERT INTO commitments_point (declaration_id, "order", text, sub_points) '
        "SELECT declaration_id, 9, 'Lain', '[]' FROM commitments_point",
    ],
)
def test_c15_a_published_text_is_frozen_by_the_database(sql):
    make_declaration(slots=1)
    assert refused(sql)


def test_c15_a_draft_is_not_frozen_and_a_number_may_still_come():
    draft = make_declaration(state="draft", slots=1)
    assert not refused("UPDATE commitments_point SET text = 'Lain'")
    assert not refused("UPDATE commitments_declaration SET title = 'Lain'")
    draft.delete()
    published = make_declaration(slots=1)
    assert not refused("UPDATE commitments_declaration SET number = '1/2026'")
    assert Declaration.objects.get(pk=published.pk).number == "1/2026"


def test_c15_every_column_is_frozen_but_the_few_that_its_life_changes():
    declaration = make_declaration(slots=1)
    free = [
        field.column
        for field in Declaration._meta.concrete_fields
        if not field.primary_key
        and not refused(f'UPDATE commitments_declaration SET "{field.column}" = {_other(field)}')
    ]
    assert sorted(free) == ["closed_at", "end_reason", "ended_at", "number"]
    assert Declaration.objects.get(pk=declaration.pk).title == declaration.title


def _other(field) -> str:
    """A value of the column's own type that differs from what make_declaration() wrote."""
    kind = field.get_internal_type()
    if kind in {"PositiveSmallIntegerField", "ForeignKey", "OneToOneField"}:
        return f'COALESCE("{field.column}", 0) + 1000'
    if kind == "BooleanField":
        return f'NOT "{field.column}"'
    if kind in {"DateField", "DateTimeField"}:
        return "'2030-01-01'"
    return {"state": "'draft'", "page_size": "'a4'", "code": "'000000000'"}.get(field.column, "'lain'")
