"""The fence inside the database: triggers that refuse to change history, on PostgreSQL and on SQLite.

`install()` runs in a migration; `remove()` serves tests that flush tables and drills that tamper on purpose.
"""

# ruff: noqa: S608 the statements are put together from the constants below, never from input
from collections.abc import Iterator

# Table → the columns that make a row unique. SQLite's INSERT OR REPLACE deletes the old row without firing a DELETE
# trigger, so there every insert that would meet an existing row is refused first.
APPEND_ONLY = {
    "commitments_ledgerentry": [("id",), ("declaration_id", "sequence"), ("declaration_id", "previous_hash")],
    "commitments_signature": [("id",), ("number",), ("signatory_id", "idempotency_key")],
    "commitments_review": [("id",), ("signature_id", "decision")],
    "commitments_planentry": [("id",), ("plan_id", "sequence"), ("plan_id", "previous_hash")],
    "commitments_evidencefile": [("id",), ("evidence_id", "version")],
    "commitments_document": [("id",), ("declaration_id", "kind")],
}
# The rows of a text that may not change once it is published.
TEXT_TABLES = ("commitments_point", "commitments_legalbasis")
REFUSED = "append-only: this row is part of the record"


def _declaration_columns() -> list[str]:
    """Every column of a declaration but the few that its life changes; asked of the model, so none is forgotten."""
    from django.apps import apps  # the models are not loaded when this module is

    declaration = apps.get_model("commitments", "Declaration")
    columns = [field.column for field in declaration._meta.concrete_fields]
    return [column for column in columns if column and column not in declaration.MUTABLE]


def _frozen_change(old: str = "OLD", new: str = "NEW", differs: str = "IS DISTINCT FROM") -> str:
    """Condition: a published declaration has a frozen column changed."""
    changed = " OR ".join(f'{old}."{column}" {differs} {new}."{column}"' for column in _declaration_columns())
    return f"{old}.published_at IS NOT NULL AND ({changed})"


def _postgresql() -> Iterator[str]:
    yield f"""CREATE OR REPLACE FUNCTION commitments_refuse() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION '{REFUSED} (%)', TG_TABLE_NAME
           USING ERRCODE = 'integrity_constraint_violation'; END $$"""
    yield """CREATE OR REPLACE FUNCTION commitments_refuse_text() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF EXISTS (SELECT 1 FROM commitments_declaration WHERE published_at IS NOT NULL AND
                   id IN (CASE WHEN TG_OP = 'INSERT' THEN NULL ELSE OLD.declaration_id END,
                          CASE WHEN TG_OP = 'DELETE' THEN NULL ELSE NEW.declaration_id END))
        THEN RAISE EXCEPTION 'published: this text is frozen (%)', TG_TABLE_NAME
             USING ERRCODE = 'integrity_constraint_violation'; END IF;
        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
        RETURN NEW; END $$"""
    for table in APPEND_ONLY:
        yield f"""CREATE TRIGGER {table}_keep_rows BEFORE UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION commitments_refuse()"""
        yield f"""CREATE TRIGGER {table}_keep_all BEFORE TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION commitments_refuse()"""
    for table in TEXT_TABLES:
        yield f"""CREATE TRIGGER {table}_keep_text BEFORE INSERT OR UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION commitments_refuse_text()"""
    yield f"""CREATE TRIGGER commitments_declaration_keep_text BEFORE UPDATE ON commitments_declaration
        FOR EACH ROW WHEN ({_frozen_change()}) EXECUTE FUNCTION commitments_refuse()"""
    yield """CREATE TRIGGER commitments_declaration_keep_row BEFORE DELETE ON commitments_declaration
        FOR EACH ROW WHEN (OLD.published_at IS NOT NULL) EXECUTE FUNCTION commitments_refuse()"""
    yield """CREATE TRIGGER commitments_signatory_keep_row BEFORE DELETE ON commitments_signatory
        FOR EACH ROW EXECUTE FUNCTION commitments_refuse_text()"""


def _sqlite() -> Iterator[str]:
    def refuse(name: str, when: str, table: str, condition: str = "") -> str:
        guard = f"WHEN {condition}" if condition else ""
        return f"CREATE TRIGGER {name} BEFORE {when} ON {table} {guard} BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"

    def published(row: str) -> str:
        of_it = f"FROM commitments_declaration WHERE id = {row}.declaration_id"
        return f"(SELECT published_at {of_it}) IS NOT NULL"

    for table, uniques in APPEND_ONLY.items():
        yield refuse(f"{table}_keep_update", "UPDATE", table)
        yield refuse(f"{table}_keep_delete", "DELETE", table)
        same = " OR ".join("(" + " AND ".join(f"{c} = NEW.{c}" for c in columns) + ")" for columns in uniques)
        yield refuse(f"{table}_keep_replace", "INSERT", table, f"EXISTS (SELECT 1 FROM {table} WHERE {same})")
    for table in TEXT_TABLES:
        yield refuse(f"{table}_keep_insert", "INSERT", table, published("NEW"))
        yield refuse(f"{table}_keep_update", "UPDATE", table, f"{published('OLD')} OR {published('NEW')}")
        yield refuse(f"{table}_keep_delete", "DELETE", table, published("OLD"))
    declaration = "commitments_declaration"
    yield refuse(f"{declaration}_keep_text", "UPDATE", declaration, _frozen_change(differs="IS NOT"))
    yield refuse(f"{declaration}_keep_delete", "DELETE", declaration, "OLD.published_at IS NOT NULL")
    same = "(id = NEW.id OR code = NEW.code)"
    replaced = f"EXISTS (SELECT 1 FROM {declaration} WHERE published_at IS NOT NULL AND {same})"
    yield refuse(f"{declaration}_keep_replace", "INSERT", declaration, replaced)
    yield refuse("commitments_signatory_keep_delete", "DELETE", "commitments_signatory", published("OLD"))


def install(schema_editor) -> None:
    remove(schema_editor)
    statements = _postgresql() if schema_editor.connection.vendor == "postgresql" else _sqlite()
    for statement in statements:
        schema_editor.execute(statement, params=None)


def remove(schema_editor) -> None:
    connection = schema_editor.connection
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT tgname, tgrelid::regclass::text FROM pg_trigger "
                "WHERE NOT tgisinternal AND tgname LIKE 'commitments_%_keep_%'",
            )
        else:
            cursor.execute(
                "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'commitments_%_keep_%'"
            )
        found = cursor.fetchall()
    for name, table in found:
        on = f" ON {table}" if connection.vendor == "postgresql" else ""
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}{on}", params=None)
