"""Which places for content the shop's templates have, as far as they can be read.

Templates are files, and a slot's name stands in its tag: reading them finds every name that is written out. One that is
made up by a variable is found only once an experience uses it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from django.template import engines

from ..models import Experience
from ..slots import CART_REMINDER, CONTENT

__all__ = ["content_slots"]

_SLOT = re.compile(r"""\{%-?\s*slot\s+["']([-\w]{1,64})["']""")
_CART = re.compile(r"\{%-?\s*cart_reminder\b")
_ENDINGS = (".html", ".htm", ".txt", ".jinja")
_OWN = Path(__file__).resolve().parents[2]


def content_slots() -> list[str]:
    """Names in alphabetical order. One statement, and every template of the project is read."""
    kinds = dict(Experience.objects.order_by("pk").values_list("slot", "kind"))
    found = set(_in_templates()) | kinds.keys()
    return sorted(slot for slot in found if kinds.get(slot, CONTENT) == CONTENT)


def _in_templates() -> Iterator[str]:
    for path in _files():
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            continue
        yield from _SLOT.findall(text)
        if _CART.search(text):
            yield CART_REMINDER


def _files() -> Iterator[Path]:
    folders = {Path(folder) for engine in engines.all() for folder in getattr(engine, "template_dirs", ())}
    for folder in sorted(folders):
        if _OWN not in folder.resolve().parents:
            yield from (path for path in folder.rglob("*") if path.suffix in _ENDINGS)
