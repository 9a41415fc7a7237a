"""One frame of a video with a colour keyed out, to look at before the whole is made."""

from typing import Any

from app.media.child import container as opening
from app.media.child import graph as graphs
from app.media.child.refused import Refused
from app.media.child.transcode import fit

PREVIEW_SIDE = 960
# From the key frame before the moment asked for.
MOST_FRAMES = 600


def preview(job: dict[str, Any]) -> dict[str, Any]:
    """Write the frame at `at_seconds` (or the last before it) to `output`, a WebP with alpha."""
    key = graphs.Key(**job["key"]) if job.get("key") else None
    with opening.open_container(job["source"], job["demuxer"]) as container:
        stream = opening.picture_of(container)
        frame = _frame_at(container, stream, job["at_seconds"])
        rotation = int(getattr(frame, "rotation", 0) or 0)
        width, height = frame.width, frame.height
        if rotation % 180:
            width, height = height, width
        size = fit(width, height, PREVIEW_SIDE)
        flow = graphs.preview(frame, rotation=rotation, size=size, key=key)
        flow.push(frame)
        flow.push(None)
        shown = next(iter(flow.pulled(flow.sinks[0])))
    from PIL import Image  # noqa: PLC0415  (only this task writes pictures with alpha)

    Image.fromarray(shown.to_ndarray(), "RGBA").save(job["output"], "WEBP", quality=88, method=2)
    return {"width": size[0], "height": size[1]}


def _frame_at(container: Any, stream: Any, seconds: float) -> Any:
    if seconds > 0:
        container.seek(int(seconds * opening.MICROSECONDS), backward=True)
    chosen = None
    for number, (_, frame) in enumerate(opening.frames_of(container, stream)):
        chosen = frame
        if frame.time is None or frame.time >= seconds or number >= MOST_FRAMES:
            break
    if chosen is None:
        raise Refused("empty")
    return chosen
