"""A quiet sound for the clip: water, wind and a soft chord, seamless when it repeats."""

import numpy as np
from numpy.typing import NDArray

RATE = 44_100
_CHORD_HZ = (110.0, 164.81, 220.0, 277.18, 329.63)


def loop_of_sound(seconds: float) -> NDArray[np.float32]:
    """Stereo samples (2, n), -1..1, whose end runs on into their beginning."""
    count = round(seconds * RATE)
    channels = [_water(count, seed) * 0.10 + _pad(count, seed) * 0.09 for seed in (1, 2)]
    return np.stack(channels).astype(np.float32)


def _water(count: int, seed: int) -> NDArray[np.float64]:
    """Noise with the spectrum of lapping water, swelling twice; a circular filter leaves no seam."""
    random = np.random.default_rng(seed)
    spectrum = np.fft.rfft(random.standard_normal(count))
    hertz = np.fft.rfftfreq(count, 1 / RATE)
    spectrum *= (hertz / 220) / (1 + (hertz / 420) ** 2.2)
    noise = np.fft.irfft(spectrum, count)
    swell = 0.65 + 0.35 * np.sin(2 * np.pi * (2 * np.arange(count) / count + seed / 5))
    return np.asarray(noise / np.abs(noise).max() * swell, dtype=np.float64)


def _pad(count: int, seed: int) -> NDArray[np.float64]:
    """A chord whose every partial makes whole turns in the loop."""
    time = np.arange(count) / count
    total = np.zeros(count)
    for number, pitch in enumerate(_CHORD_HZ):
        turns = round(pitch * count / RATE)
        breath = 0.6 + 0.4 * np.sin(2 * np.pi * (time * (number % 3 + 1) + number / 5 + seed / 9))
        for partial, weight in ((1, 1.0), (2, 0.25), (3, 0.08)):
            total += weight * breath * np.sin(2 * np.pi * turns * partial * time + number + seed)
    return np.asarray(total / np.abs(total).max(), dtype=np.float64)
