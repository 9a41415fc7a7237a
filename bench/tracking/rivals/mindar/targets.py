"""MindAR's compiled targets, made once per image by MindAR's own offline compiler.

The compiler takes 7-34 s an image, so files are kept under `bench/out/mindar`, named by a hash of the
pixels and the version of MindAR.
"""

import hashlib
import json
import subprocess
from dataclasses import dataclass
from pathlib import Path

from PIL import Image as Pillow

from bench.tracking.raster import Image

PACKAGE = Path(__file__).parents[3] / "mindar"
"""The npm package that holds MindAR, apart from the product's own packages."""
CACHE = Path(__file__).parents[3] / "out" / "mindar"
_HEADER = b"\x82\xa1v\x02\xa8dataList\x91"
"""MessagePack of `{v: 2, dataList: [one target`, the start of every .mind file of one image."""


class MindarMissing(RuntimeError):
    """The npm package of MindAR is not installed."""


@dataclass(frozen=True)
class MindTarget:
    """A .mind file of one image. `seconds`: what compiling took when it was compiled."""

    data: bytes
    width: int
    height: int
    seconds: float


def mindar_version() -> str:
    """Version of the installed npm package; `MindarMissing` says how to install it."""
    manifest = PACKAGE / "node_modules" / "mind-ar" / "package.json"
    if not manifest.exists():
        raise MindarMissing(
            "MindAR is not installed: run `npm install --ignore-scripts` in bench/mindar, then try again"
        )
    return str(json.loads(manifest.read_text())["version"])


def compile_mind(image: Image) -> MindTarget:
    """The compiled target of an RGB image, from the cache or made now."""
    digest = hashlib.sha256(mindar_version().encode() + repr(image.shape).encode())
    digest.update(image.tobytes())
    name = CACHE / digest.hexdigest()[:24]
    mind, facts = name.with_suffix(".mind"), name.with_suffix(".json")
    if not facts.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        facts.write_text(_compile(image, mind))
    height, width = image.shape[:2]
    return MindTarget(mind.read_bytes(), width, height, json.loads(facts.read_text())["seconds"])


def join_minds(targets: list[MindTarget]) -> bytes:
    """One .mind file of several targets: what compiling the images together gives.

    MindAR compiles each image on its own, so the parts are joined as they are.
    """
    assert 0 < len(targets) < 16, "the short array header of MessagePack holds up to 15"
    assert all(target.data.startswith(_HEADER) for target in targets)
    bodies = [target.data[len(_HEADER) :] for target in targets]
    return _HEADER[:-1] + bytes([0x90 + len(targets)]) + b"".join(bodies)


def _compile(image: Image, mind: Path) -> str:
    """Write the .mind file; facts about it as JSON."""
    picture = mind.with_suffix(".png")
    Pillow.fromarray(image).save(picture)
    command = ["node", "compile.mjs", str(picture), str(mind)]
    answer = subprocess.run(command, cwd=PACKAGE, capture_output=True, text=True, check=True)
    picture.unlink()
    facts = json.loads(answer.stdout)
    return json.dumps({"seconds": facts["milliseconds"] / 1000, "bytes": facts["bytes"]})
