"""What every test stands on: a database and a file store of its own, and no slow password hashing."""

import shutil
from pathlib import Path

import pytest
from django.db import connection, connections
from django.test import override_settings

from tests.owner import as_owner

PASSPHRASE = "frasa sandi untuk uji"
BROWSER = Path(__file__).parent / "browser"
ROLE = "pug_app"


def pytest_addoption(parser):
    parser.addoption(
        "--restricted", action="store_true", help="on PostgreSQL work as the application's own role"
    )


def pytest_collection_modifyitems(config, items):
    """On SQLite leave out, rather than skip, what runs on PostgreSQL only."""
    for item in items:
        if BROWSER in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.postgresql)
    if connection.vendor == "sqlite":
        left_out = [item for item in items if item.get_closest_marker("postgresql")]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix, tmp_path_factory):
    """Give SQLite a file, one a process: threads on its in-memory database fail at random."""
    if connection.vendor == "sqlite":
        file = tmp_path_factory.mktemp("database") / "test.sqlite3"
        connections["default"].settings_dict["TEST"]["NAME"] = str(file)


@pytest.fixture(scope="session")
def django_db_setup(request, django_db_setup, django_db_blocker):
    """The owner makes and migrates the database; with --restricted every connection then takes the role of production.

    `as_owner()` gives a connection the owner's power back.
    """
    if connection.vendor != "postgresql" or not request.config.getoption("restricted"):
        yield
        return
    options = connection.settings_dict["OPTIONS"]
    with django_db_blocker.unblock():
        make_role()
        options["options"] = f"-c role={ROLE}"
        connection.close_pool()
        yield
        del options["options"]
        connection.close_pool()


def make_role():
    """A role belongs to the whole cluster, where another worker may have made it already."""
    from pug_bekasi import grants

    with connection.cursor() as cursor:
        cursor.execute(
            f"""DO $$ BEGIN CREATE ROLE {ROLE} NOINHERIT;
                EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"""
        )
        for statement in grants.statements(ROLE):
            cursor.execute(statement)
    connection.close()


@pytest.fixture(scope="session")
def made_seal(tmp_path_factory):
    """A seal made once, as an office makes it. Whoever changes its files works on a copy."""
    from commitments.documents import key_making, keys  # not before Django is set up

    with override_settings(SEAL_DIR=tmp_path_factory.mktemp("seal"), SEAL_KEY_PASSPHRASE=PASSPHRASE):
        key_making.make(name="Uji", organisation="Uji", passphrase=PASSPHRASE)
        return keys.folder()


@pytest.fixture(autouse=True)
def private_surroundings(settings, tmp_path, made_seal):
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.SEAL_DIR, settings.SEAL_KEY_PASSPHRASE, settings.TIMESTAMP_URL = made_seal, PASSPHRASE, ""
    settings.DATA_DIR = tmp_path  # where the counters of the server's limits stand
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    # The manifest of production exists only after collectstatic.
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": plain}


@pytest.fixture(autouse=True)
def numbered_from_one():
    """Names as long in every test, however many a worker made before: their length decides how a paper breaks."""
    from tests import factories  # not before Django is set up

    factories.number_from_one()


@pytest.fixture
def client():
    from tests.client import Client  # not before Django is set up

    return Client()


@pytest.fixture
def own_seal(settings, made_seal, tmp_path):
    """A seal whose files this test may change."""
    settings.SEAL_DIR = tmp_path / "seal"
    shutil.copytree(made_seal, settings.SEAL_DIR)
    return settings.SEAL_DIR


@pytest.fixture(scope="session", autouse=True)
def history_may_be_flushed():
    """TransactionTestCase cleans up by emptying tables, which role and triggers refuse: lift both for that."""
    from django.contrib.auth.models import Group
    from django.core.management.commands import flush

    from agencies.roles import ROLES
    from commitments import triggers

    empty = flush.Command.handle

    def lifted(self, **options):
        with as_owner():
            with connection.schema_editor() as editor:
                triggers.remove(editor)
            empty(self, **options)
            with connection.schema_editor() as editor:
                triggers.install(editor)
            Group.objects.bulk_create(Group(name=name) for name in ROLES)  # as the migration does

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(flush.Command, "handle", lifted)
        yield
