"""What staff did by the API stands in the admin's history too, where the shop has an admin."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from rest_framework.request import Request

from django_microseg.segment.models import Segment

__all__ = ["note_change", "note_new"]

#: Django's own numbers for what was done; its module cannot be imported where the admin is not installed.
_ADDITION, _CHANGE = 1, 2


def note_new(request: Request, segment: Segment) -> None:
    """A segment was written."""
    _note(request, segment, _ADDITION, "By the API: written.")


def note_change(request: Request, segment: Segment, what: str) -> None:
    """Something was done to a segment; ``what`` says it in a word or two."""
    _note(request, segment, _CHANGE, f"By the API: {what}.")


def _note(request: Request, segment: Segment, flag: int, message: str) -> None:
    """Whoever has no row of their own among the accounts cannot stand in the history."""
    if not apps.is_installed("django.contrib.admin") or not isinstance(request.user, get_user_model()):
        return
    entries: Any = apps.get_model("admin", "LogEntry")._default_manager
    entries.log_actions(request.user.pk, [segment], flag, message, single_object=True)
