"""Names of sources: who sends events, and so whose message ids may not meet whose.

Pure. What browsers send belongs to sources of their own, so that a browser can never use up the id
of an order that the server is about to send.
"""

from __future__ import annotations

__all__ = ["WrongSource", "check_source", "is_public_source"]

_BROWSER = "browser"
_MAX_LENGTH = 40


class WrongSource(ValueError):
    """The door named a source that it may not use; a fault of the program, not of the event."""


def check_source(source: str, *, is_public: bool) -> None:
    """Raise unless the source's name fits the door: ``browser`` or ``browser:…`` if public."""
    if not 0 < len(source) <= _MAX_LENGTH or not source.isascii() or not source.isprintable():
        raise WrongSource(f"The source {source!r} must have 1 to {_MAX_LENGTH} ASCII characters.")
    if is_public_source(source) != is_public:
        raise WrongSource(
            f"Events that are {'' if is_public else 'not '}public cannot come from the source {source!r}: "
            f"public ones belong to '{_BROWSER}' or '{_BROWSER}:…', all others to any other name."
        )


def is_public_source(source: str) -> bool:
    """Whether browsers send what comes from it."""
    return source == _BROWSER or source.startswith(f"{_BROWSER}:")
