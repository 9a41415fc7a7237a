"""Prints drawn by the benchmark itself: posters, cards and pages of text."""

import numpy as np
from PIL import Image as Pillow
from PIL import ImageDraw, ImageFont

from bench.tracking.raster import Image

_SYLLABLES = [
    "ka", "lo", "mi", "ren", "sta", "vo", "il", "ter", "an", "du", "pre", "so", "li", "ma", "no", "er",
    "qui", "ta", "bel", "for", "ge", "hi", "ost", "un", "da", "pa", "re", "si", "to", "vi", "men", "ar",
]  # fmt: skip
_INKS = [(24, 42, 66), (196, 62, 48), (232, 178, 72), (38, 118, 106), (90, 54, 110), (30, 30, 30)]
_PAPERS = [(244, 238, 222), (228, 236, 238), (250, 246, 240), (236, 226, 208)]


def _font(size: float) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size=size)


def _word(random: np.random.Generator) -> str:
    return "".join(random.choice(_SYLLABLES, size=int(random.integers(1, 4))))


def _sentence(random: np.random.Generator, words: int) -> str:
    text = " ".join(_word(random) for _ in range(words))
    return text[:1].upper() + text[1:] + "."


def _ink(random: np.random.Generator) -> tuple[int, int, int]:
    return _INKS[int(random.integers(len(_INKS)))]


def draw_poster(seed: int, width: int = 700, height: int = 1000) -> Image:
    """A concert poster: overlapping flat shapes, a big title, lines of small print."""
    random = np.random.default_rng(seed)
    page = Pillow.new("RGB", (width, height), _PAPERS[int(random.integers(len(_PAPERS)))])
    draw = ImageDraw.Draw(page, "RGBA")
    for _ in range(38):
        x, y = random.uniform(0, width), random.uniform(0, height * 0.72)
        reach = float(random.gamma(2.0, 34.0)) + 12
        colour = (*_ink(random), int(random.integers(120, 255)))
        if random.random() < 0.45:
            draw.ellipse((x - reach, y - reach, x + reach, y + reach), fill=colour)
        else:
            angles = np.sort(random.uniform(0, 2 * np.pi, int(random.integers(3, 7))))
            draw.polygon(
                [(x + reach * np.cos(a), y + reach * np.sin(a)) for a in angles], fill=colour
            )
    ink = _ink(random)
    draw.text((40, height * 0.74), _word(random).upper()[:9], font=_font(110), fill=ink)
    for line in range(5):
        text = _sentence(random, 5)
        draw.text((44, height * 0.87 + line * 22), text, font=_font(17), fill=ink)
    return np.asarray(page, dtype=np.uint8)


def draw_card(seed: int, width: int = 850, height: int = 540) -> Image:
    """A business card: weak texture, a sign, a name, three lines, much empty paper."""
    random = np.random.default_rng(seed)
    page = Pillow.new("RGB", (width, height), _PAPERS[int(random.integers(len(_PAPERS)))])
    draw = ImageDraw.Draw(page)
    ink, accent = _INKS[int(random.choice([0, 4, 5]))], _ink(random)
    x, y = 90 + random.uniform(0, 60), 90 + random.uniform(0, 40)
    for ring in range(3):
        reach = 70 - ring * 22
        draw.regular_polygon((x + 20, y + 20, reach), int(random.integers(3, 8)), fill=accent)
        accent = _ink(random)
    draw.text(
        (80, 250), f"{_word(random).title()} {_word(random).title()}", font=_font(54), fill=ink
    )
    for line in range(3):
        draw.text((82, 350 + line * 42), _sentence(random, 4), font=_font(27), fill=ink)
    return np.asarray(page, dtype=np.uint8)


def draw_page(seed: int, width: int = 740, height: int = 1050) -> Image:
    """A page of text: a heading and justified-looking paragraphs, black on paper."""
    random = np.random.default_rng(seed)
    page = Pillow.new("RGB", (width, height), (247, 244, 236))
    draw = ImageDraw.Draw(page)
    draw.text((60, 50), _sentence(random, 3), font=_font(44), fill=(20, 20, 20))
    y = 130.0
    while y < height - 70:
        for _ in range(int(random.integers(3, 8))):
            if y > height - 70:
                break
            draw.text((60, y), _sentence(random, 9)[:64], font=_font(20), fill=(28, 28, 28))
            y += 27
        y += 20
    return np.asarray(page, dtype=np.uint8)
