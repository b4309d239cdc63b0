"""Jackets, laid flat, seen from the front."""

from __future__ import annotations

from .ink import Pen

__all__ = ["anorak", "fleece", "gilet", "parka", "shell"]

_BODY = "M142 96 C160 86 240 86 258 96 L284 112 L290 {hem} C260 {sag} 140 {sag} 110 {hem} L116 112Z"


def _body(hem: float) -> str:
    return _BODY.format(hem=f"{hem:g}", sag=f"{hem + 10:g}")


def _sleeves(pen: Pen, length: float) -> None:
    left = f"M144 94 C116 100 98 118 88 150 L52 {length - 16:g} C50 {length - 6:g} 56 {length - 2:g} 62 {length:g} L92 {length + 8:g} C98 {length + 8:g} 102 {length + 4:g} 104 {length - 2:g} L122 196Z"
    right = f"M256 94 C284 100 302 118 312 150 L348 {length - 16:g} C350 {length - 6:g} 344 {length - 2:g} 338 {length:g} L308 {length + 8:g} C302 {length + 8:g} 298 {length + 4:g} 296 {length - 2:g} L278 196Z"
    for sleeve in (left, right):
        pen.body(sleeve, pen.paint.shade)
    pen.line(f"M56 {length - 22:g} L106 {length - 8:g}M344 {length - 22:g} L294 {length - 8:g}", pen.paint.line, 2.2)


def _hood(pen: Pen) -> None:
    paint = pen.paint
    pen.body("M146 104 C134 56 160 32 200 32 C240 32 266 56 254 104 C240 116 160 116 146 104Z")
    pen.fill("M164 100 C156 68 172 50 200 50 C228 50 244 68 236 100 C226 110 174 110 164 100Z", paint.line)
    pen.line("M164 100 C156 68 172 50 200 50 C228 50 244 68 236 100", paint.deep, 5)
    pen.line("M176 112 V140M224 112 V140", paint.trim, 3)


def _zip(pen: Pen, top: float, bottom: float) -> None:
    pen.line(f"M200 {top:g} V{bottom:g}", pen.paint.line, 6, cap="butt")
    pen.line(f"M200 {top:g} V{bottom:g}", pen.paint.trim, 2.6, cap="butt", dash="3 2")
    pen.box(196, top + 12, 8, 18, pen.paint.trim, corner=2)


def shell(pen: Pen) -> None:
    paint = pen.paint
    _sleeves(pen, 280)
    body = _body(312)
    pen.body(body)
    pen.inside(body)
    pen.fill("M100 80 H300 V150 C260 168 240 150 200 150 C160 150 140 168 100 150Z", paint.light, opacity=0.55)
    pen.outside()
    pen.line("M114 152 C142 166 162 150 200 150 C238 150 258 166 286 152", paint.line, 2)
    _hood(pen)
    _zip(pen, 108, 317)
    pen.line("M146 214 L134 268M254 214 L266 268", paint.line, 5)
    pen.line("M146 214 L134 268M254 214 L266 268", paint.trim, 2)
    pen.line("M228 176 H256", paint.line, 4)
    pen.line("M112 298 C150 308 250 308 288 298", paint.line, 2, opacity=0.7)
    pen.box(150, 176, 22, 12, paint.trim, corner=1)


