"""The versions of a rule as a segment's page shows them: each as a sentence, with what changed since the one before."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from .frozen import is_frozen
from .models import Segment, SegmentVersion
from .written import rule_text, sentence_of

__all__ = ["Piece", "VersionRow", "changed_words", "version_rows"]

#: The latest versions that a page shows.
_SHOWN = 50
#: Sentences less alike than this are shown as they stand: a patchwork tells nobody anything.
_LEAST_ALIKE = 0.5


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a sentence: ``kept``, ``added`` or ``removed``."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One version: its row, its rule as text (none for a list), its sentence in pieces. A past one ``may_return``."""

    row: SegmentVersion
    text: str
    pieces: tuple[Piece, ...]

    @property
    def is_preparing(self) -> bool:
        return bool(self.row.state == SegmentVersion.State.PREPARING)

    @property
    def may_return(self) -> bool:
        """A rule that can no longer be read stays where it is, and so does a list that has ended."""
        return bool(self.text) and self.row.state in (SegmentVersion.State.RETIRED, SegmentVersion.State.DISCARDED)


def version_rows(segment: Segment, labels: Any) -> list[VersionRow]:
    """The latest versions, newest first."""
    versions = list(segment.versions.select_related("preparation").order_by("-number")[: _SHOWN + 1])
    sentences = [sentence_of(version.rule, labels) for version in versions]
    before = [*sentences[1:], ""]
    return [
        VersionRow(version, "" if is_frozen(version) else rule_text(version.rule), changed_words(old, new))
        for version, old, new in zip(versions[:_SHOWN], before, sentences, strict=False)
    ]


def changed_words(before: str, after: str) -> tuple[Piece, ...]:
    """A sentence with the words that were added and removed since the one before it."""
    old, new = _words(before), _words(after)
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    if not before or before == after or matcher.ratio() < _LEAST_ALIKE:
        return (Piece("kept", after),)
    return tuple(_pieces(matcher, old, new))


def _pieces(matcher: SequenceMatcher[str], old: Sequence[str], new: Sequence[str]) -> Iterator[Piece]:
    for tag, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        if tag == "equal":
            yield Piece("kept", "".join(new[new_from:new_to]))
            continue
        if old_from < old_to:
            yield Piece("removed", "".join(old[old_from:old_to]))
        if new_from < new_to:
            yield Piece("added", "".join(new[new_from:new_to]))


def _words(sentence: str) -> list[str]:
    """Words, each with the space after it."""
    return re.findall(r"\S+\s*", sentence)
