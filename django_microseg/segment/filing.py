"""Where a segment is filed: its folder, a path such as "Retention / Win back", and its tags.

Plain text in, its one normal form out. Tags are stored as one text with a comma on both sides of each, so that one
can be looked for without finding others that contain it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

__all__ = [
    "LONGEST_FOLDER",
    "LONGEST_TAGS",
    "ancestors",
    "folder_of",
    "stored_tags",
    "tag_mark",
    "tags_in_words",
    "tags_of",
]

LONGEST_FOLDER = 200
LONGEST_TAGS = 500
_BETWEEN = " / "


def folder_of(text: str) -> str:
    """The path with one way of writing: no empty parts, no doubled spaces."""
    parts = (" ".join(part.split()) for part in text.split("/"))
    return _BETWEEN.join(part for part in parts if part)


def ancestors(folder: str) -> Iterator[str]:
    """The folder and those that it lies in, the outermost first."""
    parts = folder.split(_BETWEEN) if folder else []
    for number in range(1, len(parts) + 1):
        yield _BETWEEN.join(parts[:number])


def tags_of(text: str) -> tuple[str, ...]:
    """Tags as somebody typed them or as they are stored: in small letters, each once, by name."""
    words = (" ".join(word.split()).casefold() for word in text.split(","))
    return tuple(sorted({word for word in words if word}))


def stored_tags(tags: Iterable[str]) -> str:
    found = tags_of(",".join(tags))
    return f",{','.join(found)}," if found else ""


def tags_in_words(stored: str) -> str:
    """As somebody types them."""
    return ", ".join(tags_of(stored))


def tag_mark(tag: str) -> str:
    """What stored tags contain if this one is among them."""
    return stored_tags([tag])
