"""A picture with much to hold on to and a short clip, drawn in a moment."""

import io
import random
from fractions import Fraction

import av
import numpy as np
from PIL import Image, ImageDraw

SEED = 7
SIZE = (960, 720)
CLIP_SIZE = (320, 240)
FRAMES_PER_SECOND = 12


def draw_photo() -> bytes:
    """A JPEG of a few hundred overlapping shapes."""
    chance = random.Random(SEED)
    picture = Image.new("RGB", SIZE, "ivory")
    pen = ImageDraw.Draw(picture)
    for _ in range(400):
        x, y = chance.randrange(SIZE[0]), chance.randrange(SIZE[1])
        w, h = chance.randrange(12, 90), chance.randrange(12, 90)
        colour = tuple(chance.randrange(256) for _ in range(3))
        shape = chance.choice((pen.rectangle, pen.ellipse))
        shape((x, y, x + w, y + h), fill=colour, outline="black")
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=90)
    return file.getvalue()


def draw_clip() -> bytes:
    """One second of H.264 in MP4: a bright bar that walks."""
    file = io.BytesIO()
    with av.open(file, "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=FRAMES_PER_SECOND)
        stream.width, stream.height = CLIP_SIZE
        stream.pix_fmt = "yuv420p"
        stream.time_base = Fraction(1, FRAMES_PER_SECOND)
        for number in range(FRAMES_PER_SECOND):
            pixels = np.zeros((CLIP_SIZE[1], CLIP_SIZE[0], 3), np.uint8)
            pixels[:, number * 20 : number * 20 + 40] = 255
            container.mux(stream.encode(av.VideoFrame.from_ndarray(pixels, format="rgb24")))
        container.mux(stream.encode())
    return file.getvalue()
