"""Reads a page as a browser does: its words, its tags, and what a strict content policy would refuse of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

__all__ = ["Page", "read"]


@dataclass
class Page:
    """``words`` is all visible text with single spaces; ``tags`` are names with their attributes, in order."""

    words: str = ""
    tags: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    def all(self, kind: str, /, **wanted: str) -> list[dict[str, str]]:
        """The attributes of the tags of a kind that have all of these (``class_`` holds a word)."""
        return [found for tag, found in self.tags if tag == kind and _has(found, wanted)]

    def addresses(self) -> list[str]:
        return [tag["href"] for tag in self.all("a") if "href" in tag]


def read(html: str) -> Page:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    reader.page.words = " ".join("".join(reader.texts).split())
    return reader.page


def _has(found: dict[str, str], wanted: dict[str, str]) -> bool:
    for name, value in wanted.items():
        if name == "class_":
            if value not in found.get("class", "").split():
                return False
        elif found.get(name.replace("_", "-")) != value:
            return False
    return True


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.page = Page()
        self.texts: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.page.tags.append((tag, found))
        self.page.refused += _refused(tag, found)
        self.silent += tag in ("script", "style", "title", "head")
        if tag not in ("a", "span", "strong", "ins", "del", "b"):
            self.texts.append(" ")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.silent -= tag in ("script", "style", "title", "head")

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in ("script", "style", "title", "head")
        if tag not in ("a", "span", "strong", "ins", "del", "b"):
            self.texts.append(" ")

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.texts.append(data)


def _refused(tag: str, found: dict[str, str]) -> list[str]:
    """What `default-src 'self'` without any 'unsafe-inline' stops."""
    faults = [f"<{tag} {name}>" for name in found if name == "style" or name.startswith("on")]
    if tag == "style":
        faults.append("<style>")
    if tag == "script" and "src" not in found and found.get("type") != "application/json":
        faults.append("<script> without src")
    for name in ("href", "src", "action", "formaction"):
        address = found.get(name, "").strip().lower()
        if address.startswith(("javascript:", "data:", "vbscript:")):
            faults.append(f"<{tag} {name}={address[:20]}>")
        if name == "src" and address.startswith(("http:", "https:", "//")):
            faults.append(f"<{tag} src={address}> from elsewhere")
    return faults
