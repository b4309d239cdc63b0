"""The blocks of the README as a reader copies them: by language, and by the file that their first lines name."""

from __future__ import annotations

import re
from pathlib import Path

__all__ = ["blocks_of", "lines_for"]

README = Path(__file__).resolve().parents[2] / "README.md"
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_FILE = re.compile(r"^# ([\w/]+\.py)$")


def blocks_of(language: str) -> list[str]:
    """All blocks of a language, in order."""
    return [text for name, text in _BLOCK.findall(README.read_text(encoding="utf-8")) if name == language]


def lines_for(file: str) -> str:
    """What the README puts into a file of the shop; the file is named by a comment of its own."""
    found = []
    for block in blocks_of("python"):
        here = ""
        for line in block.splitlines():
            named = _FILE.match(line)
            here = named.group(1) if named else here
            if here == file and not named:
                found.append(line)
    return "\n".join(found)
