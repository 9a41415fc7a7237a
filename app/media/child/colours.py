"""Pictures with more light or more colours than a screen shows: HDR (PQ, HLG), BT.2020, P3.

Numbers are those of ITU-T H.273: tables 2 (primaries), 3 (transfer) and 4 (matrix).
"""

from typing import Any, Final

PQ: Final = 16
HLG: Final = 18
BT2020: Final = 9
WIDE_PRIMARIES: Final = (BT2020, 11, 12)
UNSAID: Final = 2
LIMITED_RANGE: Final = 1

# FFmpeg's own colour management: light above a screen's white is rolled off as ITU-R BT.2390 does, colours
# outside BT.709 are moved to its edge. Its table takes 2 s of a processor, once for each film.
TO_SCREEN: Final = (
    "out_color_matrix=bt709:out_range=tv:out_primaries=bt709:out_transfer=bt709:intent=perceptual"
)


def is_hdr(transfer: int) -> bool:
    """Whether brightness is written for screens brighter than most."""
    return transfer in (PQ, HLG)


def is_wide(frame: Any) -> bool:
    """Whether the frame must be mapped to be shown right; one with transparency is taken as it is."""
    if frame.format.name.startswith(("yuva", "gbrap", "rgba", "bgra", "argb", "abgr", "ya")):
        return False
    return is_hdr(int(frame.color_trc)) or int(frame.color_primaries) in WIDE_PRIMARIES


def complete(frame: Any) -> None:
    """Say of an HDR frame what its file left unsaid: nothing but BT.2020 is written with PQ or HLG."""
    if not is_hdr(int(frame.color_trc)):
        return
    if int(frame.color_primaries) == UNSAID:
        frame.color_primaries = BT2020
    if int(frame.colorspace) == UNSAID:
        frame.colorspace = BT2020


def told_to_graph(frame: Any) -> str:
    """Further arguments of the graph's source: a wide frame's matrix and range."""
    if not is_wide(frame):
        return ""
    complete(frame)
    told = f":range={int(frame.color_range) or LIMITED_RANGE}"
    matrix = int(frame.colorspace)
    return told if matrix == UNSAID else f":colorspace={matrix}{told}"
