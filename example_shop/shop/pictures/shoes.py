"""Shoes cut below the ankle, seen from the side, toe to the right. Each function lays one shoe on the pen's paper, standing on y = 318."""

from __future__ import annotations

from .ink import FOAM, GUM, RUBBER, Pen, mix

__all__ = ["clog", "derby", "espadrille", "mid_shoe", "runner", "slip_on", "trail_shoe", "trainer"]

_COLLAR = "C102 170 116 191 134 192 C146 193 156 184 164 172"
_VAMP = "C226 178 250 196 276 206 C308 215 340 224 349 246 C352 256 350 264 346 270"


def laces(
    pen: Pen, count: int, start: tuple[float, float], step: tuple[float, float], reach: tuple[float, float]
) -> None:
    """Short bars from the middle of the shoe down to the eyelets, with the eyelets drawn."""
    for number in range(count):
        x, y = start[0] + step[0] * number, start[1] + step[1] * number
        end = (x + reach[0], y + reach[1])
        pen.line(f"M{x:g} {y:g}L{end[0]:g} {end[1]:g}", pen.paint.line, 8.5)
        pen.line(f"M{x:g} {y:g}L{end[0]:g} {end[1]:g}", pen.paint.trim, 5.5)


def lugs(pen: Pen, left: int, right: int, top: float, *, step: int = 24, deep: float = 11) -> None:
    for x in range(left, right, step):
        pen.fill(f"M{x} {top:g}h{step - 6}l-3 {deep:g}h-{step - 12}z", RUBBER)


def _sport_upper(pen: Pen) -> str:
    path = (
        "M66 250 C62 226 59 200 65 177 C67 166 78 161 88 165 "
        + _COLLAR
        + " L176 154 C180 147 189 146 195 150 L207 160 "
        + _VAMP
        + " L70 270 C67 263 66 256 66 250 Z"
    )
    pen.fill(
        "M82 166 C104 156 152 148 180 152 L164 173 C156 185 146 193 134 192 C116 191 102 171 82 166Z", pen.paint.deep
    )
    pen.body(path)
    return path


def _sport_parts(pen: Pen, upper: str, *, cap: str) -> None:
    """Toe cap, heel counter, lacing panel: the parts that a running shoe and a trail shoe share."""
    paint = pen.paint
    pen.inside(upper)
    pen.fill("M284 204 C318 212 346 224 352 250 L350 276 L252 276 C284 262 296 238 284 204Z", cap)
    pen.fill("M60 186 C82 196 98 216 106 242 C109 254 110 264 108 276 L60 276Z", paint.shade)
    pen.fill("M164 172 L196 148 C226 178 252 196 282 206 L266 236 C226 226 192 206 164 172Z", paint.shade)
    pen.outside()
    pen.line("M284 205 C294 236 284 260 254 270M66 190 C82 198 98 216 106 242 C109 252 110 262 109 270", paint.line, 2)
    pen.line("M165 173 C192 206 226 226 266 236 L281 207", paint.line, 2)
    laces(pen, 5, (196, 160), (18, 11), (-13, 25))


def trail_shoe(pen: Pen) -> None:
    paint = pen.paint
    lugs(pen, 62, 322, 303)
    pen.fill("M322 300 L340 296 L342 306 L328 311Z M344 293 L357 283 L362 290 L350 302Z", RUBBER)
    upper = _sport_upper(pen)
    _sport_parts(pen, upper, cap=mix(paint.deep, RUBBER, 0.6))
    pen.inside(upper)
    pen.line("M118 272 L150 232 L170 252 L198 218 L236 272", paint.trim, 6)
    pen.outside()
    pen.fill(
        "M60 258 C55 270 53 284 58 294 C62 303 74 306 90 306 L314 306 C338 305 356 295 362 277 C363 268 358 260 350 256 "
        "C330 266 300 269 268 267 C220 263 184 269 142 265 C110 262 84 263 60 258Z",
        FOAM,
        edge=paint.line,
    )
    pen.line("M64 280 C130 290 220 280 352 284", mix(FOAM, paint.base, 0.55), 5)
    pen.fill(
        "M58 292 C62 303 74 306 90 306 L314 306 C334 305 350 298 358 286 L356 300 C344 310 330 312 314 312 L86 312 C70 312 60 306 58 292Z",
        RUBBER,
    )
    pen.line("M70 168 C60 160 56 172 63 186", paint.trim, 5)


