"""`manage.py shop_personalise`: the demo's segments, experiences and offers, and under DEBUG somebody to edit them."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand

from ...demo.arrangements import add_arrangements
from ...demo.personalise import add_heroes, add_offers, add_questions, add_segments
from .shop_demo import PASSWORD

MARKETER = "marketer"


class Command(BaseCommand):
    help = (
        "Sets up segments of the shop's own, experiences, offers and questions. Safe to run twice. Run "
        "microseg_presets first."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        segments, offers, questions = add_segments(), add_offers(), add_questions()
        experiences = add_heroes() + add_arrangements()
        self.stdout.write(
            f"{segments} new segments, {experiences} new experiences, {offers} new offers "
            f"and {questions} new questions."
        )
        if settings.DEBUG:
            _open_admin()
            self.stdout.write(f"Sign in to /admin/ as {MARKETER}, password {PASSWORD}.")


def _open_admin() -> None:
    users = get_user_model().objects
    if not users.filter(username=MARKETER).exists():
        users.create_superuser(MARKETER, "marketer@example.com", PASSWORD)
