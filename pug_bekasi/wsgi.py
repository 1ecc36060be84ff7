import logging
import os

from django.core.checks import run_checks
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pug_bekasi.settings")
application = get_wsgi_application()
# manage.py says this by itself; a web server starts without it.
for message in run_checks(tags=["seal"]):
    logging.getLogger("pug_bekasi").warning("%s", message)
