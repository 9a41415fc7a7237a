"""Fast motion, and hands before the print: what may be lost, and what must never be wrong."""

import numpy as np

from arv_engine import CompiledTarget, Tracker
from tests.engine.scenes import HEIGHT, WIDTH, Grey, Pose, Shot, error_px, photo, render

EXPOSURE = 0.6
"""Share of the time between two frames that the shutter is open."""
MOMENTS = 7


def swing(frame: float) -> Pose:
    """From side to side, faster and faster: 32 px a frame in the end."""
    reach = 0.16 * min(frame / 14, 1)
    return Pose(size=0.55, x=reach * np.sin(0.33 * frame), y=0.6 * reach * np.sin(0.27 * frame + 1))


def exposed(image: Grey, frame: int) -> Grey:
    """The mean of the moments while the shutter is open; truth is in the middle."""
    moments = frame + EXPOSURE * ((np.arange(MOMENTS) + 0.5) / MOMENTS - 0.5)
    sharp = [render(image, swing(moment), Shot(noise=0)).astype(float) for moment in moments]
    noise = np.random.default_rng(frame).normal(0, 2, (HEIGHT, WIDTH))
    return np.clip(np.round(np.mean(sharp, axis=0) + noise), 0, 255).astype(np.uint8)


def test_a_print_swung_fast_is_held_in_every_blurred_frame(coffee: CompiledTarget) -> None:
    """Blurred by up to 19 px: nothing lost, every frame within 1 px."""
    image, tracker, errors = photo("coffee"), Tracker([coffee.data], WIDTH, HEIGHT), []

    for frame in range(26):
        seen = tracker.process(exposed(image, frame))
        errors += [error_px(seen[0].corners, image, swing(frame))] if seen else []

    assert len(errors) == 26
    assert max(errors) < 1


def test_a_hand_over_most_of_a_print_leaves_no_wrong_frame(coffee: CompiledTarget) -> None:
    """Covered to 90 % and uncovered: each report is right, and at 60 % it is held again."""
    image, tracker = photo("coffee"), Tracker([coffee.data], WIDTH, HEIGHT)
    covers = [*np.linspace(0, 0.9, 16), *np.linspace(0.9, 0.6, 6)]
    pose = Pose(size=0.6, tilt=15)
    errors: list[float] = []

    for number, cover in enumerate(covers):
        seen = tracker.process(render(image, pose, Shot(cover=float(cover), seed=number)))
        errors.append(error_px(seen[0].corners, image, pose) if seen else np.nan)

    assert np.nanmax(errors) < 8
    assert errors[-1] < 2


def test_a_smoothed_print_in_motion_does_not_lag(astronaut: CompiledTarget) -> None:
    """With and without smoothing the corners differ by less than 0.1 px once it moves 3 px a frame."""
    image = photo("astronaut")
    calm = Tracker([astronaut.data], WIDTH, HEIGHT)
    raw = Tracker([astronaut.data], WIDTH, HEIGHT, smoothing=False)
    apart = []

    for frame in range(10):
        shot = render(image, Pose(size=0.5, x=3 * frame / WIDTH), Shot(seed=frame))
        (a,), (b,) = calm.process(shot), raw.process(shot)
        apart.append(np.abs(a.corners - b.corners).max())

    assert max(apart[3:]) < 0.1
