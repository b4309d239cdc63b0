"""Rucksacks and smaller bags, seen from the front."""

from __future__ import annotations

from .ink import Pen, mix

__all__ = ["daypack", "hip_pack", "rolltop", "run_vest", "trek_pack"]

_BRASS = "#cda257"


def _buckle(pen: Pen, x: float, y: float) -> None:
    pen.box(x - 10, y - 8, 20, 16, "#2f3134", corner=3)
    pen.box(x - 5, y - 4, 10, 8, "#6a6d70", corner=2)


def _shoulder_straps(pen: Pen) -> None:
    for path in ("M126 118 C84 150 76 220 92 286", "M274 118 C316 150 324 220 308 286"):
        pen.line(path, pen.paint.line, 25)
        pen.line(path, pen.paint.deep, 20)


def daypack(pen: Pen) -> None:
    paint = pen.paint
    _shoulder_straps(pen)
    pen.line("M176 84 C178 54 222 54 224 84", paint.line, 13)
    pen.line("M176 84 C178 54 222 54 224 84", paint.deep, 8)
    sack = "M112 128 C112 96 140 80 200 80 C260 80 288 96 288 128 L294 288 C294 308 282 320 262 320 L138 320 C118 320 106 308 106 288Z"
    pen.body(sack)
    pocket = "M128 214 C128 206 134 202 142 202 L258 202 C266 202 272 206 272 214 L276 292 C276 302 270 308 260 308 L140 308 C130 308 124 302 124 292Z"
    pen.body(pocket, paint.shade)
    pen.line("M134 222 H266", paint.line, 2)
    pen.stitch("M134 230 H266M133 290 C133 298 136 300 142 300 L258 300 C264 300 267 298 267 290")
    lid = "M104 132 C104 92 136 74 200 74 C264 74 296 92 296 132 L294 170 C294 180 286 184 276 184 L124 184 C114 184 106 180 106 170Z"
    pen.body(lid)
    pen.stitch("M114 168 C114 174 118 176 124 176 L276 176 C282 176 286 174 286 168")
    for x in (156, 244):
        pen.line(f"M{x} 150 V252", paint.line, 17, cap="butt")
        pen.line(f"M{x} 150 V252", mix("#8a5a33", paint.deep, 0.25), 12, cap="butt")
        pen.box(x - 12, 220, 24, 20, "none", corner=3, edge=_BRASS)
        pen.line(f"M{x} 222 V240", _BRASS, 3)
    pen.box(180, 104, 40, 26, paint.trim, corner=2, edge=paint.line)
    pen.line("M187 123 L196 111 L202 118 L207 112 L213 123", paint.line, 2)


def trek_pack(pen: Pen) -> None:
    paint = pen.paint
    for path in ("M106 268 C72 276 60 296 66 312", "M294 268 C328 276 340 296 334 312"):
        pen.line(path, paint.line, 31)
        pen.line(path, paint.deep, 26)
    pen.line("M180 52 C184 34 216 34 220 52", paint.deep, 9)
    roll = "M122 300 H278 C292 300 298 308 298 316 C298 326 292 332 278 332 H122 C108 332 102 326 102 316 C102 308 108 300 122 300Z"
    pen.fill(roll, paint.trim, edge=paint.line)
    pen.line("M140 301 V331M260 301 V331", paint.line, 7, cap="butt")
    for side in (
        "M118 170 C98 176 92 200 94 230 L98 278 L124 284Z",
        "M282 170 C302 176 308 200 306 230 L302 278 L276 284Z",
    ):
        pen.body(side, paint.shade)
    sack = "M120 112 L280 112 L290 276 C290 292 280 302 264 302 L136 302 C120 302 110 292 110 276Z"
    pen.body(sack)
    front = "M146 176 H254 L262 286 H138Z"
    pen.body(front, paint.shade)
    pen.stitch("M152 184 H248 L255 278 H145Z")
    pen.line("M200 184 V278", paint.line, 2.2)
    pen.line("M200 184 V214", paint.trim, 4)
    lid = "M112 118 C108 76 130 52 200 52 C270 52 292 76 288 118 C286 132 276 136 262 136 L138 136 C124 136 114 132 112 118Z"
    pen.body(lid)
    pen.line("M134 100 C160 92 240 92 266 100", paint.line, 2.2)
    pen.line("M134 100 L124 106", paint.trim, 4)
    for x in (150, 250):
        pen.line(f"M{x} 126 V176", paint.line, 9, cap="butt")
        _buckle(pen, x, 156)
    for y in (206, 250):
        pen.line(f"M112 {y} L146 {y - 8}M288 {y} L254 {y - 8}", paint.trim, 3.5)
    pen.line("M300 120 L312 296", "#7d8184", 5)
    pen.line("M306 112 C318 110 320 124 308 126", "#7d8184", 4)


