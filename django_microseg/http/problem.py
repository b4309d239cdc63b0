"""What goes wrong with a request, as a document that machines read: RFC 9457.

Pure. Every refusal of the API is a `Problem`; its code names the kind of it once and for all, the
detail says what to do, and ``errors`` point at the parts of the body that are at fault.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

__all__ = ["KINDS", "MEDIA_TYPE", "FieldError", "Kind", "Problem"]

MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of problem: its status, and a sentence that is always the same."""

    status: HTTPStatus
    title: str


KINDS: Mapping[str, Kind] = {
    "malformed": Kind(HTTPStatus.BAD_REQUEST, "The body cannot be read."),
    "not_authenticated": Kind(HTTPStatus.UNAUTHORIZED, "The request does not say who it is from."),
    "not_permitted": Kind(HTTPStatus.FORBIDDEN, "Who sent the request may not do this."),
    "other_origin": Kind(HTTPStatus.FORBIDDEN, "The request comes from a page that may not send it."),
    "no_consent": Kind(HTTPStatus.FORBIDDEN, "The visitor has not consented to being remembered."),
    "machine": Kind(HTTPStatus.FORBIDDEN, "The request comes from a machine, and machines are not counted."),
    "preview": Kind(HTTPStatus.FORBIDDEN, "A member of staff previews the shop, and nothing of it is kept."),
    "not_found": Kind(HTTPStatus.NOT_FOUND, "There is nothing at this address."),
    "method_not_allowed": Kind(HTTPStatus.METHOD_NOT_ALLOWED, "The address does not know this method."),
    "asked_elsewhere": Kind(HTTPStatus.CONFLICT, "Another tool of this shop asks for consent."),
    "refused": Kind(HTTPStatus.CONFLICT, "This cannot be done as things are now."),
    "objected": Kind(HTTPStatus.CONFLICT, "Something speaks against putting this in force."),
    "in_use": Kind(HTTPStatus.CONFLICT, "Something goes by this segment."),
    "managed": Kind(HTTPStatus.CONFLICT, "This segment belongs to a file."),
    "changed_meanwhile": Kind(HTTPStatus.PRECONDITION_FAILED, "Somebody else has changed this meanwhile."),
    "too_large": Kind(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "The body is too large."),
    "unsupported_media_type": Kind(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "The body is of a type that is not read."),
    "invalid": Kind(HTTPStatus.UNPROCESSABLE_ENTITY, "The body does not say what is needed."),
    "nothing_stored": Kind(HTTPStatus.UNPROCESSABLE_ENTITY, "None of the events could be stored."),
    "if_match_needed": Kind(HTTPStatus.PRECONDITION_REQUIRED, "The request does not say what it would change."),
    "too_many_requests": Kind(HTTPStatus.TOO_MANY_REQUESTS, "There were too many requests."),
    "unavailable": Kind(HTTPStatus.SERVICE_UNAVAILABLE, "This cannot be answered at the moment."),
}


@dataclass(frozen=True, slots=True)
class FieldError:
    """A part of the body that is at fault; ``pointer`` is a JSON Pointer in a URI fragment.

    ``?name`` points at a parameter of the address. ``place`` says where in a text the fault is.
    """

    pointer: str
    code: str
    detail: str
    place: Mapping[str, Any] = field(default_factory=dict)

    def document(self) -> dict[str, Any]:
        return {"pointer": self.pointer, "code": self.code, "detail": self.detail, **self.place}


class Problem(Exception):
    """The request is refused. ``members`` stand in the document beside those that all have."""

    def __init__(
        self,
        code: str,
        detail: str,
        *,
        errors: Sequence[FieldError] = (),
        headers: Mapping[str, str] | None = None,
        members: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(code, detail)
        self.code = code
        self.kind = KINDS[code]
        self.detail = detail
        self.errors = tuple(errors)
        self.headers = dict(headers or {})
        self.members = dict(members or {})

    def document(self, instance: str) -> dict[str, Any]:
        """The body of the response; ``instance`` is the address that was asked."""
        return {
            "type": f"urn:django-microseg:problem:{self.code}",
            "title": self.kind.title,
            "status": int(self.kind.status),
            "code": self.code,
            "detail": self.detail,
            "instance": instance,
            "errors": [each.document() for each in self.errors],
            **self.members,
        }
