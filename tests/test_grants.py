"""The application's role in PostgreSQL: what it may do, and what it may not even ask."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from commitments.models import LedgerEntry
from commitments.triggers import APPEND_ONLY
from pug_bekasi import grants
from tests.factories import make_declaration, make_signature
from tests.owner import as_owner

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]
ROLE = "pug_coba"


@pytest.fixture
def restricted():
    """Evidence in the database, and a connection that has become the application's role."""
    make_signature(state="accepted")
    connection.check_constraints()  # else the deferred ones are in the way before the role is
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(f"CREATE ROLE {ROLE} NOINHERIT")
        for statement in grants.statements(ROLE):
            cursor.execute(statement)
        cursor.execute(f"SET ROLE {ROLE}")
        yield cursor


def answer(sql: str) -> str:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
    except DatabaseError as error:
        return str(error).partition("\n")[0]
    return "done"


@pytest.mark.parametrize("table", APPEND_ONLY)
@pytest.mark.parametrize("sql", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_c42_the_application_may_not_even_ask_to_change_history(restricted, table, sql):
    assert answer(sql.format(table)) == f"permission denied for table {table}"


@pytest.mark.parametrize(
    "sql",
    [
        "DROP TRIGGER commitments_ledgerentry_keep_rows ON commitments_ledgerentry",
        "ALTER TABLE commitments_ledgerentry DISABLE TRIGGER ALL",
        "ALTER TABLE commitments_signature ADD COLUMN lain int",
        "DROP TABLE commitments_review CASCADE",
        "CREATE RULE lain AS ON INSERT TO commitments_review DO INSTEAD NOTHING",
        "CREATE TRIGGER lain BEFORE INSERT ON commitments_review EXECUTE FUNCTION commitments_refuse()",
        "CREATE OR REPLACE FUNCTION commitments_refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN END'",
        "CREATE TABLE lain (id int)",
        "CREATE TEMPORARY TABLE commitments_ledgerentry (id int)",
        "CREATE SCHEMA lain",
        "SET session_replication_role = replica",
        "COPY commitments_ledgerentry TO PROGRAM 'cat'",
        "SELECT setval(pg_get_serial_sequence('commitments_ledgerentry', 'id'), 1)",
        "INSERT INTO django_migrations (app, name, applied) VALUES ('a', 'b', now())",
        "INSERT INTO auth_group (name) VALUES ('Peran lain')",
        "DELETE FROM agencies_user",
        "UPDATE agencies_historicalofficial SET name = 'Lain'",
        "DELETE FROM django_admin_log",
        "DELETE FROM commitments_ledgerhead",
        "TRUNCATE commitments_declaration CASCADE",
    ],
)
def test_c42_the_application_can_neither_lift_a_fence_nor_build_beside_it(restricted, sql):
    told = answer(sql)
    assert any(word in told for word in ("permission denied", "must be owner of", "must be superuser"))


def test_c42_nothing_else_of_the_database_belongs_to_the_role(restricted):
    owned = "SELECT count(*) FROM pg_shdepend WHERE deptype = 'o' AND refobjid = %s::regrole"
    restricted.execute(owned, [ROLE])
    assert restricted.fetchone() == (0,)
    flags = "rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls"
    restricted.execute(f"SELECT {flags} FROM pg_roles WHERE rolname = %s", [ROLE])
    assert restricted.fetchone() == (False,) * 5


def test_the_application_signs_reviews_and_reads_with_these_rights(restricted):
    make_signature(make_declaration(slots=1).signatories.get(), state="accepted")
    kinds = LedgerEntry.objects.order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["published", "signed", "accepted"] * 2


def test_every_table_of_the_database_is_named(restricted):
    with connection.cursor() as cursor:
        assert set(connection.introspection.table_names(cursor)) == set(grants.tables())


def test_what_was_given_too_much_is_taken_back(restricted):
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(f"GRANT ALL ON commitments_ledgerentry TO PUBLIC, {ROLE}")
        for statement in grants.statements(ROLE):
            cursor.execute(statement)
        rights = "SELECT privilege_type FROM information_schema.table_privileges WHERE table_name = %s AND grantee = %s"
        cursor.execute(f"{rights} ORDER BY 1", ["commitments_ledgerentry", ROLE])
        assert cursor.fetchall() == [("INSERT",), ("SELECT",)]


def test_the_command_prints_what_the_owner_runs():
    out = io.StringIO()
    call_command("grants", role=ROLE, stdout=out)
    lines = out.getvalue().splitlines()
    assert (lines[0], lines[-1]) == ("BEGIN;", "COMMIT;")
    assert f'GRANT SELECT, INSERT ON "commitments_ledgerentry" TO "{ROLE}";' in lines
    assert f'GRANT SELECT, INSERT, UPDATE ON "commitments_ledgerhead" TO "{ROLE}";' in lines


def test_the_owner_is_no_application_role():
    with pytest.raises(CommandError, match="harus berbeda"):
        call_command("grants", role=connection.settings_dict["USER"])
