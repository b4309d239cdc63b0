"""How far an import has come, so that one that died need not begin at the first row.

A mark belongs to a file as it is, to a format and a source. It moves only to rows up to which all
orders are complete and stored, and goes when the import ends. It saves time and nothing else:
what is read twice is stored once, because messages have ids.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from django.utils import timezone

from ..models import ImportMark

__all__ = ["Mark", "fingerprint"]

_SAMPLE = 64 * 1024


class Mark:
    """The mark of one import. Without a fingerprint it remembers nothing."""

    def __init__(self, fingerprint: str | None) -> None:
        self._fingerprint = fingerprint

    def read(self) -> int:
        """The row up to which everything is imported; 0 at first."""
        if self._fingerprint is None:
            return 0
        return ImportMark.objects.filter(fingerprint=self._fingerprint).values_list("row", flat=True).first() or 0

    def move(self, row: int) -> None:
        if self._fingerprint is not None:
            ImportMark.objects.update_or_create(
                fingerprint=self._fingerprint, defaults={"row": row, "moved_at": timezone.now()}
            )

    def remove(self) -> None:
        if self._fingerprint is not None:
            ImportMark.objects.filter(fingerprint=self._fingerprint).delete()


def fingerprint(path: Path, *words: str) -> str:
    """What a file is known by: its size, its time, its beginning and end, and how it is read."""
    facts = path.stat()
    digest = hashlib.blake2b(digest_size=16)
    digest.update(repr((facts.st_size, facts.st_mtime_ns, words)).encode())
    with path.open("rb") as content:
        digest.update(content.read(_SAMPLE))
        content.seek(max(0, facts.st_size - _SAMPLE))
        digest.update(content.read(_SAMPLE))
    return digest.hexdigest()
