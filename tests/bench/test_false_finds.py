"""The search for false finds would see one, and the check of the score knows right from wrong."""

import json
from pathlib import Path

import numpy as np
import pytest

import arv_engine
from bench.tracking import false_finds
from bench.tracking.families import build
from bench.tracking.trackability import Verdict, correlation, happens

PRINT = "chelsea"


def verdict(score: int, happened: float) -> Verdict:
    return Verdict("print", score, happened, {}, [])


def test_takes_are_always_the_same() -> None:
    """By number; another number is another take."""
    sought, frames = false_finds.take("development", 3)
    again, same = false_finds.take("development", 3)
    _, other = false_finds.take("development", 4)

    assert (again, len(frames)) == (sought, false_finds.TAKE)
    assert all(np.array_equal(a, b) for a, b in zip(frames, same, strict=True))
    assert not np.array_equal(frames[0], other[0])


def test_whatever_is_reported_is_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the print itself laid into every frame, the finds are counted, kept and told where they are."""
    _, frames = false_finds.take("development", 0)
    film = build("still", "development", PRINT)
    frames[0] = film.frame(0).image
    target = arv_engine.compile_target(film.prints[0].image).data
    monkeypatch.setattr(false_finds, "take", lambda *_: (PRINT, frames[:1]))
    monkeypatch.setattr(false_finds, "targets", lambda _: {PRINT: target})

    state = false_finds.run("development", 10, tmp_path / "state.json")

    assert [found["sought"] for found in state["found"]] == [PRINT]
    assert (tmp_path / state["found"][0]["frame"]).exists()
    assert json.loads((tmp_path / "state.json").read_text()) == state
    assert happens(film, target, film.length) == 1.0


def test_a_stopped_run_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From the take after the last one that was kept."""
    seen: list[int] = []

    def take(_: str, number: int) -> tuple[str, list[np.ndarray]]:
        seen.append(number)
        return PRINT, []

    monkeypatch.setattr(false_finds, "take", take)
    monkeypatch.setattr(false_finds, "targets", lambda _: {PRINT: b""})
    monkeypatch.setattr(arv_engine, "Tracker", lambda *_: None)
    (tmp_path / "state.json").write_text('{"takes": 7, "found": []}')

    false_finds.run("development", 90, tmp_path / "state.json")

    assert seen == [7, 8]


def test_the_correlation_is_of_ranks() -> None:
    """1 when a higher score always did better, however much; -1 the other way round."""
    rising = [verdict(10, 0.0), verdict(50, 0.1), verdict(51, 0.9)]
    falling = [verdict(10, 0.9), verdict(50, 0.5), verdict(51, 0.4)]

    assert correlation(rising) == pytest.approx(1)
    assert correlation(falling) == pytest.approx(-1)
