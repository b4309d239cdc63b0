"""`manage.py shop_personalise`: the demo's own segments, its heroes and, while DEBUG is on, somebody to edit them."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand
from django.utils import timezone

from ...demo.personalise import add_heroes, add_segments
from .shop_demo import PASSWORD

MARKETER = "marketer"


class Command(BaseCommand):
    help = "Sets up segments of the shop's own and who sees which hero. Safe to run twice. Run microseg_presets first."

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        self.stdout.write(f"{add_segments(now)} new segments and {add_heroes(now)} new heroes.")
        if settings.DEBUG:
            _open_admin()
            self.stdout.write(f"Sign in to /admin/ as {MARKETER}, password {PASSWORD}.")


def _open_admin() -> None:
    users = get_user_model().objects
    if not users.filter(username=MARKETER).exists():
        users.create_superuser(MARKETER, "marketer@example.com", PASSWORD)
