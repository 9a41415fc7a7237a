"""`python -m bench.tracking`: the engine against exact truth, as a table and pictures."""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

from bench.tracking.families import FAMILIES, build
from bench.tracking.images import SetName, print_sources
from bench.tracking.pictures import typical_runs, write_pictures
from bench.tracking.report import run_line, table
from bench.tracking.rivals.charts import write_charts
from bench.tracking.rivals.compare import comparison
from bench.tracking.rivals.roster import Roster
from bench.tracking.rivals.sheets import write_sheets
from bench.tracking.run import run_all
from bench.tracking.runners import ArvRunner
from bench.tracking.sequence import Sequence

OUT = Path(__file__).parent / "out"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.tracking", description=__doc__)
    parser.add_argument("--set", choices=get_args(SetName), default="report", dest="set_name")
    parser.add_argument("--family", choices=FAMILIES, action="append", help="only these families")
    parser.add_argument("--print", action="append", dest="prints", help="only these prints")
    parser.add_argument("--seed", type=int, action="append", help="default 0; several may be given")
    parser.add_argument("--quick", action="store_true", help="three prints instead of all")
    parser.add_argument(
        "--rivals", action="store_true", help="MindAR and an OpenCV pipeline as well"
    )
    parser.add_argument("--fresh", action="store_true", help="run rivals anew instead of replaying")
    parser.add_argument("--out", type=Path, default=OUT, help="folder of the pictures")
    return parser.parse_args()


def _sequences(options: argparse.Namespace) -> Iterator[Sequence]:
    names = options.prints or [source.name for source in print_sources(options.set_name)]
    for family in options.family or FAMILIES:
        for name in names[:3] if options.quick else names:
            for seed in options.seed or [0]:
                yield build(family, options.set_name, name, seed=seed)


def main() -> int:
    """Print the table; exit code 0 when every sequence ran."""
    options = _arguments()
    roster = Roster(fresh=options.fresh) if options.rivals else None
    runs = run_all(
        [ArvRunner(), *(roster.runners if roster else [])],
        _sequences(options),
        lambda run: print(run_line(run), file=sys.stderr, flush=True),
    )
    print(table([run for run in runs if run.runner == ArvRunner.name]))
    pictures = write_pictures(typical_runs(runs), options.out)
    if roster:
        print("", comparison(runs), "", *roster.footnotes(), sep="\n")
        pictures += write_charts(runs, options.out) + write_sheets(runs, options.out)
        roster.close()
    for path in pictures:
        print(f"picture: {path}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
