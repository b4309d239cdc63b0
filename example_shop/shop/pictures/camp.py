"""Bottles, a mug and lights, standing on y = 320."""

from __future__ import annotations

from .ink import STEEL, Pen, mix, shaded

__all__ = ["bottle", "flask", "hand_torch", "head_torch", "lantern", "mug"]

_EDGE = "#5d6366"
_GLOW = "#ffe6a3"


def _steel(pen: Pen, path: str) -> None:
    pen.fill(path, STEEL)
    pen.fill(path, "url(#s)")
    pen.fill(path, "none", edge=_EDGE)


def bottle(pen: Pen) -> None:
    paint = pen.paint
    pen.line("M178 66 C178 40 222 40 222 66", "#2f3134", 9)
    _steel(pen, "M166 64 H234 V92 H166Z")
    pen.line("M178 66 V90M190 66 V90M202 66 V90M214 66 V90", _EDGE, 2, opacity=0.6)
    _steel(pen, "M172 92 H228 V108 H172Z")
    body = "M172 106 H228 C232 124 260 132 260 164 V300 C260 312 252 320 240 320 H160 C148 320 140 312 140 300 V164 C140 132 168 124 172 106Z"
    pen.body(body)
    pen.inside(body)
    pen.fill("M130 292 H270 V322 H130Z", paint.deep)
    pen.outside()
    pen.line("M166 250 L188 214 L202 234 L214 218 L234 250Z", paint.trim, 4)
    pen.line("M172 264 H228", paint.trim, 4)


def flask(pen: Pen) -> None:
    paint = pen.paint
    pen.line("M262 160 H292 C304 160 308 168 308 178 V262 C308 272 302 278 292 278 H262", paint.line, 17)
    pen.line("M262 160 H292 C304 160 308 168 308 178 V262 C308 272 302 278 292 278 H262", "#3c4043", 11)
    _steel(pen, "M150 58 C150 50 156 46 164 46 H236 C244 46 250 50 250 58 L256 112 H144Z")
    pen.line("M146 98 H254", _EDGE, 2)
    _steel(pen, "M148 112 H252 V130 H148Z")
    body = "M136 140 C136 132 140 128 148 128 H252 C260 128 264 132 264 140 V304 C264 314 258 320 248 320 H152 C142 320 136 314 136 304Z"
    pen.body(body)
    pen.inside(body)
    pen.fill("M130 290 H270 V322 H130Z", STEEL)
    pen.fill("M130 290 H270 V322 H130Z", "url(#s)")
    pen.outside()
    pen.line("M136 290 H264", _EDGE, 2)
    pen.box(172, 186, 56, 60, paint.trim, corner=2, edge=paint.line)
    pen.line("M182 232 L196 206 L205 220 L211 212 L219 232", paint.line, 2.6)
    pen.line("M184 198 H216", paint.line, 2.6)


def mug(pen: Pen) -> None:
    paint = pen.paint
    rim = "#2e4a63" if paint.base.startswith("#f") else paint.line
    pen.line("M286 176 C340 168 350 262 284 268", paint.line, 25)
    pen.line("M286 176 C340 168 350 262 284 268", paint.base, 19)
    body = "M104 142 H296 L290 300 C289 312 282 320 268 320 H132 C118 320 111 312 110 300Z"
    pen.body(body)
    pen.oval(200, 142, 96, 17, shaded(paint.base, -0.3), edge=rim)
    pen.oval(200, 147, 84, 11, "#4a3222")
    pen.line("M104 142 C104 120 296 120 296 142 C296 164 104 164 104 142Z", rim, 6)
    pen.line("M150 264 L182 214 L202 240 L220 222 L250 264", mix(paint.trim, rim, 0.2), 5)
    pen.dot(232, 204, 9, mix(paint.trim, rim, 0.2))
    pen.oval(128, 300, 7, 5, "#55524e")
    pen.line(
        "M172 108 C164 94 182 86 174 70M204 104 C196 90 214 82 206 66M236 108 C228 94 246 86 238 70",
        "#a8a196",
        4,
        opacity=0.7,
    )


