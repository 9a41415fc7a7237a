"""How a hand moves a phone: functions from seconds to a `View`, one for each family.

Angles are radians, seconds start at 0 with the first frame, randomness comes in as a generator.
"""

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from bench.tracking.camera import View

Path = Callable[[float], View]


def smooth_step(value: float) -> float:
    """0 below 0, 1 above 1, with no jerk between."""
    clipped = min(max(value, 0.0), 1.0)
    return clipped * clipped * (3 - 2 * clipped)


def wobble(random: np.random.Generator, amplitude: float) -> Callable[[float], float]:
    """A tremor: slow drift and faster shaking, about `amplitude` in size, never repeating soon."""
    hertz = random.uniform([0.2, 0.5, 1.1, 2.5, 6.0], [0.5, 1.1, 2.5, 5.0, 9.0])
    weight = amplitude * np.array([0.8, 0.5, 0.25, 0.1, 0.04])
    phase = random.uniform(0, 2 * math.pi, 5)
    return lambda seconds: float((weight * np.sin(2 * math.pi * hertz * seconds + phase)).sum())


def held_by_hand(path: Path, random: np.random.Generator, amount: float = 1.0) -> Path:
    """`path` with the tremor of a hand: about 1 % of the frame and 1 degree for amount 1."""
    x, y = wobble(random, 0.010 * amount), wobble(random, 0.012 * amount)
    pitch, yaw, roll = (wobble(random, math.radians(angle) * amount) for angle in (1.2, 1.2, 0.8))
    size = wobble(random, 0.008 * amount)

    def shaken(seconds: float) -> View:
        view = path(seconds)
        return replace(
            view,
            x=view.x + x(seconds),
            y=view.y + y(seconds),
            size=view.size * (1 + size(seconds)),
            pitch=view.pitch + pitch(seconds),
            yaw=view.yaw + yaw(seconds),
            roll=view.roll + roll(seconds),
        )

    return shaken


def resting(random: np.random.Generator, size: float = 0.62) -> Path:
    """Nothing moves; a slightly oblique view, placed off the pixel grid."""
    view = View(
        x=0.5 + random.uniform(-0.05, 0.05),
        y=0.5 + random.uniform(-0.05, 0.05),
        size=size,
        pitch=random.uniform(-0.3, 0.3),
        yaw=random.uniform(-0.3, 0.3),
        roll=random.uniform(-0.2, 0.2),
    )
    return lambda seconds: view


def tilting(random: np.random.Generator, duration: float, degrees: float = 62.0) -> Path:
    """Tipped back and forth to `degrees` about one axis, then about the other."""
    first, second = random.choice([-1.0, 1.0], size=2)
    half = duration / 2
    reach = math.radians(degrees)

    def view(seconds: float) -> View:
        if seconds < half:
            return View(size=0.6, pitch=first * reach * math.sin(2 * math.pi * seconds / half))
        return View(size=0.6, yaw=second * reach * math.sin(2 * math.pi * (seconds - half) / half))

    return view


def spinning(random: np.random.Generator, duration: float) -> Path:
    """One full turn about the line of sight, a little oblique."""
    way = float(random.choice([-1.0, 1.0]))
    pitch, yaw = random.uniform(-0.35, 0.35, 2)

    def view(seconds: float) -> View:
        roll = way * 2 * math.pi * smooth_step(seconds / duration)
        return View(size=0.55, pitch=pitch, yaw=yaw, roll=roll)

    return view


def approaching(random: np.random.Generator, duration: float) -> Path:
    """From 18 % to 110 % of the frame's height, evenly in ratio."""
    pitch, yaw = random.uniform(-0.25, 0.25, 2)

    def view(seconds: float) -> View:
        part = smooth_step(seconds / duration)
        return View(size=0.18 * (1.10 / 0.18) ** part, pitch=pitch, yaw=yaw)

    return view


def touring(random: np.random.Generator, duration: float) -> Path:
    """All of it in one take: come closer, pan, tip, turn round, go away, come back."""
    way = random.choice([-1.0, 1.0], size=5)

    def view(seconds: float) -> View:
        t = seconds / duration
        pan = math.sin(2 * math.pi * t * 2) * _bump(t, 0.12, 0.45)
        return View(
            x=0.5 + 0.16 * way[0] * pan,
            y=0.5 + 0.10 * way[1] * math.sin(2 * math.pi * t * 3) * _bump(t, 0.12, 0.45),
            size=0.42 + 0.30 * smooth_step(t / 0.12) - 0.34 * _bump(t, 0.72, 0.98),
            pitch=way[2] * math.radians(50) * _bump(t, 0.32, 0.55),
            yaw=way[3] * math.radians(52) * _bump(t, 0.48, 0.72),
            roll=way[4] * 2 * math.pi * smooth_step((t - 0.64) / 0.26),
        )

    return view


def darting(random: np.random.Generator, duration: float) -> Path:
    """Swung quickly from side to side with stops between: up to about 45 px a frame."""
    phases = random.uniform(0, 2 * math.pi, 3)
    rest = 0.5

    def view(seconds: float) -> View:
        eager = smooth_step((seconds - rest) / 0.5) * (0.55 + 0.45 * math.sin(4.1 * seconds))
        return View(
            x=0.5 + 0.19 * eager * math.sin(2 * math.pi * 1.75 * seconds + phases[0]),
            y=0.5 + 0.13 * eager * math.sin(2 * math.pi * 1.35 * seconds + phases[1]),
            size=0.55 * (1 + 0.12 * eager * math.sin(2 * math.pi * 0.9 * seconds)),
            roll=0.18 * eager * math.sin(2 * math.pi * 1.1 * seconds + phases[2]),
        )

    return view


def lingering(random: np.random.Generator, size: float = 0.58) -> Path:
    """A quiet look: slow drift in every degree of freedom."""
    x, y = wobble(random, 0.05), wobble(random, 0.05)
    pitch, yaw, roll = (wobble(random, amplitude) for amplitude in (0.28, 0.28, 0.12))
    slow = 0.45

    def view(seconds: float) -> View:
        t = seconds * slow
        return View(0.5 + x(t), 0.5 + y(t), size, pitch(t), yaw(t), roll(t))

    return view


def _bump(value: float, start: float, end: float) -> float:
    """0 outside start..end, 1 in its middle, smooth."""
    middle = (start + end) / 2
    rise = smooth_step((value - start) / (middle - start))
    return rise * smooth_step((end - value) / (end - middle))
