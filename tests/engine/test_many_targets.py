"""Many targets in one session."""

import time

from arv_engine import CompiledTarget, Tracker
from tests.engine.scenes import HEIGHT, WIDTH, Pose, error_px, photo, render


def test_the_one_in_forty_is_found_in_the_first_frame(
    astronaut: CompiledTarget, coffee: CompiledTarget
) -> None:
    """The index picks it, wherever it stands in the list, alike in both builds."""
    pose, targets = Pose(size=0.5, tilt=30, spin=20), [coffee.data] * 39
    frame = render(photo("astronaut"), pose)
    targets.insert(22, astronaut.data)

    (seen,) = Tracker(targets, WIDTH, HEIGHT).process(frame)
    (plain,) = Tracker(targets, WIDTH, HEIGHT, plain=True).process(frame)

    assert seen.target == 22
    assert error_px(seen.corners, photo("astronaut"), pose) < 0.5
    assert (plain.corners == seen.corners).all()


def test_every_target_has_its_turn(coffee: CompiledTarget) -> None:
    """Of copies, between which the index can not choose, one is found in as many frames as there are."""
    tracker = Tracker([coffee.data] * 5, WIDTH, HEIGHT)
    frame = render(photo("coffee"), Pose(size=0.5))

    assert any(tracker.process(frame) for _ in range(10))


def test_search_time_grows_far_slower_than_the_number(
    astronaut: CompiledTarget, coffee: CompiledTarget
) -> None:
    """Forty targets take less than eight times as long as one; one after the other they took thirty."""
    one, forty = _milliseconds([astronaut.data]), _milliseconds([astronaut.data, coffee.data] * 20)

    assert forty < 8 * one


def _milliseconds(targets: list[bytes]) -> float:
    """Processor time of a search that finds nothing, the best of six."""
    tracker, frame, times = Tracker(targets, WIDTH, HEIGHT), render(None, Pose()), []
    for _ in range(6):
        start = time.thread_time()
        tracker.process(frame)
        times.append(1000 * (time.thread_time() - start))
    return min(times)
