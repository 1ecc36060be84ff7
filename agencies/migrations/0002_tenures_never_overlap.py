"""One holder a post at a time: the days of two tenures of a post never overlap, both ends included.

SQLite makes a table anew when a later migration alters it, and forgets its triggers: such a migration runs `fence` again.
"""

from django.db import migrations

EXCLUSION = """ALTER TABLE agencies_tenure ADD CONSTRAINT tenure_never_overlaps EXCLUDE USING gist (
    int8range(position_id, position_id, '[]') WITH &&, daterange(starts_on, ends_on, '[]') WITH &&)"""
# SQLite has one writer at a time, so a look before the write is enough there.
LOOK = """CREATE TRIGGER agencies_tenure_overlap_{when} BEFORE {When} ON agencies_tenure
    WHEN EXISTS (SELECT 1 FROM agencies_tenure WHERE position_id = NEW.position_id AND id IS NOT NEW.id
        AND starts_on <= COALESCE(NEW.ends_on, '9999-12-31') AND COALESCE(ends_on, '9999-12-31') >= NEW.starts_on)
    BEGIN SELECT RAISE(ABORT, 'tenure_never_overlaps'); END"""


def fence(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(EXCLUSION, params=None)
        return
    for when in ("INSERT", "UPDATE"):
        schema_editor.execute(LOOK.format(when=when.lower(), When=when), params=None)


def open_again(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE agencies_tenure DROP CONSTRAINT tenure_never_overlaps")
        return
    for when in ("insert", "update"):
        schema_editor.execute(f"DROP TRIGGER agencies_tenure_overlap_{when}")


class Migration(migrations.Migration):
    dependencies = [("agencies", "0001_initial")]

    operations = [migrations.RunPython(fence, open_again)]
