"""The product's settings with three addresses more, Django's own admin templates for one of them, and cheap passwords
for the hundreds of logins of the stage."""

from copy import deepcopy

from pug_bekasi.settings import *  # noqa: F403

ROOT_URLCONF = "tests.benchmarks.urls"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
TEMPLATES = [*TEMPLATES, deepcopy(TEMPLATES[0]) | {"NAME": "stock", "DIRS": []}]
