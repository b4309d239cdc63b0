"""What editors say of a segment besides its rule, checked and in the form in which it is stored.

The form of the admin and the API for staff both come here, so that neither takes what the other refuses. What is wrong
is a `ValidationError` that says what to do.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from .filing import LONGEST_FOLDER, LONGEST_TAGS, folder_of, stored_tags
from .models import Segment

__all__ = ["PARTICULARS", "check_end", "checked", "checked_folder", "checked_tags", "staff_names"]

#: The fields that editors write at once, without a version.
PARTICULARS = ("name", "description", "folder", "tags", "owner", "purpose", "in_force_from", "in_force_until")


def checked(said: Mapping[str, Any], segment: Segment, *, now: dt.datetime) -> dict[str, Any]:
    """Fields by name, as they are to be stored. Raises `ValidationError` with what is wrong with each."""
    found, errors = dict(said), {}
    checks: Mapping[str, Callable[[Any], Any]] = {
        "folder": checked_folder,
        "tags": lambda tags: checked_tags(*tags),
        "owner": lambda owner: _checked_owner(owner, segment),
        "in_force_until": lambda end: _checked_end(
            end, found.get("in_force_from", segment.in_force_from), segment, now
        ),
    }
    for name in sorted(checks.keys() & said.keys()):
        try:
            found[name] = checks[name](said[name])
        except ValidationError as error:
            errors[name] = error
    if errors:
        raise ValidationError(errors)
    return found


def checked_folder(typed: str) -> str:
    folder = folder_of(typed)
    if len(folder) > LONGEST_FOLDER:
        raise ValidationError(_("This path is too long. Use shorter names, or fewer folders."))
    return folder


def checked_tags(*typed: str) -> str:
    stored = stored_tags(typed)
    if len(stored) > LONGEST_TAGS:
        raise ValidationError(_("These tags are too long together. Leave some out."))
    return stored


def check_end(end: dt.datetime, start: dt.datetime | None, *, now: dt.datetime) -> None:
    """A segment ends after it starts, and not in the past."""
    if end <= (start or now):
        raise ValidationError(
            _("It must end after it starts.") if start else _("This is past. Choose a later time, or none.")
        )


def staff_names() -> list[str]:
    """Who may own a segment: the user names of the members of staff."""
    users = get_user_model()
    fields = {field.name for field in users._meta.get_fields()} & {"is_staff", "is_active"}
    rows = users._default_manager.filter(**dict.fromkeys(fields, True)).order_by(users.USERNAME_FIELD)
    return [str(name) for name in rows.values_list(users.USERNAME_FIELD, flat=True)]


def _checked_owner(owner: str, segment: Segment) -> str:
    """Nobody, one of the staff, or whoever it is now, even if they have gone."""
    if owner not in ("", segment.owner) and owner not in staff_names():
        raise ValidationError(_("No member of staff has this user name."))
    return owner


def _checked_end(
    end: dt.datetime | None, start: dt.datetime | None, segment: Segment, now: dt.datetime
) -> dt.datetime | None:
    if end is not None and end != segment.in_force_until:
        check_end(end, start, now=now)
    return end
