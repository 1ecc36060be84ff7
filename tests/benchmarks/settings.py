"""The product's settings with two addresses more, and cheap passwords for the hundreds of logins of the stage."""

from pug_bekasi.settings import *  # noqa: F403

ROOT_URLCONF = "tests.benchmarks.urls"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
