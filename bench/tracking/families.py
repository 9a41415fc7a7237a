"""The families of conditions: each builds one sequence from a set, a print and a seed."""

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from bench.tracking import motion
from bench.tracking.camera import Camera, View
from bench.tracking.conditions import Glare, Hand, Sensor, tone
from bench.tracking.images import (
    SetName,
    cluttered_background,
    load_print,
    print_source,
    print_sources,
)
from bench.tracking.raster import to_grey
from bench.tracking.sequence import Print, Sequence
from bench.tracking.surface import Surface

FPS = 30.0
_SEED_OFFSETS: dict[SetName, int] = {"development": 10_000, "report": 20_000, "fresh": 30_000}


class Setting:
    """What every family starts from: the set, the print, a seeded generator, colour or grey."""

    def __init__(self, set_name: SetName, print_name: str, seed: int, *, colour: bool) -> None:
        self.set_name: SetName = set_name
        self.print_name = print_name
        self.colour = colour
        self.seed = _SEED_OFFSETS[set_name] + seed
        self.random = np.random.default_rng([self.seed, *map(ord, print_name)])

    def print_of(self, path: motion.Path, name: str | None = None) -> Print:
        """The print (this setting's, or another of the set) moving along `path`."""
        source = print_source(self.set_name, name or self.print_name)
        image = load_print(self.set_name, source.name)
        inked = tone(image, self.random)
        surface = Surface(inked if self.colour else to_grey(inked))
        weak = source.kind in ("card", "page")
        return Print(source.name, image, source.height_m, surface, path, weak)

    def others(self, count: int) -> list[str]:
        """Names of `count` other prints of the set."""
        names = [s.name for s in print_sources(self.set_name) if s.name != self.print_name]
        self.random.shuffle(names)
        return names[:count]

    def sequence(self, family: str, path: motion.Path, seconds: float) -> Sequence:
        """A daylight sequence of the one print along `path`."""
        image = cluttered_background(self.set_name, int(self.random.integers(2**31)))
        background = Surface(image if self.colour else to_grey(image), repeats=True)
        main = self.print_of(path)
        name = f"{family}-{self.print_name}"
        gap = main.height_m * float(self.random.uniform(0.4, 2.0))
        length = round(seconds * FPS)
        return Sequence(
            family, name, self.seed, [main], background, length, fps=FPS, background_gap_m=gap
        )


def still(setting: Setting) -> Sequence:
    """Phone on a stand, print on the wall: only the sensor's noise changes."""
    sequence = setting.sequence("still", motion.resting(setting.random), 3.0)
    return replace(sequence, still=True)


def tilt(setting: Setting) -> Sequence:
    """Tipped to 62 degrees about both axes."""
    path = motion.held_by_hand(motion.tilting(setting.random, 6.0), setting.random, 0.5)
    return setting.sequence("tilt", path, 6.0)


def spin(setting: Setting) -> Sequence:
    """A full turn about the line of sight."""
    path = motion.held_by_hand(motion.spinning(setting.random, 5.0), setting.random, 0.5)
    return setting.sequence("spin", path, 5.0)


def approach(setting: Setting) -> Sequence:
    """From 18 % to 110 % of the frame's height."""
    path = motion.held_by_hand(motion.approaching(setting.random, 5.0), setting.random, 0.5)
    return setting.sequence("approach", path, 5.0)


def tour(setting: Setting) -> Sequence:
    """Ten seconds of all of it, a hand crossing the print in the middle."""
    path = motion.held_by_hand(motion.touring(setting.random, 10.0), setting.random, 0.7)
    hand = Hand(
        reach_at=lambda s: 0.55 * math.sin(math.pi * min(max((s - 3.0) / 1.6, 0), 1)),
        side_at=lambda s: 0.35 + 0.1 * s / 3,
        width=0.5,
    )
    return replace(setting.sequence("tour", path, 10.0), hand=hand)


def fast(setting: Setting) -> Sequence:
    """Swung quickly with a long exposure: strong motion blur."""
    path = motion.held_by_hand(motion.darting(setting.random, 3.0), setting.random, 0.5)
    return replace(setting.sequence("fast", path, 3.0), sensor=Sensor(exposure=1 / 50))


def lowlight(setting: Setting) -> Sequence:
    """A dim room: 0.22 of the light, the noise of high gain, long exposure."""
    path = motion.held_by_hand(motion.lingering(setting.random), setting.random)
    sensor = Sensor(gain=0.22, read_noise=2.2, shot_noise=3.5, exposure=1 / 40, blur_px=0.6)
    return replace(setting.sequence("lowlight", path, 4.0), sensor=sensor)


def occlusion(setting: Setting) -> Sequence:
    """A hand comes in, covers up to about three quarters, moves about, and leaves."""
    path = motion.held_by_hand(motion.lingering(setting.random), setting.random)
    skin = int(setting.random.integers(4))
    hand = Hand(
        reach_at=lambda s: 1.45 * motion.smooth_step(s - 0.5) * motion.smooth_step(3.2 - s),
        side_at=lambda s: 0.5 + 0.06 * math.sin(5 * s),
        width=1.55,
        skin=skin,
    )
    return replace(setting.sequence("occlusion", path, 3.0), hand=hand)


