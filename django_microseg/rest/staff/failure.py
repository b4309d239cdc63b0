"""From what goes wrong while staff edit to the `Problem` that they are told of."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from rest_framework import exceptions

from django_microseg.http.problem import FieldError, Problem
from django_microseg.segment.approval import NotApproved
from django_microseg.segment.editing import EditRefused, Managed, Outdated, SlugTaken
from django_microseg.segment.explain.explain import NotInForce
from django_microseg.segment.full_run import RunRefused
from django_microseg.segment.judged import Fault, FaultyRule
from django_microseg.segment.launch import NotBroughtBack, Objected, Stale
from django_microseg.segment.models import Segment
from django_microseg.segment.patience import TooMuch
from django_microseg.segment.uses import InUse

from .. import failure
from .outlook_answer import objection_fields, use_fields

__all__ = ["at_fault", "problem_of"]

_TOO_MUCH = "There is too much to count just now. Ask a moment later, or with a simpler rule."
_ADVICE = "It is logged. Ask again in a moment, or tell whoever keeps the shop running."


def problem_of(error: Exception) -> Problem:
    """What to tell a member of staff."""
    match error:
        case FaultyRule():
            return Problem("invalid", "Mend what errors points at.", errors=_faults(error.faults))
        case SlugTaken():
            return at_fault("#/slug", "taken", "A segment has or had this slug: slugs are never reused.")
        case Outdated():
            return Problem("changed_meanwhile", "Get it anew, look at what changed, and send its new ETag.")
        case EditRefused() | NotApproved() | NotBroughtBack() | NotInForce() | RunRefused() | Stale():
            return Problem("refused", str(error))
        case Segment.DoesNotExist():
            return Problem("not_found", "There is no segment of this slug.")
    return _of_the_present(error) or _of_the_framework(error) or failure.problem_of(error, advice=_ADVICE)


def at_fault(pointer: str, code: str, detail: str) -> Problem:
    """One part of a request is at fault."""
    return Problem("invalid", "Mend what errors points at.", errors=(FieldError(pointer, code, detail),))


def _of_the_present(error: Exception) -> Problem | None:
    """What cannot be as things are now, with what is in the way."""
    match error:
        case Objected():
            objections = [objection_fields(each) for each in error.objections]
            return Problem("objected", str(error), members={"objections": objections})
        case InUse():
            return Problem("in_use", str(error), members={"uses": [use_fields(each) for each in error.uses]})
        case Managed():
            return Problem("managed", str(error))
        case ValidationError():
            return Problem("invalid", "Mend what errors points at.", errors=_of_fields(error))
        case TooMuch():
            return failure.unavailable(_TOO_MUCH)
    return None


def _of_the_framework(error: Exception) -> Problem | None:
    match error:
        case exceptions.NotAuthenticated() | exceptions.AuthenticationFailed():
            return Problem("not_authenticated", str(error.detail))
        case exceptions.PermissionDenied():
            return Problem("not_permitted", str(error.detail))
        case exceptions.Throttled():
            wait = str(round(getattr(error, "wait", None) or 1))
            return Problem("too_many_requests", f"Ask again in {wait} seconds.", headers={"Retry-After": wait})
    return None


def _of_fields(error: ValidationError) -> tuple[FieldError, ...]:
    """What is wrong with single fields of a segment."""
    return tuple(
        FieldError(f"#/{name}", "invalid", text) for name, texts in error.message_dict.items() for text in texts
    )


def _faults(faults: Iterable[Fault]) -> tuple[FieldError, ...]:
    return tuple(FieldError(_pointer(each), each.code, each.full_message, _place(each)) for each in faults)


def _pointer(fault: Fault) -> str:
    return "/".join(("#/rule", *(step.replace("~", "~0").replace("/", "~1") for step in fault.path)))


def _place(fault: Fault) -> dict[str, Any]:
    if fault.line is None:
        return {}
    return {"line": fault.line, "column": fault.column, "length": fault.length, "excerpt": fault.excerpt}
