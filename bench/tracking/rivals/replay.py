"""Runs of rivals kept on disk, so that a slow rival is run once per film and not once per day.

A record is looked up by the film's name and the rival's signature, and believed frame by frame: each
stored report carries the hash of the picture it was made from. At the first picture that differs the
rival itself takes over, is shown what came before, and a new record is written at the end.
"""

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from bench.tracking.metrics import Observation, Sighting
from bench.tracking.raster import Image
from bench.tracking.sequence import Sequence

RECORDS = Path(__file__).parents[2] / "out" / "rivals"


class Rival(Protocol):
    """A tracker that may give several reports of one frame, one for each of its `names`."""

    @property
    def names(self) -> tuple[str, ...]: ...

    @property
    def signature(self) -> str:
        """Changes whenever its reports could."""

    def learn(self, image: Image) -> float:
        """Learn an RGB print; seconds it took."""

    def start(self, sequence: Sequence) -> None:
        """Forget every frame and look for `sequence.sought` from now on."""

    def observe(self, image: Image, time_ms: float) -> dict[str, Observation]:
        """What is seen in the next frame, by name."""

    def close(self) -> None:
        """Give back what it holds."""


class Replay:
    """A rival, or what it said before of the same pictures."""

    def __init__(self, rival: Rival, records: Path = RECORDS, *, fresh: bool = False) -> None:
        self.rival = rival
        self.replayed: set[str] = set()
        """Days (ISO) of the records that reports were taken from."""
        self.films = 0
        self.replayed_films = 0
        self._records = records
        self._fresh = fresh
        self._asked: Sequence | None = None
        self._sequence: Sequence | None = None
        self._stored: dict[str, Any] | None = None
        self._frames: list[dict[str, Any]] = []
        self._live = False
        self._last: tuple[Image, dict[str, Observation]] | None = None

    def start(self, sequence: Sequence) -> None:
        """As `Runner.start`; may be called by each of the rival's names."""
        self._asked = sequence

    def observe(self, image: Image, time_ms: float) -> dict[str, Observation]:
        """Reports of the next frame; asked again of the same picture, the same reports."""
        if self._last is not None and self._last[0] is image:
            return self._last[1]
        if self._asked is not None:
            self._start(self._asked)
        reports = self._next(image, time_ms)
        self._last = (image, reports)
        return reports

    def _start(self, sequence: Sequence) -> None:
        self._asked = None
        going_on = sequence is self._sequence and 0 < len(self._frames) < sequence.length
        if going_on and sequence.independent:
            if self._live:
                self.rival.start(sequence)
            return
        self._sequence, self._frames, self._live = sequence, [], False
        self.films += 1
        path = self._path(sequence)
        stored = path.exists() and not self._fresh
        self._stored = json.loads(path.read_text()) if stored else None

    def _next(self, image: Image, time_ms: float) -> dict[str, Observation]:
        assert self._sequence is not None, "start() comes before observe()"
        digest = hashlib.blake2b(image.tobytes(), digest_size=12).hexdigest()
        entry = None if self._live else self._stored_entry(digest)
        if entry is None:
            if not self._live:
                self._take_over(self._sequence)
            reports = self.rival.observe(image, time_ms)
            entry = {"picture": digest, "reports": {n: _to_json(r) for n, r in reports.items()}}
        self._frames.append(entry)
        if self._live and len(self._frames) == self._sequence.length:
            self._write(self._sequence)
        elif len(self._frames) == self._sequence.length:
            self.replayed_films += 1
        return {name: _from_json(report) for name, report in entry["reports"].items()}

    def _stored_entry(self, digest: str) -> dict[str, Any] | None:
        if self._stored is None:
            return None
        entry: dict[str, Any] = self._stored["frames"][len(self._frames)]
        if entry["picture"] != digest:
            return None
        self.replayed.add(self._stored["made"][:10])
        return entry

    def _take_over(self, sequence: Sequence) -> None:
        """The rival itself from here on; what was replayed so far it must have seen."""
        self._live = True
        self.rival.start(sequence)
        if not sequence.independent:
            for index in range(len(self._frames)):
                frame = sequence.frame(index)
                self.rival.observe(frame.image, frame.time_ms)

    def _path(self, sequence: Sequence) -> Path:
        film = f"{self.rival.signature} {sequence.seed} {sequence.length}"
        key = hashlib.sha256(film.encode())
        for one in sequence.sought:
            key.update(one.image.tobytes())
        stem = f"{self.rival.names[0]}-{sequence.name}-{key.hexdigest()[:16]}"
        return self._records / f"{stem}.json"

    def _write(self, sequence: Sequence) -> None:
        path = self._path(sequence)
        path.parent.mkdir(parents=True, exist_ok=True)
        record = {"made": datetime.now(UTC).isoformat(timespec="seconds"), "frames": self._frames}
        unfinished = path.with_suffix(".part")
        unfinished.write_text(json.dumps(record))
        unfinished.replace(path)


class RivalRunner:
    """One name of a rival as a `Runner`."""

    def __init__(self, replay: Replay, name: str) -> None:
        self.name = name
        self._replay = replay

    def learn(self, image: Image) -> float:
        """Learn an RGB print; seconds it took."""
        return self._replay.rival.learn(image)

    def start(self, sequence: Sequence) -> None:
        """Forget every frame and look for `sequence.sought` from now on."""
        self._replay.start(sequence)

    def observe(self, image: Image, time_ms: float) -> Observation:
        """What is seen in the next frame."""
        return self._replay.observe(image, time_ms)[self.name]


def _to_json(report: Observation) -> dict[str, Any]:
    return {
        "ms": round(report.ms, 3),
        "searched": report.searched,
        "sightings": [
            None
            if seen is None
            else [*np.round(seen.corners, 4).ravel().tolist(), int(seen.tracked)]
            for seen in report.sightings
        ],
    }


def _from_json(stored: dict[str, Any]) -> Observation:
    sightings = [
        None if seen is None else Sighting(np.array(seen[:8]).reshape(4, 2), bool(seen[8]))
        for seen in stored["sightings"]
    ]
    return Observation(sightings, stored["ms"], searched=stored["searched"])
