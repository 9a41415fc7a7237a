"""Filter graphs: upright, square pixels, a size, a colour keyed out, colour and mask side by side."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import av
import av.filter

from app.media.child import colours

RGB_WITH_ALPHA = "gbrap"
# Green and blue cloth throw their colour on what stands before it; other colours are only keyed.
_TURNS = {90: ("cclock",), 180: ("cclock", "cclock"), 270: ("clock",)}


@dataclass(frozen=True, slots=True)
class Key:
    """The colour that becomes transparent; the numbers run from 0 to 1."""

    color: str
    tolerance: float
    softness: float
    despill: float


class Flow:
    """A configured graph: frames go in at `source` and come out of each of the `sinks`."""

    def __init__(self, graph: Any, source: Any, sinks: list[Any]) -> None:
        self._graph = graph  # kept alive for its parts
        self._source = source
        self.sinks = sinks
        graph.configure()

    def push(self, frame: Any) -> None:
        """The next frame, or None at the end."""
        if frame is not None:
            colours.complete(frame)
        self._source.push(frame)

    @staticmethod
    def pulled(sink: Any) -> Iterator[Any]:
        """What has come out of one end so far."""
        while True:
            try:
                yield sink.pull()
            except (av.BlockingIOError, av.EOFError):
                return


class Chain:
    """A graph that is built filter by filter, each behind the one before."""

    def __init__(self, frame: Any) -> None:
        self.graph = av.filter.Graph()
        self.graph.threads = 2
        self.source: Any = self.graph.add(
            "buffer",
            f"width={frame.width}:height={frame.height}:pix_fmt={frame.format.name}:"
            f"time_base={frame.time_base}{colours.told_to_graph(frame)}",
        )
        self.is_wide = colours.is_wide(frame)
        self.last = self.source

    def add(self, name: str, arguments: str | None = None) -> "Chain":
        filtered = self.graph.add(name, arguments)
        self.last.link_to(filtered)
        self.last = filtered
        return self

    def finish(self) -> Flow:
        self.add("buffersink")
        return Flow(self.graph, self.source, [self.last])


def upright(chain: Chain, rotation: int, size: tuple[int, int]) -> Chain:
    """Turned as the file says, in square pixels, at `size` as shown, in the colours every screen has."""
    for turn in _TURNS.get(rotation % 360, ()):
        chain.add("transpose", turn)
    width, height = size
    if chain.is_wide:
        chain.add("scale", f"{width}:{height}:flags=bicubic:{colours.TO_SCREEN}")
        chain.add("format", "yuv444p10le")
    else:
        chain.add("scale", f"{width}:{height}:flags=bicubic")
    return chain.add("setsar", "1")


def plain(frame: Any, *, rotation: int, size: tuple[int, int], rate: Any) -> Flow:
    """A graph to frames as H.264 wants them everywhere: 8 bits, 4:2:0, BT.709, a steady rate."""
    chain = steady(upright(Chain(frame), rotation, size), rate)
    return to_video(chain).finish()


def steady(chain: Chain, rate: Any) -> Chain:
    """So many frames a second from the very start, whatever the file's own times are."""
    return chain.add("fps", f"fps={rate}:start_time=0")


def to_video(chain: Chain) -> Chain:
    chain.add("scale", "out_color_matrix=bt709:out_range=tv")
    return chain.add("format", "yuv420p")


def preview(frame: Any, *, rotation: int, size: tuple[int, int], key: Key | None) -> Flow:
    """A graph to one picture with alpha, not multiplied, as image files hold it."""
    chain = keyed(upright(Chain(frame), rotation, size), key)
    return chain.add("format", "rgba").finish()


def keyed(chain: Chain, key: Key | None) -> Chain:
    """RGB with alpha; where `key` says so, its colour is gone, from the edges too."""
    if key is not None:
        tolerance, softness = max(key.tolerance, 0.01), key.softness
        chain.add("format", "yuva444p")
        chain.add("chromakey", f"0x{key.color[1:]}:{tolerance * 0.6:.4f}:{softness * 0.6:.4f}")
        spill = spill_of(key.color)
        if spill and key.despill:
            chain.add("format", "rgba")
            chain.add("despill", f"type={spill}:mix={key.despill:.3f}:expand=0")
    return chain.add("format", RGB_WITH_ALPHA)


def spill_of(color: str) -> str | None:
    red, green, blue = (int(color[at : at + 2], 16) for at in (1, 3, 5))
    if green > max(red, blue):
        return "green"
    return "blue" if blue > max(red, green) else None


def side_by_side(
    frame: Any, *, rotation: int, size: tuple[int, int], rate: Any, key: Key | None
) -> Flow:
    """A graph with two outputs: colour beside mask, and the same flattened on white paper.

    Colour is multiplied by alpha before it is made small and lossy: what lies behind the mask then can not
    bleed over the edges, and the viewer adds it to the camera's picture as it is (ADR 0038).
    """
    chain = steady(upright(Chain(frame), rotation, size), rate)
    keyed(chain, key)
    graph = chain.graph
    split = graph.add("split", "3")
    chain.last.link_to(split)
    colour = graph.add("premultiply", "inplace=1")
    split.link_to(colour, 0, 0)
    sinks = [
        _finish_pair(graph, colour, _mask(graph, split)),
        _finish_flat(graph, split, size, rate),
    ]
    return Flow(graph, chain.source, sinks)


def _mask(graph: Any, split: Any) -> Any:
    mask = graph.add("alphaextract")
    split.link_to(mask, 1, 0)
    grey = graph.add("format", "gbrp")
    mask.link_to(grey)
    return grey


def _finish_pair(graph: Any, colour: Any, mask: Any) -> Any:
    opaque = graph.add("format", "gbrp")
    colour.link_to(opaque)
    beside = graph.add("hstack", "inputs=2")
    opaque.link_to(beside, 0, 0)
    mask.link_to(beside, 0, 1)
    return _to_sink(graph, beside)


def _finish_flat(graph: Any, split: Any, size: tuple[int, int], rate: Any) -> Any:
    paper = graph.add("color", f"c=white:s={size[0]}x{size[1]}:r={rate}")
    layered = graph.add("overlay", "format=gbrp:shortest=1")
    paper.link_to(layered, 0, 0)
    split.link_to(layered, 2, 1)
    return _to_sink(graph, layered)


def _to_sink(graph: Any, last: Any) -> Any:
    for name, arguments in (
        ("scale", "out_color_matrix=bt709:out_range=tv"),
        ("format", "yuv420p"),
        ("buffersink", None),
    ):
        added = graph.add(name, arguments)
        last.link_to(added)
        last = added
    return last
