"""How often the engine sees a print that is not there.

    python -m bench.tracking.false_finds [--frames 20000] [--set report]

Every frame shows a table full of things and, in four of five, one or two *other* prints, as a moving
camera sees them; the print that is sought is in none. Frames come in takes of ten, so that a wrong lock
has the time to be held. Whatever is reported is false. The run can be stopped at any moment and goes on where
it was: its state is kept by engine binary in `bench/out/false_finds`, with every frame that fooled it.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import time
from functools import cache
from pathlib import Path
from typing import Any, get_args

import cv2
import numpy as np

import arv_engine
from bench.tracking.camera import Camera, View, plane_homography, print_to_camera
from bench.tracking.conditions import tone
from bench.tracking.images import SetName, cluttered_background, load_print, print_sources
from bench.tracking.raster import Image, Matrix, to_grey

OUT = Path(__file__).resolve().parents[1] / "out" / "false_finds"
WIDTH, HEIGHT = 640, 480
TAKE = 10
TAKES_PER_TABLE = 20


@cache
def targets(set_name: SetName) -> dict[str, bytes]:
    """The target file of every print of a set."""
    return {
        source.name: arv_engine.compile_target(load_print(set_name, source.name)).data
        for source in print_sources(set_name)
    }


@cache
def table(set_name: SetName, number: int) -> Image:
    """Grey clutter that a camera can wander over."""
    return to_grey(cluttered_background(set_name, 90_000 + number))


def take(set_name: SetName, number: int) -> tuple[str, list[Image]]:
    """The name of the print sought in take `number`, and ten frames without it."""
    random = np.random.default_rng([number, 4711])
    names = [source.name for source in print_sources(set_name)]
    sought = names[number % len(names)]
    others = [name for name in names if name != sought]
    random.shuffle(others)
    others = others[: random.choice([0, 1, 1, 2, 2])]
    starts, ends = [_view(random) for _ in others], [_view(random) for _ in others]
    shown = [
        _inked(set_name, name, random, start[2]) for name, start in zip(others, starts, strict=True)
    ]
    over = _wander(random)
    gain, noise, blur = random.uniform(0.25, 1), random.uniform(1, 4), random.choice([0, 0, 0.8, 2])
    frames = []
    for n in range(TAKE):
        share = n / TAKE * 0.3
        ground = table(set_name, number // TAKES_PER_TABLE)
        frame = cv2.warpPerspective(
            ground, over(share), (WIDTH, HEIGHT), borderMode=cv2.BORDER_REFLECT_101
        )
        for image, start, end in zip(shown, starts, ends, strict=True):
            _lay(frame, image, _between(start, end, share))
        frames.append(_exposed(np.asarray(frame), random, gain, noise, blur))
    return sought, frames


def _inked(set_name: SetName, name: str, random: np.random.Generator, size: float) -> Image:
    """The print on paper, its detail as fine as a camera can show at this size."""
    image = to_grey(tone(load_print(set_name, name), random))
    soft = max(0.3, 0.4 * image.shape[0] / (size * HEIGHT))
    return np.asarray(cv2.GaussianBlur(image, (0, 0), soft), dtype=np.uint8)


def _view(random: np.random.Generator) -> np.ndarray:
    """x, y, size, pitch, yaw, roll."""
    low, high = [0.2, 0.2, 0.15, -0.9, -0.9, -3.1], [0.8, 0.8, 1.0, 0.9, 0.9, 3.1]
    return random.uniform(low, high)


def _between(start: np.ndarray, end: np.ndarray, share: float) -> View:
    return View(*(start + (end - start) * share))


def _wander(random: np.random.Generator) -> Any:
    """Table pixels -> frame pixels as a function of the take's progress, 0..1."""
    angle, zoom = random.uniform(-np.pi, np.pi), random.uniform(0.35, 1.3)
    x, y = random.uniform(300, 1700), random.uniform(300, 1200)
    drift, tilt = random.normal(0, 80, 2), random.normal(0, 2e-4, 2)

    def homography(share: float) -> Matrix:
        cos, sin = zoom * np.cos(angle + share / 4), zoom * np.sin(angle + share / 4)
        cx, cy = x + drift[0] * share, y + drift[1] * share
        turn = np.array([[cos, -sin, 0], [sin, cos, 0], [*tilt, 1]])
        away = np.array([[1, 0, -cx], [0, 1, -cy], [0, 0, 1]])
        back = np.array([[1, 0, WIDTH / 2], [0, 1, HEIGHT / 2], [0, 0, 1]])
        return np.asarray(back @ turn @ away)

    return homography


def _lay(frame: Any, image: Image, view: View) -> None:
    camera = Camera()
    height, width = image.shape
    size_m = (0.2 * width / height, 0.2)
    place = plane_homography(camera, print_to_camera(camera, view, 0.2), (width, height), size_m)
    cv2.warpPerspective(image, place, (WIDTH, HEIGHT), dst=frame, borderMode=cv2.BORDER_TRANSPARENT)


def _exposed(
    frame: Image, random: np.random.Generator, gain: float, noise: float, blur: float
) -> Image:
    soft = cv2.GaussianBlur(frame, (0, 0), blur) if blur else frame
    cv2.setRNGSeed(int(random.integers(2**31)))
    grain = cv2.randn(np.empty(frame.shape, np.float32), 0, noise)
    return np.asarray(np.clip(soft * np.float32(gain) + grain + 0.5, 0, 255), dtype=np.uint8)


def run(set_name: SetName, frames: int, state_file: Path) -> dict[str, Any]:
    """Take after take until `frames` are done; the state is written after every table."""
    state: dict[str, Any] = {"takes": 0, "found": []}
    if state_file.exists():
        state = json.loads(state_file.read_text())
    told = time.monotonic()
    while state["takes"] * TAKE < frames:
        number = state["takes"]
        sought, pictures = take(set_name, number)
        tracker = arv_engine.Tracker([targets(set_name)[sought]], WIDTH, HEIGHT)
        for index, picture in enumerate(pictures):
            for seen in tracker.process(picture):
                name = f"{state_file.stem}-{number}-{index}.png"
                cv2.imwrite(str(state_file.parent / name), picture)
                corners = seen.corners.round(1).tolist()
                state["found"].append({"frame": name, "sought": sought, "corners": corners})
        state["takes"] = number + 1
        if state["takes"] % TAKES_PER_TABLE == 0:
            table.cache_clear()
            state_file.write_text(json.dumps(state))
        if time.monotonic() - told > 60:
            told = time.monotonic()
            print(f"{state['takes'] * TAKE} frames, {len(state['found'])} false", file=sys.stderr)
    state_file.write_text(json.dumps(state))
    return state


def main() -> int:
    """Prints the count; exit code 1 when anything was found."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--frames", type=int, default=20_000)
    parser.add_argument("--set", choices=get_args(SetName), default="report", dest="set_name")
    options = parser.parse_args()
    OUT.mkdir(parents=True, exist_ok=True)
    binary = (Path(arv_engine.__file__).parent / "arv_engine.wasm").read_bytes()
    name = f"{options.set_name}-{hashlib.sha256(binary).hexdigest()[:12]}"
    state = run(options.set_name, options.frames, OUT / f"{name}.json")
    print(f"{state['takes'] * TAKE} frames without the print, {len(state['found'])} false finds")
    for found in state["found"]:
        print(f"  {found['sought']} in {OUT / found['frame']}: {found['corners']}")
    return 1 if state["found"] else 0


if __name__ == "__main__":
    sys.exit(main())
