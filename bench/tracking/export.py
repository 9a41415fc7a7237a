"""`python -m bench.tracking.export`: one sequence as numbered PNG frames, with its truth beside it.

Writes FOLDER/frames/00000.png ..., FOLDER/prints/NAME.png (what to learn, in the order sought) and
FOLDER/truth.jsonl: one line a frame, {"frame", "targets": [{"corners", "visible", "in_frame"}]}.
"""

import argparse
import json
import sys
from pathlib import Path
from typing import get_args

from PIL import Image as Pillow

from bench.tracking.families import FAMILIES, build
from bench.tracking.images import SetName
from bench.tracking.sequence import Sequence, Truth


def export(sequence: Sequence, folder: Path) -> None:
    """Write frames, prints and truth of `sequence` under `folder`."""
    (folder / "frames").mkdir(parents=True, exist_ok=True)
    (folder / "prints").mkdir(exist_ok=True)
    for number, one in enumerate(sequence.sought):
        Pillow.fromarray(one.image).save(folder / "prints" / f"{number}-{one.name}.png")
    with (folder / "truth.jsonl").open("w", encoding="utf-8") as lines:
        for frame in sequence.frames():
            Pillow.fromarray(frame.image).save(folder / "frames" / f"{frame.index:05d}.png")
            targets = [_facts(truth) for truth in frame.truths]
            lines.write(json.dumps({"frame": frame.index, "targets": targets}) + "\n")


def _facts(truth: Truth) -> dict[str, object]:
    return {
        "corners": truth.corners.round(4).tolist(),
        "visible": round(truth.visible, 4),
        "in_frame": round(truth.in_frame, 4),
    }


def main() -> int:
    """Render the sequence the arguments name."""
    parser = argparse.ArgumentParser(prog="python -m bench.tracking.export", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--set", choices=get_args(SetName), default="development", dest="set_name")
    parser.add_argument("--family", choices=FAMILIES, default="tour")
    parser.add_argument("--print", default="coffee", dest="print_name")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--colour", action="store_true", help="RGB frames instead of grey")
    options = parser.parse_args()
    sequence = build(
        options.family,
        options.set_name,
        options.print_name,
        seed=options.seed,
        colour=options.colour,
    )
    export(sequence, options.folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
