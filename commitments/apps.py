from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CommitmentsConfig(AppConfig):
    name = "commitments"
    verbose_name = _("Komitmen")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from commitments.documents import checks  # noqa: F401 registers itself
