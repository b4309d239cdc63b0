"""Listens to anymail's webhooks once Django has started."""

from __future__ import annotations

from django.apps import AppConfig

__all__ = ["AnymailConfig"]


class AnymailConfig(AppConfig):
    name = "django_microseg.contrib.anymail"
    label = "microseg_anymail"
    verbose_name = "Mails of django_microseg"

    def ready(self) -> None:
        from anymail.signals import tracking

        from .receive import on_tracking

        tracking.connect(on_tracking, dispatch_uid="django_microseg.anymail")
