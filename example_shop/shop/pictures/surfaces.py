"""Surfaces: the pattern that makes canvas look like canvas. One pattern per material, laid over the colour; steel and leather get light instead."""

from __future__ import annotations

from .ink import Paint

__all__ = ["surface"]


def _tile(width: float, height: float, marks: str, turn: float = 0) -> str:
    turned = f' patternTransform="rotate({turn:g})"' if turn else ""
    return (
        f'<pattern id="m" width="{width:g}" height="{height:g}" patternUnits="userSpaceOnUse"{turned}>{marks}</pattern>'
    )


def _knit(paint: Paint) -> str:
    arm = f'<path d="M0 0l4 5 4-5M0 5l4 5 4-5" fill="none" stroke="{paint.deep}" stroke-opacity=".28" stroke-width="1.4"/>'
    return _tile(8, 10, arm)


def _mesh(paint: Paint) -> str:
    holes = "".join(
        f'<circle cx="{x}" cy="{y}" r="1.5" fill="{paint.deep}" fill-opacity=".36"/>' for x, y in ((2, 2), (6, 6))
    )
    return _tile(8, 8, holes)


def _ripstop(paint: Paint) -> str:
    return _tile(13, 13, f'<path d="M0 0H13M0 0V13" stroke="{paint.deep}" stroke-opacity=".2" stroke-width="1.3"/>')


def _canvas(paint: Paint) -> str:
    threads = (
        f'<path d="M0 1H5" stroke="{paint.deep}" stroke-opacity=".2" stroke-width="1"/>'
        f'<path d="M1 0V5" stroke="{paint.light}" stroke-opacity=".4" stroke-width="1"/>'
    )
    return _tile(5, 5, threads)


def _wool(paint: Paint) -> str:
    return _tile(9, 9, f'<path d="M4.5 0V9" stroke="{paint.deep}" stroke-opacity=".24" stroke-width="2.4"/>')


def _felt(paint: Paint) -> str:
    hairs = "M2 3l4 2M9 1l2 4M14 8l-4 1M5 11l3-2M12 14l3-1M1 15l3 1"
    return _tile(
        17,
        17,
        f'<path d="{hairs}" stroke="{paint.deep}" stroke-opacity=".3" stroke-width="1.1" stroke-linecap="round"/>',
    )


def _suede(paint: Paint) -> str:
    dots = "".join(
        f'<circle cx="{x}" cy="{y}" r=".9" fill="{paint.deep}" fill-opacity=".35"/>'
        for x, y in ((2, 3), (8, 1), (5, 8), (11, 6), (1, 11), (9, 11))
    )
    return _tile(13, 13, dots)


def _webbing(paint: Paint) -> str:
    return _tile(6, 6, f'<path d="M0 0L6 6" stroke="{paint.deep}" stroke-opacity=".26" stroke-width="1.6"/>')


def _smooth(paint: Paint) -> str:
    """Light from above on the left: a gradient under the name the patterns use."""
    return (
        '<linearGradient id="m" x1="0" y1="0" x2=".35" y2="1">'
        f'<stop offset="0" stop-color="{paint.light}" stop-opacity=".75"/>'
        f'<stop offset=".45" stop-color="{paint.light}" stop-opacity="0"/>'
        f'<stop offset="1" stop-color="{paint.deep}" stop-opacity=".4"/></linearGradient>'
    )


def _round(paint: Paint) -> str:
    """Light across a cylinder."""
    return (
        '<linearGradient id="m" x1="0" y1="0" x2="1" y2="0">'
        f'<stop offset="0" stop-color="{paint.deep}" stop-opacity=".45"/>'
        f'<stop offset=".24" stop-color="{paint.light}" stop-opacity=".65"/>'
        f'<stop offset=".4" stop-color="{paint.light}" stop-opacity="0"/>'
        f'<stop offset="1" stop-color="{paint.deep}" stop-opacity=".6"/></linearGradient>'
    )


_SURFACES = {
    "canvas": _canvas,
    "enamel": _round,
    "felt": _felt,
    "knit": _knit,
    "leather": _smooth,
    "mesh": _mesh,
    "quilt": _smooth,
    "ripstop": _ripstop,
    "rubber": _smooth,
    "steel": _round,
    "suede": _suede,
    "webbing": _webbing,
    "wool": _wool,
}


def surface(paint: Paint) -> str:
    return _SURFACES.get(paint.material, _smooth)(paint)