def parka(pen: Pen) -> None:
    paint = pen.paint
    _sleeves(pen, 272)
    body = _body(336)
    pen.body(body)
    pen.inside(body)
    for y in (150, 190, 230, 270, 310):
        pen.line(f"M100 {y} C150 {y + 12} 250 {y + 12} 300 {y}", paint.deep, 3)
        pen.line(f"M100 {y - 7} C150 {y + 5} 250 {y + 5} 300 {y - 7}", paint.light, 4, opacity=0.35)
    pen.outside()
    pen.body("M146 108 C130 56 158 28 200 28 C242 28 270 56 254 108 C240 120 160 120 146 108Z")
    fur = "M156 106 C138 92 146 78 148 70 C146 58 158 54 164 48 C168 38 182 42 190 36 C198 30 208 36 216 38 C228 40 230 48 238 54 C250 60 250 72 252 80 C258 92 248 102 244 106 C232 116 168 116 156 106Z"
    pen.fill(fur, "#dcc8a2", edge="#8d7647")
    pen.fill("M172 102 C162 76 174 60 200 60 C226 60 238 76 228 102 C220 110 180 110 172 102Z", paint.line)
    pen.box(190, 112, 20, 230, paint.shade, edge=paint.line)
    for y in (132, 172, 212, 252, 292):
        pen.dot(200, y, 4.5, paint.trim, edge=paint.line, width=1.6)
    for x in (128, 224):
        pen.body(
            f"M{x} 250 H{x + 48} V296 C{x + 48} 304 {x + 44} 306 {x + 38} 306 H{x + 10} C{x + 4} 306 {x} 304 {x} 296Z",
            paint.shade,
        )
        pen.body(f"M{x - 2} 246 H{x + 50} V264 H{x - 2}Z", paint.shade)


def anorak(pen: Pen) -> None:
    paint = pen.paint
    _sleeves(pen, 278)
    body = _body(316)
    pen.body(body)
    _hood(pen)
    _zip(pen, 110, 196)
    pocket = "M134 204 H266 L272 282 C272 288 268 292 262 292 H138 C132 292 128 288 128 282Z"
    pen.body(pocket, paint.shade)
    pen.fill("M132 200 H268 V226 L200 238 L132 226Z", paint.shade, edge=paint.line)
    pen.stitch("M138 206 H262M136 282 C136 285 138 286 141 286 H259 C262 286 264 285 264 282M138 222 L200 232 L262 222")
    pen.dot(200, 226, 4.5, paint.trim, edge=paint.line, width=1.6)
    pen.line("M112 302 C150 312 250 312 288 302", paint.trim, 3, dash="10 4", cap="butt")


def fleece(pen: Pen) -> None:
    paint = pen.paint
    _sleeves(pen, 282)
    body = _body(306)
    pen.body(body)
    pen.body("M148 102 C146 76 158 66 200 66 C242 66 254 76 252 102 C236 114 164 114 148 102Z", paint.shade)
    pen.line("M200 84 C196 92 196 100 200 110", paint.line, 2)
    pen.line("M200 108 V314", paint.line, 2.4)
    for y in (130, 168, 206, 244, 282):
        pen.dot(210, y, 6.5, "#8a6238", edge="#4b3319")
        pen.line(f"M207 {y} h6", "#4b3319", 1.6)
    pen.body("M136 150 H182 V196 C182 204 136 204 136 196Z", paint.shade)
    pen.stitch("M136 160 H182")
    for x, turn in ((128, 8), (236, -8)):
        pen.box(x, 240, 40, 10, paint.shade, corner=4, edge=paint.line, turn=turn)
    pen.line("M111 292 C150 302 250 302 289 292", paint.deep, 6)


def gilet(pen: Pen) -> None:
    paint = pen.paint
    pen.fill("M148 92 C168 110 232 110 252 92 L246 130 L154 130Z", paint.line)
    body = "M146 84 C128 92 116 104 112 118 C124 140 122 164 110 184 L106 304 C140 316 260 316 294 304 L290 184 C278 164 276 140 288 118 C284 104 272 92 254 84 L240 78 C234 96 166 96 160 78Z"
    pen.body(body)
    pen.inside(body)
    for y in range(120, 312, 30):
        pen.line(f"M96 {y} C150 {y + 12} 250 {y + 12} 304 {y}", paint.deep, 3.4)
        pen.line(f"M96 {y + 10} C150 {y + 22} 250 {y + 22} 304 {y + 10}", paint.light, 7, opacity=0.3)
    pen.outside()
    pen.body("M154 86 C150 66 162 58 200 58 C238 58 250 66 246 86 C232 100 168 100 154 86Z", paint.shade)
    pen.line("M156 80 C176 90 224 90 244 80", paint.deep, 2.4)
    pen.line("M112 118 C124 140 122 164 110 184M288 118 C276 140 278 164 290 184", paint.trim, 4)
    _zip(pen, 94, 312)
    pen.line("M140 240 L132 284M260 240 L268 284", paint.trim, 4)
