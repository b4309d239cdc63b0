"""Who may do what: Django's own model permissions, as in the admin.

A view names for each method what it takes; of each tuple one is enough.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from django_microseg.profile.permission import SEE_PEOPLE

__all__ = [
    "ADD_SEGMENT",
    "APPROVE_SEGMENT",
    "CHANGE_SEGMENT",
    "SEE_PEOPLE",
    "SEE_RUNS",
    "SEE_SEGMENTS",
    "START_RUNS",
    "WRITE_RULES",
    "AnyOf",
    "StaffPermission",
    "may",
]

AnyOf = tuple[str, ...]

SEE_SEGMENTS: AnyOf = ("view_segment", "change_segment")
ADD_SEGMENT: AnyOf = ("add_segment",)
CHANGE_SEGMENT: AnyOf = ("change_segment",)
APPROVE_SEGMENT: AnyOf = ("approve_segment",)
WRITE_RULES: AnyOf = ("add_segment", "change_segment")
SEE_RUNS: AnyOf = ("view_refreshrun", "add_refreshrun")
START_RUNS: AnyOf = ("add_refreshrun",)


def may(user: Any, wanted: AnyOf) -> bool:
    """Whether somebody has one of these permissions."""
    return any(user.has_perm(f"django_microseg.{name}") for name in wanted)


class StaffPermission(BasePermission):
    """Active members of staff, with what the view asks for."""

    def has_permission(self, request: Request, view: Any) -> bool:
        user = request.user
        if not getattr(user, "is_staff", False) or not user.is_active:
            self.message = "This is for members of staff."
            return False
        missing = next((wanted for wanted in _needed(request, view) if not may(user, wanted)), None)
        if missing is not None:
            self.message = f"It takes the permission {' or '.join(missing)}."
        return missing is None


def _needed(request: Request, view: Any) -> Iterable[AnyOf]:
    method = "GET" if request.method == "HEAD" else request.method
    found: Iterable[AnyOf] = view.needs.get(method, ())
    return found
