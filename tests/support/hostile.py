"""Files made to harm: generated here, taken from nowhere."""

import io
import struct
import threading
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from socket import create_server

import pillow_heif
from PIL import Image

from tests.support import films, media

CONTAINERS = (b"moov", b"trak", b"mdia", b"minf", b"dinf", b"stbl")


@contextmanager
def listening() -> Iterator[tuple[str, list[str]]]:
    """An address on this machine that nobody may call, and who called it."""
    calls: list[str] = []
    with create_server(("127.0.0.1", 0)) as server:

        def wait() -> None:
            while True:
                try:
                    caller, address = server.accept()
                except OSError:
                    return
                calls.append(f"{address[0]}:{address[1]}")
                caller.close()

        threading.Thread(target=wait, daemon=True).start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}", calls


def box(kind: bytes, *content: bytes) -> bytes:
    """An atom of MP4 and QuickTime (ISO/IEC 14496-12, 4.2)."""
    body = b"".join(content)
    return struct.pack(">I4s", 8 + len(body), kind) + body


def rebuilt(content: bytes, changes: dict[bytes, bytes]) -> bytes:
    """The MP4 with the bodies of some boxes replaced and every size around them put right."""
    out, at = [], 0
    while at + 8 <= len(content):
        size, kind = struct.unpack_from(">I4s", content, at)
        body = content[at + 8 : at + size]
        if kind in changes:
            body = changes[kind]
        elif kind in CONTAINERS:
            body = rebuilt(body, changes)
        out.append(box(kind, body))
        at += size
    return b"".join(out)


FTYP = box(b"ftyp", b"isom\0\0\2\0isommp42")
FTYP_QT = box(b"ftyp", b"qt  \0\0\2\0qt  ")


def playlists(url: str) -> dict[str, bytes]:
    """Texts that name other places, as they are and behind the first bytes of something accepted."""
    texts = {
        "HLS": f"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n{url}/a.ts\n#EXT-X-ENDLIST\n",
        "concat": f"ffconcat version 1.0\nfile '{url}/a.mp4'\n",
        "DASH": f'<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011"><BaseURL>{url}</BaseURL>'
        "<Period><AdaptationSet><Representation/></AdaptationSet></Period></MPD>",
        "SMIL": f'<smil><body><video src="{url}/a.mp4"/></body></smil>',
        "SVG": f'<svg xmlns="http://www.w3.org/2000/svg"><image href="{url}/a.png"/></svg>',
        "SDP": f"v=0\no=- 0 0 IN IP4 127.0.0.1\nm=video {url.rsplit(':', 1)[1]} RTP/AVP 96\n",
        "subtitles": f"WEBVTT\n\n00:00.000 --> 00:01.000\n<img src={url}/a.png>\n",
        "ASX": f'<asx version="3.0"><entry><ref href="{url}/a.asf"/></entry></asx>',
    }
    heads = {"MP4": FTYP, "WebM": b"\x1aE\xdf\xa3\x84webm", "AVI": b"RIFF\xff\0\0\0AVI LIST"}
    plain = {name: text.encode() for name, text in texts.items()}
    return plain | {
        f"{name} as {kind}": head + text
        for name, text in plain.items()
        for kind, head in heads.items()
    }


def reference_movie(url: str) -> bytes:
    """A QuickTime file that consists of an address (QuickTime File Format, "Reference Movies")."""
    address = f"{url}/real.mov".encode() + b"\0"
    reference = box(b"rdrf", b"\0\0\0\0url ", struct.pack(">I", len(address)), address)
    return FTYP_QT + box(b"moov", box(b"rmra", box(b"rmda", reference)))


def external_samples(folder: Path, url: str) -> bytes:
    """A film whose index says that its pictures lie elsewhere (`dref` without "in this file")."""
    address = f"{url}/data.mp4".encode() + b"\0"
    elsewhere = struct.pack(">II", 0, 1) + box(b"url ", b"\0\0\0\0", address)
    return rebuilt(media.clip(folder, has_audio=False), {b"dref": elsewhere})


def million_tracks() -> bytes:
    return FTYP + box(b"moov", box(b"trak") * 1_000_000)


def deep_boxes() -> bytes:
    """Boxes in boxes, a hundred thousand deep."""
    depth = 100_000
    sizes = range(8 * depth, 0, -8)
    return FTYP + b"".join(struct.pack(">I4s", size, b"moov") for size in sizes)


def huge_counts(folder: Path, kind: bytes) -> bytes:
    """A film whose table claims four thousand million entries."""
    content = bytearray(media.clip(folder, has_audio=False))
    at = content.index(kind) + 4
    offset = 8 if kind == b"stsz" else 4
    content[at + offset : at + offset + 4] = b"\xff\xff\xff\xff"
    return bytes(content)


def huge_pictures(folder: Path) -> bytes:
    """An AVI of Motion JPEG whose pictures say 65,500 x 65,500."""
    content = films.film(folder / "bomb.avi", "mjpeg", "yuvj420p", frames=3).read_bytes()
    size = struct.pack(">HH", films.HEIGHT, films.WIDTH)
    return content.replace(b"\xff\xc0\x00\x11\x08" + size, b"\xff\xc0\x00\x11\x08\xff\xdc\xff\xdc")


def html_in_a_film(folder: Path) -> bytes:
    """A film that is a page too, for a browser that guesses."""
    page = b"<html><script>alert(document.cookie)</script></html>"
    whole = media.clip(folder, has_audio=False)
    return whole + box(b"udta", page) + box(b"free", page)


def webp_bomb(side: int = 16_383) -> bytes:
    out = io.BytesIO()
    Image.new("L", (side, side // 3 + 1)).save(out, "WEBP", lossless=True, quality=0, method=0)
    return out.getvalue()


def heic_bomb() -> bytes:
    """A HEIC that says it is 60,000 x 60,000 (`ispe`)."""
    content = bytearray(heic())
    at = content.index(b"ispe") + 8
    content[at : at + 8] = struct.pack(">II", 60_000, 60_000)
    return bytes(content)


def heic() -> bytes:
    out = io.BytesIO()
    pillow_heif.from_pillow(Image.new("RGB", (96, 64), (200, 90, 30))).save(out, quality=60)
    return out.getvalue()


def profile_bomb() -> bytes:
    """A PNG whose colour profile of 200 kB unpacks to 200 MB."""
    packed = zlib.compress(b"\0" * 200_000_000, 9)
    plain = media.encoded(Image.new("RGB", (32, 32), "red"), "PNG")
    return plain[:33] + media._chunk(b"iCCP", b"icc\0\0" + packed) + plain[33:]


def jpeg_and_zip() -> bytes:
    """A photo to one program, an archive to another."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("evil.html", "<script>alert(1)</script>")
    return media.photo(64, 64) + out.getvalue()


def jpeg_with_page() -> bytes:
    comment = b"<html><script>alert(1)</script></html>"
    whole = media.photo(64, 64)
    return whole[:2] + b"\xff\xfe" + struct.pack(">H", 2 + len(comment)) + comment + whole[2:]


def pdf_and_jpeg() -> bytes:
    return b"%PDF-1.4\n1 0 obj<</Length 99999>>stream\n" + media.photo(64, 64) + b"\nendstream\n"
