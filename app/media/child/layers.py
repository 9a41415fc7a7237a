"""Whether a file says that its HEVC video carries an alpha layer, which a decoder may pass over in silence.

An alpha layer is an auxiliary picture layer beside the colours (ITU-T H.265, annex F). Apple's files tell of
it in the sample entry: by an `almo` box (alpha mode), and by the SEI message `alpha_channel_info` among the
parameter sets of `hvcC` or `lhvC` (ISO/IEC 14496-15, 8.3.2 and 9.5). A second layer alone tells nothing:
spatial videos have one for the other eye.
"""

import os
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

NESTED = (b"moov", b"trak", b"mdia", b"minf", b"stbl")
ENTRIES = (b"hvc1", b"hev1")
CONFIGS = {b"hvcC": 22, b"lhvC": 5}  # bytes before the number of arrays
# Of the box `stsd` before its entries, and of a visual sample entry before its boxes (14496-12, 12.1.3).
STSD_HEAD, ENTRY_HEAD = 8, 78
SEI_PREFIX, ALPHA_CHANNEL_INFO = 39, 165
MOST_BOXES = 5000
MOST_CONFIG_BYTES = 64 * 1024

Span = tuple[bytes, int, int]


def tells_alpha(path: str, demuxer: str, stream: Any) -> bool:
    """Whether the container or the stream's parameter sets name an alpha layer."""
    if stream.codec_context.name != "hevc":
        return False
    if _config_tells(bytes(stream.codec_context.extradata or b""), CONFIGS[b"hvcC"]):
        return True
    if demuxer not in ("mp4", "mov"):
        return False
    with Path(path).open("rb") as file:
        return any(_box_tells(file, span) for span in _entry_boxes(file))


def _entry_boxes(file: BinaryIO) -> Iterator[Span]:
    """The boxes inside the sample entries of HEVC."""
    waiting: list[Span] = [(b"", 0, os.fstat(file.fileno()).st_size)]
    seen = 0
    while waiting and seen < MOST_BOXES:
        _, start, end = waiting.pop()
        for kind, at, until in _boxes(file, start, end):
            seen += 1
            if seen >= MOST_BOXES:
                return
            if kind in NESTED:
                waiting.append((kind, at, until))
            elif kind == b"stsd":
                waiting.append((kind, at + STSD_HEAD, until))
            elif kind in ENTRIES:
                yield from _boxes(file, at + ENTRY_HEAD, until)


def _boxes(file: BinaryIO, start: int, end: int) -> Iterator[Span]:
    """Kind, and where the body begins and ends, of each box in the span; a size that lies ends the list."""
    while start + 8 <= end:
        file.seek(start)
        head = file.read(16)
        if len(head) < 8:
            return
        size, kind = struct.unpack_from(">I4s", head)
        body = 8
        if size == 1 and len(head) == 16:
            size, body = struct.unpack_from(">Q", head, 8)[0], 16
        elif size == 0:
            size = end - start
        if size < body or start + size > end:
            return
        yield kind, start + body, start + size
        start += size


def _box_tells(file: BinaryIO, span: Span) -> bool:
    kind, start, end = span
    if kind == b"almo":
        return True
    if kind not in CONFIGS:
        return False
    file.seek(start)
    return _config_tells(file.read(min(end - start, MOST_CONFIG_BYTES)), CONFIGS[kind])


def _config_tells(config: bytes, head: int) -> bool:
    """Whether a configuration record holds the SEI message of an alpha channel."""
    return any(_sei_tells(unit) for unit in _units(config, head))


def _units(config: bytes, head: int) -> Iterator[bytes]:
    """The parameter sets and messages in the record's arrays; fewer when it ends too early."""
    if len(config) <= head:
        return
    at = head + 1
    for _ in range(config[head]):
        if at + 3 > len(config):
            return
        count = struct.unpack_from(">H", config, at + 1)[0]
        at += 3
        for _ in range(count):
            if at + 2 > len(config):
                return
            size = struct.unpack_from(">H", config, at)[0]
            yield config[at + 2 : at + 2 + size]
            at += 2 + size


def _sei_tells(unit: bytes) -> bool:
    """Whether the unit is a message about an alpha channel (H.265, 7.3.5 and F.14.2.8)."""
    if len(unit) < 4 or (unit[0] >> 1) & 0x3F != SEI_PREFIX:
        return False
    at = 2
    while at + 2 < len(unit):
        kind, at = _number(unit, at)
        size, at = _number(unit, at)
        if kind == ALPHA_CHANNEL_INFO:
            return True
        at += size
    return False


def _number(unit: bytes, at: int) -> tuple[int, int]:
    """A number written as a run of 255 and a rest, and where the next one begins."""
    value = 0
    while at < len(unit) and unit[at] == 0xFF:
        value, at = value + 255, at + 1
    return value + (unit[at] if at < len(unit) else 0), at + 1
