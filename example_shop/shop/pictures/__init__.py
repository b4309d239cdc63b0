"""The shop's pictures, drawn by code: a silhouette by kind, a colour by name, a surface by material. Pure text in, SVG text out."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from . import boots, camp, jackets, packs, sandals, shoes, socks
from .ink import COLOURS, Paint, Pen, hex_of
from .landscape import LANDSCAPES, landscape
from .surfaces import surface

__all__ = ["COLOURS", "DRAWINGS", "LANDSCAPES", "draw", "hex_of", "landscape"]

DRAWINGS: dict[str, Callable[[Pen], None]] = {
    "ankle_sock": socks.ankle_sock,
    "anorak": jackets.anorak,
    "boot": boots.boot,
    "bottle": camp.bottle,
    "chelsea": boots.chelsea,
    "clog": shoes.clog,
    "closed_sandal": sandals.closed_sandal,
    "crew_sock": socks.crew_sock,
    "daypack": packs.daypack,
    "derby": shoes.derby,
    "espadrille": shoes.espadrille,
    "flask": camp.flask,
    "fleece": jackets.fleece,
    "gilet": jackets.gilet,
    "hand_torch": camp.hand_torch,
    "head_torch": camp.head_torch,
    "hip_pack": packs.hip_pack,
    "knee_sock": socks.knee_sock,
    "lantern": camp.lantern,
    "mid_shoe": shoes.mid_shoe,
    "mug": camp.mug,
    "parka": jackets.parka,
    "rolltop": packs.rolltop,
    "run_vest": packs.run_vest,
    "runner": shoes.runner,
    "shell": jackets.shell,
    "slide": sandals.slide,
    "slip_on": shoes.slip_on,
    "sport_sandal": sandals.sport_sandal,
    "strap_sandal": sandals.strap_sandal,
    "tall_boot": boots.tall_boot,
    "trail_shoe": shoes.trail_shoe,
    "trainer": shoes.trainer,
    "trek_pack": packs.trek_pack,
    "wellington": boots.wellington,
}

# Light on steel and the glow of a lamp, used by the drawings of bottles and lights.
_LIGHTS = (
    '<linearGradient id="s" x1="0" y1="0" x2="1" y2="0"><stop offset="0" stop-color="#6d7477" stop-opacity=".7"/>'
    '<stop offset=".28" stop-color="#fff" stop-opacity=".8"/><stop offset=".5" stop-color="#fff" stop-opacity="0"/>'
    '<stop offset="1" stop-color="#5b6164" stop-opacity=".8"/></linearGradient>'
    '<radialGradient id="g"><stop offset="0" stop-color="#ffd87a" stop-opacity=".95"/>'
    '<stop offset="1" stop-color="#ffd87a" stop-opacity="0"/></radialGradient>'
)
_SHADOW = (
    '<radialGradient id="f"><stop offset=".3" stop-color="#3a2f22" stop-opacity=".34"/>'
    '<stop offset="1" stop-color="#3a2f22" stop-opacity="0"/></radialGradient>'
)
# How far a low thing is lifted, so that it sits in the middle of its square.
_LIFT = {
    "ankle_sock": 50, "clog": 62, "closed_sandal": 42, "crew_sock": 8, "daypack": 4, "derby": 50, "espadrille": 66, "fleece": -8,
    "hand_torch": 8, "head_torch": -8, "hip_pack": 22, "mid_shoe": 20, "runner": 40, "shell": -20, "slide": 46, "slip_on": 58,
    "sport_sandal": 42, "strap_sandal": 44, "trail_shoe": 38, "trainer": 46,
}  # fmt: skip
_CLOSE_UP = {"socks": "60 60 170 170", "packs": "110 60 190 190", "jackets": "110 60 190 190", "camp": "115 50 180 180"}


@lru_cache(maxsize=512)
def draw(kind: str, colour: str, material: str, *, is_close: bool = False, title: str = "") -> str:
    """The picture of one product. `is_close` shows the material instead of the whole. An unknown kind is a KeyError."""
    hand = DRAWINGS[kind]
    pen = Pen(Paint.of(colour, material))
    hand(pen)
    view = _CLOSE_UP.get(hand.__module__.rsplit(".", 1)[-1], "150 120 180 180") if is_close else "0 0 400 400"
    name = f"<title>{title}</title>" if title else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{view}" width="400" height="400" role="img">{name}'
        f"<defs>{surface(pen.paint)}{_LIGHTS}{_SHADOW}</defs>"
        f'<g transform="translate(0 {-4 - _LIFT.get(kind, 0)})">'
        f'<ellipse cx="204" cy="326" rx="176" ry="15" fill="url(#f)"/>{pen.svg()}</g></svg>'
    )
