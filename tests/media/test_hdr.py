"""HDR films of phones (HEVC, 10 bits, BT.2020, PQ or HLG) look on any screen as they were meant."""

from pathlib import Path
from typing import Any

import av
import numpy as np
import numpy.typing as npt
import pytest

from app.media.child.colours import HLG, PQ
from app.media.processing import process_video
from app.media.videos import prepare_video
from tests.support import films

NITS = 203  # of a white sheet of paper (ITU-R BT.2408)
WHITE, RED = (1.0, 1.0, 1.0), (1.0, 0.0, 0.0)
# Linear light, BT.709 to BT.2020 (ITU-R BT.2087).
TO_BT2020 = np.array([[0.6274, 0.3293, 0.0433], [0.0691, 0.9195, 0.0114], [0.0164, 0.0880, 0.8956]])
NAMES = {PQ: "smpte2084", HLG: "arib-std-b67"}
SIZE = (128, 64)

Colour = npt.NDArray[np.float64]


def as_pq(linear: Colour) -> Colour:
    """Signal of absolute light (SMPTE ST 2084)."""
    power = (linear * NITS / 10_000) ** 0.1593017578125
    return ((0.8359375 + 18.8515625 * power) / (1 + 18.6875 * power)) ** 78.84375


def as_hlg(linear: Colour) -> Colour:
    """Signal of light in a scene (ARIB STD-B67), paper at 75 %; good enough for hue."""
    scene = linear * 0.2650
    above = 0.17883277 * np.log(np.maximum(12 * scene - 0.28466892, 1e-9)) + 0.55991073
    return np.where(scene <= 1 / 12, np.sqrt(3 * scene), above)


def hdr_film(path: Path, transfer: int) -> Path:
    """Half white paper, half red, as a phone writes it."""
    said = f"colorprim=bt2020:transfer={NAMES[transfer]}:colormatrix=bt2020nc:range=limited"
    with av.open(str(path), "w") as container:
        options = {"x265-params": f"{said}:log-level=none", "preset": "ultrafast", "crf": "4"}
        video: Any = container.add_stream("libx265", rate=30, options=options)
        video.width, video.height, video.pix_fmt = *SIZE, "yuv420p10le"
        video.codec_context.color_trc, video.codec_context.color_primaries = transfer, 9
        video.codec_context.colorspace, video.codec_context.color_range = 9, 1
        for _ in range(4):
            container.mux(video.encode(_frame(transfer)))
        container.mux(video.encode())
    return path


def _frame(transfer: int) -> av.VideoFrame:
    curve = as_pq if transfer == PQ else as_hlg
    halves = [_limited_ycbcr(curve(TO_BT2020 @ np.array(colour))) for colour in (WHITE, RED)]
    frame = av.VideoFrame(*SIZE, "yuv420p10le")
    for number, plane in enumerate(frame.planes):
        row = np.empty(plane.line_size // 2, np.uint16)
        row[: plane.width // 2], row[plane.width // 2 :] = halves[0][number], halves[1][number]
        plane.update(np.tile(row, (plane.height, 1)).tobytes())
    return frame


def _limited_ycbcr(rgb: Colour) -> list[int]:
    """BT.2020 with constant weights, 10 bits (ITU-R BT.2020, table 4 and 5)."""
    luma = float(np.array([0.2627, 0.6780, 0.0593]) @ rgb)
    blue, red = (rgb[2] - luma) / 1.8814, (rgb[0] - luma) / 1.4746
    return [round(64 + 876 * luma), round(512 + 896 * blue), round(512 + 896 * red)]


async def _nobody(_fraction: float) -> None: ...


@pytest.mark.parametrize("transfer", [PQ, HLG], ids=["PQ", "HLG"])
async def test_an_hdr_film_is_neither_pale_nor_dark(transfer: int, tmp_path: Path) -> None:
    """Paper stays light and grey, red stays red: read as if it were SDR the red would be a pale brown."""
    source = hdr_film(tmp_path / "hdr.mp4", transfer)
    received = await prepare_video(source, "video/mp4", tmp_path)
    assert not received.is_playable

    made = await process_video(source, "video/mp4", tmp_path, chroma_key=None, on_progress=_nobody)

    shown = films.frames_of(made.path)[2].astype(int)
    paper, red = shown[32, 32], shown[32, 96]
    assert np.ptp(paper) <= 6
    assert 140 <= paper.mean() <= 250
    assert red[0] > 120
    assert max(red[1:]) < 0.3 * red[0]
    with av.open(str(made.path)) as container:
        served: Any = container.streams.video[0].codec_context
        assert (1, 1, "yuv420p") == (served.color_trc, served.color_primaries, served.pix_fmt)
