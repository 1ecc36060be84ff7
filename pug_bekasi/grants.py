"""What the application's own role may do in PostgreSQL. It owns nothing: the role that migrates is the owner.

Triggers refuse what must never happen; this role may not even ask, and it cannot drop a trigger or alter a table.
"""

from collections.abc import Iterator

from django.apps import apps
from django.conf import settings
from django.db import connection
from simple_history.models import HistoricalChanges

from commitments.triggers import APPEND_ONLY

READ = "SELECT"
ADD = "SELECT, INSERT"
KEEP = "SELECT, INSERT, UPDATE"
ALL = "SELECT, INSERT, UPDATE, DELETE"

# Everything that is not named here, nor append-only, nor the history of a list, may be written and deleted.
RIGHTS = {
    "django_migrations": READ,
    "django_content_type": READ,
    "auth_permission": READ,
    "auth_group": READ,  # the roles come with a migration
    "auth_group_permissions": READ,
    "django_admin_log": ADD,
    "agencies_failedlogin": "SELECT, INSERT, DELETE",  # written once, forgotten after 90 days
    "agencies_user": KEEP,  # a login is ended by making it inactive
    "commitments_ledgerhead": KEEP,
    "commitments_plan": KEEP,
    "commitments_evidence": KEEP,
    "commitments_report": KEEP,
    "commitments_framework": KEEP,
    "commitments_letterhead": KEEP,
    "commitments_outgoingmail": KEEP,
    "commitments_paperjob": KEEP,
}


def tables() -> dict[str, str]:
    """Table → what the application may do with it; every table there is."""
    found = {"django_migrations": READ, str(settings.CACHES["default"]["LOCATION"]): ALL}
    for model in apps.get_models(include_auto_created=True):
        is_history = issubclass(model, HistoricalChanges)
        found[model._meta.db_table] = ADD if is_history else ALL
    return found | RIGHTS | dict.fromkeys(APPEND_ONLY, ADD)


def statements(role: str) -> Iterator[str]:
    """The SQL that takes everything from the role and gives it what it needs; the owner runs it after each migrate."""
    quote = connection.ops.quote_name
    database, name = quote(str(connection.settings_dict["NAME"])), quote(role)
    yield f"REVOKE ALL ON DATABASE {database} FROM PUBLIC, {name}"  # nobody else, and no temporary tables
    yield f"GRANT CONNECT ON DATABASE {database} TO {name}"
    yield f"REVOKE CREATE ON SCHEMA public FROM PUBLIC, {name}"
    yield f"GRANT USAGE ON SCHEMA public TO {name}"
    yield f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC, {name}"
    yield f"REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM PUBLIC, {name}"
    for table, rights in sorted(tables().items()):
        yield f"GRANT {rights} ON {quote(table)} TO {name}"
    # Keys are identity columns, which need no right on their sequence; a backup reads where each stands.
    yield f"GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO {name}"
