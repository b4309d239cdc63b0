"""Sandals, seen from the side, toe to the right."""

from __future__ import annotations

from .ink import CORK, RUBBER, Pen, mix
from .shoes import lugs

__all__ = ["closed_sandal", "slide", "sport_sandal", "strap_sandal"]


def _strap(pen: Pen, path: str, width: float) -> None:
    """A band with its material, its edges and a stitch along the middle."""
    paint = pen.paint
    pen.line(path, paint.line, width + 5, cap="butt")
    pen.line(path, paint.base, width, cap="butt")
    pen.line(path, "url(#m)", width, cap="butt")
    pen.stitch(path)


def _dome(pen: Pen, left: float, right: float, top: float, foot: float, lean: float) -> str:
    """A band over the foot: its near side, and the inside of its far side as a dark sliver above. Returns the near side's path."""
    a, b = left + lean, right + lean * 0.5
    pen.fill(
        f"M{a:g} {top + 18:g} C{a + 14:g} {top - 18:g} {b - 14:g} {top - 22:g} {b:g} {top + 14:g} C{b - 22:g} {top - 4:g} {a + 18:g} {top - 4:g} {a:g} {top + 18:g}Z",
        pen.paint.deep,
        edge=pen.paint.line,
    )
    near = (
        f"M{left:g} {foot:g} C{left:g} {foot - 40:g} {a - 8:g} {top + 46:g} {a:g} {top + 18:g} C{a + 18:g} {top - 4:g} {b - 22:g} {top - 4:g} {b:g} {top + 14:g} "
        f"C{b - 4:g} {top + 46:g} {right - 4:g} {foot - 40:g} {right:g} {foot:g}Z"
    )
    pen.body(near)
    return near


def _river_sole(pen: Pen) -> None:
    paint = pen.paint
    lugs(pen, 62, 340, 310, step=22, deep=10)
    sole = "M54 256 C110 268 170 246 230 256 C280 264 330 262 352 246 C364 256 368 276 360 294 C356 306 344 314 326 314 L78 314 C58 312 50 296 50 282 C50 272 50 262 54 256Z"
    pen.fill(sole, mix(paint.base, RUBBER, 0.72), edge="#262524")
    pen.inside(sole)
    pen.fill(
        "M40 250 C110 268 170 246 230 256 C280 264 330 262 372 240 L372 268 C330 282 280 282 230 276 C170 268 110 288 40 276Z",
        paint.light,
    )
    pen.fill("M40 300 H380 V330 H40Z", RUBBER)
    pen.outside()


def _ankle_straps(pen: Pen) -> None:
    far = mix(pen.paint.deep, RUBBER, 0.3)
    pen.line("M74 168 C86 142 176 142 192 168", far, 22)
    _strap(pen, "M78 266 L72 164", 26)
    _strap(pen, "M152 266 C164 232 182 204 192 162", 26)
    _strap(pen, "M66 172 C88 204 172 206 198 170", 26)
    pen.line("M70 162 L64 140", pen.paint.trim, 6)
    pen.box(116, 180, 40, 32, "#2f3134", corner=5)
    pen.box(124, 187, 24, 18, pen.paint.base, corner=2)


def sport_sandal(pen: Pen) -> None:
    _strap(pen, "M176 224 C200 236 226 232 252 222", 22)
    near = _dome(pen, 238, 328, 196, 268, 14)
    pen.inside(near)
    pen.stitch("M248 268 C248 240 254 222 262 214M318 268 C318 240 320 226 324 214")
    pen.outside()
    _ankle_straps(pen)
    _river_sole(pen)


def closed_sandal(pen: Pen) -> None:
    """The same with a cap over the toes."""
    paint = pen.paint
    pen.fill("M152 196 C176 160 230 166 258 192 L240 226 L170 232Z", paint.deep, edge=paint.line)
    upper = "M150 268 C160 238 170 214 190 204 C206 212 226 210 244 190 C292 194 344 220 352 264 L352 276 L150 276Z"
    pen.body(upper)
    pen.inside(upper)
    pen.fill("M300 196 C306 226 300 252 284 276 L366 276 L366 196Z", mix(paint.deep, RUBBER, 0.6))
    for x in (182, 212, 242):
        pen.fill(
            f"M{x} 268 C{x + 2} 248 {x + 8} 234 {x + 16} 226 L{x + 26} 230 C{x + 18} 242 {x + 14} 254 {x + 14} 268Z",
            paint.line,
        )
    pen.outside()
    pen.line("M196 214 L246 200M206 224 L258 208", paint.trim, 4.5)
    pen.dot(264, 206, 7, "#2f3134")
    _ankle_straps(pen)
    _river_sole(pen)


def strap_sandal(pen: Pen) -> None:
    bed = (
        "M52 254 C90 268 150 262 210 270 C270 276 320 268 350 250 C362 258 366 276 360 294 C354 306 342 312 324 312 L80 312 C60 312 50 298 48 284 "
        "C47 272 48 262 52 254Z"
    )
    pen.fill(bed, CORK, edge="#6e4f2a")
    pen.inside(bed)
    for number in range(46):
        x, y = 50 + (number * 67) % 316, 284 + (number * 7) % 15
        pen.dot(x, y, 1.6 + number % 3 * 0.5, "#8c653a" if number % 2 else "#dcb98a")
    pen.fill(
        "M40 246 C90 268 150 262 210 270 C270 276 320 268 372 240 L372 258 C330 284 270 290 210 282 C150 276 90 282 40 262Z",
        "#e6cfa6",
    )
    pen.fill("M40 300 H380 V330 H40Z", RUBBER)
    pen.outside()
    for left, right, top in ((112, 196, 184), (228, 306, 206)):
        near = _dome(pen, left, right, top, 294, 22)
        pen.inside(near)
        pen.stitch(
            f"M{left + 9} 294 C{left + 9} 254 {left + 20} {top + 40} {left + 32} {top + 18}M{right - 9} 294 C{right - 12} 254 {right - 4} {top + 40} {right + 2} {top + 18}"
        )
        pen.outside()
        x, y = (left + right) // 2 + 8, (top + 294) // 2 - 2
        pen.box(x - 19, y - 15, 38, 30, "none", corner=6, edge="#6e5a30", turn=-80)
        pen.box(x - 16, y - 12, 32, 24, "none", corner=4, edge="#e0bd68", turn=-80)
        pen.line(f"M{x - 3:g} {y + 15:g} L{x + 3:g} {y - 15:g}", "#e0bd68", 4)


def slide(pen: Pen) -> None:
    paint = pen.paint
    sole = (
        "M50 256 C100 276 170 256 230 266 C284 274 326 268 350 246 C364 258 368 276 362 292 C356 308 342 316 322 316 L82 316 C60 316 48 302 46 286 "
        "C45 274 46 262 50 256Z"
    )
    pen.body(sole)
    pen.inside(sole)
    pen.fill(
        "M40 246 C100 276 170 256 230 266 C284 274 326 268 372 236 L372 256 C330 288 284 290 230 284 C170 276 100 296 40 268Z",
        paint.light,
    )
    pen.line("M40 300 H370M40 308 H370", paint.deep, 2.4)
    pen.outside()
    near = _dome(pen, 168, 310, 178, 300, 18)
    pen.inside(near)
    for y in (206, 226, 246, 266, 286):
        pen.line(f"M160 {y} C220 {y - 14} 260 {y - 14} 330 {y}", paint.light, 4, opacity=0.7)
    pen.outside()
