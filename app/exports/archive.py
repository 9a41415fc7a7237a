"""Writing an export: a zip whose every entry is hashed on the way, in memory that stays the same.

What is told of each entry is kept in a file beside until the manifest, the last entry, is written from it.
"""

import hashlib
import json
import os
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Final, Self

FORMAT: Final = "arv-export"
FORMAT_VERSION: Final = 1
MANIFEST: Final = "manifest.json"
CHUNK_BYTES: Final = 1024 * 1024


class Entry:
    """One file of the archive while it is written."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._digest = hashlib.sha256()
        self.size_bytes = 0

    def write(self, content: bytes) -> None:
        self._file.write(content)
        self._digest.update(content)
        self.size_bytes += len(content)

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()


class Archive:
    """An export being written to `path`; `finish` makes it whole and durable."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._zip = zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, allowZip64=True)
        self._told = tempfile.TemporaryFile("w+", encoding="utf-8", dir=path.parent)  # noqa: SIM115

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_rest: object) -> None:
        self._told.close()
        self._zip.close()
        if kind is not None:
            self.path.unlink(missing_ok=True)

    @contextmanager
    def entry(self, name: str, *, packed: bool) -> Iterator[Entry]:
        """A new file of the archive; pictures and videos are packed already."""
        info = zipfile.ZipInfo(name)
        info.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
        info.external_attr = 0o644 << 16
        with self._zip.open(info, "w", force_zip64=True) as file:
            entry = Entry(file)
            yield entry
        told = {"path": name, "size_bytes": entry.size_bytes, "sha256": entry.sha256}
        self._told.write(json.dumps(told) + "\n")

    def finish(self, facts: dict[str, Any]) -> None:
        """Write the manifest and the end of the zip, and wait until all is on disk."""
        head = {"format": FORMAT, "version": FORMAT_VERSION, **facts}
        with self._zip.open(zipfile.ZipInfo(MANIFEST), "w") as file:
            opening = json.dumps(head, ensure_ascii=False, indent=1).removesuffix("\n}")
            file.write((opening + ',\n "entries": [\n').encode())
            self._told.seek(0)
            for number, line in enumerate(self._told):
                file.write(((",\n" if number else "") + "  " + line.rstrip()).encode())
            file.write(b"\n ]\n}\n")
        self._zip.close()
        with self.path.open("rb") as written:
            os.fsync(written.fileno())


def sha256_of(path: Path) -> str:
    """The hash of a file, read in pieces."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()
