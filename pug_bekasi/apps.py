from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.contrib.staticfiles.apps import StaticFilesConfig


class PugBekasiConfig(AppConfig):
    """The wiring. It holds no domain word; it is an app only so that migrate makes the cache's table."""

    name = "pug_bekasi"


class MasterDataConfig(AdminConfig):
    """The admin, opened by role."""

    default_site = "agencies.admin_site.MasterDataSite"


class ServedFilesConfig(StaticFilesConfig):
    """Leaves out what no browser asks for: the styles of paper, and parts that are served put together."""

    ignore_patterns = [
        *StaticFilesConfig.ignore_patterns,
        "paper",
        "tokens.css",
        "app.css",
        "admin_theme.css",
    ]