def glare(setting: Setting) -> Sequence:
    """A lamp's mirror image wanders over the print."""
    path = motion.held_by_hand(motion.lingering(setting.random), setting.random)
    phase = float(setting.random.uniform(0, 6))
    lamp = Glare(
        at=lambda s: (0.5 + 0.45 * math.sin(2.2 * s + phase), 0.5 + 0.4 * math.cos(1.7 * s)),
        strength=1.2,
        radius=0.3,
    )
    return replace(setting.sequence("glare", path, 3.0), glare=lamp)


def small(setting: Setting) -> Sequence:
    """Far away: the print is 12 to 22 % of the frame's height."""
    drift = motion.lingering(setting.random, 0.12)

    def path(seconds: float) -> View:
        return replace(drift(seconds), size=0.12 + 0.10 * motion.smooth_step(seconds / 4.0))

    return setting.sequence("small", motion.held_by_hand(path, setting.random, 0.4), 4.0)


def wide(setting: Setting) -> Sequence:
    """A camera of 60 degrees instead of 45."""
    path = motion.held_by_hand(motion.touring(setting.random, 6.0), setting.random, 0.5)
    camera = Camera(vertical_fov_degrees=60.0)
    return replace(setting.sequence("wide", path, 6.0), camera=camera)


def none(setting: Setting) -> Sequence:
    """The print is searched for and not there."""
    path = motion.held_by_hand(motion.touring(setting.random, 6.0), setting.random, 2.0)
    sequence = setting.sequence("none", path, 6.0)
    return replace(sequence, prints=[], absent=sequence.prints)


def wrong(setting: Setting) -> Sequence:
    """Other prints are shown than the one that is searched for."""
    sequence = none(setting)
    first, second = setting.others(2)
    decoys = [
        setting.print_of(_beside(motion.touring(setting.random, 6.0), dx), name)
        for name, dx in ((first, -0.24), (second, 0.24))
    ]
    return replace(sequence, family="wrong", name=f"wrong-{setting.print_name}", decoys=decoys)


def multi(setting: Setting) -> Sequence:
    """Four prints side by side, all of them searched for."""
    base = setting.sequence("multi", _beside(motion.lingering(setting.random), 0), 4.0)
    drift = motion.held_by_hand(motion.lingering(setting.random, 0.36), setting.random, 0.6)
    places = [(-0.24, -0.22), (0.24, -0.22), (-0.24, 0.24), (0.24, 0.24)]
    names = [setting.print_name, *setting.others(3)]
    prints = [
        setting.print_of(_beside(drift, dx, dy), name)
        for name, (dx, dy) in zip(names, places, strict=True)
    ]
    return replace(base, prints=prints)


def angles(setting: Setting) -> Sequence:
    """Single pictures at 0 to 70 degrees of tilt in every direction, each to be found afresh."""
    random = np.random.default_rng([setting.seed, 31])
    count = 120
    tilts = np.radians(np.linspace(0, 70, count))
    toward, rolls = random.uniform(-math.pi, math.pi, (2, count))

    def path(seconds: float) -> View:
        number = min(max(round(seconds * FPS), 0), count - 1)
        tilted, way = tilts[number], toward[number]
        pitch = math.asin(math.sin(tilted) * math.sin(way))
        yaw = math.atan2(math.sin(tilted) * math.cos(way), math.cos(tilted))
        return View(size=0.6, pitch=pitch, yaw=yaw, roll=rolls[number])

    sequence = setting.sequence("angles", path, count / FPS)
    return replace(sequence, independent=True, conditions=list(np.degrees(tilts)))


def distances(setting: Setting) -> Sequence:
    """Single pictures at 8 to 60 % of the frame's height, each to be found afresh."""
    random = np.random.default_rng([setting.seed, 32])
    count = 120
    sizes = np.geomspace(0.08, 0.6, count)
    places, turns = random.uniform(0.3, 0.7, (2, count)), random.uniform(-0.4, 0.4, (3, count))

    def path(seconds: float) -> View:
        number = min(max(round(seconds * FPS), 0), count - 1)
        x, y = places[:, number]
        pitch, yaw, roll = turns[:, number]
        return View(x, y, sizes[number], pitch, yaw, roll)

    sequence = setting.sequence("distances", path, count / FPS)
    return replace(sequence, independent=True, conditions=list(sizes * 100))


def _beside(path: motion.Path, dx: float, dy: float = 0.0) -> motion.Path:
    def moved(seconds: float) -> View:
        view = path(seconds)
        return replace(view, x=view.x + dx, y=view.y + dy, size=min(view.size, 0.4))

    return moved


FAMILIES: dict[str, Callable[[Setting], Sequence]] = {
    build.__name__: build
    for build in (
        still, tilt, spin, approach, tour, fast, lowlight, occlusion, glare, small, wide, multi,
        none, wrong, angles, distances,
    )
}  # fmt: skip


def build(
    family: str, set_name: SetName, print_name: str, *, seed: int = 0, colour: bool = False
) -> Sequence:
    """The sequence of a family by name; the same arguments always give the same frames."""
    return FAMILIES[family](Setting(set_name, print_name, seed, colour=colour))