def head_torch(pen: Pen) -> None:
    paint = pen.paint
    pen.fill(
        "M58 170 C70 96 330 96 342 170 C338 196 330 204 318 204 C312 150 88 150 82 204 C70 204 62 196 58 170Z",
        paint.shade,
        edge=paint.line,
    )
    pen.fill("M176 118 H224 L218 66 C214 54 186 54 182 66Z", paint.base, edge=paint.line)
    band = "M56 170 C62 250 120 276 200 278 C280 276 338 250 344 170 C350 176 352 190 350 208 C342 280 280 314 200 316 C120 314 58 280 50 208 C48 190 50 176 56 170Z"
    pen.body(band)
    pen.line("M60 214 C80 270 140 292 200 294 C260 292 320 270 340 214", paint.trim, 5, dash="16 10", cap="butt")
    pen.box(84, 250, 26, 44, "#2f3134", corner=5, turn=-24)
    pen.box(132, 220, 136, 100, "#34383c", corner=26, edge="#17191b")
    pen.box(140, 226, 120, 44, "#484d52", corner=20)
    pen.box(184, 208, 32, 14, paint.base, corner=5, edge="#17191b")
    pen.dot(200, 268, 40, "#1f2224", edge="#0f1011", width=3)
    pen.dot(200, 268, 33, "#c8cfd2")
    pen.dot(200, 268, 26, _GLOW)
    pen.dot(200, 268, 12, "#fffaf0")
    pen.line("M200 236 V246M200 290 V300M168 268 H178M222 268 H232", "#8e979b", 3)
    pen.dot(150, 252, 5, "#d9604a")


def lantern(pen: Pen) -> None:
    paint = pen.paint
    pen.line("M142 122 C130 30 270 30 258 122", _EDGE, 6)
    pen.body("M166 84 H234 L246 108 H154Z")
    pen.body("M140 108 H260 L268 132 H132Z", paint.shade)
    pen.fill("M146 132 H254 L260 246 H140Z", "#fdf3d3", edge="#8c7b4c")
    pen.marks.append('<path d="M146 132 H254 L260 246 H140Z" fill="url(#g)"/>')
    pen.oval(200, 204, 17, 30, "#fff6d8")
    pen.oval(200, 210, 9, 18, "#ffcf6b")
    pen.line("M168 132 L164 246M232 132 L236 246", _EDGE, 4)
    pen.line("M143 188 H257", _EDGE, 3)
    pen.body("M132 246 H268 L274 270 H126Z", paint.shade)
    pen.body(
        "M136 270 H264 C272 282 276 300 274 312 C274 318 270 320 264 320 H136 C130 320 126 318 126 312 C124 300 128 282 136 270Z"
    )
    pen.dot(200, 296, 13, paint.trim, edge=paint.line)
    pen.line("M200 288 V296", paint.line, 3)


def hand_torch(pen: Pen) -> None:
    paint = pen.paint
    pen.fill("M292 150 L392 66 L392 300 L312 236Z", _GLOW, opacity=0.35)
    pen.moved(0, 0)
    tube = "M60 252 L214 166 L240 212 L86 298 C72 304 52 270 60 252Z"
    pen.body(tube)
    pen.inside(tube)
    for step in range(8):
        x, y = 92 + step * 13, 222 - step * 7.3
        pen.line(f"M{x:g} {y:g} l34 60", paint.deep, 4)
    pen.outside()
    pen.body("M206 158 L236 134 C262 124 296 186 278 206 L244 222Z", paint.shade)
    pen.body("M236 130 L268 104 C300 96 340 168 318 192 L280 210Z")
    pen.line("M244 124 L288 204", paint.line, 2.4)
    pen.marks.append(
        '<ellipse cx="296" cy="146" rx="24" ry="52" transform="rotate(-29 296 146)" fill="#e6eaec" stroke="#3c4043" stroke-width="4"/>'
    )
    pen.marks.append(f'<ellipse cx="298" cy="146" rx="16" ry="38" transform="rotate(-29 298 146)" fill="{_GLOW}"/>')
    pen.marks.append('<ellipse cx="300" cy="146" rx="7" ry="16" transform="rotate(-29 300 146)" fill="#fffdf4"/>')
    pen.box(206, 168, 24, 12, paint.trim, corner=5, edge=paint.line, turn=-29)
    pen.line("M66 276 C40 280 34 314 66 318 C96 322 104 302 88 294", "#2f3134", 5)
    pen.outside()
