"""Boots, seen from the side, toe to the right, standing on y = 322."""

from __future__ import annotations

from .ink import FOAM, RUBBER, Pen, mix
from .shoes import laces, lugs

__all__ = ["boot", "chelsea", "tall_boot", "wellington"]


def _walking_sole(pen: Pen) -> None:
    line = pen.paint.line
    lugs(pen, 64, 170, 306, step=22, deep=14)
    lugs(pen, 196, 344, 306, step=22, deep=14)
    pen.fill("M60 270 L354 270 C364 278 366 290 360 298 L356 310 L62 310 C54 298 54 282 60 270Z", RUBBER)
    pen.fill(
        "M58 268 L354 268 C362 274 363 281 361 287 L57 287 C55 280 55 274 58 268Z",
        mix(FOAM, pen.paint.base, 0.45),
        edge=line,
        width=2,
    )


def _hooks(pen: Pen, places: tuple[tuple[float, float], ...]) -> None:
    for x, y in places:
        pen.line(f"M{x - 15:g} {y + 8:g}L{x + 8:g} {y - 3:g}", pen.paint.line, 8)
        pen.line(f"M{x - 15:g} {y + 8:g}L{x + 8:g} {y - 3:g}", pen.paint.trim, 5)
        pen.dot(x - 17, y + 10, 4, "#d6cdb8", edge=pen.paint.line, width=1.6)


def boot(pen: Pen) -> None:
    paint = pen.paint
    pen.fill("M84 104 C112 92 160 90 190 98 L196 140 L92 140Z", paint.deep, edge=paint.line)
    upper = (
        "M70 274 C64 250 62 226 68 204 C74 180 72 150 76 120 C78 104 88 98 100 104 C124 114 150 114 172 102 C184 96 194 100 198 110 "
        "L212 166 C222 186 250 200 282 206 C320 213 350 226 352 256 L352 274Z"
    )
    pen.body(upper)
    pen.inside(upper)
    pen.fill("M60 100 C90 124 160 130 206 104 L210 136 C170 154 110 152 60 136Z", paint.shade)
    pen.fill("M60 200 C86 206 104 226 110 250 L112 280 L56 280Z", paint.shade)
    pen.fill("M286 206 C330 214 356 234 354 280 L250 280 C286 264 298 238 286 206Z", mix(paint.deep, RUBBER, 0.55))
    pen.fill("M158 116 L200 104 L214 168 C226 188 254 202 288 207 L268 238 C222 230 186 206 172 176Z", paint.shade)
    pen.outside()
    pen.stitch(
        "M74 142 C110 156 150 156 166 146M68 208 C88 214 102 232 107 254 L108 270M160 126 L177 176 C190 204 222 224 264 232M280 212 C290 240 280 260 254 270"
    )
    pen.line("M287 206 C299 238 286 262 256 274", paint.line, 2)
    laces(pen, 3, (232, 186), (18, 9), (-16, 24))
    _hooks(pen, ((212, 170), (207, 150), (202, 130), (198, 111)))
    pen.line("M84 108 C76 96 92 92 96 103", paint.trim, 5)
    _walking_sole(pen)


def tall_boot(pen: Pen) -> None:
    paint = pen.paint
    pen.fill("M84 70 C112 58 166 56 200 66 L204 110 L92 110Z", paint.deep)
    upper = "M70 274 C64 250 62 226 68 204 C76 172 72 120 74 86 L206 82 L214 164 C224 186 252 200 282 206 C320 213 350 226 352 256 L352 274Z"
    pen.body(upper)
    pen.inside(upper)
    pen.fill("M60 200 C86 206 104 226 110 250 L112 280 L56 280Z", paint.shade)
    pen.fill("M286 206 C330 214 356 234 354 280 L250 280 C286 264 298 238 286 206Z", mix(paint.deep, RUBBER, 0.55))
    pen.fill("M164 84 L206 82 L214 166 C226 188 254 202 288 207 L268 238 C222 230 186 206 174 176Z", paint.shade)
    pen.outside()
    pen.stitch(
        "M72 150 C110 160 146 160 166 154M68 208 C88 214 102 232 107 254 L108 270M171 100 L180 178 C192 204 222 224 264 232M280 212 C290 240 280 260 254 270"
    )
    pen.line("M287 206 C299 238 286 262 256 274", paint.line, 2)
    cuff = "M66 62 C80 50 92 60 104 52 C116 46 128 58 142 50 C156 44 168 56 182 50 C198 46 214 54 212 70 C216 84 214 100 202 104 C190 110 178 102 166 108 C152 114 140 104 126 110 C112 116 100 106 88 110 C74 112 64 102 66 90 C62 80 62 70 66 62Z"
    pen.fill(cuff, "#e9dcc2", edge="#8b7a58")
    pen.line(
        "M84 70 c6 4 10 0 12 6M112 66 c6 4 10 0 12 6M142 66 c6 4 10 0 12 6M172 68 c6 4 10 0 12 6M94 92 c6 4 10 0 12 6M126 88 c6 4 10 0 12 6M158 90 c6 4 10 0 12 6M186 88 c4 4 8 0 8 4",
        "#b9a67f",
        2.2,
    )
    laces(pen, 3, (232, 186), (18, 9), (-16, 24))
    _hooks(pen, ((213, 170), (211, 150), (209, 130)))
    _walking_sole(pen)


