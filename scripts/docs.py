"""Writes the pages of docs/ that are made from code: `python scripts/docs.py`.

With `--check` nothing is written; it fails and names the pages that are behind. A new page is one
line in `PAGES`: where it lies, and the function that gives its text.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from scripts.docs_checks import checks_page  # noqa: E402
from scripts.docs_conditions import conditions_page  # noqa: E402
from scripts.docs_events import events_page  # noqa: E402
from scripts.docs_packs import packs_page  # noqa: E402
from scripts.docs_settings import settings_page  # noqa: E402

__all__ = ["PAGES", "find_stale", "write"]

PAGES: Mapping[str, Callable[[], str]] = {
    "docs/checks.md": checks_page,
    "docs/conditions.md": conditions_page,
    "docs/events.md": events_page,
    "docs/packs.md": packs_page,
    "docs/settings.md": settings_page,
}


def find_stale(root: Path, pages: Mapping[str, Callable[[], str]]) -> list[str]:
    """The pages whose text is not what the code says now."""
    return [path for path, make in pages.items() if _read(root / path) != _text_of(make)]


def write(path: Path, text: str) -> None:
    """Put a text in place in one step: a reader sees the old page or the new one, never half of one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail if a page is behind")
    asked = parser.parse_args()
    stale = find_stale(ROOT, PAGES)
    if asked.check:
        for path in stale:
            print(f"{path} is not what the code says: run python scripts/docs.py", file=sys.stderr)
        return 1 if stale else 0
    for path in stale:
        write(ROOT / path, _text_of(PAGES[path]))
        print(f"wrote {path}")
    return 0


def _text_of(make: Callable[[], str]) -> str:
    return make().rstrip("\n") + "\n"


def _read(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.is_file() else None


if __name__ == "__main__":
    sys.exit(main())
