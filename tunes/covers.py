"""The covers: a scene for each tune, drawn from its three colours."""

from __future__ import annotations

import io
import math
import random
from collections.abc import Callable

from PIL import Image, ImageColor, ImageDraw

EDGE = 640
#: Drawn at twice the size, so that edges are smooth.
_EDGE = 2 * EDGE

Scene = Callable[[ImageDraw.ImageDraw, tuple[str, str, str], random.Random], None]


def cover(title: str, colours: tuple[str, str, str]) -> bytes:
    """A JPEG."""
    picture = _ground(colours[0], colours[1])
    _SCENES[title](ImageDraw.Draw(picture, "RGBA"), colours, random.Random(title))  # noqa: S311 - no secret
    encoded = io.BytesIO()
    picture.resize((EDGE, EDGE), Image.Resampling.LANCZOS).save(encoded, "JPEG", quality=82, optimize=True)
    return encoded.getvalue()


def _ground(above: str, below: str) -> Image.Image:
    top, bottom = ImageColor.getrgb(above), ImageColor.getrgb(below)
    column = Image.new("RGB", (1, _EDGE))
    for y in range(_EDGE):
        part = y / _EDGE
        column.putpixel((0, y), tuple(round(a + part * (b - a)) for a, b in zip(top, bottom, strict=True)))
    return column.resize((_EDGE, _EDGE))


def _disc(draw: ImageDraw.ImageDraw, x: float, y: float, radius: float, fill: tuple[int, ...] | str) -> None:
    draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=fill)


def _seen_through(colour: str, opacity: int) -> tuple[int, ...]:
    return (*ImageColor.getrgb(colour)[:3], opacity)


def _lanterns(draw: ImageDraw.ImageDraw, colours: tuple[str, str, str], chance: random.Random) -> None:
    for number in range(9):
        x, y = 90 + 140 * number, 380 + 260 * math.sin(number * 1.9) + chance.uniform(-40, 40)
        size = chance.uniform(46, 84)
        draw.line((x, 0, x, y - size), fill=_seen_through(colours[2], 90), width=4)
        for glow in range(6, 0, -1):
            _disc(draw, x, y, size * (1 + 0.28 * glow), _seen_through(colours[2], 16))
        _disc(draw, x, y, size, colours[2])


def _paper_boats(draw: ImageDraw.ImageDraw, colours: tuple[str, str, str], chance: random.Random) -> None:
    _disc(draw, 980, 270, 120, _seen_through(colours[2], 200))
    for row, (x, scale) in enumerate(((330, 1.0), (880, 0.72), (560, 1.25))):
        level = 620 + 190 * row
        y = level + 14
        for part, shade in (((-150, 0), 255), ((0, 150), 215)):
            left, right = part
            draw.polygon(
                [(x + left * scale, y - 60 * scale), (x, y - 230 * scale), (x + right * scale, y - 60 * scale)],
                fill=_seen_through(colours[2], shade),
            )
        hull = [(-220, -90), (220, -90), (130, 40), (-130, 40)]
        draw.polygon([(x + scale * dx, y + scale * dy) for dx, dy in hull], fill=colours[2])
        wave = [(at, level + 22 * math.sin(at / 95 + 2 * row)) for at in range(0, _EDGE + 20, 20)]
        draw.polygon([*wave, (_EDGE, level + 230), (0, level + 230)], fill=_seen_through(colours[0], 235 - 20 * row))


