"""Every tracker on the same films: one table, family by family."""

from bench.tracking.cells import first, ms, px, share, summed
from bench.tracking.metrics import Tally
from bench.tracking.run import Run

_HEADER = (
    f"{'family':<11}{'tracker':<15}{'frames':>7}{'RMS px':>8}{'p@2':>8}{'p@5':>8}{'lost':>6}{'wrong':>7}"
    f"{'false':>7}{'shake':>7}{'first':>9}{'det ms':>8}{'trk ms':>8}"
)


def comparison(runs: list[Run]) -> str:
    """The families in order, under each the trackers in order."""
    lines = [_HEADER]
    for family in dict.fromkeys(run.sequence.family for run in runs):
        members = [run for run in runs if run.sequence.family == family]
        for number, runner in enumerate(dict.fromkeys(run.runner for run in members)):
            total = summed(run for run in members if run.runner == runner)
            lines.append(_row(family if number == 0 else "", runner, total))
    return "\n".join(lines)


def _row(family: str, runner: str, result: Tally) -> str:
    return (
        f"{family:<11}{runner:<15}{result.frames:>7}{px(result.rms):>8}"
        f"{share(result.within(2)):>8}{share(result.within(5)):>8}{result.lost:>6}{result.wrong:>7}"
        f"{result.false:>7}{px(result.shake):>7}{first(result):>9}"
        f"{ms(result.detect_ms):>8}{ms(result.track_ms):>8}"
    )
