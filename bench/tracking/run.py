"""Runs a tracker over sequences and gathers what it did."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from bench.tracking.metrics import Observation, Tally, tally
from bench.tracking.runners import Runner
from bench.tracking.sequence import Sequence, Truth


@dataclass
class Run:
    """One tracker over one sequence."""

    runner: str
    sequence: Sequence
    truths: list[list[Truth]]
    observations: list[Observation]

    @property
    def tally(self) -> Tally:
        """The run judged."""
        sequence = self.sequence
        return tally(
            self.truths, self.observations, still=sequence.still, independent=sequence.independent
        )


def run_sequence(runners: Iterable[Runner], sequence: Sequence) -> list[Run]:
    """Every runner over the same rendered frames, one frame after the other."""
    runs = [Run(runner.name, sequence, [], []) for runner in runners]
    for runner in runners:
        runner.start(sequence)
    for frame in sequence.frames():
        for runner, run in zip(runners, runs, strict=True):
            if sequence.independent and frame.index:
                runner.start(sequence)
            run.truths.append(frame.truths)
            run.observations.append(runner.observe(frame.image, frame.time_ms))
    return runs


def run_all(
    runners: list[Runner], sequences: Iterable[Sequence], tell: Callable[[Run], None]
) -> list[Run]:
    """Every runner over every sequence; `tell` hears of each run as it ends."""
    runs = []
    for sequence in sequences:
        for run in run_sequence(runners, sequence):
            runs.append(run)
            tell(run)
    return runs
