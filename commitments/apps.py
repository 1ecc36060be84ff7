from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CommitmentsConfig(AppConfig):
    name = "commitments"
    verbose_name = _("Komitmen")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from simple_history.signals import post_create_historical_record

        from commitments import holders, notifications
        from commitments.documents import checks  # noqa: F401 registers itself

        post_create_historical_record.connect(holders.follow, dispatch_uid="holders")
        post_create_historical_record.connect(notifications.follow_addresses, dispatch_uid="addresses")