def rolltop(pen: Pen) -> None:
    paint = pen.paint
    _shoulder_straps(pen)
    neck = "M122 112 L278 112 L286 150 L114 150Z"
    pen.body(neck, paint.shade)
    for number, y in enumerate((72, 88, 104)):
        pen.fill(
            f"M{108 + number * 3} {y} H{292 - number * 3} C298 {y} 298 {y + 18} 292 {y + 18} H{108 + number * 3} C102 {y + 18} 102 {y} {108 + number * 3} {y}Z",
            mix(paint.base, paint.deep, number * 0.22),
            edge=paint.line,
        )
    sack = "M114 142 L286 142 L294 296 C294 312 284 322 268 322 L132 322 C116 322 106 312 106 296Z"
    pen.body(sack)
    for side in ("M100 84 C84 110 86 150 104 190", "M300 84 C316 110 314 150 296 190"):
        pen.line(side, paint.line, 9)
        pen.line(side, paint.trim, 5)
    _buckle(pen, 91, 134)
    _buckle(pen, 309, 134)
    pen.inside(sack)
    pen.fill("M100 262 H300 V330 H100Z", paint.shade)
    pen.outside()
    pen.line("M107 262 H293", paint.line, 2)
    pen.line("M134 150 L126 262M266 150 L274 262", paint.deep, 2, opacity=0.7)
    pen.box(172, 184, 56, 36, paint.trim, corner=3, edge=paint.line)
    pen.line("M182 210 L196 192 L204 203 L210 195 L220 210", paint.line, 2.6)
    pen.line("M200 284 m-26 0 h52", paint.trim, 6, cap="butt")


def hip_pack(pen: Pen) -> None:
    paint = pen.paint
    belt = "M34 196 C70 176 116 172 140 182 M366 196 C330 176 284 172 260 182"
    pen.line(belt, paint.line, 29, cap="butt")
    pen.line(belt, paint.deep, 24, cap="butt")
    _buckle(pen, 40, 196)
    _buckle(pen, 360, 196)
    bag = "M96 186 C100 160 130 150 200 150 C270 150 300 160 304 186 L308 246 C306 286 276 304 200 304 C124 304 94 286 92 246Z"
    pen.body(bag)
    pen.inside(bag)
    pen.fill("M80 226 C140 240 260 240 320 226 V320 H80Z", paint.shade)
    pen.outside()
    pen.line("M94 228 C150 240 250 240 307 228", paint.line, 2.2)
    pen.stitch("M96 236 C150 248 250 248 305 236")
    pen.line("M110 190 C150 178 250 178 290 190", paint.line, 7)
    pen.line("M110 190 C150 178 250 178 290 190", paint.trim, 3)
    pen.line("M286 189 L300 212", paint.trim, 6)
    pen.box(176, 254, 48, 28, paint.trim, corner=2, edge=paint.line)
    pen.line("M184 275 L196 262 L203 270 L208 264 L216 275", paint.line, 2.2)


def run_vest(pen: Pen) -> None:
    paint = pen.paint
    pen.fill("M134 90 C170 66 230 66 266 90 L262 300 L138 300Z", paint.deep, edge=paint.line)
    left = "M134 88 C112 104 100 132 102 168 L106 290 C108 302 116 308 128 308 L166 306 C176 306 180 300 180 290 L178 204 C176 164 168 120 134 88Z"
    right = "M266 88 C288 104 300 132 298 168 L294 290 C292 302 284 308 272 308 L234 306 C224 306 220 300 220 290 L222 204 C224 164 232 120 266 88Z"
    for half in (left, right):
        pen.body(half)
    for x in (118, 236):
        pocket = (
            f"M{x} 196 H{x + 46} V282 C{x + 46} 292 {x + 40} 296 {x + 32} 296 H{x + 14} C{x + 6} 296 {x} 292 {x} 282Z"
        )
        flask = f"M{x + 10} 150 C{x + 10} 140 {x + 36} 140 {x + 36} 150 L{x + 39} 262 H{x + 7}Z"
        pen.fill(flask, "#cfe0e6", edge="#6f8a95")
        pen.box(x + 15, 122, 16, 20, "#4f7f92", corner=4, edge="#2f5564")
        pen.body(pocket, paint.shade)
        pen.line(f"M{x} 200 H{x + 46}", paint.trim, 4)
    pen.line("M178 190 C190 198 210 198 222 190M180 262 C190 270 210 270 220 262", paint.trim, 5)
    _buckle(pen, 200, 197)
    _buckle(pen, 200, 268)
    pen.line("M134 88 C168 120 176 164 178 204M266 88 C232 120 224 164 222 204", paint.trim, 3, opacity=0.9)
