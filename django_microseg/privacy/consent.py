"""What a visitor has allowed. Pure: reads and writes the choice cookie's value, judges headers.

The cookie says nothing but the choice, so it identifies nobody and needs no signature: whoever
alters it only changes their own choice. A value of another form or of another text version counts
as not asked, so the question comes up again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ..decide.permission import ADVERTISING, MEASUREMENT, PERSONALISATION, PURPOSES

__all__ = [
    "ADVERTISING",
    "MEASUREMENT",
    "NOT_ASKED",
    "PERSONALISATION",
    "PURPOSES",
    "REFUSED",
    "Consent",
    "choice_of",
    "dump",
    "heed",
    "is_opted_out",
    "parse",
]

_VERSION = "v1"
_TEXT = "text"
_LONGEST = 200
_PAIR = re.compile(r"([a-z]+)=([A-Za-z0-9.-]+)")


@dataclass(frozen=True, slots=True)
class Consent:
    """``is_asked``: whether the visitor has answered. ``purposes``: what they allow."""

    is_asked: bool = False
    purposes: frozenset[str] = frozenset()

    def may(self, purpose: str) -> bool:
        """Whether the visitor allows a purpose. Nothing is allowed before an answer."""
        return purpose in self.purposes

    @property
    def may_be_remembered(self) -> bool:
        """Whether the browser may carry an id. Advertising alone needs none of ours."""
        return self.may(MEASUREMENT) or self.may(PERSONALISATION)


NOT_ASKED = Consent()
REFUSED = Consent(is_asked=True)


def parse(
    value: str | None,
    headers: Mapping[str, str] | None = None,
    *,
    text_version: str | None = None,
    opt_out_refuses_all: bool = False,
) -> Consent:
    """The choice in a cookie's value, less what the browser objects to in its headers.

    A choice that was made over another version of the text is none; ``text_version`` None means
    that the version does not matter. With ``opt_out_refuses_all`` a browser that objects has
    refused everything, whatever the cookie says.
    """
    if opt_out_refuses_all and is_opted_out(headers or {}):
        return REFUSED
    parts = _parts(value or "")
    if parts is None or (text_version is not None and parts.get(_TEXT) != text_version):
        return NOT_ASKED
    return heed((name for name in PURPOSES if parts[name] == "1"), headers or {})


def heed(purposes: Iterable[str], headers: Mapping[str, str], *, opt_out_refuses_all: bool = False) -> Consent:
    """An answer that allows these purposes, less what the browser objects to."""
    allowed = frozenset(purposes)
    if not is_opted_out(headers):
        return Consent(is_asked=True, purposes=allowed)
    return REFUSED if opt_out_refuses_all else Consent(is_asked=True, purposes=allowed - {ADVERTISING})


def dump(purposes: Iterable[str], *, text_version: str) -> str:
    """The cookie's value for a choice: ``v1:measurement=1,personalisation=0,advertising=0,text=1``."""
    allowed = set(purposes)
    unknown = allowed - set(PURPOSES)
    if unknown:
        raise ValueError(f"Unknown purposes {sorted(unknown)}. Known are: {', '.join(PURPOSES)}.")
    pairs = [f"{name}={int(name in allowed)}" for name in PURPOSES]
    return f"{_VERSION}:{','.join([*pairs, f'{_TEXT}={text_version}'])}"


def is_opted_out(headers: Mapping[str, str]) -> bool:
    """Whether the browser asks not to be sold or followed (Global Privacy Control, Do Not Track)."""
    return headers.get("Sec-GPC") == "1" or headers.get("DNT") == "1"


def choice_of(form: Mapping[str, str]) -> frozenset[str] | None:
    """What a posted form allows: ``all=yes|no``, or one field per purpose. None: nothing chosen."""
    if form.get("all") in ("yes", "no"):
        return frozenset(PURPOSES if form["all"] == "yes" else ())
    answers = {name: form[name] for name in PURPOSES if form.get(name) in ("yes", "no")}
    if not answers:
        return None
    return frozenset(name for name, answer in answers.items() if answer == "yes")


def _parts(value: str) -> dict[str, str] | None:
    version, _, rest = value.partition(":")
    if version != _VERSION or len(value) > _LONGEST:
        return None
    matches = [_PAIR.fullmatch(part) for part in rest.split(",")]
    parts = {match[1]: match[2] for match in matches if match}
    is_whole = len(parts) == len(matches) and all(parts.get(name) in ("0", "1") for name in PURPOSES)
    return parts if is_whole else None