def mid_shoe(pen: Pen) -> None:
    """A trail shoe with a cuff."""
    paint = pen.paint
    pen.fill("M92 122 C116 112 150 110 174 116 L176 160 L96 160Z", paint.deep)
    cuff = "M68 236 C64 206 70 160 78 132 C80 120 90 116 100 120 C118 128 142 132 162 124 C172 120 182 118 188 128 L206 160 L206 240Z"
    pen.body(cuff, paint.shade)
    trail_shoe(pen)
    upper_mask = "M70 190 C78 176 92 168 104 176 C120 190 150 196 166 172 L190 150 L196 160 L160 206 L96 206Z"
    pen.fill(upper_mask, paint.shade)
    pen.line("M80 138 C108 150 142 152 176 134", paint.trim, 3, opacity=0.8)
    pen.line("M76 168 C100 186 150 190 184 152", paint.deep, 2)
    laces(pen, 2, (186, 134), (8, 16), (-18, 14))


def runner(pen: Pen) -> None:
    paint = pen.paint
    upper = _sport_upper(pen)
    pen.inside(upper)
    pen.fill("M60 196 C84 204 98 226 102 276 L60 276Z", paint.shade)
    pen.fill("M60 250 C140 262 240 244 352 252 L352 280 L60 280Z", paint.shade, opacity=0.55)
    pen.outside()
    pen.line("M122 262 C150 226 190 216 236 226M136 264 C160 238 196 230 246 240", paint.trim, 4, opacity=0.9)
    laces(pen, 4, (200, 163), (19, 12), (-12, 22))
    sole = (
        "M56 254 C48 272 44 292 56 304 C64 312 84 314 110 313 C180 309 240 318 300 312 C334 308 362 292 366 270 "
        "C366 262 360 258 352 256 C332 264 300 268 268 266 C220 262 184 267 142 263 C110 260 80 262 56 254Z"
    )
    pen.fill(sole, FOAM, edge=paint.line)
    pen.inside(sole)
    pen.fill("M40 296 C120 306 260 300 372 280 L372 330 L40 330Z", mix(FOAM, paint.base, 0.35))
    pen.fill("M40 309 C120 314 280 316 340 300 L372 330 L40 330Z", RUBBER)
    pen.outside()
    pen.line("M68 168 C57 160 53 174 62 190", paint.trim, 5)


def trainer(pen: Pen) -> None:
    paint = pen.paint
    pen.fill("M76 184 C100 172 150 164 178 168 L170 200 L96 214Z", paint.deep)
    upper = (
        "M64 268 C62 240 60 210 66 190 C68 180 78 177 87 182 C102 192 114 206 132 207 C146 208 156 200 164 189 L176 172 "
        "C180 165 190 164 196 170 C218 190 246 206 276 213 C312 220 342 232 346 256 L346 280 L64 280Z"
    )
    pen.body(upper)
    pen.inside(upper)
    pen.fill("M58 200 C78 206 96 222 100 250 L100 284 L58 284Z", paint.shade)
    pen.fill("M274 210 C320 220 352 236 350 284 L258 284 C284 266 290 240 274 210Z", paint.light, opacity=0.8)
    pen.fill("M166 188 L196 168 C220 190 246 206 276 213 L254 246 C220 236 190 216 166 188Z", paint.shade)
    pen.outside()
    pen.stitch(
        "M63 204 C80 208 95 224 99 252 L99 276M270 216 C284 242 278 262 256 276M168 194 C192 220 222 238 252 246"
    )
    pen.line("M275 213 C289 242 282 264 258 280", paint.line, 1.8)
    laces(pen, 4, (200, 176), (19, 11.5), (-14, 24))
    pen.fill(
        "M56 268 L352 268 C356 284 356 300 350 312 C340 318 330 318 318 318 L78 318 C66 318 58 314 56 304 C54 292 54 280 56 268Z",
        FOAM,
        edge=paint.line,
    )
    pen.line("M58 300 L351 300", GUM, 3)
    pen.line("M66 278 L344 278", mix(FOAM, RUBBER, 0.25), 1.8, dash="6 5", cap="butt")