def chelsea(pen: Pen) -> None:
    paint = pen.paint
    pen.fill("M86 104 C112 94 162 94 188 102 L186 130 L92 130Z", paint.line)
    upper = (
        "M68 276 C62 250 64 226 70 202 C78 172 76 140 80 112 C82 104 88 102 94 104 C122 114 156 114 182 104 C190 102 194 106 194 114 "
        "C194 146 200 172 214 188 C230 206 262 212 288 220 C324 230 350 242 354 268 L354 280 L68 280Z"
    )
    pen.body(upper)
    elastic = (
        "M112 111 C132 115 152 115 168 109 C164 146 160 178 146 206 C138 214 132 214 126 206 C116 176 114 146 112 111Z"
    )
    pen.fill(elastic, paint.line)
    pen.inside(elastic)
    for x in range(112, 174, 7):
        pen.line(f"M{x} 104 V218", paint.shade, 2.4)
    pen.outside()
    pen.stitch("M105 112 C107 148 109 178 119 208 C127 222 143 222 152 208 C166 180 170 148 175 110")
    pen.line("M136 216 C134 240 134 260 138 278M136 220 C180 234 240 238 300 224", paint.line, 2)
    pen.line("M84 112 L82 88 L98 88 L96 112", paint.trim, 5)
    pen.line("M290 236 C312 240 328 248 336 258", paint.light, 4, opacity=0.55)
    pen.fill("M58 274 L358 274 C364 280 364 290 360 296 L60 296 C54 290 54 280 58 274Z", "#9a6f43", edge="#3c2a1b")
    pen.stitch("M64 284 L354 284", "#ecd6ab")
    lugs(pen, 64, 150, 302, step=22, deep=14)
    lugs(pen, 196, 340, 302, step=22, deep=10)
    pen.fill("M58 294 L360 294 C358 302 352 306 344 306 L190 306 L182 306 L168 310 L62 310Z", "#3f3328")


def wellington(pen: Pen) -> None:
    paint = pen.paint
    pen.oval(142, 70, 62, 13, paint.line)
    upper = (
        "M80 70 C90 82 192 84 204 70 L208 150 C208 176 214 192 232 202 C256 214 300 214 330 232 C348 244 354 258 354 276 L354 284 L72 284 "
        "C68 262 68 240 74 218 C82 180 80 120 80 70Z"
    )
    pen.body(upper)
    pen.line("M80 72 C92 86 192 88 204 72", paint.light, 6)
    pen.line("M82 92 C100 104 186 106 206 92", paint.line, 2)
    pen.fill("M168 112 L202 110 L203 122 L168 124Z", paint.trim, edge=paint.line)
    pen.box(160, 108, 14, 19, "#d6cdb8", corner=3, edge=paint.line)
    pen.line("M104 112 C106 150 104 184 98 214", paint.light, 6, opacity=0.5)
    pen.line("M262 220 C290 222 316 232 330 246", paint.light, 5, opacity=0.5)
    pen.inside(upper)
    pen.fill("M60 252 C140 262 260 250 360 262 L360 290 L60 290Z", paint.deep)
    pen.outside()
    pen.line("M71 253 C140 262 260 250 352 262", paint.line, 2)
    lugs(pen, 66, 160, 306, step=22, deep=14)
    lugs(pen, 200, 344, 306, step=22, deep=14)
    pen.fill("M64 280 L358 280 C364 290 362 300 358 310 L62 310 C58 298 58 290 64 280Z", RUBBER)
    pen.line("M62 292 L360 292", paint.trim, 4)
