"""`python -m bench target`: seconds from a photo on disk to a target that is ready, over the API."""

import tempfile
import time
from pathlib import Path

import numpy as np
from PIL import Image

from app.demo.client import ArvClient
from bench.figures import Figure
from bench.service import Service
from tests.support.sample import kept_sample

RUNS = 5
LONG_SIDE_PX = 1280
AIM_SECONDS = 3.0


def measure(service: Service) -> list[Figure]:
    """A photo of 1280 px each run, every one different, so that nothing is served from before."""
    totals, uploads, compiles = [], [], []
    with service.client() as client, tempfile.TemporaryDirectory() as folder:
        project = client.project("Bench")
        video = client.upload(kept_sample().clip, "video")
        for run in range(RUNS + 1):
            photo = _photo(Path(folder), run)
            total, upload, compile_seconds = _once(client, project, photo, video)
            if run:  # the first one warms the worker up
                totals.append(total)
                uploads.append(upload)
                compiles.append(compile_seconds)
    return [
        Figure("photo to ready target, whole path", totals, "s", AIM_SECONDS),
        Figure("  of it upload and checks", uploads, "s"),
        Figure("  of it compiling in the engine", compiles, "s"),
    ]


def _photo(folder: Path, run: int) -> Path:
    """The sample print at 1280 px, a little brighter each time."""
    picture = Image.open(kept_sample().photo)
    height = round(LONG_SIDE_PX * picture.height / picture.width)
    resized = np.asarray(picture.resize((LONG_SIDE_PX, height)), np.float32) * (0.92 + 0.01 * run)
    path = folder / f"photo-{run}.jpg"
    Image.fromarray(resized.astype(np.uint8)).save(path, quality=92)
    return path


def _once(
    client: ArvClient, project: dict[str, object], photo: Path, video: dict[str, object]
) -> tuple[float, float, float]:
    begin = time.perf_counter()
    image = client.upload(photo, "image")
    uploaded = time.perf_counter()
    content = client.create_content(project, title=photo.stem, image=image, video=video)
    ready = client.wait_for_target(content)
    return time.perf_counter() - begin, uploaded - begin, float(ready["target"]["seconds"])
