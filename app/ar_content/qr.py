"""The printed code: SVG, PNG and a PDF for the print shop (ISO/IEC 18004, drawn by segno).

Error correction Q: a quarter of the code may be dirty or scratched. The quiet zone of four modules is
part of the size asked for, so that whoever places the file can not cut into it.
"""

import io
import re
import zlib
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

import segno

QUIET_ZONE_MODULES: Final = 4
PNG_DOTS_PER_INCH: Final = 600
MOST_DOTS_A_MODULE: Final = 120
MM_PER_INCH: Final = 25.4
POINTS_PER_MM: Final = 72 / MM_PER_INCH
MEDIA_TYPES: Final = {"svg": "image/svg+xml", "png": "image/png", "pdf": "application/pdf"}


@dataclass(frozen=True, slots=True)
class CodeFile:
    """A code as a file."""

    data: bytes
    media_type: str


def draw(link: str, *, file_format: str, size_mm: float, bleed_mm: float = 0.0) -> CodeFile:
    """The code of the link, `size_mm` wide with its quiet zone; in a PDF white bleeds beyond the cut."""
    code = segno.make_qr(link, error="q", boost_error=False)
    match file_format:
        case "svg":
            data = _svg(code, size_mm)
        case "png":
            data = _png(code, size_mm)
        case "pdf":
            data = _pdf(code, size_mm, bleed_mm)
        case _:
            raise ValueError(f"no such format: {file_format}")
    return CodeFile(data, MEDIA_TYPES[file_format])


def disposition(title: str, file_format: str) -> str:
    """A Content-Disposition with a readable name, also for letters beyond ASCII (RFC 6266)."""
    name = re.sub(r"[^\w\- ]+", "", title).strip()[:80] or "code"
    plain = re.sub(r"[^A-Za-z0-9\- _]+", "", name).strip() or "code"
    return (
        f'attachment; filename="{plain} QR.{file_format}"; '
        f"filename*=UTF-8''{quote(f'{name} QR.{file_format}')}"
    )


def _modules(code: segno.QRCode) -> int:
    """Modules along one side, the quiet zone included."""
    return int(code.symbol_size(scale=1, border=QUIET_ZONE_MODULES)[0])


def _svg(code: segno.QRCode, size_mm: float) -> bytes:
    side = _modules(code)
    path = "".join(f"M{x} {y}h{length}v1h-{length}z" for x, y, length in _runs(code))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size_mm:g}mm" height="{size_mm:g}mm" '
        f'viewBox="0 0 {side} {side}" shape-rendering="crispEdges">'
        f'<path fill="#fff" d="M0 0h{side}v{side}H0z"/><path d="{path}"/></svg>\n'
    ).encode()


def _png(code: segno.QRCode, size_mm: float) -> bytes:
    """About 600 dots an inch, a whole number of dots a module; posters get fewer."""
    wanted = size_mm / MM_PER_INCH * PNG_DOTS_PER_INCH
    scale = max(1, min(MOST_DOTS_A_MODULE, round(wanted / _modules(code))))
    dots_per_inch = round(scale * _modules(code) * MM_PER_INCH / size_mm)
    out = io.BytesIO()
    code.save(out, kind="png", scale=scale, border=QUIET_ZONE_MODULES, dpi=dots_per_inch)
    return out.getvalue()


def _pdf(code: segno.QRCode, size_mm: float, bleed_mm: float) -> bytes:
    """One vector page in pure black (CMYK 0 0 0 1), with TrimBox and BleedBox (ISO 32000-1, 14.11.2)."""
    page = (size_mm + 2 * bleed_mm) * POINTS_PER_MM
    trim = bleed_mm * POINTS_PER_MM
    module = size_mm * POINTS_PER_MM / _modules(code)
    squares = "\n".join(
        f"{x} {_modules(code) - y - 1} {length} 1 re" for x, y, length in _runs(code)
    )
    drawing = (
        f"0 0 0 0 k 0 0 {page:.4f} {page:.4f} re f\n"
        f"{module:.6f} 0 0 {module:.6f} {trim:.4f} {trim:.4f} cm\n0 0 0 1 k\n{squares}\nf\n"
    )
    stream = zlib.compress(drawing.encode("ascii"))
    box = f"[0 0 {page:.4f} {page:.4f}]"
    cut = f"[{trim:.4f} {trim:.4f} {page - trim:.4f} {page - trim:.4f}]"
    return _pdf_file(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            f"<< /Type /Page /Parent 2 0 R /MediaBox {box} /BleedBox {box} /TrimBox {cut} "
            f"/Resources << >> /Contents 4 0 R >>".encode("ascii"),
            f"<< /Length {len(stream)} /Filter /FlateDecode >>\nstream\n".encode("ascii")
            + stream
            + b"\nendstream",
        ]
    )


def _pdf_file(objects: list[bytes]) -> bytes:
    """The objects, numbered from 1, with their cross-reference table (ISO 32000-1, 7.5)."""
    out = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    offsets = []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        start,
    )
    return bytes(out)


def _runs(code: segno.QRCode) -> list[tuple[int, int, int]]:
    """The dark modules as horizontal runs (x, y, length), from the top, the quiet zone counted in."""
    runs = []
    for y, row in enumerate(code.matrix, start=QUIET_ZONE_MODULES):
        x = 0
        while x < len(row):
            length = 0
            while x + length < len(row) and row[x + length]:
                length += 1
            if length:
                runs.append((x + QUIET_ZONE_MODULES, y, length))
            x += max(length, 1)
    return runs
