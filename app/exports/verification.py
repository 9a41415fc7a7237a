"""Proving that an export is whole: every entry there, none too many, each with the bytes it was made with."""

import hashlib
import json
import zipfile
import zlib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.exports.archive import CHUNK_BYTES, FORMAT, FORMAT_VERSION, MANIFEST


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a look at an export found; without `faults` it is whole."""

    entries: int
    size_bytes: int
    faults: list[str]


def verify(path: Path) -> Verdict:
    """Compare an export with its manifest, in constant memory but for the manifest itself."""
    try:
        with zipfile.ZipFile(path) as archive:
            return _verify(archive)
    except (OSError, zipfile.BadZipFile, KeyError, ValueError, zlib.error) as error:
        return Verdict(0, 0, [f"this is not a whole export: {error}"])


def _verify(archive: zipfile.ZipFile) -> Verdict:
    manifest = json.loads(archive.read(MANIFEST))
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        return Verdict(0, 0, ["its manifest is not one of an ARV export"])
    if manifest.get("version") != FORMAT_VERSION:
        return Verdict(0, 0, [f"its version {manifest.get('version')} is not known to this ARV"])
    entries: list[dict[str, Any]] = manifest["entries"]
    names = [name for name in archive.namelist() if name != MANIFEST]
    known = {entry["path"] for entry in entries}
    faults = [f"{name}: not in the manifest" for name in names if name not in known]
    faults += [f"{name}: twice in the archive" for name, n in Counter(names).items() if n > 1]
    present = set(names)
    for entry in entries:
        fault = _fault(archive, entry) if entry["path"] in present else "missing"
        if fault:
            faults.append(f"{entry['path']}: {fault}")
    return Verdict(len(entries), sum(entry["size_bytes"] for entry in entries), faults)


def _fault(archive: zipfile.ZipFile, entry: dict[str, Any]) -> str | None:
    digest, size = hashlib.sha256(), 0
    try:
        with archive.open(entry["path"]) as file:
            while chunk := file.read(CHUNK_BYTES):
                digest.update(chunk)
                size += len(chunk)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError) as error:
        return f"can not be read: {error}"
    if size != entry["size_bytes"]:
        return f"{size} bytes instead of {entry['size_bytes']}"
    return None if digest.hexdigest() == entry["sha256"] else "its bytes were changed"
