"""How commands lay out figures for people."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["table"]


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Columns side by side. Numbers, and the heads above them, stand to the right."""
    columns = [_column(name, [row[at] for row in rows]) for at, name in enumerate(head)]
    return "\n".join("  ".join(cells).rstrip() for cells in zip(*columns, strict=True))


def _column(head: str, cells: Sequence[object]) -> list[str]:
    texts = [head, *map(_text, cells)]
    width = max(map(len, texts))
    are_figures = bool(cells) and not any(isinstance(cell, str) for cell in cells)
    return [text.rjust(width) if are_figures else text.ljust(width) for text in texts]


def _text(cell: object) -> str:
    if cell is None:
        return "-"
    return f"{cell:,}" if isinstance(cell, int) else str(cell)
