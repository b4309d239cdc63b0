"""Colours and the pen: what every drawing is made with. Takes colour names and plain numbers, gives SVG text; knows no product and no Django."""

from __future__ import annotations

import colorsys
from dataclasses import dataclass, field

__all__ = ["COLOURS", "Paint", "Pen", "hex_of", "mix", "shaded"]

# The names are what the shop prints on the page; the values are muted so that forty-eight pictures sit together on one sheet.
COLOURS: dict[str, str] = {
    "berry": "#7d3b54",
    "brick": "#97463a",
    "charcoal": "#4a4d52",
    "chestnut": "#77492f",
    "clay": "#bd7c5c",
    "cream": "#f1e9d8",
    "fern": "#7f9d5e",
    "heather": "#83708f",
    "ink": "#323840",
    "lake": "#316f7e",
    "moss": "#67784c",
    "oat": "#ddcfb0",
    "ochre": "#c8962f",
    "pine": "#33574a",
    "rust": "#b3582f",
    "sand": "#cdb78f",
    "sky": "#86abbc",
    "slate": "#5b6b75",
    "stone": "#a59e91",
    "tan": "#b07d4c",
}

# What is stitched on to a colour, so that it can be seen and looks chosen.
_TRIM: dict[str, str] = {
    "berry": "#e3c9b4", "brick": "#ead9bd", "charcoal": "#d99a4a", "chestnut": "#e2c795", "clay": "#f3e6d0",
    "cream": "#8fa46b", "fern": "#f1e9d8", "heather": "#efdcc2", "ink": "#d39b46", "lake": "#f0c46a",
    "moss": "#e9d9a8", "oat": "#8a6a45", "ochre": "#3a4148", "pine": "#d9b76b", "rust": "#f2dfbd",
    "sand": "#6f5638", "sky": "#f4ecdb", "slate": "#e5b45c", "stone": "#5c4b3c", "tan": "#f0dfc0",
}  # fmt: skip


def hex_of(name: str) -> str:
    """The colour's value; an unknown name is drawn in stone rather than not at all."""
    return COLOURS.get(name, COLOURS["stone"])


def _parts(colour: str) -> tuple[float, float, float]:
    return int(colour[1:3], 16) / 255, int(colour[3:5], 16) / 255, int(colour[5:7], 16) / 255


def _text(red: float, green: float, blue: float) -> str:
    return "#" + "".join(f"{round(max(0.0, min(1.0, part)) * 255):02x}" for part in (red, green, blue))


def shaded(colour: str, by: float) -> str:
    """Lighter for a positive `by`, darker for a negative one, the hue kept; -1 is black, 1 is white."""
    hue, light, saturation = colorsys.rgb_to_hls(*_parts(colour))
    light = light + (1 - light) * by if by > 0 else light * (1 + by)
    return _text(*colorsys.hls_to_rgb(hue, light, saturation))


def mix(first: str, second: str, share: float) -> str:
    """`share` of the second colour in the first."""
    return _text(*(a + (b - a) * share for a, b in zip(_parts(first), _parts(second), strict=True)))


@dataclass(frozen=True, slots=True)
class Paint:
    """The tones one product is drawn in."""

    base: str
    shade: str
    deep: str
    line: str
    light: str
    trim: str
    material: str

    @classmethod
    def of(cls, colour: str, material: str) -> Paint:
        base = hex_of(colour)
        return cls(
            base=base,
            shade=shaded(base, -0.16),
            deep=shaded(base, -0.38),
            line=shaded(base, -0.55),
            light=shaded(base, 0.22),
            trim=_TRIM.get(colour, "#e9d9a8"),
            material=material,
        )


RUBBER = "#3b3a39"
FOAM = "#f0e8d9"
GUM = "#b58a58"
CORK = "#c39a68"
STEEL = "#b9bdbf"


@dataclass(slots=True)
class Pen:
    """Collects shapes in the order in which they are laid on the paper."""

    paint: Paint
    marks: list[str] = field(default_factory=list)
    clips: int = 0

    def fill(self, path: str, colour: str, *, edge: str | None = None, width: float = 2.5, opacity: float = 1) -> None:
        line = f' stroke="{edge}" stroke-width="{width:g}" stroke-linejoin="round"' if edge else ""
        veil = f' opacity="{opacity:g}"' if opacity < 1 else ""
        self.marks.append(f'<path d="{path}" fill="{colour}"{line}{veil}/>')

    def body(self, path: str, colour: str | None = None) -> None:
        """A main part: filled, covered with its material, outlined."""
        self.fill(path, colour or self.paint.base)
        self.marks.append(f'<path d="{path}" fill="url(#m)"/>')
        self.fill(path, "none", edge=self.paint.line)

    def line(
        self, path: str, colour: str, width: float = 2.5, *, dash: str = "", opacity: float = 1, cap: str = "round"
    ) -> None:
        broken = f' stroke-dasharray="{dash}"' if dash else ""
        veil = f' opacity="{opacity:g}"' if opacity < 1 else ""
        self.marks.append(
            f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="{width:g}" stroke-linecap="{cap}" '
            f'stroke-linejoin="round"{broken}{veil}/>'
        )

    def stitch(self, path: str, colour: str | None = None) -> None:
        self.line(path, colour or self.paint.trim, 1.8, dash="5 4", opacity=0.85, cap="butt")

    def dot(self, x: float, y: float, radius: float, colour: str, *, edge: str | None = None, width: float = 2) -> None:
        line = f' stroke="{edge}" stroke-width="{width:g}"' if edge else ""
        self.marks.append(f'<circle cx="{x:g}" cy="{y:g}" r="{radius:g}" fill="{colour}"{line}/>')

    def oval(
        self, x: float, y: float, rx: float, ry: float, colour: str, *, edge: str | None = None, opacity: float = 1
    ) -> None:
        line = f' stroke="{edge}" stroke-width="2.5"' if edge else ""
        veil = f' opacity="{opacity:g}"' if opacity < 1 else ""
        self.marks.append(f'<ellipse cx="{x:g}" cy="{y:g}" rx="{rx:g}" ry="{ry:g}" fill="{colour}"{line}{veil}/>')

    def box(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        colour: str,
        *,
        corner: float = 0,
        edge: str | None = None,
        turn: float = 0,
    ) -> None:
        line = f' stroke="{edge}" stroke-width="2.5"' if edge else ""
        turned = f' transform="rotate({turn:g} {x + width / 2:g} {y + height / 2:g})"' if turn else ""
        self.marks.append(
            f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="{corner:g}" fill="{colour}"{line}{turned}/>'
        )

    def inside(self, path: str) -> None:
        """What follows shows only inside the path, until `outside`."""
        self.clips += 1
        self.marks.append(
            f'<clipPath id="c{self.clips}"><path d="{path}"/></clipPath><g clip-path="url(#c{self.clips})">'
        )

    def outside(self) -> None:
        self.marks.append("</g>")

    def moved(self, x: float, y: float, *, scale: float = 1, turn: float = 0) -> None:
        self.marks.append(f'<g transform="translate({x:g} {y:g}) rotate({turn:g}) scale({scale:g})">')

    def svg(self) -> str:
        return "".join(self.marks)
