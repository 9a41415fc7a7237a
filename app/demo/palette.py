"""Colours of the sample picture, at dusk and in the night it turns into. RGB, 0..1."""

from dataclasses import dataclass

import numpy as np

from app.demo.noise import Field

Colour = tuple[float, float, float]


def rgb(code: str) -> Colour:
    """'#FF5B3A' as three numbers 0..1."""
    return (int(code[1:3], 16) / 255, int(code[3:5], 16) / 255, int(code[5:7], 16) / 255)


def as_field(colour: Colour) -> Field:
    """(3,) float32."""
    return np.asarray(colour, dtype=np.float32)


def ramp(stops: list[tuple[float, str]], position: Field) -> Field:
    """Colours of a gradient at `position` (any shape): shape + (3,)."""
    places = [place for place, _ in stops]
    colours = np.array([rgb(code) for _, code in stops])
    channels = [np.interp(position, places, colours[:, channel]) for channel in range(3)]
    return np.stack(channels, axis=-1).astype(np.float32)


@dataclass(frozen=True)
class Light:
    """One mood of the scene."""

    sky: list[tuple[float, str]]
    """Gradient from the top of the picture (0) to the horizon (1)."""
    haze: Colour
    """What far things fade into."""
    lit: Colour
    shadow: Colour
    snow_lit: Colour
    snow_shadow: Colour
    forest_far: Colour
    forest_near: Colour
    forest_rim: Colour
    ink: Colour


DUSK = Light(
    sky=[(0.0, "#16274F"), (0.30, "#2B5478"), (0.52, "#5E8C93"), (0.70, "#E3B078"),
         (0.86, "#F58A58"), (1.0, "#F2674A")],
    haze=rgb("#D98F70"),
    lit=rgb("#E08A62"),
    shadow=rgb("#34476B"),
    snow_lit=rgb("#FFE9CF"),
    snow_shadow=rgb("#8CA3B8"),
    forest_far=rgb("#1F4A55"),
    forest_near=rgb("#0F1D2E"),
    forest_rim=rgb("#E2794F"),
    ink=rgb("#14213D"),
)  # fmt: skip

NIGHT = Light(
    sky=[(0.0, "#070D24"), (0.35, "#0C1D3F"), (0.62, "#103A55"), (0.85, "#17605F"),
         (1.0, "#2B7F6E")],
    haze=rgb("#1D5A66"),
    lit=rgb("#3E7C8C"),
    shadow=rgb("#0E1D3A"),
    snow_lit=rgb("#BFEBDD"),
    snow_shadow=rgb("#3B5C86"),
    forest_far=rgb("#0C2B3A"),
    forest_near=rgb("#060D1C"),
    forest_rim=rgb("#2E8F86"),
    ink=rgb("#050B1C"),
)  # fmt: skip

PAPER = rgb("#F6EFE2")
PAPER_INK = rgb("#1B2540")
CORAL = rgb("#FF5B3A")
WARM = rgb("#FFD27A")
AURORA = (rgb("#3CF0B4"), rgb("#7BE0F0"), rgb("#C06BE8"))