def slip_on(pen: Pen) -> None:
    paint = pen.paint
    pen.fill("M76 196 C110 184 170 186 208 206 L190 232 L92 226Z", paint.deep)
    upper = (
        "M62 270 C60 246 60 222 66 202 C69 193 79 191 88 196 C116 212 142 222 176 214 C190 210 200 202 210 200 "
        "C250 202 330 220 346 256 L348 280 L62 280Z"
    )
    pen.body(upper)
    pen.inside(upper)
    pen.fill("M158 216 L196 204 L206 252 L168 256Z", paint.deep)
    pen.fill("M58 206 C74 212 86 230 88 284 L58 284Z", paint.shade)
    pen.outside()
    pen.line("M166 216 L176 254M176 213 L185 253M186 210 L195 252", paint.base, 2)
    pen.stitch("M210 206 C206 230 206 256 214 278M84 202 C88 226 90 254 90 278")
    pen.fill(
        "M54 268 L354 268 C358 284 357 300 352 312 C342 318 332 318 320 318 L76 318 C64 318 56 314 54 304 C52 292 52 280 54 268Z",
        FOAM,
        edge=paint.line,
    )
    pen.fill("M53 296 L357 296 L352 312 C342 318 332 318 320 318 L76 318 C64 318 56 314 54 304Z", GUM)


def espadrille(pen: Pen) -> None:
    paint = pen.paint
    pen.fill("M74 216 C110 202 176 204 214 222 L196 250 L90 246Z", paint.deep)
    upper = "M60 284 C58 262 58 240 66 222 C70 214 80 212 88 217 C116 234 150 240 184 232 C196 228 206 218 216 218 C262 222 330 238 348 270 L350 290 L60 290Z"
    pen.body(upper)
    pen.line("M88 217 C116 234 150 240 184 232 C196 228 206 218 216 218", paint.trim, 3.5)
    pen.stitch("M234 226 C226 248 226 268 232 286")
    sole = "M48 282 L360 282 C366 296 362 312 346 318 L66 318 C50 314 44 298 48 282Z"
    pen.fill(sole, "#d8bb84", edge="#7c5f37")
    pen.inside(sole)
    for x in range(34, 380, 11):
        pen.line(
            f"M{x} 278 C{x + 10} 284 {x + 10} 290 {x + 2} 296M{x} 296 C{x + 10} 302 {x + 10} 310 {x + 2} 318",
            "#a98750",
            2.4,
        )
    pen.line("M40 297 H372", "#8f6f40", 2)
    pen.outside()


def derby(pen: Pen) -> None:
    paint = pen.paint
    pen.fill("M80 178 C106 168 150 164 180 170 L168 204 L96 210Z", paint.line)
    upper = (
        "M66 272 C62 240 62 206 70 186 C74 176 84 175 92 180 C106 190 116 202 134 203 C148 203 158 194 166 184 L178 170 "
        "C184 164 192 165 198 171 C222 196 254 212 284 220 C320 230 348 242 352 264 L352 284 L66 284Z"
    )
    pen.body(upper)
    pen.inside(upper)
    pen.fill(
        "M150 284 C156 244 158 214 166 184 L196 166 C220 194 240 204 262 212 C250 244 232 268 206 284Z", paint.shade
    )
    pen.outside()
    pen.line("M262 212 C250 244 232 266 206 282M152 280 C156 246 158 216 166 186", paint.line, 2)
    pen.stitch("M256 212 C245 240 228 262 200 280M158 278 C162 246 164 220 171 194")
    pen.line("M300 226 C296 246 286 264 270 280", paint.line, 2)
    pen.stitch("M306 228 C302 248 292 266 277 281")
    laces(pen, 3, (200, 182), (19, 12), (-18, 20))
    pen.fill("M56 276 L358 276 C364 284 362 292 356 296 L60 296 C54 290 53 283 56 276Z", "#8b6238", edge="#3c2a1b")
    pen.stitch("M64 286 L352 286", "#e8cf9f")
    pen.fill("M60 296 L356 296 C350 304 338 306 322 306 L190 306 L182 300 L166 300 L166 318 L66 318Z", "#4a3626")


def clog(pen: Pen) -> None:
    """A felt slipper one may go out in."""
    paint = pen.paint
    pen.fill("M72 222 C112 194 176 190 214 206 L196 236 L88 250Z", paint.deep)
    upper = (
        "M58 290 C56 268 58 246 66 230 C72 220 82 220 90 226 C116 244 152 246 180 230 C194 220 202 200 222 200 "
        "C276 200 340 228 352 270 L352 296 L58 296Z"
    )
    pen.body(upper)
    pen.line("M90 226 C116 244 152 246 180 230 C194 220 202 200 222 200", paint.trim, 5)
    pen.line("M236 214 C260 222 286 236 300 256", paint.light, 3, opacity=0.7)
    pen.dot(236, 240, 7, paint.trim, edge=paint.line)
    pen.fill("M50 284 L360 284 C364 300 360 312 348 318 L66 318 C52 314 46 300 50 284Z", "#c6a477", edge="#6d5233")
    pen.line("M54 302 L358 302", "#8f6f46", 2.5)
