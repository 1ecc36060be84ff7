from django.apps import AppConfig


class PugBekasiConfig(AppConfig):
    """The wiring. It holds no domain word; it is an app only so that migrate makes the cache's table."""

    name = "pug_bekasi"
