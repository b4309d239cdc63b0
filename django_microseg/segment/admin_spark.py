"""A small line of figures by day, for a cell of a table or a row of words."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from .sizes.chart import lines_of, span_of

__all__ = ["spark"]

_WIDTH, _HEIGHT, _ROOM = 120, 24, 2


def spark(figures: Sequence[int | None], spoken: str) -> SafeString:
    """The drawing; ``spoken`` is for whoever does not see it. A figure that is not known leaves a gap."""
    lines = lines_of(figures, width=_WIDTH, height=_HEIGHT, span=span_of(figures))
    return format_html(
        '<svg class="microseg-spark" viewBox="0 {} {} {}" width="{}" height="{}" role="img" aria-label="{}">{}</svg>',
        -_ROOM, _WIDTH, _HEIGHT + 2 * _ROOM, _WIDTH, _HEIGHT + 2 * _ROOM, spoken,
        format_html_join("", '<polyline points="{}"/>', ((line.points,) for line in lines)),
    )  # fmt: skip