def _night_tram(draw: ImageDraw.ImageDraw, colours: tuple[str, str, str], chance: random.Random) -> None:
    x = 0
    while x < _EDGE:
        width, height = chance.randrange(110, 220), chance.randrange(420, 900)
        draw.rectangle((x, 1000 - height, x + width - 12, 1000), fill=_seen_through(colours[0], 230))
        for at_x in range(x + 22, x + width - 50, 44):
            for at_y in range(1000 - height + 30, 960, 60):
                if chance.random() < 0.4:
                    draw.rectangle((at_x, at_y, at_x + 20, at_y + 30), fill=_seen_through(colours[2], 150))
        x += width
    draw.rectangle((0, 1000, _EDGE, _EDGE), fill=colours[0])
    draw.line((0, 700, _EDGE, 660), fill=_seen_through("#ffffff", 130), width=5)
    draw.rounded_rectangle((230, 790, 1120, 1080), 60, fill=colours[2])
    for number in range(5):
        draw.rounded_rectangle((290 + 165 * number, 840, 415 + 165 * number, 950), 18, fill="#fff3d6")
    for wheel in (400, 950):
        _disc(draw, wheel, 1085, 46, "#0b0820")
    draw.line((0, 1136, _EDGE, 1136), fill=_seen_through(colours[2], 200), width=8)


def _copper_kettle(draw: ImageDraw.ImageDraw, colours: tuple[str, str, str], chance: random.Random) -> None:
    for number in range(3):
        curl = [(500 + 150 * number + 46 * math.sin(y / 70 + number), y) for y in range(90 + 40 * number, 430, 8)]
        draw.line(curl, fill=colours[1], width=26, joint="curve")
    draw.arc((380, 380, 900, 900), 180, 360, fill=colours[0], width=44)
    draw.polygon([(890, 720), (1130, 560), (1150, 620), (930, 900)], fill=colours[2])
    draw.pieslice((300, 560, 980, 1240), 180, 360, fill=colours[2])
    draw.rounded_rectangle((300, 890, 980, 1090), 70, fill=colours[2])
    draw.pieslice((330, 600, 700, 1180), 180, 270, fill=_seen_through("#ffffff", 60))
    _disc(draw, 640, 555, 40, colours[0])
    draw.rectangle((0, 1090, _EDGE, _EDGE), fill=colours[0])


def _northern_window(draw: ImageDraw.ImageDraw, colours: tuple[str, str, str], chance: random.Random) -> None:
    for band in range(4):
        curve = [(x, 330 + 110 * band + 90 * math.sin(x / 210 + band)) for x in range(0, _EDGE + 20, 20)]
        draw.polygon([*curve, *((x, y + 150) for x, y in reversed(curve))], fill=_seen_through("#7ee0b5", 46))
    for _ in range(70):
        _disc(
            draw, chance.randrange(_EDGE), chance.randrange(800), chance.uniform(2, 5), _seen_through(colours[2], 220)
        )
    draw.polygon(
        [(0, 1010), (330, 800), (620, 960), (900, 760), (_EDGE, 1000), (_EDGE, _EDGE), (0, _EDGE)], fill=colours[0]
    )
    frame = colours[2]
    for left, top, right, bottom in (
        (0, 0, _EDGE, 70),
        (0, 1170, _EDGE, _EDGE),
        (0, 0, 70, _EDGE),
        (1210, 0, _EDGE, _EDGE),
    ):
        draw.rectangle((left, top, right, bottom), fill=frame)
    draw.rectangle((618, 0, 662, _EDGE), fill=frame)
    draw.rectangle((0, 560, _EDGE, 604), fill=frame)


def _sunday_stairs(draw: ImageDraw.ImageDraw, colours: tuple[str, str, str], chance: random.Random) -> None:
    for ring in range(5, 0, -1):
        _disc(draw, 900, 360, 90 + 52 * ring, _seen_through(colours[2], 36))
    _disc(draw, 900, 360, 130, colours[2])
    for step in range(8):
        left, top = 160 * step, 1130 - 110 * step
        draw.rectangle((left, top, _EDGE, _EDGE), fill=_seen_through(colours[0], 255 if step % 2 else 225))
        draw.rectangle((left, top, _EDGE, top + 22), fill=_seen_through(colours[2], 235))


_SCENES: dict[str, Scene] = {
    "Lanterns": _lanterns,
    "Paper Boats": _paper_boats,
    "Night Tram": _night_tram,
    "Copper Kettle": _copper_kettle,
    "Northern Window": _northern_window,
    "Sunday Stairs": _sunday_stairs,
}
