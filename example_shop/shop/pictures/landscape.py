"""The wide pictures: hills in layers, a sky, and one product standing in front. Plain sums of waves, so the same name is always the same picture."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from . import boots, camp, packs, shoes
from .ink import Paint, Pen, mix, shaded
from .surfaces import surface

__all__ = ["LANDSCAPES", "landscape"]

WIDTH, HEIGHT = 960, 640


@dataclass(frozen=True, slots=True)
class Product:
    """What stands in the foreground, and where."""

    hand: Callable[[Pen], None]
    colour: str
    material: str
    x: float
    y: float
    scale: float


@dataclass(frozen=True, slots=True)
class Scene:
    sky: tuple[str, str]
    sun: tuple[float, float, float, str]
    far: str
    near: str
    ridges: tuple[tuple[float, float, float], ...]  # level, height, shift of each ridge, from far to near
    details: tuple[str, ...]
    products: tuple[Product, ...] = ()
    stars: int = 0


def _ridge_y(x: float, level: float, height: float, shift: float) -> float:
    wave = math.sin(x / 190 + shift) + 0.55 * math.sin(x / 83 + shift * 2.3) + 0.22 * math.sin(x / 31 + shift * 4.1)
    return level - height * (0.5 + wave / 3.2)


def _ridge(level: float, height: float, shift: float, colour: str) -> str:
    points = " ".join(f"L{x} {_ridge_y(x, level, height, shift):.1f}" for x in range(0, WIDTH + 1, 12))
    return f'<path d="M0 {HEIGHT} {points} L{WIDTH} {HEIGHT}Z" fill="{colour}"/>'


def _pines(scene: Scene, colour: str) -> str:
    level, height, shift = scene.ridges[-2]
    marks = []
    for number in range(46):
        x = (number * 137.5) % WIDTH
        if 330 < x < 640:
            continue
        tall = 26 + (number * 53) % 34
        y = _ridge_y(x, level, height, shift) + 8 + (number * 31) % 30
        half = tall * 0.24
        marks.append(
            f"M{x:.0f} {y - tall:.0f} l{half:.0f} {tall * 0.5:.0f} h-{half * 0.5:.0f} l{half * 0.9:.0f} {tall * 0.5:.0f} "
            f"h-{half * 2.8:.0f} l{half * 0.9:.0f} -{tall * 0.5:.0f} h-{half * 0.5:.0f}Z"
        )
    return f'<path d="{"".join(marks)}" fill="{colour}"/>'


def _path(colour: str) -> str:
    """A path that grows thinner as it goes away."""
    steps = (
        ("M470 660 C420 596 566 566 520 520", 17),
        ("M520 520 C484 486 404 484 430 446", 11),
        ("M430 446 C452 424 514 420 510 398", 7),
        ("M510 398 C504 382 480 378 486 364", 4),
    )
    return "".join(
        f'<path d="{trail}" fill="none" stroke="{colour}" stroke-width="{width}" stroke-linecap="round"/>'
        for trail, width in steps
    )


def _wall(colour: str) -> str:
    stones = []
    for number in range(64):
        x = number * 15.4
        y = 560 + 26 * math.sin(x / 170 + 0.6)
        stones.append(
            f'<rect x="{x:.0f}" y="{y:.0f}" width="14" height="{17 + number * 7 % 6}" rx="4" fill="{shaded(colour, (number * 13 % 7 - 3) / 22)}"/>'
        )
        stones.append(
            f'<rect x="{x + 6:.0f}" y="{y + 17:.0f}" width="15" height="16" rx="4" fill="{shaded(colour, (number * 5 % 7 - 4) / 22)}"/>'
        )
    return "".join(stones)


def _tarn(colour: str) -> str:
    return (
        f'<path d="M250 470 C330 446 560 444 668 466 C730 480 690 510 560 514 C420 520 180 506 250 470Z" fill="{colour}"/>'
        f'<path d="M320 474 H430M470 488 H610M360 500 H450" stroke="{shaded(colour, 0.45)}" stroke-width="3" stroke-linecap="round"/>'
    )


def _tent(colour: str) -> str:
    return (
        '<ellipse cx="300" cy="540" rx="190" ry="26" fill="#1d2a2c" opacity=".35"/>'
        f'<path d="M140 540 L268 386 L372 540Z" fill="{colour}"/><path d="M268 386 L440 528 L372 540Z" fill="{shaded(colour, -0.3)}"/>'
        '<path d="M214 540 L268 404 L316 540Z" fill="#ffdf93"/><path d="M244 540 L268 404 L282 540Z" fill="#fff1c9"/>'
        f'<path d="M268 386 L262 372M140 540 L112 548M440 528 L468 540" stroke="{shaded(colour, -0.5)}" stroke-width="4" stroke-linecap="round"/>'
    )


def _signpost(colour: str) -> str:
    return (
        f'<rect x="206" y="330" width="16" height="250" rx="3" fill="{shaded(colour, -0.3)}"/>'
        f'<path d="M130 350 H300 L326 374 L300 398 H130Z" fill="{colour}"/><path d="M300 416 H130 L104 440 L130 464 H300Z" fill="{shaded(colour, -0.14)}"/>'
        '<path d="M150 374 H276M152 440 H270" stroke="#fff8e6" stroke-width="7" stroke-linecap="round" stroke-dasharray="34 12 60 12"/>'
    )


def _ferns(colour: str) -> str:
    marks = []
    for x, y, size, lean in (
        (70, 660, 1.25, -14),
        (180, 670, 1.0, 16),
        (800, 668, 1.1, -18),
        (905, 660, 1.35, 10),
        (330, 676, 0.7, -6),
        (640, 676, 0.72, 10),
    ):
        leaves = "".join(
            f'<path d="M0 -{step * 26} q{sign * 44 * (1 - step / 13):.0f} -26 {sign * 80 * (1 - step / 13):.0f} -8 q-{sign * 34 * (1 - step / 13):.0f} 16 -{sign * 80 * (1 - step / 13):.0f} 8Z" '
            f'fill="{shaded(colour, 0.1 * sign + step * 0.012)}"/>'
            for step in range(1, 12)
            for sign in (1, -1)
        )
        marks.append(
            f'<g transform="translate({x} {y}) rotate({lean}) scale({size})"><path d="M0 0 V-310" stroke="{shaded(colour, -0.3)}" stroke-width="6"/>{leaves}</g>'
        )
    return "".join(marks)


def _rock(colour: str) -> str:
    return (
        f'<path d="M196 560 C214 500 300 474 410 482 C520 470 690 470 748 520 C790 556 800 610 800 650 L160 650 C160 610 180 590 196 560Z" fill="{colour}"/>'
        f'<path d="M196 560 C214 500 300 474 410 482 C520 470 690 470 748 520 C700 508 560 520 470 516 C360 512 250 530 196 560Z" fill="{shaded(colour, 0.22)}"/>'
        f'<path d="M330 560 L352 612M560 548 L540 600 L566 640M690 560 L704 610" fill="none" stroke="{shaded(colour, -0.3)}" stroke-width="4" stroke-linecap="round"/>'
    )


def _parcel(colour: str) -> str:
    """A cardboard box with paper tape and a label, set down on the wall."""
    dark, bright = shaded(colour, -0.22), shaded(colour, 0.18)
    tape = "#e9d9b4"
    return (
        '<ellipse cx="690" cy="574" rx="176" ry="20" fill="#1f1a14" opacity=".3"/>'
        f'<path d="M540 384 L650 420 V572 L540 528Z" fill="{dark}"/><path d="M650 420 L846 384 V530 L650 572Z" fill="{colour}"/>'
        f'<path d="M540 384 L734 352 L846 384 L650 420Z" fill="{bright}"/>'
        f'<path d="M634 368 L744 402 L744 450 L722 455 V406 L612 372Z" fill="{tape}"/>'
        '<path d="M768 452 L828 440 V492 L768 505Z" fill="#fbf8f2"/>'
        f'<path d="M776 464 L806 458M776 477 L818 468M776 490 L798 485" stroke="{dark}" stroke-width="4" stroke-linecap="round"/>'
    )


_DETAILS: dict[str, Callable[[str], str]] = {
    "ferns": _ferns,
    "parcel": _parcel,
    "path": _path,
    "rock": _rock,
    "signpost": _signpost,
    "tarn": _tarn,
    "tent": _tent,
    "wall": _wall,
}
_DETAIL_COLOURS = {
    "ferns": "#5f8a58",
    "parcel": "#b98a55",
    "path": "#ecdcb8",
    "rock": "#8d8a80",
    "signpost": "#a9794b",
    "tarn": "#8fb4bd",
    "tent": "#c0672f",
    "wall": "#9b958a",
}

LANDSCAPES: dict[str, Scene] = {
    "fells": Scene(
        ("#f4e7cf", "#f7f0df"), (690, 190, 62, "#f0b75a"), "#c9cdb9", "#4d6746",
        ((330, 190, 0.4), (400, 170, 2.1), (470, 120, 4.0), (560, 90, 1.0)), ("tarn", "pines", "wall"),
        (Product(boots.boot, "chestnut", "leather", 556, 298, 0.9),),
    ),
    "evening": Scene(
        ("#2f4858", "#dc8f52"), (720, 330, 54, "#ffd88a"), "#a46a58", "#26383b",
        ((400, 180, 1.3), (450, 130, 3.4), (500, 100, 5.2), (580, 60, 0.2)), ("pines", "tent"),
        (Product(camp.lantern, "rust", "steel", 566, 300, 0.78),), stars=40,
    ),
    "morning": Scene(
        ("#f3d9c9", "#f8ecd9"), (250, 200, 58, "#f2a56b"), "#cdbfb4", "#566a4c",
        ((330, 170, 4.4), (400, 150, 1.1), (470, 110, 2.9), (560, 90, 5.0)), ("path", "pines", "wall", "parcel"),
    ),
    "road": Scene(
        ("#cfe0de", "#f3ecd6"), (200, 150, 56, "#f3c764"), "#b9cbb4", "#6d8a4d",
        ((320, 150, 2.6), (390, 160, 0.3), (460, 110, 5.1), (560, 110, 3.3)), ("path", "pines", "signpost"),
        (Product(packs.daypack, "ochre", "canvas", 556, 262, 0.92),),
    ),
    "fern": Scene(
        ("#dbe7cf", "#eef0da"), (480, 170, 96, "#fbf4d2"), "#b7cda4", "#45663f",
        ((360, 160, 3.0), (430, 130, 0.8), (500, 90, 2.2), (590, 60, 4.4)), ("pines", "rock", "ferns"),
        (Product(shoes.trainer, "oat", "canvas", 252, 124, 1.18),),
    ),
    "ridge": Scene(
        ("#f0d6b4", "#f6e8d2"), (260, 180, 70, "#d9703a"), "#d0a58a", "#5a4038",
        ((330, 240, 5.6), (420, 220, 1.9), (500, 170, 3.6), (590, 110, 0.7)), ("pines", "rock"),
        (Product(shoes.trail_shoe, "lake", "mesh", 254, 104, 1.2),),
    ),
}  # fmt: skip


def _sky(scene: Scene) -> str:
    x, y, radius, colour = scene.sun
    stars = "".join(
        f'<circle cx="{(number * 233) % WIDTH}" cy="{(number * 97) % 250}" r="{1.2 + number % 3 * 0.5}" fill="#fff4d8" opacity="{0.35 + number % 4 * 0.15:.2f}"/>'
        for number in range(scene.stars)
    )
    return (
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="url(#sky)"/>{stars}<circle cx="{x}" cy="{y}" r="{radius * 1.7:g}" fill="{colour}" opacity=".22"/>'
        f'<circle cx="{x}" cy="{y}" r="{radius}" fill="{colour}"/>'
    )


def _standing(product: Product) -> tuple[str, str]:
    pen = Pen(Paint.of(product.colour, product.material))
    product.hand(pen)
    shade = '<ellipse cx="204" cy="320" rx="170" ry="14" fill="#1f1a14" opacity=".3"/>'
    lights = (
        '<linearGradient id="s"><stop offset="0" stop-color="#6d7477" stop-opacity=".7"/><stop offset=".3" stop-color="#fff" stop-opacity=".7"/>'
        '<stop offset="1" stop-color="#5b6164" stop-opacity=".8"/></linearGradient>'
        '<radialGradient id="g"><stop offset="0" stop-color="#ffd87a"/><stop offset="1" stop-color="#ffd87a" stop-opacity="0"/></radialGradient>'
    )
    drawn = f'<g transform="translate({product.x:g} {product.y:g}) scale({product.scale:g})">{shade}{pen.svg()}</g>'
    return surface(pen.paint) + lights, drawn


@lru_cache(maxsize=16)
def landscape(name: str) -> str:
    """One wide picture by name. An unknown name is a KeyError."""
    scene = LANDSCAPES[name]
    last = len(scene.ridges) - 1
    hills = [_ridge(*ridge, mix(scene.far, scene.near, number / last)) for number, ridge in enumerate(scene.ridges)]
    details = {detail: _DETAILS[detail](_DETAIL_COLOURS[detail]) for detail in scene.details if detail != "pines"}
    middle = _pines(scene, mix(scene.near, "#16241f", 0.35)) if "pines" in scene.details else ""
    back = details.pop("tarn", "")
    fronts = [_standing(product) for product in scene.products]
    ferns = details.pop("ferns", "")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" role="img">'
        f'<defs><linearGradient id="sky" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="{scene.sky[0]}"/>'
        f'<stop offset=".62" stop-color="{scene.sky[1]}"/></linearGradient>{"".join(defs for defs, _ in fronts)}</defs>'
        f"{_sky(scene)}{''.join(hills[:-1])}{middle}{back}{hills[-1]}{''.join(details.values())}"
        f"{''.join(drawn for _, drawn in fronts)}{ferns}</svg>"
    )
