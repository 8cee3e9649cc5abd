"""Pictures for the demonstration: drawn shapes on a plain ground that nobody takes for a person, with words that say so."""

from __future__ import annotations

from io import BytesIO

WIDTH, HEIGHT = 800, 600
GROUND, FRAME, INK = (226, 214, 204), (150, 136, 126), (60, 52, 48)
WORDS = "DRAWING FOR THE DEMONSTRATION, NOT A PERSON"
CM = 60
"""Pixels of one centimetre on the drawn ruler."""


def spot(across_cm: float, redness: float, *, label: str = "") -> bytes:
    """A PNG of a round spot so many centimetres across. `redness` is from 0 (the ground) to 1."""
    from PIL import Image, ImageDraw, ImageFont

    picture = Image.new("RGB", (WIDTH, HEIGHT), GROUND)
    draw = ImageDraw.Draw(picture)
    half, middle = across_cm * CM / 2, (WIDTH / 2, HEIGHT / 2 - 30)
    for ring in range(12, 0, -1):
        reach = half * ring / 12
        draw.ellipse(_around(middle, reach), fill=_colour(redness * (13 - ring) / 12))
    for tick in range(11):
        left = 100 + tick * CM
        draw.line((left, HEIGHT - 110, left, HEIGHT - (140 if tick % 5 == 0 else 128)), fill=INK, width=3)
    draw.line((100, HEIGHT - 110, 100 + 10 * CM, HEIGHT - 110), fill=INK, width=3)
    draw.rectangle((4, 4, WIDTH - 5, HEIGHT - 5), outline=FRAME, width=4)
    font = ImageFont.load_default(size=24)
    draw.text((100, HEIGHT - 90), "10 cm", fill=INK, font=font)
    draw.text((WIDTH / 2, HEIGHT - 34), WORDS, fill=INK, font=font, anchor="mm")
    draw.text((WIDTH / 2, 40), label, fill=INK, font=font, anchor="mm")
    kept = BytesIO()
    picture.save(kept, "PNG")
    return kept.getvalue()


def _around(middle: tuple[float, float], reach: float) -> tuple[float, float, float, float]:
    return middle[0] - reach, middle[1] - reach, middle[0] + reach, middle[1] + reach


def _colour(redness: float) -> tuple[int, int, int]:
    red = (176, 52, 52)
    mixed = [round(ground + (there - ground) * redness) for ground, there in zip(GROUND, red, strict=True)]
    return mixed[0], mixed[1], mixed[2]
