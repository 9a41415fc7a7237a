"""Draws the pictures of how-it-works.md: `python -m docs.engine.picture`, with the engine built."""

from pathlib import Path

import cv2
import numpy as np

from arv_engine import Tracker, compile_target
from bench.tracking.drawn import draw_poster
from tests.engine.scenes import HEIGHT, WIDTH, Grey, Pose, Shot, error_px, render

OUT = Path(__file__).parent / "pictures"
CORAL, TEAL, INK = (58, 91, 255), (131, 142, 14), (29, 24, 22)
POSES = [
    ("far, 20 % of the frame", Pose(size=0.2, x=0.1), Shot()),
    ("tilted by 60 degrees", Pose(size=0.8, tilt=60, direction=70, spin=15), Shot()),
    ("dark: 22 % of the light", Pose(size=0.7, tilt=25, spin=-20), Shot(gain=0.22)),
    ("half covered", Pose(size=0.85, tilt=20, direction=40), Shot(cover=0.5)),
]


def poster() -> Grey:
    """The print: drawn, so that no foreign picture is part of ARV."""
    return np.ascontiguousarray(cv2.cvtColor(draw_poster(11), cv2.COLOR_RGB2GRAY), dtype=np.uint8)


def desk(seed: int) -> Grey:
    """A background of overlapping boxes, uint8 (480, 640)."""
    random = np.random.default_rng(seed)
    canvas = np.full((HEIGHT, WIDTH), 120, np.uint8)
    for _ in range(160):
        centre = (int(random.integers(WIDTH)), int(random.integers(HEIGHT)))
        sides = (int(random.integers(8, 140)), int(random.integers(8, 90)))
        box = cv2.boxPoints((centre, sides, float(random.uniform(0, 90))))
        cv2.fillConvexPoly(canvas, box.astype(np.int32), int(random.integers(50, 200)), cv2.LINE_AA)
    return np.asarray(cv2.GaussianBlur(canvas, (0, 0), 1.2), dtype=np.uint8)


def features_picture() -> Grey:
    """Where the learnt features lie; larger circles survive more views."""
    image = poster()
    target = compile_target(image)
    scale = target_width(target.data) / image.shape[1]
    small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    canvas = cv2.cvtColor(small // 2 + 110, cv2.COLOR_GRAY2BGR)
    for n in range(target.features):
        at = 64 + 40 * n
        x, y = np.frombuffer(target.data[at : at + 4], "<u2") / 32 - 0.5
        colour = CORAL if target.data[at + 5] % 5 == 0 else TEAL
        radius = 2 + target.data[at + 6] // 24
        cv2.circle(canvas, (round(x), round(y)), radius, colour, 1, cv2.LINE_AA)
    return np.asarray(canvas, dtype=np.uint8)


def target_width(file: bytes) -> int:
    """Width of the picture inside a target file."""
    return int.from_bytes(file[24:26], "little")


def found_picture() -> Grey:
    """Four first frames with the corners that were found and their error."""
    image, tiles = poster(), []
    target = compile_target(image)
    for seed, (words, pose, shot) in enumerate(POSES):
        frame = render(image, pose, shot, backdrop=desk(seed))
        (seen,) = Tracker([target.data], WIDTH, HEIGHT).process(frame)
        tile = cv2.cvtColor(frame, cv2.COLOR_GRAY2BGR)
        outline = np.round((seen.corners + 0.5) * 16).astype(np.int32)
        cv2.polylines(
            tile, [outline], isClosed=True, color=CORAL, thickness=2, lineType=cv2.LINE_AA, shift=4
        )
        cv2.rectangle(tile, (0, 448), (640, 480), INK, -1)
        text = f"{words}: {error_px(seen.corners, image, pose):.2f} px"
        cv2.putText(
            tile, text, (12, 470), cv2.FONT_HERSHEY_SIMPLEX, 0.65, (242, 247, 250), 1, cv2.LINE_AA
        )
        tiles.append(tile)
    return np.asarray(np.vstack([np.hstack(tiles[:2]), np.hstack(tiles[2:])]), dtype=np.uint8)


def main() -> None:
    """Writes both pictures."""
    OUT.mkdir(exist_ok=True)
    cv2.imwrite(str(OUT / "features.jpg"), features_picture(), [cv2.IMWRITE_JPEG_QUALITY, 82])
    cv2.imwrite(str(OUT / "found.jpg"), found_picture(), [cv2.IMWRITE_JPEG_QUALITY, 82])


if __name__ == "__main__":
    main()
