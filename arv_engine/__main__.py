"""The engine on the command line.

    python -m arv_engine compile IMAGE -o TARGET.arvt [--json]
    python -m arv_engine score TARGET.arvt|IMAGE [--json]
    python -m arv_engine track TARGET.arvt [TARGET2.arvt ...] FRAMES --json OUT.jsonl
    python -m arv_engine frames FRAMES

FRAMES is a folder of numbered PNG or JPEG files, or a video file. `frames` writes the grey frames to
stdout for other programs: one line of JSON, {"width", "height"}, then width * height bytes a frame.

Exit code 0, or 2 with one line on stderr when an image, a target or a frame is broken.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from arv_engine.compiler import CompiledTarget, compile_target, score, target_info
from arv_engine.errors import EngineError, TargetError
from arv_engine.frames import read_frames
from arv_engine.tracker import TargetState, Tracker


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; returns the process exit code."""
    options = _parser().parse_args(arguments)
    try:
        options.run(options)
    except (EngineError, OSError) as error:
        print(f"arv_engine: {_one_line(error)}", file=sys.stderr)
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="arv_engine", description="Makes, judges and follows ARV targets."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    compiling = commands.add_parser("compile", help="make a target of a picture")
    compiling.add_argument("image", type=Path)
    compiling.add_argument("-o", "--output", type=Path, required=True, metavar="TARGET.arvt")
    compiling.add_argument("--json", action="store_true", help="print the whole report as JSON")
    compiling.set_defaults(run=_compile)
    scoring = commands.add_parser("score", help="tell how well a target or picture can be tracked")
    scoring.add_argument("source", type=Path, metavar="TARGET.arvt|IMAGE")
    scoring.add_argument("--json", action="store_true", help="print the whole report as JSON")
    scoring.set_defaults(run=_score)
    tracking = commands.add_parser("track", help="follow targets through frames")
    tracking.add_argument("targets", type=Path, nargs="+", metavar="TARGET.arvt")
    tracking.add_argument("frames", type=Path, metavar="FRAMES")
    tracking.add_argument(
        "--json", type=Path, required=True, metavar="OUT.jsonl", help="one line a frame"
    )
    tracking.set_defaults(run=_track)
    framing = commands.add_parser("frames", help="write grey frames to stdout")
    framing.add_argument("frames", type=Path, metavar="FRAMES")
    framing.set_defaults(run=_frames)
    return parser


def _compile(options: argparse.Namespace) -> None:
    target = compile_target(options.image)
    options.output.write_bytes(target.data)
    _print(_summary(target), as_json=options.json)


def _summary(target: CompiledTarget) -> dict[str, Any]:
    return {
        "width": target.width,
        "height": target.height,
        "features": target.features,
        "patches": target.patches,
        "bytes": len(target.data),
        "seconds": target.seconds,
        "score": target.score,
        "report": target.report,
    }


def _score(options: argparse.Namespace) -> None:
    if _is_target(options.source):
        report = score(_read_target(options.source))
    else:
        report = compile_target(options.source).report
    _print(report, as_json=options.json)


def _is_target(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) == b"ARVT" or path.suffix == ".arvt"


def _print(facts: dict[str, Any], *, as_json: bool) -> None:
    """JSON on one line, or one fact a line for people."""
    if as_json:
        print(json.dumps(facts))
        return
    for name, value in facts.items():
        if isinstance(value, (int, float, str)):
            print(f"{name:16} {value}")
    for advice in facts.get("report", facts).get("advice", []):
        print(f"{'advice':16} {advice['text']}")


def _track(options: argparse.Namespace) -> None:
    targets = [_read_target(path) for path in options.targets]
    tracker: Tracker | None = None
    with options.json.open("w", encoding="utf-8") as out:
        for index, grey in enumerate(read_frames(options.frames)):
            if tracker is None:
                tracker = Tracker(targets, grey.shape[1], grey.shape[0])
            start = time.perf_counter()
            states = tracker.process(grey)
            spent_ms = (time.perf_counter() - start) * 1000
            line = {
                "frame": index,
                "targets": [_entry(state) for state in states],
                "ms": round(spent_ms, 3),
            }
            out.write(json.dumps(line, separators=(",", ":")) + "\n")


def _entry(state: TargetState) -> dict[str, Any]:
    return {
        "target": state.target,
        "state": state.state,
        "corners": state.corners.tolist(),
        "confidence": state.confidence,
    }


def _read_target(path: Path) -> bytes:
    content = path.read_bytes()
    try:
        target_info(content)
    except TargetError as error:
        raise TargetError(f"{path.name}: {error}") from error
    return content


def _frames(options: argparse.Namespace) -> None:
    out = sys.stdout.buffer
    for index, grey in enumerate(read_frames(options.frames)):
        if index == 0:
            out.write(
                json.dumps({"width": grey.shape[1], "height": grey.shape[0]}).encode() + b"\n"
            )
        out.write(grey.tobytes())


def _one_line(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename or 'file'}: {error.strerror}"
    return " ".join(str(error).split())


if __name__ == "__main__":
    sys.exit(main())
