"""The command-line contracts of the engine, in Python and in Node: the same results on both."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from PIL import Image

from arv_engine import CompiledTarget
from tests.engine.conftest import CHECKOUT
from tests.engine.scenes import HEIGHT, WIDTH, Pose, Shot, corners_of, photo, render

POSES = [Pose(size=0.6, tilt=20, direction=30, spin=4 * n, x=0.01 * n) for n in range(5)]
NODE_TRACKER = CHECKOUT / "web" / "engine" / "bin" / "track.mjs"


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "arv_engine", *map(str, arguments)],
        cwd=CHECKOUT, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


def lines_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, astronaut: CompiledTarget) -> Path:
    """target.arvt, print.png, and frames/ whose names sort wrongly as text."""
    folder = tmp_path_factory.mktemp("cli")
    (folder / "target.arvt").write_bytes(astronaut.data)
    Image.fromarray(photo("astronaut")).save(folder / "print.png")
    (folder / "frames").mkdir()
    for index, pose in enumerate(POSES):
        frame = render(photo("astronaut"), pose, Shot(seed=index))
        Image.fromarray(frame).save(folder / "frames" / f"frame{index + 8}.png")
    return folder


def test_compile_prints_what_it_made(folder: Path) -> None:
    """One line of JSON with the promised fields."""
    done = run("compile", folder / "print.png", "-o", folder / "made.arvt", "--json")

    facts = json.loads(done.stdout)
    assert done.returncode == 0, done.stderr
    assert (facts["width"], facts["height"]) == (512, 512)
    assert facts["bytes"] == (folder / "made.arvt").stat().st_size
    assert {"features", "patches", "seconds", "score"} <= facts.keys()
    assert (folder / "made.arvt").read_bytes() == (folder / "target.arvt").read_bytes()


def test_score_takes_a_target(folder: Path) -> None:
    """And prints the report."""
    done = run("score", folder / "target.arvt", "--json")

    assert done.returncode == 0, done.stderr
    assert 80 <= json.loads(done.stdout)["score"] <= 100


def test_track_writes_a_line_a_frame(folder: Path) -> None:
    """In the order of the numbers in the names, corners in frame pixels."""
    done = run("track", folder / "target.arvt", folder / "frames", "--json", folder / "out.jsonl")

    lines = lines_of(folder / "out.jsonl")
    assert done.returncode == 0, done.stderr
    assert [line["frame"] for line in lines] == [0, 1, 2, 3, 4]
    assert [line["targets"][0]["state"] for line in lines] == ["detected"] + ["tracked"] * 4
    for line, pose in zip(lines, POSES, strict=True):
        truth = corners_of(photo("astronaut"), pose)
        assert np.array(line["targets"][0]["corners"]) == pytest.approx(truth, abs=0.5)
        assert line["ms"] > 0


def test_track_reads_video(folder: Path) -> None:
    """H.264 as phones record it."""
    path = folder / "clip.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=30, options={"crf": "18"})
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        for index, pose in enumerate(POSES):
            grey = render(photo("astronaut"), pose, Shot(seed=index))
            picture = av.VideoFrame.from_ndarray(
                np.repeat(grey[..., None], 3, axis=2), format="rgb24"
            )
            container.mux(stream.encode(picture))
        container.mux(stream.encode())

    done = run("track", folder / "target.arvt", path, "--json", folder / "video.jsonl")

    lines = lines_of(folder / "video.jsonl")
    assert done.returncode == 0, done.stderr
    assert len(lines) == len(POSES)
    corners = np.array(lines[-1]["targets"][0]["corners"])
    assert corners == pytest.approx(corners_of(photo("astronaut"), POSES[-1]), abs=1)


def test_node_tracks_exactly_as_python_does(folder: Path) -> None:
    """The same binary in V8 and in wasmtime: the same JSON but for the milliseconds."""
    run("track", folder / "target.arvt", folder / "frames", "--json", folder / "python.jsonl")
    done = subprocess.run(
        ["node", str(NODE_TRACKER), str(folder / "target.arvt"), str(folder / "frames"), "--json",
         str(folder / "node.jsonl")],
        cwd=CHECKOUT, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    expected, actual = lines_of(folder / "python.jsonl"), lines_of(folder / "node.jsonl")
    for line in [*expected, *actual]:
        del line["ms"]
    assert actual == expected


def test_frames_streams_grey_pixels(folder: Path) -> None:
    """One line of JSON, then the bytes."""
    done = subprocess.run(
        [sys.executable, "-m", "arv_engine", "frames", str(folder / "frames")],
        cwd=CHECKOUT, capture_output=True, timeout=60, check=True,
    )  # fmt: skip

    header, pixels = done.stdout.split(b"\n", 1)
    assert json.loads(header) == {"width": WIDTH, "height": HEIGHT}
    assert len(pixels) == len(POSES) * WIDTH * HEIGHT
    first = render(photo("astronaut"), POSES[0], Shot(seed=0))
    assert pixels[: WIDTH * HEIGHT] == first.tobytes()


@pytest.mark.parametrize(
    "arguments",
    [
        ["compile", "text.jpg", "-o", "x.arvt"],
        ["compile", "missing.png", "-o", "x.arvt"],
        ["score", "text.arvt"],
        ["track", "text.arvt", "frames", "--json", "x.jsonl"],
        ["track", "target.arvt", "missing", "--json", "x.jsonl"],
        ["track", "target.arvt", "empty", "--json", "x.jsonl"],
        ["track", "target.arvt", "broken", "--json", "x.jsonl"],
        ["track", "target.arvt", "text.jpg", "--json", "x.jsonl"],
    ],
    ids=lambda arguments: " ".join(arguments[:3]),
)
def test_broken_input_gives_one_line_and_exit_2(folder: Path, arguments: list[str]) -> None:
    """No traceback, nothing on stdout."""
    for name in ("text.jpg", "text.arvt"):
        (folder / name).write_text("only words")
    for name in ("empty", "broken"):
        (folder / name).mkdir(exist_ok=True)
    (folder / "broken" / "frame1.png").write_bytes(b"\x89PNG\r\n\x1a\n broken")
    commands = {"compile", "score", "track", "--json", "-o"}

    done = run(*[a if a in commands else folder / a for a in arguments])

    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert done.stderr.startswith("arv_engine: ")
