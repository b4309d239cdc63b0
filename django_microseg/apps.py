"""Door: the application as Django sees it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MicrosegConfig(AppConfig):
    name = "django_microseg"
    verbose_name = _("Micro-segments")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from .wiring import connect  # models cannot be imported before all apps are loaded

        connect()
