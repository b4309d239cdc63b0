"""Socks in pairs: one laid over the other, toes to the right."""

from __future__ import annotations

from .ink import Pen

__all__ = ["ankle_sock", "crew_sock", "knee_sock"]


def _sock(pen: Pen, top: float, *, stripes: int, front: bool) -> None:
    """One sock with its cuff at `top`. The one behind is a tone darker."""
    paint = pen.paint
    base = paint.base if front else paint.shade
    path = (
        f"M112 {top:g} L204 {top:g} L206 214 C208 230 222 238 242 244 L292 258 C318 268 328 288 318 304 C308 318 286 322 262 318 L170 302 "
        f"C130 294 108 268 110 234Z"
    )
    pen.body(path, base)
    pen.inside(path)
    pen.fill("M100 214 C124 208 156 224 164 250 C168 274 158 296 146 310 L90 300Z", paint.trim)
    pen.fill("M282 250 C264 270 262 296 272 326 L340 326 L340 250Z", paint.trim)
    pen.line(
        "M106 214 C130 208 158 226 165 252 C168 272 160 290 150 300M284 254 C266 272 263 294 271 320",
        paint.line,
        2,
        opacity=0.7,
    )
    for number in range(stripes):
        y = top + 54 + number * 20
        pen.line(f"M100 {y:g} H220", paint.trim, 8, cap="butt", opacity=0.95)
    pen.fill(f"M104 {top - 4:g} H214 V{top + 34:g} H104Z", paint.deep)
    for x in range(112, 212, 8):
        pen.line(f"M{x} {top - 2:g} V{top + 34:g}", paint.shade, 2.4, cap="butt")
    pen.outside()
    pen.fill(path, "none", edge=paint.line)


def _pair(pen: Pen, top: float, *, stripes: int, lift: float = 0) -> None:
    pen.moved(52, -14 + lift, turn=3)
    _sock(pen, top, stripes=stripes, front=False)
    pen.outside()
    pen.moved(-26, lift)
    _sock(pen, top, stripes=stripes, front=True)
    pen.outside()


def crew_sock(pen: Pen) -> None:
    _pair(pen, 92, stripes=2)


def ankle_sock(pen: Pen) -> None:
    _pair(pen, 176, stripes=0)


def knee_sock(pen: Pen) -> None:
    _pair(pen, 44, stripes=4)
